"""Signed departures from the default world: their files, one laid over another, and sheets of their parameters."""
