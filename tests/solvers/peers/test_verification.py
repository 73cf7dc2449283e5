"""The agreement matrix: who found what, judged by a verifier that is itself held against plain sums."""

import doctest
import json
from functools import partial
from pathlib import Path

import fake_solvers
import numpy as np
import pytest
from budgets import LARGE, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from named_games import (
    AUMANN_OVERSEER,
    GAMES,
    MATCHING_PENNIES,
    MCKELVEY_MCLENNAN,
    MINORITY,
    NAU_CONTINUUM,
    NAU_IRRATIONAL,
    STAG_HUNT,
    NamedGame,
)
from named_games import expected_payoffs as plain_payoffs
from named_games import mixed_regret as plain_regret
from referees import recorded
from strategies import games, pure_by_definition

from triangle.base.records import to_document
from triangle.games.interchange import parse_nfg
from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Equilibrium, Solution
from triangle.solvers.logit.limit import logit_limit
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.peers.run import PEERS, Answer, Peer
from triangle.solvers.peers.verification import REACH, compare, expected_payoffs, mixed_regret, refine, verify
from triangle.solvers.pure import solve_pure

PATIENCE = 600.0


def game_of(named: NamedGame) -> NormalFormGame:
    return NormalFormGame(named.payoffs)


def ok(*profiles, verdict: str | None = None, method: str = "") -> Answer:
    return Answer("ok", 0.1, tuple(profiles), verdict, "", method)


# --- the verifier ---


@given(games(), st.integers(0, 2**32 - 1))
def test_regret_of_a_mixed_profile_is_that_of_a_plain_sum_over_profiles(payoffs, seed):
    rng = np.random.default_rng(seed)
    mixed = [rng.dirichlet(np.ones(count)) for count in payoffs.shape[1:]]
    plain = plain_payoffs(payoffs, tuple(map(tuple, mixed)))
    for ours, theirs in zip(expected_payoffs(payoffs, mixed), plain, strict=True):
        assert np.allclose(ours, theirs, atol=1e-12)
    assert mixed_regret(payoffs, mixed) == pytest.approx(max(0.0, plain_regret(payoffs, mixed)), abs=1e-12)


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_published_equilibria_are_left_where_they_are(game):
    for point in game.equilibria:
        refined = refine(game.payoffs, [np.array(x) for x in point])
        assert np.abs(np.concatenate(refined) - np.concatenate(point)).max() <= 1e-9


@pytest.mark.parametrize("game", [g for g in GAMES if g.generic], ids=lambda game: game.name)
def test_a_blurred_equilibrium_of_a_generic_game_is_brought_back_into_focus(game):
    rng = np.random.default_rng(5)
    for point in game.equilibria:
        blurred = [0.999 * np.array(x) + 0.001 * rng.dirichlet(np.ones(len(x))) for x in point]
        refined = refine(game.payoffs, blurred)
        assert np.abs(np.concatenate(refined) - np.concatenate(point)).max() <= 1e-9


def test_refining_never_carries_a_profile_out_of_reach_nor_to_more_regret():
    rng = np.random.default_rng(6)
    for _ in range(tries(200)):
        payoffs = rng.integers(0, 4, (3, 2, 3, 2)).astype(float)
        mixed = [rng.dirichlet(np.ones(count)) for count in (2, 3, 2)]
        refined = refine(payoffs, mixed)
        assert mixed_regret(payoffs, refined) <= mixed_regret(payoffs, mixed)
        assert np.abs(np.concatenate(refined) - np.concatenate(mixed)).max() <= REACH + 0.02
        assert all(x.min() >= 0 and abs(x.sum() - 1) < 1e-12 for x in refined)


# --- matching ---


def test_who_found_what_and_who_missed_what():
    game = MCKELVEY_MCLENNAN
    pure = [game.as_mixed(profile) for profile in game.pure]
    seen = compare(
        game_of(game),
        [
            ("all of them", "all", ok(*game.equilibria, verdict="complete")),
            ("pure ones", "all", ok(*pure, verdict="complete", method="pure")),
            ("one twice", "one", ok(game.mixed[3], game.mixed[3])),
            ("away", "all", Answer("absent")),
            ("late", "all", Answer("timeout", 2.0, (pure[0],))),
        ],
    )
    assert len(seen.equilibria) == 9
    assert [len(solver.missed) for solver in seen.solvers] == [0, 5, 8, 0, 8]
    assert seen.matrix.sum(axis=0).tolist() == [9, 4, 1, 0, 1]
    assert seen.solvers[1].aim == "all pure"
    assert seen.contradictions == ()
    for k, one in enumerate(seen.equilibria):
        for solver in seen.solvers:
            assert (solver.name in one.found_by) == any(found.match == k for found in solver.found)
            assert (k in solver.missed) == (solver.name not in one.found_by and solver.status != "absent")


