"""Flips: known nearest ones, certificates by the command that is printed, the best attempt where there is none."""

import json
import re
import shlex
from functools import cache

import numpy as np
import pytest
from budgets import LARGE, few
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from strategies import former, shipped
from turning_games import game

import triangle
from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_margins
from triangle.cli import main
from triangle.games.bitboards import profiles_of
from triangle.measures.box import Box, box_of
from triangle.measures.deviations import Deviations
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_profile
from triangle.players.patterns import parse_pattern
from triangle.questions.flip.answer import flip
from triangle.questions.flip.nearest import Program
from triangle.questions.flip.record import Flip
from triangle.questions.flip.search import STRICTNESS, Search
from triangle.questions.flip.shortening import PRICE
from triangle.questions.tipping.answer import tipping_points
from triangle.scenarios.scenario import read_scenario

NUMBER = {"type": "number"}
SCHEMA = {
    "type": "object",
    "required": ["schema", "target", "found", "distance", "moves", "binding", "certificate"],
    "properties": {
        "schema": {"const": "triangle.flip/1"},
        "target": {"type": "string"},
        "found": {"type": "boolean"},
        "distance": {"type": ["number", "null"], "minimum": 0},
        "moves": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "from", "to", "range"],
                "properties": {"from": NUMBER, "to": NUMBER, "range": {"type": "array", "items": NUMBER}},
            },
        },
        "binding": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["player", "deviation", "margin"],
                "properties": {
                    "player": {"enum": list(SHIPPED.codes)},
                    "deviation": {"type": "string"},
                    "margin": NUMBER,
                },
            },
        },
        "certificate": {"type": "object", "required": ["regret"], "properties": {"regret": NUMBER}},
    },
}


#: Starts of each program: what is said of a flip that was found holds from any.
STARTS = 4 if LARGE else 1

#: What may move where what is said holds whatever may.
ROLES = "all" if LARGE else "levers"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, standalone_mode=False)


def document(*arguments: str) -> dict:
    found = json.loads(run("flip", *arguments, "--json").stdout)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def solved_by(command: str) -> set[str]:
    """The equilibria that a printed command prints."""
    words = shlex.split(command)
    assert words[0] == "triangle"
    result = run(*words[1:], "--json")
    assert result.exit_code == 0, result.stderr
    return {
        SHIPPED.profile_text(
            parse_profile(",".join(f"{player}={action}" for player, action in e["profile"].items()), SHIPPED)
        )
        for e in json.loads(result.stdout)["equilibria"]
    }


@cache
def reverse_kissinger() -> Flip:
    return flip(triangle.load("baseline"), "RU=distance", roles=ROLES, starts=STARTS)


# A known nearest flip -------------------------------------------------------------------------------------------------

#: The US courts Russia once 3·(conditionality) + 4·(europe_joins) ≥ 2; both stand at 0 and range over 1.
PLANE = game(lambda v: 3 * v["conditionality"] + 4 * v["europe_joins"] - 2.0)


def test_the_nearest_flip_of_a_plane_is_its_foot():
    found = flip(PLANE, "US=court_russia")
    assert found.nearest == pytest.approx((2 + STRICTNESS) / 5, abs=1e-6)
    moved = {move.parameter: move.value for move in found.moves}
    assert moved == pytest.approx({"conditionality": 6 / 25, "europe_joins": 8 / 25}, abs=2e-3)
    assert found.distance <= PRICE**2 * found.nearest
    assert [SHIPPED.profile_text(p) for p in found.certificate.equilibria] == ["US=court_russia,RU=align,CN=align"]


def test_in_the_sum_of_moves_the_steepest_parameter_moves_alone():
    found = flip(PLANE, "US=court_russia", norm="l1")
    assert found.nearest == pytest.approx((2 + STRICTNESS) / 4, abs=1e-6)
    assert [move.parameter for move in found.moves] == ["europe_joins"]


