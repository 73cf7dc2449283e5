"""Numbers for reading: rich tables and cards, with units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from triangle.axes import ACTIONS, ADJECTIVES, COUNTRIES, PLAYERS, RU, US, profile_index, profile_text
from triangle.evidence.figure import Figure
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.report.layout import new_table as new_table
from triangle.report.tracing import Trace, figures_behind, value_change
from triangle.scenario import Change, Scenario
from triangle.study import Answer, Deviation, Finding, Study, differing_parameters, margin_at

if TYPE_CHECKING:
    from triangle.checking import Report

UNIT = "bn USD/yr"


def amount(number: float) -> str:
    """A payoff for reading: one decimal, thousands set apart, no minus before zero."""
    if math.isinf(number):
        return "–"
    return f"{number:,.1f}".replace("-0.0", "0.0") if abs(number) >= 0.05 or number == 0 else f"{number:.2g}"


def slug(action: str) -> str:
    """An action for reading."""
    return action.replace("_", " ")


def solution(study: Study, answer: Answer) -> RenderableType:
    """What ``solve`` shows: the equilibria, what holds each in place, and the figures behind that."""
    parts: list[RenderableType] = [heading(study)]
    if not answer.findings:
        parts.append(Text(answer.advice, style="yellow"))
        title = f"Best deviations from {profile_text(study.nearest())}"
        parts.append(_deviations(study, study.finding(study.nearest()), title))
        return Group(*parts)
    many = len(answer.findings) > 1
    parts.append(_equilibria(study, answer))
    parts.append(_standing(study))
    if many:
        parts.append(Text(f"{len(answer.findings)} equilibria: the model does not say which of them is played."))
    for finding in answer.findings:
        name = f"Why {profile_text(finding.profile)} holds" if many else "Why it holds"
        parts.append(_deviations(study, finding, name))
        parts.append(_what_it_rests_on(study, finding))
    return Group(*parts)


def heading(study: Study) -> RenderableType:
    """What stands above every answer: the scenario, its question, who is held, and what was changed."""
    scenario = study.scenario
    lines = [Text.assemble((scenario.title, "bold"), f" ({scenario.name})"), Text(scenario.question, style="italic")]
    if study.hold:
        held = ", ".join(f"{PLAYERS[i]} at {slug(ACTIONS[i][a])}" for i, a in sorted(study.hold.items()))
        lines.append(Text(f"Held: {held}. Held players do not deviate."))
    for change in scenario.all_changes:
        lines.append(Text(f"  {change.parameter} {change.base:g} → {change.value:g}: {change.because}"))
    return Text("\n").join(lines)


def _standing(study: Study) -> RenderableType:
    """What holds whatever is played: the worth of American promises, dominance and security levels."""
    outcomes = study.outcomes
    left = "; ".join(
        f"{PLAYERS[i]} {' or '.join(slug(ACTIONS[i][a]) for a in kept)}" for i, kept in enumerate(study.surviving)
    )
    sure = ", ".join(f"{player} {amount(level)}" for player, level in zip(PLAYERS, study.security, strict=True))
    return Text(
        f"Credibility of {ADJECTIVES[PLAYERS[US]]} promises {outcomes['credibility']:.2f}; effective relief on offer "
        f"{outcomes['effective_relief']:.3f} of the sanctions.\n"
        f"Left by iterated strict dominance: {left}. What each can guarantee itself: {sure} {UNIT}."
    )


def _equilibria(study: Study, answer: Answer) -> Table:
    table = new_table(
        *PLAYERS,
        "triangle",
        ">balance",
        ">margin",
        f">β_{PLAYERS[RU]}",
        title=f"Pure equilibria ({answer.verdict}; margin in {UNIT})",
    )
    for finding in answer.findings:
        table.add_row(
            *(slug(ACTIONS[i][a]) for i, a in enumerate(finding.profile)),
            str(finding.configuration),
            f"{finding.configuration.balance:+d}",
            amount(finding.margin) + ("" if finding.strict else " weak"),
            f"{finding.bargaining_share_ru:.2f}",
        )
    table.footing = (
        f"margin: what the player who loses least would lose by leaving; balance: +1 balanced, -1 not; "
        f"β_{PLAYERS[RU]}: {COUNTRIES[PLAYERS[RU]]}'s share of a pipeline's surplus"
    )
    return table


def freely(deviation: Deviation) -> str:
    """What a held player would gain or lose by its best deviation, were it let go."""
    change = "gain" if deviation.loss < 0 else "lose"
    by = slug(ACTIONS[deviation.player][deviation.to])
    return f"held; would {change} {amount(abs(deviation.loss))} by {by}"


def _deviations(study: Study, finding: Finding, title: str) -> Table:
    """What each player has, and what it would lose by its best deviation, term by term; held players only have."""
    table = new_table("player", ">payoff", "best deviation", ">loses by it", "because", title=f"{title} ({UNIT})")
    for deviation in study.deviations(finding.profile, of_held=True):
        player = deviation.player
        table.add_row(PLAYERS[player], amount(finding.payoffs[player]), freely(deviation), "–", "")
    for deviation in study.deviations(finding.profile):
        parts = sorted(deviation.by_term.items(), key=lambda item: -abs(item[1]))
        text = ", ".join(f"{name} {part:+,.1f}" for name, part in parts[:4] if abs(part) >= 0.05)
        table.add_row(
            PLAYERS[deviation.player],
            amount(finding.payoffs[deviation.player]),
            slug(ACTIONS[deviation.player][deviation.to]),
            amount(deviation.loss),
            text,
        )
    return table


def _what_it_rests_on(study: Study, finding: Finding, most: int = 8) -> RenderableType:
    """The parameters that move the margin most over their ranges, and the figures or judgements behind them."""
    swings = study.margin_swings(finding.profile)
    strongest = sorted(swings, key=lambda name: -abs(swings[name][1] - swings[name][0]))
    table = new_table(
        "=parameter",
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
        table.add_row(name, f"{study.scenario.values[name]:g}", *ends, _backing(study, p))
    table.footing = "the margin at both ends of each range; below zero the equilibrium breaks"
    documented = [n for n in strongest if value_change(study, n) or study.model.catalogue[n].backing != "judgement"]
    behind = [found for name in documented if (found := figures_behind(study, name))][:5]
    figures = dict.fromkeys(figure for found in behind for figure in found)
    lines = [Text(f"  {cite(f, study.model)}") for f in figures]
    label = Text("Figures behind the strongest parameters that rest on figures:") if lines else Text("")
    return Group(table, label, *lines)


def _backing(study: Study, p: Parameter) -> str:
    changed = value_change(study, p.name)
    if changed is not None:
        return f"{changed.scenario}: {changed.because}"
    if p.backing == "judgement":
        return f"judged: {p.because}"
    return f"{p.backing}: {', '.join(p.figures)}"


def cite(figure: Figure, model: Model) -> str:
    """One line with a figure's value, what it is, and where it stands."""
    source = model.ledger.source_of(figure)
    of = f" ({figure.of})" if figure.of else ""
    return f"{figure.id}: {figure}{of}, {figure.period} — {source.by}, {source.title}, {figure.place}"


