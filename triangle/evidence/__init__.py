"""What is documented: figures with their sources, units, bounds, conflicts and cautions; no opinion of ours."""
