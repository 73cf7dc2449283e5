"""In which region an event is frequent."""
