"""These are a tool of ``make mutants``, which needs a library that the tests do not."""

collect_ignore_glob = ["*.py"]