def test_two_players_bonds_are_met_together():
    # Russia leaves China once relief ≥ 0.5; it stands at 0.3.
    study = game(lambda v: 3 * v["conditionality"] + 4 * v["europe_joins"] - 2.0, leaves=lambda v: v["relief"] - 0.5)
    found = flip(study, "US=court_russia,RU=oppose_both")
    expected = np.hypot((2 + STRICTNESS) / 5, 0.2 + STRICTNESS)
    assert found.nearest == pytest.approx(expected, abs=1e-6)
    assert {(SHIPPED.codes[b.player], b.deviation) for b in found.binding} == {("US", 0), ("RU", 1)}
    assert flip(study, "RU=oppose_both").nearest == pytest.approx(0.2 + STRICTNESS, abs=1e-6)


def test_away_breaks_the_cheapest_bond():
    study = game(lambda v: v["conditionality"] - 0.7, leaves=lambda v: v["relief"] - 0.5)
    found = flip(study, away=True)
    assert found.nearest == pytest.approx(0.2 + STRICTNESS, abs=1e-6)
    assert [(SHIPPED.codes[b.player], b.deviation) for b in found.binding] == [("RU", 0)]
    assert found.certificate.regret > 0
    assert SHIPPED.profile_text(found.profile) == "US=contain_both,RU=align,CN=align"


def test_away_from_a_pattern_leaves_none_of_it():
    # Past relief 0.5 the US courts Russia, with Russia still aligned: RU=align ends only where Russia leaves, at 0.8.
    study = game(lambda v: v["relief"] - 0.5, leaves=lambda v: v["relief"] - 0.8)
    assert flip(study, away=True).nearest == pytest.approx(0.2 + STRICTNESS, abs=1e-6)
    found = flip(study, "RU=align", away=True)
    assert found.nearest == pytest.approx(0.5 + STRICTNESS, abs=1e-6)
    assert not {p for p in found.certificate.equilibria if p[1] == 1}


def test_what_holds_already_needs_no_move():
    for found in (flip(PLANE, "RU=align"), flip(PLANE, "RU=distance", away=True)):
        assert (found.found, found.distance, found.moves) == (True, 0.0, ())


# The shipped model ----------------------------------------------------------------------------------------------------


def test_the_flip_of_one_parameter_alone_is_its_nearest_tipping_point():
    study = triangle.load("baseline", model=former())
    names = few(("unilateral_yield", "stake_us_cn", "decisiveness", "political_concession"), 2)
    points = {point.parameter: point for point in reversed(tipping_points(study, None if LARGE else names))}
    for name in names:
        found = flip(study, away=True, names=[name])
        assert found.nearest == pytest.approx(points[name].distance, rel=1e-3)
        assert found.moves[0].value == pytest.approx(points[name].value, rel=0.02)


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("nixon_1972", "--to", "configuration=stable_marriage:RU-CN"), "configuration=stable_marriage:RU-CN"),
        (("baseline", "--to", "RU=hedge", "--hold", "US=court_russia", "--set", "relief=0.6"), "RU=hedge"),
        *([(("courting_2025", "--to", "RU=hedge"), "RU=hedge")] if LARGE else []),
        *([(("baseline", "--to", "US=court_russia,RU=distance"), "RU=distance")] if LARGE else []),
        # In the sum of moves; by default the flip of the reverse Kissinger is asked for in it, below.
        *(
            [
                (
                    ("baseline", "--to", "configuration=romantic_triangle:RU", "--norm", "l1"),
                    "configuration=romantic_triangle:RU",
                )
            ]
            if LARGE
            else []
        ),
    ],
)
def test_the_printed_command_prints_the_flipped_equilibrium(arguments: tuple[str, ...], target: str):
    found = document(*arguments, "--starts", str(STARTS))
    assert found["found"]
    there = solved_by(found["certificate"]["command"])
    assert (
        SHIPPED.profile_text(parse_profile(",".join(f"{p}={a}" for p, a in found["profile"].items()), SHIPPED)) in there
    )
    assert any(1 << SHIPPED.index(parse_profile(text, SHIPPED)) & parse_pattern(target, SHIPPED) for text in there)
    assert found["certificate"]["regret"] == 0
    assert found["certificate"]["margin"] > 0


