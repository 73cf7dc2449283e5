"""What an acceptance tells: an offer to a player of unknown type, as a screening game."""
