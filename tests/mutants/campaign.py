"""A random sample of mutants, each held against the tests that reach it: ``python -m mutants.campaign``.

All tests run once with probes (:mod:`mutants.probes`), which says for each mutant which tests reach it and how long
they take. Then each mutant is put into a child of a process that has collected all tests, and its tests run, those of
its own file first, the fastest first, until one fails; a mutant that is none of a function is imported anew. One that
survives is answered in ``answers.toml``: by why it behaves as the original, or by the test that was written for it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

import pytest
import shared

from .population import ROOMS, ROOT, Mutant, kept, sample
from .probes import Importer
from .swapping import Functions

ANSWERS = Path(__file__).parent / "answers.toml"

#: Processor seconds of tests that are spent on one mutant.
ENOUGH = 20.0

#: Seconds of the clock without a tick of the processor after which a mutant is taken to wait for ever.
PATIENCE = 60

#: Tests of programs that do not live in a child with a limit on memory.
ELSEWHERE = {"browser", "notebooks", "cluster"}

#: Processor seconds after which a mutant is taken to run for ever; and those of one test, beside ten times its own.
LIMIT, GRACE = 200, 10

#: What every child would import again.
LIBRARIES = (
    *(
        "numpy",
        "scipy.optimize",
        "scipy.stats",
        "scipy.linalg",
        "scipy.special",
        "scipy.integrate",
        "xarray",
        "h5netcdf",
    ),
    *("hypothesis", "hypothesis.strategies", "click.testing", "rich.table", "rich.console", "jsonschema", "SALib"),
    *("matplotlib.figure", "nashpy", "pybtex.database", "openpyxl", "jinja2", "tomli"),
)


@dataclass(frozen=True)
class Reached:
    """The tests that reach each mutant, in the order in which they are to run."""

    seconds: dict[str, float]
    tests: dict[int, list[str]]

    @classmethod
    def read(cls, files: Sequence[Path], mutants: Sequence[Mutant]) -> Reached:
        """From what the probes wrote."""
        lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if not ELSEWHERE & set(re.split(r"[/_.]", _file_of(line["test"])))]
        seconds = {line["test"]: line["seconds"] for line in lines}
        reached, costs = defaultdict(set), Counter[str]()
        for line in lines:
            costs[_file_of(line["test"])] += line["seconds"]
            for number in line["reached"]:
                reached[number].add(line["test"])
        tests = {}
        for number, mutant in enumerate(mutants):
            hit = reached[number]
            # What a test computes for all of its file was noted for the first alone.
            cheap = {file for file in map(_file_of, hit) if costs[file] < 10}
            tests[number] = _ordered({*hit, *(t for t in seconds if _file_of(t) in cheap)}, hit, seconds, mutant)
        return cls(seconds, tests)

    def of_file(self, mutant: Mutant) -> list[str]:
        """The tests in files named after a mutant's folder or file, where none is known to reach it."""
        names = {Path(mutant.file).stem, Path(mutant.file).parent.name}
        return [test for test in self.seconds if names & set(re.split(r"[/_.]", _file_of(test)))][:200]


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _ordered(tests: set[str], hit: set[str], seconds: dict[str, float], mutant: Mutant) -> list[str]:
    """The tests file by file, of its own name and room first, then cheap ones; until there are enough of them."""
    stem, room = Path(mutant.file).stem, mutant.file.split("/")[1]

    def foreign(file: str) -> tuple[bool, bool, bool, bool, float]:
        of = [test for test in hit if _file_of(test) == file]
        own = Path(file).stem == f"test_{stem}" and f"/{room}/" in file
        near = Path(mutant.file).parent.relative_to("triangle").as_posix() in file
        whole = "/golden/" in file  # whole answers, in which nearly everything shows
        return not own, not whole, not near, not of, sum(seconds[test] for test in of) / max(len(of), 1)

    found: list[str] = []
    spent = 0.0
    for file in sorted({_file_of(test) for test in tests}, key=lambda file: (foreign(file), file)):
        for test in sorted((t for t in tests if _file_of(t) == file), key=lambda t: (t not in hit, seconds[t])):
            if spent + seconds[test] <= ENOUGH:
                found.append(test)
                spent += seconds[test]
    return found


