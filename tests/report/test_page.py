"""The report as a page: what it says is what the studies say, in every format, whatever strangers wrote."""

from __future__ import annotations

import html
import itertools
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner
from report.pages import EXPLORED, SLOW, explored
from report.reading import texts
from strategies import former, shipped

from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_masks
from triangle.cli import main
from triangle.measures.standing import standing
from triangle.measures.turning import turning
from triangle.model.parameters import Values, followed
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key
from triangle.questions.sensitivity import section as page_analysis
from triangle.report import ahead as page_ahead
from triangle.report import build as page_build
from triangle.report import pdf as page_pdf
from triangle.report.build import SECTIONS, build
from triangle.report.html import html_of
from triangle.report.markdown import markdown_of
from triangle.report.words import WORDS, explained, glossary
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import (
    Block,
    Column,
    Details,
    Glossary,
    Page,
    Paragraph,
    Section,
    Table,
    Verdicts,
    foreign,
    plain,
    words_of,
)
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import Study, study
from triangle.sweeps import pools
from triangle.sweeps.run import plan
from triangle.sweeps.tally import Tally, wilson

FIVE = ("baseline", "europe_joins", "rift_shock", "full_package", "conditional_relief_europe")

HOSTILE = (
    '<script>alert("x")</script>',
    "</title><img src=x onerror=alert(1)>",
    '\'; "quoted" & `ticks` {{ 7 * 7 }} {% if %}',
    "| cell | *bold* [link](javascript:alert(1)) # head",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
    "\x1b[31mred\x07",
    "x" * 30_000,
)


def played(name: str) -> Study:
    return study(shipped(), read_scenario(name, shipped()))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in SLOW:
        monkeypatch.setattr(module, name, lambda *_: [])


@cache
def material_of(language: str, *names: str) -> Material:
    return Material(tuple(map(played, names)), read_phrases(language, SHIPPED), 128, 0, words=names)


@cache
def page_of(language: str) -> Page:
    """A page with the explorer, in English of several scenarios."""
    if language == "en":
        return explored(*EXPLORED)
    names = ("baseline", "rift_shock") if LARGE else ("rift_shock",)
    return build(material_of(language, *names), explore=True)


@cache
def section_of(anchor: str, language: str, *names: str) -> Section:
    """One section, made alone: the others of its page take longer."""
    return SECTIONS[anchor](material_of(language, *names))


def hostile_material() -> Material:
    """A study whose every free text is one that a browser, a terminal or Markdown would obey."""
    base = read_scenario("rift_shock", shipped())
    text = " ".join(HOSTILE)
    changes = tuple(replace(change, because=text, scenario=text[:300]) for change in base.changes)
    scenario = replace(
        base, name=text[:500], title=text, question=text, author=text, narrative=text, expect=text, expect_source=text,
        claims=(text[:200],), changes=changes,
    )  # fmt: skip
    words = (text[:400],)
    return Material((study(shipped(), scenario),), read_phrases("en", SHIPPED), 64, 0, words=words)


@cache
def hostile() -> Page:
    return build(hostile_material(), explore=True)


#: Elements whose text is kept apart from what stands around it, or that hold nothing else.
ISOLATED = {"bdi", "title", "desc", "option", "code", "text", "script"}


class Reader(HTMLParser):
    """Tags and attributes of a document, its text outside scripts and styles, and of that our own words."""

    def __init__(self, document: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.own: list[str] = []
        self.pieces: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.pieces.append((self._inside, data))
        if self._inside not in ("script", "style"):
            self.text.append(data)
            if self._inside != "bdi":
                self.own.append(data)

    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.tags if "id" in attrs]


def test_the_sections_come_in_the_order_in_which_a_reader_asks():
    """Without types nobody's acceptance is asked about."""
    page = page_of("en")
    untyped = [anchor for anchor in SECTIONS if anchor != "signal"]
    assert [s.anchor for s in page.sections if s.anchor != "explorer"] == untyped
    assert [s.anchor for s in page.sections][8:10] == ["map", "explorer"]


