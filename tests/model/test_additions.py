"""Parameters and terms of a user's own: they obey the rules of the shipped ones and go wherever those go."""

from __future__ import annotations

import inspect
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console
from strategies import former, shipped

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.batch.equilibria import sweep_masks
from triangle.model.additions import check_portable, own_terms
from triangle.model.model import Model
from triangle.model.parameters import Values
from triangle.model.terms import QUESTIONS, TERMS, Payoffs, Term, answers
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances
from triangle.questions.catalogue import table as cards
from triangle.questions.trace.table import tracing
from triangle.showing import tables
from triangle.sweeps.archive import model_digest

ROOT = Path(triangle.__file__).parents[1]

PRESTIGE = dict(
    symbol="P_RU",
    meaning="What Russia loses by leaving its partner",
    unit="% of GDP",
    role="uncertainty",
    judged=0.5,
    low=0.0,
    high=4.0,
    hard_low=0.0,
    because="Judged: a tenth of its dispute with the United States",
)

ANSWERED = """Prestige lost: −P · (1 − s_RU,CN).

**Who loses**: Russia. **From what**: a changed side. **Mechanism**: prestige. **Left out**: time.
**Literature**: none known.
"""


def prestige(s: Stances, v: Values) -> Payoffs:
    """Prestige that Russia loses by opposing China: −P_RU · (1 − s_RU,CN).

    **Who loses**: Russia. **From what**: a promise broken. **Mechanism**: elites that staked their careers on the
    partnership resist. **Left out**: how soon prestige is forgotten. **Literature**: Fearon (1994), *American
    Political Science Review* 88.
    """
    return {RU: -v.dollars("prestige_cost", RU) * (1 - s[RU, CN])}


def nothing(s: Stances, v: Values) -> Payoffs:
    """Nothing at all: 0.

    **Who gains**: nobody. **From what**: nothing. **Mechanism**: none. **Left out**: all. **Literature**: none.
    """
    return {US: np.zeros(1) * v["relief"]}


@pytest.fixture(scope="module")
def extended() -> Model:
    return shipped().with_parameter("prestige_cost_ru", **PRESTIGE).with_term(prestige, weight="prestige_cost_ru")


# ----- what is added takes effect


def test_the_shipped_model_stays_what_it_is(extended: Model):
    assert "prestige" not in shipped().terms and "prestige_cost_ru" not in shipped().catalogue.parameters
    assert list(extended.terms) == [*TERMS, "prestige"]


def test_the_payoffs_move_by_exactly_what_the_term_says(extended: Model):
    before, after = triangle.load(), triangle.load(model=extended)
    moved = after.payoffs - before.payoffs
    cost = 0.5 / 100 * before.scenario.values["gdp_ru"]
    opposing = np.isin(np.arange(4), (0, 2))[None, :, None]  # oppose both, distance
    assert np.allclose(moved[RU], -cost * opposing, atol=1e-9) and not moved[[US, CN]].any()


def test_it_appears_in_the_trace_with_its_backing(extended: Model):
    unfolded = triangle.trace("baseline", "RU", "US=contain_both,RU=oppose_both,CN=align", model=extended)
    term = next(term for term in unfolded.terms if term.name == "prestige")
    found = {p.name: p.backing for p in term.parameters}
    assert found == {"prestige_cost_ru": "judgement", "gdp_ru": "figure"}
    assert term.value == pytest.approx(-0.005 * extended.catalogue["gdp_ru"].default)


def test_it_appears_in_what_people_read(extended: Model):
    unfolded = triangle.trace("baseline", "RU", "US=contain_both,RU=oppose_both,CN=align", model=extended)
    study = triangle.load("baseline", model=extended)
    page = io.StringIO()
    console = Console(file=page, width=200)
    for shown in (
        tracing(study, unfolded),
        tables.solution(study, study.solve()),
        cards.term_list(extended),
        cards.parameter_card(extended.catalogue["prestige_cost_ru"], extended),
    ):
        console.print(shown)
    text = page.getvalue()
    assert text.count("prestige_cost_ru") >= 3 and "Prestige that Russia loses by opposing China" in text
    assert "judged: Judged: a tenth of its dispute" in text
    assert "prestige" in {term["term"] for term in to_document(unfolded)["terms"]}


