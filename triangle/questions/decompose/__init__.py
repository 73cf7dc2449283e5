"""By which change a joint effect comes about."""
