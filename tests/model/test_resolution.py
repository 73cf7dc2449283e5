"""References looked up: ranges that figures hand on, rivals, figures drawn once, and formulas over parameters."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from strategies import shipped

from triangle.base.errors import Fault
from triangle.base.records import validate
from triangle.evidence.figure import Figure
from triangle.evidence.ledger import Ledger
from triangle.model import calibration, resolution
from triangle.model.backing import Entry
from triangle.model.parameter import Parameter
from triangle.model.parameters import formula_number, made_parameter
from triangle.model.resolution import drawn_twice, resolved
from triangle.players.cast import SHIPPED

DESCRIBED = {"symbol": "x", "meaning": "A quantity", "unit": "fraction", "role": "uncertainty"}
ESTIMATED = {"because": "why", "bridge": "middle", "measures": "what"}


def figure(id: str, value: object, interval: list[float] | None, unit: str = "fraction") -> Figure:
    return Figure(
        id=id, source="osthold", value=value, unit=unit, period="2024", subject="RU", line=1, paraphrase="A number.",
        kind="estimate" if interval else "measurement", interval=interval,
        **({"level": 0.95, "sample": "some", "reference": "somewhere"} if interval else {}),
    )  # type: ignore[arg-type] # fmt: skip


@pytest.fixture
def ledger() -> Ledger:
    own = (
        figure("share", 0.4, [0.2, 0.7]),
        figure("other_share", 0.5, [0.4, 0.6]),
        figure("plain", 0.3, None),
        figure("billions", 3.0, [1.0, 9.0], "bn USD"),
    )
    figures = {**shipped().ledger.figures, **{f.id: f for f in own}}
    return replace(shipped().ledger, figures=MappingProxyType(figures))


@pytest.fixture(autouse=True)
def formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few formulas beside the shipped ones, over figures, over parameters and over each other."""

    def half_of(share: float) -> float:
        """Half."""
        return 0.5 * share

    def what_is_left(share: float, other_share: float) -> float:
        """The rest."""
        return (1 - share) * (1 - other_share)

    def doubled(first: float) -> float:
        """Twice the parameter."""
        return 2 * first

    def scaled(first: float, share: float) -> float:
        """A parameter times an uncertain figure."""
        return first * share

    def chased(tail: float) -> float:
        """Of itself."""
        return tail

    own = {f.__name__: f for f in (half_of, what_is_left, doubled, scaled, chased)}
    table = MappingProxyType({**calibration.FORMULAS, **own})
    for module in (calibration, resolution):
        monkeypatch.setattr(module, "FORMULAS", table)
    monkeypatch.setattr("triangle.model.parameter.FORMULAS", table)


def made(ledger: Ledger, **tables: dict[str, Any]) -> tuple[dict[str, Parameter], list[Fault]]:
    entries: dict[str, Entry] = {}
    for name, table in tables.items():
        read, faults = validate(Entry, {**DESCRIBED, **table}, "file", name)
        assert read is not None, faults
        entries[name] = read
    return resolved(entries, ledger, "file", {}, SHIPPED)


def one(ledger: Ledger, **table: Any) -> Parameter:
    parameters, faults = made(ledger, x=table)
    assert not faults, faults
    return parameters["x"]


def test_an_estimate_takes_the_value_and_the_interval_of_its_figure(ledger: Ledger):
    p = one(ledger, estimate="share", **ESTIMATED)
    assert (p.backing, p.default, p.low, p.high) == ("estimate", 0.4, 0.2, 0.7)
    assert p.figures == ("share",) and p.bridge == "middle" and p.measures == "what"


def test_an_end_called_interval_is_the_figures_and_the_other_may_be_another(ledger: Ledger):
    p = one(ledger, estimate="share", low="interval", high=0.9, **ESTIMATED)
    assert (p.low, p.high) == (0.2, 0.9)


def test_a_formula_hands_on_the_intervals_of_all_its_figures(ledger: Ledger):
    """The least and the largest value at all their ends: (1 − 0.7)(1 − 0.6) and (1 − 0.2)(1 − 0.4)."""
    p = one(ledger, formula="what_is_left")
    assert (p.default, p.low, p.high) == (pytest.approx(0.3), pytest.approx(0.12), pytest.approx(0.48))


def test_a_figure_without_interval_hands_on_no_range(ledger: Ledger):
    _, faults = made(ledger, x={"figure": "plain"})
    assert "give low and high, or spread" in faults[0].message


def test_an_estimate_rests_on_a_figure_that_is_one(ledger: Ledger):
    _, faults = made(ledger, x={"estimate": "plain", "low": 0.0, "high": 1.0, **ESTIMATED})
    assert "no figure behind it is of kind estimate, found plain" in faults[0].message


