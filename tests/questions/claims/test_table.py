"""One entry in full: every sentence of it, and what each piece of evidence is of, in the language that is spoken."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from report.test_languages import ENGLISH

from triangle.cli import main
from triangle.players.cast import SHIPPED
from triangle.questions.claims.file import Moment
from triangle.questions.claims.kinds import _said_moment
from triangle.questions.claims.ledger import Ledger
from triangle.questions.claims.table import _label
from triangle.showing.phrases import speaking, spoken

RELIEF = "„Entlastung Russlands von Sanktionen“"

GERMAN = {
    "parts that hold": "Teile, die gelten",
    "configurations in equilibrium": "Konfigurationen im Gleichgewicht",
    "hedges: part of the nodes at which it is so": "hedges: Anteil der Knoten, an denen es so ist",
    "best reply of RU to US=court_russia at relief 0.1, conditionality 1": "beste Antwort von RU auf US um Russland"
    f" werben bei {RELIEF} 0,1, „Entlastung nur, wenn Russland China fallen lässt“ 1",
    "best reply of US to RU=hedge,CN=align (alliance_value low)": "beste Antwort von US auf RU sich absichern, CN sich"
    " anlehnen („Wert seiner Bündnisse für Amerika“ niedrig)",
    "threshold of relief (capability_cn times 1.2) exists": f"Schwelle bei {RELIEF} („Machtmittel Chinas“ mal"
    " 1,2) gibt es",
    "threshold of relief (as it stands)": f"Schwelle bei {RELIEF} (wie es steht)",
    "threshold of relief (RU=hedge,CN=align held)": f"Schwelle bei {RELIEF} (RU sich absichern, CN sich anlehnen"
    " festgehalten)",
    "falls: change of payoff:CN@RU=hedge along relief": "falls: Änderung von payoff:CN@RU sich absichern entlang"
    f" {RELIEF}",
    "probability of configuration=stable_marriage:RU-CN in 2035 (path_baseline)": "Wahrscheinlichkeit von „stabile Ehe"
    " RU–CN“ im Jahr 2035 (path_baseline)",
    "state=war in 2031 (CN=oppose_both held 2026-2030)": "state=war im Jahr 2031 (CN beiden entgegentreten 2026-2030"
    " festgehalten)",
    "growth:RU-CN in 2030 (administration.election 0.5)": "growth:RU-CN im Jahr 2030 (administration.election 0,5)",
    "growth:RU-CN in 2030 (path_baseline)": "growth:RU-CN im Jahr 2030 (path_baseline)",
    "term:pipeline:RU of wait (path_diversification)": "term:pipeline:RU von wait (path_diversification)",
    "effective_relief (europe_joins 0.5)": "effective_relief („Europa macht bei der Entlastung mit“ 0,5)",
    "margin:link=RU-CN (trade_war)": "margin:RU und CN verbunden (trade_war)",
    "somebody's own measure": "somebody's own measure",
}


@pytest.mark.parametrize(("english", "german"), GERMAN.items())
def test_what_evidence_is_of_is_told_in_german(english: str, german: str):
    with speaking("de"):
        assert _label(english, spoken(SHIPPED)) == german


def test_no_english_is_left_in_an_entry_in_full(ledger: Ledger, kept: tuple[str, Path]):
    names = [one.id for one in (*ledger.entries, *ledger.contradictions)]
    words = ["claims", *names, "--from", str(kept[1]), "--language", "de"]
    result = CliRunner(env={"COLUMNS": "2000"}).invoke(main, words)
    assert result.exit_code == 0, result.output
    assert all(name in result.stdout for name in names)
    assert [line for line in result.stdout.splitlines() if ENGLISH.search(line)] == []


def test_no_two_pieces_of_evidence_are_called_alike(ledger: Ledger):
    answers = [entry.answer for entry in ledger.entries if entry.answer]
    answers += [answer for found in ledger.contradictions for answer in found.answers or ()]
    labels = [[measured.of for measured in answer.evidence] for answer in answers]
    assert [own for own in labels if len({*own}) < len(own)] == []


def test_a_moment_is_named_with_all_that_it_is_measured_under():
    moment = {"path": "path_baseline", "year": 2031, "measure": "state=war", "numbers": {"war.end": 0.5}}
    assert _said_moment(Moment(**moment)) == "state=war in 2031 (path_baseline, war.end 0.5)"
    held = Moment(**moment, hold=("US=court_russia@2025-2028", "CN=oppose_both"), set={"relief": 1.0}, last=2049)
    assert _said_moment(held) == (
        "state=war in 2031 (path_baseline, relief 1, US=court_russia held 2025-2028, CN=oppose_both held, war.end 0.5,"
        " until 2049)"
    )
    option = Moment(path="path_baseline", year="wait", pattern="link=RU-CN")
    assert _said_moment(option) == "probability of link=RU-CN of wait (path_baseline)"
