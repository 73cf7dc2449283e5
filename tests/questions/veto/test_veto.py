"""What a player's choice is worth to each: laws first, then what the words say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.players.notation import parse_order
from triangle.questions.veto.answer import Veto
from triangle.questions.veto.expectations import Expectations
from triangle.questions.veto.table import worth_text
from triangle.solvers.sequential import solve_sequential
from triangle.study.study import Study

#: Worlds with a third party and without one, each with whose choice is asked about.
ASKED = [
    ("europe_chooses", "EU"),
    *([("europe_conditional", "EU"), ("courted_europe", "EU")] if LARGE else []),
    ("war_decides", "UA"),
    ("rift_courted", "RU"),
]


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: asked[0])
def asked(request: pytest.FixtureRequest) -> tuple[Study, Veto]:
    scenario, player = request.param
    study = triangle.load(scenario)
    return study, triangle.veto(study, player)


def played(course: object) -> list[tuple[int, ...]]:
    return [one.profile for one in course.outcomes]  # type: ignore[attr-defined]


def test_free_and_held_it_is_the_game_that_solve_solves(asked: tuple[Study, Veto]):
    study, found = asked
    assert played(found.free) == [finding.profile for finding in study.solve().findings]
    held = [course for course in found.courses if course.way == "held"]
    assert [course.hold for course in held] == [{found.player: a} for a in range(study.cast.shape[found.player])]
    for course in held:
        again = Study(study.model, study.scenario, {**study.hold, **course.hold}).solve()
        assert played(course) == [finding.profile for finding in again.findings]


def test_first_and_last_it_is_the_game_in_that_order(asked: tuple[Study, Veto]):
    study, found = asked
    code, others = study.cast.codes[found.player], [c for i, c in enumerate(study.cast.codes) if i != found.player]
    for course, text in (
        (found.courses[-2], f"{code},{'+'.join(others)}"),
        (found.courses[-1], f"{'+'.join(others)},{code}"),
    ):
        order = parse_order(text, study.cast)
        local = solve_sequential(study.game, order)
        whole = [tuple(study.hold.get(i, a) for i, a in enumerate(profile)) for profile in local.profiles]
        assert played(course) == whole and course.order == order


def test_whoever_moves_first_can_do_as_well_as_in_the_best_posture_that_is_stable_at_once(asked: tuple[Study, Veto]):
    """The optimistic Stackelberg value is at least that of every equilibrium (von Stengel and Zamir 2010)."""
    _, found = asked
    first = [one.payoffs[found.player] for one in found.courses[-2].outcomes]
    at_once = [one.payoffs[found.player] for one in found.free.outcomes]
    assert not at_once or not first or max(first) >= max(at_once) - 1e-9


def test_what_is_played_pays_what_the_study_pays(asked: tuple[Study, Veto]):
    study, found = asked
    for course in found.courses:
        for one in course.outcomes:
            assert list(one.payoffs) == study.payoffs[(slice(None), *one.profile)].tolist()


def test_one_state_is_the_union_and_more_states_assent_less_often():
    study = triangle.load("europe_relief")
    alone, two, many = (triangle.veto(study, "EU", unanimity=n).assents for n in (1, 2, 27))
    assert alone and all(one.all == one.one for one in alone)
    assert [a.one for a in alone] == [a.one for a in two] == [a.one for a in many]
    assert all(
        b.all == pytest.approx(a.one**2) and c.all == pytest.approx(a.one**27)
        for a, b, c in zip(alone, two, many, strict=True)
    )


def test_a_state_that_loses_by_leaving_at_every_draw_never_assents_and_one_that_gains_always_does():
    """Washington containing, to join is to depart from it at a cost; a friendly Russia is worth joining for."""
    never = triangle.veto("europe_chooses", "EU", 3).assents
    assert never and all(one.one == one.all == 0 for one in never)
    study = triangle.load("europe_certain", hold={"US": "court_russia"})
    always = triangle.veto(study, "EU", 3).assents
    assert always and all(one.one > 0.99 for one in always)


def test_a_player_without_stakes_of_its_own_is_no_union():
    assert triangle.veto("rift_courted", "RU").assents == ()


def test_the_worth_of_a_way_is_two_differences_of_ends_and_shown_as_one_where_they_are_the_same():
    found = triangle.veto("europe_conditional", "EU")
    join = found.courses[2]
    for player in range(4):
        ends = [f([o.payoffs[player] for o in c.outcomes]) for c in (join, found.free) for f in (min, max)]
        assert found.worth(join, player) == (ends[0] - ends[2], ends[1] - ends[3])
    assert worth_text((1.0, 1.0)) == "+1.0" and worth_text((-1.0, 2.0)) == "-1.0 … +2.0" and worth_text(None) == "–"
    assert worth_text((-0.01, 0.0)) == "+0.0"


@pytest.mark.parametrize(
    ("player", "unanimity", "said"),
    [("UE", 1, "Valid: CN, EU, RU, US"), ("UA", 1, "player"), ("EU", 0, "1 to 100"), ("EU", 101, "1 to 100")],
)
def test_who_does_not_play_and_a_union_of_no_states_are_refused(player: str, unanimity: int, said: str):
    with pytest.raises(BadInput, match=said):
        triangle.veto("europe_chooses", player, unanimity)


def test_a_player_that_is_held_chooses_nothing():
    study = triangle.load("europe_chooses", hold={"EU": "join"})
    with pytest.raises(BadInput, match="chooses nothing"):
        triangle.veto(study, "EU")


def test_the_command_shows_writes_and_shows_again_what_is_found(tmp_path: Path):
    line = ["veto", "europe_chooses", "--player", "EU", "--unanimity", "27"]
    shown = CliRunner().invoke(main, [*line, "--out", str(tmp_path / "kept.json")])
    assert shown.exit_code == 0 and "EU held at “join relief”" in shown.stdout and "all of 27 states" in shown.stdout
    again = CliRunner().invoke(main, ["veto", "--from", str(tmp_path / "kept.json")])
    assert again.exit_code == 0 and again.stdout == shown.stdout
    assert CliRunner().invoke(main, ["veto", "europe_choose"]).exit_code == 2


def test_a_kept_answer_is_read_back_and_a_forged_one_refused():
    found = triangle.veto("europe_chooses", "EU")
    document = to_document(found)
    assert from_document(Veto, document, "file", found.cast) == found
    document["assents"][0]["all"] = 0.5
    with pytest.raises(BadInput, match="at most as often"):
        from_document(Veto, document, "file", found.cast)


# ----- over two levers


def test_at_a_node_of_the_map_it_is_the_game_that_is_solved_there():
    """Of a player without stakes of its own, so that nothing but the two levers moves."""
    study = triangle.load("rift_courted")
    one = triangle.veto(study, "RU", over=("relief", "conditionality")).map
    assert one is not None and one.draws == 1
    for row, column in ((0, 0), (7, 20), (20, 12), (13, 3)):
        given = {"relief": one.first[column], "conditionality": one.second[row]}
        played_there = {f.profile[1] for f in triangle.load("rift_courted", settings=given).solve().findings}
        stays, leaves = 0 in played_there, bool(played_there - {0})
        assert (one.stays[row][column] == 1) == (stays and not leaves)
        assert (one.both[row][column] == 1) == (stays and leaves)
        assert (one.leaves[row][column] == 1) == (leaves and not stays)


@pytest.fixture
def few_nodes(monkeypatch: pytest.MonkeyPatch, computed_anew: None) -> None:
    """A map of fewer nodes, where what is said is true at each of them."""
    if not LARGE:
        monkeypatch.setattr("triangle.questions.veto.expectations.NODES", 7)


@pytest.mark.usefixtures("few_nodes")
def test_where_nothing_is_lifted_europe_goes_along_with_a_washington_that_courts_and_with_none_that_contains():
    courting = triangle.load("europe_chooses", hold={"US": "court_russia"})
    one = triangle.veto(courting, "EU", over=("relief", "conditionality")).map
    assert (
        one is not None
        and all(row[0] == 1 for row in one.leaves)
        and all(row[0] == 1 for row in one.surely_leaves_first)
    )
    containing = triangle.load("europe_chooses", hold={"US": "contain_both"})
    other = triangle.veto(containing, "EU", over=("relief", "conditionality")).map
    assert other is not None and other.share("stays") == 1 and other.share("surely_leaves_first") == 0
    parts = np.array(one.stays) + np.array(one.both) + np.array(one.leaves)
    assert (parts <= 1 + 1e-12).all()


@pytest.mark.usefixtures("few_nodes")
def test_who_surely_leaves_when_moving_first_never_stays_in_an_outcome_of_moving_first():
    study = triangle.load("europe_certain", hold={"US": "court_russia"})
    found = triangle.veto(study, "EU", over=("relief", "rift_eu"))
    assert found.map is not None and found.map.names == ("relief", "rift_eu")
    assert all(one.profile[3] == 1 for one in found.courses[-2].outcomes)


@pytest.mark.parametrize(
    ("over", "said"),
    [(("relief",), "two parameters"), (("relief", "relief"), "given twice"), (("relief", "reliev"), "did you mean")],
)
def test_a_map_needs_two_levers_that_are_there(over: tuple[str, ...], said: str):
    with pytest.raises(BadInput, match=said):
        triangle.veto("europe_chooses", "EU", over=over)


@pytest.mark.usefixtures("not_laid_out", "few_nodes")
def test_the_map_is_drawn_kept_and_not_drawn_where_there_is_none(tmp_path: Path):
    line = ["veto", "europe_chooses", "--over", "relief", "--over", "conditionality"]
    # Drawn from the file alone by default: it is one picture.
    asked = ["--plot", str(tmp_path / "n.png")] if LARGE else []
    drawn = CliRunner().invoke(main, [*line, *asked, "--out", str(tmp_path / "m.json")])
    assert drawn.exit_code == 0 and (tmp_path / "n.png").exists() == LARGE
    assert "either, as is expected" in drawn.stdout
    again = CliRunner().invoke(main, ["veto", "--from", str(tmp_path / "m.json"), "--plot", str(tmp_path / "n.png")])
    assert again.exit_code == 0 and again.stdout == drawn.stdout
    assert (tmp_path / "n.png").stat().st_size > 10_000
    none = CliRunner().invoke(main, ["veto", "europe_chooses", "--plot", str(tmp_path / "o.png")])
    assert none.exit_code == 2 and "nothing is mapped" in none.stderr


def test_the_three_sentences_of_the_documentation_are_true_of_the_numbers():
    """Where Europe's veto is an obstacle, where one of two expectations, and what its moving first changes."""
    page = (Path(__file__).parents[3] / "docs" / "methods" / "veto.md").read_text(encoding="utf-8")
    said = " ".join(page.split())

    def mapped(scenario: str, **settings: float) -> Expectations:
        study = triangle.load(scenario, hold={"US": "court_russia"}, settings=settings)
        found = triangle.veto(study, "EU", over=("relief", "conditionality")).map
        assert found is not None
        return found

    sure, doubtful = mapped("europe_certain"), mapped("europe_relief")
    # What relief that asks nothing changes is a share of two more maps, of which the others stand for by default.
    names = ("europe_certain", "europe_relief")[: 2 if LARGE else 0]
    asks = [f"{100 * mapped(name, reciprocity=0.0).share('stays'):.0f}" for name in names]

    def both(share: str, words: str) -> str:
        return f"{100 * sure.share(share):.0f} per cent{words} ({100 * doubtful.share(share):.0f}"

    assert both("stays", " of the box of relief and conditionality and of Europe's stakes") + " per cent with" in said
    first, second = asks or ("[0-9]+", "[0-9]+")
    assert re.search(rf"rises to {first} per cent \({second}\) where relief asks nothing", said)
    for share, before in (("both", "it is in "), ("leaves", "remaining "), ("surely_leaves_first", "surely joins in ")):
        assert before + both(share, "") + ")" in said, share
    shares = np.array(sure.both)
    assert shares[0, -1] == shares.max() and f"for {100 * shares.max():.0f} per cent of Europe's stakes" in said
    for action in (None, "keep", "join"):
        free = triangle.load("europe_certain", hold={"EU": action} if action else None)
        assert {f.profile[0] for f in free.solve().findings} == {free.cast.actions[0].index("contain_both")}
