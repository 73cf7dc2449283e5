r"""All mixed equilibria of a two-player game through nashpy, completed and judged by our own tests.

Actions that are iteratively strictly dominated are left out first. Support enumeration (Nisan et al. 2007, algorithm
3.4; nashpy's implementation) lists the equilibria. It compares floats for equality and so can refuse an equilibrium,
and it does not see all ties; each of its points is therefore checked by its regret, and the supports are enumerated
once more with proofs (:mod:`triangle.solvers.mixed.enumeration`). The verdict is

``complete``
    every support is decided, all equilibria are regular and quasi-strict, and their indices add to +1 (Shapley 1974),
``degenerate``
    an equilibrium leaves a best reply unplayed or is a singular solution; continua of equilibria are possible,
``undecided``
    neither, and a support stayed open or the indices do not add up.

Of a small game whose verdict is not ``complete`` all extreme equilibria are listed instead, by exact arithmetic, with
the components in which they hang together (:mod:`triangle.solvers.mixed.extreme`); of a larger one some points are.

Where nashpy warns that a game looks degenerate, `advice` repeats it; it also says how many equilibria nashpy missed.

References
----------
Knight, V. and Campbell, J. (2018). Nashpy: a Python library for the computation of Nash equilibria. *Journal of Open
Source Software* 3(30), 904.
Nisan, N., Roughgarden, T., Tardos, E. and Vazirani, V. V. (2007). *Algorithmic Game Theory*. Cambridge University
Press, ch. 3.
Shapley, L. S. (1974). A note on the Lemke-Howson algorithm. *Mathematical Programming Study* 1, 175-189.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.games.dominance import undominated
from triangle.games.mixed import (
    described,
    deviation_payoffs,
    equilibrium_index,
    has_tie,
    indifference_jacobian,
    is_equilibrium,
    mixed_regrets,
    restricted,
)
from triangle.games.normal_form import Floats, NormalFormGame, rounding
from triangle.games.shares import in_shares
from triangle.games.solution import Solution, Verdict
from triangle.solvers.mixed.enumeration import SAME, SHARE, SINGULAR, index_if_regular, list_equilibria, split
from triangle.solvers.mixed.extreme import Extreme, extreme_equilibria, within_reach

Pair = tuple[Floats, Floats]
Indices = NDArray[np.intp]

#: Share of the spread that counts as no gain where probabilities are right to their last digits.
EXACT = 1e-13


def solve_bilateral(game: NormalFormGame, tolerance: float = SHARE) -> Solution:
    """All mixed equilibria of a game in which at most two players have a choice, with a verdict.

    Parameters
    ----------
    game : NormalFormGame
        One game of any number of players, all but two (or fewer) of them held to a single action, as by
        :meth:`~triangle.games.normal_form.NormalFormGame.hold`.
    tolerance : float
        Largest gain by deviating that counts as none, in shares of the player's payoff range.

    Returns
    -------
    Solution
        Equilibria with a mixed action for every player of `game`.

    Raises
    ------
    ValueError
        For a batch, and where more than two players have a choice.

    Examples
    --------
    >>> pennies = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> solution = solve_bilateral(pennies)
    >>> solution.verdict, solution.equilibria[0].probabilities
    ('complete', ((0.5, 0.5), (0.5, 0.5)))
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    movers = [p for p, count in enumerate(game.actions) if count > 1]
    if len(movers) > 2:
        raise ValueError(f"{len(movers)} players have a choice; hold all but two to one action each")
    # With fewer than two movers some held player stands in: it has one row or column.
    pair = (movers + [p for p in range(game.n_players) if p not in movers])[:2]
    pair.sort()
    payoffs = game.payoffs[pair].reshape(2, *(game.actions[p] for p in pair))
    left = [np.flatnonzero(mask) for mask in undominated(payoffs)]
    reduced = restricted(payoffs, left)
    small = in_shares(reduced)
    tolerance = max(tolerance, _roughness(reduced))
    profiles, remarks = _through_nashpy(small, tolerance)
    known = len(profiles)
    proved = _completed(profiles, small, tolerance)
    if len(profiles) > known:
        remarks.append(f"nashpy missed {len(profiles) - known} of {len(profiles)}")
    classes = [_classified(small, profile, tolerance) for profile in profiles]
    extreme: Extreme | None = None
    verdict: Verdict = "undecided"
    if any(tied or singular for _, tied, singular in classes):
        verdict = "degenerate"
        remarks.insert(0, "an equilibrium leaves a best reply unplayed (tie) or is singular")
    elif proved and sum(index for index, _, _ in classes) == 1 and all(is_equilibrium(reduced, p) for p in profiles):
        verdict = "complete"
    else:
        remarks.insert(0, "a support stayed open or the indices of the equilibria do not add to +1")
    if verdict != "complete" and within_reach(reduced.shape[1:]):
        extreme = extreme_equilibria(reduced)
        profiles = [(np.array(x, dtype=float), np.array(y, dtype=float)) for x, y in extreme.equilibria]
        classes = [_classified_exactly(small, profile) for profile in profiles]
        # How many of them nashpy missed was counted among what need not all be equilibria.
        remarks = [remarks[0], *(remark for remark in remarks[1:] if remark.startswith("nashpy:"))]
        if all(index != 0 for index, _, _ in classes) and sum(index for index, _, _ in classes) == 1:
            # What lay too close together in shares of the range is told apart by exact arithmetic.
            verdict, extreme = "complete", None
            del remarks[0]
        else:
            remarks.append(_described(extreme))
    elif verdict != "complete":
        sound = [bool(is_equilibrium(reduced, profile)) for profile in profiles]
        profiles = [profile for profile, stands in zip(profiles, sound, strict=True) if stands]
        classes = [kind for kind, stands in zip(classes, sound, strict=True) if stands]
    equilibria = []
    for profile, (index, tied, _) in zip(profiles, classes, strict=True):
        mixed = [np.ones(1)] * game.n_players
        for player, x in zip(pair, _over_all_actions(profile, left, payoffs), strict=True):
            mixed[player] = x
        equilibria.append(described(game, tuple(mixed), index, not tied))
    settings: dict[str, object] = {"tolerance": tolerance, "through": "nashpy"}
    parts = (extreme.components, extreme.subsets) if extreme else ((), ())
    return Solution("mixed", verdict, tuple(equilibria), "; ".join(remarks), settings, *parts)


