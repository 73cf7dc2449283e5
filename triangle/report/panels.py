"""What the explorer's panels on types and years show that no browser computes, and the settings behind it.

A type and a year of a path are settings of parameters, which the browser solves like any other. The screening game of
an offer and Markov-perfect play over the years are solved here, for the scenario as it stands, and come with the page.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from triangle.base.errors import TriangleError
from triangle.games.normal_form import Floats
from triangle.measures import years
from triangle.players.configurations import configurations
from triangle.questions.path.section import departing
from triangle.questions.path.work import kinds_of, mean_levels
from triangle.questions.signal.section import is_asked, signal_of
from triangle.scenarios.path import Path, StateVariable
from triangle.showing.blocks import words_of
from triangle.showing.material import Call, Material
from triangle.solvers.markov.forward import Course
from triangle.study.course import drifted, one_world
from triangle.study.study import Study


def types_of(m: Material, study: Study, places: Mapping[str, int]) -> list[Mapping[str, Any]]:
    """Each type of each power: what it is called, what it sets, by place, and why it is so."""
    return [
        {
            "player": study.cast.codes.index(code),
            "name": words_of(m.say.translated(name, 80)),
            "set": [[places[parameter], value] for parameter, value in study.scenario.of_type(code, name).items()],
            "because": words_of(m.say.translated(table.because, 400)),
        }
        for code, tables in study.scenario.types.items()
        for name, table in tables.items()
    ]


def screening_of(m: Material, study: Study) -> Mapping[str, Any] | None:
    """The kinds of equilibria of an offer over prior and watch; None where a scenario has no offer to screen."""
    if not is_asked(study):
        return None
    try:
        found = signal_of(m, study)
    except TriangleError:
        return None  # the section on what an acceptance tells says why
    over = found.maps[0]
    second = words_of(m.say.translated(found.types[1], 80))
    labels = [m.say.known("signal.axis", name) for name in over.names]
    return {
        "type": second,
        "labels": labels,
        "caption": words_of(m.say("signal.column.map", x=labels[0], y=labels[1])),
        "names": [words_of(m.say(f"signal.kind.{place}")) for place in range(len(found.kinds))],
        "values": [over.first, over.second],
        "at": [getattr(found, name) for name in over.names],
        "kinds": over.kinds,
        "posterior": [[None if p is None else round(p, 4) for p in row] for row in over.posterior],
        "command": shlex.join(["triangle", *m.group, "signal", m.word_of(study), *m.options]),
    }


def paths_of(m: Material, study: Study, places: Mapping[str, int]) -> list[Mapping[str, Any]]:
    """The shipped paths that depart from a scenario: chances of the triangles by year, and what each year sets."""
    return [_path(m, study, path, places) for path in departing(m, study)]


def course_asked(path: Path, study: Study) -> Call[Course]:
    """Where a path leads in the world that its scenario describes."""
    return ("explored", path.name), partial(years.own_course, path, study.model)


def _path(m: Material, study: Study, path: Path, places: Mapping[str, int]) -> Mapping[str, Any]:
    course = m.once(*course_asked(path, study))
    kinds, columns = kinds_of(study.cast), drifted(path, one_world(path), path.years)
    profiles, levels = course.profiles[..., 0], mean_levels(path, course.states)[..., 0]
    by_kind = [profiles[:, kinds.of.reshape(-1) == k].sum(axis=1) for k in range(len(kinds.keys))]
    chances = np.stack(by_kind, axis=1).round(12)  # what is impossible has the probability 0, whatever adding up leaves
    shown = np.flatnonzero((chances > 0).any(axis=0)).tolist()
    examples = [next(i for i, one in enumerate(configurations(study.cast)) if one.key == kinds.keys[k]) for k in shown]
    moved = sorted(path.moved, key=places.__getitem__)
    columns = {name: np.broadcast_to(columns[name][:, 0], len(path.years)) for name in moved}
    followers = {follower.name for follower in path.scenario.following}
    here, own = study.scenario.values, path.scenario.values
    return {
        "title": words_of(m.say.translated(path.title, 200)),
        "kinds": examples,
        "own": [[places[n], own[n]] for n in own if own[n] != here[n] and n not in followers and n not in path.moved],
        "moved": [places[name] for name in moved],
        "years": [
            _year(path, columns, place, chances[place, shown], levels[place]) for place in range(len(path.years))
        ],
        "states": [_state(m, study, state, places) for state in path.states],
        "command": shlex.join(["triangle", *m.group, "path", path.name, "--samples", "1"]),
    }


def _year(path: Path, columns: Mapping[str, Floats], place: int, chances: Floats, levels: Floats) -> Mapping[str, Any]:
    return {
        "year": path.years[place],
        "chances": [round(chance, 6) for chance in chances.tolist()],
        "levels": [
            min(range(len(state.levels)), key=lambda k: abs(state.levels[k] - mean))
            for state, mean in zip(path.states, levels.tolist(), strict=True)
        ],
        "values": [float(column[place]) for column in columns.values()],
    }


def _state(m: Material, study: Study, state: StateVariable, places: Mapping[str, int]) -> Mapping[str, Any]:
    catalogue = study.model.catalogue
    return {
        "label": m.say.known("state", state.name),
        "levels": [
            m.say.value(level) if state.is_ladder else m.say.known("level", label)
            for level, label in zip(state.levels, state.labels, strict=True)
        ],
        "sets": [[places[name], row] for name, row in state.sets.items()],
        "scales": [
            [places[name], row, *map(_finite, (catalogue[name].hard_low, catalogue[name].hard_high))]
            for name, row in state.scales.items()
        ],
    }


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None