def test_the_answer_says_what_is_stable_and_how_far_that_carries():
    answer = section_of("answer", "en", "europe_joins")
    (verdict,) = (card for b in answer.blocks if isinstance(b, Verdicts) for card in b.cards)
    assert words_of(verdict.given) == "Given that the United States courts Russia:"
    assert words_of(verdict.finding) == "Russia stands with China."
    assert re.fullmatch(r"That is [a-z ]+: so in \d+\.\d\u202f% of 128 worlds drawn \[.*\]\.", words_of(verdict.sure))
    lead = next(b for b in answer.blocks if isinstance(b, Paragraph) and b.role == "lead")
    found = played("europe_joins").solve().findings[0]
    text = words_of(lead.text)
    assert "the United States courts Russia, Russia aligns with China and China aligns with Russia" in text
    assert f"at least {found.margin:,.1f} bn USD" in text
    carried = words_of(
        next(b for b in section_of("standing", "en", "europe_joins").blocks if isinstance(b, Paragraph)).text
    )
    share = r"in \d+\.\d\u202f% of the worlds drawn \[95\u202f%: \d+\.\d\u202f% to \d+\.\d\u202f%\]"
    assert re.search(share, carried)


def test_the_standing_counts_what_it_says_game_by_game():
    masks = np.array([0, 1 << 37, 1 << 37 | 1 << 44, 1 << 5, 1 << 44], dtype=np.uint64)
    s = played("europe_joins")
    own = s.solve().findings
    assert [SHIPPED.index(f.profile) for f in own] == [37]
    stands = standing(Tally.of(masks, SHIPPED), own)
    wanted = by_key(SHIPPED)[own[0].configuration.key]
    fits = [bool(int(m) & wanted) for m in masks]
    only = [bool(m) and not int(m) & ~wanted for m in masks]
    assert (stands.games, stands.some, stands.every, stands.same) == (5, sum(fits), sum(only), 1)
    assert stands.interval == wilson(stands.every, 5)
    assert standing(Tally.of(masks, SHIPPED), ()).every == 1


def test_turning_shares_are_those_of_the_definition():
    s = played("europe_joins")
    found = turning(s, samples=8, seed=3)
    from triangle.sweeps.run import plan

    design = plan([s], samples=8, seed=3)
    for name in ("reciprocity", "evasion", "gdp_us"):
        count = 0
        for k in range(8):
            world = {key: float(np.broadcast_to(v, 8)[k]) for key, v in design.at(0, 0, 8).items()}
            ends = [
                Values(followed({**world, name: end}, s.scenario.following, [name]), SHIPPED)
                for end in s.scenario.ranges[name]
            ]
            low, high = (int(sweep_masks(values, s.model.terms, hold=s.hold)) for values in ends)
            count += low != high
        assert found.counts[found.names.index(name)] == count


def test_a_world_that_holds_all_three_powers_has_no_margins_and_says_so():
    bound = replace(read_scenario("baseline", shipped()), hold={"US": "court_russia", "RU": "hedge", "CN": "align"})
    for language, word in (("en", "held"), ("de", "festgehalten")):
        m = Material((study(shipped(), bound),), read_phrases(language, SHIPPED), 64, 0)
        page = build(m)
        (lead,) = (b for b in by_anchor(page, "answer").blocks if isinstance(b, Paragraph) and b.role == "lead")
        assert word in words_of(lead.text) and "–" not in words_of(lead.text)
        (terms,) = (block for block in by_anchor(page, "terms").blocks if isinstance(block, Details))
        (table,) = (block for block in terms.blocks if isinstance(block, Table))
        assert len(table.columns) == 4  # the terms, and what each has of them: nobody could lose by deviating
        (absent,) = (
            b for b in by_anchor(page, "sensitivity").blocks if isinstance(b, Paragraph) and b.role == "absent"
        )
        assert word in words_of(absent.text)
        assert not re.search(r"\+–|– (bn|Mrd)", markdown_of(page))


def by_anchor(page: Page, anchor: str) -> Section:
    return next(section for section in page.sections if section.anchor == anchor)


