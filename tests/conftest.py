"""Settings shared by all tests: property tests repeat exactly from run to run and have no deadline of their own, and
tables are as wide as where output is piped, whatever the terminal or the test runner's workers say.
"""

import os

from hypothesis import settings

settings.register_profile("triangle", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("triangle")

os.environ["COLUMNS"] = "160"
