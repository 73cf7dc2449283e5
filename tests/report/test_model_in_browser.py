"""The model in the browser is the model: generated from the terms, and equal to numpy wherever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from budgets import LARGE, in_turn
from hypothesis import given
from strategies import games, shipped

from triangle.batch.javascript import EXPRESSIONS, Script, routine, script
from triangle.batch.program import Program, Routine, choose
from triangle.games.normal_form import NormalFormGame, losses
from triangle.model.forms import FORMS
from triangle.model.model import Model
from triangle.model.parameters import Values
from triangle.model.terms import Payoffs
from triangle.players.axes import CN, RU
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances
from triangle.report.html import FOLDER
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.solvers.agreements import agreements
from triangle.solvers.pure import solve_pure
from triangle.study.study import Study, study

#: Settings at which the two are compared.
SETTINGS = 10_000 if LARGE else 100

#: Of a payoff, relatively above one.
NEAR = 1e-9


def sovereignty(s: Stances, v: Values) -> Payoffs:
    """The say given up in a link: −V_RU · c_RU,CN.

    **Who loses**: Russia. **From what**: a link with a stronger neighbour. **Mechanism**: ports, pipelines and
    Central Asia are opened to it, and what is opened is decided together. **Left out**: that the loss grows with
    time. **Literature**: Morrow (1991), *American Journal of Political Science* 35.
    """
    return {RU: -v.dollars("sovereignty_cost", RU) * s.link(RU, CN)}


def with_own_term() -> Model:
    """The model of docs/howto/own_term.md."""
    because = "half of what the junior partner's price is judged to be; no document gives a size"
    model = shipped().with_parameter(
        "sovereignty_cost_ru",
        symbol="V_RU",
        meaning="What Russia gives up of its own say while it is linked with China",
        unit="% of GDP",
        role="uncertainty",
        judged=0.5,
        low=0.0,
        high=1.5,
        hard_low=0.0,
        because=because,
    )
    return model.with_term(sovereignty, weight="sovereignty_cost_ru")


def script_of(model: Model) -> Script:
    return script(model.terms, Values(model.catalogue.defaults(), model.cast), model.catalogue.following)


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """A page with the solver and nothing else."""
    opened = browser.new_page()
    opened.add_script_tag(content=(FOLDER / "game.js").read_text(encoding="utf-8"))
    yield opened
    opened.close()


SOLVE = """([model, world, draws]) => draws.map(([set, hold]) => {
  const made = triangle.made[model];
  const values = made.values(world, set);
  const payoffs = made.solve(values);
  const found = made.game.equilibria(payoffs, hold);
  return {
    values: [...values], payoffs: payoffs.map((own) => [...own]),
    terms: made.terms.map((_, term) => payoffs.map((_own, player) => made.termsAt(player, 21)[term])),
    found: found.map((index) => ({
      index, losses: made.game.standing(index, hold).map((loss) => (loss === Infinity ? 1e300 : loss)),
      deviations: payoffs.map((_, player) => made.game.deviation(payoffs, index, player)),
      agreements: made.game.agreements(payoffs, index, hold),
    })),
  };
})"""


@dataclass(frozen=True)
class Case:
    """A scenario under a model whose program the page has under a name."""

    name: str
    study: Study
    script: Script


@pytest.fixture(scope="module")
def cases(page: Any) -> list[Case]:
    """Every shipped scenario in every form or in one in turn, and the how-to's own term; their programs in the page."""
    models = [(form, shipped().with_form(form)) for form in FORMS]
    asked = [(form, model, name) for name, (form, model) in in_turn(shipped_names(SHIPPED), models)]
    asked += [("own", with_own_term(), "baseline")] * 2
    found, scripts = [], dict[str, tuple[Model, Script]]()
    for kind, model, scenario in asked:
        one = study(model, read_scenario(scenario, model))
        same = [key for key, (model, _) in scripts.items() if key.startswith(kind) and model.cast == one.cast]
        key = same[0] if same else f"{kind}_{len(scripts)}"
        if not same:
            scripts[key] = one.model, script_of(one.model)
        found.append(Case(key, one, scripts[key][1]))
    made = ",".join(
        f"{key}:new triangle.Model({text.text},new triangle.Game({[*one.cast.shape]}),{[*range(len(one.terms))]})"
        for key, (one, text) in scripts.items()
    )
    page.add_script_tag(content=f"triangle.made={{{made}}}")
    assert {len(one.cast) for one, _ in scripts.values()} == {3, 4}
    return found


