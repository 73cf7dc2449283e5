"""Numbers for reading: rich tables and cards, with units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.evidence.figure import Figure
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.players.axes import RU, US
from triangle.players.cast import Cast
from triangle.players.thirds import ThirdParty
from triangle.showing import runs
from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.statements import gas, headline, inert, orders, stability, unstable
from triangle.showing.worded import in_words
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
    return f"{number:,.1f}".replace("-0.0", "0.0") if abs(number) >= 0.05 or number == 0 else f"{number:.2g}"


def solution(study: Study, answer: Answer) -> RenderableType:
    """What ``solve`` shows: the equilibria, what holds each in place, and the figures behind that."""
    say = in_english(study.cast)
    parts: list[RenderableType] = [heading(study)]
    parts.append(Text(say.word("told.sentence", sentence=runs.words_of(headline(study, answer, say))), style="bold"))
    parts.append(said(stability(study, answer, say)))
    if not answer.findings:
        parts.append(said([unstable(study, say), say("equilibria.ask")]))
        parts.append(said([*orders(study, say), *inert(study, say), *gas(study, answer, say)]))
        title = f"Best deviations from {say.profile(study.nearest())}"
        parts.append(deviations_table(study, study.finding(study.nearest()), title))
        return Group(*parts)
    many = len(answer.findings) > 1
    parts.append(said([*orders(study, say), *inert(study, say)]))
    parts.append(_equilibria(study, answer))
    parts += [_standing(study), said(gas(study, answer, say))]
    if many:
        parts.append(Text(f"{len(answer.findings)} equilibria: the model does not say which of them is played."))
    if any(one.agreements for one in answer.findings):
        parts.append(_agreements(answer))
    for one in answer.findings:
        name = f"Why {say.profile(one.profile)} holds" if many else "Why it holds"
        parts.append(deviations_table(study, one, name))
        parts.append(_what_it_rests_on(study, one))
    return Group(*parts)


def said(sentences: Sequence[runs.Text]) -> RenderableType:
    """Sentences for reading in a terminal, a line each; nothing at all where there are none."""
    return Group(*(Text(runs.words_of(sentence)) for sentence in sentences))


def heading(study: Study) -> RenderableType:
    """What stands above every answer: the scenario, its question, who is held, and what was changed."""
    scenario, say = study.scenario, in_english(study.cast)
    lines = [Text.assemble((scenario.title, "bold"), f" ({scenario.name})"), Text(scenario.question, style="italic")]
    if study.hold:
        lines.append(Text(f"Held: {held_text(study.hold, say)}. Held players do not deviate."))
    for party in scenario.players:
        lines.append(Text(f"{party.code}, {party.country}, chooses {able(party, say)}: {party.because}"))
    for change in scenario.all_changes:
        name = runs.words_of(say.parameter(change.parameter))
        lines.append(Text(f"  {name} {change.base:g} → {change.value:g}: {in_words(change.because, say)}"))
    return Text("\n").join(lines)


def held_text(hold: Mapping[int, int], say: Phrases) -> str:
    """Who is held at what."""
    return ", ".join(f"{say.cast.codes[i]} at “{say.action(i, action)}”" for i, action in sorted(hold.items()))


def able(party: ThirdParty, say: Phrases) -> str:
    """Between which actions a third party chooses, and what each sets."""
    player = say.cast.player(party.code)
    sets = {one.parameter: say.known("parameter", one.parameter) for one in party.settings}
    texts = (
        ", ".join(f"{sets[one.parameter]} {one.values[action]:g}" for one in party.settings)
        for action in range(len(party.actions))
    )
    return " or ".join(f"“{say.action(player, action)}” ({text})" for action, text in enumerate(texts))


def _standing(study: Study) -> RenderableType:
    """What holds whatever is played: the life of American promises, dominance and security levels."""
    outcomes, cast, say = study.outcomes, study.cast, in_english(study.cast)
    relief = " or ".join(
        f"{value:.3f}" + (f" ({by})" if by else "")
        for name, value in outcomes.items()
        if name.startswith("effective_relief")
        for by in [name.removeprefix("effective_relief").strip()]
    )
    left = "; ".join(
        f"{cast.codes[i]} {' or '.join(say.action(i, action) for action in kept)}"
        for i, kept in enumerate(study.surviving)
    )
    sure = ", ".join(f"{player} {amount(level)}" for player, level in zip(cast.codes, study.security, strict=True))
    return Text(
        f"Expected life of {cast.adjectives[US]} promises {outcomes['credibility']:.2f} of a permanent one; "
        "effective relief on offer "
        f"{relief} of the sanctions.\n"
        f"Left by iterated strict dominance: {left}. What each can guarantee itself: {sure} {UNIT}."
    )


def _equilibria(study: Study, answer: Answer) -> Table:
    cast, say = study.cast, in_english(study.cast)
    table = new_table(
        *cast.codes,
        "triangle",
        ">balance",
        ">margin",
        "agreement-proof",
        f">β_{cast.codes[RU]}",
        title=f"Pure equilibria ({answer.verdict}; margin in {UNIT})",
    )
    for finding in answer.findings:
        table.add_row(
            *starmap(say.action, enumerate(finding.profile)),
            str(finding.configuration),
            f"{finding.configuration.balance:+d}",
            amount(finding.margin) + ("" if finding.strict else " weak"),
            agreement_proof(finding, answer.trust),
            f"{finding.bargaining_share_ru:.2f}",
        )
    table.footing = (
        f"margin: what the free player who loses least would lose by leaving; balance: +1 balanced, -1 not; "
        f"agreement-proof: {proof_text(answer.trust)}; "
        f"β_{cast.codes[RU]}: {cast.countries[RU]}'s share of a pipeline's surplus"
    )
    return table


def agreement_proof(finding: Finding, trust: float) -> str:
    """Whether an equilibrium is agreement-proof, and the least trust at which two leave it."""
    return proof_in_words(finding.is_agreement_proof(trust), finding.trust_needed)


def proof_in_words(holds: bool, needed: float | None) -> str:
    """The same of any game: whether no agreement that counts leads away, and the least trust that one needs."""
    said = "yes" if holds else "no"
    return said if needed is None else f"{said}, left at {needed:.2f}"


def proof_text(trust: float) -> str:
    """What being agreement-proof means at this trust."""
    needing = "" if trust >= 1 else f", needing trust of at most {trust:g},"
    return f"no two can both gain by a joint change{needing} that both would keep"


def _agreements(answer: Answer) -> Table:
    """The joint changes of two that lead away from the equilibria."""
    table = new_table(
        "from", "pair", "to", ">gains", ">trust", title=f"Joint changes that both gain by and both would keep ({UNIT})"
    )
    cast, say = answer.cast, in_english(answer.cast)
    for finding in answer.findings:
        for agreement in finding.agreements:
            table.add_row(
                say.profile(finding.profile),
                "–".join(cast.codes[i] for i in agreement.players),
                ", ".join(say.does(i, agreement.profile[i]) for i in agreement.players),
                " and ".join(map(amount, agreement.gains)),
                f"{agreement.trust:.2f}",
            )
    table.footing = TRUST_TEXT
    return table


def freely(deviation: Deviation, cast: Cast) -> str:
    """What a held player would gain or lose by its best deviation, were it let go."""
    change = "gain" if deviation.loss < 0 else "lose"
    by = in_english(cast).action(deviation.player, deviation.to)
    return f"held; would {change} {amount(abs(deviation.loss))} by {by}"


def because(by_term: Mapping[str, float], say: Phrases, most: int = 4) -> str:
    """The terms that weigh most for and against a deviation."""
    parts = sorted(by_term.items(), key=lambda item: -abs(item[1]))
    return ", ".join(f"{say.known('term', name)} {part:+,.1f}" for name, part in parts[:most] if abs(part) >= 0.05)


def cautions(said: Cautions) -> list[RenderableType]:
    """The cautions of an answer, a paragraph each."""
    return [Text(sentence, style="yellow") for sentence in said.sentences()]


def deviations_table(study: Study, finding: Finding, title: str) -> Table:
    """What each player has, and what it would lose by its best deviation, term by term; held players only have."""
    say = in_english(study.cast)
    table = new_table("player", ">payoff", "best deviation", ">loses by it", "because", title=f"{title} ({UNIT})")
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
    say = in_english(study.cast)
    table = new_table(
        "parameter",
        TYPED,
        ">value",
        ">at low",
        ">at high",
        "rests on",
        title=f"What its margin rests on: the {min(most, len(swings))} strongest of {len(swings)} parameters",
    )
    for name in strongest[:most]:
        low, high = swings[name]
        ends = (Text(amount(end), style="red" if end < 0 <= finding.margin else "") for end in (low, high))
        p = study.model.catalogue[name]
        called = say.known("parameter", name)
        table.add_row(called, name, f"{study.scenario.values[name]:g}", *ends, backing_text(study, p))
    table.footing = "the margin at both ends of each range; below zero the equilibrium breaks"
    documented = [n for n in strongest if value_change(study, n) or study.model.catalogue[n].backing != "judgement"]
    behind = [found for name in documented if (found := figures_behind(study, name))][:5]
    figures = dict.fromkeys(figure for found in behind for figure in found)
    lines = [Text(f"  {cite(f, study.model)}") for f in figures]
    label = Text("Figures behind the strongest parameters that rest on figures:") if lines else Text("")
    return Group(table, label, *lines)


def backing_text(study: Study, p: Parameter) -> str:
    """What stands behind a value: the scenario that set it, with its reason, or what the parameter rests on."""
    changed = value_change(study, p.name)
    if changed is not None:
        return f"{changed.scenario}: {in_words(changed.because, in_english(study.cast))}"
    return rests_on(p, in_english(study.cast))


def kind_text(study: Study, p: Parameter) -> str:
    """The kind of what stands behind a value, and its bridge."""
    if value_change(study, p.name) is not None:
        return "the scenario"
    if p.role == "lever":
        return "choice"
    return f"{p.backing}, bridge {p.bridge}" if p.bridge else p.backing


def rests_on(p: Parameter, say: Phrases) -> str:
    """What stands behind a parameter's default, in a line: kind, what it is made of, bridge, reason."""
    if p.backing == "judgement":
        return f"judged: {p.because}"
    made_of = ", ".join((*p.figures, *(f"“{say.known('parameter', name)}”" for name in p.reads)))
    bridge = f", bridge {p.bridge}" if p.bridge else ""
    reason = f" ({p.because})" if p.backing in ("estimate", "bounded") else ""
    return f"{p.backing}{bridge}{': ' * bool(made_of)}{made_of}{reason}"


def cite(figure: Figure, model: Model) -> str:
    """One line with a figure's value, what it is, and where it stands."""
    source = model.ledger.source_of(figure)
    of = f" ({figure.of})" if figure.of else ""
    return f"{figure.id}: {figure}{of}, {figure.period} — {source.by}, {source.title}, {figure.place}"


def share(probability: float) -> str:
    """A probability for reading."""
    return f"{probability:.3f}".rstrip("0").rstrip(".") if probability >= 0.0005 or probability == 0 else "<0.001"


def number(value: float) -> str:
    """A parameter's value for reading: as many digits as it takes, at most seven."""
    return f"{value:.7g}"
