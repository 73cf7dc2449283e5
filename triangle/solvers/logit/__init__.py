"""Logit quantal response equilibria along the principal branch, for any number of players and games."""
