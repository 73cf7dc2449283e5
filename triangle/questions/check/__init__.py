"""Is everything sound: evidence, parameters, scenarios, claims; and what the package knows."""