def test_an_approximate_answer_stands_for_the_equilibrium_it_approximates():
    game = NAU_IRRATIONAL
    rough = tuple(tuple(round(p, 3) for p in player) for player in game.mixed[0])
    seen = compare(game_of(game), [("exact", "all", ok(game.mixed[0])), ("rough", "one", ok(rough))])
    assert [one.found_by for one in seen.equilibria] == [("exact", "rough")]
    assert seen.solvers[1].found[0].probabilities == rough, "the report shows what was returned, not what it became"
    assert seen.solvers[1].found[0].regret == pytest.approx(plain_regret(game.payoffs, rough))
    assert seen.solvers[1].found[0].regret > 1e-5


def test_what_cannot_be_refined_is_taken_for_the_exact_equilibrium_within_reach():
    # The two actions are never equally good, so no equilibrium mixes them, yet mixing them costs next to nothing.
    choice = NormalFormGame([[1.0, 1.0 - 1e-7, 0.0]])
    seen = compare(choice, [("exact", "all", ok(((1.0, 0.0, 0.0),))), ("near", "one", ok(((0.985, 0.015, 0.0),)))])
    assert [one.found_by for one in seen.equilibria] == [("exact", "near")]
    far = compare(choice, [("exact", "all", ok(((1.0, 0.0, 0.0),))), ("far", "one", ok(((0.5, 0.5, 0.0),)))])
    assert [one.found_by for one in far.equilibria] == [("exact",), ("far",)]


def test_a_profile_that_is_no_equilibrium_is_shown_with_its_regret_and_matched_with_nothing():
    seen = compare(game_of(STAG_HUNT), [("wrong", "one", ok(((1.0, 0.0), (0.0, 1.0))))])
    assert seen.equilibria == ()
    assert seen.matrix.shape == (0, 1)
    assert (seen.solvers[0].found[0].match, seen.solvers[0].found[0].regret) == (None, 7.0)


def test_two_points_of_a_continuum_stay_two():
    start, end = AUMANN_OVERSEER.segments[0]
    seen = compare(game_of(AUMANN_OVERSEER), [("a", "one", ok(start)), ("b", "one", ok(end))])
    assert [one.found_by for one in seen.equilibria] == [("a",), ("b",)] or [
        one.found_by for one in seen.equilibria
    ] == [("b",), ("a",)]


def test_the_curve_of_nau_is_not_pulled_to_one_point_by_refining():
    seen = compare(game_of(NAU_CONTINUUM), [("a", "some", ok(*NAU_CONTINUUM.mixed))])
    assert len(seen.equilibria) == len(NAU_CONTINUUM.mixed)


def test_the_order_of_the_solvers_changes_no_finding():
    game = MCKELVEY_MCLENNAN
    answers = [("a", "all", ok(*game.equilibria)), ("b", "some", ok(*game.mixed)), ("c", "one", ok(game.mixed[0]))]
    one, other = compare(game_of(game), answers), compare(game_of(game), answers[::-1])
    assert [set(e.found_by) for e in one.equilibria] == [set(e.found_by) for e in other.equilibria]
    assert np.array_equal(one.matrix, other.matrix[:, ::-1])


# --- contradictions ---


def test_a_false_claim_of_completeness_is_called_out_with_who_knows_better():
    seen = verify(
        game_of(STAG_HUNT),
        PATIENCE,
        {
            "bold": lambda game: fake_solvers.says_first_actions(game),
            "blind": lambda game: fake_solvers.says_nothing(game),
            "pure": lambda game: solve_pure(game),
        },
        peers=(),
    )
    assert seen.contradictions == (
        "bold says complete and misses 1 of 2 equilibria, found by pure",
        "blind says complete and misses 2 of 2 equilibria, found by bold, pure",
    )


def test_a_complete_list_of_pure_equilibria_is_not_blamed_for_a_mixed_one():
    answers = [("pure", "all", ok(verdict="complete", method="pure")), ("peer", "one", ok(MATCHING_PENNIES.mixed[0]))]
    assert compare(game_of(MATCHING_PENNIES), answers).contradictions == ()


def test_a_listed_profile_that_is_no_equilibrium_is_called_out():
    bold = {"bold": lambda game: fake_solvers.says_first_actions(game)}
    seen = verify(game_of(MATCHING_PENNIES), PATIENCE, bold, peers=())
    assert seen.contradictions == ("bold lists 1 of 1 profiles that are no equilibria",)


