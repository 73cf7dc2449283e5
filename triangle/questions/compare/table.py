"""Scenarios beside each other, for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.players.axes import RU
from triangle.questions.compare.answer import Comparison
from triangle.scenarios.scenario import Change, counted_alike
from triangle.showing.layout import headed
from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.statements import gas, headline, held_lines, inert
from triangle.showing.tables import TYPED, agreement_proof, amount, proof_text, said
from triangle.showing.worded import triangle_title
from triangle.study.study import Answer, Finding, Study


def comparison(studies: Sequence[Study], found: Comparison) -> RenderableType:
    """What ``compare`` shows: what is compared, inputs, equilibria, every equilibrium's margin in every scenario."""
    answers, say = [solution.answer for solution in found.solutions], spoken(found.cast)
    parts: list[RenderableType] = [_named(studies, answers)]
    if found.differing:
        # The scenarios run down and the parameters across only while that fits; a long list reads better as rows.
        title = told("What differs in the inputs")
        if len(studies) <= 6:
            heads = [f">{headed(titled(study))}" for study in studies]
            inputs = new_table("parameter", TYPED, *heads, title=title)
            for name, values in found.differing.items():
                inputs.add_row(say.known("parameter", name), name, *(written(value, "g") for value in values))
        else:
            inputs = new_table("scenario", "departs from the default world by", title=title)
            for study in studies:
                inputs.add_row(titled(study), _changes_text(study.scenario.all_changes, say))
        parts.append(inputs)
    else:
        parts.append(Text(told("The inputs do not differ.")))
    trust, cast = answers[0].trust, found.cast
    stances = new_table(
        "scenario", *cast.codes, "triangle", "agreement-proof", f">β_{cast.codes[RU]}", title=told("Pure equilibria")
    )
    stances.footing = told("*: held there; agreement-proof: {proof}", proof=proof_text(trust))
    amounts = new_table(
        "scenario",
        *(f">{player}" for player in cast.codes),
        *(f">{told('{player} loses', player=player)}" for player in cast.codes),
        title=told("What each has in them, and what it loses by leaving ({unit}; in brackets: held)"),
    )
    for study, answer in zip(studies, answers, strict=True):
        _compare_rows(stances, amounts, study, answer)
    amounts.footing = "; ".join(
        told(
            "“{scenario}” is counted in {yardstick}: not to be compared",
            scenario=titled(study),
            yardstick=counted(study),
        )
        for study in studies
        if not counted_alike(studies[0].scenario, study.scenario)
    )
    parts += [stances, amounts, *_notes(studies, answers), _margin_table(studies, found)]
    return Group(*parts)


def _named(studies: Sequence[Study], answers: Sequence[Answer]) -> RenderableType:
    """The scenarios by their titles, the answer of each, and once what is typed for it."""
    listed = new_table("scenario", "answer", TYPED, title=told("What is compared"))
    for study, answer in zip(studies, answers, strict=True):
        sentence = words_of(headline(study, answer, spoken(study.cast)))
        listed.add_row(titled(study), sentence, study.scenario.name)
    return listed


def titled(study: Study) -> str:
    """What a scenario is called in a table."""
    return word(study.scenario.title)


def counted(study: Study) -> str:
    """What a scenario's amounts are counted in."""
    return word(study.scenario.yardstick or "something else")


def _notes(studies: Sequence[Study], answers: Sequence[Answer]) -> list[RenderableType]:
    """What held powers would gain by leaving, what new gas costs, and which changes enter no comparison."""
    notes: list[RenderableType] = []
    for study, answer in zip(studies, answers, strict=True):
        say = spoken(study.cast)
        held = held_lines(study, answer, say) if answer.findings else []
        lines = [*held, *gas(study, answer, say), *inert(study, say)]
        notes += [Text(f"\n{titled(study)}:"), said(lines)] if lines else []
    return notes


def _changes_text(changes: Iterable[Change], say: Phrases) -> str:
    latest = {change.parameter: change for change in changes}
    named = (f"{say.known('parameter', c.parameter)} {written(c.value, 'g')}" for c in latest.values())
    return "; ".join(named) or told("nothing")


def _compare_rows(stances: Table, amounts: Table, study: Study, answer: Answer) -> None:
    name, say = titled(study), spoken(study.cast)
    if not answer.findings:
        stances.add_row(name, *["–"] * len(study.cast), told("no pure equilibrium"), "–", "–")
        amounts.add_row(name, *["–"] * 2 * len(study.cast))
    for place, finding in enumerate(answer.findings):
        label = name if place == 0 else ""
        actions = (say.action(i, a) + "*" * (i in study.hold) for i, a in enumerate(finding.profile))
        proof = agreement_proof(finding, answer.trust)
        beta = written(finding.bargaining_share_ru, ".2f")
        stances.add_row(label, *actions, triangle_title(finding.configuration), proof, beta)
        amounts.add_row(label, *(amount(u) for u in finding.payoffs), *_losses(study, finding))


def _losses(study: Study, finding: Finding) -> list[str]:
    """What each player would lose by its best deviation, in brackets where it is held and cannot."""
    freely = {d.player: f"({amount(d.loss)})" for d in study.deviations(finding.profile, of_held=True)}
    return [freely.get(player, amount(loss)) for player, loss in enumerate(finding.losses)]


def _margin_table(studies: Sequence[Study], found: Comparison) -> Table:
    """Every profile that is an equilibrium somewhere, with its margin everywhere."""
    title = told("Margin of each equilibrium profile in each scenario ({unit})")
    table = new_table("scenario", *(f">{row.index}" for row in found.margins), title=title)
    say = spoken(found.cast)
    for place, study in enumerate(studies):
        cells = (row.margins[place] for row in found.margins)
        table.add_row(titled(study), *("–" if cell is None else amount(cell) for cell in cells))
    names = [f"{row.index}: {say.profile(row.profile)}" for row in found.margins]
    table.footing = "\n".join([told("negative: somebody leaves it; –: a player is held elsewhere"), *names])
    return table
