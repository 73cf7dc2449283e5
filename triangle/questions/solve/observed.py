"""Observed play, as users count it, and the rationality that it tells: for a scenario and for the game of a file.

Counts are typed, ``US=court_russia:12,contain_both:3``, or stand in a sheet with the headings player, action and count;
a sheet without counts has a row for each observation. Counts of the same action add up, which is said.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from os.path import isfile
from pathlib import Path

import numpy as np

from triangle.base.errors import BadInput, Fault, UnknownName, capped, shorten, unknown
from triangle.base.records import FiniteOrNone, number_in
from triangle.base.sheets.cells import Sheet, found, number
from triangle.base.sheets.files import Limits, read_sheet
from triangle.games.mixed import described
from triangle.games.normal_form import Floats, NormalFormGame
from triangle.games.solution import Solution
from triangle.solvers.logit.estimate import Place, estimate_logit

OPTION = "--observed"
#: A row for each of a million observations.
LIMITS = Limits(50_000_000, 10_000_000, 1_100_000, 50, "count the observations of each action")
HEADINGS = ("player", "action", "count")
#: Most observations of one action.
MOST = 1e15
#: How far counts may be from adding up to one by rounding.
_SHARES = 1e-6


@dataclass(frozen=True, eq=False)
class Observed:
    """How often each player was seen to take each action.

    Attributes
    ----------
    players : sequence of str
    actions : sequence of sequences of str
    counts : list of arrays, shape (|A_i|,)
    notes : tuple of str
        What a reader should know of how they were read.
    """

    players: Sequence[str]
    actions: Sequence[Sequence[str]]
    counts: list[Floats]
    notes: tuple[str, ...] = ()

    def named(self) -> dict[str, dict[str, float]]:
        """The counts by name, of what was seen."""
        return {
            player: {action: float(n) for action, n in zip(names, own, strict=True) if n}
            for player, names, own in zip(self.players, self.actions, self.counts, strict=True)
        }


@dataclass(frozen=True)
class Estimate:
    """λ at which observed play is most likely; see :class:`~triangle.solvers.logit.estimate.LogitEstimate`.

    `observed` has the counts that were read, by player and action.
    """

    lam: FiniteOrNone
    normalised_lam: float
    place: Place
    intervals: tuple[tuple[FiniteOrNone, FiniteOrNone], ...]
    level: float
    largest_lam: FiniteOrNone
    log_likelihood: float
    uniform: float
    saturated: float
    observed: Mapping[str, Mapping[str, float]]

    def lines(self, unit: str, told: Callable[..., str] = str.format, digits: Callable[[str], str] = str) -> list[str]:
        """The estimate in sentences, with what λ is counted in.

        `told` fills a template, and `digits` writes a number, as in :mod:`triangle.showing.phrases`.
        """

        def number(value: float | None) -> str:
            return "–" if value is None else digits(f"{value:.4g}")

        where = {
            "inside": told("λ = {lam}{unit}", lam=number(self.lam), unit=unit),
            "zero": told("λ = 0, chance"),
            "largest": told("no λ up to {largest}{unit} fits best: λ → ∞", largest=number(self.largest_lam), unit=unit),
            "flat": told("no λ fits better than another"),
        }.get(self.place, "")
        ends = told(" or ").join(
            told("above {low}", low=number(low))
            if high is None
            else told("{low} to {high}", low=number(low), high=number(high))
            for low, high in self.intervals
        )
        seen = sum(n for counts in self.observed.values() for n in counts.values())
        return [
            told(
                "Estimated from {seen} observations, by maximum likelihood on the principal branch: {where}; not "
                "rejected at {level}: {ends}.",
                seen=digits(f"{seen:g}"),
                where=where,
                level=digits(f"{self.level:.0%}"),
                ends=ends,
            ),
            told(
                "Log-likelihood {own}; of chance {uniform}, of the observed shares themselves {saturated}.",
                own=digits(f"{self.log_likelihood:.6g}"),
                uniform=digits(f"{self.uniform:.6g}"),
                saturated=digits(f"{self.saturated:.6g}"),
            ),
        ]


@dataclass(frozen=True, eq=False)
class Fit:
    """The logit equilibrium at the λ at which observed play is most likely, and the estimate."""

    solution: Solution
    estimate: Estimate


def fit(game: NormalFormGame, observed: Observed) -> Fit:
    """The λ at which observed play is most likely; see :func:`~triangle.solvers.logit.estimate.estimate_logit`.

    Raises
    ------
    BadInput
        Where nobody with a choice was seen.
    """
    if not any(own.any() for own, count in zip(observed.counts, game.actions, strict=True) if count > 1):
        message = "no player with a choice between actions was seen, so that nothing tells λ"
        raise BadInput(Fault(OPTION, "", message))
    e = estimate_logit(game, observed.counts)
    settings: dict[str, object] = {"lam": e.lam, "normalised_lam": e.normalised_lam}
    advice = "; ".join(filter(None, (e.advice, *observed.notes)))
    solution = Solution("logit", e.verdict, (described(game, e.probabilities),), advice, settings)
    shared = {f.name: getattr(e, f.name) for f in fields(Estimate) if f.name != "observed"}
    return Fit(solution, Estimate(**shared, observed=observed.named()))


def read_observed(texts: Sequence[str], players: Sequence[str], actions: Sequence[Sequence[str]]) -> Observed:
    """Counts as they are typed, or from the one sheet that is named.

    Raises
    ------
    BadInput
        With every fault found: players and actions that are not there, counts that are none.
    """
    sheets = [text for text in texts if "=" not in text or isfile(text)]
    if sheets and len(texts) > 1:
        raise BadInput(Fault(OPTION, "", f"{shorten(sheets[0])} is a sheet; it goes alone"))
    table = _Table(players, actions)
    faults = capped(table.read_sheet(sheets[0]) if sheets else table.read_texts(texts), OPTION)
    if faults:
        raise BadInput(faults)
    _refuse_shares(table.counts, players)
    return Observed(players, actions, table.counts, tuple(table.notes()))


def _refuse_shares(counts: Sequence[Floats], players: Sequence[str]) -> None:
    """Shares look like counts, and would say how play is parted but not how sure that is."""
    for player, own in zip(players, counts, strict=True):
        if abs(own.sum() - 1) <= _SHARES and np.count_nonzero(own) > 1:
            message = "found shares, which add up to 1; expected how often each action was seen"
            raise BadInput(Fault(OPTION, player, message))


class _Table:
    """Counts by player and action, filled from texts or cells; what does not fit becomes a fault."""

    def __init__(self, players: Sequence[str], actions: Sequence[Sequence[str]]):
        self._players, self._actions = players, actions
        self.counts = [np.zeros(len(names)) for names in actions]
        self._given: Counter[str] = Counter()
        self._note = ""

    def notes(self) -> Iterator[str]:
        """How a sheet was read, and which actions had more than one count."""
        if self._note:
            yield self._note
        for name, times in self._given.items():
            if times > 1:
                yield f"{times} counts of {name} were added up"

    def read_texts(self, texts: Sequence[str]) -> Iterator[Fault]:
        """From ``US=court_russia:12,contain_both:3``."""
        for text in texts:
            player, equals, rest = text.partition("=")
            for part in rest.split(","):
                action, colon, count = part.rpartition(":")
                if not equals or not colon:
                    expected = "expected PLAYER=ACTION:COUNT,ACTION:COUNT or the name of a sheet"
                    yield Fault(OPTION, "", f"found {shorten(text)}; {expected}")
                    break
                yield from self._add(player, action, _count(count), f"found {shorten(count)}", (OPTION, ""), True)

    def read_sheet(self, path: str) -> Iterator[Fault]:
        """From the rows of a sheet."""
        sheet = read_sheet(Path(path), LIMITS, "observed")
        self._note = sheet.note
        headings = [str(cell or "").strip().casefold() for cell in sheet.rows[0]] if sheet.rows else []
        missing = [name for name in HEADINGS[:2] if name not in headings]
        if missing:
            expected = f"expected a first row with the headings {', '.join(HEADINGS)}"
            yield Fault(sheet.file, sheet.address(0, 0), f"{' and '.join(missing)} missing; {expected}")
            return
        yield from self._read_rows(sheet, [headings.index(name) if name in headings else None for name in HEADINGS])

    def _read_rows(self, sheet: Sheet, columns: Sequence[int | None]) -> Iterator[Fault]:
        counted = columns[2]
        mark = "" if counted is None else sheet.decimal_mark([counted])
        for place, row in enumerate(sheet.rows[1:], start=1):
            player, action, count = ("" if c is None or c >= len(row) else row[c] for c in columns)
            if not any(str(cell or "").strip() for cell in row):
                continue
            where = (sheet.file, sheet.address(place, (columns[0] or 0) if counted is None else counted))
            value = 1.0 if counted is None else number(count, mark)
            yield from self._add(
                str(player or ""), _text(action), value, found(count, mark), where, counted is not None
            )

    def _add(
        self, player: str, action: str, count: float, shown: str, where: tuple[str, str], counted: bool
    ) -> Iterator[Fault]:
        i = _place(player, self._players)
        if i is None:
            yield Fault(*where, unknown("player", player.strip(), self._players))
            return
        a = _place(action, self._actions[i])
        if a is None:
            yield Fault(*where, unknown(f"action of {self._players[i]}", action.strip(), self._actions[i]))
        elif not 0 <= count <= MOST:
            yield Fault(*where, f"{shown}; expected how often {self._actions[i][a]} was seen, a number from 0")
        else:
            self.counts[i][a] += count
            self._given[f"{self._players[i]}={self._actions[i][a]}"] += counted


def _text(cell: object) -> str:
    """What stands in a cell that names an action; a whole number as it is written."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell if cell is not None else "")


def _count(text: str) -> float:
    try:
        return number_in(text.strip())
    except (ValueError, TypeError):
        return math.nan


def place_of(name: str, kind: str, names: Sequence[str], option: str) -> int:
    """The place of a name or number among the names of this kind; raises UnknownName where there is none."""
    found = _place(name, names)
    if found is None:
        raise UnknownName(kind, name.strip(), names, option)
    return found


def _place(name: str, names: Sequence[str]) -> int | None:
    """The place of a name, in capitals or not, or of a number counted from 1 where no name is that number."""
    name = name.strip()
    for place, known in enumerate(names):
        if known == name:
            return place
    alike = [place for place, known in enumerate(names) if known.casefold() == name.casefold()]
    if len(alike) == 1:
        return alike[0]
    numbers = [str(place) for place in range(1, len(names) + 1)]
    return numbers.index(name) if name in numbers else None