def comparison(studies: Sequence[Study], answers: Sequence[Answer]) -> RenderableType:
    """What ``compare`` shows: inputs that differ, equilibria, and every equilibrium's margin in every scenario."""
    names = [study.scenario.name for study in studies]
    differing = differing_parameters(studies)
    parts: list[RenderableType] = []
    if differing:
        # The scenarios run down and the parameters across only while that fits; a long list reads better as rows.
        inputs = new_table("parameter", *(f">{name}" for name in names), title="What differs in the inputs")
        if len(names) <= 6:
            for name in differing:
                inputs.add_row(name, *(f"{study.scenario.values[name]:g}" for study in studies))
        else:
            inputs = new_table("scenario", "departs from the documented world by", title="What differs in the inputs")
            for study in studies:
                inputs.add_row(study.scenario.name, _changes_text(study.scenario.all_changes))
        parts.append(inputs)
    else:
        parts.append(Text("The inputs do not differ."))
    stances = new_table("=scenario", *PLAYERS, "triangle", f">β_{PLAYERS[RU]}", title="Pure equilibria")
    stances.footing = "*: held there"
    amounts = new_table(
        "=scenario",
        *(f">{player}" for player in PLAYERS),
        *(f">{player} loses" for player in PLAYERS),
        title=f"What each has in them, and what it loses by leaving ({UNIT}; in brackets: held)",
    )
    for study, answer in zip(studies, answers, strict=True):
        _compare_rows(stances, amounts, study, answer)
    parts += [stances, amounts, _margin_table(studies, answers)]
    return Group(*parts)


