"""What a player's choice is worth to each: held at each of its actions, free, moving first and moving last."""
