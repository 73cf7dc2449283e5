"""The equilibrium map of a report: which sets of equilibria are there over the two parameters that matter most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import sweep_masks
from triangle.model.parameters import Values
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Glossary,
    Grid,
    Paragraph,
    Picture,
    Section,
    Table,
    Text,
    plain,
    words_of,
)
from triangle.showing.drawings import swatch_svg
from triangle.showing.inline import MapPanel, inline, map_plot, set_words
from triangle.showing.maps import PARTS, Look, lattice, looks_of, refined
from triangle.showing.material import Material
from triangle.showing.origins import meaning_of, parameter_link
from triangle.showing.parts import source_of
from triangle.showing.phrases import name_of
from triangle.showing.statements import default

#: Nodes of the map along each parameter at which its sets are given to take away; between them boundaries are found.
NODES = 65

#: Steps of the lattice from one such node to the next.
_STEP = PARTS // (NODES - 1)

Floats = NDArray[np.float64]


def equilibrium_map(m: Material) -> Section:
    """The map over the lever and the other parameter that turn the answer most often."""
    say = m.say
    chosen = chosen_axes(m)
    if chosen is None:
        return Section("map", say("section.map"), (Paragraph(say("map.none"), "absent"),))
    ends = [ends_of(m, name) for name in chosen]
    nodes = (lattice(*ends[0]), lattice(*ends[1]))
    first = len(m.model.cast.sets.lead)
    masks = np.stack([refined(study, chosen, ends, NODES) for study in m.studies], axis=first)
    looks, numbers = looks_of(masks, m.model.cast, marks=m.marks)
    panels = [
        MapPanel(study, words_of(say.translated(study.scenario.title, 40)), numbers[place])
        for place, study in enumerate(m.studies)
    ]
    x, y = (say.known("parameter", name) for name in chosen)
    title = say("map.title", x=x, y=y)
    legend = _legend(m, masks, numbers, looks)
    told = say("map.told", n=len(looks), x=x, y=y)
    drawing = inline(map_plot(panels, chosen, nodes, looks, say), "map-drawing", title, told)
    blocks: list[Block] = [
        Paragraph(say("map.lead", n=PARTS)),
        Glossary(tuple((parameter_link(name, say), meaning_of(name, m.studies[0], say)) for name in chosen)),
        Picture(
            "map-drawing",
            drawing,
            title,
            told,
            say("map.caption", default=default([m.model.catalogue[name] for name in chosen], say)),
            source_of(m, m.studies),
            _grid(m, chosen, nodes, masks, panels, looks),
        ),
        legend,
    ]
    return Section("map", say("section.map"), tuple(blocks))


def _grid(
    m: Material,
    chosen: tuple[str, str],
    nodes: tuple[Floats, Floats],
    masks: NDArray[np.uint64],
    panels: Sequence[MapPanel],
    looks: Mapping[int, Look],
) -> Grid:
    """The sets at the nodes of the map, for who takes it away."""
    say = m.say
    across, along = ((float(axis[0]), float(axis[-1]), NODES) for axis in nodes)
    heads = (say.word("column.scenario"), *(say.known("parameter", name) for name in chosen))
    numbers = np.stack([panel.numbers for panel in panels])
    sets = tuple((look.letter, words_of(_words(m, masks[..., numbers == number]))) for number, look in looks.items())
    return Grid(
        (*heads, say.word("column.letter"), say.word("column.set")),
        across,
        along,
        sets,
        tuple(
            (words_of(name_of(panel.study.scenario.name)), _stretches(panel.numbers[::_STEP, ::_STEP].ravel()))
            for panel in panels
        ),
    )


def _stretches(numbers: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    """How often each number follows upon itself.

    >>> _stretches(np.array([0, 0, 2, 2, 2, 0]))
    ((2, 0), (3, 2), (1, 0))
    """
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    counts = np.diff(starts, append=len(numbers))
    return tuple(zip(counts.tolist(), numbers[starts].tolist(), strict=True))


def _words(m: Material, masks: NDArray[np.uint64]) -> Text:
    """What is stable in some games of one look."""
    sets, _ = m.model.cast.sets.counted(masks)
    if sets.shape[-1] > 1:
        return m.say("map.further", n=sets.shape[-1])
    return set_words(m.model.cast.sets.whole(sets[..., 0]), m.say)


def chosen_axes(m: Material) -> tuple[str, str] | None:
    """The lever, and the uncertainty or fact, that alone turn the answer most often in any of the studies."""
    levers, others = m.strongest(("lever",)), m.strongest(("uncertainty", "fact"))
    chosen = [*levers[:1], *others[:1]]
    if len(chosen) < 2:
        chosen = (levers + others)[:2]
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None


def ends_of(m: Material, name: str) -> tuple[float, float]:
    """The documented range of a parameter, widened to every study's own value and range."""
    p = m.model.catalogue[name]
    values = [study.scenario.values[name] for study in m.studies]
    ranges = [end for study in m.studies for end in study.scenario.ranges[name]]
    return min(p.low, *values, *ranges), max(p.high, *values, *ranges)


def axis_nodes(m: Material, name: str) -> Floats:
    """The nodes of a map along a parameter."""
    return np.linspace(*ends_of(m, name), NODES)


def masks_over(m: Material, place: int, names: tuple[str, str], nodes: tuple[Floats, Floats]) -> NDArray[np.uint64]:
    """Sets of equilibria ``[x, y]`` of a study over two parameters."""
    study = m.studies[place]
    grid = dict(zip(names, np.meshgrid(*nodes, indexing="ij"), strict=True))
    return sweep_masks(Values(study.scenario.set_to(grid), study.cast), study.model.terms, hold=study.hold)


def _legend(m: Material, masks: NDArray[np.uint64], numbers: NDArray[np.int64], looks: Mapping[int, Look]) -> Table:
    """What each letter stands for, and how much of each panel it covers."""
    say = m.say
    rows = []
    for number, look in looks.items():
        shares = [float((panel == number).mean()) for panel in numbers]
        rows.append(
            (
                Cell(plain(look.letter), swatch=swatch_svg(look.fill, look.hatch, look.ink)),
                Cell(_words(m, masks[..., numbers == number])),
                *(Cell(plain(say.percent(share)), share) for share in shares),
            )
        )
    columns = (
        Column(say("column.letter")),
        Column(say("column.set")),
        *(Column(name_of(study.scenario.name), True) for study in m.studies),
    )
    return Table(say("map.legend"), columns, tuple(rows), say("map.note"))
