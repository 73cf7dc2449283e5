"""The explorer: the model itself in the browser, every parameter a slider, the report's scenarios where it begins.

What runs there is the terms' own program (:mod:`triangle.batch.javascript`); nothing is solved beforehand and nothing
interpolated. Here is gathered what the page says of scenarios and parameters.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from typing import Any

from triangle.base.errors import printable
from triangle.batch.javascript import Script, script
from triangle.model.parameters import Parameter, Values
from triangle.players.axes import OTHERS, PAIRS, POWERS
from triangle.players.configurations import configurations, stance
from triangle.players.notation import parse_hold
from triangle.report.map import ends_of
from triangle.report.panels import paths_of, screening_of, types_of
from triangle.showing.blocks import LONGEST, Explorer, Paragraph, Section, foreign, words_of
from triangle.showing.drawings import triangle_svg
from triangle.showing.material import Material
from triangle.showing.origins import meaning_of
from triangle.showing.parts import source_of
from triangle.solvers.agreements import TRUST
from triangle.study.study import Study

#: Judgements that stand together as *my view*.
JUDGEMENTS = 10

#: What stands behind them: somebody may hold otherwise without contradicting a document.
_ARGUABLE = ("judgement", "bounded", "estimate")

#: By how much a slider moves what has no range of its own, as a share of its value.
_EITHER_WAY = 0.5


def explorer(m: Material) -> Section:
    """The model of the report's scenarios, to be played with."""
    say = m.say
    models = list({tuple(study.model.terms.items()): study.model for study in m.studies}.values())
    try:
        scripts = [
            script(model.terms, Values(m.model.catalogue.defaults(), m.model.cast), m.model.catalogue.following)
            for model in models
        ]
    except Exception as error:  # a term of a user's own may do anything, and raise anything, on symbols
        absent = say("explorer.absent", reason=foreign(str(error), 300))
        return Section("explorer", say("section.explorer"), (Paragraph(absent, "absent"),))
    of_study = [next(k for k, model in enumerate(models) if model.terms == s.model.terms) for s in m.studies]
    worlds = [_world(m, study, scripts[k], k) for study, k in zip(m.studies, of_study, strict=True)]
    moving = {place for world in worlds for place in world["reads"]}
    names = [name for place, name in enumerate(scripts[0].names) if place in moving]
    cast = m.model.cast
    data: dict[str, Any] = {
        "language": say.language,
        "shape": cast.shape,
        "codes": cast.codes,
        "countries": [say.country(code) for code in cast.codes],
        "actions": [[say.action(i, a) for a in range(n)] for i, n in enumerate(cast.shape)],
        "doing": [[say.doing(i, a) for a in range(n)] for i, n in enumerate(cast.shape)],
        "action_names": cast.actions,
        "profiles": [_profile(m, index) for index in range(len(cast.profiles))],
        "terms": [[say.known("term", name) for name in model.terms] for model in models],
        "parameters": [_parameter(m, name, scripts[0].names.index(name), group) for name, group in grouped(m, names)],
        "scenarios": worlds,
        "trust": TRUST,
    }
    labels = {key.removeprefix("explorer."): str(say.phrases[key]) for key in _labels(m)}
    drawing = triangle_svg((0, 0, 0), ("", "", ""), "", "", "explorer-triangle", cast)
    block = Explorer(data, labels, drawing, tuple(one.text for one in scripts))
    return Section("explorer", say("section.explorer"), (Paragraph(say("explorer.lead", n=len(names))), block))


#: Phrases of the explorer that are filled in before they reach the browser.
_SAID_HERE = ("explorer.lead", "explorer.absent")


def _labels(m: Material) -> list[str]:
    """Keys of the phrases that the browser shows."""
    return sorted(key for key in m.say.phrases if key.startswith("explorer.") and key not in _SAID_HERE)


def grouped(m: Material, names: list[str]) -> list[tuple[str, str]]:
    """Parameters with their group: levers first, then the judgements that matter most, then all others."""
    every = [name for name in names if m.model.catalogue[name].role == "lever"]
    levers = sorted(every, key=[*m.strongest(("lever",)), *every].index)
    arguable = [n for n in m.strongest(("uncertainty", "fact")) if m.model.catalogue[n].backing in _ARGUABLE]
    views = [name for name in arguable if name in names][:JUDGEMENTS]
    group_of = dict.fromkeys(names, "other") | dict.fromkeys(views, "view") | dict.fromkeys(levers, "lever")
    ordered = [*levers, *views, *(name for name in names if group_of[name] == "other")]
    return [(name, group_of[name]) for name in ordered]


