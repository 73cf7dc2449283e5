"""The demonstration: what it runs is known to the command line, and what it prints fits a screen or two."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from triangle.cli import main
from triangle.questions.answer import answer as question_answer

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def recipe() -> str:
    """The lines of the demonstration, its variables filled in."""
    lines = MAKEFILE.partition("\ndemo: ")[2].partition("\n\n")[0].replace("\\\n", " ")
    named = dict(re.findall(r"^(\w+) :?= (.*)$", MAKEFILE, flags=re.MULTILINE))
    return re.sub(r"\$\((\w+)\)", lambda found: named.get(found[1], found[0]), lines)


def test_the_demonstration_prints_at_most_sixty_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Eighty letters wide; what takes seconds to find is left out, and counted at the most that a card names."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(question_answer, "nearest_change", lambda *_: None)
    monkeypatch.setattr(question_answer, "_rests", lambda *_: None)
    monkeypatch.chdir(ROOT)
    commands = re.findall(r"/bin/triangle ((?:check|answer)[^&\n]*)", recipe())
    assert len(commands) == 2
    printed = len(re.findall(r"\becho\b", recipe())) + len(commands)
    for command in commands:
        words = [word.replace("demo/", f"{tmp_path}/") for word in shlex.split(command)]
        done = CliRunner().invoke(main, words, prog_name="triangle")
        assert done.exit_code == 0, done.output
        printed += done.output.count("\n")
    assert (tmp_path / "answer.png").exists()
    changes_of_each = 5
    assert printed + 3 * changes_of_each <= 60


def test_the_report_of_the_demonstration_is_of_scenarios_that_it_answers():
    report = re.search(r"/bin/triangle report (.*?) --samples \d+ --out demo/report.html", recipe())
    answered = re.search(r"/bin/triangle answer (.*?) --brief", recipe())
    assert report and answered and set(report[1].split()) < set(answered[1].split())
