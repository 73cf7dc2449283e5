"""One sweep's work, cut into chunks that can be computed anywhere: no chunk knows of another.

A job holds all that a worker needs, so that it can be sent to another process or machine once; the answer to a chunk
is small: the sets of equilibria of its games, the margins that were asked for, what the mixed or logit solver found,
or only the counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import (
    Backend,
    Filtered,
    FilteredAgreements,
    filtered,
    filtered_agreements,
    sweep_margins,
    sweep_masks,
    unbuffered,
)
from triangle.batch.filter import SAMPLED, Places
from triangle.batch.program import new_rows
from triangle.batch.takeover import VERDICTS, Takeover, configuration_probabilities
from triangle.games.bitboards import Masks
from triangle.model.parameters import Values
from triangle.model.terms import Term
from triangle.players.cast import Cast
from triangle.sweeps.design import BLOCK, Design
from triangle.sweeps.fields import Field, fields_of
from triangle.sweeps.means import Means, Name
from triangle.sweeps.replicates import kind_of, weights
from triangle.sweeps.tally import Tally, patterns

#: Games of a chunk, unless something else is asked for: long enough to make sending it worth while.
CHUNK = 16 * BLOCK

#: Games of a sweep from which on single precision makes up for the tenths of a second that its proof takes.
FILTERED = 64 * BLOCK

#: Most games of a chunk of a grid with draws.
_LONGEST = 256 * BLOCK

#: Samples of a grid's node from which on nodes are computed one after the other.
_FEWEST = 256

Arrays = dict[str, NDArray[np.generic]]


class Kept(Protocol):
    """An array that is kept of every chunk."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its axes before the one along the chunk."""

    @property
    def dtype(self) -> Any:
        """Its type."""


class Pieces(Protocol):
    """Work that is cut into chunks, as that of a sweep: what is sent to workers, and kept in a folder."""

    @property
    def chunks(self) -> int:
        """Number of chunks."""

    @property
    def fields(self) -> Sequence[Kept]:
        """What is kept of a chunk."""

    def place(self, chunk: int) -> tuple[int, int, int]:
        """Where a chunk lies: its scenario, from and up to which number."""

    def compute(self, chunk: int) -> Arrays | Tally:
        """The answer to a chunk."""


