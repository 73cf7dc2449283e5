"""Games and parameters in files of other programs."""
