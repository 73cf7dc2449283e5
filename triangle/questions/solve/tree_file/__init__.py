"""Games in extensive form from a file: ``solve FILE.efg``."""
