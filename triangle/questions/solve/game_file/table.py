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
from triangle.showing.phrases import digits, noted, told, word, written
from triangle.showing.tables import TRUST_TEXT, proof_in_words, proof_text
from triangle.solvers.coalitions import CoalitionSolution
from triangle.solvers.repeated import RepeatedSolution
from triangle.solvers.selection import SelectionTable
from triangle.solvers.sequential import SequentialSolution

#: Profiles of which a table shows what patience they need; JSON has all.
SHOWN_PROFILES = 12

WHAT = {
    "pure": "Pure equilibria ({verdict}), with the players' payoffs",
    "mixed": "Equilibria in mixed actions ({verdict}), with the players' payoffs",
    "logit": "Logit equilibrium ({verdict}), with the players' payoffs",
}


def number(value: float) -> str:
    """A payoff of an unknown unit, for reading."""
    return "–" if not math.isfinite(value) else written(value, ".6g")


def profile_text(file: GameFile, profile: Sequence[int]) -> str:
    """A pure profile by name, for reading."""
    return "; ".join(f"{label(player)}: {label(action)}" for player, action in profile_names(file, profile).items())


def table(answer: GameAnswer) -> RenderableType:
    """The answer for people: what was found, by name, with what the solver says of it."""
    file = answer.file
    shape = "×".join(map(str, file.game.actions))
    title = printable(file.title, 200) or told("A game")
    parts: list[RenderableType] = [Text(told("{title} ({shape} actions)", title=title, shape=shape), style="bold")]
    if answer.held:
        named = "; ".join(
            told("{player} at {action}", player=label(player), action=label(action))
            for player, action in answer.held.items()
        )
        parts.append(Text(told("Held: {held}. Held players do not deviate.", held=named)))
    if answer.equilibria or answer.method in WHAT:
        parts.append(_equilibria(answer))
    if any(answer.agreements):
        parts.append(_agreements(answer))
    if answer.estimate is not None:
        parts += [Text(line) for line in answer.estimate.lines(told(" per unit of payoff"), told, digits)]
    shown: dict[type, Callable[[GameFile, Any], list[RenderableType]]] = {
        CorrelatedBounds: _bounds,
        SelectionTable: _rules,
        SequentialSolution: _outcomes,
        RepeatedSolution: _patience,
        CoalitionSolution: _coalitions,
    }
    if answer.found is not None:
        parts += shown[type(answer.found)](file, answer.found)
    parts += [Text(noted(line)) for line in answer.remarks]
    return Group(*parts)


def _players(file: GameFile) -> list[str]:
    return [f">{label(name)}" for name in file.player_labels]


def _equilibria(answer: GameAnswer) -> RenderableType:
    title = told(
        WHAT.get(answer.method, "Equilibria ({verdict}), with the players' payoffs"), verdict=word(answer.verdict)
    )
    part_of = {k: place for place, part in enumerate(answer.components, 1) for k in part}
    columns = [">no.", "equilibrium", *_players(answer.file), ">regret", *([">component"] if part_of else [])]
    proof = ["agreement-proof"] if answer.agreements else []
    rows = new_table(*columns, *proof, title=title)
    for place, e in enumerate(answer.equilibria):
        named = Text(plays(answer.file, e.probabilities))
        cells = (*map(number, e.payoffs), written(e.regret, ".1e"))
        part = [str(part_of[place])] if part_of else []
        rows.add_row(str(place + 1), named, *cells, *part, *([_proof(answer, place)] if proof else []))
    if proof:
        rows.footing = told("agreement-proof: {proof}", proof=proof_text(answer.trust))
    return rows


def _proof(answer: GameAnswer, place: int) -> str:
    away = answer.agreements[place]
    return proof_in_words(all(a.needs_more_than(answer.trust) for a in away), away[0].trust if away else None)


def _agreements(answer: GameAnswer) -> RenderableType:
    """The joint changes of two that lead away from the pure equilibria."""
    title = told("Joint changes that both gain by and both would keep")
    rows = new_table(">no.", "pair", "to", ">gains", ">trust", title=title)
    names, actions = answer.file.player_labels, answer.file.action_labels
    for place, away in enumerate(answer.agreements, 1):
        for a in away:
            pair = told(" and ").join(label(names[i]) for i in a.players)
            to = "; ".join(f"{label(names[i])}: {label(actions[i][a.profile[i]])}" for i in a.players)
            rows.add_row(
                str(place), Text(pair), Text(to), told(" and ").join(map(number, a.gains)), written(a.trust, ".2f")
            )
    rows.footing = word(TRUST_TEXT)
    return rows


