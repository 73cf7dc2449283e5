"""The blocks of a report that set scenarios side by side on the same draws."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.players.configurations import configurations
from triangle.questions.contrast.answer import Contrast, Gain, contrast
from triangle.showing.blocks import Block, Bullets, Cell, Column, Heading, Table, Text, plain
from triangle.showing.material import Material
from triangle.showing.parts import unless_refused
from triangle.showing.phrases import Phrases, name_of
from triangle.showing.statements import claim, lasting
from triangle.study.study import Answer, Study

#: Most draws for the contrast of two scenarios.
CONTRAST_SAMPLES = 2048


def contrasts(m: Material) -> list[Block]:
    """What each further scenario changes beside the first: in sentences, then in numbers."""
    return unless_refused(m, "contrast", lambda: _contrasted(m)) if len(m.studies) > 1 else []


def _contrasted(m: Material) -> list[Block]:
    first, *others = m.studies
    samples = min(m.samples, CONTRAST_SAMPLES)
    found = [contrast(first, other, samples=samples, seed=m.seed) for other in others]
    blocks: list[Block] = []
    for place, (other, one) in enumerate(zip(others, found, strict=True), 1):
        titles = {
            "first": m.say.translated(first.scenario.title, 120),
            "other": m.say.translated(other.scenario.title, 120),
        }
        blocks.append(Heading(m.say("contrast.heading", **titles)))
        blocks.append(Bullets(tuple(told(one, m.answers[0], m.answers[place], m.say))))
    return [*blocks, _contrast_table(m, first, others, found)]


def told(found: Contrast, before: Answer, after: Answer, say: Phrases) -> list[Text]:
    """What the second scenario changes, one sentence each: the answer, the triangles, what is done, who gains."""
    lines = [_answer(before, after, say), _triangle(found, say)]
    if found.free:
        share, *ends = found.moved
        free = say.listed([plain(say.whose(player)) for player in found.free])
        lines.append(say("contrast.conduct", share=say.percent(share), interval=say.interval(*ends), players=free))
    if not found.is_counted_alike:
        return [*lines, say("contrast.not_alike")]
    return [*lines, *(_gain(found.gain(player), say) for player in found.cast.codes)]


def _answer(before: Answer, after: Answer, say: Phrases) -> Text:
    """Whether the answer of the second scenario is another."""
    first, other = lasting(before, say), lasting(after, say)
    if claim(before, say) != claim(after, say):
        return say("contrast.becomes", first=first, other=other)
    # Where one counts only what no two leave together, that is true of the other, which leaves nothing out.
    return say("contrast.stays", answer=other if first == claim(before, say) else first)


def _triangle(found: Contrast, say: Phrases) -> Text:
    """The triangle that is stable in most more or fewer worlds."""
    most = max(found.standings, key=lambda one: abs(one.second[0] - one.first[0]))
    if most.first == most.second:
        return say("contrast.triangles_stay", n=found.samples)
    triangle = say.triangle(next(one for one in configurations(found.cast) if one.key == most.configuration))
    ends = {"first": say.percent(most.first[0]), "other": say.percent(most.second[0])}
    return say("contrast.triangle", triangle=triangle, n=found.samples, **ends)


def _gain(gain: Gain, say: Phrases) -> Text:
    """What a player gains or loses on average, where the draws can tell, and in how many worlds."""
    player = say.named(gain.player, "subject")
    if gain.gains[0] == gain.loses[0] == 0:
        return say("contrast.untouched", player=player)
    key = "even" if abs(gain.mean) <= gain.half_width else "gain" if gain.mean > 0 else "loss"
    amount = gain.mean if key == "even" else abs(gain.mean)
    return say(
        f"contrast.{key}",
        player=player,
        amount=say.amount(amount),
        half=say.amount(gain.half_width),
        gains=say.percent(gain.gains[0]),
        loses=say.percent(gain.loses[0]),
    )


def _contrast_table(m: Material, first: Study, others: Sequence[Study], contrasted: Sequence[Contrast]) -> Table:
    say = m.say
    rows = []
    for other, found in zip(others, contrasted, strict=True):
        for player in first.cast.codes:
            rows.append(
                (
                    Cell(name_of(other.scenario.name)),
                    Cell(plain(say.country(player))),
                    *_gains(found, player, say),
                    _share_cell(found.moved, say) if found.free else Cell(plain("–")),
                    _share_cell(found.triangles, say),
                )
            )
    columns = (
        Column(say("column.scenario")),
        Column(say("column.player")),
        Column(say("column.gains"), True),
        Column(say("column.loses_in"), True),
        Column(say("column.mean_gain"), True),
        Column(say("column.moved"), True),
        Column(say("column.triangles"), True),
    )
    caption = say("contrast.caption", scenario=name_of(first.scenario.name))
    return Table(caption, columns, tuple(rows), say("contrast.note", samples=contrasted[0].samples))


def _gains(found: Contrast, player: str, say: Phrases) -> tuple[Cell, ...]:
    """What a player gains; nothing where the two scenarios do not count in the same."""
    if not found.is_counted_alike:
        return (Cell(say("contrast.otherwise")),) * 3
    gain = found.gain(player)
    return (
        _share_cell(gain.gains, say),
        _share_cell(gain.loses, say),
        Cell(plain(say.signed(gain.mean)), gain.mean),
    )


def _share_cell(share: tuple[float, float, float], say: Phrases) -> Cell:
    value, low, high = share
    return Cell(say("contrast.share", share=say.percent(value), interval=say.interval(low, high)), value)
