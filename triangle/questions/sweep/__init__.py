"""What is stable where, over many games."""
