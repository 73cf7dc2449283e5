"""The first sections of a report: the question, the answer, the picture, and what differs between the scenarios."""

from __future__ import annotations

from triangle.questions.answer.section import found_of, how_counted, verdicts
from triangle.questions.answer.section import rests as rested
from triangle.questions.contrast.section import contrasts
from triangle.report.game import is_ordered, order_of, played_in_order
from triangle.report.words import glossary, words
from triangle.scenarios.scenario import Change
from triangle.showing.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Gallery,
    Glossary,
    Heading,
    Paragraph,
    Section,
    Table,
    Text,
    code,
    plain,
)
from triangle.showing.material import Material
from triangle.showing.origins import meaning_of, origin_of, parameter_link
from triangle.showing.parts import equilibria_key, interval_cell, source_of, triangle_picture
from triangle.showing.phrases import Phrases, name_of, read_phrases
from triangle.showing.statements import MOST_FINDINGS, agreed_shares, held_sentences, inert, orders, shares, stability
from triangle.study.study import Finding, Study, alone_of, differing_parameters


def question(m: Material) -> Section:
    """What each scenario asks, who wrote it, and what it says about itself."""
    say = m.say
    blocks: list[Block] = []
    for place, study in enumerate(m.studies):
        scenario = study.scenario
        blocks.append(Heading(say.translated(scenario.title, 300), f"scenario-{place}"))
        blocks.append(Paragraph(say.translated(scenario.question), "lead"))
        blocks.append(
            Paragraph(
                say(
                    "question.by",
                    name=name_of(scenario.name),
                    author=say.translated(scenario.author, 200),
                    date=scenario.date.isoformat(),
                    base=name_of(scenario.base) if scenario.base else say("question.no_base"),
                ),
                "note",
            )
        )
        blocks += [Paragraph(line) for line in how_played(study, say)]
        about: list[tuple[Text, Text]] = [(say("question.narrative"), say.translated(scenario.narrative, 4000))]
        if scenario.expect:
            about.append((say("question.expect"), say.translated(scenario.expect)))
        if scenario.expect_source:
            about.append((say("question.expect_source"), say.translated(scenario.expect_source)))
        blocks.append(Details(say("question.more"), (Glossary(tuple(about)),)))
    return Section("question", say("section.question"), tuple(blocks))


def how_played(study: Study, say: Phrases) -> list[Text]:
    """Who is held at what, and that an order of moves is left out of the sections on simultaneous play."""
    lines: list[Text] = []
    if study.hold:
        lines.append(say("held.players", held=_held(study, say)))
    if is_ordered(study):
        lines.append(say("ordered", order=say.order(order_of(study))))
    return lines


def _held(study: Study, say: Phrases) -> Text:
    """Who is held at what, in a row."""
    held = [
        say("held.one", player=say.country(study.cast.codes[i]), action=say.action(i, a))
        for i, a in sorted(study.hold.items())
    ]
    return say.listed(held) if held else say("held.nobody")


def answer(m: Material) -> Section:
    """The answer of each scenario: first as cards, then what is stable in sentences."""
    say = m.say
    blocks: list[Block] = [verdicts(m)]
    if len(m.studies) > 1:
        different = {tuple(f.configuration.key for f in found.findings) for found in m.answers}
        blocks.append(Paragraph(say("answer.several", scenarios=len(m.studies), n=len(different))))
    for place in range(len(m.studies)):
        blocks += _told(m, place)
    return Section("answer", say("section.answer"), (*blocks, words(glossary(say, m.trust), say)))


def _told(m: Material, place: int) -> list[Block]:
    """What is stable in one scenario, sentence by sentence."""
    say, study = m.say, m.studies[place]
    blocks: list[Block] = []
    if len(m.studies) > 1:
        blocks.append(Heading(say.translated(study.scenario.title, 300)))
    if is_ordered(study):
        blocks += [Paragraph(played_in_order(study, say), "lead"), Paragraph(say("answer.at_once"))]
    blocks.append(Paragraph(say.chained(stability(study, m.answers[place], say), "list.sentences"), "lead"))
    blocks += [Paragraph(line) for line in (*orders(study, say), *inert(study, say))]
    return blocks + _without_thirds(study, say.language)