def test_a_scenario_with_an_order_of_moves_is_solved_again_at_once(tmp_path):
    path = tmp_path / "ordered.toml"
    path.write_text(
        'title = "Ordered"\nquestion = "?"\nauthor = "me"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "n"\n'
        'figures = []\nclaims = []\n[play]\norder = ["US", "CN", "RU"]\n'
    )
    found = document(str(path), "--away", "--starts", "1")
    assert "--order US+RU+CN" in found["certificate"]["command"]
    assert not solved_by(found["certificate"]["command"]) & {"US=contain_both,RU=align,CN=align"}


def test_every_move_stays_in_its_range_and_few_digits_are_printed():
    found = reverse_kissinger()
    study = triangle.load("baseline")
    assert found.found
    for move in found.moves:
        low, high = study.scenario.ranges[move.parameter]
        assert low <= move.value <= high
        assert move.in_ranges == pytest.approx((move.value - move.start) / (high - low))
    digits = [len(setting.partition("=")[2].replace(".", "").lstrip("0")) for setting in found.certificate.settings]
    assert max(digits) <= 6
    assert found.nearest <= found.distance <= PRICE**2 * found.nearest


def test_no_sampled_point_flips_the_answer_from_nearer_by():
    found, study = reverse_kissinger(), triangle.load("baseline")
    box = box_of(study, roles=ROLES)
    generator = np.random.default_rng(8)
    rays = generator.normal(size=(len(box.names), 20_000))
    rays *= 0.97 * found.nearest / np.linalg.norm(rays, axis=0)
    points = np.clip(box.origin[:, None] + box.width[:, None] * rays, box.low[:, None], box.high[:, None])
    profiles = profiles_of(parse_pattern("RU=distance", SHIPPED))
    assert sweep_margins(box.values(study, points), profiles).max() < 0


def test_pulling_the_solution_back_breaks_it_at_a_binding_deviation():
    found, study = reverse_kissinger(), triangle.load("baseline")
    back = {move.parameter: move.value - 0.02 * (move.value - move.start) for move in found.moves}
    losses = triangle.load("baseline", back).losses
    assert losses[(slice(None), *found.profile)].min() < 0
    assert study.margins[found.profile] < 0
    for binding in found.binding:
        assert binding.margin == pytest.approx(sum(binding.by_term.values()), abs=1e-9)


def test_levers_alone_do_not_reach_it_without_europe_and_no_sampled_offer_does_better():
    offered = ("--levers", "--without", "europe_joins")
    result = run("flip", "baseline", "--to", "RU=distance", *offered, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["found"], found["distance"]) == (False, None)
    assert found["misses"] == found["certificate"]["regret"] > 0
    study = triangle.load("baseline")
    box = box_of(study, roles="levers", without=["europe_joins"])
    cube = np.random.default_rng(5).random((len(box.names), 50_000 if LARGE else 5_000))
    points = np.concatenate([box.at(cube), box.at(np.rint(cube))], axis=1)
    profiles = profiles_of(parse_pattern("RU=distance", SHIPPED))
    best = sweep_margins(box.values(study, points), profiles).max()
    assert -found["misses"] >= best - 0.02


def test_without_a_parameter_it_does_not_move():
    study, target = triangle.load("baseline", model=former()), "US=court_russia,RU=distance,CN=oppose_both"
    found = flip(study, target, without=["europe_joins"], starts=STARTS)
    assert found.found
    assert "europe_joins" not in {move.parameter for move in found.moves}
    assert found.nearest > flip(study, target, starts=STARTS).nearest


@pytest.mark.parametrize("scenario", ["baseline", "full_package"])
def test_at_the_ends_of_a_box_no_parameter_lies_a_last_digit_beyond(scenario):
    s = triangle.load(scenario)
    deviations = Deviations(s, box_of(s, hard=True), (0,))
    low, high = (deviations.values_at(end) for end in (deviations.low, deviations.high))
    assert (deviations.box.low <= low).all() and (high <= deviations.box.high).all()
    assert np.allclose(low, deviations.box.low) and np.allclose(high, deviations.box.high)
    assert all(np.isfinite(part).all() for part in deviations.slopes(deviations.low))


