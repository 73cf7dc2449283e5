"""Child processes end at their limits whatever they do, and games arrive in them as they were sent."""

import math
import os
import shutil
import sys
import time
from types import SimpleNamespace

import fake_solvers
import numpy as np
import pytest
import quantecon_stand_in
from budgets import LARGE
from named_games import ASYMMETRIC_MATCHING_PENNIES, ITERATED_ELIMINATION, MCKELVEY_MCLENNAN, NAU_IRRATIONAL

from triangle.games.normal_form import NormalFormGame
from triangle.solvers.peers import run as peers
from triangle.solvers.peers._child import SOLVERS
from triangle.solvers.peers.run import PEERS, Peer, ask_peer, ask_solver
from triangle.solvers.pure import solve_pure

GAME = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
#: Enough for a child to start on a busy machine.
PATIENCE = 600.0


def peer(name: str) -> Peer:
    found = next(p for p in PEERS if p.name == name)
    if not found.installed:
        pytest.skip(f"{found.package} is not installed; this test asks it where it is")
    return found


# --- limits ---


@pytest.mark.parametrize("solver", [fake_solvers.hangs, fake_solvers.is_busy_for_ever], ids=lambda s: s.__name__)
def test_a_solver_that_never_returns_is_killed_at_its_limit(solver):
    limit = 1.0 if LARGE else 0.6
    answer = ask_solver(solver, GAME, limit)  # or this test never ends
    assert answer.status == "timeout"
    assert answer.seconds >= limit
    assert "killed after" in answer.message


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a platform on which a process can fork")
def test_what_a_killed_solver_had_started_dies_with_it(tmp_path, monkeypatch):
    note = tmp_path / "pid"
    monkeypatch.setenv("FAKE_SOLVER_NOTE", str(note))
    limit = 2.0
    while not note.exists() or not note.read_text():  # killed before it got so far, on a busy machine
        assert ask_solver(fake_solvers.leaves_a_child_behind, GAME, limit).status == "timeout"
        limit *= 2
    orphan = int(note.read_text())
    deadline = time.perf_counter() + 120.0  # for a busy machine; it is not waited for
    while time.perf_counter() < deadline and _runs(orphan):
        time.sleep(0.05)
    assert not _runs(orphan)


def _runs(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be collected."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_solver_that_takes_too_much_memory_fails_alone():
    pytest.importorskip("resource", reason="this platform has no limit on memory")
    answer = ask_solver(fake_solvers.takes_three_gibibytes, GAME, PATIENCE, megabytes=2048)
    assert answer.status == "failed"
    assert "MemoryError" in answer.message


def test_an_error_is_an_answer():
    answer = ask_solver(fake_solvers.raises, GAME, PATIENCE)
    assert (answer.status, answer.message) == ("failed", "ArithmeticError: singular")


def test_a_crash_is_an_answer():
    answer = ask_solver(fake_solvers.crashes, GAME, PATIENCE)
    assert (answer.status, answer.message) == ("failed", "the process ended with code 17")


def test_what_a_solver_prints_does_not_spoil_its_answer():
    answer = ask_solver(fake_solvers.talks, GAME, PATIENCE)
    assert (answer.status, answer.profiles) == ("ok", (((1.0, 0.0), (1.0, 0.0)),))


def test_what_was_found_before_the_kill_is_kept():
    lines = '{"found": [[1, 0], [0.5, 0.5]]}\n{"found": [[0.2'
    answer = peers._read(lines, 2.0, killed=True, code=-9)
    assert (answer.status, answer.profiles) == ("timeout", (((1.0, 0.0), (0.5, 0.5)),))


def test_a_solver_without_an_importable_name_runs_here_and_its_error_is_its_answer():
    answer = ask_solver(lambda game: solve_pure(game), GAME, PATIENCE)
    assert (answer.status, answer.method, answer.profiles) == ("ok", "pure", (((0.0, 1.0), (0.0, 1.0)),))
    failed = ask_solver(lambda game: fake_solvers.raises(game), GAME, PATIENCE)
    assert (failed.status, failed.message) == ("failed", "ArithmeticError: singular")


@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match="positive number of seconds"):
        ask_solver(solve_pure, GAME, limit)


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match="not a batch"):
        ask_solver(solve_pure, NormalFormGame(np.zeros((2, 2, 2, 3))), PATIENCE)


# --- what travels ---


@pytest.mark.parametrize("game", [MCKELVEY_MCLENNAN, ITERATED_ELIMINATION], ids=lambda game: game.name)
def test_a_child_solves_the_game_that_was_sent(game):
    answer = ask_solver(solve_pure, NormalFormGame(game.payoffs), PATIENCE)
    assert answer.status == "ok"
    assert answer.verdict == "complete"
    assert answer.profiles == tuple(game.as_mixed(profile) for profile in sorted(game.pure))


def test_payoffs_travel_exactly_and_without_plus_signs():
    payoffs = np.array([[[1 / 3, 1e300], [-1e-300, 5e-324]], [[0.1 + 0.2, -0.0], [2.0**60, 7.0]]])
    text = peers._payoff_text(NormalFormGame(payoffs))
    assert [float(u) for u in text] == np.moveaxis(payoffs, 0, -1).reshape((-1, 2), order="F").ravel().tolist()
    assert not any("+" in u for u in text)


def test_no_peer_is_imported_here():
    assert "pygambit" not in sys.modules


# --- peers ---


