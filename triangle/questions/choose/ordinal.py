r"""What is left of a conclusion when only rankings are believed: payoffs replaced by others in the same order.

That a player prefers one triangle to another is easier to defend than by how much. A conclusion is **ordinal** if it
survives every increasing transformation :math:`u_i \mapsto g_i(u_i)` of each player's payoffs. By construction these
do, and no experiment is needed: the set of pure equilibria, iterated strict dominance by pure actions, the actions of
the security level, payoff dominance; of a choice: maximin, satisficing with the threshold moved along, and dominance in
every world. Others rest on magnitudes: stability margins, products of losses and so most rules of selection, best
replies to mixed actions, expectations, policy regret. Those are tried here: magnitudes drawn at random, ranks kept.

**One game** (:func:`stress_game`): each player's distinct payoffs are replaced by the order statistics of as many
uniform draws, ties staying ties. Reported are the share of draws in which the rule of margins and that of products of
losses (Güth 1992) pick the same equilibrium as before, and for each player the share in which its action at that
equilibrium is also the best reply to others who act at random, which is how far it needs to be sure of them.

**A choice** (:func:`stress_choice`): many thousand uniform draws lie so evenly that their order statistics are the
ranks themselves. There the transformation is a random increasing broken line over the ranks, with `_KNOTS` steps in
proportions drawn from a Dirichlet distribution: some stretches of the ranking come to matter much, others hardly.
Beyond the draws, an option whose outcomes stand in first-order stochastic dominance to all others' is the best in
expectation under **every** increasing transformation (Hadar and Russell 1969).

References
----------
Güth, W. (1992). Equilibrium selection by unilateral deviation stability. In R. Selten (ed.), *Rational Interaction*,
Springer, 161-189.
Hadar, J. and Russell, W. R. (1969). Rules for ordering uncertain prospects. *American Economic Review* 59(1), 25-34.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.bitboards import pack, profiles_of
from triangle.games.normal_form import TOLERANCE, losses
from triangle.questions.choose.robustness import policy_regrets
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: Steps of the broken line, and the Dirichlet parameter of each: below 1, a few steps take most of the rise.
_KNOTS, _CONCENTRATION = 16, 0.5


@dataclass(frozen=True)
class GameStress:
    """One game under random magnitudes with the same rankings.

    Attributes
    ----------
    equilibria : tuple of int
        Indices of the pure equilibria; the same in every draw, which is checked.
    by_margin, by_losses : int or None
        The equilibrium of the largest margin, and that of the largest product of losses; None where there is none.
    margin_kept, losses_kept : int
        Draws in which each of these rules picks the same again.
    sure_replies : tuple of int
        For each player, draws in which its action at `by_margin` is the best reply to others who act at random.
    draws, seed : int
    """

    equilibria: tuple[int, ...]
    by_margin: int | None
    by_losses: int | None
    margin_kept: int
    losses_kept: int
    sure_replies: tuple[int, ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class ChoiceStress:
    """A choice under random increasing transformations of its outcomes.

    Attributes
    ----------
    expected_kept, policy_regret_kept : int
        Draws in which the option first chosen by this criterion is still among the best.
    expected_wins, policy_regret_wins : tuple of int
        For each option the draws in which it is among the best.
    dominating : tuple of int
        Options whose outcomes dominate every other option's, first order: best in expectation whatever the magnitudes.
    undominated : tuple of int
        Options that no other dominates, first order; the best in expectation is always among them, up to ties.
    draws, seed : int
    """

    expected_kept: int
    policy_regret_kept: int
    expected_wins: tuple[int, ...]
    policy_regret_wins: tuple[int, ...]
    dominating: tuple[int, ...]
    undominated: tuple[int, ...]
    draws: int
    seed: int


def ranks(numbers: ArrayLike, tolerance: float = TOLERANCE) -> NDArray[np.intp]:
    """Dense ranks from 0, of an array of any shape; numbers closer to the next than the tolerance share one.

    >>> ranks([3.0, 1.0, 3.0, 7.0]).tolist()
    [1, 0, 1, 2]
    """
    flat = np.asarray(numbers, dtype=np.float64)
    order = np.argsort(flat, axis=None, kind="stable")
    steps = np.diff(flat.reshape(-1)[order], prepend=flat.reshape(-1)[order[:1]]) > tolerance
    found = np.empty(flat.size, dtype=np.intp)
    found[order] = np.cumsum(steps)
    return found.reshape(flat.shape)


def stress_game(study: Study, draws: int = 1000, seed: int = 0) -> GameStress:
    """A study's game with random magnitudes and the same rankings; held players do not deviate.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> found = stress_game(Study(model, read_scenario("baseline", model), {}), draws=50)
    >>> found.equilibria, found.margin_kept == found.draws
    ((0, 5), False)
    """
    rng = np.random.default_rng([seed, 42])
    original = study.payoffs
    payoffs = np.stack([_redrawn(ranks(own), draws, rng) for own in original])
    before = _picked(original[..., None], study, TOLERANCE)
    after = _picked(payoffs, study, 0.0)  # redrawn payoffs tie exactly or not at all
    if not (after[0] == before[0][0]).all():
        raise AssertionError("pure equilibria have changed under an increasing transformation")
    equilibria = tuple(profiles_of(before[0][0]))
    by_margin, by_losses = (int(rule[0]) if equilibria else None for rule in before[1:])
    sure: tuple[int, ...] = (0,) * len(study.cast)
    if by_margin is not None:
        actions = study.cast.profiles[by_margin]
        sure = tuple(_sure(payoffs, i, action, study) for i, action in enumerate(actions))
    return GameStress(
        equilibria,
        by_margin,
        by_losses,
        int((after[1] == by_margin).sum()) if equilibria else 0,
        int((after[2] == by_losses).sum()) if equilibria else 0,
        sure,
        draws,
        seed,
    )


def _redrawn(rank: NDArray[np.intp], draws: int, rng: np.random.Generator) -> Floats:
    """Order statistics of uniform draws in the place of ranks, ``[...profile, draw]``."""
    levels = np.sort(rng.random((int(rank.max()) + 1, draws)), axis=0)
    redrawn: Floats = levels[rank]
    return redrawn


def _picked(payoffs: Floats, study: Study, tie: float) -> tuple[NDArray[np.uint64], NDArray[np.intp], NDArray[np.intp]]:
    """Sets of equilibria of a batch, and the picks by margin and by product of losses, for free players."""
    free = [i for i in range(len(study.cast)) if i not in study.hold]
    lost = losses(payoffs)[free]
    index = [slice(None)] * (1 + len(study.cast))
    allowed = np.zeros(study.cast.shape, dtype=np.bool_)
    for player, action in study.hold.items():
        index[1 + player] = slice(action, action + 1)
    allowed[tuple(index[1:])] = True
    stable = (lost >= -tie).all(axis=0) & allowed[..., None]
    flat = stable.reshape(allowed.size, -1)
    masks = pack(flat)
    smallest = np.where(flat, lost.min(axis=0, initial=np.inf).reshape(allowed.size, -1), -np.inf)
    product = np.where(flat, np.maximum(lost, 0.0).prod(axis=0).reshape(allowed.size, -1), -np.inf)
    return masks, smallest.argmax(axis=0), product.argmax(axis=0)


def _sure(payoffs: Floats, player: int, action: int, study: Study) -> int:
    """Draws in which an action is the best reply to others who play each action that is open to them equally often."""
    if player in study.hold:
        return int(payoffs.shape[-1])
    own = np.moveaxis(payoffs[player], player, 0)
    others = [i for i in range(len(study.cast)) if i != player]
    index: list[slice] = [slice(None)]
    index += [slice(study.hold[i], study.hold[i] + 1) if i in study.hold else slice(None) for i in others]
    mean = own[tuple(index)].mean(axis=tuple(range(1, len(study.cast))))
    return int((mean.argmax(axis=0) == action).sum())


def stress_choice(outcomes: ArrayLike, draws: int = 200, seed: int = 0) -> ChoiceStress:
    """A table of outcomes ``[option, world]`` under random increasing transformations of its ranks.

    Examples
    --------
    >>> found = stress_choice([[3.0, 4.0], [1.0, 2.0], [0.0, 9.0]], draws=50)
    >>> found.dominating, found.undominated
    ((), (0, 2))
    """
    table = np.asarray(outcomes, dtype=np.float64)
    rank = ranks(table)
    chosen = table.mean(axis=1) >= table.mean(axis=1).max() - TOLERANCE
    saved = policy_regrets(table).max(axis=1)
    cautious = saved <= saved.min() + TOLERANCE
    rng = np.random.default_rng([seed, 43])
    top = max(int(rank.max()), 1)
    wins = np.zeros((2, len(table)), dtype=np.int64)
    kept = [0, 0]
    for _ in range(draws):
        heights = np.concatenate([[0.0], np.cumsum(rng.dirichlet(np.full(_KNOTS, _CONCENTRATION)))])
        levels = np.interp(np.arange(top + 1), np.linspace(0, top, _KNOTS + 1), heights)
        moved = levels[rank]
        scores = moved.mean(axis=1), -policy_regrets(moved).max(axis=1)
        for place, (score, before) in enumerate(zip(scores, (chosen, cautious), strict=True)):
            best = score >= score.max() - 1e-12
            wins[place] += best
            kept[place] += bool((best & before).any())
    dominating, undominated = first_order(table)
    return ChoiceStress(
        kept[0], kept[1], tuple(wins[0].tolist()), tuple(wins[1].tolist()), dominating, undominated, draws, seed
    )


def first_order(outcomes: ArrayLike) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Options ``[option, world]`` that dominate all others first order, and those that none strictly dominates.

    One option dominates another if each of its quantiles is at least as large, worlds counted alike.
    """
    quantiles = np.sort(np.asarray(outcomes, dtype=np.float64), axis=1)
    dominating, undominated = [], []
    for option, own in enumerate(quantiles):
        ahead = quantiles - own
        if (ahead <= TOLERANCE).all():
            dominating.append(option)
        if not ((ahead >= -TOLERANCE).all(axis=1) & (ahead > TOLERANCE).any(axis=1)).any():
            undominated.append(option)
    return tuple(dominating), tuple(undominated)
