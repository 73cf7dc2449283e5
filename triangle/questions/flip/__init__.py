"""The nearest world with another answer."""
