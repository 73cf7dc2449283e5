"""All equilibria in mixed actions of two and three players, over a batch, each game with a verdict."""
