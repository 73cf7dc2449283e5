"""The catalogues of the report: the same keys and places in every language, none missing, none unused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from strategies import shipped

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_toml
from triangle.evidence.units import UNITS
from triangle.measures.asked import Asked
from triangle.measures.courses import MOMENTS
from triangle.measures.courses import WORDS as OF_COURSES
from triangle.measures.factors import KINDS
from triangle.measures.likelihood import Likelihood
from triangle.measures.outcomes import WORDS as OUTCOMES
from triangle.measures.selection import RULES
from triangle.model.terms import TERMS
from triangle.model.third_terms import THIRD_TERMS
from triangle.model.thirds import SHIPPED as THIRD_PARAMETERS
from triangle.players.cast import SHIPPED
from triangle.players.configurations import NAMES
from triangle.report.build import FRAME, SECTIONS
from triangle.report.evidence import WRONG
from triangle.report.words import WORDS
from triangle.scenarios.path import read_path, shipped_paths
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.showing.blocks import plain, words_of
from triangle.showing.phrases import LANGUAGES, read_phrases
from triangle.solvers.beliefs.screening import KINDS as EQUILIBRIA

ROOT = Path(triangle.__file__).parents[1]
SOURCES = sorted(
    path
    for room in ("showing", "questions", "report")
    for path in (ROOT / "triangle" / room).rglob("*.py")
    if room != "questions" or path.stem in ("section", "table", "plot")
)

#: What asks for the words of the explorer, and those of its words that it makes of two parts.
EXPLORER = {end: sorted((ROOT / "triangle" / "report").rglob(f"*.{end}")) for end in ("js", "py")}
MADE_OF_TWO = {
    *(f"{group}_note" for group in ("lever", "view", "other")), "no_script", "one_short", "many_short", "ordered_one",
    "ordered_many", "ordered_one_short", "ordered_many_short", "ordered_none_stable", "ordered_open",
}  # fmt: skip

#: Every third party of a shipped scenario.
THIRDS = [party for name in shipped_names(SHIPPED) for party in read_scenario(name, shipped()).players]

#: Every shipped path.
PATHS = [read_path(name, shipped()) for name in shipped_paths(SHIPPED)]

#: Keys that the code makes up from names: each family with all its members.
FAMILIES: dict[str, set[str]] = {
    "action": {f"{p}.{a}" for i, p in enumerate(SHIPPED.codes) for a in SHIPPED.actions[i]}
    | {f"{party.code}.{a}" for party in THIRDS for a in party.actions}
    | {f"other.{a}" for a in ("contain_both", "engage_both", "court", *SHIPPED.actions[1])},
    "doing": {"other", *(f"{p}.{a}" for i, p in enumerate(SHIPPED.codes) for a in SHIPPED.actions[i])}
    | {f"{party.code}.{a}" for party in THIRDS for a in party.actions},
    "country": {*SHIPPED.countries, *(party.country for party in THIRDS)},
    "whose": {"other", *SHIPPED.countries, *(party.country for party in THIRDS)},
    "within": {*SHIPPED.countries, *(party.country for party in THIRDS)},
    "subject": {*SHIPPED.countries, *(party.country for party in THIRDS)},
    "configuration": set(NAMES),
    "term": {*TERMS, *THIRD_TERMS},
    "unit": set(UNITS),
    "bound": {"exact", "approx", "at_least", "at_most", "more_than", "less_than"},
    "role": {"lever", "uncertainty", "fact"},
    "backing": {*KINDS, "parameter", "scenario", "caption", "note"},
    "backings": set(KINDS) - {"choice"},
    "effect": {"gains", "loses", "same", "depends"},
    "contrast": {
        "caption", "note", "share", "otherwise", "heading", "stays", "becomes", "triangle", "triangles_stay", "conduct",
        "not_alike", "gain", "loss", "even", "untouched",
    },
    "verdict": {"complete", "degenerate", "undecided"},
    "standing": {"every", "none", "some", "rule"},
    "source": {"document", "external", "file", "line"},
    "finding": {"first", "second", "both", "neither", "between", "silent"},
    "claim": {"holds", "mostly", "in-part", "mostly-not", "contradicted", "silent"},
    "claim_why": {"firm", "open", "sides", "no_premise"},
    "measured": {"unit", "bare"},
    "part": {"sensitivity", "course", "tipping", "flip", "signal", "claims", "contrast"},
    "inert": {"all", "game", "here", "because", "reply", "worse", "opposes", "yields", "apart", "linked"},
    "given": {"one", "many", "none"},
    "asked": {"kept", "apart", "posture", "measured"},
    "turns": {"kept", "posture", "neither", "nearest", "never"},
    "bridge": {"direct", "strong", "middle", "weak", "judgement", "choice", "behind", "caption", "note"},
    "counted": {"all", "agreed"},
    "outcome": {*OUTCOMES, "never", "above", "below"},
    "brief": {"does", "not", "link", "present", "balanced"},
    "rule": set(RULES),
    "veto": {"stays", "both", "leaves"},
    "likelihood": set(get_args(Likelihood)),
    "rests": {*KINDS, *get_args(Asked)},
    "stable": {"one", "many", "none", "left"},
    "order": {"then", "first", "overturns", "adds", "effects", "gains", "loses", "lottery"},
    "default": {"all", "each", *KINDS} - {"choice"},
    "percent": {"plain", "under", "over"},
    "frame": {*FRAME, "foot", "annex", "title", "subtitle"},
    "section": {*SECTIONS, "departs", "explorer"},
    "wrong": set(WRONG),
    "words": {"title", *(f"{word}{part}" for word in WORDS for part in ("", "_is", "_forms"))},
    "signal": {
        "lead", "differ", "alike", "alone", "caption", "note", "maps", "rests",
        "refuse", "pocket", "deliver",
        *(f"kind.{place}" for place in range(len(EQUILIBRIA))),
        *(f"axis.{name}" for name in ("prior", "watch", "relief", "conditionality")),
        *(f"column.{head}" for head in ("type", "answer", "later", "worth", "kind")),
        *(f"column.{head}" for head in ("accepts", "goes_on", "posterior", "payoff", "map")),
        *(f"tree.{word}" for word in ("refuse", "pocket", "deliver", "withdrawn", "seen", "looks", "delivered")),
        *(f"tree.{word}" for word in ("goes", "chance", "watched", "at_seen", "at_looks", "posterior", "belief")),
        *(f"picture.{word}" for word in ("map", "map_caption", "tree", "tree_caption", "posterior", "indifferent")),
        *(f"says.{word}" for word in ("happens", "untested", "stays", "moves", "bluffs", "learnt", "either")),
        *(f"says.{word}" for word in ("worth", "watch", "no_watch")),
    },
    "over_years": {*OF_COURSES, *MOMENTS, "in", "of", "likelier", "above", "below"},
    "state": {state.name for path in PATHS for state in path.states},
    "level": {label for path in PATHS for state in path.states if not state.is_ladder for label in state.labels},
    "parameter": {*(p.name for p in shipped().catalogue), *read_toml(THIRD_PARAMETERS)},
}  # fmt: skip


def places(phrase: object) -> list[set[str]]:
    forms = [phrase] if isinstance(phrase, str) else [phrase["one"], phrase["other"]]  # type: ignore[index]
    return [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms]


def written_keys() -> set[str]:
    """Every text in the code of the report that has the form of a key."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_language_has_the_same_keys_and_places(language: str):
    english, other = (read_phrases(one, SHIPPED).phrases for one in ("en", language))
    assert set(english) == set(other)
    for key, phrase in english.items():
        assert isinstance(phrase, str) == isinstance(other[key], str), key
        union = set().union(*places(phrase))
        assert union == set().union(*places(other[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_positional_and_no_phrase_is_empty(language: str):
    for key, phrase in read_phrases(language, SHIPPED).phrases.items():
        for form in [phrase] if isinstance(phrase, str) else phrase.values():
            assert form.strip(), key
            for _, name, spec, conversion in Formatter().parse(form):
                assert name is None or re.fullmatch(r"[a-z_0-9]+", name), key
                assert not spec and not conversion, key


def test_every_key_is_used_and_every_family_is_whole():
    written = written_keys()
    keys = set(read_phrases("en", SHIPPED).phrases)
    for family, members in FAMILIES.items():
        have = {key.removeprefix(f"{family}.") for key in keys if key.startswith(f"{family}.")}
        assert have == members, family
    unused = {key for key in keys if key.partition(".")[0] not in {*FAMILIES, "explorer"}} - written
    assert not unused


def test_every_word_of_the_explorer_is_asked_for_by_its_scripts_and_the_other_way_round():
    keys = {key for key in read_phrases("en", SHIPPED).phrases if key.startswith("explorer.")}
    scripts, code = ("".join(path.read_text(encoding="utf-8") for path in EXPLORER[kind]) for kind in ("js", "py"))
    named = {f"explorer.{name}" for name in (*re.findall(r"\w+", scripts + code), *MADE_OF_TWO)}
    assert keys <= named
    asked = {f"explorer.{name}" for name in re.findall(r"\bsay\.([a-z_]+)\b", scripts)}
    assert asked <= keys


def test_every_key_that_the_code_asks_for_exists():
    asked = re.compile(r"\b(?:say|m\.say|self)(?:\.word)?\(\s*\"([a-z_]+(?:\.[a-z_]+)*)\"")
    keys = read_phrases("en", SHIPPED).phrases
    for path in SOURCES:
        for key in asked.findall(path.read_text(encoding="utf-8")):
            assert key in keys, f"{path.name}: {key}"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", ["−1 234.5", "0.04", "87.5 %", "under 0.1 %", "over 99.9 %", "0 %", "100 %", "12 346", "1e−07"]),
     ("de", ["−1 234,5", "0,04", "87,5 %", "unter 0,1 %", "über 99,9 %", "0 %", "100 %", "12 346", "1e−07"])],
)  # fmt: skip
def test_numbers_are_written_as_the_language_writes_them(language: str, written: list[str]):
    say = read_phrases(language, SHIPPED)
    found = [
        say.amount(-1234.54), say.amount(0.04), say.percent(0.875), say.percent(0.0001), say.percent(0.9999),
        say.percent(0.0), say.percent(1.0), say.value(12345.5), say.value(1e-7),
    ]  # fmt: skip
    assert [text.replace("\u202f", " ") for text in found] == written


def test_a_phrase_of_two_forms_follows_the_number():
    say = read_phrases("en", SHIPPED)
    assert words_of(say("picture.more", n=1)) == "One further equilibrium is not drawn."
    assert words_of(say("picture.more", n=4)) == "4 further equilibria are not drawn."


def test_german_names_of_powers_stand_in_the_case_that_their_sentence_needs():
    from triangle.players.configurations import configurations

    say = read_phrases("de", SHIPPED)
    said = {words_of(say.triangle(found)) for found in configurations(SHIPPED)}
    assert "romantisches Dreieck mit den USA als Angelpunkt" in said
    assert "stabile Ehe zwischen den USA und Russland" in said
    assert say.opening("US") == "Washington"
    assert [say.whose(code) for code in SHIPPED.codes] == ["der USA", "Russlands", "Chinas"]
    assert read_phrases("en", SHIPPED).opening("US") == "The United States"


def test_a_number_needs_no_word_for_what_it_counts_and_no_power_of_ten_where_zeros_do():
    say = read_phrases("de", SHIPPED)
    assert say.measured(say.value(31), "count") == "31"
    assert say.measured("2,5", "% of GDP") == "2,5 % des BIP"
    assert say.value(920_000).replace("\u202f", " ") == "920 000"
    assert say.value(0.00025) == "0,00025"


def test_a_list_is_joined_as_the_language_joins_it():
    say = read_phrases("de", SHIPPED)
    items = [plain(say.country(player)) for player in SHIPPED.codes]
    assert words_of(say.listed(items)) == "USA, Russland und China"
    assert words_of(say.listed(items[:1])) == "USA"
    assert words_of(say.listed([])) == "keine"


def test_an_unknown_language_is_answered_with_those_that_exist():
    with pytest.raises(BadInput, match="'dee'; did you mean 'de'"):
        read_phrases("dee", SHIPPED)


def test_the_limits_of_the_model_are_those_of_the_readme():
    """One text for both: the catalogue holds it, the README shows it."""
    from strategies import shipped

    from triangle.report.evidence import wrong_lines
    from triangle.scenarios.scenario import read_scenario
    from triangle.showing.material import Material
    from triangle.study.study import study

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Where this model is wrong")[2].partition("\n## ")[0]
    bullets = [" ".join(part.split()) for part in section.split("\n- ")[1:]]
    bullets[-1] = " ".join(section.split("\n- ")[-1].partition("\n\n")[0].split())
    bare = [text.replace("**", "").replace("`", "") for text in bullets]
    say = read_phrases("en", SHIPPED)
    material = Material((study(shipped(), read_scenario("baseline", shipped())),), say, 16, 0)
    assert [words_of(line) for line in wrong_lines(material, say)] == bare


#: What was no German, or said another thing than it meant.
FORMER = (
    r"widersteh", r"(Auszahlung|Haltung|Ehe|Verbindung|Anteil) von (den|der|Russland|China)\b", r"trägt das so weit",
    r"[Gg]leiche Menge", r"gesagt von", r"durch diese Folge", r"geurteilt", r"kostete\b", r"in manchem",
    r"[Aa]bst(and|ände)\b(?! nehmen| von|“)",
)  # fmt: skip


def test_what_a_german_reader_stumbled_over_is_gone():
    """To oppose is no temptation resisted, a margin no distance, and what would cost has not cost."""
    say = read_phrases("de", SHIPPED)
    for key, phrase in say.phrases.items():
        for form in [phrase] if isinstance(phrase, str) else phrase.values():
            assert not [former for former in FORMER if re.search(former, form)], f"{key}: {form}"
    assert words_of(say("quantity.payoff", player=say.whose("US"))) == "Auszahlung der USA"
    assert say.action(1, SHIPPED.actions[1].index("oppose_both")) == "beiden entgegentreten"
