"""The sections of a report that solve the game: equilibria, orders of moves, bounds, and the terms that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triangle.measures.orders import outcomes_of
from triangle.players.axes import RU
from triangle.questions.solve import answer as questions
from triangle.questions.solve.answer import EVERY, NONE
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Details,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
    Text,
    link,
    plain,
)
from triangle.showing.material import Material
from triangle.showing.origins import figure_line, parameter_link
from triangle.showing.parts import equilibria_key, set_cell, source_of
from triangle.showing.phrases import Phrases
from triangle.showing.statements import MOST_FINDINGS, decided, gas, played, unstable
from triangle.solvers.sequential import SequentialSolution
from triangle.study.study import Deviation, Finding, Study
from triangle.study.trace import ParameterTrace, Trace, trace

#: Parameters that are named under one term of a payoff.
MOST_PARAMETERS = 3


def equilibria(m: Material) -> Section:
    """All pure equilibria with their margins, every order of moves, and the bounds over all correlated equilibria."""
    blocks: list[Block] = [Paragraph(m.say("equilibria.lead"))]
    for place, study in enumerate(m.studies):
        if len(m.studies) > 1:
            blocks.append(Heading(m.say.translated(study.scenario.title, 300)))
        blocks += _equilibria_of(m, place)
    return Section("equilibria", m.say("section.equilibria"), tuple(blocks))


def _equilibria_of(m: Material, place: int) -> list[Block]:
    say, study, found = m.say, m.studies[place], m.answers[place]
    blocks: list[Block] = []
    key = equilibria_key(place)
    if found.findings:
        blocks.append(_finding_table(m, study, found.findings, say("equilibria.caption"), key))
        if len(found.findings) > 1:
            blocks.append(Paragraph(say("equilibria.many", n=len(found.findings)), "note"))
    else:
        blocks.append(Paragraph(unstable(study, say)))
        blocks.append(_finding_table(m, study, [study.finding(study.nearest())], say("equilibria.nearest"), key))
    blocks += map(Paragraph, gas(study, found, say))
    if len(study.hold) < len(study.cast):
        blocks.append(Details(say("orders.summary"), tuple(_orders(study, say))))
        blocks.append(Details(say("bounds.summary"), tuple(_bounds(study, say))))
    return blocks


def _finding_table(m: Material, study: Study, findings: Sequence[Finding], caption: Text, key: str) -> Table:
    say = m.say
    countries = [say.country(player) for player in study.cast.codes]
    columns = (
        *(Column(plain(country)) for country in countries),
        Column(say("column.triangle")),
        Column(say("column.margin"), True),
        *(Column(say("column.has", player=country), True) for country in countries),
        *(Column(say("column.loses", player=country), True) for country in countries),
        Column(say("column.beta"), True),
    )
    rows = []
    for finding in findings:
        actions = [say.action(i, a) for i, a in enumerate(finding.profile)]
        freely = {d.player: d.loss for d in study.deviations(finding.profile, of_held=True)}
        rows.append(
            (
                *(
                    Cell(say("held.action", action=action) if i in study.hold else plain(action))
                    for i, action in enumerate(actions)
                ),
                set_cell(m, 1 << finding.index, _kind(finding, say)),
                Cell(plain(say.amount(finding.margin)), finding.margin),
                *(Cell(plain(say.amount(u)), u, _payoff_origin(i, say)) for i, u in enumerate(finding.payoffs)),
                *(_loss(loss, freely.get(i), say) for i, loss in enumerate(finding.losses)),
                Cell(plain(say.number(finding.bargaining_share_ru, 2)), finding.bargaining_share_ru),
            )
        )
    return Table(caption, columns, tuple(rows), say("equilibria.note", player=say.country(say.cast.codes[RU])), key)


def _loss(loss: float, freely: float | None, say: Phrases) -> Cell:
    """What a power loses by leaving; in brackets where it is held and only would."""
    if freely is None:
        return Cell(plain(say.amount(loss)), loss)
    return Cell(say("held.freely", amount=say.amount(freely)), freely)


def _kind(finding: Finding, say: Phrases) -> Text:
    """A triangle with its structural balance."""
    balance = say("balanced" if finding.configuration.balance > 0 else "unbalanced")
    return say("equilibria.kind", triangle=say.triangle(finding.configuration), balance=balance)


def _payoff_origin(player: int, say: Phrases) -> tuple[Text, ...]:
    return (say("origin.payoff", section=link(say.word("section.terms"), "terms"), player=say.cast.codes[player]),)


def is_ordered(study: Study) -> bool:
    """Whether a scenario has the powers move one after another."""
    return study.scenario.order is not None and len(study.scenario.order) > 1


def order_of(study: Study) -> tuple[tuple[int, ...], ...]:
    """The order in which the powers move in a scenario, or the one that stands for moving in turn."""
    if not is_ordered(study):
        return (0,), tuple(range(1, len(study.cast)))
    return tuple(tuple(map(study.cast.player, stage)) for stage in study.scenario.order or ())


def played_in_order(study: Study, say: Phrases) -> Text:
    """What is played under the order of moves of a scenario, in one sentence."""
    return _played(study, questions.in_order(study, order_of(study)), say)


def _orders(study: Study, say: Phrases) -> list[Block]:
    """Backward induction: what follows from the scenario's order, and who gains by which."""
    answer = questions.in_order(study, order_of(study))
    table = answer.table
    blocks: list[Block] = [Paragraph(_played(study, answer, say))]
    rows = [_order_row(study, table.simultaneous, [""] * len(study.cast), say)]
    for row in table.rows:
        rows.append(
            _order_row(study, row, [say.word(f"effect.{table.effect(row, i)}") for i in range(len(study.cast))], say)
        )
    countries = [say.country(player) for player in study.cast.codes]
    columns = (
        Column(say("column.order")),
        *(Column(say("column.has", player=country), True) for country in countries),
        *(Column(say("column.effect", player=country)) for country in countries),
        Column(say("column.verdict")),
        Column(say("column.played")),
    )
    blocks.append(Table(say("orders.caption"), columns, tuple(rows), say("orders.note")))
    return blocks


