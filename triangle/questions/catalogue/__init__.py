"""What the package knows: figures, parameters, scenarios, terms, sources."""