def _parameter(m: Material, name: str, place: int, group: str) -> Mapping[str, Any]:
    """All that the browser says of a parameter, and how far its slider goes."""
    p, say = m.model.catalogue[name], m.say
    low, high = slider_ends(p, *ends_of(m, name))
    return {
        "name": name,
        "label": say.known("parameter", name),
        "place": place,
        "group": group,
        "unit": say.measured("", p.unit).strip(),
        "meaning": words_of(meaning_of(name, m.studies[0], say)),
        "backing": say.word(f"default.{p.backing}"),
        "default": p.default,
        "low": low,
        "high": high,
        "hard": [end if math.isfinite(end) else None for end in (p.hard_low, p.hard_high)],
        "scale": "log" if p.prior == "loguniform" and low > 0 else "even",
    }


def slider_ends(p: Parameter, low: float, high: float) -> tuple[float, float]:
    """How far a slider goes: over the range, or so far about the value of what has none, within the hard bounds.

    >>> from triangle.model.model import read_model
    >>> slider_ends(read_model().catalogue["sanction_cost"], 0.2, 0.2)
    (0.1, 0.30000000000000004)
    """
    if low == high:
        low, high = (low - abs(low) * _EITHER_WAY, high + abs(high) * _EITHER_WAY) if low else (0.0, 1.0)
    return max(low, p.hard_low), min(high, p.hard_high)


def _profile(m: Material, index: int) -> Mapping[str, Any]:
    """All that the browser says and draws of a profile."""
    cast = m.model.cast
    actions, found = cast.profiles[index], configurations(cast)[index]
    return {
        "posture": words_of(m.say.posture(actions)),
        "triangle": words_of(m.say.triangle(found)),
        "letter": m.marks.each[index].letter,
        "fill": m.marks.each[index].colour,
        "stances": {f"{i}-{j}": stance(actions[i], i, j) for i in POWERS for j in OTHERS[i]},
        "links": {f"{i}-{j}": int((i, j) in found.links) for i, j in PAIRS},
    }


def _world(m: Material, study: Study, program: Script, model: int) -> Mapping[str, Any]:
    """Where a scenario stands itself, and how the command line is told of it."""
    scenario, cast = study.scenario, study.cast
    own = cast.numbered(scenario.hold)
    # Where a third party plays in another scenario only, it is held in this one, and no command could let it go.
    asked = {**own, **parse_hold(m.holds, cast)}
    fixed = [player for player in study.hold if player >= len(POWERS) and player not in asked]
    places = {name: place for place, name in enumerate(program.names)}
    reads = set(program.reads)
    for follower in reversed(scenario.following):
        if follower.name in reads:
            reads.update(a for a in follower.arguments if isinstance(a, str))
    return {
        **program.world(scenario.values, scenario.following),
        "name": scenario.name,
        "title": words_of(m.say.translated(scenario.title, 200)),
        "source": words_of(source_of(m, [study])),
        "model": model,
        "reads": [place for place, name in enumerate(program.names) if name in reads],
        "hold": dict(study.hold),
        "order": [[cast.player(code) for code in stage] for stage in scenario.order or ()],
        "types": types_of(m, study, places),
        "screening": screening_of(m, study),
        "paths": paths_of(m, study, places),
        "veto": _veto(m, study),
        "command": printable(shlex.join(["triangle", *m.group, "solve", m.word_of(study)]), LONGEST),
        "settings": [[text.partition("=")[0].strip()[:80], printable(shlex.quote(text), 200)] for text in m.settings],
        "own_hold": own | {player: study.hold[player] for player in fixed},
        "fixed": fixed,
    }


def _veto(m: Material, study: Study) -> str:
    """The command on what a third party's choice is worth; ``{player}`` stands for it."""
    words = ["triangle", *m.group, "veto", m.word_of(study), *m.options]
    return printable(f"{shlex.join(words)} --player {{player}}", LONGEST)