def test_nonsense_is_shown_without_regret_because_it_has_none():
    seen = verify(game_of(STAG_HUNT), PATIENCE, {"odd": fake_solvers.says_nonsense}, peers=())
    assert [found.regret for found in seen.solvers[0].found] == [None, None, None]
    assert seen.equilibria == ()


# --- the whole ---


def test_a_solver_that_hangs_costs_its_limit_and_nothing_else():
    # The other two run in this process, so that a busy machine cannot make them late.
    others = {"breaks": lambda game: fake_solvers.raises(game), "pure": lambda game: solve_pure(game)}
    seen = verify(game_of(STAG_HUNT), 1.0, {"hangs": fake_solvers.hangs, **others}, ())
    assert [solver.status for solver in seen.solvers] == ["timeout", "failed", "ok"]
    assert [one.found_by for one in seen.equilibria] == [("pure",), ("pure",)]


def test_the_json_is_that_of_the_contract_and_plain():
    seen = verify(
        game_of(MCKELVEY_MCLENNAN),
        PATIENCE,
        {"triangle.pure": lambda game: solve_pure(game), "odd": lambda game: fake_solvers.says_nonsense(game)},
        peers=(Peer("nobody.solve", "no_such_package_anywhere", "all"),),
    )
    document = json.loads(json.dumps(to_document(seen), allow_nan=False))
    assert document["schema"] == "triangle.verification/1"
    assert document["game"] == {"players": 3, "actions": [2, 2, 2]}
    first = document["solvers"][0]
    assert (first["name"], first["status"], first["verdict"], first["missed"]) == ("triangle.pure", "ok", "complete", 0)
    assert first["seconds"] >= 0.0
    assert {"probabilities": [[1, 0], [1, 0], [1, 0]], "regret": 0.0, "match": 0} in first["equilibria"]
    assert [solver["status"] for solver in document["solvers"]] == ["ok", "ok", "absent"]
    assert document["equilibria"][0]["found_by"] == ["triangle.pure"]


def test_peers_for_another_number_of_players_are_left_out_and_each_run_is_announced():
    told: list[str] = []
    nobody = (Peer("for.two", "no_such_package_anywhere", "all", 2), Peer("for.any", "no_such_package_anywhere", "all"))
    own = {"triangle.pure": lambda game: solve_pure(game)}
    seen = verify(game_of(MINORITY), PATIENCE, own, nobody, notice=told.append)
    assert told == ["triangle.pure", "for.any"]
    assert [solver.name for solver in seen.solvers] == told


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match="not a batch"):
        verify(NormalFormGame(np.zeros((2, 2, 2, 3))), PATIENCE, {})


def says_all_nine(game: NormalFormGame) -> Solution:
    return Solution(
        "mixed", "complete", tuple(Equilibrium(e, (), 0.0) for e in MCKELVEY_MCLENNAN.equilibria), "from the library"
    )


def says(found: tuple[Equilibrium, ...], game: NormalFormGame) -> Solution:
    return Solution("mixed", "degenerate", found, "recorded")


def asked_again() -> dict[str, list[list[list[float]]]]:
    """What Gambit's solvers find of the game of nine, asked live."""
    peers = tuple(p for p in PEERS if p.name in ("pygambit.enumpoly", "pygambit.ipa"))
    seen = verify(game_of(MCKELVEY_MCLENNAN), PATIENCE, {}, peers)
    return {s.name: [[list(map(float, own)) for own in f.probabilities] for f in s.found] for s in seen.solvers}


def test_no_peer_finds_an_equilibrium_of_mckelvey_and_mclennans_game_beside_the_nine():
    command = "triangle verify, pygambit.enumpoly and pygambit.ipa"
    theirs = recorded("nine", game_of(MCKELVEY_MCLENNAN).payoffs.tolist(), command, asked_again)
    equilibria = {
        name: tuple(Equilibrium(tuple(map(tuple, profile)), (), 0.0) for profile in found)
        for name, found in theirs.items()
    }
    own = {name: partial(says, found) for name, found in equilibria.items()}
    seen = verify(game_of(MCKELVEY_MCLENNAN), PATIENCE, {"library": lambda game: says_all_nine(game), **own}, ())
    assert len(seen.equilibria) == 9
    assert seen.solvers[0].missed == ()
    assert seen.contradictions == ()
    assert all(found.match is not None for solver in seen.solvers for found in solver.found)
    assert any(solver.found for solver in seen.solvers[1:])


def test_the_examples_of_the_page_on_verification_run():
    page = Path(__file__).parents[3] / "docs" / "methods" / "verification.md"
    assert doctest.testfile(str(page), module_relative=False) == (0, 8)


# --- judgement by the profile's own deviations, names, and failures of our own ---