def _bounds(file: GameFile, found: CorrelatedBounds) -> list[RenderableType]:
    columns = ("quantity", ">at least", ">at most", ">coarse: at least", ">at most")
    rows = new_table(*columns, title=told("Over all correlated equilibria"))
    plain, coarse = found.payoffs
    for i, player in enumerate(file.player_labels):
        ends = plain.minimum[i], plain.maximum[i], coarse.minimum[i], coarse.maximum[i]
        rows.add_row(Text(told("payoff of {player}", player=label(player))), *(number(float(end)) for end in ends))
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
    rules = new_table("rule", "picks", "scores", "measure", "note", title=told("What each rule of selection picks"))
    for r in found.rankings:
        scores = ", ".join("–" if score is None else written(score, ".3g") for score in r.scores)
        picked = ", ".join(str(k + 1) for k in r.chosen) or told("nothing")
        rules.add_row(word(r.rule), picked, scores, word(r.measure), noted(r.note))
        rules.add_section()
    agreed = ", ".join(str(k + 1) for k in found.agreed)
    line = told("All rules that speak agree on {agreed}.", agreed=agreed) if agreed else told("The rules do not agree.")
    return [rules, Text(line)]


def _outcomes(file: GameFile, found: SequentialSolution) -> list[RenderableType]:
    together = (told(" and ").join(label(file.player_labels[i]) for i in stage) for stage in found.order)
    places = {"stages": told(", then ").join(together), "verdict": word(found.verdict)}
    title = told("Subgame-perfect outcomes, {stages} ({verdict})", **places)
    rows = new_table("outcome", *_players(file), ">probability", title=title)
    for proven, listed in ((True, found.outcomes), (False, found.open_outcomes)):
        for outcome in listed:
            for profile, share in outcome.lottery:
                payoffs = (number(float(own[profile])) for own in file.game.payoffs)
                rows.add_row(
                    Text(profile_text(file, profile)), *payoffs, chance(share) + ("" if proven else told(" open"))
                )
            rows.add_section()
    return [rows]


def _patience(file: GameFile, found: RepeatedSolution) -> list[RenderableType]:
    rows = new_table(
        "profile",
        "punishment",
        *_players(file),
        "means",
        title=told("Critical discount factor of each player (–: no patience is enough)"),
    )
    for profile in _kept_up(file, found):
        for support in found.supports[-3::2]:
            needed = ("–" if delta is None else written(delta, ".3f") for delta in support.of(profile))
            nash = "Nash" in support.punishment
            name = told("the worst equilibrium for each") if nash else word(support.punishment)
            rows.add_row(Text(profile_text(file, profile)), name, *needed, word(support.means))
        rows.add_section()
    return [rows, Text(told("--json lists every profile and every punishment."))]


def _kept_up(file: GameFile, found: RepeatedSolution) -> list[tuple[int, ...]]:
    """The profiles that ask for the least patience under the harshest punishment, easiest first."""
    needed = found["minmax in correlated mixed actions"].needed
    reachable = [profile for profile in np.ndindex(needed.shape) if needed[profile] < 1.0]
    total = file.game.payoffs.sum(axis=0)
    return sorted(reachable, key=lambda profile: (needed[profile], -total[profile]))[:SHOWN_PROFILES]


def _coalitions(file: GameFile, found: CoalitionSolution) -> list[RenderableType]:
    names = [label(name) for name in file.player_labels]
    worth = new_table("coalition", ">worth", title=told("What each coalition can secure itself, in mixed actions"))
    for members, value in found.worth.items():
        worth.add_row(Text("+".join(names[i] for i in members)), number(value))
    shares = new_table("value", *_players(file), title=told("How the worth of all may be shared"))
    shares.add_row(told("Shapley value"), *map(number, found.shapley))
    shares.add_row(told("Banzhaf value"), *map(number, found.banzhaf))
    if found.nucleolus is not None:
        shares.add_row(told("nucleolus"), *map(number, found.nucleolus))
    for place, point in enumerate([] if found.core_vertices is None else found.core_vertices.tolist(), 1):
        shares.add_row(told("core, corner {place}", place=place), *map(number, point))
    core = told("The core is empty.") if found.core_empty else told("The core is not empty.")
    return [worth, shares, Text(f"{core} {told('It {assumption}.', assumption=word(found.assumption))}")]