@pytest.mark.parametrize(
    ("bounds", "default", "prior"),
    [
        ([0.2, 0.8], 0.4, "loguniform"),  # spans factors: the geometric middle
        ([0.6, 0.8], 0.7, "uniform"),
        ([0, "share"], 0.2, "uniform"),
        (["half_of", "share"], (0.2 * 0.4) ** 0.5, "loguniform"),
    ],
)
def test_a_bounded_value_is_the_middle_of_its_ends_by_rule(ledger: Ledger, bounds: list, default: float, prior: str):
    p = one(ledger, bounded=bounds, because="why", bridge="weak")
    assert p.backing == "bounded" and p.default == pytest.approx(default) and p.prior == prior
    assert set(p.figures) == ({"share"} if any(isinstance(end, str) for end in bounds) else set())


def test_bounds_in_another_unit_or_unknown_are_refused_with_the_nearest_name(ledger: Ledger):
    _, faults = made(ledger, x={"bounded": [0, "billions"], "because": "why", "bridge": "weak"})
    assert "billions is in bn USD, the parameter in fraction" in faults[0].message
    _, faults = made(ledger, x={"bounded": [0, "shar"], "because": "why", "bridge": "weak"})
    assert "did you mean 'share'" in faults[0].message


def test_a_formula_may_read_a_parameter_wherever_that_stands_in_the_file(ledger: Ledger):
    first = {"judged": 0.25, "low": 0.0, "high": 0.5, "because": "why"}
    for tables in ({"first": first, "x": {"formula": "doubled"}}, {"x": {"formula": "doubled"}, "first": first}):
        parameters, faults = made(ledger, **tables)
        p = parameters["x"]
        assert not faults and p.default == 0.5 and p.reads == ("first",) and p.figures == ()
        assert p.follows and p.low == p.high == p.default


def test_a_formula_over_parameters_with_a_range_of_its_own_follows_nobody(ledger: Ledger):
    first = {"judged": 0.25, "low": 0.0, "high": 0.5, "because": "why"}
    parameters, _ = made(ledger, first=first, x={"formula": "doubled", "low": 0.1, "high": 0.9})
    assert not parameters["x"].follows and parameters["x"].reads == ("first",)


def test_a_parameter_computed_from_itself_is_refused_with_the_round(ledger: Ledger):
    parameters, faults = made(ledger, tail={"formula": "chased"})
    assert parameters == {} and "is computed from itself: tail → tail" in faults[0].message


def test_a_formula_that_reads_what_does_not_exist_says_so(ledger: Ledger):
    _, faults = made(ledger, x={"formula": "doubled"})
    assert "needs first, which is neither in the evidence nor a parameter" in faults[0].message


def test_the_doubt_of_a_figure_is_not_lost_in_a_formula_over_parameters(ledger: Ledger):
    first = {"judged": 0.25, "low": 0.0, "high": 0.5, "because": "why"}
    _, faults = made(ledger, first=first, x={"formula": "scaled"})
    assert "the uncertain figure share" in faults[0].message and "auxiliary parameter" in faults[0].message


def test_an_uncertain_figure_is_not_drawn_twice(ledger: Ledger):
    parameters, _ = made(ledger, x={"estimate": "share", **ESTIMATED}, y={"formula": "half_of"})
    (fault,) = drawn_twice(parameters, ledger, "file")
    assert fault.key == "y" and "share is uncertain and x rests on it too" in fault.message
    alone, _ = made(ledger, x={"estimate": "share", **ESTIMATED}, y={"estimate": "other_share", **ESTIMATED})
    assert list(drawn_twice(alone, ledger, "file")) == []


@pytest.mark.parametrize(("rival", "words"), [("billions", "is in bn USD"), ("sharp", "did you mean 'share'")])
def test_rivals_exist_in_the_parameters_unit(ledger: Ledger, rival: str, words: str):
    _, faults = made(ledger, x={"estimate": "share", "rivals": ["other_share", "half_of", rival], **ESTIMATED})
    assert len(faults) == 1 and words in faults[0].message


def test_a_single_parameter_may_read_those_that_are_there(ledger: Ledger):
    known, _ = made(ledger, first={"judged": 0.25, "low": 0.0, "high": 0.5, "because": "why"})
    p, faults = made_parameter("x", {**DESCRIBED, "formula": "doubled"}, ledger, "file", SHIPPED, known)
    assert p is not None and not faults and p.default == 0.5
    assert formula_number("doubled", ledger, SHIPPED, {"first": 3.0}) == 6.0