class Chosen:
    """Runs these tests alone, in this order."""

    def __init__(self, tests: Sequence[str]):
        self.order, self.failed = {test: place for place, test in enumerate(tests)}, ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out all others."""
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda i: self.order[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed = report.nodeid


class Loaded:
    """Has all tests collected, then tries each mutant in a child in which only the code of a function is exchanged."""

    def __init__(
        self,
        mutants: Sequence[tuple[Mutant, Sequence[str]]],
        seconds: Mapping[str, float],
        tell: Callable[[Mutant, str, str], None],
    ):
        self.mutants, self.seconds, self.tell, self.failed = mutants, seconds, tell, ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests that were collected."""
        items, functions = {item.nodeid: item for item in session.items}, Functions()

        def trial(tests: Sequence[str], exchange: Callable[[], bool]) -> tuple[str, str]:
            def work() -> int:
                chosen = [items[test] for test in tests if test in items]
                if not chosen or not exchange():
                    return UNFIT
                for item, then in zip(chosen, [*chosen[1:], None], strict=True):
                    signal.setitimer(signal.ITIMER_PROF, GRACE + 10 * self.seconds.get(item.nodeid, 0.0))
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=then)
                    if self.failed:
                        return 1
                return 0

            # What tests share is shared by those of one mutant alone, or another would be given what a sound one found.
            with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
                patched.setenv(shared.FOLDER, place)
                return in_a_child(work, LIMIT, lambda: self.failed)

        sound: set[str] = set()
        for mutant, tests in self.mutants:
            before, after = (ROOT / mutant.file).read_text(encoding="utf-8"), mutant.source()
            if _is_program(mutant):
                self.tell(mutant, "unfit", "")
                continue
            outcome, by = trial(tests, lambda: functions.exchange(ROOT / mutant.file, before, after))  # noqa: B023
            if outcome == "killed" and by not in sound:
                alike, last = trial([by] if by in items else tests, lambda: True)
                if alike != "survived":  # the test fails by itself in this process
                    outcome, by = "unsound", last
                sound.add(by)
            self.tell(mutant, outcome, by)
        return True


#: What a child leaves with where a mutant is not one of a function, or no test reaches it.
UNFIT = 77


def in_a_child(work: Callable[[], int], limit: int, last: Callable[[], str]) -> tuple[str, str]:
    """Whether the work of a child says that a mutant survived, was killed, or is unfit for it; and its last word."""
    said, out = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, limit, last, out)
    os.close(out)
    ticks, since, status = 0, time.monotonic(), None
    while status is None:
        time.sleep(0.05)
        done, code = os.waitpid(child, os.WNOHANG)
        status = code if done else None
        if status is None and (used := _ticks(child)) != ticks:
            ticks, since = used, time.monotonic()
        elif status is None and time.monotonic() - since > PATIENCE:
            os.killpg(child, signal.SIGKILL)
    with os.fdopen(said, encoding="utf-8", errors="replace") as words:
        word = words.read()
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1
    return {0: "survived", UNFIT: "unfit"}.get(code, "killed"), word


def _ticks(session: int) -> int:
    """What all processes of a session have used of the processor."""
    found = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = place.read_text().rpartition(")")[2].split()
            found += (int(words[3]) == session) * (int(words[11]) + int(words[12]))
    return found


def _work(work: Callable[[], int], limit: int, last: Callable[[], str], out: int) -> NoReturn:
    code = 3
    try:
        os.setsid()
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + limit, used + limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (12 * 2**30, 12 * 2**30))
        sink = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(sink, stream)
        code = work()
        os.write(out, last().encode()[:60_000])
    except BaseException:
        os.write(out, traceback.format_exc().encode()[-60_000:])
    finally:
        os._exit(code)


def alone(mutant: Mutant, tests: Sequence[str]) -> tuple[str, str]:
    """What becomes of a mutant in a child that imports it anew."""
    chosen, source = Chosen(tests), mutant.source()

    def trial() -> int:
        sys.meta_path.insert(0, Importer({mutant.file: lambda _: source}))
        words = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
        code = int(pytest.main([*words, *dict.fromkeys(map(_file_of, tests))], plugins=[chosen]))
        return UNFIT if code == pytest.ExitCode.NO_TESTS_COLLECTED else code

    return in_a_child(trial, LIMIT, lambda: chosen.failed)