@dataclass(frozen=True)
class Job:
    """What is to be computed.

    Parameters
    ----------
    design : Design
    terms : dict of str to function
        Payoff terms of the model.
    cast : Cast
        Who plays.
    holds : tuple of dict
        For each scenario, players held at an action.
    margins : tuple of int
        Profiles whose stability margin is computed too.
    counts_only : bool
        Whether the answer is a :class:`~triangle.sweeps.tally.Tally` rather than the games one by one.
    chunk : int
        Games of a chunk, a multiple of `BLOCK`.
    takeover : Takeover
        What is solved beside pure equilibria.
    backend : {"numpy", "numba"}
        What decides games in single precision where that is done in a row; changes no result.
    """

    design: Design
    terms: dict[str, Term]
    cast: Cast
    holds: tuple[dict[int, int], ...]
    margins: tuple[int, ...] = ()
    counts_only: bool = False
    chunk: int = CHUNK
    takeover: Takeover = field(default_factory=Takeover)
    backend: Backend = "numpy"

    def __post_init__(self) -> None:
        if self.chunk % BLOCK or self.chunk < BLOCK:
            raise ValueError(f"chunk {self.chunk} is no multiple of {BLOCK}")

    @property
    def chunks_each(self) -> int:
        """Number of chunks of one scenario; no chunk spans two."""
        return -(-self.design.games_each // self.chunk)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return len(self.design.scenarios) * self.chunks_each

    def place(self, chunk: int) -> tuple[int, int, int]:
        """Scenario of a chunk, and its first game and the one after its last, counted within the scenario."""
        scenario, number = divmod(chunk, self.chunks_each)
        start = number * self.chunk
        return scenario, start, min(start + self.chunk, self.design.games_each)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The variables that a game has."""
        return fields_of(self.takeover.method, self.cast, self.margins, self.takeover.trust)

    def compute(self, chunk: int) -> Arrays | Tally:
        """The games of a chunk, an array ``[..., game]`` of each of :attr:`fields`, or their counts."""
        scenario, start, stop = self.place(chunk)
        hold = self.holds[scenario]
        found: Arrays
        screens = self._filtered(scenario, start, stop) if self.design.games >= FILTERED else None
        if screens is not None:
            found = self._screened(screens, scenario, start, stop)
            return self.tally(chunk, found) if self.counts_only else found
        found = {f.name: np.empty((*f.shape, stop - start), dtype=f.dtype) for f in self.fields}
        memory = new_rows(len(self.design.drawn), BLOCK)
        # Looking at names takes as long as drawing a block.
        named = Values(dict.fromkeys(self.design.names, 0.0), self.cast)
        # The other solvers convert numbers, for which numpy needs its buffer.
        with unbuffered() if self.takeover.method == "pure" else nullcontext():
            for here, numbers in self.design.blocks(scenario, start, stop, memory):
                values = named.of_samples(numbers, (here.stop - here.start,))
                masks = sweep_masks(values, self.terms, hold=hold)
                block = {"mask": masks, **self.takeover.solve(values, masks, self.terms, hold)}
                if self.margins:
                    block["margin"] = sweep_margins(values, self.margins, self.terms, hold=hold)
                for name, array in block.items():
                    found[name][..., here] = array
        return self.tally(chunk, found) if self.counts_only else found

    def _filtered(self, scenario: int, start: int, stop: int) -> _Screens | None:
        """What decides the games of a chunk in single precision; None where numbers in double precision are needed."""
        if not {f.name for f in self.fields} <= {"mask", "agreement_proof"} or stop - start < BLOCK:
            return None
        design, hold = self.design, self.holds[scenario]
        source = design.draws if goes_by_node(design) else design
        asked: dict[str, Any] = {"hold": hold, "watched": [f.name for f in design.followers(scenario)]}
        asked["derived"] = source.derived(scenario)

        def some() -> Mapping[str, NDArray[np.float64]]:
            return design.some(scenario, SAMPLED) | design.some_points(SAMPLED)

        box = design.box(scenario)
        screen = filtered(self.terms, box, some, self.cast, backend=self.backend, **asked)
        if screen is None or self.takeover.trust is None:
            return None if screen is None else _Screens(screen)
        agreed = filtered_agreements(self.terms, box, some, self.cast, self.takeover.trust, **asked)
        return None if agreed is None else _Screens(screen, agreed)

    def _screened(self, screens: _Screens, scenario: int, start: int, stop: int) -> Arrays:
        """The sets of equilibria of the games `start` to `stop`; those in doubt are computed together."""
        whole: Arrays = {f.name: self.cast.sets.new((stop - start,)) for f in self.fields}
        doubtful = []
        each = self._by_node if goes_by_node(self.design) else self._in_a_row
        for first, found, doubt in each(screens, scenario, start, stop):
            begun, ended = max(first, start), min(first + found["mask"].shape[-1], stop)
            for name, sets in found.items():
                whole[name][..., begun - start : ended - start] = sets[..., begun - first : ended - first]
            doubtful.append(first + doubt[(first + doubt >= begun) & (first + doubt < ended)])
        if (games := np.concatenate(doubtful)).size:
            values, hold = Values(self.design.numbers_at(scenario, games), self.cast), self.holds[scenario]
            masks = sweep_masks(values, self.terms, hold=hold)
            for name, sets in {"mask": masks, **self.takeover.solve(values, masks, self.terms, hold)}.items():
                whole[name][..., games - start] = sets
        return whole

    def _in_a_row(
        self, screens: _Screens, scenario: int, start: int, stop: int
    ) -> Iterator[tuple[int, Arrays, Places]]:
        """First game, sets, and places in doubt, one piece of games after the other."""
        are_moved = self.backend == "numba" and screens.agreed is None
        for here, singles in self.design.singles(scenario, start, stop, screens.asked, are_moved):
            yield start + here.start, *screens.of(singles, *screens.all.masks(singles))

    def _by_node(self, screens: _Screens, scenario: int, start: int, stop: int) -> Iterator[tuple[int, Arrays, Places]]:
        """The same where a piece of samples goes from node to node of the grid: what nodes share is computed once."""
        samples, draws = self.design.samples, self.design.draws
        low, high = start // samples, -(-stop // samples)
        # What samples the chunk has of its first node and its last one, if of no other; else all.
        first, last = (start - low * samples, stop - low * samples) if high - low == 1 else (0, samples)
        for here, singles in draws.singles(scenario, first // BLOCK * BLOCK, last, screens.asked):
            piece, length = first // BLOCK * BLOCK + here.start, here.stop - here.start
            nodes = [n for n in range(low, high) if start - length < n * samples + piece < stop]
            changes = [{k: np.array([v], np.float32) for k, v in self.design.node(n).items()} for n in nodes]
            found = screens.all.each(singles, changes)
            for node, change, (masks, doubt) in zip(nodes, changes, found, strict=True):
                yield node * samples + piece, *screens.of({**singles, **change}, masks, doubt)

    @property
    def counted(self) -> tuple[str, ...]:
        """Names of the fields that :meth:`tally` reads."""
        read = ("mask", "agreement_proof", "probability", "low", "high", "verdict", "folds")
        return tuple(f.name for f in self.fields if f.name in read)

    def tally(self, chunk: int, games: Mapping[str, NDArray[Any]]) -> Tally:
        """The counts of a chunk's games; the sum over chunks does not depend on how the games are cut into them."""
        tally = Tally.of(games["mask"].astype(np.uint64, copy=False), self.cast)
        if "agreement_proof" in games:
            tally.agreement_proof = Tally.of(games["agreement_proof"].astype(np.uint64, copy=False), self.cast)
        if "verdict" in games:
            tally.notes = {text: int((games["verdict"] == code).sum()) for code, text in enumerate(VERDICTS)}
        if "folds" in games:
            tally.notes["folded"] = int((games["folds"] > 0).sum())
        kind = kind_of(self.design)
        if kind is not None or self.takeover.method != "pure":
            names, series = _series(games, self.cast)
            _, start, stop = self.place(chunk)
            tally.means = Means.of(names, series, kind, weights(self.design, start, stop) if kind else None)
        return tally


@dataclass(frozen=True)
class _Screens:
    """What decides games in single precision: of all equilibria, and of the agreement-proof ones where asked for."""

    all: Filtered
    agreed: FilteredAgreements | None = None

    @property
    def asked(self) -> frozenset[str]:
        """What both need the numbers of."""
        return frozenset(self.all.asked) | frozenset(() if self.agreed is None else self.agreed.asked)

    def of(self, singles: Mapping[str, NDArray[np.float32]], masks: Masks, doubt: Places) -> tuple[Arrays, Places]:
        """The sets by name, and the places of the games in doubt about any of them."""
        if self.agreed is None:
            return {"mask": masks}, doubt
        proof, more = self.agreed.of(singles, masks)
        return {"mask": masks, "agreement_proof": proof}, np.union1d(doubt, more)


def goes_by_node(design: Design) -> bool:
    """Whether samples go from node to node of a grid, in place of games one after the other."""
    axes = {name for name, _ in design.axes}
    moved = {f.name for own in design.following for f in own if not axes.isdisjoint(f.arguments)}
    return bool(axes) and not moved and design.samples >= _FEWEST


def chunk_of(design: Design) -> int:
    """Games of a chunk: of a grid with draws many nodes, which share their samples, but no more than an eighth."""
    if not (design.axes and design.samples > 1):
        return CHUNK
    return max(CHUNK, min(16 * design.samples, design.games_each // 8, _LONGEST))


def _series(games: Mapping[str, NDArray[Any]], cast: Cast) -> tuple[list[Name], NDArray[np.float64]]:
    """What means are taken of, by group and pattern: whether an equilibrium is there, probabilities, and ranges."""
    mask = games["mask"].astype(np.uint64, copy=False)
    there = {key: cast.sets.meets(mask, pattern) for key, pattern in patterns(cast).items()}
    there |= {"none": cast.sets.none(mask), "several": cast.sets.count(mask) > 1}
    groups: dict[str, dict[str, NDArray[Any]]] = {"share": there}
    for known in (*fields_of("logit", cast), *fields_of("mixed", cast)):
        if known.lead not in ("", "word") and known.name in games:  # sets of several words are no numbers
            groups[known.name] = dict(zip(known.labels, games[known.name], strict=True))
    if "probability" in groups:
        groups["probability"] = configuration_probabilities(games["probability"], cast) | groups["probability"]
    names = [(group, key) for group, rows in groups.items() for key in rows]
    return names, np.stack([row for rows in groups.values() for row in rows.values()]).astype(np.float64)