Draw = tuple[dict[str, float], dict[int, int]]


def drawn(case: Case, rng: np.random.Generator) -> Draw:
    """Some parameters anywhere in their range, or near where they stand if they have none; and who is held."""
    scenario, catalogue = case.study.scenario, case.study.model.catalogue
    names = list(scenario.values)
    some = rng.choice(names, size=int(rng.integers(1, len(names))), replace=False).tolist()
    found = {}
    for name in some:
        p, (low, high) = catalogue[name], scenario.ranges[name]
        if low == high:
            low, high = max(p.hard_low, 0.7 * low), min(p.hard_high, 1.3 * high)
        found[name] = float(rng.uniform(low, high))
    hold = (
        case.study.hold
        if rng.random() < 0.7
        else {i: int(rng.integers(count)) for i, count in enumerate(case.study.cast.shape) if rng.random() < 0.4}
    )
    return found, dict(hold)


def played(case: Case, draw: Draw) -> Study:
    scenario = replace(case.study.scenario, values=case.study.scenario.set_to(draw[0]))
    return replace(case.study, scenario=scenario, hold=draw[1])


def asked_of(page: Any, case: Case, draws: list[Draw]) -> list[dict[str, Any]]:
    place_of = {name: place for place, name in enumerate(case.script.names)}
    world = case.script.world(case.study.scenario.values, case.study.scenario.following)
    sent = [[{place_of[n]: value for n, value in moved.items()}, hold] for moved, hold in draws]
    found: list[dict[str, Any]] = page.evaluate(SOLVE, [case.name, world, sent])
    return found


def is_near(found: Any, expected: Any) -> bool:
    return bool(np.allclose(found, expected, rtol=NEAR, atol=NEAR))


def check(found: dict[str, Any], case: Case, one: Study) -> None:
    assert is_near(found["values"], [one.scenario.values[name] for name in case.script.names])
    assert is_near(found["payoffs"], one.payoffs.reshape(len(one.cast), -1))
    assert is_near(found["terms"], [term.reshape(len(one.cast), -1)[:, 21] for term in one.terms.values()])
    answer = one.solve()
    assert [each["index"] for each in found["found"]] == [finding.index for finding in answer.findings]
    for each, finding in zip(found["found"], answer.findings, strict=True):
        assert is_near(each["losses"], np.minimum(finding.losses, 1e300))
        everybody = [*one.deviations(finding.profile), *one.deviations(finding.profile, of_held=True)]
        assert each["deviations"] == [d.to for d in sorted(everybody, key=lambda d: d.player)]
        assert [(tuple(a["players"]), a["to"]) for a in each["agreements"]] == [
            (a.players, a.index) for a in finding.agreements
        ]
        for mine, theirs in zip(each["agreements"], finding.agreements, strict=True):
            assert is_near(mine["gains"], theirs.gains) and is_near(mine["trusts"], theirs.trusts)


def test_the_browser_computes_what_numpy_does_in_every_scenario_form_and_own_term(page: Any, cases: list[Case]):
    """Each scenario is asked as it stands, and at settings drawn at random."""
    rng, seen = np.random.default_rng(20), set()
    for number, case in enumerate(cases):
        draws = [drawn(case, rng) for _ in range(number, SETTINGS, len(cases))]
        draws[0] = {}, dict(case.study.hold)
        for draw, found in zip(draws, asked_of(page, case, draws), strict=True):
            check(found, case, played(case, draw))
            seen.add(tuple(each["index"] for each in found["found"]))
    assert len(seen) > 20


