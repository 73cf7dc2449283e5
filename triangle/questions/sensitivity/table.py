"""What drives an outcome, for people: indices with intervals, backing, convergence."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.intervals import wilson
from triangle.measures.variance import Bridged, Share
from triangle.questions.sensitivity.drivers import MAIN, Sensitivities, Sensitivity
from triangle.showing.blocks import words_of
from triangle.showing.phrases import Phrases, digits, spoken, told, word, written
from triangle.showing.statements import asked as asked_sentence
from triangle.showing.tables import TYPED, amount, cautions, new_table
from triangle.showing.worded import cautions_in_words, event, opened, outcome

#: Factors that are listed; --json has all.
MOST_FACTORS = 15

#: What each method's main index is.
MEANINGS = {
    "sobol": "share of the variance: first order by itself, total with all interactions (Sobol' 2001)",
    "morris": "mean absolute change of the outcome per whole range of a factor (Morris 1991)",
    "pawn": "median distance of distribution functions when the factor is known (Pianosi and Wagener 2018)",
    "delta": "distance of densities when the factor is known (Borgonovo 2007)",
}

_WORDS = {"mean_abs": "mean |effect|", "mean": "mean effect", "spread": "spread", "pawn": "PAWN", "delta": "delta"}


def sensitivity(found: Sensitivity) -> RenderableType:
    """Everything that ``sensitivity`` shows."""
    say = spoken(found.cast)
    parts: list[RenderableType] = [_heading(found, say), *cautions(cautions_in_words(found.cautions, say))]
    if found.constant:
        parts.append(Text(_constant(found, say)))
        return Group(*parts)
    parts.append(_indices(found, say))
    if found.backing is not None:
        parts.append(_backing(found, say))
    if found.bridged is not None:
        parts.append(_bridged(found, found.bridged, say))
    if len(found.convergence) > 1:
        parts.append(_convergence(found, say))
    return Group(*parts)


def sensitivities(asked: Sensitivities) -> RenderableType:
    """The same for each of the default questions."""
    say = spoken(asked.cast)
    parts: list[RenderableType] = []
    for one in asked.answers:
        parts += [
            Text(words_of(asked_sentence(one.asked, say)), style="bold underline"),
            sensitivity(one.sensitivity),
            Text(),
        ]
    return Group(*parts[:-1])


def _constant(found: Sensitivity, say: Phrases) -> str:
    """That no draw differs, and how rare another outcome may still be; draws along one walk or matrix count once."""
    apart = {"sobol": 2 * found.samples}.get(found.method, found.samples)
    template = (
        "{measured} is {value} at every draw in the region: nothing drives it that they show. {n} independent ones "
        "leave room for another outcome at up to {room} of all."
        if found.inside
        else "{measured} is {value} at every draw: nothing drives it that they show. {n} independent ones leave room "
        "for another outcome at up to {room} of all."
    )
    measured, value = opened(words_of(outcome(found.outcome, say))), _number(found, found.mean)
    return told(template, measured=measured, value=value, n=apart, room=written(wilson(0, apart)[1], ".2g"))


def _heading(found: Sensitivity, say: Phrases) -> RenderableType:
    """The outcome, how it is spread, and what the draws are."""
    lines = [Text.assemble((word(found.title), "bold"), "" if found.archive else f" ({found.scenario})")]
    template = (
        "{measured}: {mean} on average, standard deviation {deviation} ({unit})"
        if found.base is None
        else "{measured}: {base} in the scenario; {mean} on average, standard deviation {deviation} ({unit})"
    )
    places = {
        "measured": opened(words_of(outcome(found.outcome, say))),
        "base": "" if found.base is None else _number(found, found.base),
        "mean": _number(found, found.mean),
        "deviation": _number(found, found.deviation),
        "unit": say.unit(found.unit),
    }
    lines.append(Text(told(template, **places)))
    share = found.inside_share
    if share is not None and found.inside is not None:
        lines.append(
            Text(
                told(
                    "Inside “{event}”: {inside} of {all} draws, {share} ({low} to {high})",
                    event=words_of(event(found.inside, say)),
                    inside=found.inside_draws,
                    all=found.all_draws,
                    **{name: written(getattr(share, name), ".1%") for name in ("low", "high")},
                    share=written(share.value, ".1%"),
                )
            )
        )
    template = (
        "{n} draws of an archived sweep; seed {seed}; intervals of 95 %"
        if found.archive
        else "{n} games; seed {seed}; intervals of 95 %"
    )
    drawn = found.samples if found.archive else found.evaluations
    lines.append(Text(told(template, n=drawn, seed=str(found.seed)), style="dim"))
    return Text("\n").join(lines)


def _number(found: Sensitivity, number: float) -> str:
    return amount(number) if found.unit.startswith("bn") else written(number, ".3g")


def index_text(value: float, is_share: bool) -> str:
    """An index for reading: shares with three digits and no minus before zero."""
    return digits(f"{value:.3f}".replace("-0.000", "0.000")) if is_share else amount(value)


def _indices(found: Sensitivity, say: Phrases) -> RenderableType:
    """The most influential factors."""
    names = [name for name in (MAIN[found.method], *found.indices) if name in found.indices]
    names = list(dict.fromkeys(names))
    columns = [column for name in names for column in _columns(name, found)]
    kind = ["rests on"] if found.kinds else []
    swing = [">at low end", ">at high end"] if found.swings else []
    title = told("What drives it: {meaning}", meaning=word(MEANINGS[found.method]))
    shown = new_table(">", "factor", TYPED, *kind, *columns, *swing, title=title)
    for place, i in enumerate(found.ranking[:MOST_FACTORS], 1):
        cells = [cell for name in names for cell in _cells(found, name, i)]
        ends = found.swings.get(found.names[i])
        swung = [] if not found.swings else ["–", "–"] if ends is None else [_number(found, end) for end in ends]
        called = say.known("parameter", found.names[i])
        shown.add_row(
            str(place),
            called,
            found.names[i],
            *([say.word(f"backing.{found.kinds[i]}")] if found.kinds else []),
            *cells,
            *swung,
        )
    shown.footing = _footing(found)
    return shown


def _columns(name: str, found: Sensitivity) -> list[str]:
    return [f">{_WORDS.get(name, name)}"] + ([">95 % interval"] if found.indices[name].low is not None else [])


def _cells(found: Sensitivity, name: str, i: int) -> list[str]:
    index, is_share = found.indices[name], found.method != "morris"
    cells = [index_text(float(index.value[i]), is_share)]
    if index.low is not None and index.high is not None:
        ends = (index_text(float(end[i]), is_share) for end in (index.low, index.high))
        cells.append(told(" to ").join(ends))
    return cells


def _footing(found: Sensitivity) -> str:
    lines = []
    if found.floor is not None:
        lines.append(
            told("Chance alone reaches {floor}: smaller indices say nothing.", floor=written(found.floor, ".3f"))
        )
    hidden = len(found.names) - MOST_FACTORS
    if hidden > 0:
        lines.append(told("{n} more factors in --json.", n=hidden))
    if found.swings:
        lines.append(told("At the ends of its range: the outcome with this factor alone moved."))
    return " ".join(lines)


def _share(share: Share) -> str:
    return index_text(share.value, True)


def _span(share: Share) -> str:
    return told("{low} to {high}", low=index_text(share.low, True), high=index_text(share.high, True))


def _backing(found: Sensitivity, say: Phrases) -> RenderableType:
    """How much of the variance rests on what."""
    backing = found.backing
    assert backing is not None
    shown = new_table(
        "rests on",
        ">factors",
        ">by itself",
        ">95 % interval",
        ">with interactions",
        ">95 % interval",
        title=told("Variance by what stands behind the factors, each kind taken together"),
    )
    for kind, first in backing.first.items():
        total, count = backing.total[kind], found.kinds.count(kind)
        shown.add_row(say.word(f"backing.{kind}"), str(count), _share(first), _span(first), _share(total), _span(total))
    for pair, share in backing.between.items():
        kinds = " × ".join(say.word(f"backing.{kind}") for kind in pair.split(" × "))
        shown.add_row(told("{kinds}, together", kinds=kinds), "", _share(share), _span(share), "", "")
    if len(backing.first) > 2:
        higher = (_share(backing.higher), _span(backing.higher))
        shown.add_row(told("three kinds or more, together"), "", *higher, "", "")
    return shown


def _bridged(found: Sensitivity, bridged: Bridged, say: Phrases) -> RenderableType:
    """How much of the variance crosses which bridge."""
    shown = new_table(
        "crosses",
        ">factors",
        ">by itself",
        ">95 % interval",
        ">with interactions",
        ">95 % interval",
        title=told("Variance by the weakest bridge from what was measured to what the symbols mean"),
    )
    for bridge, first in bridged.first.items():
        total, count = bridged.total[bridge], found.bridges.count(bridge)
        shown.add_row(
            say.word(f"bridge.{bridge}"), str(count), _share(first), _span(first), _share(total), _span(total)
        )
    shown.footing = told("--strict counts a weak bridge as judgement")
    return shown


def _convergence(found: Sensitivity, say: Phrases) -> RenderableType:
    """The main index of the foremost factors over growing numbers of samples."""
    top = found.ranking[:5]
    name = MAIN[found.method]
    shown = new_table(
        ">samples",
        *(f">{say.known('parameter', found.names[i])}" for i in top),
        title=told("Convergence: {index} over the number of samples", index=word(_WORDS.get(name, name))),
    )
    for samples, values in found.convergence:
        shown.add_row(written(samples, ","), *(index_text(float(values[i]), found.method != "morris") for i in top))
    return shown
