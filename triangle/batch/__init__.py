"""Many games from parameters: formulas run on rows, what players compare, sets of equilibria."""