def test_every_figure_behind_the_parameters_is_listed_with_document_and_line():
    table = next(b for b in section_of("figures", "en", "baseline").blocks if isinstance(b, Table))
    listed = {words_of(row[0].text) for row in table.rows}
    for p in shipped().catalogue:
        assert set(p.figures) | set(p.anchors) | set(p.ends) <= listed
    row = next(row for row in table.rows if words_of(row[0].text) == "ost_trade_ru_cn_2024")
    assert words_of(row[5].text).startswith("line ") and "wel_trade_ru_cn_2024" in words_of(row[7].text)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_is_one_file_that_asks_for_nothing_and_whose_links_lead_somewhere(language: str):
    document = html_of(page_of(language))
    reader = Reader(document)
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    for tag, attrs in reader.tags:
        assert tag not in ("link", "img", "iframe", "object") or attrs.get("href") == "data:,"
        assert "src" not in attrs
        for name in ("href", "xlink:href"):
            target = attrs.get(name)
            assert target is None or target == "data:," or (target.startswith("#") and target[1:] in ids), target
    assert not re.search(r"url\((?!#)", document)
    assert len(document.encode()) < 5_000_000
    headings = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(headings))


def only(monkeypatch: pytest.MonkeyPatch, *anchors: str) -> None:
    """A page has these sections alone by default, and all of them in the large budget."""
    if not LARGE:
        monkeypatch.setattr(page_build, "SECTIONS", {anchor: SECTIONS[anchor] for anchor in anchors})


def test_a_report_is_the_same_by_any_number_of_processes(monkeypatch: pytest.MonkeyPatch):
    name, workers = ("baseline", 3) if LARGE else ("secondary_tariff", 2)  # from the latter one path departs, not 13

    def made(workers: int) -> str:
        material = Material((played(name),), read_phrases("de", SHIPPED), 64, 0, words=(name,))
        return html_of(build(material, explore=True, workers=workers))

    monkeypatch.undo()  # what takes long is what others take part of
    if not LARGE:
        monkeypatch.setattr("triangle.showing.inline.inline", lambda *_: "")  # what is drawn stands in tables too
        calls, slow = page_ahead._calls, ("change", "claims", "away", "course", "explored")
        only(monkeypatch, "sensitivity")
        monkeypatch.setattr(page_ahead, "_calls", lambda *m: [call for call in calls(*m) if call[0][0] not in slow])
    alone, sent = made(1), list[int]()
    shared = pools.shared

    def counted(calls: Sequence[Callable[[], object]], workers: int) -> list[object]:
        sent.append(workers)
        return shared(calls, workers)

    monkeypatch.setattr(pools, "shared", counted)
    assert made(workers) == alone and sent == [workers]


@pytest.mark.parametrize(("processors", "shares"), [(1, []), (2, [2]), (16, [2])])
def test_two_processes_make_a_report_where_nobody_says_how_many(processors: int, shares: list[int], monkeypatch):
    sent = list[int]()
    monkeypatch.setattr(pools, "processors", lambda: processors)
    monkeypatch.setattr(pools, "shared", lambda calls, workers: sent.append(workers) or [None] * len(calls))
    names = ("baseline", "rift_shock")
    # Who finds what is settled before the first section is made.
    monkeypatch.setattr(page_build, "SECTIONS", {"answer": lambda m: section_of("question", "en", *names)})
    build(Material(tuple(map(played, names)), read_phrases("en", SHIPPED), 64, 0, words=names), workers=None)
    build(Material((played("baseline"),), read_phrases("en", SHIPPED), 64, 0), brief=True, workers=None)
    assert sent == shares, "a brief of one scenario is not worth a process"


def test_terms_that_no_other_process_finds_are_computed_here_or_refused():
    name, term = next(iter(shipped().terms.items()))
    model = replace(shipped(), terms={**shipped().terms, name: lambda *asked: term(*asked)})
    material = Material((study(model, read_scenario("baseline", model)),), read_phrases("en", SHIPPED), 64, 0)
    assert build(material, brief=True, workers=None).sections
    with pytest.raises(BadInput, match="use one worker"):
        build(material, brief=True, workers=2)


def test_a_report_is_the_same_when_made_again(computed_anew: None, monkeypatch: pytest.MonkeyPatch):
    only(monkeypatch, "answer", "picture", "map", "sensitivity")
    assert html_of(build(hostile_material(), explore=LARGE)) == html_of(build(hostile_material(), explore=LARGE))


