r"""From parameters to the sets of pure equilibria of many games, in one go and at the speed of the cache.

The set of pure equilibria of a game is one ``uint64``: bit ``16 a_US + 4 a_RU + a_CN`` is set where that profile is an
equilibrium (:mod:`triangle.games.bitboards`), by the rule of :func:`triangle.games.normal_form.is_nash`.

Samples are worked through in chunks whose payoffs stay in the cache. For the shipped terms only what players compare
is computed (:mod:`triangle.batch.comparisons`); for any others the whole payoff tensor of a chunk is. The two agree
except where a margin is within rounding of the tolerance, some 1e-12 billion dollars. Results do not depend on the
chunk: the last one is filled up to whole vectors of the processor, so that each sample passes through the same
instructions wherever it stands.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import TriangleError
from triangle.batch.comparisons import Comparisons
from triangle.batch.plan import Run, plan
from triangle.batch.rows import new_rows
from triangle.games.bitboards import Masks, equilibrium_masks, mask_of_profiles, pack
from triangle.games.normal_form import TOLERANCE, losses
from triangle.model.mechanisms import bargaining_share_ru
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import TERMS, Term
from triangle.players.axes import N_ACTIONS, N_PROFILES, PLAYERS, profile_actions
from triangle.players.stances import Stances, stance_array

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Samples of a chunk; `benchmarks/bench_sweep.py` measures others. Shorter ones spend their time on calls, longer ones
#: outside the second cache.
CHUNK = 4096

#: The same where the whole payoff tensor is made: 192 numbers a sample, and as many again in its making.
TENSOR_CHUNK = 17 * 64

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
    terms: Mapping[str, Term] = TERMS,
    *,
    hold: Mapping[int, int] | None = None,
    tolerance: float = TOLERANCE,
    chunk: int | None = None,
) -> Masks:
    """The set of pure equilibria of every game of a batch.

    Parameters
    ----------
    values : Values
        Parameter values over samples of any shape.
    terms : mapping of str to Term
        Payoff terms; the shipped ones are computed by the fused kernel.
    hold : mapping of int to int, optional
        Players held at an action: they do not deviate, and only profiles with that action count.
    tolerance : float
        Largest gain by deviating that counts as none, in billion dollars a year.
    chunk : int, optional
        Samples computed at a time; changes no result.

    Returns
    -------
    array of uint64, of the shape of the samples

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> int(sweep_masks(Values(model.catalogue.defaults() | {"relief": [0.0, 1.0]}), model.terms)[0])
    32
    """
    hold = hold or {}
    masks = np.empty(_size(values), dtype=np.uint64)
    if _fused(terms):
        with unbuffered(all="ignore"):
            for piece, part in _chunks(values, CHUNK if chunk is None else chunk, few=True):
                masks[piece] = _fused_masks(part, hold, tolerance)[: piece.stop - piece.start]
    else:
        for piece, part in _chunks(values, TENSOR_CHUNK if chunk is None else chunk):
            masks[piece] = _tensor_masks(part, terms, hold, tolerance)[: piece.stop - piece.start]
    return masks.reshape(values.samples)


def sweep_margins(
    values: Values,
    profiles: Sequence[int],
    terms: Mapping[str, Term] = TERMS,
    *,
    hold: Mapping[int, int] | None = None,
    chunk: int | None = None,
) -> Floats:
    """Stability margin of chosen profiles: the smallest loss that any free player suffers by deviating.

    Parameters
    ----------
    profiles : sequence of int
        Indices of profiles, 0 to 63, in any order.

    Returns
    -------
    array, shape (len(profiles), ...samples), in billion dollars a year; at least ``-TOLERANCE`` where the profile is
    an equilibrium. Infinite where every player is held.
    """
    chosen = _known(profiles)
    hold = hold or {}
    found = np.empty((len(chosen), _size(values)))
    fused = _fused(terms)
    with unbuffered(all="ignore"):
        for piece, part in _chunks(values, (CHUNK if fused else TENSOR_CHUNK) if chunk is None else chunk, fused):
            rows = _fused_margins(part, chosen, hold) if fused else _tensor_margins(part, chosen, terms, hold)
            found[:, piece] = rows[:, : piece.stop - piece.start]
    return found.reshape(len(chosen), *values.samples)


def sweep_payoffs(
    values: Values, profiles: Sequence[int], terms: Mapping[str, Term] = TERMS, *, chunk: int | None = None
) -> Floats:
    """Payoffs of all players at chosen profiles.

    Returns
    -------
    array, shape (3, len(profiles), ...samples), in billion dollars a year.
    """
    chosen = _known(profiles)
    stances = _stances_at(chosen)
    found = np.zeros((len(PLAYERS), len(chosen), _size(values)))
    for piece, part in _chunks(values, CHUNK if chunk is None else chunk):
        with np.errstate(all="ignore"):
            for term in terms.values():
                for player, payoff in term(stances, part).items():
                    found[player, :, piece] += payoff[..., : piece.stop - piece.start]
        _check(found[:, :, piece])
    return found.reshape(len(PLAYERS), len(chosen), *values.samples)


def sweep_bargaining(values: Values, profiles: Sequence[int], *, chunk: int | None = None) -> Floats:
    """Russia's share of a pipeline's surplus at chosen profiles, whether or not there is a pipeline.

    Returns
    -------
    array, shape (len(profiles), ...samples), 0 to 1.
    """
    chosen = _known(profiles)
    stances = _stances_at(chosen)
    found = np.empty((len(chosen), _size(values)))
    for piece, part in _chunks(values, CHUNK if chunk is None else chunk):
        found[:, piece] = bargaining_share_ru(stances, part)[..., : piece.stop - piece.start]
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


def _fused(terms: Mapping[str, Term]) -> bool:
    """Whether these are the shipped terms, under whatever name and in whatever order."""
    return terms is TERMS or (len(terms) == len(TERMS) and set(terms.values()) == set(TERMS.values()))


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
    flat: dict[str, Floats | np.flatiter[Floats]] = {}
    single: dict[str, Floats] = {}
    for name, array in values.numbers.items():
        if array.size == 1:
            single[name] = array.reshape(1)
        elif array.size == size:
            flat[name] = array.reshape(-1)
        else:
            # An axis of a grid: spread out for one chunk only.
            flat[name] = np.broadcast_to(array, values.samples).flat
    for start in range(0, size, chunk):
        stop = min(start + chunk, size)
        numbers = single | {name: column[start:stop] for name, column in flat.items()}
        filled = _filled_up(stop - start, chunk) if few else _whole(stop - start)
        if filled == size and values.samples == (size,):
            yield slice(start, stop), values
            return
        if filled > stop - start:
            for name in flat:
                numbers[name] = np.pad(numbers[name], (0, filled - (stop - start)), mode="edge")
        yield slice(start, stop), values.of_samples(numbers, (filled,))


def _whole(samples: int) -> int:
    """The length of whole vectors that hold so many samples."""
    return _VECTOR * -(-samples // _VECTOR)


def _filled_up(samples: int, chunk: int) -> int:
    """One of few such lengths, at most that of a chunk."""
    length = _VECTOR
    while length < min(samples, chunk // 4):
        length *= 4
    return length if length >= samples else _whole(chunk)


def _check(payoffs: Floats) -> None:
    if not np.isfinite(payoffs).all():
        raise TriangleError(_NOT_FINITE)


def _known(profiles: Sequence[int]) -> list[int]:
    chosen = [int(profile) for profile in profiles]
    for profile in chosen:
        if not 0 <= profile < N_PROFILES:
            raise ValueError(f"profile {profile} does not exist; expected 0 to {N_PROFILES - 1}")
    return chosen


def _stances_at(profiles: list[int]) -> Stances:
    """Stances ``[profile, samples]`` at some profiles."""
    table = stance_array().reshape(3, 3, N_PROFILES)[:, :, profiles]
    return Stances({(i, j): table[i, j, :, None] for i in range(3) for j in range(3) if i != j})


def _held_profiles(hold: Mapping[int, int]) -> np.uint64:
    """The mask of profiles in which the held players play their action."""
    return mask_of_profiles(
        profile
        for profile in range(N_PROFILES)
        if all(profile_actions(profile)[player] == action for player, action in hold.items())
    )


# The fused kernel -----------------------------------------------------------------------------------------------------


class _Workspace:
    """Arrays of one chunk, made once and used again."""

    def __init__(self, size: int):
        self.comparisons = Comparisons(size)
        self.answers = np.empty((max(_rows_of_answers(runs) for runs in plan().runs), size), dtype=np.bool_)
        self.stable = np.empty((N_PROFILES, size), dtype=np.bool_)
        self.more = np.empty_like(self.stable)
        width = max(len(run.groups) for runs in plan().runs for run in runs)
        best = new_rows(width, size)
        #: For each player and run where the best payoff of each group and the answers go.
        self.tests = tuple(tuple(self._test(best, runs, run) for run in range(len(runs))) for runs in plan().runs)

    def _test(self, best: Floats, runs: Sequence[Run], run: int) -> tuple[Floats, Bools]:
        width, first = len(runs[run].groups), _rows_of_answers(runs[:run])
        answers = self.answers[first : first + N_ACTIONS * width]
        return best[:width], answers.reshape(N_ACTIONS, width, -1)


def _rows_of_answers(runs: Sequence[Run]) -> int:
    """Whether an action is a best reply, ``[run, own action, group]`` one after the other."""
    return sum(N_ACTIONS * len(run.groups) for run in runs)


@cache
def _places() -> tuple[NDArray[np.intp], ...]:
    """For each player the row among its answers of every profile."""
    found = []
    for runs in plan().runs:
        places = np.empty(N_PROFILES, dtype=np.intp)
        row = 0
        for run in runs:
            for number, group in enumerate(run.groups):
                for fours in group.profiles:
                    places[list(fours)] = row + number + len(run.groups) * np.arange(N_ACTIONS)
            row += N_ACTIONS * len(run.groups)
        found.append(places)
    return tuple(found)


_local = threading.local()


def _workspace(size: int) -> _Workspace:
    """The workspace of this thread for chunks of this size; the four last used are kept."""
    kept: dict[int, _Workspace] = _local.__dict__.setdefault("workspaces", {})
    if size not in kept:
        while len(kept) > 3:
            del kept[next(iter(kept))]
        kept[size] = _Workspace(size)
    return kept[size]


def _filled(part: Values) -> _Workspace:
    """The workspace with a chunk taken in."""
    work = _workspace(part.samples[0])
    work.comparisons.fill(part)
    if not work.comparisons.is_finite():
        raise TriangleError(_NOT_FINITE)
    return work


def _fused_masks(part: Values, hold: Mapping[int, int], tolerance: float) -> Masks:
    """Masks of one chunk."""
    work = _filled(part)
    free = [player for player in range(len(PLAYERS)) if player not in hold]
    if not free:
        work.stable[:] = True
    for player in free:
        _best_replies(work, player, tolerance)
        # A mode is given because the default one makes a copy.
        if player == free[0]:
            np.take(work.answers, _places()[player], axis=0, out=work.stable, mode="clip")
        else:
            np.take(work.answers, _places()[player], axis=0, out=work.more, mode="clip")
            np.logical_and(work.stable, work.more, out=work.stable)
    masks = pack(work.stable)
    return masks & _held_profiles(hold) if hold else masks


def _best_replies(work: _Workspace, player: int, tolerance: float) -> None:
    """Write into the workspace which actions of a player are best replies."""
    work.comparisons.turn_to(player)
    for run, (best, answers) in enumerate(work.tests[player]):
        own = work.comparisons.assemble(player, run)
        np.maximum.reduce(own, axis=0, out=best)
        np.subtract(best, tolerance, out=best)
        np.greater_equal(own, best, out=answers)


def _fused_margins(part: Values, profiles: list[int], hold: Mapping[int, int]) -> Floats:
    """Margins ``[profile, samples]`` of one chunk."""
    work = _filled(part)
    found = np.full((len(profiles), *part.samples), np.inf)
    for player in range(len(PLAYERS)):
        if player in hold:
            continue
        work.comparisons.turn_to(player)
        for run, number, wanted in _wanted(player, tuple(profiles)):
            own = work.comparisons.assemble(player, run)[:, number]
            better = np.maximum(own[0], own[1]), np.maximum(own[2], own[3])
            for action, places in wanted:
                # The best other action is the other of its pair or the better of the other pair.
                loss = own[action] - np.maximum(own[action ^ 1], better[1 - action // 2])
                for place in places:
                    np.minimum(found[place], loss, out=found[place])
    return found


@cache
def _wanted(player: int, profiles: tuple[int, ...]) -> list[tuple[int, int, list[tuple[int, list[int]]]]]:
    """Runs and groups in which chosen profiles stand: for each own action those profiles' places in the answer."""
    found = []
    for place_of_run, run in enumerate(plan().runs[player]):
        for number, group in enumerate(run.groups):
            by_action: dict[int, list[int]] = {}
            for place, profile in enumerate(profiles):
                for fours in group.profiles:
                    if profile in fours:
                        by_action.setdefault(fours.index(profile), []).append(place)
            if by_action:
                found.append((place_of_run, number, sorted(by_action.items())))
    return found


# Terms of the user's own ----------------------------------------------------------------------------------------------


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


def _tensor_masks(part: Values, terms: Mapping[str, Term], hold: Mapping[int, int], tolerance: float) -> Masks:
    masks = equilibrium_masks(_held(_tensor(part, terms), hold), tolerance)
    return masks & _held_profiles(hold) if hold else masks


def _tensor_margins(part: Values, profiles: list[int], terms: Mapping[str, Term], hold: Mapping[int, int]) -> Floats:
    lost = losses(_tensor(part, terms)).reshape(len(PLAYERS), N_PROFILES, -1)[:, profiles]
    lost[list(hold)] = np.inf
    smallest: Floats = lost.min(axis=0)
    return smallest
