"""A game from a file, whoever plays it: every method that knows no country, and how its answers are seen."""
