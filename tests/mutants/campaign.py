"""A random sample of mutants, each held against the tests that reach it: ``python -m mutants.campaign``.

All tests run once with probes (:mod:`mutants.probes`), which says for each mutant which tests reach it and how long
they take. Then each mutant is imported in a child of a process that has loaded the libraries already, and its tests
run, those of its own file first, the fastest first, until one fails. A mutant that survives is answered in
``answers.toml``: by a reason why it behaves as the original, or by the test that was written for it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from .population import ROOMS, ROOT, Mutant, sample
from .probes import Importer

ANSWERS = Path(__file__).parent / "answers.toml"

#: Processor seconds of tests that are spent on one mutant, and the seconds of the clock that are waited for them.
ENOUGH, PATIENCE = 25.0, 1200

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
        seconds = {line["test"]: line["seconds"] for line in lines}
        tests = {}
        for number, mutant in enumerate(mutants):
            hit = {line["test"] for line in lines if number in line["reached"]}
            # What a test computes for all of its file was noted for the first alone.
            cheap = {file for file in map(_file_of, hit) if _cost(file, seconds) < 10}
            tests[number] = _ordered({*hit, *(t for t in seconds if _file_of(t) in cheap)}, hit, seconds, mutant)
        return cls(seconds, tests)


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _cost(file: str, seconds: dict[str, float]) -> float:
    return sum(time for test, time in seconds.items() if _file_of(test) == file)


def _ordered(tests: set[str], hit: set[str], seconds: dict[str, float], mutant: Mutant) -> list[str]:
    """The tests file by file, of its own name and room first, then cheap ones; until there are enough of them."""
    stem, room = Path(mutant.file).stem, mutant.file.split("/")[1]

    def foreign(file: str) -> tuple[bool, bool, bool, float]:
        of = [test for test in hit if _file_of(test) == file]
        own = Path(file).stem == f"test_{stem}" and f"/{room}/" in file
        near = Path(mutant.file).parent.relative_to("triangle").as_posix() in file
        return not own, not near, not of, sum(seconds[test] for test in of) / max(len(of), 1)

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
        self.order = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out all others."""
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda i: self.order[i.nodeid])


def judged(mutant: Mutant, tests: Sequence[str], seconds: float) -> tuple[str, str]:
    """What becomes of one mutant, and what the tests said last."""
    if not tests:
        return "unreached", ""
    said, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(said)
        _run_in_child(mutant, tests, out, int(60 + 5 * seconds))
    os.close(out)
    begun, status = time.monotonic(), None
    while status is None:
        done, code = os.waitpid(child, os.WNOHANG)
        status = code if done else None
        if status is None and time.monotonic() - begun > PATIENCE:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)
    with os.fdopen(said, encoding="utf-8", errors="replace") as words:
        last = words.read()
    return ("survived" if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else "killed"), last


def _run_in_child(mutant: Mutant, tests: Sequence[str], out: int, limit: int) -> None:
    code = 3
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
        sink = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(sink, stream)
        source = mutant.source()
        sys.meta_path.insert(0, Importer({mutant.file: lambda _: source}))
        files = list(dict.fromkeys(map(_file_of, tests)))
        words = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT), *files]
        heard = _Last()
        code = int(pytest.main(words, plugins=[Chosen(tests), heard]))
        os.write(out, heard.failed.encode()[:60_000])
    finally:
        os._exit(code)


class _Last:
    """Remembers which test failed."""

    failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed = report.nodeid


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
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("mutants-found"), help="what was reached, what was found")
    parser.add_argument("--again", action="store_true", help="try those again that survived before")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder / "bytecode")
    drawn = folder / "sample.json"
    if drawn.is_file():
        mutants = [Mutant(**one) for one in json.loads(drawn.read_text(encoding="utf-8"))]
    else:
        mutants = sample(asked.count, asked.seed)
    files = sorted(folder.glob("reached.*")) or _probed(mutants, folder)
    reached = Reached.read(files, mutants)
    for library in LIBRARIES:
        importlib.import_module(library)
    found = dict(_tried(mutants, reached, folder / "found.jsonl", asked.again))
    return _told(mutants, found)


def _tried(mutants: Sequence[Mutant], reached: Reached, notes: Path, again: bool) -> Iterator[tuple[int, str]]:
    """What becomes of each mutant; what was found before is not tried again, unless it survived and that is asked."""
    before: dict[str, str] = {}
    if notes.is_file():
        lines = map(json.loads, notes.read_text(encoding="utf-8").splitlines())
        before = {line["mutant"]: line["outcome"] for line in lines}
    with notes.open("a", encoding="utf-8") as file:
        for number, mutant in enumerate(mutants):
            outcome = before.get(mutant.name)
            if outcome is None or (again and outcome != "killed"):
                begun, tests = time.monotonic(), reached.tests[number]
                outcome, by = judged(mutant, tests, sum(reached.seconds[test] for test in tests))
                line: dict[str, Any] = {"mutant": mutant.name, "outcome": outcome, "by": by, "tests": len(tests)}
                line |= {"seconds": round(time.monotonic() - begun, 1), "before": mutant.before, "after": mutant.after}
                file.write(json.dumps(line) + "\n")
                file.flush()
                print(f"{number + 1}/{len(mutants)} {outcome} {mutant.name} {by}", file=sys.stderr, flush=True)
            yield number, outcome


def _told(mutants: Sequence[Mutant], found: dict[int, str]) -> int:
    """Print what was found by room, and every survivor with its answer."""
    answers = _answers()
    alike, silent = 0, 0
    for number, mutant in enumerate(mutants):
        if found[number] == "killed":
            continue
        answer = answers.get((mutant.file, mutant.before, mutant.after), "")
        alike += answer.startswith("alike")
        silent += not answer
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
