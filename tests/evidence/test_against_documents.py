"""The figures of the evidence against the texts of the five documents, where these are at hand.

The documents are not part of the repository, so every test that needs them is skipped where they are absent. What is
tested is what a machine can see: that the number, or the year, month and day, and the qualifier ("at least", "over")
stand in the line that the figure names. Whether the sentence says what the paraphrase says is for a reader.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from each import of_each

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT / "triangle" / "evidence"
DOCUMENTS = ROOT.parent / "shared" / "documents"

needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"no texts of the documents in {DOCUMENTS}; they are not part of the repository"
)

MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()

#: German words for whole numbers, as they occur beside a thing that is counted.
NUMBER_WORDS = {
    0: r"\bkeine?s?\b",
    1: r"\b(?:einmal|einzige|ersten?)\b",
    2: r"\bzwei\b",
    3: r"\b(?:drei|dreimal|dritter)\b",
    4: r"\b(?:vier|vervierfacht)\b",
    8: r"\bacht\b",
    10: r"\b(?:zehn|zehnfache)\b",
    20: r"\bzwei(?=\s+jahrzehnte)",
}
FRACTION_WORDS = {0.5: r"\bhälfte\b", 0.333: r"\b(?:ein )?drittel\b"}
SUPERLATIVE = r"\b(?:größte[nr]?|rohstoffreichste|am schnellsten|am stärksten|ersten)\b"

#: The word that must follow the number, by unit. A unit that is missing here is not announced by a fixed word.
UNIT_WORDS = {
    "bn USD": "Milliarden US-Dollar",
    "bn USD/yr": "Milliarden",  # a second number of a list may leave the currency out
    "million USD": "Millionen US-Dollar",
    "bcm/yr": "Milliarden Kubikmeter",
    "Mt/yr": "Millionen Tonnen",
    "Mt/month": "Millionen Tonnen",
    "million barrels": "Millionen Barrel",
    "million persons": "Millionen",
    "barrels/day": r"(?:Millionen )?(?:Barrel|bpd)",
    "years": r"(?:jähr|Jahr)",
    "months": "Monat",
    "days": "Tag",
    "hours": "stündig",
}

#: What is counted: the number must stand before this word, with at most eight words between. A count that is missing
#: here stands in its line as a list of names or in another word, and is among the exceptions below.
COUNTED = {
    "ost_sanctions_count_on_russia": "Maßnahmen",
    "ost_tankers_sanctioned": "Öltanker",
    "ost_nonsanctioned_tankers_espo": "Tanker",
    "ost_daban_feeder_tankers": "Tankern",
    "ost_iran_vlcc_count": "VLCCs",
    "tdc_un_mutual_vetoes": "Veto",
    "tdc_un_divergences": "Meinungsverschiedenheit",
    "tdc_big_state_banks_refusing": "von vier größten",
    "tdc_joint_exercises_since_roadmap": "Manöver",
    "tdc_alaska_patrol_ru_bombers": "Tu-95",
    "tdc_alaska_patrol_cn_bombers": "H-6",
    "tdc_xi_term_number": "Amtszeit",
    "gab_documents_signed": "Dokumenten",
    "gab_joint_statements": "Statements",
    "gab_foreign_arms_sources_of_cn": "Bezugsquelle",
}

#: What a bound looks like in German, at most two words before the number. "approx" has too many faces to be tested.
BOUND_WORDS = {
    "at_least": r"\b(?:mindestens|nicht vor)",
    "at_most": r"\bbis zu",
    "more_than": r"\b(?:über|mehr als|nach)",
    "less_than": r"\b(?:fast|unter)",
}


class Instead(NamedTuple):
    """What a line has in place of a number or date: the missing parts, the words there, their value, and why."""

    missing: set[str]
    words: str
    value: float
    because: str


#: Figures that do not stand literally in their line.
NOT_LITERAL = {
    "ost_us_oil_sanctions_since": Instead({"year 2024"}, r"seit Oktober", 2024, "only the month is named"),
    "ost_nonsanctioned_tanker_window": Instead(
        {"number"}, r"11\. Januar\b.*\b20\. Februar", 41, "computed from two dates"
    ),
    "ost_new_terminal_ports": Instead({"number"}, r"Dongying und Zhoushan", 2, "the ports are named"),
    "ost_future_poles": Instead({"number"}, r"\bbipolare", 2, "the number is in the adjective"),
    "tdc_critical_minerals_named": Instead({"number"}, r"Gallium, Germanium und Antimon", 3, "the minerals are named"),
    "tdc_northern_interaction_editions": Instead({"number"}, r"Interaction\W+2023, 2024\)", 2, "the years are listed"),
    "tdc_joint_sea_editions": Instead({"number"}, r"Joint Sea\W+2022, 2024, 2025\)", 3, "the years are listed"),
    "blu_oval_office_clash_date": Instead({"year 2025", "month 2", "day 28"}, r"am Freitag", 2025, "a weekday"),
    "blu_trump_putin_call_date": Instead(
        {"year 2025", "month 3", "day 3"}, r"vor einigen Tagen", 2025, "some days ago"
    ),
    "blu_probability_split_succeeds": Instead({"number"}, r"tendiert gegen null", 0, "the limit is in a word"),
    "blu_uk_summit_date": Instead({"year 2025", "month 2", "day 28"}, r"am Wochenende", 2025, "the weekend"),
    "wel_victory_parade_date": Instead({"year 2025", "month 5", "day 9"}, r"am Freitag", 2025, "a weekday"),
    "gab_xi_moscow_visit_date": Instead({"year 2023"}, r"im März", 2023, "only the month is named"),
    "gab_months_since_visit": Instead({"number"}, r"vergangenen Monat", 1, "last month"),
    "gab_position_paper_date": Instead(
        {"year 2023"}, r"ersten Jahrestag", 2023, "the year follows from the anniversary"
    ),
    "gab_us_partner_countries": Instead({"number"}, r"\bDutzenden\b", 24, "dozens; two dozens are the least"),
}

#: Figures whose bound is not carried by one of the words above, and why.
BOUND_NOT_LITERAL = {
    "tdc_critical_minerals_named": "the line says among them",
    "gab_us_partner_countries": "dozens, so two dozens at the least",
}


class Located(NamedTuple):
    """A figure of a document: its id, its table and the key of its source."""

    id: str
    table: dict[str, Any]
    source: str


@cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def document_figures() -> list[Located]:
    """All figures of the five documents, in the order of the files."""
    documents = [key for key, source in _toml(EVIDENCE / "sources.toml").items() if source["kind"] == "document"]
    tables = {key: _toml(EVIDENCE / "figures" / f"{key}.toml") for key in documents}
    return [Located(i, t, key) for key, table in tables.items() for i, t in table.items() if isinstance(t, dict)]


FIGURES = document_figures()
each_figure = of_each("figure", FIGURES, told=lambda figure: figure.id)


@cache
def lines_of(source: str) -> list[str]:
    """The lines of a document, counted by newline; the first is number 1."""
    file = _toml(EVIDENCE / "sources.toml")[source]["file"]
    return ["", *(DOCUMENTS / file).read_text(encoding="utf-8").split("\n")]


def line_of(figure: Located) -> str:
    lines = lines_of(figure.source)
    number = figure.table["line"]
    return lines[number] if number < len(lines) else ""


def german(number: float) -> str:
    """A number in German notation: 16000 is 16.000, 244.8 is 244,8."""
    return f"{round(number, 6):,.10g}".translate(str.maketrans(",.", ".,"))


def number_pattern(number: float, unit: str, counted: str = "") -> str:
    """A pattern for a number and the word of its unit, or of what it counts, in figures or in words."""
    if unit in ("fraction", "fraction/yr"):
        word = FRACTION_WORDS.get(number, r"(?!)")
        return rf"(?<![\d.,]){re.escape(german(100 * number))}\s*(?:Prozent|%)|{word}"
    if unit == "rank":
        return SUPERLATIVE if number == 1 else r"(?!)"
    scaled = number / 1e6 if unit == "barrels/day" and number >= 1e6 else number
    forms = rf"(?<![\d.,]){re.escape(german(scaled))}(?![\d]|[.,]\d)"
    forms = rf"(?:{forms}|{NUMBER_WORDS[number]})" if number in NUMBER_WORDS else forms
    if unit == "barrels/day" and scaled != number:
        return rf"{forms} Millionen (?:Barrel|bpd)"
    if unit == "count":
        return rf"{forms}(?:\W+\w+){{0,8}}?\W+{counted}\b" if counted else r"(?!)"
    return rf"{forms}[-.\s]*{UNIT_WORDS[unit]}" if unit in UNIT_WORDS else forms


def dates_of(period: str) -> Iterator[tuple[int, int | None]]:
    """Month and day of every ISO date of a period, without those marked as the fact behind an error of the text."""
    for found in re.finditer(r"\d{4}-(\d\d)(?:-(\d\d))?(?![\d-])(?! \(fact\))", period):
        yield int(found[1]), int(found[2]) if found[2] else None


def missing(figure: dict[str, Any], line: str, counted: str = "") -> set[str]:
    """The parts of a figure that cannot be found in a line: the number, or the year, month and day of a date."""
    values = figure["value"] if isinstance(figure["value"], list) else [figure["value"]]
    patterns = {}
    if figure["unit"] == "calendar year":
        low, high = values[0], values[-1]
        if high - low == 9:
            patterns[f"decade {low}"] = rf"\b{low}er\b|\b{low}er-"
        else:
            patterns |= {f"year {year}": rf"(?<!\d){year}(?!\d|er\b)" for year in (low, high)}
        for month, day in dates_of(figure["period"]):
            patterns[f"month {month}"] = rf"\b{MONTHS[month - 1]}\b"
            patterns[f"year {low}"] = rf"\b{MONTHS[month - 1]} {low}\b"
            if day is not None:
                patterns[f"day {day}"] = rf"(?<!\d){day}\.(?!\d)"
    elif len(values) == 2:
        low, high = values
        patterns["number"] = rf"(?<![\d.,]){german(low)} bis {number_pattern(high, figure['unit'])}"
    else:
        patterns["number"] = number_pattern(values[0], figure["unit"], counted)
    return {part for part, pattern in patterns.items() if not re.search(pattern, line, re.IGNORECASE)}


def test_there_are_161_figures_in_five_documents():
    assert len(FIGURES) == 161
    assert len({figure.id for figure in FIGURES}) == 161
    assert len({figure.source for figure in FIGURES}) == 5


def test_conflicts_are_answered_from_the_other_side():
    conflicts = {figure.id: set(figure.table.get("conflicts_with", ())) for figure in FIGURES}
    one_sided = [(a, b) for a, others in conflicts.items() for b in others if a not in conflicts.get(b, ())]
    assert one_sided == []


def test_conflicts_are_between_different_documents_and_different_values():
    by_id = {figure.id: figure for figure in FIGURES}
    for figure in FIGURES:
        for other in figure.table.get("conflicts_with", ()):
            assert by_id[other].source != figure.source, (figure.id, other)
            assert by_id[other].table["value"] != figure.table["value"], (figure.id, other)


def test_every_exception_is_about_a_figure_that_exists():
    assert {*NOT_LITERAL, *BOUND_NOT_LITERAL, *COUNTED} <= {figure.id for figure in FIGURES}


@needs_documents
@each_figure
def test_the_line_exists_and_is_not_blank(figure: Located):
    assert 1 <= figure.table["line"] < len(lines_of(figure.source))
    assert line_of(figure).strip()


@needs_documents
@each_figure
def test_the_number_or_what_stands_for_it_is_in_the_line(figure: Located):
    absent = missing(figure.table, line_of(figure), COUNTED.get(figure.id, ""))
    instead = NOT_LITERAL.get(figure.id)
    if instead is None:
        assert absent == set()
    else:
        assert absent == instead.missing
        assert re.search(instead.words, line_of(figure), re.IGNORECASE)
        assert figure.table["value"] == instead.value


@needs_documents
@each_figure
def test_the_qualifier_stands_before_the_number(figure: Located):
    bound, value, unit = (figure.table[key] for key in ("bound", "value", "unit"))
    if bound in BOUND_WORDS and figure.id not in BOUND_NOT_LITERAL:
        number = str(value) if unit == "calendar year" else number_pattern(value, unit, COUNTED.get(figure.id, ""))
        pattern = rf"{BOUND_WORDS[bound]}\W+(?:\w+\W+){{0,2}}?(?:{number})"
        assert re.search(pattern, line_of(figure), re.IGNORECASE)


def test_the_tanker_window_follows_from_its_two_dates():
    figure = next(f for f in FIGURES if f.id == "ost_nonsanctioned_tanker_window")
    start, end = (date.fromisoformat(day) for day in figure.table["period"].split("/"))
    assert (start, end) == (date(2025, 1, 11), date(2025, 2, 20))
    assert figure.table["value"] == (end - start).days + 1


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """All runs of consecutive words of a text."""
    tokens = words(text)
    return set(zip(*(tokens[i:] for i in range(length)), strict=False))


def runs_that_begin(pairs: set[tuple[str, ...]], text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Those runs of a text that begin with one of some pairs of words."""
    tokens = words(text)
    return {tuple(tokens[place : place + length]) for place, pair in enumerate(pairwise(tokens)) if pair in pairs}


