"""Where a payoff comes from."""