def _without_thirds(study: Study, language: str) -> list[Block]:
    """What is stable where third parties choose nothing, and what they choose stands where it would."""
    if not study.cast.thirds:
        return []
    alone = alone_of(study)
    say = read_phrases(language, alone.cast)
    # What only a third party's own terms read is no parameter of the three alone.
    values = alone.scenario.values
    chosen = [name for party in study.cast.thirds for name in party.chosen if name in values]
    sets = say.listed(
        [say("alone.set", name=say.known("parameter", name), value=say.value(values[name])) for name in chosen]
    )
    who = say.listed([plain(say.known("within", party.country)) for party in study.cast.thirds])
    found = say.chained(stability(alone, alone.solve(), say), "list.sentences")
    return [Paragraph(say("alone.without", who=who, sets=sets, found=found))]


def rests(m: Material) -> Section:
    """On what each answer rests, and how it was counted."""
    sure = next((found.sure for place in range(len(m.studies)) if (found := found_of(m, place)).sure), None)
    note = [Paragraph(how_counted(sure, m.trust, m.say), "note")] if sure else []
    return Section("rests", m.say("section.rests"), (*rested(m), *note))


def standing(m: Material) -> Section:
    """How far each part of the answer carries over the box of what is uncertain, by itself."""
    say = m.say
    blocks: list[Block] = []
    for place, study in enumerate(m.studies):
        if m.is_all_held(place):
            continue
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        found = m.answers[place]
        carried = [shares(study, found, m.standing(place), say), *agreed_shares(study, found, m.agreed(place), say)]
        blocks += map(Paragraph, carried)
    blocks += [
        _standing_table(m),
        Paragraph(say("answer.box", samples=m.samples, seed=str(m.seed), n=_drawn(m)), "note"),
    ]
    return Section("standing", say("section.standing"), tuple(blocks))


def _drawn(m: Material) -> int:
    """Parameters that the boxes draw."""
    return len(m.sweep.job.design.drawn)


def _standing_table(m: Material) -> Table:
    say = m.say
    rows = []
    for place, study in enumerate(m.studies):
        answer = m.answers[place]
        for counted, found, stands in (
            ("all", answer.findings, m.standing(place)),
            ("agreed", answer.agreement_proof, m.agreed(place)),
        ):
            low, high = stands.interval
            shares = (stands.every, stands.some, stands.same)
            none = "no_equilibrium" if not answer.findings else "none_agreed"
            rows.append(
                (
                    Cell(name_of(study.scenario.name)),
                    Cell(say(f"counted.{counted}")),
                    Cell(say.listed([say.triangle(f.configuration) for f in found]) if found else say(none)),
                    *(Cell(plain(say.percent(k / stands.games)), k / stands.games) for k in shares),
                    interval_cell(low, high, say),
                )
            )
    columns = (
        Column(say("column.scenario")),
        Column(say("column.counted")),
        Column(say("column.triangle")),
        Column(say("column.every"), True),
        Column(say("column.some"), True),
        Column(say("column.same"), True),
        Column(say("column.interval"), True),
    )
    return Table(say("answer.caption"), columns, tuple(rows), say("answer.note", trust=say.number(m.trust, 2)))


def picture(m: Material) -> Section:
    """The signed triangle of each equilibrium of each scenario."""
    say = m.say
    cards = []
    for place, study in enumerate(m.studies):
        findings = m.answers[place].findings
        drawn = findings[:MOST_FINDINGS] or (study.finding(study.nearest()),)
        taken = source_of(m, [study]), equilibria_key(place)
        pictures = tuple(
            triangle_picture(m, finding, f"triangle-{place}-{number}", *taken) for number, finding in enumerate(drawn)
        )
        if not findings:
            line = say("picture.none")
        elif m.is_all_held(place):
            line = say("picture.held")
        elif len(findings) > MOST_FINDINGS:
            line = say("picture.more", n=len(findings) - MOST_FINDINGS)
        else:
            line = say("picture.margins", n=len(findings), margins=_margins(findings, say))
        if findings and study.hold and len(findings) <= MOST_FINDINGS:
            told = [sentence for finding in findings for sentence in held_sentences(study, finding, say)]
            line = say.chained([line, *told], "list.sentences")
        cards.append((say.translated(study.scenario.title, 120), pictures, line))
    return Section("picture", say("section.picture"), (Paragraph(say("picture.legend"), "note"), Gallery(tuple(cards))))


