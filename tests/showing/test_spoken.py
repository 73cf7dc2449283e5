"""What tables say in German: no English sentence and number is left, of any command; JSON is the same in both."""

from __future__ import annotations

import re

import click
import pytest
from budgets import LARGE, few
from golden.answers import answer, kept, questions
from report.test_languages import ENGLISH, NAMES

from triangle.cli import WRITES_FILES, main
from triangle.players.cast import SHIPPED
from triangle.showing.phrases import noted, speaking, spoken, told, written

#: Ways of solving that are asked in German.
SOLVED = (
    *("solve.pure", "solve.observed", "solve.held", "solve.mixed", "solve.none", "solve.correlated", "solve.order"),
    *("solve.selection", "solve.repeated", "solve.coalitions", "solve.rationalizable", "solve.agreements"),
)

#: By default those whose answer is computed for the English too; one that is read back is shown in the same words.
DEAR = ("sensitivity.read_back", "choose.read_back", "bid.read_back", "claims.document")
DEAR = DEAR if LARGE else ("sensitivity.sobol", "choose.text", "bid.text")

#: What is asked in German: of each command what costs little.
ASKED = (
    *("check.text", "list.parameter", "list.scenario", "show.figure", "show.parameter", "show.scenario", "show.source"),
    *few(SOLVED, 2),
    *("solve.game_file", "compare.text", "trace.text", "sweep.grid", "sweep.random"),
    *("discover.read_back", "decompose.text", "contrast.text", "concord.text", "claims.one", *DEAR),
    *("veto.text", "flip.not_found", "tipping.read_back", "tipping.agreements", "gesture.text"),
)

#: One coarse map in place of the two fine ones by default: it is told in the same words.
COARSE = [] if LARGE else ["--over", "prior=0:1:3", "--over", "watch=1:8:3"]

#: What is asked beside those; an answer by default as it is asked in English.
FURTHER = {
    **({} if LARGE else {"claims": ["claims", "C84", "X03", "--samples", "4"]}),
    "path": ["path", "path_baseline", "--samples", "1"],
    "verify": ["verify", "{data}/pennies.nfg", "--limit", "0.01"],
    "signal": ["signal", "tactical_or_genuine", "--samples", "16", *COARSE],
    "cite": ["cite", "baseline"],
    "answer": ["answer", "baseline", "--samples", "16" if LARGE else "256", "--brief"],
}

#: Numbers as the English write them, with a decimal point.
ENGLISH_NUMBER = re.compile(r"(?<![\w.,-])[-+]?\d+\.\d+(?![\w.])")


def page(text: str) -> str:
    return text.split("----- output\n")[1].split("\n----- ")[0]


def in_german(name: str) -> str:
    *before, last = questions()[name] if name in questions() else [FURTHER[name]]
    return page(answer([*before, [*last, "--language", "de"]]))


def test_every_command_that_answers_speaks_german_and_is_asked_here():
    commands = {name: main.get_command(click.Context(main), name) for name in main.list_commands(click.Context(main))}
    speak = {name for name, one in commands.items() if one and any(p.name == "language" for p in one.params)}
    assert speak == set(commands) - set(WRITES_FILES)
    assert speak - {"report"} <= {*FURTHER, *(name.partition(".")[0] for name in ASKED)}


@pytest.mark.parametrize("name", [*ASKED, *FURTHER])
def test_no_english_sentence_and_no_english_number_is_left_in_a_german_answer(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "2000")  # so that no name is broken over two lines
    text = in_german(name)
    # Works are cited as they are called.
    lines = [line for line in text.splitlines() if name != "cite" or not line.startswith("  ")]
    for kept_name in NAMES:
        lines = [line.replace(kept_name, "") for line in lines]
    assert len(text) > 40
    assert [line for line in lines if ENGLISH.search(line)] == []
    assert [line for line in lines if ENGLISH_NUMBER.search(line) and "--set" not in line] == []


def test_a_short_word_is_german_too():
    said = page(answer([["solve", "{data}/pennies.nfg", "--method", "coalitions", "--language", "de"]]))
    assert "leer. Angenommen ist" in " ".join(said.split())


@pytest.mark.parametrize("name", ["solve.held_json", "compare.json", "concord.json", "list.source_json"])
def test_a_document_is_the_same_in_every_language(name: str):
    (line,) = questions()[name]
    assert page(answer([[*line, "--language", "de"]])) == page(kept(name).read_text(encoding="utf-8"))


def test_the_language_may_be_set_once_for_all_commands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIANGLE_LANGUAGE", "de")
    assert "Nachweis" in page(answer([["gesture", "parade", "--samples", "16"]]))


def test_a_template_is_filled_in_the_language_that_is_spoken_and_numbers_follow_it():
    filled = [told("{low} to {high}", low=written(-1234.5, ",.1f"), high=written(0.875, ".1%"))]
    with speaking("de"):
        filled.append(told("{low} to {high}", low=written(-1234.5, ",.1f"), high=written(0.875, ".1%")))
        assert spoken(SHIPPED).language == "de"
    assert filled == ["-1,234.5 to 87.5%", "−1\u202f234,5 bis 87,5\u202f%"]
    assert spoken(SHIPPED).language == "en"


def test_a_note_with_numbers_in_it_is_found_by_its_template():
    with speaking("de"):
        assert noted("the event holds at only 15 of 1,024 draws; take more samples") == (
            "das Ereignis gilt nur in 15 von 1\u202f024 Ziehungen; mehr Ziehungen nehmen"
        )
        assert noted("no equilibrium is better for all than every other; 3 are not dominated") == (
            "kein Gleichgewicht ist für alle besser als jedes andere; 3 sind nicht dominiert"
        )
        assert noted("somebody's own note 1.5") == "somebody's own note 1.5"
