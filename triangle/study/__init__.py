"""The meeting place: one scenario becomes a game and is solved; a payoff is unfolded down to its figures."""
