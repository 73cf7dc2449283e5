"""The child process in which other people's solvers run; started by :mod:`triangle.solvers.peers.run`, never imported.

Standard input holds one request in JSON, payoffs as text. Each equilibrium found is written to standard output at once,
one JSON line each, so that a solver killed at its time limit leaves what it had; a last line says how it ended. What a
solver prints itself goes to standard error.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Profile = list[list[float]]
Request = dict[str, Any]

#: Rays traced by the global Newton method after its default one; each may reach equilibria that the others do not.
RANDOM_RAYS = 7


def gambit_game(request: Request) -> tuple[Any, Any]:
    """The game as Gambit reads it from the payoff form."""
    import pygambit

    players = " ".join(f'"{i}"' for i in range(1, len(request["actions"]) + 1))
    counts = " ".join(map(str, request["actions"]))
    return pygambit, pygambit.read_nfg(
        io.StringIO(f'NFG 1 R "" {{ {players} }} {{ {counts} }} {" ".join(request["payoffs"])}')
    )


def gambit_profiles(game: Any, result: Any) -> Iterator[Profile]:
    """The profiles of a result, which holds a list of them or, where one branch is followed, a single one."""
    found = result.equilibria if hasattr(result, "equilibria") else [result.equilibrium]
    for profile in found:
        yield [[float(probability) for _, probability in profile[player]] for player in game.players]


def gambit_gnm(request: Request) -> Iterator[Profile]:
    """The global Newton method along random rays and its default one, the time left shared among those to come."""
    pygambit, game = gambit_game(request)
    rng = np.random.default_rng(request["seed"])
    # A continuous draw has a unique largest entry for each player, as the method requires. The default ray comes last:
    # on several games of the literature it is the one that does not return.
    rays = [
        game.mixed_strategy_profile([rng.dirichlet(np.ones(count)).tolist() for count in request["actions"]])
        for _ in range(RANDOM_RAYS)
    ]
    # A little before the parent's own limit, so that the answer still gets there.
    end = request["deadline"] - 0.1 * request["time_limit"]
    lost = []
    for left, ray in zip(range(RANDOM_RAYS + 1, 0, -1), [*rays, game], strict=True):
        share = (end - time.time()) / left
        work = partial(gambit_ray, pygambit, game, ray)
        found, why = in_time(work, share)
        yield from found
        lost += [why] if why else []
    if lost:
        kind = TimeoutError if TIMEOUT in lost else RuntimeError
        raise kind(f"{len(lost)} of {RANDOM_RAYS + 1} rays did not return: {lost[0]}")


def gambit_ray(pygambit: Any, game: Any, ray: Any) -> list[Profile]:
    return list(gambit_profiles(game, pygambit.nash.gnm_solve(ray)))


#: Why a ray has no answer when it was stopped for its time.
TIMEOUT = "out of time"


def in_time(work: Callable[[], list[Profile]], seconds: float) -> tuple[list[Profile], str]:
    """What `work` returns, and why it did not, where the platform can fork and so stop it after some seconds."""
    if not hasattr(os, "fork"):
        return work(), ""
    receive, send = os.pipe()
    worker = os.fork()
    if worker == 0:
        try:
            answer = json.dumps([work(), ""])
        except BaseException as error:
            answer = json.dumps([[], f"{type(error).__name__}: {error}"[:200]])
        with os.fdopen(send, "w") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(send)
    text = b""
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        if select.select([receive], [], [], left)[0]:
            piece = os.read(receive, 65536)
            if not piece:
                break
            text += piece
    else:
        os.kill(worker, signal.SIGKILL)
        text = json.dumps([[], TIMEOUT]).encode()
    os.close(receive)
    os.waitpid(worker, 0)
    try:
        found, why = json.loads(text)
    except ValueError:
        return [], "it crashed"
    return found, why


def gambit_by_name(method: str) -> Callable[[Request], Iterator[Profile]]:
    def solve(request: Request) -> Iterator[Profile]:
        pygambit, game = gambit_game(request)
        yield from gambit_profiles(game, getattr(pygambit.nash, method)(game))

    return solve


def payoff_array(request: Request) -> NDArray[np.float64]:
    """Payoffs ``[player, a_1, ..., a_n]`` from text in the order of Gambit's files."""
    actions = request["actions"]
    listed = np.array([float(u) for u in request["payoffs"]]).reshape(-1, len(actions))
    return np.ascontiguousarray(np.moveaxis(listed.reshape((*actions, len(actions)), order="F"), -1, 0))


