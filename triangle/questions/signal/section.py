"""The section of a report on what an acceptance tells, where a scenario knows types of Russia."""

from __future__ import annotations

from functools import partial

from triangle.players.axes import RU
from triangle.questions.signal.record import Map, Signal
from triangle.questions.signal.table import sentences
from triangle.showing.blocks import Block, Cell, Column, Heading, Paragraph, Picture, Section, Table, plain
from triangle.showing.inline import inline
from triangle.showing.material import Material
from triangle.showing.parts import source_of, unless_refused
from triangle.showing.plots import Plot, new_plot, styled
from triangle.study.study import Study

#: Most draws for how often the types differ.
DRAWS = 512


def knows_types(m: Material) -> bool:
    """Whether some scenario of the report can be asked."""
    return any(map(is_asked, m.studies))


def signal_of(m: Material, study: Study) -> Signal:
    """What an acceptance tells in a scenario that can be asked, computed once."""
    from triangle.questions.signal.answer import signal

    return m.once(("signal", study.scenario.name), lambda: signal(study, samples=min(m.samples, DRAWS), seed=m.seed))


def is_asked(study: Study) -> bool:
    """Whether a scenario knows types of Russia and a watch."""
    return study.cast.codes[RU] in study.scenario.types and study.scenario.screening is not None


def signals(m: Material) -> Section:
    """How often the types differ, the equilibria of the screening game, and how much of the maps each kind fills."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("signal.lead"))]
    for study in filter(is_asked, m.studies):
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        blocks += unless_refused(m, "signal", partial(_found, m, study))
    return Section("signal", say("section.signal"), tuple(blocks))


def _found(m: Material, study: Study) -> list[Block]:
    found, say = signal_of(m, study), m.say
    first, second = (say.translated(name, 80) for name in found.types)
    later, known = map(say.percent, found.differ)
    told = say("signal.differ", first=first, second=second, later=later, known=known, samples=found.samples)
    blocks: list[Block] = [Paragraph(told)]
    if found.alike:
        blocks.append(Paragraph(say("signal.alike"), "note"))
    said = [Paragraph(one) for one in sentences(found, m.say)]
    maps = [_map(m, study, found, one) for one in found.maps]
    return [*blocks, *said, *maps, _shares(m, found), _tree(m, study, found), _alone(m, found), _equilibria(m, found)]


def _map(m: Material, study: Study, found: Signal, one: Map) -> Picture:
    """A map coloured by kind, with the posterior as lines."""
    say, key = m.say, f"signal-{study.scenario.name}-{'-'.join(one.names)}".replace("_", "-")
    x, y = (say.known("signal.axis", name) for name in one.names)
    title = say("signal.picture.map", x=x, y=y)
    shares = [
        f"{say.word(f'signal.kind.{place}')}: {say.percent(one.share(place))}"
        for place in range(len(found.kinds))
        if one.share(place)
    ]
    told = plain("; ".join(shares))
    drawing = inline(_map_drawing(m, found, one), key, title, told)
    player, second = say.named(found.offering, "subject"), say.translated(found.types[1], 80)
    caption = say("signal.picture.map_caption", player=player, type=second)
    return Picture(key, drawing, title, told, caption, source_of(m, [study]))


@styled
def _map_drawing(m: Material, found: Signal, one: Map) -> Plot:
    from triangle.questions.signal.plot import draw_map

    plot = new_plot(7.2, 5.2)
    labels = [m.say.known("signal.axis", name) for name in one.names]
    draw_map(plot.subplots(), found, one, m.say, labels)
    return plot


def _tree(m: Material, study: Study, found: Signal) -> Picture:
    """The tree with probabilities and beliefs written on it."""
    from triangle.questions.signal.plot import believed

    say, key = m.say, f"signal-{study.scenario.name}-tree".replace("_", "-")
    title, told = say("signal.picture.tree"), plain("; ".join(believed(found, say)))
    drawing = inline(_tree_drawing(m, found), key, title, told)
    return Picture(key, drawing, title, told, say("signal.picture.tree_caption"), source_of(m, [study]))


@styled
def _tree_drawing(m: Material, found: Signal) -> Plot:
    from triangle.questions.signal.plot import draw_tree

    plot = new_plot(8.6, 6.2)
    draw_tree(plot.subplots(), found, m.say)
    return plot


def _alone(m: Material, found: Signal) -> Table:
    say = m.say
    rows = tuple(
        (
            Cell(say.translated(one.type, 80)),
            Cell(say(f"signal.{one.answer}")),
            Cell(plain(say.action(RU, found.cast.actions[RU].index(one.courted)))),
            Cell(plain(say.signed(one.value)), one.value),
        )
        for one in found.alone
    )
    heads = ("type", "answer", "later", "worth")
    columns = tuple(Column(say(f"signal.column.{head}"), head == "worth") for head in heads)
    return Table(say("signal.alone"), columns, rows)


def _equilibria(m: Material, found: Signal) -> Table:
    say = m.say
    rows = []
    for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
        accepts = [1.0 - own[0] for own in one.answers]
        delivers = [own[2] for own in one.answers]
        after = one.posterior[1]
        rows.append(
            (
                Cell(say(f"signal.kind.{found.kinds.index(one.kind)}")),
                *(Cell(plain(f"{say.share(a)} / {say.share(d)}")) for a, d in zip(accepts, delivers, strict=True)),
                Cell(plain(say.share(one.goes_on[1])), one.goes_on[1]),
                Cell(plain("–" if after is None else say.share(after)), after),
                Cell(plain(say.amount(one.payoffs[2])), one.payoffs[2]),
            )
        )
    first, second = (say.translated(name, 80) for name in found.types)
    columns = (
        Column(say("signal.column.kind")),
        Column(say("signal.column.accepts", type=first)),
        Column(say("signal.column.accepts", type=second)),
        Column(say("signal.column.goes_on"), True),
        Column(say("signal.column.posterior", type=second), True),
        Column(say("signal.column.payoff", player=say.country(found.offering)), True),
    )
    prior, watch, observe = (say.value(x) for x in (found.prior, found.watch, found.observe))
    caption = say("signal.caption", type=second, prior=prior, watch=watch, observe=observe)
    threshold = "–" if found.threshold is None else say.share(found.threshold)
    return Table(caption, columns, tuple(rows), say("signal.note", threshold=threshold))


def _shares(m: Material, found: Signal) -> Table:
    say = m.say
    rows = tuple(
        (
            Cell(say(f"signal.kind.{place}")),
            *(Cell(plain(say.percent(one.share(place))), one.share(place)) for one in found.maps),
        )
        for place in range(len(found.kinds))
    )
    columns = (
        Column(say("signal.column.kind")),
        *(Column(say("signal.column.map", x=say.known("signal.axis", one.names[0]),
                     y=say.known("signal.axis", one.names[1])), True) for one in found.maps),
    )  # fmt: skip
    return Table(say("signal.maps"), columns, rows, say("signal.rests"))
