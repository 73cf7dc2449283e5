"""Rates of several kinds of games beside the first of them, from rounds in which each was timed once."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence


def rates(rounds: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Games a second of each kind, and its rate as a part of the first one's: median, lowest and highest of the rounds.

    Parameters
    ----------
    rounds : sequence of mapping
        Seconds of processor time per game by kind; a ratio is taken within a round.
    """
    first = next(iter(rounds[0]))
    table = {}
    for name in rounds[0]:
        ratios = [taken[first] / taken[name] for taken in rounds]
        table[name] = {
            "games per second": 1 / statistics.median(taken[name] for taken in rounds),
            "ratio": statistics.median(ratios),
            "lowest": min(ratios),
            "highest": max(ratios),
        }
    return table


def show(table: Mapping[str, Mapping[str, float]], as_json: bool) -> None:
    """Print the rates, a line for each kind or as one JSON document."""
    if as_json:
        print(json.dumps(table, indent=1))
        return
    for name, row in table.items():
        ends = f"[{row['lowest']:.4f}..{row['highest']:.4f}]"
        rate = f"{row['games per second']:12,.0f}" if "games per second" in row else ""
        print(f"{name:12} {rate}  {row['ratio']:.4f} {ends}")
