"""The last sections of a report: the figures it uses, where the model is wrong, and how to make it again."""

from __future__ import annotations

import platform
import shlex
import sys
from dataclasses import replace

from triangle.evidence.figure import Figure
from triangle.showing.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Glossary,
    Heading,
    Listing,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
    code,
    foreign,
    link,
    plain,
    words_of,
)
from triangle.showing.material import Material
from triangle.showing.origins import backing_line, figure_value, meaning_of, place_of
from triangle.showing.parts import digest_of
from triangle.showing.phrases import Phrases, name_of
from triangle.study.sources import figures_behind
from triangle.study.study import Study
from triangle.sweeps.digest import code_digest, model_digest
from triangle.version import __version__


def figures(m: Material) -> Section:
    """Every parameter with what it rests on, and every figure behind any of them, with document, line and caution."""
    say = m.say
    used = figures_used(m)
    documented = sum(m.model.ledger.source_of(figure).kind == "document" for figure in used)
    kinds = [say(f"backings.{kind}", n=n) for kind, n in m.model.catalogue.backings.items()]
    blocks: list[Block] = [
        Paragraph(say("figures.lead", n=len(used), documented=documented, external=len(used) - documented)),
        Paragraph(say("figures.backing", n=len(m.model.catalogue), kinds=say.listed(kinds))),
    ]
    blocks += [_figure_table(used, m), _source_table(used, m)]
    blocks.append(Details(say("figures.parameters"), (_parameter_table(m),)))
    return Section("figures", say("section.figures"), tuple(blocks))


def figures_used(m: Material) -> list[Figure]:
    """Figures behind the parameters and their values in any study, and those that the scenarios name, by source."""
    found: dict[str, Figure] = {}
    for study in m.studies:
        for name in study.scenario.values:
            found |= {figure.id: figure for figure in figures_behind(study, name)}
        found |= {name: m.model.ledger[name] for name in study.scenario.figures}
    for p in m.model.catalogue:
        found |= {figure.id: figure for figure in m.model.figures_behind(p.name)}
        found |= {name: m.model.ledger[name] for name in p.ends}
    return [figure for figure in m.model.ledger if figure.id in found]


def _figure_table(used: list[Figure], m: Material) -> Table:
    say, ledger = m.say, m.model.ledger
    shown = {figure.id for figure in used}
    rows = []
    for figure in used:
        source = ledger.source_of(figure)
        others = [
            say(
                "figures.rival" if name in figure.rivals else "figures.conflict",
                figure=link(name, f"figure-{name}") if name in shown else code(name),
                value=foreign(figure_value(ledger[name], say)),
            )
            for name in (*figure.conflicts_with, *figure.rivals)
        ]
        rows.append(
            (
                Cell(code(figure.id), anchor=f"figure-{figure.id}"),
                Cell(foreign(figure_value(figure, say)), figure.number),
                Cell(say.translated(figure.period, 80)),
                Cell(say.translated(figure.paraphrase)),
                Cell((Run(words_of(say.translated(source.by, 160)), "link", f"source-{figure.source}"),)),
                Cell(place_of(figure, say)),
                Cell(say.translated(figure.caution)),
                Cell(say.chained(others, "list.semicolon") if others else ()),
            )
        )
    columns = (
        Column(say("column.figure")),
        Column(say("column.value"), True),
        Column(say("column.period")),
        Column(say("column.says")),
        Column(say("column.source")),
        Column(say("column.place")),
        Column(say("column.caution")),
        Column(say("column.conflicts")),
    )
    return Table(say("figures.caption"), columns, tuple(rows), say("figures.note"))


def _source_table(used: list[Figure], m: Material) -> Table:
    """The documents and series that the figures come from."""
    say = m.say
    rows = []
    for key in dict.fromkeys(figure.source for figure in used):
        source = m.model.ledger.sources[key]
        date = say.translated(source.date, 40)
        count = sum(figure.source == key for figure in used)
        rows.append(
            (
                Cell(say.translated(source.by, 160), anchor=f"source-{key}"),
                Cell(say.translated(source.title, 300)),
                Cell(say.translated(source.publisher, 160)),
                Cell(say("figures.inferred", date=date) if source.date_inferred else date),
                Cell(say(f"source.{source.kind}")),
                Cell(plain(say.number(count, 0)), count),
            )
        )
    columns = (
        Column(say("column.source")),
        Column(say("column.title")),
        Column(say("column.publisher")),
        Column(say("column.date")),
        Column(say("column.kind")),
        Column(say("column.figures"), True),
    )
    return Table(say("figures.sources"), columns, tuple(rows))