def test_hard_bounds_reach_what_ranges_do_not():
    study = triangle.load("baseline", model=former())
    assert not flip(study, away=True, names=["choke_cn_us"]).found
    found = flip(study, away=True, names=["choke_cn_us"], hard=True)
    assert found.found
    assert found.moves[0].value < study.scenario.ranges["choke_cn_us"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "RU=dance"), "RU"),
        (("--to", "RU=distance", "--over", "releif"), "relief"),
        (("--to", "RU=distance", "--levers", "--uncertainties"), "--levers"),
        (("--to", "RU=distance", "--levers", "--over", "relief"), "--over"),
        (("--to", "RU=distance", "--hold", "RU=align"), "no profile"),
        (("--to", "RU=distance", "--over", "dependence_reference"), "range"),
        (("--to", "RU=distance", "--norm", "l3"), "l3"),
        (("--away", "--hold", "US=contain_both,RU=align,CN=align"), "all three"),
    ],
)
def test_bad_input_is_refused_with_a_reason(arguments: tuple[str, ...], said: str):
    result = CliRunner().invoke(main, ["flip", "baseline", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_norm_is_refused_by_the_function_too():
    with pytest.raises(BadInput, match="l2"):
        flip(triangle.load("baseline"), "RU=distance", norm="l3")


class Valley(Search):
    """A search in which what is asked holds beyond a half on either side, and the origin does not say which way."""

    def starts_for(self, profile: int) -> list[np.ndarray]:
        return [0.1 * self.box.high] * (self.starts - 1)

    def pieces_of(self, profile: int) -> tuple:
        return ()

    def program(self, pieces) -> Program:
        return Program(lambda u: (u * u - 0.25, np.diag(2 * u)), self.box.low, self.box.high, slack=1e-6)


def test_a_start_that_leads_nowhere_is_followed_by_the_next():
    one = np.ones(1)
    search = Valley(triangle.load("baseline"), Box(("x",), 0 * one, -one, one, one), (0,), False, "l2", 2, 0)
    assert search.solve([], [0 * one])[0] is None
    for starts in ([0 * one, 0.1 * one], [0.1 * one, 0 * one]):
        solution, attempt, least = search.solve([], starts)
        assert solution.point == pytest.approx([0.5], abs=1e-6) and solution.distance == pytest.approx(0.5, abs=1e-6)
        assert least >= 0 and abs(attempt[0]) >= 0.5


@pytest.mark.parametrize("starts", [1, 2])
def test_a_profile_out_of_reach_from_the_origin_is_started_again(starts: int):
    one = np.ones(1)
    box = Box(("x",), 0 * one, -one, one, one)
    (candidate,) = Valley(triangle.load("baseline"), box, (0,), False, "l2", starts, 0).candidates()
    assert (candidate.solution is not None) == (starts > 1)


def test_the_scenario_of_the_reverse_kissinger_is_what_the_flip_that_it_names_finds():
    """Found, not set: the command of its reasons gives its changes to the last digit, and nothing beside them."""
    scenario = read_scenario("reverse_kissinger", shipped())
    (command,) = set(re.findall(r"`triangle flip (.*?)`", " ".join(change.because for change in scenario.changes)))
    assert command == "baseline --to RU=distance --levers --norm l1" and command in scenario.narrative
    found = flip(triangle.load("baseline"), "RU=distance", roles="levers", norm="l1")
    assert {move.parameter: move.value for move in found.moves} == {c.parameter: c.value for c in scenario.changes}
    leaving = [f for f in triangle.load("reverse_kissinger").solve().findings if f.profile[1] == 2]
    assert len(leaving) == 1 and leaving[0].strict and not leaving[0].is_agreement_proof()
