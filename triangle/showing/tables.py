"""Numbers for reading: rich tables and cards, with units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.evidence.figure import Figure, Source
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.players.axes import RU, US
from triangle.players.cast import Cast
from triangle.players.thirds import ThirdParty
from triangle.showing import runs
from triangle.showing.layout import new_table as new_table
from triangle.showing.origins import figure_value, place_of
from triangle.showing.phrases import Phrases, digits, language, payoff_unit, shipped, spoken, told, word, written
from triangle.showing.statements import gas, headline, inert, orders, stability, unstable
from triangle.showing.worded import caution_sentences, in_words, quoted, triangle_title
from triangle.study.sources import figures_behind, value_change
from triangle.study.study import Answer, Deviation, Finding, Study

if TYPE_CHECKING:
    from triangle.measures.cautions import Cautions

UNIT = "bn USD/yr"
#: The column beside a parameter's name that holds what is typed for it.
TYPED = "=as typed"
#: What stands below every table of agreements.
TRUST_TEXT = "trust: the least probability of the other's keeping it at which both join"


def amount(number: float) -> str:
    """A payoff for reading: one decimal, thousands set apart, no minus before zero."""
    if math.isinf(number):
        return "–"
    return digits(f"{number:,.1f}".replace("-0.0", "0.0") if abs(number) >= 0.05 or number == 0 else f"{number:.2g}")


def solution(study: Study, answer: Answer) -> RenderableType:
    """What ``solve`` shows: the equilibria, what holds each in place, and the figures behind that."""
    say = spoken(study.cast)
    parts: list[RenderableType] = [heading(study)]
    parts.append(Text(say.word("told.sentence", sentence=runs.words_of(headline(study, answer, say))), style="bold"))
    parts.append(said(stability(study, answer, say)))
    if not answer.findings:
        parts.append(said([unstable(study, say), say("equilibria.ask")]))
        parts.append(said([*orders(study, say), *inert(study, say), *gas(study, answer, say)]))
        title = told("Best deviations from {profile}", profile=say.profile(study.nearest()))
        parts.append(deviations_table(study, study.finding(study.nearest()), title))
        return Group(*parts)
    many = len(answer.findings) > 1
    parts.append(said([*orders(study, say), *inert(study, say)]))
    parts.append(_equilibria(study, answer))
    parts += [_standing(study), said(gas(study, answer, say))]
    if many:
        template = "{n} equilibria: the model does not say which of them is played."
        parts.append(Text(told(template, n=len(answer.findings))))
    if any(one.agreements for one in answer.findings):
        parts.append(_agreements(answer))
    for one in answer.findings:
        name = told("Why {profile} holds", profile=say.profile(one.profile)) if many else told("Why it holds")
        parts.append(deviations_table(study, one, name))
        parts.append(_what_it_rests_on(study, one))
    return Group(*parts)


def said(sentences: Sequence[runs.Text]) -> RenderableType:
    """Sentences for reading in a terminal, a line each; nothing at all where there are none."""
    return Group(*(Text(runs.words_of(sentence)) for sentence in sentences))


def heading(study: Study) -> RenderableType:
    """What stands above every answer: the scenario, its question, who is held, and what was changed."""
    scenario, say = study.scenario, spoken(study.cast)
    title, question = word(scenario.title), word(scenario.question)
    lines = [Text.assemble((title, "bold"), f" ({scenario.name})"), Text(question, style="italic")]
    if study.hold:
        lines.append(Text(told("Held: {held}. Held players do not deviate.", held=held_text(study.hold, say))))
    for party in scenario.players:
        lines.append(
            Text(
                told(
                    "{code}, {country}, chooses {actions}: {because}",
                    code=party.code,
                    country=say.country(party.code),
                    actions=able(party, say),
                    because=word(party.because),
                )
            )
        )
    for change in scenario.all_changes:
        name = runs.words_of(say.parameter(change.parameter))
        ends = f"{written(change.base, 'g')} → {written(change.value, 'g')}"
        lines.append(Text(f"  {name} {ends}: {in_words(change.because, say)}"))
    return Text("\n").join(lines)


def held_text(hold: Mapping[int, int], say: Phrases) -> str:
    """Who is held at what."""
    template = "{player} at “{action}”"
    return ", ".join(
        told(template, player=say.cast.codes[i], action=say.action(i, action)) for i, action in sorted(hold.items())
    )


def able(party: ThirdParty, say: Phrases) -> str:
    """Between which actions a third party chooses, and what each sets."""
    player = say.cast.player(party.code)
    sets = {one.parameter: say.known("parameter", one.parameter) for one in party.settings}
    texts = (
        ", ".join(f"{sets[one.parameter]} {written(one.values[action], 'g')}" for one in party.settings)
        for action in range(len(party.actions))
    )
    return told(" or ").join(f"{quoted(say.action(player, action))} ({text})" for action, text in enumerate(texts))


def _standing(study: Study) -> RenderableType:
    """What holds whatever is played: the life of American promises, dominance and security levels."""
    outcomes, cast, say = study.outcomes, study.cast, spoken(study.cast)
    relief = told(" or ").join(
        written(value, ".3f") + (f" ({by})" if by else "")
        for name, value in outcomes.items()
        if name.startswith("effective_relief")
        for by in [name.removeprefix("effective_relief").strip()]
    )
    left = "; ".join(
        f"{cast.codes[i]} {told(' or ').join(say.action(i, action) for action in kept)}"
        for i, kept in enumerate(study.surviving)
    )
    sure = ", ".join(f"{player} {amount(level)}" for player, level in zip(cast.codes, study.security, strict=True))
    promises = told(
        "Expected life of {adjective} promises {life} of a permanent one; effective relief on offer {relief} of the "
        "sanctions.",
        adjective=cast.adjectives[US],
        whose=say.whose(cast.codes[US]),
        life=written(outcomes["credibility"], ".2f"),
        relief=relief,
    )
    template = "Left by iterated strict dominance: {left}. What each can guarantee itself: {sure} {unit}."
    return Text(f"{promises}\n{told(template, left=left, sure=sure)}")


def _equilibria(study: Study, answer: Answer) -> Table:
    cast, say = study.cast, spoken(study.cast)
    table = new_table(
        *cast.codes,
        "triangle",
        ">balance",
        ">margin",
        "agreement-proof",
        f">β_{cast.codes[RU]}",
        title=told("Pure equilibria ({verdict}; margin in {unit})", verdict=word(answer.verdict)),
    )
    for finding in answer.findings:
        table.add_row(
            *starmap(say.action, enumerate(finding.profile)),
            triangle_title(finding.configuration),
            written(finding.configuration.balance, "+d"),
            amount(finding.margin) if finding.strict else told("{margin} weak", margin=amount(finding.margin)),
            agreement_proof(finding, answer.trust),
            written(finding.bargaining_share_ru, ".2f"),
        )
    table.footing = told(
        "margin: what the free player who loses least would lose by leaving; balance: +1 balanced, -1 not; "
        "agreement-proof: {proof}; β_{code}: {country}'s share of a pipeline's surplus",
        proof=proof_text(answer.trust),
        code=cast.codes[RU],
        country=cast.countries[RU],
        whose=say.whose(cast.codes[RU]),
    )
    return table


def agreement_proof(finding: Finding, trust: float) -> str:
    """Whether an equilibrium is agreement-proof, and the least trust at which two leave it."""
    return proof_in_words(finding.is_agreement_proof(trust), finding.trust_needed)


def proof_in_words(holds: bool, needed: float | None) -> str:
    """The same of any game: whether no agreement that counts leads away, and the least trust that one needs."""
    said = told("yes") if holds else told("no")
    return said if needed is None else told("{proof}, left at {trust}", proof=said, trust=written(needed, ".2f"))


def proof_text(trust: float) -> str:
    """What being agreement-proof means at this trust."""
    if trust >= 1:
        return told("no two can both gain by a joint change that both would keep")
    template = "no two can both gain by a joint change, needing trust of at most {trust}, that both would keep"
    return told(template, trust=written(trust, "g"))


def _agreements(answer: Answer) -> Table:
    """The joint changes of two that lead away from the equilibria."""
    table = new_table(
        *("from", "pair", "to", ">gains", ">trust"),
        title=told("Joint changes that both gain by and both would keep ({unit})"),
    )
    cast, say = answer.cast, spoken(answer.cast)
    for finding in answer.findings:
        for agreement in finding.agreements:
            table.add_row(
                say.profile(finding.profile),
                "–".join(cast.codes[i] for i in agreement.players),
                ", ".join(say.does(i, agreement.profile[i]) for i in agreement.players),
                told(" and ").join(map(amount, agreement.gains)),
                written(agreement.trust, ".2f"),
            )
    table.footing = word(TRUST_TEXT)
    return table


def freely(deviation: Deviation, cast: Cast) -> str:
    """What a held player would gain or lose by its best deviation, were it let go."""
    gains = deviation.loss < 0
    return told(
        "held; would gain {amount} by {action}" if gains else "held; would lose {amount} by {action}",
        amount=amount(abs(deviation.loss)),
        action=spoken(cast).action(deviation.player, deviation.to),
    )


def because(by_term: Mapping[str, float], say: Phrases, most: int = 4) -> str:
    """The terms that weigh most for and against a deviation."""
    parts = sorted(by_term.items(), key=lambda item: -abs(item[1]))
    named = ((say.known("term", name), part) for name, part in parts[:most] if abs(part) >= 0.05)
    return ", ".join(f"{name} {written(part, '+,.1f')}" for name, part in named)


def cautions(said: Cautions) -> list[RenderableType]:
    """The cautions of an answer, a paragraph each."""
    return [Text(sentence, style="yellow") for sentence in caution_sentences(said)]


def deviations_table(study: Study, finding: Finding, title: str) -> Table:
    """What each player has, and what it would lose by its best deviation, term by term; held players only have."""
    say = spoken(study.cast)
    columns = ("player", ">payoff", "best deviation", ">loses by it", "because")
    table = new_table(*columns, title=f"{title} ({payoff_unit()})")
    for deviation in study.deviations(finding.profile, of_held=True):
        player = deviation.player
        payoff = amount(finding.payoffs[player])
        table.add_row(study.cast.codes[player], payoff, freely(deviation, study.cast), "–", "")
    for deviation in study.deviations(finding.profile):
        table.add_row(
            study.cast.codes[deviation.player],
            amount(finding.payoffs[deviation.player]),
            say.action(deviation.player, deviation.to),
            amount(deviation.loss),
            because(deviation.by_term, say),
        )
    return table


def _what_it_rests_on(study: Study, finding: Finding, most: int = 8) -> RenderableType:
    """The parameters that move the margin most over their ranges, and the figures or judgements behind them."""
    swings = study.margin_swings(finding.profile)
    strongest = sorted(swings, key=lambda name: -abs(swings[name][1] - swings[name][0]))
    say = spoken(study.cast)
    table = new_table(
        "parameter",
        TYPED,
        ">value",
        ">at low",
        ">at high",
        "rests on",
        title=told(
            "What its margin rests on: the {most} strongest of {n} parameters",
            most=min(most, len(swings)),
            n=len(swings),
        ),
    )
    for name in strongest[:most]:
        low, high = swings[name]
        ends = (Text(amount(end), style="red" if end < 0 <= finding.margin else "") for end in (low, high))
        p = study.model.catalogue[name]
        called = say.known("parameter", name)
        table.add_row(called, name, written(study.scenario.values[name], "g"), *ends, backing_text(study, p))
    table.footing = told("the margin at both ends of each range; below zero the equilibrium breaks")
    documented = [n for n in strongest if value_change(study, n) or study.model.catalogue[n].backing != "judgement"]
    behind = [found for name in documented if (found := figures_behind(study, name))][:5]
    figures = dict.fromkeys(figure for found in behind for figure in found)
    lines = [Text(f"  {cite(f, study.model)}") for f in figures]
    label = Text(told("Figures behind the strongest parameters that rest on figures:") if lines else "")
    return Group(table, label, *lines)


def backing_text(study: Study, p: Parameter) -> str:
    """What stands behind a value: the scenario that set it, with its reason, or what the parameter rests on."""
    changed = value_change(study, p.name)
    if changed is not None:
        return f"{changed.scenario}: {in_words(changed.because, spoken(study.cast))}"
    return rests_on(p, spoken(study.cast))


def kind_text(study: Study, p: Parameter) -> str:
    """The kind of what stands behind a value, and its bridge."""
    if value_change(study, p.name) is not None:
        return told("the scenario")
    return backed(p, "choice" if p.role == "lever" else p.backing, spoken(study.cast))


def rests_on(p: Parameter, say: Phrases) -> str:
    """What stands behind a parameter's default, in a line: kind, what it is made of, bridge, reason."""
    if p.backing == "judgement":
        return told("judged: {because}", because=word(p.because))
    made_of = ", ".join((*p.figures, *(quoted(say.known("parameter", name)) for name in p.reads)))
    reason = f" ({word(p.because)})" if p.backing in ("estimate", "bounded") else ""
    return f"{backed(p, p.backing, say)}{': ' * bool(made_of)}{made_of}{reason}"


