"""Who gains between two scenarios, on the same draws."""