def _margins(findings: tuple[Finding, ...], say: Phrases) -> Text:
    return say.listed([plain(say.amount(finding.margin)) for finding in findings])


def differs(m: Material) -> Section:
    """The parameters in which the scenarios differ, why, and what that changes."""
    say = m.say
    if len(m.studies) == 1:
        return Section("differs", say("section.departs"), tuple(_departures(m.studies[0], m)))
    names = differing_parameters(m.studies)
    blocks: list[Block] = []
    if names:
        blocks.append(Paragraph(say("differs.lead", n=len(names))))
        blocks.append(_differing_table(m, names))
    else:
        blocks.append(Paragraph(say("differs.nothing")))
    blocks += _held_differently(m)
    blocks += contrasts(m)
    blocks.append(Heading(say("differs.why")))
    for study in m.studies:
        blocks.append(Details(say.translated(study.scenario.title, 300), tuple(_departures(study, m))))
    return Section("differs", say("section.differs"), tuple(blocks))


def _differing_table(m: Material, names: list[str]) -> Table:
    say, catalogue = m.say, m.model.catalogue
    rows = []
    for name in names:
        values = [study.scenario.values[name] for study in m.studies]
        rows.append(
            (
                Cell(parameter_link(name, say)),
                Cell(meaning_of(name, m.studies[0], say)),
                Cell(plain(say.unit(catalogue[name].unit))),
                *(
                    Cell(plain(say.value(value)), value, origin_of(name, study, say))
                    for value, study in zip(values, m.studies, strict=True)
                ),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.meaning")),
        Column(say("column.unit")),
        *(Column(name_of(study.scenario.name), True) for study in m.studies),
    )
    return Table(say("differs.caption"), columns, tuple(rows), hint=say("origin.hint"))


def _held_differently(m: Material) -> list[Block]:
    """Scenarios that bind players differently: a difference that no parameter shows."""
    if all(study.hold == m.studies[0].hold for study in m.studies):
        return []
    say = m.say
    lines = []
    for study in m.studies:
        lines.append(say("differs.held", scenario=name_of(study.scenario.name), held=_held(study, say)))
    return [Paragraph(say("differs.held_lead")), Bullets(tuple(lines))]


def _departures(study: Study, m: Material) -> list[Block]:
    """What a scenario changes of the default world, each change with its reason."""
    say = m.say
    # What a third party of another scenario chooses is no parameter here; at what it is held is said beside.
    known = study.model.catalogue.parameters
    latest = {change.parameter: change for change in study.scenario.all_changes if change.parameter in known}
    if not latest:
        return [Paragraph(say("departs.nothing"))]
    rows = tuple(_departure(change, study, say) for change in latest.values())
    columns = (
        Column(say("column.parameter")),
        Column(say("column.from"), True),
        Column(say("column.to"), True),
        Column(say("column.unit")),
        Column(say("column.because")),
        Column(say("column.said_by")),
    )
    return [Table(say("departs.caption", scenario=name_of(study.scenario.name)), columns, rows)]


def _departure(change: Change, study: Study, say: Phrases) -> tuple[Cell, ...]:
    p = study.model.catalogue[change.parameter]
    by_hand = change.scenario == "--set"
    return (
        Cell(parameter_link(p.name, say)),
        Cell(plain(say.value(p.default)), p.default),
        Cell(plain(say.value(change.value)), change.value, origin_of(p.name, study, say)),
        Cell(plain(say.unit(p.unit))),
        Cell(say("origin.by_hand") if by_hand else say.translated(change.because)),
        Cell(code("--set") if by_hand else name_of(change.scenario)),
    )