def test_it_can_be_set_swept_and_compared():
    """Upon the former parameters, at which Russia has more than one answer in the draws."""
    extended = former().with_parameter("prestige_cost_ru", **PRESTIGE).with_term(prestige, weight="prestige_cost_ru")
    strong = triangle.load(settings={"prestige_cost_ru": 4.0}, model=extended)
    assert strong.scenario.values["prestige_cost_ru"] == 4.0
    games = triangle.sweep("baseline", over={"prestige_cost_ru": [0.0, 4.0]}, samples=64, model=extended)
    unused = former().with_parameter("prestige_cost_ru", **PRESTIGE)  # the design has as many dimensions
    plain = triangle.sweep("baseline", over={"prestige_cost_ru": [0.0, 4.0]}, samples=64, model=unused)
    assert games["mask"].shape == (2, 64)
    # Where it costs nothing the games are those of the shipped model.
    assert (games["mask"].values[0] == plain["mask"].values[0]).all()
    assert (games["mask"].values[1] != plain["mask"].values[1]).any()
    assert set(triangle.compare(["baseline", "full_package"], model=extended)) == {"baseline", "full_package"}


def test_a_scenario_file_may_change_it(extended: Model, tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "N"\n'
        '[changes.prestige_cost_ru]\nvalue = 2.0\nbecause = "why not"\n',
        encoding="utf-8",
    )
    assert triangle.load(file, model=extended).scenario.values["prestige_cost_ru"] == 2.0
    with pytest.raises(BadInput, match="unknown parameter 'prestige_cost_ru'"):
        triangle.load(file)


def test_a_term_of_nothing_changes_no_equilibrium_in_a_thousand_games():
    model = shipped().with_term(nothing)
    generator = np.random.default_rng(7)
    values = Values({p.name: generator.uniform(p.low, p.high, 1000) for p in model.catalogue}, SHIPPED)
    assert (sweep_masks(values, model.terms) == sweep_masks(values)).all()


def test_a_run_is_not_resumed_under_another_term(extended: Model):
    other = shipped().with_parameter("prestige_cost_ru", **PRESTIGE).with_term(nothing, name="prestige")
    assert len({model_digest(m) for m in (shipped(), extended, other)}) == 3
    assert own_terms(shipped().terms) == [] and own_terms(extended.terms)[0][0] == "prestige"


class Priced:
    """Prestige with a price of its own: −p · (1 − s_RU,CN).

    **Who loses**: Russia. **From what**: a changed side. **Mechanism**: prestige. **Left out**: time.
    **Literature**: none known.
    """

    def __init__(self, price: float):
        self.price = price

    def __call__(self, s: Stances, v: Values) -> Payoffs:
        return {RU: -self.price * v["relief"] * (1 - s[RU, CN])}


def test_a_term_may_be_an_object_whose_settings_tell_runs_apart():
    cheap, dear = (shipped().with_term(Priced(price), name="priced") for price in (1.0, 2.0))
    assert model_digest(cheap) != model_digest(dear)
    check_portable(cheap.terms)


