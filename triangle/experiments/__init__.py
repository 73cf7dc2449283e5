"""Many games at once: designs of experiments, the sweep over them, its archive and its statistics."""
