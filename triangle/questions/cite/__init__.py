"""What to cite for a run."""
