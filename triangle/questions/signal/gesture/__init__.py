"""What a gesture tells: a sender of unknown type shows something, at a cost, and another player replies."""
