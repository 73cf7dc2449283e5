r"""From parameters to the sets of pure equilibria of many games, in one go and at the speed of the cache.

The set of pure equilibria of a game is one ``uint64``: bit ``16 a_US + 4 a_RU + a_CN`` is set where that profile is an
equilibrium (:mod:`triangle.games.bitboards`), by the rule of :func:`triangle.games.normal_form.is_nash`.

Samples are worked through in chunks whose payoffs stay in the cache. Only what players compare is computed, derived
from the terms (:mod:`triangle.batch.comparisons`); where a term cannot be taken down, the payoff tensor of a chunk is.
The two agree except where a margin is within rounding of the tolerance, some 1e-12 billion dollars. Results do not
depend on the chunk: the last one is filled up to whole vectors of the processor, so that each sample passes through the
same instructions wherever it stands.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from math import prod
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import TriangleError
from triangle.batch.bounds import Range
from triangle.batch.comparisons import (
    Chosen,
    Compared,
    Comparisons,
    Parts,
    all_payoffs,
    compared,
    fingerprint,
    is_finite,
    places_of,
    taken_down,
    whole_payoffs,
)
from triangle.batch.compiled import CompiledFilter
from triangle.batch.derived import Derived, rewritten
from triangle.batch.filter import Filter, Places, Proof, RoughPayoffs, Singles, proof_for
from triangle.batch.program import Program, Symbol, new_rows
from triangle.batch.regrouped import regrouped
from triangle.games.bitboards import Masks, equilibrium_masks, pack
from triangle.games.normal_form import TOLERANCE, losses
from triangle.model.forms import DEFAULT_TERMS
from triangle.model.mechanisms import bargaining_share_ru
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import Term
from triangle.players.cast import Cast
from triangle.players.stances import Stances, stance_array
from triangle.solvers.agreements import (
    TRUST,
    agreement_proof_margins,
    agreement_proof_masks,
    agreement_proof_masks_within,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
T = TypeVar("T")

#: What carries out single precision.
Backend = Literal["numpy", "numba"]

#: Samples of a chunk; `benchmarks/bench_sweep.py` measures others. Shorter ones spend their time on calls, longer ones
#: outside the second cache.
CHUNK = 4096

#: The same where the whole payoff tensor is made: 192 numbers a sample, and as many again in its making.
TENSOR_CHUNK = 17 * 64

#: Workspaces that are kept for what is asked next, and their bytes.
_MOST_WORK, _MOST_KEPT = 256, 64 * 2**20

#: Draws from which on it pays to go from node to node of a grid and compute again only what changes.
_FEWEST = 512

#: Chunks are filled up to a multiple of this, above the numbers of any vector register.
_VECTOR = 64

#: Numbers in numpy's buffer while a sweep runs; 8192 elsewhere.
_BUFFER = 64

_NOT_FINITE = (
    "some payoffs are not finite numbers at these parameter values; bring the ranges of the most extreme parameters "
    "closer to the documented ones"
)


def sweep_masks(
    values: Values,
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    hold: Mapping[int, int] | None = None,
    tolerance: float = TOLERANCE,
    chunk: int | None = None,
    trust: float | None = None,
) -> Masks:
    """The set of pure equilibria of every game of a batch; with a trust, of the agreement-proof ones.

    Parameters
    ----------
    values : Values
        Parameter values over samples of any shape.
    terms : mapping of str to Term
        Payoff terms: functions of stances and values alone.
    hold : mapping of int to int, optional
        Players held at an action: they do not deviate, and only profiles with that action count.
    tolerance : float
        Largest gain by deviating that counts as none, in billion dollars a year.
    chunk : int, optional
        Samples computed at a time; changes no result.
    trust : float, optional
        Trust up to which agreements of two count; see :mod:`triangle.solvers.agreements`. Without one, none does.

    Returns
    -------
    array of uint64, of the shape of the samples

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> values = Values(model.catalogue.defaults() | {"relief": [0.0, 1.0]}, model.cast)
    >>> int(sweep_masks(values, model.terms)[0])
    33
    """
    hold, sets = hold or {}, values.cast.sets
    masks = sets.new((_size(values),))
    the = _compared(terms, values)
    if the is not None:
        with unbuffered(all="ignore"):
            chosen = tuple(() if i in hold else every for i, every in enumerate(the.all))
            for piece, part, work, added in _worked_through(the, chosen, values, CHUNK if chunk is None else chunk):
                masks[..., piece] = _masks(part, work, added, hold, tolerance)[..., : piece.stop - piece.start]
    else:
        for piece, part in _chunks(values, TENSOR_CHUNK if chunk is None else chunk):
            masks[..., piece] = _tensor_masks(part, terms, hold, tolerance)[..., : piece.stop - piece.start]
    whole = masks.reshape((*sets.lead, *values.samples))
    if trust is None:
        return whole
    return sweep_agreement_proof(values, whole, terms, trust=trust, hold=hold, tolerance=tolerance, chunk=chunk)


@dataclass(frozen=True, eq=False)
class Filtered:
    """Sets of pure equilibria of games of one box, in single precision where that decides.

    Made by :func:`filtered`.
    """

    _proof: Proof
    _hold: Mapping[int, int]
    _cast: Cast
    _backend: Backend

    @property
    def asked(self) -> tuple[str, ...]:
        """What numbers are needed of: parameters, or what they are derived from."""
        return self._proof.asked

    def masks(self, singles: Mapping[str, Singles]) -> tuple[Masks, Places]:
        """The set of pure equilibria of every game of a chunk, and the places of those that are in doubt.

        All others are those of :func:`sweep_masks` to the bit.

        Parameters
        ----------
        singles : mapping of str to array, shape (samples,) or (1,)
            Parameters in single precision, within the box; for the compiled filter also
            :class:`~triangle.batch.compiled.Moved` points.

        Returns
        -------
        array of uint64, shape (samples,); array of int
        """
        ((masks, doubt),) = self.each(singles, [{}])
        return masks, doubt

    def each(
        self, singles: Mapping[str, Singles], changes: Iterable[Mapping[str, Singles]]
    ) -> Iterator[tuple[Masks, Places]]:
        """The same where some parameters take other values from chunk to chunk; the rest is computed once.

        Parameters
        ----------
        changes : iterable of mapping of str to array, shape (1,)
            The values of these, the same ones in every mapping.
        """
        work, numbers = None, {name: singles[name] for name in self.asked}
        for changed in changes:
            numbers |= {name: number for name, number in changed.items() if name in numbers}
            with unbuffered(all="ignore"):
                if work is None:
                    work = self._work(numbers, frozenset(changed) & frozenset(numbers) if changed else None)
                    work.begin(numbers)
                masks, doubt = work.masks(numbers)
            yield (
                (self._cast.sets.common(masks, _held_profiles(self._hold, self._cast)) if self._hold else masks),
                doubt,
            )

    def _work(self, numbers: Mapping[str, Singles], changing: frozenset[str] | None) -> Filter | CompiledFilter:
        varying = frozenset(name for name, some in numbers.items() if len(some) > 1)
        proof, size = self._proof, max(map(len, numbers.values()), default=1)
        if self._backend == "numba" and changing is None:
            return _last(_kept.compiled, (proof, size), lambda: CompiledFilter(proof, size), most=4)
        asked = proof, size, varying, changing
        return _last(_kept.filters, asked, lambda: Filter(*asked), most=4)


@dataclass(frozen=True, eq=False)
class FilteredAgreements:
    """Sets of agreement-proof equilibria of games of one box, in single precision where that decides.

    Made by :func:`filtered_agreements`.
    """

    _proof: Proof
    _hold: Mapping[int, int]
    _cast: Cast
    _trust: float

    @property
    def asked(self) -> tuple[str, ...]:
        """What numbers are needed of: parameters, or what they are derived from."""
        return self._proof.asked

    def of(self, singles: Mapping[str, Singles], masks: Masks) -> tuple[Masks, Places]:
        """Which of given equilibria of a chunk are agreement-proof, and the places of the games that are in doubt.

        All others are those of :func:`sweep_agreement_proof` to the bit; arguments as of :meth:`Filtered.masks`.
        """
        numbers = {name: singles[name] for name in self.asked}
        varying, size = frozenset(name for name, some in numbers.items() if len(some) > 1), masks.shape[-1]
        key = self._proof, size, varying
        work = _last(_kept.rough, key, lambda: RoughPayoffs(self._proof, size, varying), most=4)
        with unbuffered(all="ignore"):
            payoffs, outside = work.at(numbers)
            shaped = payoffs.reshape(len(self._cast), *self._cast.shape, size)
            found, doubt = agreement_proof_masks_within(shaped, masks, work.slack, self._trust, self._hold)
        return found, np.flatnonzero(doubt | outside)


def filtered(
    terms: Mapping[str, Term],
    box: Mapping[str, Range],
    sample: Callable[[], Mapping[str, Floats]],
    cast: Cast,
    *,
    hold: Mapping[int, int] | None = None,
    roundings: int = 1,
    backend: Backend = "numpy",
    watched: Iterable[str] = (),
    derived: Sequence[Derived] = (),
) -> Filtered | None:
    """The filter for games of a box; None where there is no proof for these terms, or nothing to compare.

    Parameters
    ----------
    box : mapping of str to (float, float)
        In which range every parameter lies, and whatever else is asked of a game.
    sample : function
        Gives some of the games; they decide how many will be in doubt, not what is found.
    roundings : int
        How many roundings, of the largest number of its range, a parameter in single precision may be off.
    backend : {"numpy", "numba"}
        What carries out single precision; changes no result.
    watched : iterable of str
        Parameters that may lie outside their range, at most one rounding off; games in which one does are in doubt.
    derived : sequence of Derived
        Parameters that are computed from others or from what else is asked of a game.
    """
    compared = _compared(terms, _named(box, cast))
    proof = _proven(compared, box, sample, cast, hold or {}, roundings, watched, derived)
    return None if proof is None else Filtered(proof, hold or {}, cast, backend)


def filtered_agreements(
    terms: Mapping[str, Term],
    box: Mapping[str, Range],
    sample: Callable[[], Mapping[str, Floats]],
    cast: Cast,
    trust: float,
    *,
    hold: Mapping[int, int] | None = None,
    roundings: int = 1,
    watched: Iterable[str] = (),
    derived: Sequence[Derived] = (),
) -> FilteredAgreements | None:
    """The filter of agreements for games of a box; arguments, and where there is none, as :func:`filtered`."""
    whole = _derived(terms, _named(box, cast)).whole
    proof = _proven(whole, box, sample, cast, hold or {}, roundings, watched, derived)
    return None if proof is None else FilteredAgreements(proof, hold or {}, cast, trust)


def _named(box: Mapping[str, Range], cast: Cast) -> Values:
    """Values of the parameters of a box, for their names."""
    return Values(dict.fromkeys(box, 0.0), cast)


def _proven(
    the: Compared | None,
    box: Mapping[str, Range],
    sample: Callable[[], Mapping[str, Floats]],
    cast: Cast,
    hold: Mapping[int, int],
    roundings: int,
    watched: Iterable[str],
    derived: Sequence[Derived],
) -> Proof | None:
    """What is proven of these comparisons over a box; parameters that follow are given where nothing is otherwise."""
    if the is None or len(hold) == len(cast):
        return None
    names = dict(zip(the.asked, _named(box, cast).named(the.asked), strict=True))
    seen = frozenset(watched)
    ways = dict.fromkeys((tuple(derived), tuple(one for one in derived if one.name not in seen)))

    def prove() -> tuple[Proof | None]:
        some = {name: np.reshape(column, -1) for name, column in sample().items()}
        for way in ways:
            plain, nodes = rewritten(the, names, way)
            fewer = regrouped(plain, nodes, box, seen)
            for found, its, off in (*([] if fewer is None else [fewer]), (plain, nodes, 0.0)):
                free = tuple(() if i in hold else every for i, every in enumerate(found.all))
                proof = proof_for(found, free, box, some, TOLERANCE, roundings, its, seen, off)
                if proof is not None:
                    return (proof,)
        return (None,)

    key = (
        the,
        frozenset(hold),
        tuple((name, *box[name]) for name in sorted(box)),
        roundings,
        seen,
        tuple(derived),
    )
    (proof,) = _last(_kept.proofs, key, prove, most=64)
    return proof


def sweep_agreement_proof(
    values: Values,
    masks: Masks,
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    trust: float = TRUST,
    hold: Mapping[int, int] | None = None,
    tolerance: float = TOLERANCE,
    chunk: int | None = None,
) -> Masks:
    """The agreement-proof ones of the pure equilibria of every game of a batch.

    Parameters
    ----------
    masks : array of uint64, of the shape of the samples
        As of :func:`sweep_masks` for the same values, terms and holds.
    trust : float
        Agreements that need more do not count; see :mod:`triangle.solvers.agreements`.

    Returns
    -------
    array of uint64, of the shape of the samples, each a subset of the set given
    """
    hold, flat = hold or {}, masks.reshape((*values.cast.sets.lead, -1))
    found = np.zeros_like(flat)
    with unbuffered(all="ignore"):
        for piece, payoffs in _all_payoffs(values, terms, CHUNK if chunk is None else chunk):
            some = payoffs[..., : piece.stop - piece.start]
            found[..., piece] = agreement_proof_masks(some, flat[..., piece], trust, tolerance, hold)
    return found.reshape(masks.shape)


def _all_payoffs(values: Values, terms: Mapping[str, Term], chunk: int) -> Iterator[tuple[slice, Floats]]:
    """Payoffs ``[player, a_US, a_RU, a_CN, sample]`` of each chunk, each player's up to a number of each sample.

    They are overwritten by those of the next chunk.
    """
    the, cast = _derived(terms, values).whole, values.cast
    if the is None:
        for piece, part in _chunks(values, chunk):
            yield piece, _tensor(part, terms)
        return
    for piece, part, _, added in _worked_through(the, the.all, values, chunk):
        payoffs = _kept.rows((len(cast), len(cast.profiles), part.samples[0]))
        for player, own in added:
            _check(own)
            payoffs[player] = own.reshape(len(cast.profiles), -1)
        yield piece, payoffs.reshape(len(cast), *cast.shape, part.samples[0])


def sweep_margins(
    values: Values,
    profiles: Sequence[int],
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    hold: Mapping[int, int] | None = None,
    chunk: int | None = None,
    trust: float | None = None,
) -> Floats:
    """Stability margin of chosen profiles: the smallest loss that any free player suffers by deviating.

    With a trust, the least of that and of how far any two are from an agreement that leads away
    (:func:`~triangle.solvers.agreements.agreement_proof_margins`).

    Parameters
    ----------
    profiles : sequence of int
        Indices of profiles, in any order.

    Returns
    -------
    array, shape (len(profiles), ...samples), in billion dollars a year; at least ``-TOLERANCE`` where the profile is
    an equilibrium. Infinite where every player is held.
    """
    chosen = _known(profiles, values.cast)
    hold = hold or {}
    found = np.empty((len(chosen), _size(values)))
    if trust is not None:
        with unbuffered(all="ignore"):
            for piece, payoffs in _all_payoffs(values, terms, CHUNK if chunk is None else chunk):
                some = payoffs[..., : piece.stop - piece.start]
                found[:, piece] = agreement_proof_margins(some, chosen, trust, hold)
        return found.reshape(len(chosen), *values.samples)
    the = _compared(terms, values)
    with unbuffered(all="ignore"):
        if the is None:
            for piece, part in _chunks(values, TENSOR_CHUNK if chunk is None else chunk):
                found[:, piece] = _tensor_margins(part, chosen, terms, hold)[:, : piece.stop - piece.start]
        else:
            standing = (tuple(sorted({int(group) for group in groups[chosen]})) for groups in the.group_of)
            asked = tuple(() if i in hold else some for i, some in enumerate(standing))
            for piece, _, work, added in _worked_through(the, asked, values, CHUNK if chunk is None else chunk):
                found[:, piece] = _margins(work, added, chosen)[:, : piece.stop - piece.start]
    return found.reshape(len(chosen), *values.samples)


def sweep_payoffs(
    values: Values,
    profiles: Sequence[int],
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    players: Sequence[int] | None = None,
    chunk: int | None = None,
) -> Floats:
    """Payoffs of some players, all where none are named, at chosen profiles.

    Returns
    -------
    array, shape (len(players), len(profiles), ...samples), in billion dollars a year.
    """
    asked = range(len(values.cast)) if players is None else players
    places = [(player, profile) for player in asked for profile in profiles]
    found = sweep_payoffs_at(values, places, terms, chunk=chunk)
    return found.reshape(len(asked), len(profiles), *values.samples)


def sweep_payoffs_at(
    values: Values,
    places: Sequence[tuple[int, int]],
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    chunk: int | None = None,
) -> Floats:
    """Payoffs of one player at one profile each: what the terms give it there, added in their order.

    Parameters
    ----------
    places : sequence of (int, int)
        Player and profile, in any order.

    Returns
    -------
    array, shape (len(places), ...samples), in billion dollars a year.
    """
    profiles = _known([profile for _, profile in places], values.cast)
    found, the = np.zeros((len(places), _size(values))), _derived(terms, values).entire
    rows = [[row for row, (player, _) in enumerate(places) if player == i] for i in range(len(values.cast))]
    chosen = tuple(tuple(profiles[row] for row in some) for some in rows)
    chunk = CHUNK if chunk is None else chunk
    with unbuffered(all="ignore"):
        pieces: Iterable[tuple[slice, Iterable[tuple[int, Floats]]]]
        if the is None:
            pieces = ((piece, _added(part, chosen, terms)) for piece, part in _chunks(values, chunk))
        else:
            pieces = ((piece, added) for piece, _, _, added in _worked_through(the, chosen, values, chunk))
        for piece, added in pieces:
            for player, own in added:
                _check(own)
                found[rows[player], piece] = own.reshape(len(rows[player]), -1)[:, : piece.stop - piece.start]
    return found.reshape(len(places), *values.samples)


class PayoffsAgain:
    """Payoffs at chosen places, asked for again and again: to the bit those of :func:`sweep_payoffs_at`.

    A search asks thousands of times for a few payoffs at a hundred points. Then it takes longer to see which parameters
    vary, and how formulas ask for them, than to compute; here that is seen to once.

    Parameters
    ----------
    values : Values
        Over one axis of samples. Parameters that are one number for all stay at it, the others are given anew.
    places : sequence of (int, int)
        Player and profile, in any order.

    Attributes
    ----------
    reads : frozenset of str
        The parameters, of those that are given anew, that payoffs at these places take.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> values = Values(model.catalogue.defaults() | {"relief": np.linspace(0, 1, 64)}, model.cast)
    >>> again, others = (PayoffsAgain(values, [(1, a), (1, b)], model.terms) for a, b in ((21, 37), (5, 9)))
    >>> again.at({"relief": np.full(64, 0.5)}).shape, sorted(again.reads), sorted(others.reads)
    ((2, 64), ['relief'], [])
    """

    def __init__(self, values: Values, places: Sequence[tuple[int, int]], terms: Mapping[str, Term] = DEFAULT_TERMS):
        self._values, self._places, self._terms = values, places, terms
        self._rows = [[row for row, (player, _) in enumerate(places) if player == i] for i in range(len(values.cast))]
        chosen = tuple(tuple(places[row][1] for row in some) for some in self._rows)
        the, size = _derived(terms, values).entire, _size(values)
        if the is not None and values.samples == (_whole(size),) and size <= CHUNK:
            self._work: _Workspace | None = _workspace(the, chosen, values)
            nodes = [node for i, some in enumerate(chosen) for n in some for node in the.groups[i][n].payoffs]
            read = set(values.named(the.program.names(nodes)))
        else:
            self._work, (noting, read) = None, values.recording()
            sweep_payoffs_at(noting, places, terms)
        self.reads = frozenset(name for name in read if values[name].ndim)

    def at(self, numbers: Mapping[str, Floats]) -> Floats:
        """The payoffs ``[place, sample]`` at other numbers of the parameters of `reads`, of as many samples."""
        values = self._values.of_samples({**self._values.numbers, **numbers}, self._values.samples)
        if self._work is None:
            return sweep_payoffs_at(values, self._places, self._terms)
        found = np.empty((len(self._places), *values.samples))
        with unbuffered(all="ignore"):
            for player, own in self._work.comparisons.each(values):
                _check(own)
                found[self._rows[player]] = own.reshape(len(self._rows[player]), -1)
        return found


def sweep_bargaining(values: Values, profiles: Sequence[int], *, chunk: int | None = None) -> Floats:
    """Russia's share of a pipeline's surplus at chosen profiles, whether or not there is a pipeline.

    Returns
    -------
    array, shape (len(profiles), ...samples), 0 to 1.
    """
    return sweep_mechanism(bargaining_share_ru, values, profiles, chunk=chunk)


def sweep_mechanism(
    mechanism: Callable[[Stances, Values], Floats],
    values: Values,
    profiles: Sequence[int],
    *,
    chunk: int | None = None,
) -> Floats:
    """A quantity of :mod:`triangle.model.mechanisms` at chosen profiles, as an array (len(profiles), ...samples)."""
    chosen = _known(profiles, values.cast)
    stances = _stances_at(chosen, values.cast)
    found = np.empty((len(chosen), _size(values)))
    for piece, part in _chunks(values, CHUNK if chunk is None else chunk):
        found[:, piece] = mechanism(stances, part.at_profiles(chosen))[..., : piece.stop - piece.start]
    return found.reshape(len(chosen), *values.samples)


@contextlib.contextmanager
def unbuffered(**errors: Any) -> Iterator[None]:
    """Let numpy take arrays of several rows as they lie, not through its buffer.

    Nothing in a sweep needs a buffer, but broadcast arrays that would fit into it are copied there and back, which
    doubles the time of a call. Arguments are those of ``np.errstate``, which restores the buffer in the end.
    """
    with np.errstate(**errors):
        np.setbufsize(_BUFFER)
        yield


# Chunks of samples ----------------------------------------------------------------------------------------------------


def _size(values: Values) -> int:
    return int(np.prod(values.samples, dtype=np.int64))


def _chunks(values: Values, chunk: int, few: bool = False) -> Iterator[tuple[slice, Values]]:
    """Consecutive samples as one axis, a chunk at a time, filled up with copies of the last one to whole vectors.

    Parameters that are the same for all samples stay single numbers, of shape ``(1,)``. With `few`, parts come in few
    lengths: a workspace takes as long to make as to use.
    """
    if chunk < 1:
        raise ValueError(f"a chunk of {chunk} samples; expected at least 1")
    size = _size(values)
    single, flat, axes = _by_spread(values, size)
    for start in range(0, size, chunk):
        stop = min(start + chunk, size)
        filled = _filled_up(stop - start, chunk) if few else _whole(stop - start)
        if filled == size and values.samples == (size,):
            yield slice(start, stop), values
            return
        places = np.minimum(np.arange(start, start + filled), stop - 1)
        here: Any = slice(start, stop) if filled == stop - start else places
        at = {shape: _places_on(shape, values.samples, places) for shape in {array.shape for array in axes.values()}}
        numbers = {name: column[here] for name, column in flat.items()}
        numbers |= {name: array.ravel()[at[array.shape]] for name, array in axes.items()}
        yield slice(start, stop), values.of_samples(single | numbers, (filled,))


def _by_spread(values: Values, size: int) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Numbers that are the same for all samples, those with one for each sample in a row, and axes of a grid."""
    single, flat, axes = dict[str, Floats](), dict[str, Floats](), dict[str, Floats]()
    for name, array in values.numbers.items():
        if array.size == 1:
            single[name] = array.reshape(1)
        elif array.size == size:
            flat[name] = array.reshape(-1)
        else:
            axes[name] = array
    return single, flat, axes


