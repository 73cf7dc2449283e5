"""Who wins the auction for the pivot, at what price."""