def _played(study: Study, answer: questions.SequentialAnswer, say: Phrases) -> Text:
    """What is played when the players move in turn."""
    profiles = [questions.whole_profile(study, profile) for profile in answer.solution.profiles]
    turns = say.order(order_of(study))
    if not profiles:
        return say("orders.none", order=turns)
    joined = say.chained([say.posture(profile) for profile in profiles], "list.semicolon")
    return say("orders.played", order=turns, n=len(profiles), postures=joined)


def _order_row(study: Study, row: SequentialSolution, effects: Sequence[str], say: Phrases) -> tuple[Cell, ...]:
    is_at_once = len(row.order) == 1
    spans = [
        say.amount(low) if high - low < 0.05 else say.word("range", low=say.amount(low), high=say.amount(high))
        for low, high in zip(row.low, row.high, strict=True)
    ]
    return (
        Cell(say("orders.at_once") if is_at_once else say.order(row.order)),
        *(Cell(plain(span), low) for span, low in zip(spans, row.low, strict=True)),
        *(Cell(plain(effect)) for effect in effects),
        Cell(say(f"verdict.{row.verdict}")),
        Cell(say.chained([played(profile, say) for profile in outcomes_of(study, row)], "list.semicolon")),
    )


#: How the correlated bounds write what may be said of a quantity, and our phrase for it.
_STANDINGS = {
    EVERY: "every",
    NONE: "none",
    "in some, depends on the rule": "some",
    "depends on the rule": "rule",
}


def _bounds(study: Study, say: Phrases) -> list[Block]:
    """What holds whatever equilibrium is selected."""
    answer = questions.correlated(study)
    rows = []
    for r in answer.ranges:
        write = say.amount if r.unit == "bn USD/yr" else say.share
        ends = [max(0.0, end) if r.unit != "bn USD/yr" else end for end in (r.low, r.high, r.coarse_low, r.coarse_high)]
        rows.append(
            (
                Cell(_quantity(r.quantity, say)),
                Cell(plain(say.unit(r.unit))),
                *(Cell(plain(write(end)), end) for end in ends),
                Cell(say(f"standing.{_STANDINGS[r.standing]}")),
            )
        )
    columns = (
        Column(say("column.quantity")),
        Column(say("column.unit")),
        Column(say("column.least"), True),
        Column(say("column.most"), True),
        Column(say("column.coarse_least"), True),
        Column(say("column.coarse_most"), True),
        Column(say("column.standing")),
    )
    caption = say("bounds.caption", verdict=say.word(f"verdict.{answer.verdict}"))
    return [Table(caption, columns, tuple(rows), say("bounds.note"))]


def _quantity(name: str, say: Phrases) -> Text:
    """A bounded quantity in the reader's language."""
    word, _, of = name.partition(" ")
    if word == "payoff":
        return say("quantity.payoff", player=say.whose(of))
    if word == "link":
        first, second = (say.named(player, "within") for player in of.split("-"))
        return say("quantity.link", first=first, second=second)
    if name.startswith("bargaining share"):
        return say("quantity.bargaining", player=say.country(say.cast.codes[RU]))
    from triangle.players.configurations import configurations

    return say.triangle(next(c for c in configurations(say.cast) if c.key == name))