def _roughness(payoffs: Floats) -> float:
    """What rounding may have made of the payoffs, as a share of the range of the player hit most."""
    span = np.ptp(payoffs / 2.0, axis=(1, 2)) * 2.0
    most = rounding(payoffs)
    return float(np.divide(most, span, out=np.zeros(2), where=span > most).max())


def _described(extreme: Extreme) -> str:
    """What the list is and how its members hang together, in words that count them from 1."""
    parts = [f"{{{', '.join(str(k + 1) for k in part)}}}" for part in extreme.components if len(part) > 1]
    alone = "each stands alone" if not parts else f"those of one component hang together: {', '.join(parts)}"
    return f"all {len(extreme.equilibria)} extreme equilibria are listed, by exact arithmetic; {alone}"


def _over_all_actions(profile: Pair, left: Sequence[Indices], matrices: Floats) -> Pair:
    """A profile of the actions that dominance leaves, as one of all actions."""
    first, second = (np.zeros(size) for size in matrices.shape[1:])
    first[left[0]], second[left[1]] = profile
    return first, second


def _through_nashpy(matrices: Floats, tolerance: float) -> tuple[list[Pair], list[str]]:
    """What nashpy finds, without copies, and its first warning."""
    import nashpy  # which is long in loading

    bimatrix = nashpy.Game(*matrices)
    found: list[Pair] = []
    warned = _collect(found, bimatrix.support_enumeration, matrices, tolerance)
    if not found:
        _collect(found, bimatrix.lemke_howson_enumeration, matrices, tolerance)
    return found, [f"nashpy: {warned}"] if warned else []


def _completed(found: list[Pair], matrices: Floats, tolerance: float) -> bool:
    """Add the equilibria that nashpy missed; whether every support was decided."""
    shape = matrices.shape[1:]
    third = np.zeros((1, *shape))
    listed = list_equilibria(np.concatenate([matrices, third])[..., None, None], tolerance)
    for x, y in zip(*(p.T for p in split(listed.stacked, (*shape, 1))[:2]), strict=True):
        _add(found, (x, y))
    return listed.open_game.size == 0


def _collect(found: list[Pair], method: Callable[[], Iterable[Any]], matrices: Floats, tolerance: float) -> str:
    """Add what one method of nashpy finds and our regret test accepts; returns its first warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        candidates = []
        try:
            for candidate in method():
                candidates.append(candidate)
        except (ValueError, IndexError, RuntimeError, np.linalg.LinAlgError) as error:
            # Degenerate games can break nashpy's geometry midway; what it found until then is kept.
            warnings.warn(f"{method.__name__} stopped: {type(error).__name__}", RuntimeWarning, stacklevel=2)
    for candidate in candidates:
        profile = _cleaned(candidate, matrices, tolerance)
        if profile is not None:
            _add(found, profile)
    return " ".join(str(caught[0].message).split()) if caught else ""


def _cleaned(candidate: Iterable[Any], matrices: Floats, tolerance: float) -> Pair | None:
    """A candidate as probabilities, if it is an equilibrium."""
    profile = []
    for x, size in zip(candidate, matrices.shape[1:], strict=True):
        mixed = np.asarray(x, dtype=np.float64)
        if mixed.shape != (size,) or not np.isfinite(mixed).all() or mixed.sum() <= 0:
            return None
        mixed = np.where(mixed <= tolerance, 0.0, mixed)
        profile.append(mixed / mixed.sum())
    return (profile[0], profile[1]) if mixed_regrets(matrices, profile).max() <= tolerance else None


def _add(found: list[Pair], profile: Pair) -> None:
    if all(max(np.abs(x - y).max() for x, y in zip(profile, other, strict=True)) >= SAME for other in found):
        found.append(profile)


def _classified(matrices: Floats, profile: Pair, tolerance: float) -> tuple[int, bool, bool]:
    """Index (0 where it means nothing), whether a best reply is unplayed, whether the solution is singular."""
    values = deviation_payoffs(matrices, profile)
    tied = any(((x == 0.0) & (v >= v.max() - tolerance)).any() for x, v in zip(profile, values, strict=True))
    played = [np.flatnonzero(x) for x in profile]
    mixed = [x[p] for x, p in zip(profile, played, strict=True)]
    jacobian = indifference_jacobian(restricted(matrices, played), mixed)
    singular = jacobian.size > 0 and not np.linalg.cond(jacobian) < SINGULAR
    return (0 if tied or singular else equilibrium_index(matrices, profile, 0.0)), tied, singular


def _classified_exactly(matrices: Floats, profile: Pair) -> tuple[int, bool, bool]:
    """The same of a profile all of whose probabilities are right to their last digits."""
    tied = bool(has_tie(matrices, profile, EXACT))
    index = 0 if tied else index_if_regular(matrices, profile)
    return index, tied, index == 0 and not tied
