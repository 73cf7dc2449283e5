"""Scenarios beside each other, for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.players.axes import RU
from triangle.questions.compare.answer import Comparison
from triangle.scenarios.scenario import Change, counted_alike
from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.statements import gas, held_lines, inert
from triangle.showing.tables import TYPED, UNIT, agreement_proof, amount, proof_text, said
from triangle.study.study import Answer, Finding, Study


def comparison(studies: Sequence[Study], found: Comparison) -> RenderableType:
    """What ``compare`` shows: inputs that differ, equilibria, and every equilibrium's margin in every scenario."""
    names = [study.scenario.name for study in studies]
    parts: list[RenderableType] = []
    say = in_english(found.cast)
    if found.differing:
        # The scenarios run down and the parameters across only while that fits; a long list reads better as rows.
        inputs = new_table("parameter", TYPED, *(f">{name}" for name in names), title="What differs in the inputs")
        if len(names) <= 6:
            for name, values in found.differing.items():
                inputs.add_row(say.known("parameter", name), name, *(f"{value:g}" for value in values))
        else:
            inputs = new_table("scenario", "departs from the default world by", title="What differs in the inputs")
            for study in studies:
                inputs.add_row(study.scenario.name, _changes_text(study.scenario.all_changes, say))
        parts.append(inputs)
    else:
        parts.append(Text("The inputs do not differ."))
    answers = [solution.answer for solution in found.solutions]
    trust, cast = answers[0].trust, found.cast
    stances = new_table(
        "=scenario", *cast.codes, "triangle", "agreement-proof", f">β_{cast.codes[RU]}", title="Pure equilibria"
    )
    stances.footing = f"*: held there; agreement-proof: {proof_text(trust)}"
    amounts = new_table(
        "=scenario",
        *(f">{player}" for player in cast.codes),
        *(f">{player} loses" for player in cast.codes),
        title=f"What each has in them, and what it loses by leaving ({UNIT}; in brackets: held)",
    )
    for study, answer in zip(studies, answers, strict=True):
        _compare_rows(stances, amounts, study, answer)
    amounts.footing = "; ".join(
        f"{study.scenario.name} is counted in {study.scenario.yardstick or 'something else'}: not to be compared"
        for study in studies
        if not counted_alike(studies[0].scenario, study.scenario)
    )
    parts += [stances, amounts, *_notes(studies, answers), _margin_table(found)]
    return Group(*parts)


def _notes(studies: Sequence[Study], answers: Sequence[Answer]) -> list[RenderableType]:
    """What held powers would gain by leaving, what new gas costs, and which changes enter no comparison."""
    notes: list[RenderableType] = []
    for study, answer in zip(studies, answers, strict=True):
        say = in_english(study.cast)
        held = held_lines(study, answer, say) if answer.findings else []
        told = [*held, *gas(study, answer, say), *inert(study, say)]
        notes += [Text(f"\n{study.scenario.name}:"), said(told)] if told else []
    return notes


def _changes_text(changes: Iterable[Change], say: Phrases) -> str:
    latest = {change.parameter: change for change in changes}
    return "; ".join(f"{say.known('parameter', c.parameter)} {c.value:g}" for c in latest.values()) or "nothing"


def _compare_rows(stances: Table, amounts: Table, study: Study, answer: Answer) -> None:
    name, say = study.scenario.name, in_english(study.cast)
    if not answer.findings:
        stances.add_row(name, *["–"] * len(study.cast), "no pure equilibrium", "–", "–")
        amounts.add_row(name, *["–"] * 2 * len(study.cast))
    for place, finding in enumerate(answer.findings):
        label = name if place == 0 else ""
        actions = (say.action(i, a) + "*" * (i in study.hold) for i, a in enumerate(finding.profile))
        proof = agreement_proof(finding, answer.trust)
        stances.add_row(label, *actions, str(finding.configuration), proof, f"{finding.bargaining_share_ru:.2f}")
        amounts.add_row(label, *(amount(u) for u in finding.payoffs), *_losses(study, finding))


def _losses(study: Study, finding: Finding) -> list[str]:
    """What each player would lose by its best deviation, in brackets where it is held and cannot."""
    freely = {d.player: f"({amount(d.loss)})" for d in study.deviations(finding.profile, of_held=True)}
    return [freely.get(player, amount(loss)) for player, loss in enumerate(finding.losses)]


def _margin_table(found: Comparison) -> Table:
    """Every profile that is an equilibrium somewhere, with its margin everywhere."""
    table = new_table(
        "=scenario",
        *(f">{row.index}" for row in found.margins),
        title=f"Margin of each equilibrium profile in each scenario ({UNIT})",
    )
    say = in_english(found.cast)
    for place, name in enumerate(found.scenarios):
        cells = (row.margins[place] for row in found.margins)
        table.add_row(name, *("–" if cell is None else amount(cell) for cell in cells))
    names = [f"{row.index}: {say.profile(row.profile)}" for row in found.margins]
    table.footing = "\n".join(["negative: somebody leaves it; –: a player is held elsewhere", *names])
    return table
