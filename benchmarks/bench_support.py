"""All mixed equilibria of random three-player games: verdicts, agreement with Gambit, and speed beside it in one run.

    python benchmarks/bench_support.py [--quick] [--json FILE] [--seconds S]

Part 1 solves 10 000 games of 2x2x2, 1 000 of 3x3x3, 200 of 4x3x3 and 100 of 4x4x4 actions, each with uniform, normal
and correlated payoffs, and counts the verdicts. Part 2 gives games of the same batches to pygambit's gnm (several
rays) and enumpoly, in a child process that is killed when a game takes too long, and asks whether everything that they
find is among ours; the other way round it counts what they miss. Part 3 compares the speed with enumpoly's on the
games that it answered, the time to build its game from the arrays included, and one game a call. Absolute speeds
depend on the machine and its load; only ratios taken in one run mean anything.

Gambit is only ever loaded in the child process; without it, parts 2 and 3 are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from peers import gambit_game, gambit_probabilities

CASES = (((2, 2, 2), 10_000), ((3, 3, 3), 1_000), ((4, 3, 3), 200), ((4, 4, 4), 100))
QUICK = (((2, 2, 2), 2_000), ((3, 3, 3), 100), ((4, 3, 3), 20), ((4, 4, 4), 8))
KINDS = ("uniform", "normal", "correlated")
#: Games given to a peer at most, and seconds that one game may take it.
PEER_GAMES, PATIENCE = 200, 5.0
#: Largest regret, as a share of the payoff range, of a peer's profile that must be among ours; and how near.
PEER_REGRET, NEAR = 1e-6, 1e-3


def drawn(shape: tuple[int, ...], games: int, kind: str, seed: int = 0) -> np.ndarray:
    """Payoffs of random games, (3, *shape, games); correlated ones share half of their variance between players."""
    rng = np.random.default_rng([seed, *shape, KINDS.index(kind)])
    size = (3, *shape, games)
    if kind == "uniform":
        return rng.random(size)
    if kind == "normal":
        return rng.normal(size=size)
    return np.sqrt(0.5) * (rng.normal(size=size) + rng.normal(size=size[1:]))


# The child process ----------------------------------------------------------------------------------------------------


def serve(method: str, file: str, first: int) -> None:
    """Solve the games of a file one after the other by one method of Gambit; a line of JSON for each."""
    import pygambit

    payoffs = np.load(file)
    rng = np.random.default_rng(0)
    for number in range(first, payoffs.shape[-1]):
        start = time.perf_counter()
        game = gambit_game(np.ascontiguousarray(payoffs[..., number]))
        built = time.perf_counter()
        error = ""
        try:
            found = answers(pygambit, game, method, rng)
        except Exception as problem:  # whatever the peer raises is its answer to this game
            found, error = [], f"{type(problem).__name__}: {problem}"[:120]
        done = time.perf_counter()
        profiles = [[p for own in gambit_probabilities(game, e) for p in own] for e in found]
        line = {"game": number, "build": built - start, "solve": done - built, "profiles": profiles, "error": error}
        print(json.dumps(line), flush=True)


def answers(pygambit, game, method: str, rng: np.random.Generator) -> list:
    """The equilibria that one method finds."""
    if method == "enumpoly":
        return list(pygambit.nash.enumpoly_solve(game).equilibria)
    found = list(pygambit.nash.gnm_solve(game).equilibria)
    for _ in range(4):
        counts = [len(game.get_strategies(player)) for player in game.players]
        ray = game.mixed_strategy_profile([rng.dirichlet(np.ones(count)).tolist() for count in counts])
        found += list(pygambit.nash.gnm_solve(ray).equilibria)
    return found


# The parent -----------------------------------------------------------------------------------------------------------


def ask(method: str, payoffs: np.ndarray, seconds: float, patience: float = PATIENCE) -> list[dict]:
    """What a method of Gambit answers to games, within a time budget; a game that takes too long is skipped."""
    answered: list[dict] = []
    first, deadline = 0, time.perf_counter() + seconds
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "games.npy")
        np.save(file, payoffs)
        while first < payoffs.shape[-1] and time.perf_counter() < deadline:
            command = [sys.executable, __file__, "--serve", method, file, str(first)]
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            lines: queue.Queue = queue.Queue()
            reader = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
            reader.start()
            waits = patience + 20.0  # the child also has to start
            try:
                while time.perf_counter() < deadline:
                    line = lines.get(timeout=waits)
                    if line is None:
                        break
                    answered.append(json.loads(line))
                    first, waits = answered[-1]["game"] + 1, patience
                if line is None and first < payoffs.shape[-1]:
                    answered.append({"game": first, "error": "crash"})
                    first += 1
            except queue.Empty:
                answered.append({"game": first, "error": "hang"})
                first += 1
            finally:
                child.kill()
                child.wait()
                reader.join()
    return answered


def _read(stream, lines: queue.Queue) -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)


def compare(payoffs: np.ndarray, found, answered: list[dict]) -> dict:
    """How many of the peer's equilibria are among ours and the other way round."""
    from triangle.games.mixed import mixed_regrets

    actions = payoffs.shape[1:4]
    cuts = np.cumsum(actions)[:-1]
    counts = {"games": 0, "hang or error": 0, "theirs": 0, "no equilibrium": 0, "not among ours": 0}
    counts |= {"ours": 0, "missed by them": 0, "games with a miss": 0}
    for answer in answered:
        if answer["error"]:
            counts["hang or error"] += 1
            continue
        counts["games"] += 1
        game = payoffs[..., answer["game"]]
        ours = np.concatenate([x[:, found.of(answer["game"])] for x in found.probabilities]).T
        theirs = [np.array(p) for p in answer["profiles"]]
        good = [p for p in theirs if mixed_regrets(game, np.split(p, cuts)).max() <= PEER_REGRET * np.ptp(game)]
        counts["theirs"] += len(good)
        counts["no equilibrium"] += len(theirs) - len(good)
        counts["not among ours"] += sum(bool(np.abs(ours - p).max(axis=1).min() > NEAR) for p in good)
        missed = sum(all(np.abs(q - p).max() > NEAR for p in good) for q in ours)
        counts["ours"] += len(ours)
        counts["missed by them"] += int(missed)
        counts["games with a miss"] += int(missed > 0)
    return counts


