"""The explorer: games solved beforehand on a grid of a few parameters, so that a browser can look them up.

Every position of the sliders is a node of the grid, so that what is shown was computed and nothing is interpolated.
The sets of equilibria of a scenario's grid are few; each node holds the number of its set, in one or two bytes, and the
sets themselves stand once, as 64-bit masks. All is deterministic.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import printable
from triangle.batch.equilibria import sweep_masks
from triangle.model.parameters import Parameter, Values
from triangle.players.axes import OTHERS, PAIRS, POWERS
from triangle.players.cast import Cast
from triangle.players.configurations import configurations, stance
from triangle.report.map import ends_of
from triangle.showing.blocks import LONGEST, Explorer, Paragraph, Section, foreign, words_of
from triangle.showing.drawings import triangle_svg
from triangle.showing.material import Material
from triangle.showing.origins import meaning_of
from triangle.showing.statements import given
from triangle.study.study import Study

#: Sliders: so many levers, and so many other parameters.
LEVERS, OTHER = 3, 3

#: Positions of each slider.
POSITIONS = 7

Floats = NDArray[np.float64]


def explorer(m: Material) -> Section:
    """Sliders for the levers and the other parameters that turn the answer most often."""
    say = m.say
    names = [*m.strongest(("lever",))[:LEVERS], *m.strongest(("uncertainty", "fact"))[:OTHER]]
    if not names:
        return Section("explorer", say("section.explorer"), (Paragraph(say("map.none"), "absent"),))
    solved = [_solved(m, study, names) for study in m.studies]
    data: dict[str, Any] = {
        "parameters": [
            {
                "name": name,
                "unit": say.unit(m.model.catalogue[name].unit),
                "meaning": words_of(meaning_of(name, m.studies[0], say)),
                "role": say.word(f"role.{m.model.catalogue[name].role}"),
            }
            for name in names
        ],
        "scenarios": [_scenario(m, study, names, *games) for study, games in zip(m.studies, solved, strict=True)],
        "fills": _fills(np.concatenate([masks for _, masks in solved]), m.model.cast),
        "profiles": [_profile(m, index) for index in range(len(m.model.cast.profiles))],
        "language": say.language,
    }
    labels = {key.removeprefix("explorer."): str(say.phrases[key]) for key in _labels(m)}
    drawing = triangle_svg((0, 0, 0), ("", "", ""), "", "", "explorer-triangle", m.model.cast)
    lead = say("explorer.lead", n=POSITIONS ** len(names), scenarios=len(m.studies))
    return Section("explorer", say("section.explorer"), (Paragraph(lead), Explorer(data, labels, drawing)))


#: Phrases of the explorer that are filled in before they reach the browser.
_SAID_HERE = ("explorer.lead", "explorer.given")


def _labels(m: Material) -> list[str]:
    """Keys of the phrases that the browser shows."""
    return sorted(key for key in m.say.phrases if key.startswith("explorer.") and key not in _SAID_HERE)


def _profile(m: Material, index: int) -> Mapping[str, Any]:
    """All that the browser says and draws of a profile."""
    cast = m.model.cast
    actions, found = cast.profiles[index], configurations(cast)[index]
    return {
        "text": cast.profile_text(actions),
        "posture": words_of(m.say.posture(actions)),
        "triangle": words_of(m.say.triangle(found)),
        "actions": [m.say.action(i, a) for i, a in enumerate(actions)],
        "stances": {f"{i}-{j}": stance(actions[i], i, j) for i in POWERS for j in OTHERS[i]},
        "links": {f"{i}-{j}": int((i, j) in found.links) for i, j in PAIRS},
    }


def _solved(m: Material, study: Study, names: Sequence[str]) -> tuple[list[Floats], NDArray[np.uint64]]:
    """A scenario's nodes of each slider, and its set of equilibria at every node."""
    nodes = [slider_nodes(m.model.catalogue[name], ends_of(m, name), study.scenario.values[name]) for name in names]
    return nodes, grid_masks(study, names, nodes)


def _fills(masks: NDArray[np.uint64], cast: Cast) -> Mapping[str, str]:
    """The colours of the most frequent sets, as on the map; the others share one."""
    from triangle.showing.maps import looks_of

    looks, numbers = looks_of(masks, cast)
    found: dict[str, str] = {}
    for number, look in looks.items():
        sets, _ = cast.sets.counted(masks[..., numbers == number])
        found |= {str(mask): look.fill if mask else "var(--paper)" for mask in cast.sets.wholes(sets).tolist()}
    return found


def _scenario(
    m: Material, study: Study, names: Sequence[str], nodes: Sequence[Floats], masks: NDArray[np.uint64]
) -> Mapping[str, Any]:
    """Where a scenario stands itself on the sliders, and its solved games."""
    sets, numbers, _ = study.cast.sets.numbered(masks)
    small = len(sets) <= 256
    packed = numbers.astype("<u1" if small else "<u2").tobytes()
    return {
        "title": words_of(foreign(study.scenario.title, 200)),
        "nodes": [along.tolist() for along in nodes],
        "start": [
            int(np.flatnonzero(along == study.scenario.values[n])[0]) for n, along in zip(names, nodes, strict=True)
        ],
        "sets": base64.b64encode(sets.astype("<u8").tobytes()).decode("ascii"),
        "games": base64.b64encode(packed).decode("ascii"),
        "bytes": 1 if small else 2,
        "given": words_of(m.say("explorer.given", given=given(study, m.say))) + " " if study.hold else "",
        "command": printable(shlex.join(["triangle", *m.group, "solve", m.word_of(study)]), LONGEST),
        "settings": [[text.partition("=")[0].strip()[:80], printable(shlex.quote(text), 200)] for text in m.settings],
        "holds": [printable(shlex.quote(hold), 200) for hold in m.holds],
    }


def slider_nodes(p: Parameter, ends: tuple[float, float], own: float) -> Floats:
    """Positions of a slider: even steps in numbers that can be typed, the nearest one replaced by the scenario's own.

    >>> from triangle.model.model import read_model
    >>> slider_nodes(read_model().catalogue["relief"], (0.0, 1.0), 0.3).round(3).tolist()
    [0.0, 0.167, 0.3, 0.5, 0.667, 0.833, 1.0]
    """
    even = np.linspace(*ends, POSITIONS)
    rounded = [float(f"{node:.4g}") for node in even]
    nodes: Floats = np.clip(rounded, max(ends[0], p.hard_low), min(ends[1], p.hard_high))
    nodes[int(np.abs(nodes - own).argmin())] = own
    return nodes


def grid_masks(study: Study, names: Sequence[str], nodes: Sequence[Floats]) -> NDArray[np.uint64]:
    """The set of equilibria at every node, the last parameter varying fastest."""
    grid = np.meshgrid(*nodes, indexing="ij")
    moved = {name: axis.ravel() for name, axis in zip(names, grid, strict=True)}
    return sweep_masks(Values(study.scenario.set_to(moved), study.cast), study.model.terms, hold=study.hold)