# ----- the rules of parameters


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("relief", {}, "there is a parameter of this name already"),
        ("Prestige", {}, "expected a name of small letters"),
        ("alliance_value_us", {}, "would be read in place of alliance_value"),
        ("trade_cn_ru", {}, "would be read in place of trade_ru_cn"),
        ("p", {"because": ""}, "a judgement needs its because"),
        ("p", {"figure": "ext_gdp_ru_2024"}, "found figure and judged; exactly one"),
        ("p", {"judged": None}, "found none; exactly one of figure, formula, estimate, bounded and judged"),
        ("p", {"judged": None, "figure": "ext_gdp_ru_2024"}, "ext_gdp_ru_2024 is in bn USD/yr, the parameter in %"),
        ("p", {"judged": None, "figure": "ext_gdp_ru_2025"}, "did you mean 'ext_gdp_ru_2024'"),
        ("p", {"unit": "% of BIP"}, "did you mean '% of GDP'"),
        ("p", {"role": "guess"}, "expected one of 'fact', 'uncertainty', 'lever'"),
        ("p", {"judged": 9.0}, "the default 9 lies outside low 0 to high 4"),
        ("p", {"judged": float("nan")}, "expected a finite number"),
        ("p", {"hard_low": 1.0}, "leaves the hard bounds"),
        ("p", {"anchors": ["nope"]}, "unknown figure 'nope'"),
        ("p", {"prior": "loguniform", "prior_because": "b"}, "loguniform needs low > 0"),
    ],
)
def test_a_parameter_that_breaks_a_rule_is_refused(name: str, change: dict, words: str):
    with pytest.raises(BadInput) as error:
        shipped().with_parameter(name, **{**PRESTIGE, **change})
    assert words in str(error.value)


def test_a_parameter_may_rest_on_a_figure_or_a_formula():
    on = {**PRESTIGE, "judged": None, "because": "", "low": None, "high": None, "spread": 0.1}
    model = shipped().with_parameter("a", **{**on, "figure": "ext_gdp_ru_2024", "unit": "bn USD/yr"})
    model = model.with_parameter("b", **{**on, "formula": "sanction_cost", "unit": "fraction"})
    assert model.catalogue["a"].backing == "figure" and model.figures_behind("a")[0].id == "ext_gdp_ru_2024"
    assert model.catalogue["b"].backing == "formula" and model.catalogue["b"].figures == ("ost_crimea_gdp_shortfall",)


# ----- the rules of terms


def answered(function: Callable[[Stances, Values], object]) -> Term:
    function.__doc__ = ANSWERED
    return function  # type: ignore[return-value]


def silent(s: Stances, v: Values) -> Payoffs:
    return {RU: -v["relief"] * s[RU, CN]}


def half_silent(s: Stances, v: Values) -> Payoffs:
    """Something: −r. **Who loses**: Russia. **Mechanism**: . **Literature**: none."""
    return {RU: -v["relief"] * s[RU, CN]}


def test_the_shipped_terms_answer_the_five_questions():
    for name, term in TERMS.items():
        assert answers(term).keys() == QUESTIONS.keys(), name


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (silent, "silent: has no docstring"),
        (half_silent, "does not say from what (**From what**: …); by which mechanism (**Mechanism**: …); what is left"),
        (answered(lambda s, v: {RU: v["releif"]}), "reads unknown parameter 'releif'; did you mean 'relief'?"),
        (answered(lambda s, v: {RU: v["cost", RU, CN]}), "reads unknown parameter 'cost_ru_cn'"),
        (answered(lambda s, v: v["relief"]), "expected a dictionary from players"),
        (answered(lambda s, v: {}), "expected a dictionary from players"),
        (answered(lambda s, v: {"RU": v["relief"]}), "found payoff of 'RU'"),
        (answered(lambda s, v: {3: v["relief"]}), "payoff of 3; expected the players 0, 1, 2"),
        (answered(lambda s, v: {RU: np.zeros((5, 4, 4))}), "in shape (5, 4, 4); expected one that broadcasts to (4, 4"),
        (answered(lambda s, v: {RU: "much"}), "pays RU in shape str"),
        (answered(lambda s, v: {RU: "0"}), "pays RU in shape str"),
        (answered(lambda s, v: {RU: 10**400}), "not finite numbers"),
        (answered(lambda s, v: {RU: 1 / (0 * v["relief"])}), "not finite numbers"),
        (answered(lambda s, v: {RU: v["relief"] if v["relief"] > 0.2 else 0}), "raised ValueError: The truth value"),
        (answered(lambda s, v: {RU: s[RU, CN] * v["relief"].max()}), "otherwise in a batch of samples than one by one"),
        (answered(lambda s, v: {RU if v["relief"].ndim else US: s[RU, CN]}), "touches other players in a batch"),
        (answered(lambda s, v: s[RU, CN].fill(1)), "raised ValueError: assignment destination is read-only"),
        (answered(lambda s, v: 1 / 0), "raised ZeroDivisionError"),
        (42, "expected a function"),
    ],
)
def test_a_term_that_breaks_a_rule_is_refused(term: Term, words: str):
    with pytest.raises(BadInput) as error:
        shipped().with_term(term, None if term in (silent, half_silent) else "mine")
    assert words.replace("found payoff", "returned a payoff") in str(error.value)