def quantecon_game(request: Request) -> tuple[Any, Any]:
    import quantecon.game_theory as game_theory

    payoffs = payoff_array(request)
    n = len(payoffs)
    # Its arrays have the player's own action first, then those of the players after it, in turn.
    turned = [np.ascontiguousarray(own.transpose([(i + k) % n for k in range(n)])) for i, own in enumerate(payoffs)]
    return game_theory, game_theory.NormalFormGame([game_theory.Player(own) for own in turned])


def quantecon_pure(request: Request) -> Iterator[Profile]:
    game_theory, game = quantecon_game(request)
    for profile in game_theory.pure_nash_brute(game):
        yield [[float(b == a) for b in range(count)] for a, count in zip(profile, request["actions"], strict=True)]


def quantecon_mclennan_tourky(request: Request) -> Iterator[Profile]:
    game_theory, game = quantecon_game(request)
    profile, report = game_theory.mclennan_tourky(game, epsilon=1e-6, max_iter=10**6, full_output=True)
    if not report.converged:
        raise RuntimeError("did not converge")
    yield [player.tolist() for player in profile]


def quantecon_support_enumeration(request: Request) -> Iterator[Profile]:
    game_theory, game = quantecon_game(request)
    for profile in game_theory.support_enumeration_gen(game):
        yield [player.tolist() for player in profile]


SOLVERS: dict[str, Callable[[Request], Iterator[Profile]]] = {
    "pygambit.gnm": gambit_gnm,
    "pygambit.enumpoly": gambit_by_name("enumpoly_solve"),
    "pygambit.logit": gambit_by_name("logit_solve"),
    "pygambit.ipa": gambit_by_name("ipa_solve"),
    "quantecon.pure_nash_brute": quantecon_pure,
    "quantecon.mclennan_tourky": quantecon_mclennan_tourky,
    "quantecon.support_enumeration": quantecon_support_enumeration,
}


def limit_resources(megabytes: int, seconds: int) -> None:
    """Bound memory and processor time where the platform can: an orphan dies too, should the parent be killed."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, megabytes * 2**20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def own_solver(request: Request) -> tuple[Any, Any]:
    """A callable of the caller, by module and name, and the game it is to solve."""
    from triangle.games.normal_form import NormalFormGame

    module, name = request["callable"]
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found, NormalFormGame(payoff_array(request))


def main() -> None:
    request = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    limit_resources(request["megabytes"], request["seconds"])
    sys.path[:] = request["path"]

    def say(**line: object) -> None:
        answers.write(json.dumps(line) + "\n")
        answers.flush()

    start = time.perf_counter()
    try:
        if "callable" in request:
            solve, game = own_solver(request)
            start = time.perf_counter()
            solution = solve(game)
            seconds = time.perf_counter() - start
            for equilibrium in solution.equilibria:
                say(found=equilibrium.probabilities)
            end = {"verdict": solution.verdict, "message": solution.advice, "method": solution.method}
            say(end="ok", seconds=seconds, **end)
        else:
            for profile in SOLVERS[request["solver"]](request):
                say(found=profile)
            say(end="ok", seconds=time.perf_counter() - start, verdict=None, message="", method="")
    except BaseException as error:
        message = f"{type(error).__name__}: {error}"[:200]
        status = "timeout" if isinstance(error, TimeoutError) else "failed"
        say(end=status, seconds=time.perf_counter() - start, verdict=None, message=message, method="")


if __name__ == "__main__":
    main()