def _places_on(shape: tuple[int, ...], samples: tuple[int, ...], places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where samples, counted in a row, find their numbers in an array of a shape that broadcasts to theirs."""
    along = np.unravel_index(places, samples)[len(samples) - len(shape) :]
    return np.ravel_multi_index([at if n > 1 else np.zeros_like(at) for at, n in zip(along, shape, strict=True)], shape)


def _whole(samples: int) -> int:
    """The length of whole vectors that hold so many samples."""
    return _VECTOR * -(-samples // _VECTOR)


def _filled_up(samples: int, chunk: int) -> int:
    """One of few such lengths, at most that of a chunk."""
    length = _VECTOR
    while length < min(samples, chunk // 2):
        length *= 2
    return length if length >= samples else _whole(chunk)


def _check(payoffs: Floats) -> None:
    if not is_finite(payoffs):
        raise TriangleError(_NOT_FINITE)


def _known(profiles: Sequence[int], cast: Cast) -> list[int]:
    chosen = [int(profile) for profile in profiles]
    for profile in chosen:
        if not 0 <= profile < len(cast.profiles):
            raise ValueError(f"profile {profile} does not exist; expected 0 to {len(cast.profiles) - 1}")
    return chosen


def _stances_at(profiles: list[int], cast: Cast) -> Stances:
    """Stances ``[profile, samples]`` at some profiles."""
    powers = [cast.profiles[profile][:3] for profile in profiles]
    table = stance_array()[(slice(None), slice(None), *np.array(powers, dtype=np.intp).reshape(-1, 3).T)]
    return Stances({(i, j): table[i, j, :, None] for i in range(3) for j in range(3) if i != j})


def _held_profiles(hold: Mapping[int, int], cast: Cast) -> int:
    """The profiles in which the held players play their action."""
    return cast.sets.of(
        index
        for index, profile in enumerate(cast.profiles)
        if all(profile[player] == action for player, action in hold.items())
    )


# What players compare -------------------------------------------------------------------------------------------------


class _Kept(threading.local):
    """What a thread has derived and made ready, the last used of each."""

    def __init__(self) -> None:
        self.derived: dict[Hashable, _Derived] = {}
        self.work: dict[Hashable, _Workspace] = {}
        self.filters: dict[Hashable, Filter] = {}
        self.compiled: dict[Hashable, CompiledFilter] = {}
        self.rough: dict[Hashable, RoughPayoffs] = {}
        self.proofs: dict[Hashable, tuple[Proof | None]] = {}
        self._payoffs = np.empty((0, 0, 0))

    def rows(self, shape: tuple[int, ...]) -> Floats:
        """Room for payoffs ``[player, profile, game]``."""
        if self._payoffs.shape != shape:
            self._payoffs = np.empty(shape)
        return self._payoffs


_kept = _Kept()


def _last(kept: dict[Hashable, T], key: Hashable, make: Callable[[], T], most: int) -> T:
    """What is kept under a key, made where it is not there; at most so many are kept."""
    found = kept.pop(key, None)
    kept[key] = make() if found is None else found
    while len(kept) > most:
        del kept[next(iter(kept))]
    return kept[key]


class _Derived:
    """What players compare under some terms; none where a term cannot be taken down."""

    def __init__(self, terms: Mapping[str, Term], named: Values):
        self._program, self._named = Program(), named.of_samples({}, ())
        #: Kept so that no others have their identity.
        self.terms = tuple(terms.values())
        self._own = [term for term in self.terms if not str(getattr(term, "__module__", "")).startswith("triangle.")]
        self._parts: Parts | None = None
        with contextlib.suppress(Exception):  # a stranger's function may raise anything
            self._known = self._fingerprint()
            self._parts = taken_down(self.terms, self._program, self._named)

    @cached_property
    def compared(self) -> Compared | None:
        """What players compare, where the terms can be taken down; derived when first asked for, as the others are."""
        return self._made(compared)

    @cached_property
    def whole(self) -> Compared | None:
        """The payoffs at all profiles, up to what is the same at all of them."""
        # Sums that are there already decide which others are made: these come second whatever is asked for first.
        return None if self.compared is None else self._made(all_payoffs)

    @cached_property
    def entire(self) -> Compared | None:
        """The same, and nothing left out of them: to the bit what the terms add up to. In a program of its own."""
        if self._parts is None:
            return None
        program = self._program.copied()
        parts = [(i, Symbol(program, p.nodes, p.dtype) if isinstance(p, Symbol) else p) for i, p in self._parts]
        return whole_payoffs(program, parts, self._named.cast.shape)

    def _made(self, derive: Callable[[Program, Parts, tuple[int, ...]], Compared]) -> Compared | None:
        with contextlib.suppress(Exception):
            return None if self._parts is None else derive(self._program, self._parts, self._named.cast.shape)
        return None

    def _fingerprint(self) -> tuple[Hashable, ...]:
        return fingerprint(taken_down(self._own, self._program, self._named))

    @property
    def holds(self) -> bool:
        """Whether the user's own terms are still what they were: they may read something that has changed."""
        try:
            return self._parts is None or self._fingerprint() == self._known
        except Exception:
            return False


def _compared(terms: Mapping[str, Term], named: Values) -> Compared | None:
    """What players compare under these terms, or None where the payoff tensor must be made."""
    return _derived(terms, named).compared


def _derived(terms: Mapping[str, Term], named: Values) -> _Derived:
    # Terms ask by the numbers of players: what is derived of them depends on how many act how, not on who they are, but
    # for third parties, whose actions are numbers that formulas are simplified by.
    cast = named.cast
    key = cast if cast.thirds else cast.shape, tuple(map(id, terms.values()))
    if key in _kept.derived and not _kept.derived[key].holds:
        del _kept.derived[key]
    return _last(_kept.derived, key, lambda: _Derived(terms, named), most=8)


class _Workspace:
    """The comparisons of one chunk with arrays for what is asked of them, made once and used again."""

    def __init__(
        self,
        the: Compared,
        chosen: Chosen,
        size: int,
        varying: frozenset[Hashable],
        shape: tuple[int, ...],
        changing: frozenset[Hashable] | None = None,
    ):
        self.comparisons = Comparisons(the, chosen, size, varying, changing=changing)
        most = max(map(len, chosen))
        self.best = new_rows(most, size)
        self.answers = np.empty((max(shape) * most, size), dtype=np.bool_)
        self.stable = np.empty((prod(shape), size), dtype=np.bool_)
        self.more = np.empty_like(self.stable)
        #: For each player the row of every profile in ``[own action, group]``.
        self.places = [
            places_of([the.groups[player][n] for n in numbers], prod(shape)) for player, numbers in enumerate(chosen)
        ]
        arrays = (self.best, self.answers, self.stable, self.more)
        self.nbytes = self.comparisons.nbytes + sum(array.nbytes for array in arrays)


def _worked_through(
    the: Compared, chosen: Chosen, values: Values, chunk: int
) -> Iterator[tuple[slice, Values, _Workspace, Iterator[tuple[int, Floats]]]]:
    """Chunk after chunk: where it lies, its parameters, its workspace, and the players with their payoffs."""
    for piece, part, changing, again in _by_node(values, chunk):
        work = _workspace(the, chosen, part, changing)
        yield piece, part, work, work.comparisons.each(part, again)


def _by_node(values: Values, chunk: int) -> Iterator[tuple[slice, Values, frozenset[str] | None, bool]]:
    """The chunks of samples; of draws at the nodes of a grid, which parameters change from node to node, if any.

    The last says whether nothing else has changed since the chunk before.
    """
    nodes, drawn = values.samples if len(values.samples) == 2 else (1, 1)
    changing = {name: array for name, array in values.numbers.items() if nodes > 1 and array.shape[:-1] == (nodes,)}
    if drawn < _FEWEST or not changing:
        for piece, part in _chunks(values, chunk, few=True):
            yield piece, part, None, False
        return
    still = {name: array.reshape(-1) for name, array in values.numbers.items() if name not in changing}
    still[next(iter(changing))] = np.zeros(drawn)  # stands for those that change
    for piece, part in _chunks(values.of_samples(still, (drawn,)), chunk, few=True):
        places = np.minimum(np.arange(piece.start, piece.start + part.samples[0]), piece.stop - 1)
        for node in range(nodes):
            # As rows even where they are one number, so that they pass through the same instructions as elsewhere.
            here = {name: np.broadcast_to(array[node], drawn)[places] for name, array in changing.items()}
            at = slice(node * drawn + piece.start, node * drawn + piece.stop)
            yield at, part.of_samples({**part.numbers, **here}, part.samples), frozenset(changing), node > 0


def _workspace(the: Compared, chosen: Chosen, part: Values, changing: frozenset[str] | None = None) -> _Workspace:
    """The workspace for these comparisons in chunks like this one."""
    asked = list(zip(the.asked, part.named(the.asked), strict=True))
    varying = frozenset(key for key, name in asked if part[name].size > 1)
    moving = None if changing is None else frozenset(key for key, name in asked if name in changing)
    asked_for = the, chosen, part.samples[0], varying
    key, kept = (*asked_for, moving), _kept.work
    is_new = key not in kept
    found = _last(kept, key, lambda: _Workspace(*asked_for, part.cast.shape, moving), most=_MOST_WORK)
    while is_new and len(kept) > 1 and sum(work.nbytes for work in kept.values()) > _MOST_KEPT:
        del kept[next(iter(kept))]
    return found


def _masks(
    part: Values,
    work: _Workspace,
    added: Iterable[tuple[int, Floats]],
    hold: Mapping[int, int],
    tolerance: float,
) -> Masks:
    """Masks of one chunk."""
    work.stable[:] = True
    for player, own in added:
        _check(own)
        answers = _best_replies(work, own, tolerance)
        # A mode is given because the default one makes a copy.
        np.take(answers, work.places[player], axis=0, out=work.more, mode="clip")
        np.logical_and(work.stable, work.more, out=work.stable)
    masks = pack(work.stable)
    return part.cast.sets.common(masks, _held_profiles(hold, part.cast)) if hold else masks


def _best_replies(work: _Workspace, own: Floats, tolerance: float) -> Bools:
    """Whether each own action is a best reply, ``[own action, group]`` one after the other."""
    actions, groups, _ = own.shape
    best, answers = work.best[:groups], work.answers[: actions * groups]
    np.maximum.reduce(own, axis=0, out=best)
    np.subtract(best, tolerance, out=best)
    np.greater_equal(own, best, out=answers.reshape(own.shape))
    return answers


def _margins(work: _Workspace, added: Iterable[tuple[int, Floats]], profiles: list[int]) -> Floats:
    """Margins ``[profile, samples]`` of one chunk."""
    size = work.stable.shape[-1]
    found = np.full((len(profiles), size), np.inf)
    for player, own in added:
        _check(own)
        lost = np.empty(own.shape)
        for action, payoffs in enumerate(own):
            others = (own[other] for other in range(len(own)) if other != action)
            np.subtract(payoffs, reduce(np.maximum, others), out=lost[action])
        rows = lost.reshape(-1, size).take(work.places[player][profiles], axis=0, mode="clip")
        np.minimum(found, rows, out=found)
    return found


# Terms that cannot be taken down --------------------------------------------------------------------------------------


def _tensor(part: Values, terms: Mapping[str, Term]) -> Floats:
    with np.errstate(all="ignore"):
        payoffs = payoff_tensor(part, terms)
    _check(payoffs)
    return payoffs


def _held(payoffs: Floats, hold: Mapping[int, int]) -> Floats:
    """The payoffs with those of held players made equal, so that no deviation tempts them."""
    if not hold:
        return payoffs
    payoffs = payoffs.copy()
    payoffs[list(hold)] = 0.0
    return payoffs


def _added(part: Values, chosen: Chosen, terms: Mapping[str, Term]) -> Iterator[tuple[int, Floats]]:
    """The players who are asked about and their payoffs ``[profile, samples]``, from the formulas themselves."""
    profiles = list(dict.fromkeys(chain(*chosen)))
    stances, there = _stances_at(profiles, part.cast), part.at_profiles(profiles)
    payoffs = np.zeros((len(part.cast), len(profiles), *part.samples))
    for term in terms.values():
        for player, payoff in term(stances, there).items():
            payoffs[player] += payoff
    for player, some in enumerate(chosen):
        if some:
            yield player, payoffs[player, [profiles.index(profile) for profile in some]]


def _tensor_masks(part: Values, terms: Mapping[str, Term], hold: Mapping[int, int], tolerance: float) -> Masks:
    masks = equilibrium_masks(_held(_tensor(part, terms), hold), tolerance)
    return part.cast.sets.common(masks, _held_profiles(hold, part.cast)) if hold else masks


def _tensor_margins(part: Values, profiles: list[int], terms: Mapping[str, Term], hold: Mapping[int, int]) -> Floats:
    lost = losses(_tensor(part, terms)).reshape(len(part.cast), len(part.cast.profiles), -1)[:, profiles]
    lost[list(hold)] = np.inf
    smallest: Floats = lost.min(axis=0)
    return smallest
