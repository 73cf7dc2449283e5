"""Signed departures from the documented world: their files, one laid over another, and sheets of their parameters."""
