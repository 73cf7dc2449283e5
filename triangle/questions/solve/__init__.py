"""What is in equilibrium, by one method or another."""
