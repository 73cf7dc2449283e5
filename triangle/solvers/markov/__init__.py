"""Markov-perfect equilibria of staged games: by backward induction, by bounds, for ever, and all of them."""
