"""Where a number comes from, line by line: parameter, what stands behind it, figure, document, line."""

from __future__ import annotations

from triangle.evidence.figure import Figure
from triangle.model.calibration import meaning
from triangle.showing.phrases import Phrases, name_of
from triangle.showing.runs import Text, code, foreign, link
from triangle.study.sources import figures_behind, value_change
from triangle.study.study import Study

#: Most figures that are named under one number; the list of parameters names all.
MOST_FIGURES = 4


def parameter_link(name: str, say: Phrases) -> Text:
    """What a parameter is called, leading to its entry, where the name to be typed stands."""
    return link(say.known("parameter", name), f"parameter-{name}")


def figure_line(figure: Figure, study: Study, say: Phrases) -> Text:
    """A figure with its value, its source and the place in it."""
    source = study.model.ledger.source_of(figure)
    return say(
        "origin.figure",
        figure=link(figure.id, f"figure-{figure.id}"),
        value=foreign(figure_value(figure, say)),
        source=say.translated(source.by, 120),
        place=place_of(figure, say),
    )


def figure_value(figure: Figure, say: Phrases) -> str:
    """A figure's value with its bound and unit, as the language writes numbers."""
    is_ordinal = figure.unit in ("calendar year", "rank")
    low, high = (f"{end:.10g}" if is_ordinal else say.value(end) for end in (figure.low, figure.high))
    number = low if figure.low == figure.high else say.word("range", low=low, high=high)
    return say.word(f"bound.{figure.bound}", amount=say.measured(number, figure.unit))


def place_of(figure: Figure, say: Phrases) -> Text:
    """Where in its source a figure stands."""
    return say("line", n=figure.line) if figure.line is not None else say.translated(figure.locator, 200)


#: The sentence of each backing whose reason is given.
_REASONED = {"estimate": "origin.estimated", "bounded": "origin.bounded", "judgement": "origin.judged"}


def backing_line(name: str, study: Study, say: Phrases) -> Text:
    """What a parameter's value in a study rests on, in one sentence."""
    changed = value_change(study, name)
    p = study.model.catalogue[name]
    if changed is not None:
        if changed.scenario == "--set":
            return say("origin.by_hand")
        return say("origin.changed", scenario=name_of(changed.scenario), because=say.translated(changed.because))
    if p.formula and p.backing in ("formula", "figure"):
        return say("origin.formula", formula=code(p.formula), meaning=say.translated(meaning(p.formula)))
    if p.backing == "figure":
        return say("origin.by_figure") if not p.chooses else say("origin.chosen", because=say.translated(p.chooses))
    return say(_REASONED[p.backing], because=say.translated(p.because))


def rests_on(name: str, study: Study, say: Phrases) -> Text:
    """The kind of what stands behind a value, and its bridge."""
    p = study.model.catalogue[name]
    if value_change(study, name) is not None:
        return say("backing.scenario")
    kind = say("backing.choice" if p.role == "lever" else f"backing.{p.backing}")
    return say("bridge.behind", kind=kind, bridge=say(f"bridge.{p.bridge}")) if p.bridge else kind


def origin_of(name: str, study: Study, say: Phrases) -> tuple[Text, ...]:
    """The lines that unfold under a parameter's value: what it is, what it rests on, and the figures behind it."""
    p = study.model.catalogue[name]
    figures = figures_behind(study, name)
    lines = [
        say("origin.parameter", name=parameter_link(name, say), meaning=meaning_of(name, study, say)),
        backing_line(name, study, say),
        *(figure_line(figure, study, say) for figure in figures[:MOST_FIGURES]),
    ]
    if len(figures) > MOST_FIGURES:
        lines.append(say("origin.more", n=len(figures) - MOST_FIGURES, name=parameter_link(p.name, say)))
    return tuple(lines)


def meaning_of(name: str, study: Study, say: Phrases) -> Text:
    """What a parameter means; in English where the catalogue of phrases has no translation."""
    meaning = study.model.catalogue[name].meaning
    return say.translated(meaning)