def terms(m: Material) -> Section:
    """What holds each equilibrium in place, term by term, and what each term rests on."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("terms.lead"))]
    for place, study in enumerate(m.studies):
        findings = m.answers[place].findings[:MOST_FINDINGS]
        shown = findings or (study.finding(study.nearest()),)
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        for number, finding in enumerate(shown):
            deviations = study.deviations(finding.profile)
            if not findings:
                blocks.append(Paragraph(say("terms.nearest"), "note"))
            blocks += [Paragraph(line) for line in _deciding(finding, deviations, say)]
            key = f"terms-{place}-{number}"
            if deviations:
                blocks.append(_terms_picture(m, study, deviations, key))
            table = _terms_table(study, finding, deviations, say)
            blocks.append(Details(say("terms.summary"), (replace(table, key=f"{key}-data"),)))
    return Section("terms", say("section.terms"), tuple(blocks))


def _deciding(finding: Finding, deviations: Sequence[Deviation], say: Phrases) -> list[Text]:
    """For each player the term that weighs most for staying, or for leaving, in one sentence."""
    return [decided(finding, deviation, say) for deviation in deviations]


def _terms_picture(m: Material, study: Study, deviations: Sequence[Deviation], key: str) -> Picture:
    from triangle.showing.inline import inline, terms_plot

    say = m.say
    plot = terms_plot(deviations, say)
    told = [
        say(
            "terms.told",
            player=say.country(say.cast.codes[d.player]),
            terms=say.listed(
                [
                    say("terms.part", term=say.known("term", name), part=say.signed(part))
                    for name, part in sorted(d.by_term.items(), key=lambda item: -abs(item[1]))
                    if abs(part) >= 0.05
                ]
            ),
        )
        for d in deviations
    ]
    title, joined = say("terms.picture"), say.chained(told, "list.semicolon")
    drawing = inline(plot, key, title, joined)
    return Picture(key, drawing, title, joined, say("terms.caption"), source_of(m, [study]), f"{key}-data")


def _terms_table(study: Study, finding: Finding, deviations: Sequence[Deviation], say: Phrases) -> Table:
    """Every term of every player's payoff here, with what moves it, and what it adds to the loss by deviating."""
    traces = [trace(study, player, finding.profile) for player in range(len(study.cast))]
    by_player = {deviation.player: deviation for deviation in deviations}
    columns = [Column(say("column.term"))]
    for player, country in enumerate(map(say.country, study.cast.codes)):
        columns.append(Column(say("column.has", player=country), True))
        if player in by_player:
            action = say.action(player, by_player[player].to)
            columns.append(Column(say("column.by_deviating", player=country, action=action), True))
    rows = []
    for number, name in enumerate(study.terms):
        cells = [Cell(plain(say.known("term", name)))]
        for player, unfolded in enumerate(traces):
            value = unfolded.terms[number].value
            cells.append(Cell(plain(say.amount(value)), value, _term_origin(unfolded, number, study, say)))
            if player in by_player:
                loss = by_player[player].by_term[name]
                cells.append(Cell(plain(say.signed(loss)), loss))
        rows.append(tuple(cells))
    total = [Cell(say("terms.sum"))]
    for player, (payoff, loss) in enumerate(zip(finding.payoffs, finding.losses, strict=True)):
        total.append(Cell(plain(say.amount(payoff)), payoff))
        if player in by_player:
            total.append(Cell(plain(say.signed(loss)), loss))
    caption = say("terms.table", posture=say.posture(finding.profile))
    return Table(caption, tuple(columns), (*rows, tuple(total)), hint=say("origin.hint"))


def _term_origin(unfolded: Trace, number: int, study: Study, say: Phrases) -> tuple[Text, ...]:
    """The parameters that move a term most, each with the figure that it rests on first."""
    lines: list[Text] = []
    moving = unfolded.terms[number].parameters
    for moved in moving[:MOST_PARAMETERS]:
        lines.append(_moved_line(moved, say))
        lines += [figure_line(figure, study, say) for figure in moved.figures[:1]]
    if len(moving) > MOST_PARAMETERS:
        lines.append(say("origin.more_parameters", n=len(moving) - MOST_PARAMETERS))
    return tuple(lines)


def _moved_line(moved: ParameterTrace, say: Phrases) -> Text:
    return say(
        "origin.moves",
        parameter=parameter_link(moved.name, say),
        value=say.measured(say.value(moved.value), moved.unit),
        low=say.amount(moved.at_low),
        high=say.amount(moved.at_high),
        backing=say.word(f"backing.{moved.backing}"),
    )
