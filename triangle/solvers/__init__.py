"""Solvers: one file a method; each takes games and returns solutions; none knows a country.

The parts of the complete mixed solver (``support*``, ``bilateral``, ``indifference``, ``bernstein``, ``boxes``, ``rescue``)
know one another; the other methods stand alone.
"""
