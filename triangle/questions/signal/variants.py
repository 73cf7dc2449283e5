"""Variants of the offer: an America of unknown type with a costly step first, and a menu of two contracts.

**An America of unknown type.** Russia expects the mean of its payoffs over the American types that it believes in,
and so do its later replies. America may take a step first that costs it something. The step tells the types apart if
the first gains more by being taken for the first than it costs, and the second less: *separating* needs a cost
between the two gains. Each gain is the difference between America's best equilibria when it is believed to be the one
and the other, America's own payoffs being those of the type that it is.

**A menu.** Both contracts lie on the table; Russia refuses, or takes one and pockets or delivers. Which one it took
is seen, evasion only with the probability of being seen; America goes on or snaps back at each of the four sets. All
perfect Bayesian equilibria of the tree are found, by all supports: Russia may mix contracts and answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from triangle.games.normal_form import Floats
from triangle.games.tree import Branch, Chance, Leaf, Move, Tree
from triangle.players.axes import RU, US
from triangle.players.cast import Cast
from triangle.questions.signal.offer import offers
from triangle.questions.signal.record import America, Chosen, Menu, Mixture
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.screening import Screening
from triangle.solvers.beliefs.supports import BayesianEquilibrium, solve_beliefs
from triangle.study.study import Study

#: America's payoff in the equilibrium that it likes best.
Best = Callable[[Screening], float]


def america(
    study: Study, types: tuple[str, str], own: Mapping[str, float], china: str, prior: Mapping[str, float], best: Best
) -> America:
    """What an American type is worth to be believed, and which costs of a step would tell the types apart."""
    first, second = names = tuple(prior)

    def worth(truth: str, believed: Mapping[str, float]) -> float:
        return best(offers(study, types, own, {}, china, believed, truth).games)

    rows = [[worth(truth, {name: 1.0}) for name in names] for truth in names]
    gains = [row[0] - row[1] for row in rows]
    return America(
        types=(first, second),
        prior=(prior[first], prior[second]),
        worth=((rows[0][0], rows[0][1]), (rows[1][0], rows[1][1])),
        pooled=(worth(first, prior), worth(second, prior)),
        step=(gains[1], gains[0]),
    )


def menu(
    study: Study,
    types: tuple[str, str],
    own: Mapping[str, float],
    china: str,
    second: Mapping[str, float],
    believed: Mapping[str, float] | None = None,
) -> Menu:
    """All equilibria of two contracts offered at once."""
    contracts = [offers(study, types, own, settings, china, believed).games for settings in ({}, dict(second))]
    tree = menu_tree(contracts, types, study.cast)
    solution, alone = solve_beliefs(tree), solve_beliefs(contracts[0].tree())
    checked = [certify_beliefs(tree, e.assessment.strategies, e.assessment.beliefs) for e in solution.equilibria]
    best, before = (max((e.payoffs[1] for e in s.equilibria), default=None) for s in (solution, alone))
    return Menu(
        second=dict(second),
        verdict=solution.verdict,
        equilibria=tuple(_chosen(tree, one, types) for one in solution.equilibria),
        gain=None if best is None or before is None else best - before,
        largest_gain=max((gain for one in checked for gain in one.gains), default=0.0),
    )


def menu_tree(contracts: list[Screening], types: tuple[str, str], cast: Cast) -> Tree:
    """The game of several contracts as a tree."""
    sender, receiver = cast.codes[RU], cast.codes[US]

    def answered(at: str, payoffs: Floats) -> Move:
        return Move(receiver, at, {name: Leaf(*payoffs[:, k]) for k, name in enumerate(("snap back", "continue"))})

    def kind(t: int) -> Move:
        follows: dict[str, Branch] = {"refuse": Leaf(*contracts[0].refused[:, t])}
        for number, game in enumerate(contracts, 1):
            q = float(game.seen)
            ways = {"seen": (q, f"{number}: seen pocketing"), "hidden": (1 - q, f"{number}: looks delivered")}
            odds = {name: p for name, (p, _) in ways.items() if p > 0}
            after = {name: answered(ways[name][1], game.pocketed[:, t]) for name in odds}
            follows[f"take {number} and pocket"] = Chance(odds, after)
            follows[f"take {number} and deliver"] = answered(f"{number}: looks delivered", game.delivered[:, t])
        return Move(sender, types[t], follows)

    p = float(contracts[0].prior)
    chances = {name: odds for name, odds in zip(types, (1 - p, p), strict=True) if odds > 0}
    return Tree.of((sender, receiver), Chance(chances, {name: kind(types.index(name)) for name in chances}))


def _chosen(tree: Tree, one: BayesianEquilibrium, types: tuple[str, str]) -> Chosen:
    played = {s.name: _mixture(s.actions, p) for s, p in zip(tree.sets, one.assessment.strategies, strict=True)}
    answers = (played.get(types[0], ()), played.get(types[1], ()))
    goes_on = tuple((name, mixture) for name, mixture in played.items() if name not in types)
    return Chosen(answers, goes_on, (one.payoffs[0], one.payoffs[1]))


def _mixture(actions: tuple[str, ...], odds: tuple[float, ...]) -> Mixture:
    """The actions that are played, each with its probability."""
    return tuple((name, p) for name, p in zip(actions, odds, strict=True) if p > 0)