def _parameter_table(m: Material) -> Table:
    say, first = m.say, m.studies[0]
    rows = []
    for p in m.model.catalogue:
        behind = [link(figure.id, f"figure-{figure.id}") for figure in m.model.figures_behind(p.name)]
        rows.append(
            (
                Cell(code(p.name), anchor=f"parameter-{p.name}"),
                Cell(meaning_of(p.name, first, say)),
                Cell(plain(say.value(p.default)), p.default),
                Cell(plain(say.word("range", low=say.value(p.low), high=say.value(p.high))), p.low),
                Cell(plain(say.unit(p.unit))),
                Cell(say(f"role.{p.role}")),
                Cell(say(f"backing.{p.backing}")),
                Cell(_rests_on(p.name, m)),
                Cell(say.listed(behind) if behind else ()),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.meaning")),
        Column(say("column.default"), True),
        Column(say("column.range"), True),
        Column(say("column.unit")),
        Column(say("column.role")),
        Column(say("column.backing")),
        Column(say("column.because")),
        Column(say("column.figures")),
    )
    return Table(say("figures.parameter_caption"), columns, tuple(rows))


def _rests_on(name: str, m: Material) -> Text:
    """What stands behind the default, whatever the scenarios made of it."""
    bare = replace(m.studies[0].scenario, changes=(), inherited=())
    return backing_line(name, Study(m.model, bare, {}), m.say)


#: What is said about the model's limits, in order: its key, and the form of the payoffs that it is true of.
WRONG = {
    "judgement": None,
    "several": "second",
    "history": "second",
    "nixon": "first",
    "yielding": "first",
    "growth": None,
    "one_game": None,
    "trade": None,
    "support": None,
    "dollars": None,
}


def wrong(m: Material) -> Section:
    """What the model gets wrong and leaves out, in the words of the README."""
    say = m.say
    blocks: list[Block] = [Bullets(tuple(wrong_lines(m, say)))]
    if not say.is_shipped:
        blocks.append(Paragraph(say("limits.other_powers"), "note"))
    return Section("wrong", say("section.wrong"), tuple(blocks))


def wrong_lines(m: Material, say: Phrases) -> list[Text]:
    """The limits of the model, each in a sentence or two."""
    judged = sum(p.backing == "judgement" for p in m.model.catalogue)
    numbers = {"judged": judged, "parameters": len(m.model.catalogue)}
    forms = {study.model.form.name for study in m.studies}
    return [say(f"wrong.{key}", **numbers) for key, form in WRONG.items() if form is None or form in forms]


def manifest(m: Material) -> Section:
    """Commands, versions, seeds and digests with which the same report can be made again."""
    import matplotlib
    import numpy
    import scipy

    say = m.say
    words = [m.word_of(study) for study in m.studies]
    draws = ["--samples", str(m.samples), "--seed", str(m.seed)]
    commands = [
        *([m.command] if m.command else []),
        *(shlex.join(["triangle", *m.group, "solve", word, *m.options]) for word in words),
        *(shlex.join(["triangle", *m.group, "cite", word]) for word in words),
        shlex.join(["triangle", *m.group, "sweep", *words, *draws, *m.options]),
    ]
    versions = (
        f"triangle {__version__}",
        f"Python {platform.python_version()} ({sys.implementation.name}, {platform.machine()})",
        f"numpy {numpy.__version__}, scipy {scipy.__version__}, matplotlib {matplotlib.__version__}",
    )
    digests: list[tuple[Text, Text]] = [
        (say("manifest.model"), code(model_digest(m.model))),
        (say("manifest.code"), code(code_digest())),
    ]
    for name, text in m.texts.items():
        digests.append((say("manifest.scenario", scenario=name_of(name)), code(digest_of(text))))
    blocks: list[Block] = [
        Paragraph(say("manifest.lead", samples=m.samples, seed=str(m.seed))),
        Heading(say("manifest.commands")),
        Listing(tuple(commands)),
        Heading(say("manifest.versions")),
        Listing(versions),
        Details(say("manifest.digests"), (Glossary(tuple(digests)),)),
    ]
    return Section("manifest", say("section.manifest"), tuple(blocks))
