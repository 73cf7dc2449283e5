"""Settings shared by all tests: property tests repeat exactly from run to run and have no deadline of their own."""

from hypothesis import settings

settings.register_profile("triangle", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("triangle")
