"""Tables for people of Bayesian equilibria."""

from __future__ import annotations

from functools import partial

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.solve.types.answer import TypedAnswer, TypedEquilibrium
from triangle.showing.phrases import noted, spoken, told, word, written
from triangle.showing.tables import amount, form_text, new_table, share
from triangle.showing.worded import configuration_title, opened


def types_tables(found: TypedAnswer) -> RenderableType:
    """What ``solve --types`` shows: how often types differ, each where it is known, the equilibria, what is learnt."""
    parts: list[RenderableType] = [Text("\n".join(differ_lines(found))), _known(found)]
    parts += [
        Text(
            told("Warning: {one} and {other} do the same where all types are known.", one=word(one), other=word(other))
        )
        for one, other in found.alike
    ]
    parts.append(_equilibria(found))
    if found.equilibria:
        parts.append(_learnt(found))
    return Group(*parts, _swept(found), Text("\n".join(types_notes(found))))


def differ_lines(found: TypedAnswer) -> list[str]:
    """How often the types of each player act differently at all."""
    return [
        told(
            "{scenario}: over {n} draws of everything uncertain the types of {player}, where they are known, do "
            "different things in {share}.",
            scenario=found.scenario,
            n=found.samples,
            player=player,
            share=written(share_of, ".1%"),
        )
        for player, share_of in found.differ
    ]


def _names(found: TypedAnswer) -> list[str]:
    return [f"{agent.player} {word(agent.type)}".strip() for agent in found.agents]


def _known(found: TypedAnswer) -> RenderableType:
    rows = new_table(
        "agent", ">probability", "does where all types are known", title=told("Each type where it is known")
    )
    say = spoken(found.cast)
    for name, agent in zip(_names(found), found.agents, strict=True):
        known = ", ".join(say.action_of(agent.player, action) for action in agent.known)
        rows.add_row(name, share(agent.probability), known or told("no pure equilibrium"))
    return rows


def _equilibria(found: TypedAnswer) -> RenderableType:
    title = told(
        "Bayesian equilibria, {method} ({verdict}; {unit}, before types are known)",
        method=word(found.method),
        verdict=word(found.verdict),
    )
    rows = new_table(*_names(found), *(f">{p}" for p in found.players), "triangle", title=title)
    for one in found.equilibria:
        chances = ", ".join(
            f"{configuration_title(key, found.cast)} {share(p)}" for key, p in one.configurations.items() if p > 5e-4
        )
        rows.add_row(*_played(found, one), *(amount(u) for u in one.payoffs), chances)
    return rows


def _played(found: TypedAnswer, one: TypedEquilibrium) -> list[str]:
    cells, say = [], spoken(found.cast)
    for agent, mixed in zip(found.agents, one.strategies, strict=True):
        actions = found.actions[found.players.index(agent.player)]
        played = [(say.action_of(agent.player, name), p) for name, p in zip(actions, mixed, strict=True) if p > 5e-4]
        cells.append(", ".join(name if p > 0.9995 else f"{name} {share(p)}" for name, p in played))
    return cells


def _learnt(found: TypedAnswer) -> RenderableType:
    rows = new_table(">equilibrium", "player", "seen", "probability of each type then", title=told("What is learnt"))
    for place, one in enumerate(found.equilibria, 1):
        for player, action, shares in one.posteriors:
            types = [agent.type for agent in found.agents if agent.player == player]
            said = ", ".join(f"{word(name)} {share(p)}" for name, p in zip(types, shares, strict=True))
            rows.add_row(str(place), player, spoken(found.cast).action_of(player, action), said)
    return rows


def _swept(found: TypedAnswer) -> RenderableType:
    types = [agent.type for agent in found.agents if agent.player == found.swept]
    title = told("What the types of {player} do over the prior (pure)", player=found.swept)
    rows = new_table(f">{types[-1]}", *types, title=title)
    before, called = None, partial(spoken(found.cast).action_of, found.swept)
    for step in found.steps:
        if step.actions != before:
            played = (", ".join(map(called, own)) or told("none") for own in step.actions)
            rows.add_row(told("from {prior}", prior=written(step.prior, ".2f")), *played)
            before = step.actions
    return rows


def types_notes(found: TypedAnswer) -> list[str]:
    """What knowing is worth, and on what all rests."""
    lines = [noted(found.advice)] if found.advice else []
    if found.information is None:
        lines.append(told("What it is worth to know the types is not said: some game has no pure equilibrium."))
    else:
        spans = [
            f"{player} {amount(low)}"
            if high - low < 0.05
            else told("{player} {low} to {high}", player=player, low=amount(low), high=amount(high))
            for player, (low, high) in zip(found.players, found.information, strict=True)
        ]
        template = "That types were known to all is worth, {unit}: {spans} (over pure equilibria)."
        lines.append(told(template, spans=", ".join(spans)))
    template = "{form}. Types and priors are judged: read the sweep."
    lines.append(told(template, form=opened(form_text(found.form))))
    return lines
