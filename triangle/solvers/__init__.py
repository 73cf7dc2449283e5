"""Solvers: one file a method; each takes games and returns solutions; none knows a country.

The parts of the complete mixed solver know one another (``support*``, ``bilateral``, ``indifference``, ``bernstein``,
``boxes``, ``rescue``); the other methods stand alone.
"""