def _changes_text(changes: Iterable[Change]) -> str:
    latest = {change.parameter: change for change in changes}
    return ", ".join(f"{c.parameter} {c.value:g}" for c in latest.values()) or "nothing"


def _compare_rows(stances: Table, amounts: Table, study: Study, answer: Answer) -> None:
    name = study.scenario.name
    if not answer.findings:
        stances.add_row(name, *["–"] * 3, "no pure equilibrium", "–")
        amounts.add_row(name, *["–"] * 6)
    for place, finding in enumerate(answer.findings):
        label = name if place == 0 else ""
        actions = (slug(ACTIONS[i][a]) + "*" * (i in study.hold) for i, a in enumerate(finding.profile))
        stances.add_row(label, *actions, str(finding.configuration), f"{finding.bargaining_share_ru:.2f}")
        amounts.add_row(label, *(amount(u) for u in finding.payoffs), *_losses(study, finding))


def _losses(study: Study, finding: Finding) -> list[str]:
    """What each player would lose by its best deviation, in brackets where it is held and cannot."""
    freely = {d.player: f"({amount(d.loss)})" for d in study.deviations(finding.profile, of_held=True)}
    return [freely.get(player, amount(loss)) for player, loss in enumerate(finding.losses)]


def _margin_table(studies: Sequence[Study], answers: Sequence[Answer]) -> Table:
    """Every profile that is an equilibrium somewhere, with its margin everywhere."""
    profiles = sorted({finding.profile for answer in answers for finding in answer.findings})
    table = new_table(
        "=scenario",
        *(f">{profile_index(profile)}" for profile in profiles),
        title=f"Margin of each equilibrium profile in each scenario ({UNIT})",
    )
    for study in studies:
        cells = (margin_at(study, profile) for profile in profiles)
        table.add_row(study.scenario.name, *("–" if cell is None else amount(cell) for cell in cells))
    names = [f"{profile_index(profile)}: {profile_text(profile)}" for profile in profiles]
    table.footing = "\n".join(["negative: somebody leaves it; –: a player is held elsewhere", *names])
    return table


def tracing(trace: Trace) -> RenderableType:
    """What ``trace`` shows: a cell's terms, their parameters, and the figures down to document and line."""
    study, player, finding = trace.study, trace.player, trace.finding
    standing = "an equilibrium" if trace.is_equilibrium else "not an equilibrium"
    if not study.reachable(finding.profile):
        standing = "out of reach: a held player plays another action"
    parts: list[RenderableType] = [
        Text.assemble(
            (f"{COUNTRIES[PLAYERS[player]]} at {profile_text(finding.profile)}", "bold"),
            f" in {study.scenario.name}: {amount(finding.payoffs[player])} {UNIT}\n"
            f"{finding.configuration}; {standing} (margin {amount(finding.margin)} {UNIT})",
        )
    ]
    terms = new_table("=term", ">payoff", "=parameter", "value", ">at low", ">at high")
    terms.footing = "the term's payoff at both ends of each parameter's range"
    for term in trace.terms:
        first = True
        for p in term.parameters or [None]:
            cells = [term.name, amount(term.value)] if first else ["", ""]
            first = False
            if p is None:
                terms.add_row(*cells, Text("nothing moves it here", style="dim"), "", "", "")
                continue
            terms.add_row(
                *cells,
                p.parameter.name,
                f"{p.value:g} {p.parameter.unit}",
                amount(p.at_low),
                amount(p.at_high),
            )
        terms.add_section()
    parts.append(terms)
    backings = new_table("=parameter", "rests on", title="What stands behind the parameters")
    for parameter in {p.parameter.name: p.parameter for term in trace.terms for p in term.parameters}.values():
        backings.add_row(parameter.name, _backing(study, parameter))
    parts.append(backings)
    figures = new_table("figure", "value", "where", "caution", title="Figures behind this cell")
    for figure in trace.figures:
        source = study.model.ledger.source_of(figure)
        against = ", ".join(figure.conflicts_with)
        caution = figure.caution + (f" Conflicts with {against}." if against else "")
        figures.add_row(figure.id, str(figure), f"{source.by}, {figure.place}", caution)
        figures.add_section()
    parts.append(figures)
    parts.append(_deviations(study, finding, "Each player's best deviation from this profile"))
    return Group(*parts)


