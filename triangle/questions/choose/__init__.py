"""Which of a player's options is robust."""
