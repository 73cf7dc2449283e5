"""What the conditions of one year would lead to for ever: against the game itself, in pieces, and as it is told."""

from __future__ import annotations

import json
from io import StringIO

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner
from rich.console import Console

from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.cli import main
from triangle.questions.path import work as work_of_paths
from triangle.questions.path.answer import path_course
from triangle.questions.path.forever import work as forever_work
from triangle.questions.path.forever.answer import for_ever
from triangle.questions.path.forever.table import forever_tables
from triangle.questions.path.forever.work import Forevers
from triangle.questions.path.work import FOLDER, draw_worlds, kinds_of
from triangle.scenarios.path import read_path
from triangle.solvers.markov.certificate import certify_stationary
from triangle.solvers.markov.stationary import ROUNDS, solve_stationary
from triangle.study.course import game_for_ever, start_of, year_payoffs
from triangle.sweeps.archive import open_store

SAMPLES = 7 if LARGE else 5


@pytest.fixture(scope="module")
def path(model):
    return read_path("path_europe", model).finer(2)


@pytest.fixture(scope="module")
def cycling(model):
    """Offers that every second year may undo: play of some worlds never settles."""
    return read_path("path_reversal", model).finer(2)


def in_words(shown):
    """A table as it is printed."""
    console = Console(file=StringIO(), width=160)
    console.print(shown)
    return console.file.getvalue()


def said(line):
    result = CliRunner().invoke(main, line.split())
    return result.exit_code, " ".join(result.output.split())


def test_payoffs_are_those_of_the_year_and_elections_come_in_any_year(path, model):
    worlds = draw_worlds(path, model, SAMPLES, 5)
    game = game_for_ever(path, model, worlds, 2037)
    assert np.array_equal(game.payoffs(0), year_payoffs(path, model, worlds, 2037))
    election = worlds.numbers["administration.election"]
    assert game.moves[3].at(0)[0, 0, 1] == pytest.approx(election / 4)


def test_what_is_dated_once_is_over(model):
    path = read_path("a_democrat_in_2029", model)
    once = [rate for rate in path.rates if rate.first is not None and rate.every is None]
    assert once
    worlds = draw_worlds(path, model, 1, 0)
    place = [state.name for state in path.states].index(once[0].state)
    rest = sum(
        worlds.numbers[rate.number.name] / rate.every
        for rate in path.rates
        if rate.state == once[0].state and rate.first is not None and rate.every is not None
    )
    moved = 1 - game_for_ever(path, model, worlds, 2029).moves[place].at(0)[0, 0, 0]
    assert moved == pytest.approx(np.zeros(1) + rest)


def test_who_is_held_in_that_year_is_held_for_ever(path, model):
    found = for_ever(path, model, 2030, 1, holds={2030: {1: 2}})
    other = for_ever(path, model, 2030, 1, holds={2031: {1: 2}})
    free = for_ever(path, model, 2030, 1)
    assert found.long_run != free.long_run and to_document(other) == to_document(free)


def test_the_answer_is_the_stationary_equilibrium_and_its_chain(path, model):
    worlds = draw_worlds(path, model, SAMPLES, 5)
    game = game_for_ever(path, model, worlds, 2030)
    policy = solve_stationary(game).policy
    found = for_ever(path, model, 2030, SAMPLES, seed=5)
    checked = certify_stationary(game, policy)
    assert found.largest_gain == checked.gains.max() <= 1e-9 * found.payoff_range
    value = np.einsum("s,isw->iw", start_of(path), checked.values[:, 0])
    assert [band.mean for band in found.values] == pytest.approx(value.mean(axis=1))
    assert sum(band.mean for band in found.long_run) == pytest.approx(1)
    assert sum(band.mean for band in found.at_first) == pytest.approx(1)
    kinds = kinds_of(model.cast)
    number = policy.profiles[0, start_of(path).argmax()]
    if (number >= 0).all() and start_of(path).max() == 1:
        likeliest = np.bincount(kinds.of.reshape(-1)[number], minlength=len(kinds.keys)) / SAMPLES
        assert [band.mean for band in found.at_first] == pytest.approx(likeliest)