def check_report(report: Report) -> RenderableType:
    """What ``check`` shows."""
    backings = ", ".join(f"{count} by {kind}" for kind, count in sorted(report.backings.items()))
    sound = f"{report.scenarios} sound scenario{'s' * (report.scenarios != 1)}"
    counted = (
        f"{report.document_figures} figures of the documents, {report.external_figures} external figures, "
        f"{report.parameters} parameters ({backings}), {sound}, "
        f"{report.claims} claims"
    )
    if not report.faults:
        return Text(f"{counted}: no fault", style="green")
    table = new_table("file", "key", "fault", title=f"{len(report.faults)} fault{'s' * (len(report.faults) != 1)}")
    for fault in report.faults:
        table.add_row(fault.file, fault.key, fault.message)
    return Group(Text(counted), table)


def figure_card(figure: Figure, model: Model) -> RenderableType:
    """Everything known about a figure."""
    source = model.ledger.source_of(figure)
    users = [p.name for p in model.catalogue if figure.id in p.figures]
    anchored = [p.name for p in model.catalogue if figure.id in p.anchors]
    bounded = [p.name for p in model.catalogue if figure.id in p.ends]
    date = f"{source.date} (inferred: {source.inferred_from})" if source.date_inferred else source.date
    rows = {
        "value": f"{figure}" + (f" ({figure.of})" if figure.of else ""),
        "period": figure.period,
        "about": figure.subject,
        "says": figure.paraphrase,
        "kind": figure.kind,
        "source": f"{source.author}, {source.title}, {source.publisher}",
        "dated": date,
        "where": (f"{source.file}, " if source.file else "") + figure.place,
        "standing": "figure of a document" if source.kind == "document" else "external, not from the documents",
        "conflicts": "; ".join(f"{o}: {model.ledger[o]}" for o in figure.conflicts_with),
        "rivals": "; ".join(f"{o}: {model.ledger[o]}" for o in figure.rivals),
        "caution": figure.caution,
        "parameters": ", ".join(users) or ("" if anchored or bounded else "none: context only"),
        "bounds": ", ".join(bounded),
        "anchors": ", ".join(anchored),
    }
    return _card(figure.id, rows)


def parameter_card(p: Parameter, model: Model) -> RenderableType:
    """Everything known about a parameter."""
    from triangle.model.calibration import meaning

    rows = {
        "symbol": p.symbol,
        "meaning": p.meaning,
        "value": f"{p.default:.6g} {p.unit}",
        "range": f"{p.low:.6g} to {p.high:.6g} ({p.prior})",
        "hard bounds": p.hard_text,
        "role": p.role,
        "backing": p.backing,
        "formula": f"{p.formula}: {meaning(p.formula)}" if p.formula else "",
        "because": p.because,
        "chosen": p.chooses,
        "figures": "\n".join(cite(model.ledger[name], model) for name in p.figures),
        "range from": "\n".join(cite(model.ledger[name], model) for name in p.ends),
        "leans on": "\n".join(cite(model.ledger[name], model) for name in p.anchors),
    }
    return _card(p.name, rows)


