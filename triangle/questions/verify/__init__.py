"""Who finds which equilibria of a game in a file."""