def test_one_prohibitive_payoff_accuses_no_right_answer():
    """Only the third player's prohibitive payoff is large; the profiles that it makes look harmless gain 1 to 4."""
    dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
    payoffs = np.stack([*np.repeat(dilemma[..., None], 2, axis=3), np.full((2, 2, 2), 3.0)])
    payoffs[2, ..., 1] = 4.0
    payoffs[2, 1, 1, 1] = -1e11
    first, second = (1.0, 0.0), (0.0, 1.0)
    wrong = tuple((a, b, second) for a in (first, second) for b in (first, second))
    seen = verify(
        NormalFormGame(payoffs),
        PATIENCE,
        {"pure": lambda game: solve_pure(game), "mixed": lambda game: solve_mixed(game)},
        peers=(),
    )
    assert seen.contradictions == ()
    assert [one.probabilities for one in seen.equilibria] == [((0.0, 1.0), (0.0, 1.0), (1.0, 0.0))]
    judged = compare(NormalFormGame(payoffs), [("peer", "all", ok(*wrong))])
    assert judged.equilibria == ()


@settings(max_examples=200 if LARGE else 3)
@given(games(), st.integers(-300, 300))
def test_the_judgement_of_every_pure_profile_is_the_definition_in_every_unit(payoffs, exponent):
    scaled = np.ldexp(payoffs, exponent)
    everything = [
        tuple(tuple(float(b == a) for b in range(count)) for a, count in zip(profile, payoffs.shape[1:], strict=True))
        for profile in np.ndindex(payoffs.shape[1:])
    ]
    seen = compare(NormalFormGame(scaled), [("peer", "all pure", ok(*everything))])
    found = [tuple(p.index(1.0) for p in one.probabilities) for one in seen.solvers[0].found if one.match is not None]
    assert found == pure_by_definition(payoffs)


@pytest.mark.parametrize("factor", [1e-150, 1e-9, 1e9, 1e150])
def test_an_approximate_answer_is_refined_in_every_unit(factor):
    game = NAU_IRRATIONAL
    rough = tuple(tuple(round(p, 3) for p in player) for player in game.mixed[0])
    refined = refine(game.payoffs * factor, [np.array(p) / sum(p) for p in rough])
    assert np.abs(np.concatenate(refined) - np.concatenate(game.mixed[0])).max() < 1e-8


def test_a_solver_of_ours_that_breaks_is_named_and_one_that_is_late_is_said():
    seen = verify(
        game_of(STAG_HUNT),
        1.0,
        {"breaks": lambda game: fake_solvers.raises(game), "hangs": fake_solvers.hangs},
        peers=(),
    )
    assert seen.failed == ("breaks",)
    assert seen.remarks == ("hangs did not end within 1 seconds",)
    assert to_document(seen)["failed"] == ["breaks"]


def test_profiles_carry_the_names_in_the_file():
    named = parse_nfg(
        'NFG 1 R "Who meets whom" { "Ankara" "Athens" } { { "talk" "wait" } { "come" "stay away" } } "" 2 1 0 0 0 0 1 2'
    )
    seen = verify(named.game, PATIENCE, {"mixed": lambda game: solve_mixed(game)}, peers=(), named=named)
    document = json.loads(json.dumps(to_document(seen), allow_nan=False))
    assert document["game"]["title"] == "Who meets whom"
    assert document["game"]["player_names"] == ["Ankara", "Athens"]
    assert document["game"]["action_names"] == [["talk", "wait"], ["come", "stay away"]]
    plays = [one["plays"] for one in document["equilibria"]]
    assert plays[0] == {"Ankara": {"talk": 1.0}, "Athens": {"come": 1.0}}
    assert plays[1] == {
        "Ankara": {"talk": pytest.approx(2 / 3), "wait": pytest.approx(1 / 3)},
        "Athens": {"come": pytest.approx(1 / 3), "stay away": pytest.approx(2 / 3)},
    }


def test_the_end_of_the_logit_branch_is_not_blamed_for_what_else_there_is():
    game = game_of(STAG_HUNT)
    seen = verify(game, PATIENCE, {"limit": lambda g: logit_limit(g), "pure": lambda g: solve_pure(g)}, peers=())
    assert [report.aim for report in seen.solvers] == ["one", "all pure"]
    assert len(seen.solvers[0].missed) == 1
    assert seen.contradictions == ()


def test_of_four_players_it_is_said_that_mixed_equilibria_were_not_looked_for():
    payoffs = np.random.default_rng(2).random((4, 2, 2, 2, 2))
    seen = verify(NormalFormGame(payoffs), PATIENCE, {"limit": lambda g: logit_limit(g)}, peers=())
    assert seen.remarks == ("mixed equilibria of four or more players are not looked for by our solvers",)
    assert len(seen.equilibria) == 1
