"""How the triangle goes over the years."""
