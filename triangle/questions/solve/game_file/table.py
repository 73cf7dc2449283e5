"""What ``solve`` shows of a game from a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.errors import printable
from triangle.games.interchange import GameFile
from triangle.questions.solve.game_file.answer import CorrelatedBounds, GameAnswer
from triangle.questions.solve.game_file.record import profile_names
from triangle.showing.layout import new_table
from triangle.showing.named import chance, label, plays
from triangle.showing.tables import TRUST_TEXT, proof_in_words, proof_text
from triangle.solvers.coalitions import CoalitionSolution
from triangle.solvers.repeated import RepeatedSolution
from triangle.solvers.selection import SelectionTable
from triangle.solvers.sequential import SequentialSolution

#: Profiles of which a table shows what patience they need; JSON has all.
SHOWN_PROFILES = 12

WHAT = {
    "pure": "Pure equilibria",
    "mixed": "Equilibria in mixed actions",
    "logit": "Logit equilibrium",
}


def number(value: float) -> str:
    """A payoff of an unknown unit, for reading."""
    return "–" if not math.isfinite(value) else f"{value:.6g}"


def profile_text(file: GameFile, profile: Sequence[int]) -> str:
    """A pure profile by name, for reading."""
    return "; ".join(f"{label(player)}: {label(action)}" for player, action in profile_names(file, profile).items())


def table(answer: GameAnswer) -> RenderableType:
    """The answer for people: what was found, by name, with what the solver says of it."""
    file = answer.file
    shape = "×".join(map(str, file.game.actions))
    parts: list[RenderableType] = [Text(f"{printable(file.title, 200) or 'A game'} ({shape} actions)", style="bold")]
    if answer.held:
        named = "; ".join(f"{label(player)} at {label(action)}" for player, action in answer.held.items())
        parts.append(Text(f"Held: {named}. Held players do not deviate."))
    if answer.equilibria or answer.method in WHAT:
        parts.append(_equilibria(answer))
    if any(answer.agreements):
        parts.append(_agreements(answer))
    if answer.estimate is not None:
        parts += [Text(line) for line in answer.estimate.lines(" per unit of payoff")]
    shown: dict[type, Callable[[GameFile, Any], list[RenderableType]]] = {
        CorrelatedBounds: _bounds,
        SelectionTable: _rules,
        SequentialSolution: _outcomes,
        RepeatedSolution: _patience,
        CoalitionSolution: _coalitions,
    }
    if answer.found is not None:
        parts += shown[type(answer.found)](file, answer.found)
    parts += [Text(line) for line in answer.remarks]
    return Group(*parts)


def _players(file: GameFile) -> list[str]:
    return [f">{label(name)}" for name in file.player_labels]


def _equilibria(answer: GameAnswer) -> RenderableType:
    title = f"{WHAT.get(answer.method, 'Equilibria')} ({answer.verdict})"
    part_of = {k: place for place, part in enumerate(answer.components, 1) for k in part}
    columns = [">no.", "equilibrium", *_players(answer.file), ">regret", *([">component"] if part_of else [])]
    proof = ["agreement-proof"] if answer.agreements else []
    rows = new_table(*columns, *proof, title=f"{title}, with the players' payoffs")
    for place, e in enumerate(answer.equilibria):
        named = Text(plays(answer.file, e.probabilities))
        cells = (*map(number, e.payoffs), f"{e.regret:.1e}")
        part = [str(part_of[place])] if part_of else []
        rows.add_row(str(place + 1), named, *cells, *part, *([_proof(answer, place)] if proof else []))
    if proof:
        rows.footing = f"agreement-proof: {proof_text(answer.trust)}"
    return rows


def _proof(answer: GameAnswer, place: int) -> str:
    away = answer.agreements[place]
    return proof_in_words(all(a.needs_more_than(answer.trust) for a in away), away[0].trust if away else None)


def _agreements(answer: GameAnswer) -> RenderableType:
    """The joint changes of two that lead away from the pure equilibria."""
    rows = new_table(
        ">no.", "pair", "to", ">gains", ">trust", title="Joint changes that both gain by and both would keep"
    )
    names, actions = answer.file.player_labels, answer.file.action_labels
    for place, away in enumerate(answer.agreements, 1):
        for a in away:
            pair = " and ".join(label(names[i]) for i in a.players)
            to = "; ".join(f"{label(names[i])}: {label(actions[i][a.profile[i]])}" for i in a.players)
            rows.add_row(str(place), Text(pair), Text(to), " and ".join(map(number, a.gains)), f"{a.trust:.2f}")
    rows.footing = TRUST_TEXT
    return rows


def _bounds(file: GameFile, found: CorrelatedBounds) -> list[RenderableType]:
    rows = new_table(
        "quantity", ">at least", ">at most", ">coarse: at least", ">at most", title="Over all correlated equilibria"
    )
    plain, coarse = found.payoffs
    for i, player in enumerate(file.player_labels):
        ends = plain.minimum[i], plain.maximum[i], coarse.minimum[i], coarse.maximum[i]
        rows.add_row(Text(f"payoff of {label(player)}"), *(number(float(end)) for end in ends))
    if found.profiles:
        rows.add_section()
        few, coarse_few = found.profiles
        for place, profile in enumerate(np.ndindex(file.game.actions)):
            ends = few.minimum[place], few.maximum[place], coarse_few.minimum[place], coarse_few.maximum[place]
            rows.add_row(
                Text(profile_text(file, profile)),
                *("–" if np.isnan(end) else chance(max(0.0, float(end))) for end in ends),
            )
    return [rows]


def _rules(file: GameFile, found: SelectionTable) -> list[RenderableType]:
    rules = new_table("rule", "picks", "scores", "measure", "note", title="What each rule of selection picks")
    for r in found.rankings:
        scores = ", ".join("–" if score is None else f"{score:.3g}" for score in r.scores)
        rules.add_row(r.rule, ", ".join(str(k + 1) for k in r.chosen) or "nothing", scores, r.measure, r.note)
        rules.add_section()
    agreed = ", ".join(str(k + 1) for k in found.agreed)
    line = f"All rules that speak agree on {agreed}." if agreed else "The rules do not agree."
    return [rules, Text(line)]


def _outcomes(file: GameFile, found: SequentialSolution) -> list[RenderableType]:
    stages = ", then ".join(" and ".join(label(file.player_labels[i]) for i in stage) for stage in found.order)
    rows = new_table(
        "outcome", *_players(file), ">probability", title=f"Subgame-perfect outcomes, {stages} ({found.verdict})"
    )
    for proven, listed in ((True, found.outcomes), (False, found.open_outcomes)):
        for outcome in listed:
            for profile, share in outcome.lottery:
                payoffs = (number(float(own[profile])) for own in file.game.payoffs)
                rows.add_row(Text(profile_text(file, profile)), *payoffs, chance(share) + ("" if proven else " open"))
            rows.add_section()
    return [rows]


def _patience(file: GameFile, found: RepeatedSolution) -> list[RenderableType]:
    rows = new_table(
        "profile",
        "punishment",
        *_players(file),
        "means",
        title="Critical discount factor of each player (–: no patience is enough)",
    )
    for profile in _kept_up(file, found):
        for support in found.supports[-3::2]:
            needed = ("–" if delta is None else f"{delta:.3f}" for delta in support.of(profile))
            name = "the worst equilibrium for each" if "Nash" in support.punishment else support.punishment
            rows.add_row(Text(profile_text(file, profile)), name, *needed, support.means)
        rows.add_section()
    return [rows, Text("--json lists every profile and every punishment.")]


def _kept_up(file: GameFile, found: RepeatedSolution) -> list[tuple[int, ...]]:
    """The profiles that ask for the least patience under the harshest punishment, easiest first."""
    needed = found["minmax in correlated mixed actions"].needed
    reachable = [profile for profile in np.ndindex(needed.shape) if needed[profile] < 1.0]
    total = file.game.payoffs.sum(axis=0)
    return sorted(reachable, key=lambda profile: (needed[profile], -total[profile]))[:SHOWN_PROFILES]


def _coalitions(file: GameFile, found: CoalitionSolution) -> list[RenderableType]:
    names = [label(name) for name in file.player_labels]
    worth = new_table("coalition", ">worth", title="What each coalition can secure itself, in mixed actions")
    for members, value in found.worth.items():
        worth.add_row(Text("+".join(names[i] for i in members)), number(value))
    shares = new_table("value", *_players(file), title="How the worth of all may be shared")
    shares.add_row("Shapley value", *map(number, found.shapley))
    shares.add_row("Banzhaf value", *map(number, found.banzhaf))
    if found.nucleolus is not None:
        shares.add_row("nucleolus", *map(number, found.nucleolus))
    for place, point in enumerate([] if found.core_vertices is None else found.core_vertices.tolist(), 1):
        shares.add_row(f"core, corner {place}", *map(number, point))
    core = "The core is empty." if found.core_empty else "The core is not empty."
    return [worth, shares, Text(f"{core} It {found.assumption}.")]