def project_texts() -> Iterator[Path]:
    """Every text file of the project that people write, hidden and generated folders left out."""
    left_out = {"build", "dist", "site", "__pycache__", "node_modules", "venv"}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in (".toml", ".py", ".md") and path.is_file():
            if not any(part.startswith(".") or part in left_out for part in parts):
                yield path


@needs_documents
def test_no_sentence_of_a_document_is_quoted_in_the_project():
    quotable = set().union(*(runs(path.read_text(encoding="utf-8")) for path in DOCUMENTS.glob("*.txt")))
    assert quotable
    begin = {run[:2] for run in quotable}
    quoted = {
        str(path.relative_to(ROOT)): " ".join(run)
        for path in project_texts()
        for run in quotable & runs_that_begin(begin, path.read_text(encoding="utf-8"))
    }
    assert quoted == {}


def test_a_quotation_is_found_wherever_it_stands():
    quotable = runs("eins zwei drei vier fünf sechs sieben acht neun")
    for text in ("eins, zwei: drei vier fünf sechs sieben ACHT", "und so zwei drei vier fünf sechs sieben acht neun"):
        assert quotable & runs_that_begin({run[:2] for run in quotable}, text) == quotable & runs(text) != set()


@pytest.mark.parametrize(
    ("number", "unit", "text", "found"),
    [
        (244.8, "bn USD/yr", "auf 244,8 Milliarden US-Dollar", True),
        (44.8, "bn USD/yr", "auf 244,8 Milliarden US-Dollar", False),
        (244, "bn USD/yr", "auf 244,8 Milliarden US-Dollar", False),
        (240, "bn USD/yr", "240 Millionen", False),
        (0.019, "fraction/yr", "um 1,9 Prozent", True),
        (0.19, "fraction", "um 1,9 Prozent", False),
        (0.333, "fraction", "um etwa ein Drittel", True),
        (1_400_000, "barrels/day", "erreichten 1,4 Millionen Barrel pro Tag", True),
        (920_000, "barrels/day", "mit 920.000 Barrel pro Tag", True),
        (20, "years", "seit zwei Jahrzehnten", True),
        (2, "years", "in den letzten drei Jahren", False),
        (30, "years", "durch einen 30-jährigen Vertrag", True),
        (1, "rank", "der zweite Lieferant", False),
    ],
)
def test_the_matcher_reads_german_numbers(number: float, unit: str, text: str, found: bool):
    assert bool(re.search(number_pattern(number, unit), text, re.IGNORECASE)) is found


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        (16000, "mit über 16.000 Maßnahmen", True),
        (16000, "mit über 160.000 Maßnahmen", False),
        (1600, "mit über 16.000 Maßnahmen", False),
        (3, "drei weitere Maßnahmen", True),
        (3, "drei Schiffe", False),
    ],
)
def test_the_matcher_wants_the_thing_counted(number: int, text: str, found: bool):
    assert bool(re.search(number_pattern(number, "count", "Maßnahmen"), text, re.IGNORECASE)) is found


def test_the_matcher_wants_year_month_and_day():
    signing = {"value": 2025, "unit": "calendar year", "period": "2025-01-17"}
    assert missing(signing, "am 17. Januar 2025 unterzeichnet") == set()
    assert missing(signing, "am 16. Januar 2025 unterzeichnet") == {"day 17"}
    assert missing(signing, "im März 2024 unterzeichnet") == {"year 2025", "month 1", "day 17"}
    decade = {"value": [1970, 1979], "unit": "calendar year", "period": "1970s"}
    assert missing(decade, "in den 1970er Jahren") == set()
    assert missing(decade, "in den 1980er Jahren") == {"decade 1970"}