GAMES: list[Any] = []


@given(games())
def _draw(payoffs: Any) -> None:
    GAMES.append(payoffs)


ANY_GAME = """(all) => all.map(({ shape, payoffs, hold }) => {
  const game = new triangle.Game(shape);
  const found = game.equilibria(payoffs, hold);
  const lost = payoffs.map((_, i) => game.profiles.map((_p, index) => Math.min(game.lost[i][index], 1e300)));
  return { found, lost, agreed: game.profiles.map((_, index) => game.agreements(payoffs, index, hold)) };
})"""


def test_games_of_any_number_of_players_are_solved_as_the_solvers_do(page: Any):
    """Small whole payoffs, so that ties are common and every one counts."""
    GAMES.clear()
    _draw()
    sent = []
    for number, payoffs in enumerate(GAMES):
        shape = payoffs.shape[1:]
        hold = {0: number % shape[0]} if number % 3 == 0 else {}
        sent.append({"shape": shape, "payoffs": payoffs.reshape(len(shape), -1).tolist(), "hold": hold})
    for payoffs, asked, found in zip(GAMES, sent, page.evaluate(ANY_GAME, sent), strict=True):
        shape, hold = payoffs.shape[1:], asked["hold"]
        assert np.array_equal(found["lost"], np.minimum(losses(payoffs), 1e300).reshape(len(shape), -1))
        solved = solve_pure(NormalFormGame(payoffs).hold(hold))
        wholes = [tuple(hold.get(i, a) for i, a in enumerate(e.profile or ())) for e in solved.equilibria]
        assert found["found"] == [int(np.ravel_multi_index(whole, shape)) for whole in wholes]
        for profile, agreed in zip(np.ndindex(*shape), found["agreed"], strict=True):
            here = {i: profile[i] for i in hold}
            local = [0 if i in here else a for i, a in enumerate(profile)]
            expected = agreements(NormalFormGame(payoffs).hold(here), local)
            tos = [tuple(here.get(i, a) for i, a in enumerate(one.profile)) for one in expected]
            assert [a["to"] for a in agreed] == [int(np.ravel_multi_index(to, shape)) for to in tos]
            assert [a["trusts"] for a in agreed] == [list(one.trusts) for one in expected]
            assert [a["gains"] for a in agreed] == [list(one.gains) for one in expected]


def test_every_operation_is_in_the_browser_what_it_is_in_numpy(page: Any):
    rng = np.random.default_rng(3)
    numbers = np.concatenate([rng.uniform(0.1, 3.0, (2, 40)), rng.integers(-2, 3, (2, 20))], axis=1)
    for function, written in EXPRESSIONS.items():
        program = Program()
        x, y = program.symbol("x"), program.symbol("y")
        truths = (x < 1.0, y < 1.0)
        takes = truths if getattr(function, "__name__", "").startswith("logical") else (x, y)
        operands = (x < y, x, y) if function is choose else takes[: written.count("{}")]
        found = program.note(function, *operands)
        node = int((np.where(found, 1.0, 0.0) if found.dtype == np.bool_ else found).nodes)
        rows = np.empty((1, numbers.shape[1]))
        with np.errstate(all="ignore"):
            Routine(program, [node], {"x", "y"}, rows).run({"x": numbers[0], "y": numbers[1]})
        text = routine(program, [node], {"x": 0, "y": 1})
        run = f"(all) => {{ const f = {text}, y = [0]; return all.map((x) => {{ f(x, y); return y[0]; }}); }}"
        answered = [np.nan if value is None else value for value in page.evaluate(run, numbers.T.tolist())]
        assert np.allclose(answered, rows[0], rtol=1e-13, atol=1e-15, equal_nan=True), written


def test_what_has_no_counterpart_is_refused_by_name():
    program = Program()
    sine = np.sin(program.symbol("x"))
    with pytest.raises(TypeError, match="sin has no counterpart"):
        routine(program, [int(sine.nodes)], {"x": 0})