def scenario_card(scenario: Scenario, model: Model) -> RenderableType:
    """Everything a scenario says."""
    rows = {
        "title": scenario.title,
        "question": scenario.question,
        "author": f"{scenario.author}, {scenario.date.isoformat()}",
        "base": scenario.base or "none: the parameters as they stand",
        "narrative": " ".join(scenario.narrative.split()),
        "changes": "\n".join(_change_line(change, model) for change in scenario.changes),
        "inherits": "\n".join(_change_line(change, model) for change in scenario.inherited),
        "held": ", ".join(f"{player} at {slug(action)}" for player, action in scenario.hold.items()),
        "order": " → ".join(" and ".join(stage) for stage in scenario.order or ()),
        "figures": "\n".join(cite(model.ledger[name], model) for name in scenario.figures),
        "claims": ", ".join(scenario.claims),
        "the documents expect": scenario.expect + (f" ({scenario.expect_source})" if scenario.expect_source else ""),
    }
    return _card(scenario.name, rows)


def _change_line(change: Change, model: Model) -> str:
    unit = model.catalogue[change.parameter].unit
    ends = f", {change.low:g} to {change.high:g} in sweeps" if change.low is not None else ""
    return f"{change.parameter} {change.base:g} → {change.value:g} {unit}{ends}: {change.because}"


def term_card(name: str, model: Model, parameters: Sequence[str]) -> RenderableType:
    """A payoff term's definition and the parameters it reads."""
    import inspect

    return _card(name, {"definition": inspect.getdoc(model.terms[name]) or "", "parameters": ", ".join(parameters)})


def source_card(key: str, model: Model) -> RenderableType:
    """Everything known about a source."""
    source = model.ledger.sources[key]
    figures = [figure.id for figure in model.ledger if figure.source == key]
    rows = {field: str(value) for field, value in vars(source).items() if value not in ("", False)}
    return _card(key, {**rows, "figures": f"{len(figures)}: {', '.join(figures)}"})


def _card(name: str, rows: dict[str, str]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    for label, text in rows.items():
        if text:
            table.add_row(label, Text(text))
    return Panel(table, title=Text(name), title_align="left", expand=False)


def figure_list(model: Model) -> RenderableType:
    """All figures, grouped by source."""
    table = new_table("figure", "value", "period", "where", title="Figures")
    for figure in model.ledger:
        table.add_row(figure.id, str(figure), figure.period, f"{figure.source}, {figure.place}")
    documents, external = model.ledger.count("document"), model.ledger.count("external")
    return Group(table, Text(f"{documents} figures of the documents, {external} external"))


def parameter_list(model: Model) -> RenderableType:
    """All parameters with what stands behind each, and how many rest on what."""
    table = new_table("parameter", ">default", ">low", ">high", "unit", "role", "backing", "rests on")
    for p in model.catalogue:
        rests = ", ".join(p.figures) if p.figures else p.because
        table.add_row(p.name, f"{p.default:.5g}", f"{p.low:.5g}", f"{p.high:.5g}", p.unit, p.role, p.backing, rests)
    counts = {kind: sum(p.backing == kind for p in model.catalogue) for kind in ("figure", "formula", "judgement")}
    total = ", ".join(f"{count} by {kind}" for kind, count in counts.items())
    return Group(table, Text(f"{len(model.catalogue)} parameters are backed: {total}"))


def scenario_list(scenarios: Iterable[Scenario]) -> RenderableType:
    """All shipped scenarios and the questions they ask."""
    table = new_table("scenario", "base", ">changes", "question", title="Shipped scenarios")
    for scenario in scenarios:
        table.add_row(scenario.name, scenario.base or "", str(len(scenario.changes)), scenario.question)
    return table


def term_list(model: Model) -> RenderableType:
    """All payoff terms, one line each."""
    import inspect

    table = new_table("term", "what it is", title="Payoff terms")
    for name, term in model.terms.items():
        table.add_row(name, (inspect.getdoc(term) or "").split(":")[0])
    return table


def source_list(model: Model) -> RenderableType:
    """All sources."""
    table = new_table("source", "kind", "author", "title", "date", ">figures", title="Sources")
    for key, source in model.ledger.sources.items():
        count = sum(figure.source == key for figure in model.ledger)
        date = f"{source.date} (inferred)" if source.date_inferred else source.date
        table.add_row(key, source.kind, source.by, source.title, date, str(count))
    return table
