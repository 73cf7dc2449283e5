r"""Scenario calculus: scenarios stacked, and a joint effect shared out among the changes that make it.

**Stacking.** A scenario departs from the default world by its changes, those of its bases included, and by whom it
holds. Stacking lays these over each other in order; where two set the same parameter or hold the same player to
different things, the later one counts, and the conflict is reported.

**Shares.** Let v(S) be an outcome with the set S of changes made and the others not. The share of change i among n is
its Shapley value

.. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|! \, (n - |S| - 1)!}{n!} \, (v(S \cup i) - v(S)),

the mean of its contribution over all orders in which the changes can be made (Shapley 1953). The shares add up to the
whole effect v(N) − v(∅). All :math:`2^n` subsets are computed, in one batch for each set of held players, and summed as
exact fractions, so that the sum holds to the last bit but the rounding of each share. Beside it stand what a change
does **alone**, from the start, and what it does **last**, after all others: where the three differ, changes interact.

References
----------
Shapley, L. S. (1953). A value for n-person games. In *Contributions to the Theory of Games II*, Princeton University
Press, 307-317.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial, fsum, isfinite
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault
from triangle.measures.outcomes import Outcome, parse_outcome
from triangle.model.parameters import Values
from triangle.players.forms import CastField
from triangle.scenarios.stack import Conflict, net_changes, stack
from triangle.study.study import Study, of_one_cast

Floats = NDArray[np.float64]

#: Most changes whose subsets are all computed.
MAX_CHANGES = 12


@dataclass(frozen=True)
class Piece:
    """One change, or several that are made together: parameters set and players held.

    Attributes
    ----------
    values : mapping of str to float
    hold : mapping of int to int
    """

    name: str
    values: Mapping[str, float]
    hold: Mapping[int, int]


@dataclass(frozen=True)
class Share:
    """One change's part in a joint effect, in the outcome's unit."""

    name: str
    shapley: float
    alone: float
    last: float


@dataclass(frozen=True)
class Shares:
    """A joint effect, shared out.

    Attributes
    ----------
    start, end : float
        The outcome with no change made and with all.
    residual : float
        Effect less the sum of the shares as they are printed; rounding alone.
    """

    SCHEMA: ClassVar = "triangle.shares/1"

    scenario: str
    base: str
    outcome: str
    unit: str
    start: float
    end: float
    shares: tuple[Share, ...]
    residual: float
    conflicts: tuple[Conflict, ...]
    subsets: int
    cast: CastField


def pieces_of(study: Study, start: Study) -> tuple[Piece, ...]:
    """The changes of one study over a start apart: each parameter by itself, then each held player."""
    scenario = study.scenario
    changed = [
        Piece(name, {name: scenario.values[name]}, {})
        for name in net_changes(scenario)
        if scenario.values[name] != start.scenario.values[name]
    ]
    held = [
        Piece(f"hold {study.cast.action_text(i, a)}", {}, {i: a})
        for i, a in sorted(study.hold.items())
        if start.hold.get(i) != a
    ]
    return (*changed, *held)


def whole(study: Study) -> Piece:
    """All changes of one study as one piece."""
    scenario = study.scenario
    return Piece(scenario.name, {name: scenario.values[name] for name in net_changes(scenario)}, dict(study.hold))


def shapley(worths: ArrayLike) -> list[Fraction]:
    """Shapley values from the worths of all subsets: entry k is that of the changes at the bits of k; exact fractions.

    >>> [str(share) for share in shapley([0.0, 1.0, 2.0, 5.0])]
    ['2', '3']
    """
    worth = [Fraction(float(w)) for w in np.asarray(worths, dtype=np.float64).tolist()]
    n = len(worth).bit_length() - 1
    if len(worth) != 1 << n:
        raise ValueError(f"{len(worth)} worths; expected one for each subset, a power of two")
    weight = [Fraction(factorial(s) * factorial(n - s - 1), factorial(n)) for s in range(n)]
    shares = []
    for i in range(n):
        # Contributions are summed by the size of the subset first: few products of fractions instead of many.
        sums = [Fraction(0)] * n
        for subset in range(len(worth)):
            if not subset >> i & 1:
                sums[subset.bit_count()] += worth[subset | 1 << i] - worth[subset]
        shares.append(sum((w * s for w, s in zip(weight, sums, strict=True)), Fraction(0)))
    return shares


def decompose(studies: Sequence[Study], outcome: str) -> Shares:
    """Share out the difference that changes make to an outcome.

    Parameters
    ----------
    studies : sequence of Study
        One: its changes from the default world, each apart. Two: the second's changes from the first, each apart, or
        all as one where they are too many. More: what each of the others adds to the first, as one change each.
    outcome : str
        See :mod:`triangle.measures.outcomes`; ``present`` are the equilibria before any change.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> from triangle.study.study import study
    >>> model = read_model()
    >>> found = decompose([study(model, read_scenario("siberia2_relief", model))], "beta_ru@24")
    >>> [share.name for share in found.shares]
    ['pipeline_volume', 'relief', 'europe_joins', 'hold US=court_russia']
    >>> abs(sum(share.shapley for share in found.shares) - (found.end - found.start)) < 1e-12
    True
    """
    studies = of_one_cast(studies)
    first = studies[0]
    if len(studies) == 1:
        base = "the default world"
        conflicts: tuple[Conflict, ...] = ()
        values: dict[str, float] = first.model.catalogue.defaults()
        following = first.model.catalogue.following
        bare = replace(first.scenario, values=MappingProxyType(values), following=following)
        start = Study(first.model, bare, {})
        pieces, name = pieces_of(first, start), first.scenario.name
    else:
        start, base = first, first.scenario.name
        own = pieces_of(studies[1], start) if len(studies) == 2 else ()
        pieces = own if 1 < len(own) <= MAX_CHANGES else tuple(whole(study) for study in studies[1:])
        stacked, conflicts = stack([study.scenario for study in studies])
        name = stacked.name
    if not pieces:
        raise BadInput(Fault("SCENARIO", first.scenario.name, "changes nothing, so there is no effect to share out"))
    if len(pieces) > MAX_CHANGES:
        raise BadInput(
            Fault(
                "SCENARIO",
                name,
                f"{len(pieces)} changes; all subsets of at most {MAX_CHANGES} are computed. "
                "Give its base and itself, or stack fewer scenarios",
            )
        )
    measured = parse_outcome(outcome, start)
    worths = subset_worths(start, pieces, measured)
    if not all(map(isfinite, worths.tolist())):
        raise BadInput(Fault("--outcome", outcome, "is infinite under some of the changes, as where all are held"))
    exact = shapley(worths)
    full = len(worths) - 1
    shares = tuple(
        Share(
            piece.name,
            float(exact[i]),
            float(worths[1 << i] - worths[0]),
            float(worths[full] - worths[full & ~(1 << i)]),
        )
        for i, piece in enumerate(pieces)
    )
    residual = float(worths[full] - worths[0]) - fsum(share.shapley for share in shares)
    return Shares(
        name,
        base,
        outcome,
        measured.unit,
        float(worths[0]),
        float(worths[full]),
        shares,
        residual,
        conflicts,
        len(worths),
        first.cast,
    )


def subset_worths(start: Study, pieces: Sequence[Piece], outcome: Outcome) -> Floats:
    """The outcome with each subset of the changes made: entry k for those at the bits of k, later over earlier."""
    n = 1 << len(pieces)
    columns = {name: np.full(n, start.scenario.values[name]) for piece in pieces for name in piece.values}
    given = {name: np.zeros(n, dtype=bool) for name in columns}
    holds: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for subset in range(n):
        held = dict(start.hold)
        for i, piece in enumerate(pieces):
            if subset >> i & 1:
                held |= piece.hold
                for name, value in piece.values.items():
                    columns[name][subset], given[name][subset] = value, True
        holds.setdefault(tuple(sorted(held.items())), []).append(subset)
    worths = np.empty(n)
    for held_players, subsets in holds.items():
        varying = {name: column[subsets] for name, column in columns.items()}
        fixed = {name: value for name, value in start.scenario.values.items() if name not in varying}
        # One column always has the batch's shape, also where only holds differ.
        numbers: dict[str, Any] = {**fixed, **varying, "_subset": np.array(subsets, dtype=np.float64)}
        for follower in start.scenario.following:  # where no change of the subset sets it
            left = follower.left_at(given, start.scenario.values)
            own = given[follower.name][subsets] if follower.name in given else False
            numbers[follower.name] = np.where(own, numbers[follower.name], left.at(numbers))
        values = Values(numbers, start.cast)
        worths[subsets] = outcome.of(replace(start, hold=dict(held_players)), values)
    return worths