def test_german_pages_write_german_numbers_and_words():
    text = " ".join(Reader(html_of(page_of("de"))).own)
    assert "Russland lehnt sich an China an" in text and "Mrd. USD im Jahr" in text
    assert "140,7" in text and "140.7" not in text
    english = set(map(str, read_phrases("en", SHIPPED).phrases.values())) - set(
        map(str, read_phrases("de", SHIPPED).phrases.values())
    )
    assert not [phrase for phrase in english if len(phrase) > 12 and "{" not in phrase and phrase in text]
    assert "bn USD" not in text


def test_hostile_text_is_shown_as_text_and_bounded():
    document = html_of(hostile())
    reader = Reader(document)
    assert len(document) < 5_000_000
    scripts = [attrs for tag, attrs in reader.tags if tag == "script"]
    assert len(scripts) == 5 and not any(tag == "img" for tag, _ in reader.tags)
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert "{{ 7 * 7 }}" in html.unescape(document) and 'alert("x")' in html.unescape(document)
    for steering in "\u202e\u202c\x1b\x07":
        assert steering not in document
    titles = [tag for tag, _ in reader.tags if tag == "title"]
    assert titles[0] == "title" and "</title><img" not in document
    assert not any("\u05e9" in piece for tag, piece in reader.pieces if tag not in ISOLATED)


def test_hostile_text_obeys_nothing_in_markdown():
    text = markdown_of(hostile())
    bare = re.sub(r"`+[^`\n]*`+", "", re.sub(r"(?m)^ {4}.*$", "", text))
    assert not re.search(r"(?<!\\)<(?!a id=|/a>)", bare)
    assert not re.search(r"(?<!\\)\]\((?!#)", bare)
    assert "\x1b" not in text and "\u202e" not in text


def test_markdown_says_the_same_sections_with_pictures_told():
    page = page_of("en")
    text = markdown_of(page)
    assert re.findall(r"(?m)^## (.*)$", text) == [words_of(s.title) for s in page.sections]
    assert "> **Picture: stable marriage of Russia and China.** the United States contains both" in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


def test_scenarios_without_an_equilibrium_and_with_all_held_have_their_pages(monkeypatch: pytest.MonkeyPatch):
    only(monkeypatch, "answer", "standing", "equilibria", "map", "sensitivity", "tipping", "wrong")
    held = study(shipped(), played("baseline").scenario, {0: 0, 1: 1, 2: 1})
    s = study(former(), read_scenario("baseline", former()))  # whose box holds games without an equilibrium
    moved = {**s.scenario.values, **_without_equilibrium(s)}
    cycle = study(former(), replace(s.scenario, values=moved))
    assert not cycle.solve().findings
    for one in (held, cycle):
        text = " ".join(Reader(html_of(build(Material((one,), read_phrases("en", SHIPPED), 64, 0)))).text)
        assert "What it depends on" in text
    assert "No posture is stable in pure actions" in text and "Best responses run in a circle" in text


def _without_equilibrium(s: Study) -> dict[str, float]:
    """A world of the box of a study that has no pure equilibrium."""
    from triangle.sweeps.run import plan

    design = plan([s], samples=4096, seed=0)
    values = design.at(0, 0, 4096)
    masks = sweep_masks(Values(values, SHIPPED), s.model.terms)
    k = int(np.flatnonzero(masks == 0)[0])
    return {name: float(np.broadcast_to(v, 4096)[k]) for name, v in values.items()}


def test_a_missing_weasyprint_is_answered_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(BadInput, match=r"pip install '\.\[pdf\]'"):
        page_pdf.pdf_of(page_of("en"))


def test_a_pdf_that_cannot_be_drawn_is_refused_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    code, said = run("baseline", "--out", str(tmp_path / "x.pdf"))
    assert code == 2 and said.startswith("Error: ")  # no section was announced before it
    assert list(tmp_path.iterdir()) == []


def test_the_words_are_explained_in_each_language():
    for language, word in (("en", "not the probability"), ("de", "nicht die Wahrscheinlichkeit")):
        answer = section_of("answer", language, "baseline")
        listed = next(block for block in answer.blocks if isinstance(block, Details)).blocks[0]
        assert isinstance(listed, Glossary) and len(listed.items) == len(WORDS) == 11
        assert word in " ".join(words_of(meaning) for _, meaning in listed.items)


