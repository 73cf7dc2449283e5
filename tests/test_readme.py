"""Every example of the README and of the page of questions prints what it says; ``...`` stands for anything."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner

from triangle.cli import main
from triangle.questions.answer import answer as question_answer
from triangle.questions.claims import section as claims_section
from triangle.questions.path import section as path_section
from triangle.questions.tipping import section
from triangle.showing import plots

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ASK = (ROOT / "docs" / "howto" / "ask.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Command and expected output of each ``$ triangle`` line of the README, and of the page that it hands on to."""
    found = []
    for block in _BLOCK.findall(README + ASK):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def test_the_readme_opens_with_the_two_commands():
    commands = [command.split("#")[0].strip() for command, _ in examples()]
    assert commands[:2] == ["make demo", "make test"]


@pytest.mark.parametrize(("command", "output"), [e for e in examples() if e[0].startswith("triangle ")])
def test_the_example_prints_what_it_says(command: str, output: str, tmp_path: Path, monkeypatch):
    elsewhere = {"pictures": str(tmp_path), "report.html": str(tmp_path / "report.html")}
    arguments = [elsewhere.get(a, a) for a in shlex.split(command)[1:]]
    if arguments[0] == "report" and not LARGE:  # of which nothing is printed but where it lies
        arguments[arguments.index("--samples") + 1] = "16"
        arguments.append("--brief")
        # Longer than all of the rest; a kept answer has them.
        for module, name in ((section, "_flips"), (claims_section, "_claims"), (path_section, "_course")):
            monkeypatch.setattr(module, name, lambda *_: [])
        monkeypatch.setattr(question_answer, "nearest_change", lambda *_: None)
    if "--plot" in arguments and not LARGE:  # the same
        monkeypatch.setattr(plots, "save", lambda plot, path: path)
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, arguments, prog_name="triangle")
    assert done.exit_code == 0, done.stderr
    checker = doctest.OutputChecker()
    # doctest's `...` does not match an empty line at the start, so one is put before both.
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert checker.check_output(output, done.stdout, flags), f"printed:\n{done.stdout}\nexpected:\n{output}"


def test_the_python_example_runs():
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    for place, block in enumerate(re.findall(r"```python\n(.*?)```", README, re.DOTALL)):
        runner.run(parser.get_doctest(block, {}, f"README {place}", "README.md", 0))
    assert runner.tries > 0
    assert runner.failures == 0


def test_the_pictures_of_the_readme_exist():
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).stat().st_size > 10_000, path


def test_the_links_of_the_readme_lead_somewhere():
    for path in re.findall(r"(?<!!)\[[^]]*\]\(([^)#]+)\)", README):
        assert (ROOT / path).exists(), path
