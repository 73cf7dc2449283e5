"""Very many games: designs, chunks, workers, the store and what is counted."""
