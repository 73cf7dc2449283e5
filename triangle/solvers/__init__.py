"""Solvers: one file a method; each takes a game and returns a solution; none knows another, none knows a country."""
