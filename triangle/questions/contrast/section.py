"""The blocks of a report that set scenarios side by side on the same draws."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.questions.contrast.answer import Contrast, contrast
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Table,
    plain,
)
from triangle.showing.material import Material
from triangle.showing.parts import unless_refused
from triangle.showing.phrases import Phrases, name_of
from triangle.study.study import Study

#: Most draws for the contrast of two scenarios.
CONTRAST_SAMPLES = 2048


def contrasts(m: Material) -> list[Block]:
    """Each further scenario against the first: in how many worlds the answer differs and who gains."""
    first, *others = m.studies
    if not others:
        return []
    return unless_refused(m, "contrast", lambda: [_contrast_table(m, first, others)])


def _contrast_table(m: Material, first: Study, others: Sequence[Study]) -> Table:
    say = m.say
    samples = min(m.samples, CONTRAST_SAMPLES)
    rows = []
    for other in others:
        found = contrast(first, other, samples=samples, seed=m.seed)
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
    return Table(caption, columns, tuple(rows), say("contrast.note", samples=samples))


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