def test_a_taken_name_and_a_weight_that_does_not_weigh_are_refused(extended: Model):
    with pytest.raises(BadInput, match="there is a term of this name already"):
        extended.with_term(prestige)
    with pytest.raises(BadInput, match=r"<lambda>.*expected a name of small letters.*give name="):
        shipped().with_term(answered(lambda s, v: {RU: v["relief"]}))
    with pytest.raises(BadInput, match="still pays RU something where its weight relief is zero"):
        extended.with_term(prestige, name="again", weight="relief")
    with pytest.raises(BadInput, match=r"weight: found \['relief'\]; expected the name of a parameter"):
        extended.with_term(prestige, name="again", weight=["relief"])  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="weight: unknown parameter 'releif'; did you mean 'relief'"):
        extended.with_term(prestige, name="again", weight="releif")


# ----- other processes


def test_terms_that_other_processes_cannot_import_are_named_before_any_begins(extended: Model):
    check_portable(shipped().terms)
    local = answered(lambda s, v: {RU: v["relief"]})
    model = shipped().with_term(local, "mine")
    with pytest.raises(BadInput, match=r"mine: this term is not the .*lambda.* of a module.*file of its own"):
        triangle.sweep("baseline", over={"relief": [0.0, 1.0]}, workers=2, model=model)


def script(tmp_path: Path) -> str:
    """A user's script whose own term, in its main module, is computed by two workers."""
    source = inspect.getsource(prestige)
    return (
        "import triangle\nfrom triangle.players.axes import CN, RU\n\n"
        + source.replace("(s: Stances, v: Values) -> Payoffs", "(s, v)")
        + f"\nif __name__ == '__main__':\n    PRESTIGE = {PRESTIGE!r}\n"
        "    model = triangle.read_model().with_parameter('prestige_cost_ru', **PRESTIGE).with_term(prestige)\n"
        "    kept = {'samples': 20, 'model': model}\n"
        "    both = triangle.sweep('baseline', workers=2, **kept)\n"
        "    alone = triangle.sweep('baseline', **kept)\n"
        "    print((alone['mask'] == both['mask']).all().item())\n"
    )


def test_a_term_of_a_script_is_computed_by_workers_and_one_of_a_prompt_is_refused(tmp_path: Path, monkeypatch, capsys):
    text, file = script(tmp_path), tmp_path / "study.py"
    file.write_text(text, encoding="utf-8")
    if LARGE:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": ""}
        run = dict(capture_output=True, text=True, timeout=3000, cwd=tmp_path, env=environment)
        done = subprocess.run([sys.executable, "study.py"], **run)
        assert done.stdout == "True\n", done.stderr
    # The main module is that of the script, as the process that computes is told.
    monkeypatch.setitem(sys.modules, "__main__", main := ModuleType("__main__"))
    main.__file__ = str(file)
    exec(compile(text, file, "exec"), vars(main))
    assert capsys.readouterr().out == "True\n"
    # At a prompt the main module is of no file.
    monkeypatch.setitem(sys.modules, "__main__", prompt := ModuleType("__main__"))
    with pytest.raises(BadInput, match=r"defined in a notebook or at a prompt.*file of its own"):
        exec(text, vars(prompt))