def as_program(mutant: Mutant, tests: Sequence[str]) -> tuple[str, str]:
    """What becomes of a mutant of a file that is run as a program of its own: it is changed in a copy of the tree."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "*-found", "__pycache__"))
        (copy / mutant.file).write_text(mutant.source(), encoding="utf-8")
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *dict.fromkeys(map(_file_of, tests))]
        done = subprocess.run(
            words, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True
        )
    return ("killed" if done.returncode else "survived"), done.stdout.strip().rpartition("\n")[2]


def _probed(mutants: Sequence[Mutant], folder: Path) -> list[Path]:
    """Run all tests once, with probes."""
    (folder / "sample.json").write_text(json.dumps([asdict(mutant) for mutant in mutants]), encoding="utf-8")
    told = {"MUTANTS_SAMPLE": str(folder / "sample.json"), "MUTANTS_REACHED": str(folder / "reached")}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "mutants.probes"]
    if subprocess.run(words, cwd=ROOT, env={**os.environ, **told}).returncode != 0:
        sys.exit("the tests fail before anything is changed")
    return sorted(folder.glob("reached.*"))


def _answers() -> dict[tuple[str, str, str], str]:
    """What is said of each survivor, by its file and its lines before and after."""
    if not ANSWERS.is_file():
        return {}
    listed = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))["survivor"]
    return {(item["file"], item["before"], item["after"]): item["answer"] for item in listed}


def main() -> int:
    """Try the sample; leave with 1 where a survivor is not answered or too many survive."""
    parser = argparse.ArgumentParser(description="A random sample of mutants against the tests that reach them.")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument(
        "--seed", type=int, help="draw anew from the files as they are, instead of the draw that is kept"
    )
    parser.add_argument("--folder", type=Path, default=Path("mutants-found"), help="what was reached, what was found")
    parser.add_argument("--again", action="store_true", help="try those again that survived before")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder / "bytecode")
    mutants = _mutants(folder / "sample.json", asked.count, asked.seed)
    files = sorted(folder.glob("reached.*")) or _probed(mutants, folder)
    reached = Reached.read(files, mutants)
    return _told(mutants, _tried(mutants, reached, folder / "found.jsonl", asked.again))


def _mutants(begun: Path, count: int, seed: int | None) -> list[Mutant]:
    """Those of a campaign that was begun; the first of the kept draw that are still there; or others, by a seed."""
    if begun.is_file():
        return [Mutant(**one) for one in json.loads(begun.read_text(encoding="utf-8"))]
    if seed is not None:
        return sample(count, seed)
    return list(islice(filter(None, (mutant.today() for mutant in kept())), count))


def _tried(mutants: Sequence[Mutant], reached: Reached, notes: Path, again: bool) -> dict[int, str]:
    """What becomes of each mutant; what was found before is not tried again, unless it survived and that is asked."""
    found: dict[str, str] = {}
    if notes.is_file():
        for line in map(json.loads, notes.read_text(encoding="utf-8").splitlines()):
            found[line["mutant"]] = line["outcome"]
    known = ("killed",) if again else ("killed", "survived")
    found = {name: outcome for name, outcome in found.items() if outcome in known}
    numbers = {mutant.name: number for number, mutant in enumerate(mutants)}
    with notes.open("a", encoding="utf-8") as file:

        def tell(mutant: Mutant, outcome: str, by: str) -> None:
            found[mutant.name] = outcome
            line = {"mutant": mutant.name, "outcome": outcome, "by": by, "before": mutant.before, "after": mutant.after}
            file.write(json.dumps(line) + "\n")
            file.flush()
            print(f"{numbers[mutant.name] + 1} {outcome} {mutant.name} {by}", file=sys.stderr, flush=True)

        work = [(m, reached.tests[n] or reached.of_file(m)) for n, m in enumerate(mutants) if m.name not in found]
        if child := os.fork():  # what pytest loads stays out of those that import everything anew
            os.waitpid(child, 0)
        else:
            code = pytest.main(
                ["-q", "-n", "0", "-p", "no:cacheprovider"], plugins=[Loaded(work, reached.seconds, tell)]
            )
            os._exit(int(code))
        for line in map(json.loads, notes.read_text(encoding="utf-8").splitlines()):
            found[line["mutant"]] = line["outcome"]
        for library in LIBRARIES:
            importlib.import_module(library)
        for mutant, tests in work:
            if found.get(mutant.name) in ("unfit", "unsound"):
                tell(mutant, *(as_program if _is_program(mutant) else alone)(mutant, tests))
    return {number: found.get(mutant.name, "untried") for number, mutant in enumerate(mutants)}


def _is_program(mutant: Mutant) -> bool:
    return Path(mutant.file).name.startswith("_child")


def _told(mutants: Sequence[Mutant], found: dict[int, str]) -> int:
    """Print what was found by room, and every survivor with its answer."""
    answers = _answers()
    alike, silent = 0, 0
    for number, mutant in enumerate(mutants):
        if found[number] == "killed":
            continue
        answer = answers.get((mutant.file, mutant.before, mutant.after), "")
        alike += answer.startswith("alike")
        silent += not answer or answer.startswith("open")
        print(f"{found[number]}: {mutant.name}\n  - {mutant.before}\n  + {mutant.after}\n  {answer or 'NOT ANSWERED'}")
    for room in ROOMS:
        of = Counter(found[n] for n, mutant in enumerate(mutants) if mutant.file.split("/")[1] == room)
        print(f"{room:10} {dict(of)}")
    killed = sum(outcome == "killed" for outcome in found.values())
    share = killed / max(len(found) - alike, 1)
    print(f"{killed} of {len(found) - alike} that behave otherwise were killed ({share:.1%}); {alike} behave alike")
    return 1 if silent or share < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