def sentences(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without the heads of their tables, each of which has its words marked."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Details):
            found += sentences(block.blocks)
        else:
            found.append(replace(block, columns=()) if isinstance(block, Table) else block)
    return found


def test_the_head_of_a_column_has_its_word_marked_in_every_table():
    columns = (Column(plain("name")), Column(plain("margin"), True))
    table = Table(plain("Numbers and a margin"), columns, ())
    terms = glossary(read_phrases("en", SHIPPED), 0.5)
    page = explained(Page("en", (), (), (Section("s", (), (table, table)),), (), terms=terms))
    for block in page.sections[0].blocks:
        assert isinstance(block, Table)
        assert [run.target for column in block.columns for run in column.text if run.kind == "term"] == ["margin"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_word_is_marked_where_a_section_uses_it_first_and_nothing_else_changes(language: str):
    page = page_of(language)
    marked = explained(page)
    forms = {term.key: {form.lower() for form in term.forms} for term in page.terms}
    seen = set()
    for before, after in zip(page.sections, marked.sections, strict=True):
        assert [*map(words_of, texts(before))] == [*map(words_of, texts(after))]
        found = [run for text in texts(after) for run in text if run.kind == "term"]
        assert all(run.text.lower() in forms[run.target] for run in found)
        once = [run.target for text in texts(sentences(after.blocks)) for run in text if run.kind == "term"]
        assert len({*once}) == len(once)
        seen |= {run.target for run in found}
    assert seen >= {"stance", "stable", "agreed", "margin", "link", "lever", "world"}
    assert explained(replace(page, terms=())).sections == page.sections


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "A third party, a rival and two bridges; Worlds of linked and worldly powers."),
    ("de", "Ein Dritter, ein Rivale und zwei Brücken; Welten verbundener und weltlicher Mächte."),
])  # fmt: skip
def test_a_word_is_found_in_its_forms_and_in_no_other_word(language: str, sentence: str):
    terms = glossary(read_phrases(language, SHIPPED), 0.5)
    section = Section("s", plain("S"), (Paragraph((*plain(sentence), *foreign("a rival"))),))
    page = explained(Page(language, plain("T"), (), (section,), (), terms=terms))
    (paragraph,) = page.sections[0].blocks
    assert isinstance(paragraph, Paragraph)
    found = [run.target for run in paragraph.text if run.kind == "term"]
    assert found == ["third", "rival", "bridge", "world", *(["link"] if language == "en" else [])]


