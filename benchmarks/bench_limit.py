"""How far the sweep is from what one core can do: the same program written out as one loop in C, in the same run.

    python benchmarks/bench_limit.py [--games 65536] [--rounds 7] [--json]

The straight-line program that is derived from the terms is written out as C, one game after the other, with the test
for equilibria behind it: no result leaves the registers but the set. It is compiled with `cc -O3`, nothing contracted
or put in another order; powers and exponentials are made by numpy and counted in, since a scalar one of the C library
would be slower. Beside it, in both precisions, stand ours: in double precision throughout (`sweep_masks`), and by the
filter with what it leaves in doubt computed again. Draws are given. By the filter also as many games of a grid of a
lever, at each node of which the same samples are drawn, drawing included: there it does less than the loop, since it
computes again only what depends on the lever. With numba there is ours by the filter compiled, points included.
Agreements stand beside a loop of their own, of the payoffs at all profiles and the test for agreements behind it, in
double precision. Every set is checked but those of single precision, in which nobody looks
for doubt. A course over years stands beside them by its stage games, all in: terms, backward induction, certificate and
what it leads to. Where there is no C compiler nothing is measured.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from beside import rates, show

import triangle
from triangle.batch import equilibria as kernel
from triangle.batch.comparisons import Compared
from triangle.batch.compiled import is_installed
from triangle.batch.program import Operation, Routine, choose
from triangle.batch.takeover import Takeover
from triangle.games.normal_form import TOLERANCE
from triangle.model.parameters import Values
from triangle.questions.path.answer import path_course
from triangle.scenarios.path import read_path
from triangle.solvers.agreements import TRUST, _joint_changes
from triangle.sweeps import job as jobs
from triangle.sweeps.job import Job
from triangle.sweeps.run import job_of, plan

#: Functions of numpy that are operators in C, and those that choose one of two.
OPERATORS = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.less: "<", np.greater: ">",
             np.less_equal: "<=", np.greater_equal: ">=", np.logical_and: "&&", np.logical_or: "||"}  # fmt: skip
CHOICES = {np.maximum: ">", np.minimum: "<"}

#: A lever on a grid, beside whose nodes samples are drawn.
GRID = {"relief": np.linspace(0, 1, 16)}


class Loop:
    """The comparisons of all players as a loop in C; `given` are the results that numpy makes before."""

    def __init__(self, the: Compared, dtype: np.dtype, folder: Path):
        program, self.dtype = the.program, dtype
        self._ends = [node for some in the.groups for group in some for node in group.payoffs]
        needed = program.needed(self._ends)
        leaves = [n for n in needed if not isinstance(program.nodes[n], Operation | float | bool)]
        others = {n for n in needed if program.taken(n) and not self._is_written(program.nodes[n].function)}
        self.symbols = {program.nodes[n]: n for n in leaves}
        # What only results that numpy makes are made of is not written out.
        self.given = [n for n in program.needed(self._ends, others) if n in others]
        written = program.needed(self._ends, self.given)
        self.inputs = [n for n in written if n in self.given or n in leaves]
        file = folder / f"{type(self).__name__}_{dtype}.c"
        file.write_text(self._text(the, written), encoding="utf-8")
        options = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
        subprocess.run(["cc", *options, "-o", file.with_suffix(".so"), file], check=True)
        self._call = ctypes.CDLL(str(file.with_suffix(".so"))).masks
        self._the = the

    @staticmethod
    def _is_written(function: object) -> bool:
        return function in OPERATORS or function in CHOICES or function in (choose, np.absolute, np.logical_not)

    def _text(self, the: Compared, written: list[int]) -> str:
        real = {"float64": "double", "float32": "float"}[str(self.dtype)]
        lines, name = self._lines(the, written, real)
        for player, groups in enumerate(the.groups):
            lines.append(f"unsigned long long k{player} = 0;")
            for number, group in enumerate(groups):
                best = f"b{player}_{number}"
                lines.append(f"{real} {best} = {name[group.payoffs[0]]};")
                lines += [f"{best} = {name[n]} > {best} ? {name[n]} : {best};" for n in group.payoffs[1:]]
                lines.append(f"{best} = {best} - tolerance;")
                for action, node in enumerate(group.payoffs):
                    bits = sum(1 << fours[action] for fours in group.profiles)
                    lines.append(f"k{player} |= {name[node]} >= {best} ? {bits}ULL : 0ULL;")
        sets = " & ".join(f"k{player}" for player in range(len(the.groups)))
        head = f"void masks(const {real} *const *x, long n, {real} tolerance, unsigned long long *restrict out)"
        body = "\n".join([*lines, f"out[s] = {sets};"])
        return f"{head} {{\n#pragma GCC ivdep\nfor (long s = 0; s < n; s++) {{\n{body}\n}}\n}}\n"

    def _lines(self, the: Compared, written: list[int], real: str) -> tuple[list[str], dict[int, str]]:
        """A line for each result, and what it is called."""
        place = {node: number for number, node in enumerate(self.inputs)}
        lines, name = [], {}
        for node in written:
            what = the.program.nodes[node]
            if isinstance(what, float | bool):
                name[node] = f"(({real}) {float(what)!r})"
                continue
            name[node] = f"v{node}"
            expression = f"x[{place[node]}][s]" if node in place else self._expression(what, name)
            lines.append(f"const {real} v{node} = {expression};")
        return lines, name

    def _expression(self, what: Operation, name: dict[int, str]) -> str:
        a, *others = (name[node] for node in what.operands)
        if what.function is choose:
            return f"{a} ? {others[0]} : {others[1]}"
        if what.function is np.absolute:
            return f"{a} < 0 ? -{a} : {a}"
        if what.function is np.logical_not:
            return f"!{a}"
        if what.function in CHOICES:
            return f"{a} {CHOICES[what.function]} {others[0]} ? {a} : {others[0]}"
        return f"{a} {OPERATORS[what.function]} {others[0]}"

    def masks(self, numbers: dict, chunk: int = kernel.CHUNK) -> np.ndarray:
        """The sets at numbers by key, rows of one length."""
        size = max(map(len, numbers.values()))
        out = np.empty(size, np.uint64)
        rows = np.empty((len(self.given), chunk), self.dtype)
        varying = {key for key, row in numbers.items() if len(row) > 1}
        routine = Routine(self._the.program, self.given, varying, rows, dtype=self.dtype) if self.given else None
        by_given = dict(zip(self.given, rows, strict=True))
        by_node = {node: key for key, node in self.symbols.items()}
        single = {k: np.full(chunk, row[0]) for k, row in numbers.items() if len(row) == 1}
        for start in range(0, size, chunk):
            here = {k: row[start : start + chunk] if len(row) > 1 else row for k, row in numbers.items()}
            if routine is not None:
                routine.run(here)
            columns = [by_given[n] if n in by_given else {**here, **single}[by_node[n]] for n in self.inputs]
            pointers = (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))
            scalar = {"float64": ctypes.c_double, "float32": ctypes.c_float}[str(self.dtype)](TOLERANCE)
            place = ctypes.c_void_p(out[start:].ctypes.data)
            self._call(pointers, ctypes.c_long(min(chunk, size - start)), scalar, place)
        return out


class AgreementLoop(Loop):
    """The payoffs at all profiles of 64 games at a time, and then, game by game, the test for agreements."""

    def _text(self, the: Compared, written: list[int]) -> str:
        lines, name = self._lines(the, written, "double")
        every, count = np.arange(64).reshape(4, 4, 4), len(the.groups)
        for player in range(count):
            at = the.at_profiles[player]
            lines += [f"u[{player}][{profile}][g] = {name[node]};" for profile, node in enumerate(at)]
            lines.append(f"unsigned long long k{player} = 0;")
            for number, row in enumerate(np.moveaxis(every, player, -1).reshape(-1, 4).tolist()):
                own, best = [name[at[profile]] for profile in row], f"b{player}_{number}"
                lines.append(f"double {best} = {own[0]};")
                lines += [f"{best} = {one} > {best} ? {one} : {best};" for one in own[1:]]
                lines.append(f"{best} = {best} - tolerance;")
                lines += [
                    f"k{player} |= {one} >= {best} ? {1 << p}ULL : 0ULL;" for one, p in zip(own, row, strict=True)
                ]
            lines.append(f"k[{player}][g] = k{player};")
        pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
        moves = ",".join(str(n) for pair in pairs for n in _joint_changes((4, 4, 4), *pair).ravel().tolist())
        head = "void masks(const double *const *x, long n, double tolerance, unsigned long long *restrict out)"
        return AGREEMENTS % {
            "moves": moves,
            "head": head,
            "body": "\n".join(lines),
            "pairs": ",".join(f"{i},{j}" for i, j in pairs),
            "trust": TRUST + 1e-12,
        }


#: The loop of agreements, but for the payoffs.
AGREEMENTS = """
static const int to[3][64][9][3] = {%(moves)s};
static const int of[3][2] = {%(pairs)s};
static int joins(double stay, double both, double alone, double left, double tolerance) {
  double risk = stay / 4 - alone / 4, reward = both / 4 - left / 4;
  reward = reward > 0 ? reward : 0;
  return both - stay > tolerance && (risk <= tolerance / 4 || risk / (risk + reward) <= %(trust)r);
}
%(head)s {
  static double u[3][64][64];
  static unsigned long long k[3][64];
  for (long first = 0; first < n; first += 64) {
    #pragma GCC ivdep
    for (long g = 0; g < 64; g++) {
      const long s = first + g;
      %(body)s
    }
    for (long g = 0; g < 64; g++) {
      unsigned long long stable = k[0][g] & k[1][g] & k[2][g], left = stable;
      for (; left; left &= left - 1) {
        const int a = __builtin_ctzll(left);
        for (int p = 0; p < 3; p++) for (int c = 0; c < 9; c++) {
          const int i = of[p][0], j = of[p][1], *t = to[p][a][c];
          if (k[i][g] & k[j][g] & 1ULL << t[0]
              && joins(u[i][a][g], u[i][t[0]][g], u[i][t[1]][g], u[i][t[2]][g], tolerance)
              && joins(u[j][a][g], u[j][t[0]][g], u[j][t[2]][g], u[j][t[1]][g], tolerance)) stable &= ~(1ULL << a);
        }
      }
      out[first + g] = stable;
    }
  }
}
"""


def agreed_by_filter(job: Job, screens: Any, drawn: list[tuple[slice, dict[str, np.ndarray]]]) -> np.ndarray:
    """The sets of agreement-proof equilibria of a job at numbers drawn before, those in doubt in double precision."""
    proof, doubtful = np.empty(job.design.games_each, np.uint64), []
    for here, singles in drawn:
        sets, doubt = screens.of(singles, *screens.all.masks(singles))
        proof[here] = sets["agreement_proof"]
        doubtful.append(here.start + doubt)
    games = np.concatenate(doubtful)
    values = Values(job.design.numbers_at(0, games), job.cast)
    proof[games] = kernel.sweep_masks(values, job.terms, trust=TRUST)
    return proof


def by_filter(job: Job, screens: Any, drawn: Iterable[tuple[slice, dict[str, np.ndarray]]]) -> np.ndarray:
    """The sets of a job at numbers drawn before, those in doubt in double precision."""
    masks, doubtful = np.empty(job.design.games_each, np.uint64), []
    for here, singles in drawn:
        masks[here], doubt = screens.all.masks(singles)
        doubtful.append(here.start + doubt)
    games = np.concatenate(doubtful)
    masks[games] = kernel.sweep_masks(Values(job.design.numbers_at(0, games), job.cast), job.terms)
    return masks


def course(worlds: int) -> tuple[Callable[[], object], int]:
    """A course of the documented path in so many worlds, its rates as given, and its stage games."""
    model = triangle.load("baseline").model
    path = read_path("path_baseline", model)
    for number in path.uncertain:  # what is judged is not drawn a second time
        path = path.number(number.name, number.value)
    states = math.prod(len(state.levels) for state in path.states)
    return partial(path_course, path, model, worlds), worlds * states * len(path.years)


def compiled(job: Job) -> np.ndarray:
    """The sets of a job by the compiled filter, which makes the points itself."""
    screens = job._filtered(0, 0, job.design.games)
    return by_filter(job, screens, job.design.singles(0, 0, job.design.games, screens.asked, True))


def of_grid(job: Job) -> np.ndarray:
    """The sets of a grid with draws, as a sweep computes them."""
    return np.concatenate([job.compute(chunk)["mask"] for chunk in range(job.chunks)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=65536, help="a multiple of a chunk")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    jobs.FILTERED = 0
    if shutil.which("cc") is None:
        print("no C compiler: nothing measured", file=sys.stderr)
        show({}, options.json)
        return
    study = triangle.load("baseline")
    grid = job_of([study], plan([study], samples=options.games // len(GRID["relief"]), over=GRID), backend="numpy")
    job = job_of([study], plan([study], samples=options.games), backend="numpy")
    values = Values(job.design.numbers_at(0, np.arange(options.games)), study.cast)
    screens = job._filtered(0, 0, options.games)
    assert screens is not None
    pieces = job.design.singles(0, 0, options.games, screens.asked)
    drawn = [(here, {name: column.copy() for name, column in singles.items()}) for here, singles in pieces]
    the = kernel._compared(study.model.terms, values)
    assert the is not None
    names = dict(zip(the.asked, values.named(the.asked), strict=True))
    works: dict[str, Callable[[], object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for text in ("float64", "float32"):
            loop = Loop(the, np.dtype(text), Path(folder))
            numbers = {key: values[name].reshape(-1).astype(text) for key, name in names.items()}
            works[f"one loop in C, {text}"] = partial(loop.masks, numbers)
        works["ours, double precision"] = lambda: kernel.sweep_masks(values, study.model.terms)
        works["ours, by the filter"] = partial(by_filter, job, screens, drawn)
        works["ours, by the filter, a lever on a grid"] = partial(of_grid, grid)
        games = dict.fromkeys(works, options.games)
        works["a course over years, all in"], games["a course over years, all in"] = course(256)
        if is_installed():
            fast = job_of([study], plan([study], samples=options.games), backend="numba")
            works["ours, by the filter, compiled, points too"] = partial(compiled, fast)
            games["ours, by the filter, compiled, points too"] = options.games
        agreed = job_of([study], job.design, takeover=Takeover(trust=TRUST), backend="numpy")
        whole, both = kernel._derived(study.model.terms, values).whole, agreed._filtered(0, 0, options.games)
        assert whole is not None and both is not None
        its = zip(whole.asked, values.named(whole.asked), strict=True)
        numbers = {key: values[name].reshape(-1) for key, name in its}
        pieces = job.design.singles(0, 0, options.games, both.asked)
        all_drawn = [(here, {name: column.copy() for name, column in singles.items()}) for here, singles in pieces]
        agreements: dict[str, Callable[[], object]] = {
            "agreements, one loop in C": partial(
                AgreementLoop(whole, np.dtype("float64"), Path(folder)).masks, numbers
            ),
            "ours, agreements by the filter / their loop": partial(agreed_by_filter, agreed, both, all_drawn),
        }
        expected = kernel.sweep_masks(values, study.model.terms, trust=TRUST)
        for name, work in agreements.items():
            assert np.array_equal(work(), expected), name
        expected = works["ours, double precision"]()
        for name in works.keys() & {
            "one loop in C, float64",
            "ours, by the filter",
            "ours, by the filter, compiled, points too",
        }:
            assert np.array_equal(works[name](), expected), name
        exact = Values(grid.design.numbers_at(0, np.arange(grid.design.games)), study.cast)
        assert np.array_equal(of_grid(grid), kernel.sweep_masks(exact, study.model.terms)), "a lever on a grid"
        games |= dict.fromkeys(agreements, options.games)
        rounds = [_round({**works, **agreements}, games) for _ in range(options.rounds)]
    tables = (rates([{name: taken[name] for name in some} for taken in rounds]) for some in (works, agreements))
    show({name: row for table in tables for name, row in table.items()}, options.json)


def _round(works: dict[str, Callable[[], object]], games: dict[str, int]) -> dict[str, float]:
    """Seconds of processor time a game of each of these."""
    taken = {}
    for name, work in works.items():
        begun = time.process_time()
        work()
        taken[name] = (time.process_time() - begun) / games[name]
    return taken


if __name__ == "__main__":
    main()