def test_a_peer_that_is_not_installed_is_absent():
    answer = ask_peer(Peer("nobody.solve", "no_such_package_anywhere", "all"), GAME, PATIENCE)
    assert (answer.status, answer.message) == ("absent", "no_such_package_anywhere is not installed")


@pytest.fixture
def hardly_optimised(monkeypatch: pytest.MonkeyPatch) -> None:
    """QuantEcon compiles what it runs, and to make that fast takes longer here than to run it."""
    monkeypatch.setenv("NUMBA_OPT", "0")


#: Those for any number of players; the one that takes longest to start is asked with large budgets.
GENERAL = [p.name for p in PEERS if p.players is None and p.aim != "all pure"]


@pytest.mark.parametrize("name", [name for name in GENERAL if LARGE or name != "quantecon.mclennan_tourky"])
def test_peers_find_the_unique_irrational_equilibrium_of_an_asymmetric_game(name):
    answer = ask_peer(peer(name), NormalFormGame(NAU_IRRATIONAL.payoffs), PATIENCE)
    assert answer.status == "ok"
    assert answer.profiles
    for profile in answer.profiles:
        assert np.allclose(np.concatenate(profile), np.concatenate(NAU_IRRATIONAL.mixed[0]), atol=1e-3)


@pytest.mark.parametrize("unit", [1.0, 2e11, 1e300])
def test_a_peer_gets_the_payoffs_in_one_unit(unit, monkeypatch: pytest.MonkeyPatch):
    """Its tolerance is in units of payoff: on large ones as they are it would ask for more digits than numbers have."""
    monkeypatch.setattr(peers, "_run", lambda request, *_: [float(u) for u in request["payoffs"]])
    sent = np.array(ask_peer(Peer("numpy", "numpy", "one"), NormalFormGame(unit * NAU_IRRATIONAL.payoffs), PATIENCE))
    listed = np.moveaxis(NAU_IRRATIONAL.payoffs, 0, -1).reshape((-1, 3), order="F").ravel()
    assert 0.5 <= np.ptp(sent.reshape(-1, 3), axis=0).max() <= 1.0
    assert sent / sent.max() == pytest.approx(listed / listed.max())


#: QuantEcon loads for two seconds and compiles for two: by default it is asked for one pure equilibrium alone.
SLOW = "loads and compiles for four seconds; a stand-in that has its conventions is asked for the same"


@pytest.mark.usefixtures("hardly_optimised")
@pytest.mark.skipif(not LARGE, reason=SLOW)
def test_an_absolute_tolerance_does_not_depend_on_the_unit_of_payoff():
    answer = ask_peer(peer("quantecon.mclennan_tourky"), NormalFormGame(2e11 * NAU_IRRATIONAL.payoffs), PATIENCE)
    assert answer.status == "ok"
    assert np.allclose(np.concatenate(answer.profiles[0]), np.concatenate(NAU_IRRATIONAL.mixed[0]), atol=1e-3)


@pytest.mark.parametrize("name", [p.name for p in PEERS if p.package == "quantecon"])
def test_quantecon_gets_its_axes_in_its_own_order(name, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "quantecon", SimpleNamespace(game_theory=quantecon_stand_in))
    monkeypatch.setitem(sys.modules, "quantecon.game_theory", quantecon_stand_in)

    def found(game):
        request = {"payoffs": peers._payoff_text(NormalFormGame(game)), "actions": list(game.shape[1:])}
        return [tuple(map(tuple, profile)) for profile in SOLVERS[name](request)]

    for game in (ITERATED_ELIMINATION, MCKELVEY_MCLENNAN):
        pure = [game.as_mixed(profile) for profile in sorted(game.pure)]
        assert found(game.payoffs) == pure[: 1 if name.endswith("tourky") else None]
    if name.endswith("tourky"):
        with pytest.raises(RuntimeError, match="did not converge"):
            found(ASYMMETRIC_MATCHING_PENNIES.payoffs)


def test_a_peer_answers_from_a_child_or_says_that_it_failed(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "quantecon").mkdir()
    (tmp_path / "quantecon" / "__init__.py").touch()
    shutil.copy(quantecon_stand_in.__file__, tmp_path / "quantecon" / "game_theory.py")
    monkeypatch.syspath_prepend(tmp_path)
    asked = Peer("quantecon.mclennan_tourky", "quantecon", "one")
    answer = ask_peer(asked, NormalFormGame(ITERATED_ELIMINATION.payoffs), PATIENCE)
    assert (answer.status, answer.profiles) == ("ok", (ITERATED_ELIMINATION.as_mixed((0, 1)),))
    failed = ask_peer(asked, NormalFormGame(ASYMMETRIC_MATCHING_PENNIES.payoffs), PATIENCE)
    assert (failed.status, failed.message) == ("failed", "RuntimeError: did not converge")


@pytest.mark.usefixtures("hardly_optimised")
def test_quantecon_finds_the_pure_equilibrium():
    game = ITERATED_ELIMINATION
    answer = ask_peer(peer("quantecon.pure_nash_brute"), NormalFormGame(game.payoffs), PATIENCE)
    assert answer.profiles == tuple(game.as_mixed(profile) for profile in game.pure)


@pytest.mark.usefixtures("hardly_optimised")
@pytest.mark.skipif(not LARGE, reason=SLOW)
def test_support_enumeration_answers_for_two_players():
    game = ASYMMETRIC_MATCHING_PENNIES
    answer = ask_peer(peer("quantecon.support_enumeration"), NormalFormGame(game.payoffs), PATIENCE)
    assert np.allclose(answer.profiles, game.mixed)