def test_the_pdf_has_pages_of_a4(monkeypatch: pytest.MonkeyPatch):
    try:
        page_pdf.weasyprint_module()
    except BadInput as missing:
        pytest.skip(str(missing))
    import weasyprint

    made, render = list[weasyprint.Document](), weasyprint.HTML.render
    monkeypatch.setattr(weasyprint.HTML, "render", lambda *a, **options: made.append(render(*a, **options)) or made[-1])
    page = page_of("en")
    assert page_pdf.pdf_of(replace(page, sections=page.sections[:4])).startswith(b"%PDF-")
    (document,) = made
    assert len(document.pages) > 1
    sizes = {tuple(sorted((round(p.width / 96 * 25.4), round(p.height / 96 * 25.4)))) for p in document.pages}
    assert sizes == {(210, 297)}


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["report", *arguments])
    return done.exit_code, done.output


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of its first and its last section, where what is tested is how it is written."""
    monkeypatch.setattr(page_build, "SECTIONS", {anchor: SECTIONS[anchor] for anchor in ("answer", "manifest")})


@pytest.mark.parametrize("ending", ["html", "md"])
def test_the_command_writes_the_format_that_the_ending_names(_short: None, tmp_path: Path, ending: str):
    out = tmp_path / f"report.{ending}"
    code, said = run("baseline", "--out", str(out), "--samples", "64", "--language", "de")
    assert code == 0, said
    text = out.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>" if ending == "html" else "# ")
    assert "Die Antwort" in said and "written:" in said
    assert f"triangle report baseline --out report.{ending}" in html.unescape(text)
    assert str(tmp_path) not in text
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["baseline", "--out", "@/r.docx"], "ending in one of .html, .md, .pdf"),
        (["baseline", "--out", "@/r.md", "--format", "html"], "html does not go with a file ending in .md"),
        (["baseline", "--out", "@/r.md", "--explore"], "goes with --format html"),
        (["baselin", "--out", "@/r.html"], "did you mean 'baseline'?"),
        (["baseline", "--out", "@"], "expected the name of a file"),
        (["baseline", "--out", "@", "--format", "html"], "is a folder or a device"),
        (["baseline"] * 13 + ["--out", "@/r.html"], "at most 12"),
        (["baseline", "--out", "@/r.html", "--language", "fr"], "'fr' is not one of"),
    ],
)
def test_what_the_command_cannot_do_it_says_and_writes_nothing(tmp_path: Path, arguments: list[str], words: str):
    code, said = run(*(text.replace("@", str(tmp_path)) for text in arguments))
    assert code == 2 and words in said and "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_a_pipe_is_not_replaced_by_a_report(tmp_path: Path):
    pipe = tmp_path / "report.html"
    os.mkfifo(pipe)
    code, said = run("baseline", "--out", str(pipe))
    assert code == 2 and "a folder or a device" in said and pipe.is_fifo()


def test_an_interrupted_report_leaves_nothing_behind(_short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from triangle.report import html as page_html

    def interrupted(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(page_html, "html_of", interrupted)
    code, _ = run("baseline", "--out", str(tmp_path / "r.html"), "--samples", "64")
    assert code == 130 and not list(tmp_path.iterdir())


def test_the_wheel_carries_templates_and_catalogues(tmp_path: Path):
    hatchling = pytest.importorskip("hatchling.builders.wheel")
    root = Path(page_analysis.__file__).parents[3]
    built = next(iter(hatchling.WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])))
    names = set(zipfile.ZipFile(built).namelist())
    for folder in ("report/static", "showing/catalogues"):
        for file in (root / "triangle" / folder).rglob("*.*"):
            assert file.relative_to(root).as_posix() in names


def test_the_folded_parts_are_in_the_page_too():
    page = page_of("en")
    folded = [b for s in page.sections for b in s.blocks if isinstance(b, Details)]
    assert folded and all(block.blocks for block in folded)


def test_what_could_not_be_written_and_what_is_named_twice_is_refused_before_the_work(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    for words, said in (
        (["baseline", "--out", str(tmp_path / "file" / "page.html")], "cannot be written"),
        (["baseline", "baseline", "--out", str(tmp_path / "page.html")], "named twice: baseline"),
    ):
        result = CliRunner().invoke(main, ["report", *words])
        assert result.exit_code == 2 and said in result.stderr
        assert len(result.stderr.splitlines()) == 1  # no section was begun
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_the_answer_of_a_scenario_with_an_order_of_moves_begins_with_that_order():
    order = (("US",), ("RU", "CN"))
    ordered = replace(read_scenario("baseline", former()), order=order)
    answer = SECTIONS["answer"](Material((study(former(), ordered),), read_phrases("en", SHIPPED), 64, 0))
    leads = [words_of(b.text) for b in answer.blocks if isinstance(b, Paragraph) and b.role == "lead"]
    assert leads[0].startswith("When the order is United States, then Russia and China, the only subgame-perfect")
    assert leads[1].startswith("One posture is stable")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_standing_counts_all_equilibria_and_beside_them_the_agreement_proof_ones(language: str):
    study = played("baseline")
    table = next(block for block in section_of("standing", language, "baseline").blocks if isinstance(block, Table))
    assert len(table.rows) == 2
    values = Values(plan([study], samples=128, seed=0).at(0, 0, 128), SHIPPED)
    for row, trust in zip(table.rows, (None, 0.5), strict=True):
        masks = sweep_masks(values, study.model.terms, hold=study.hold, trust=trust)
        stands = standing(Tally.of(masks, SHIPPED), study.counting(trust))
        assert [cell.order for cell in row[3:6]] == [k / 128 for k in (stands.every, stands.some, stands.same)]


def test_a_report_refuses_a_trust_that_is_no_probability(tmp_path: Path):
    for trust in ("1.5", "nan"):
        code, said = run("baseline", "--out", str(tmp_path / "x.md"), "--trust", trust)
        assert code == 2 and "--trust" in said and "from 0 to 1" in said