def timed(solve, *arguments, repeat: int) -> tuple[float, object]:
    """Median time of some calls, and the result of the last."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = solve(*arguments)
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a short run with fewer games")
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    parser.add_argument("--seconds", type=float, default=None, help="time that one peer gets for one batch")
    parser.add_argument("--serve", nargs=3, metavar=("METHOD", "FILE", "FIRST"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve[0], options.serve[1], int(options.serve[2]))
        return
    seconds = options.seconds or (6.0 if options.quick else 60.0)
    peers = importlib.util.find_spec("pygambit") is not None
    results = []
    for shape, games in QUICK if options.quick else CASES:
        for kind in KINDS:
            results.append(measure(shape, games, kind, seconds, peers))
            show(results[-1])
    if not peers:
        print("pygambit is not installed: no comparison")
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1))


def measure(shape: tuple[int, ...], games: int, kind: str, seconds: float, peers: bool) -> dict:
    """One batch: our verdicts and speed, and the peers'."""
    from triangle.games.mixed import mixed_regrets
    from triangle.solvers.mixed.support import COMPLETE, VERDICTS, all_equilibria

    payoffs = drawn(shape, games, kind)
    all_equilibria(payoffs[..., :50])
    repeat = 31 if max(shape) == 2 else 3 if games <= 1000 and max(shape) == 3 else 1
    took, found = timed(all_equilibria, payoffs, repeat=repeat)
    count = np.bincount(found.game, minlength=games)
    sums = np.bincount(found.game, found.index, games)
    complete = found.verdict == COMPLETE
    regret = mixed_regrets(payoffs.take(found.game, axis=-1), found.probabilities).max(axis=0)
    spans = np.ptp(payoffs.reshape(3, -1, games), axis=1).min(axis=0)
    singles = min(games, 20)
    alone, _ = timed(lambda: [all_equilibria(payoffs[..., g]) for g in range(singles)], repeat=1)
    result = {
        "shape": list(shape),
        "payoffs": kind,
        "games": games,
        "verdicts": {name: int((found.verdict == v).sum()) for v, name in enumerate(VERDICTS)},
        "false complete": int((complete & ((count % 2 == 0) | (sums != 1))).sum()),
        "equilibria": int(found.game.size),
        "largest regret": float((regret / spans[found.game]).max()),
        "games per second": games / took,
        "seconds a call of one game": alone / singles,
    }
    if peers:
        for method in ("enumpoly", "gnm"):
            some = payoffs[..., : min(games, PEER_GAMES)]
            answered = ask(method, some, seconds)
            result[method] = compare(payoffs, found, answered)
            sound = [a for a in answered if not a["error"]]
            if method == "enumpoly" and sound:
                theirs = sum(a["build"] + a["solve"] for a in sound) / len(sound)
                # Our time again, next to theirs, since the load of a machine changes.
                again, _ = timed(all_equilibria, payoffs, repeat=repeat)
                result["enumpoly seconds a game"] = theirs
                result["times as fast"] = theirs * games / (0.5 * (took + again))
                result["times as fast, one game a call"] = theirs / result["seconds a call of one game"]
    return result


def show(result: dict) -> None:
    """One batch as lines of text."""
    shape = "x".join(map(str, result["shape"]))
    verdicts = ", ".join(f"{number} {name}" for name, number in result["verdicts"].items() if number)
    print(
        f"{shape} {result['payoffs']:<10} {result['games']:>6} games: {verdicts}; {result['false complete']} falsely "
        f"complete; {result['equilibria']} equilibria, regret <= {result['largest regret']:.0e}; "
        f"{result['games per second']:,.0f} games/s, {1e3 * result['seconds a call of one game']:.1f} ms a single game"
    )
    for method in ("enumpoly", "gnm"):
        if method in result:
            print(f"    {method}: " + ", ".join(f"{name} {number}" for name, number in result[method].items()))
    if "times as fast" in result:
        print(
            f"    {result['times as fast']:,.0f} times as fast as enumpoly in a batch, "
            f"{result['times as fast, one game a call']:.2f} times one game a call",
            flush=True,
        )


if __name__ == "__main__":
    main()
