"""What all three forgo: profiles that everybody prefers to an equilibrium, and who would leave them."""