def test_pieces_processes_and_a_resumed_folder_give_the_same(path, model, tmp_path, monkeypatch, same_when_sent):
    whole = for_ever(path, model, 2030, SAMPLES, seed=5)
    monkeypatch.setattr(work_of_paths, "AT_ONCE", 32)
    asked = Forevers(path, model, SAMPLES, 5, "margin", {}, year=2030)
    if LARGE:
        assert for_ever(path, model, 2030, SAMPLES, seed=5, workers=2) == whole
    assert same_when_sent(asked, 1)

    def interrupted(done, of):
        raise KeyboardInterrupt

    store = open_store(tmp_path / "run", asked.manifest("1", ()), {}, False, FOLDER)
    with pytest.raises(KeyboardInterrupt):
        for_ever(path, model, 2030, SAMPLES, seed=5, progress=interrupted, store=store)
    store.close()
    again = open_store(tmp_path / "run", asked.manifest("1", ()), {}, True, FOLDER)
    assert again.done(asked) == {0}
    assert for_ever(path, model, 2030, SAMPLES, seed=5, store=again) == whole
    again.close()
    later = Forevers(path, model, SAMPLES, 5, "margin", {}, year=2031)
    with pytest.raises(BadInput, match=r"asked is .2030 for ever. there, .2031 for ever. here"):
        open_store(tmp_path / "run", later.manifest("1", ()), {}, True, FOLDER)


def test_worlds_that_cycle_are_left_out_counted_and_followed_on_demand(cycling, model, monkeypatch):
    solved = {}
    # Play that does not settle takes 600 rounds to say so: once is enough, and fewer are for play that settles.
    rounds = ROUNDS if LARGE else 30
    monkeypatch.setattr(
        forever_work,
        "solve_stationary",
        lambda game, rule: solved.setdefault(rule, solve_stationary(game, rule=rule, rounds=rounds)),
    )
    found = for_ever(cycling, model, 2025, 4, seed=3)
    assert (found.certified, found.epsilon, found.cycles, found.followed) == (0.75, 0.0, 0.25, None)
    assert found.largest_gain <= 1e-9 * found.payoff_range and found.state_worlds == 3 * 16
    words = " ".join(in_words(forever_tables(found)).split())
    assert "in worlds in which play settles." in words and "goes on changing in 25.0%, which are left out" in words
    assert "--follow looks for the equilibrium of worlds that cycle" in words
    followed = for_ever(cycling, model, 2025, 4, seed=3, follow=True)
    assert "followed to its end: 1." in " ".join(in_words(forever_tables(followed)).split())
    assert (followed.followed, followed.cycles, followed.certified + followed.epsilon) == (1, 0.0, 1.0)
    assert followed.state_worlds == 4 * 16


def test_a_course_that_ends_late_begins_as_play_for_ever_does(path, model):
    # Conditions that stand still: the frozen year is then every year, and a far end is forgotten.
    still = path.number("administration.election", 0.0)
    steady = type(still)(**{**{f: getattr(still, f) for f in still.__dataclass_fields__}, "drifts": (), "last": 2105})
    long = path_course(steady, model, 1)
    ever = for_ever(steady, model, 2025, 1)
    assert [b.mean for b in long.years[0].configurations] == pytest.approx([b.mean for b in ever.at_first], abs=1e-9)
    assert [b.mean for b in long.values] == pytest.approx([b.mean for b in ever.values], rel=1e-3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--forever 2060", "found 2060; expected a year from 2025 to 2045; --until moves the last one"),
        ("--forever 2040 --wait RU", "goes against --wait"),
        ("--forever 2040 --commit US", "goes against --commit"),
        ("--forever 2040 --select bounds", "bounds are those of a course"),
        ("--forever 2040 --select status_quo --follow", "a logit path does not look back"),
        ("--follow", "say of which year with --forever"),
        ("--forever 2040 --plot x.svg", "draws the course; leave out --commit, --wait and --forever"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(options, words):
    code, output = said(f"path path_baseline --samples 1 --levels 2 {options}")
    assert code == 2 and words in output, output


def test_it_is_told_in_both_languages_and_shown_again_from_its_file(tmp_path):
    line = "path path_europe --levels 2 --samples 3 --forever 2030"
    code, output = said(f"{line} --out {tmp_path / 'f.json'}")
    assert code == 0 and "If the conditions of 2030 went on for ever, the long run would be" in output
    assert "Stationary play is found and certified in every world." in output
    assert output.endswith(said(f"path --from {tmp_path / 'f.json'}")[1])
    assert json.loads((tmp_path / "f.json").read_text())["schema"] == "triangle.path_forever/1"
    assert "Dauerten die Verhältnisse von 2030 für immer an" in said(f"{line} --language de")[1]


@pytest.mark.parametrize("rule", ["risk", "payoff", "agreements", "status_quo"])
def test_every_rule_that_says_what_is_played_can_be_asked(path, model, rule):
    found = for_ever(path.finer(2), model, 2045, 2, rule=rule)
    assert found.rule == rule and found.certified + found.epsilon + found.cycles == 1
