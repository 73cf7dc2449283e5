"""The answer of a scenario in one place: what is stable, how sure that is, on what it rests, what would change it."""
