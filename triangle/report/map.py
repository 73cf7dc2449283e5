"""The equilibrium map of a report: which sets of equilibria are there over the two parameters that matter most."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import sweep_masks
from triangle.model.parameters import Values
from triangle.showing.blocks import Block, Cell, Column, Glossary, Paragraph, Picture, Section, Table, plain
from triangle.showing.drawings import swatch_svg
from triangle.showing.inline import set_words
from triangle.showing.material import Material
from triangle.showing.origins import meaning_of, parameter_link
from triangle.showing.phrases import name_of
from triangle.showing.statements import default

#: Nodes of the map along each parameter.
NODES = 61

Floats = NDArray[np.float64]


def equilibrium_map(m: Material) -> Section:
    """The map over the lever and the other parameter that turn the answer most often."""
    from triangle.showing.inline import MapPanel, inline, map_plot
    from triangle.showing.maps import looks_of

    say = m.say
    chosen = chosen_axes(m)
    if chosen is None:
        return Section("map", say("section.map"), (Paragraph(say("map.none"), "absent"),))
    nodes = (axis_nodes(m, chosen[0]), axis_nodes(m, chosen[1]))
    first = len(m.model.cast.sets.lead)
    masks = np.stack([masks_over(m, place, chosen, nodes) for place in range(len(m.studies))], axis=first)
    looks, numbers = looks_of(masks, m.model.cast)
    panels = [MapPanel(study, study.scenario.name[:40], numbers[place]) for place, study in enumerate(m.studies)]
    x, y = (say.known("parameter", name) for name in chosen)
    title = say("map.title", x=x, y=y)
    legend = _legend(m, masks, numbers, looks)
    told = say("map.told", n=len(looks), x=x, y=y)
    drawing = inline(map_plot(panels, chosen, nodes, looks, say), "map-drawing", title, told)
    blocks: list[Block] = [
        Paragraph(say("map.lead", games=int(numbers.size), n=NODES)),
        Glossary(tuple((parameter_link(name, say), meaning_of(name, m.studies[0], say)) for name in chosen)),
        Picture(
            "map-drawing",
            drawing,
            title,
            told,
            say("map.caption", default=default([m.model.catalogue[name] for name in chosen], say)),
        ),
        legend,
    ]
    return Section("map", say("section.map"), tuple(blocks))


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


def _legend(m: Material, masks: NDArray[np.uint64], numbers: NDArray[np.int64], looks: Mapping[int, object]) -> Table:
    """What each letter stands for, and how much of each panel it covers."""
    say, kept = m.say, m.model.cast.sets
    rows = []
    for number, look in looks.items():
        sets, _ = kept.counted(masks[..., numbers == number])
        words = (
            set_words(kept.whole(sets[..., 0]), say) if sets.shape[-1] == 1 else say("map.further", n=sets.shape[-1])
        )
        fill, hatch, ink, letter = (str(getattr(look, part)) for part in ("fill", "hatch", "ink", "letter"))
        shares = [float((panel == number).mean()) for panel in numbers]
        rows.append(
            (
                Cell(plain(letter), swatch=swatch_svg(fill, hatch, ink)),
                Cell(words),
                *(Cell(plain(say.percent(share)), share) for share in shares),
            )
        )
    columns = (
        Column(say("column.letter")),
        Column(say("column.set")),
        *(Column(name_of(study.scenario.name), True) for study in m.studies),
    )
    return Table(say("map.legend"), columns, tuple(rows), say("map.note"))
