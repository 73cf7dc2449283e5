"""Orders of moves and mixed actions in the browser: what the solvers find, in games at random and of the model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from budgets import LARGE
from strategies import shipped

from triangle.batch.javascript import script
from triangle.games.dominance import undominated
from triangle.games.normal_form import NormalFormGame
from triangle.model.parameters import Values
from triangle.report.html import FOLDER
from triangle.scenarios.scenario import read_scenario
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.sequential import all_orders, subgame_perfect
from triangle.study.study import study

#: Games, and settings of the model, that are compared.
GAMES, OF_THREE, SETTINGS = (4000, 800, 3000) if LARGE else (130, 40, 12)

FILES = ("game.js", "orders.js", "mixed.js", "three.js")

SOLVE = """(all) => all.map(({ shape, payoffs, hold, stages }) => {
  const game = new triangle.Game(shape);
  const mixed = triangle.finished(triangle.mixed(game, payoffs, hold));
  return { order: triangle.inOrder(game, payoffs, hold, stages), mixed };
})"""


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """A page with the solvers and nothing else."""
    opened = browser.new_page()
    for name in FILES:
        opened.add_script_tag(content=(FOLDER / name).read_text(encoding="utf-8"))
    yield opened
    opened.close()


def asked(payoffs: Any, hold: dict[int, int], stages: Any) -> dict[str, Any]:
    shape = payoffs.shape[1:]
    sent = {str(player): action for player, action in hold.items()}
    return {"shape": shape, "payoffs": payoffs.reshape(len(shape), -1).tolist(), "hold": sent, "stages": stages}


def random_game(rng: np.random.Generator, number: int) -> dict[str, Any]:
    """A game of two to four players; every second one of small whole payoffs, where ties are common."""
    shape = tuple(rng.integers(1, 5, size=int(rng.integers(2, 5))).tolist())
    size = (len(shape), *shape)
    payoffs = rng.integers(0, 3, size).astype(float) if number % 2 else rng.normal(size=size) * 10.0 ** rng.integers(4)
    hold = {i: int(rng.integers(count)) for i, count in enumerate(shape) if rng.random() < 0.25}
    return asked(payoffs, hold, drawn_order(rng, len(shape), hold))


@cache
def orders_of(players: tuple[int, ...]) -> tuple[Any, ...]:
    return tuple([[players[i] for i in stage] for stage in order] for order in all_orders(len(players)))


def drawn_order(rng: np.random.Generator, players: int, hold: dict[int, int]) -> Any:
    orders = orders_of(tuple(i for i in range(players) if i not in hold))
    return orders[int(rng.integers(len(orders)))]


def check(one: dict[str, Any], found: dict[str, Any]) -> tuple[bool, bool]:
    """Whether an answer is that of the solvers; says whether the order stays open, and whether somebody mixes."""
    shape = tuple(one["shape"])
    hold = {int(player): action for player, action in one["hold"].items()}
    payoffs = np.array(one["payoffs"]).reshape(len(shape), *shape)
    game = NormalFormGame(payoffs).hold(hold)
    kept = np.arange(payoffs[0].size).reshape(shape)[
        tuple(slice(hold[i], hold[i] + 1) if i in hold else slice(None) for i in range(len(shape)))
    ]
    expected = subgame_perfect(game.payoffs, [*([i] for i in hold), *one["stages"]])
    for name in ("sure", "maybe", "gap"):
        assert found["order"][name] == kept[getattr(expected, name)].tolist()
    assert found["order"]["isOpen"] == bool(expected.undecided)
    left = [[hold.get(i, int(a)) for a in np.flatnonzero(own)] for i, own in enumerate(undominated(game.payoffs))]
    mixed = found["mixed"]
    assert mixed["left"] == left
    movers = [i for i, own in enumerate(left) if len(own) > 1]
    assert (mixed["equilibria"] is None) == (len(movers) > 3)
    if len(movers) > 3:
        return bool(expected.undecided), False
    if len(movers) == 3 and not mixed["isComplete"]:  # the page searches less long, and says so
        return bool(expected.undecided), False
    smaller = NormalFormGame(payoffs[np.ix_(range(len(shape)), *left)])
    solution = solve_bilateral(smaller) if len(movers) < 3 else solve_mixed(smaller)
    assert mixed["isComplete"] == (solution.verdict == "complete")
    ours = {key_of(e["probabilities"]): e["payoffs"] for e in mixed["equilibria"]}
    theirs = {key_of(spread(e.probabilities, left, shape)): e.payoffs for e in solution.equilibria}
    if mixed["isComplete"]:
        assert ours.keys() == theirs.keys()
    for key, own in ours.items():
        if key in theirs:
            assert np.allclose(own, theirs[key], rtol=1e-9, atol=1e-9)
    return bool(expected.undecided), any(0 < p < 1 for key in ours for own in key for p in own)


def key_of(probabilities: Any) -> Any:
    return tuple(tuple(round(p, 7) + 0.0 for p in own) for own in probabilities)


def spread(probabilities: Any, left: list[list[int]], shape: tuple[int, ...]) -> list[list[float]]:
    """Probabilities of the actions that are left as those of all actions."""
    whole = [np.zeros(count) for count in shape]
    for own, places, played in zip(whole, left, probabilities, strict=True):
        own[places] = played
    return [own.tolist() for own in whole]


def test_orders_of_moves_and_mixed_actions_of_any_game_are_those_of_the_solvers(page: Any):
    rng = np.random.default_rng(11)
    sent = [random_game(rng, number) for number in range(GAMES)]
    seen = [check(one, found) for one, found in zip(sent, page.evaluate(SOLVE, sent), strict=True)]
    undecided, mixing = (sum(kinds) for kinds in zip(*seen, strict=True))
    assert undecided > GAMES / 50 and mixing > GAMES / 10


def test_of_three_who_choose_the_page_proves_nearly_every_game_without_ties(page: Any):
    rng = np.random.default_rng(13)
    shapes = [tuple(rng.integers(2, 5, size=3).tolist()) for _ in range(OF_THREE)]
    sent = [asked(rng.normal(size=(3, *shape)), {}, [[0, 1, 2]]) for shape in shapes]
    found = page.evaluate(SOLVE, sent)
    for one, each in zip(sent, found, strict=True):
        check(one, each)
    proven = [each["mixed"]["isComplete"] for each in found if len(each["mixed"]["movers"]) == 3]
    assert len(proven) > len(sent) / 2 and np.mean(proven) > 0.8


MODEL = """([shape, world, draws]) => draws.map(([set, hold, stages]) => {
  const game = new triangle.Game(shape);
  const model = new triangle.Model(triangle.made, game, []);
  const payoffs = model.solve(model.values(world, set));
  return { payoffs: payoffs.map((own) => [...own]), order: triangle.inOrder(game, payoffs, hold, stages),
    mixed: triangle.finished(triangle.mixed(game, payoffs, hold)) };
})"""


@pytest.mark.parametrize("name", ["europe_joins", "rift_shock", "europe_chooses"])
def test_at_random_settings_of_the_model_they_are_those_of_the_solvers_too(page: Any, name: str):
    one = study(shipped(), read_scenario(name, shipped()))
    rng = np.random.default_rng(12)
    cast = one.model.cast
    written = script(one.model.terms, Values(one.model.catalogue.defaults(), cast), one.model.catalogue.following)
    page.evaluate(f"() => {{ triangle.made = {written.text}; }}")
    draws = []
    for _ in range(SETTINGS):
        moved = {k: float(rng.uniform(low, high)) for k, (low, high) in one.scenario.ranges.items()
                 if low < high and rng.random() < 0.6}  # fmt: skip
        hold = {i: int(rng.integers(count)) for i, count in enumerate(cast.shape) if rng.random() < 0.3}
        draws.append((moved, hold, drawn_order(rng, len(cast), hold)))
    sent = [[{written.names.index(k): x for k, x in moved.items()}, hold, stages] for moved, hold, stages in draws]
    found = page.evaluate(MODEL, [cast.shape, written.world(one.scenario.values, one.scenario.following), sent])
    kinds = set()
    for (_, hold, stages), each in zip(draws, found, strict=True):
        check(asked(np.array(each["payoffs"]).reshape(len(cast), *cast.shape), hold, stages), each)
        kinds.add(tuple(each["order"]["sure"]))
    assert len(kinds) > 5


def test_every_order_of_some_players_is_listed_once(page: Any):
    for players in ([], [0], [1, 2], [0, 2, 3], [0, 1, 2, 3]):
        listed = page.evaluate("(players) => triangle.ordersOf(players)", players)
        expected = list(orders_of(tuple(players))) if players else [[]]
        assert sorted(map(str, listed)) == sorted(map(str, expected))