def backed(p: Parameter, kind: str, say: Phrases) -> str:
    """A kind of backing in a word, with the bridge that a parameter crosses."""
    backing = say.word(f"backing.{kind}")
    if not p.bridge or kind == "choice":
        return backing
    return told("{kind}, bridge {bridge}", kind=backing, bridge=word(p.bridge))


def form_text(form: str) -> str:
    """Which form of the payoffs was asked."""
    return told("first form of the payoffs") if form == "first" else told("second form of the payoffs")


def cite(figure: Figure, model: Model) -> str:
    """One line with a figure's value, what it is, and where it stands."""
    of = f" ({word(figure.of)})" if figure.of else ""
    value, source = figure_text(figure, model), source_text(model.ledger.source_of(figure))
    return f"{figure.id}: {value}{of}, {word(figure.period)} — {source}, {place_text(figure, model)}"


def figure_text(figure: Figure, model: Model) -> str:
    """A figure's value with its bound and unit."""
    return str(figure) if language() == "en" else figure_value(figure, spoken(model.cast))


def place_text(figure: Figure, model: Model) -> str:
    """Where in its source a figure stands."""
    return figure.place if language() == "en" else runs.words_of(place_of(figure, spoken(model.cast)))


def source_text(source: Source) -> str:
    """Who says so, and in what."""
    return f"{shipped(source.by)}, {shipped(source.title)}"


def share(probability: float) -> str:
    """A probability for reading."""
    return digits(
        f"{probability:.3f}".rstrip("0").rstrip(".") if probability >= 0.0005 or probability == 0 else "<0.001"
    )


def number(value: float) -> str:
    """A parameter's value for reading: as many digits as it takes, at most seven."""
    return written(value, ".7g")
