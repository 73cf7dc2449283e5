"""Tables for people of the equilibria of a game tree."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.errors import printable
from triangle.questions.solve.tree_file.answer import TreeSolution
from triangle.showing.named import label
from triangle.showing.phrases import noted, told, word, written
from triangle.showing.tables import new_table, number, share

#: Longest reason of a refinement that is shown, in characters; names of a file stand in it.
LONGEST_REASON = 1000


def tree_tables(found: TreeSolution) -> RenderableType:
    """What ``solve FILE.efg`` shows."""
    parts: list[RenderableType] = [
        Text(
            told(
                "{file}: outcomes of perfect Bayesian equilibria: {n} ({verdict}).",
                file=found.file,
                n=len(found.equilibria),
                verdict=word(found.verdict),
            )
        )
    ]
    for place, one in enumerate(found.equilibria, 1):
        payoffs = ", ".join(f"{label(p)} {number(u)}" for p, u in zip(found.players, one.payoffs, strict=True))
        title = told("Equilibrium {place}: {payoffs}", place=place, payoffs=payoffs)
        rows = new_table("player", "information set", "plays", "believes", title=title)
        for at in one.play:
            played = [
                label(name) if p == 1.0 else f"{label(name)} {share(p)}"
                for name, p in zip(at.actions, at.probabilities, strict=True)
                if p > 0
            ]
            held = ", ".join(map(share, at.beliefs)) if len(at.beliefs) > 1 else ""
            rows.add_row(label(at.player), label(at.set), ", ".join(played), held)
        parts.append(rows)
        for name, why in one.removed:
            reason = printable(noted(why), LONGEST_REASON)
            parts.append(Text(told("{name} removes it: {why}.", name=word(name), why=reason)))
        template = "Largest gain at any set {gain}; Bayes residual {residual}."
        gain, residual = written(one.largest_gain, ".1e"), written(one.residual, ".1e")
        parts.append(Text(told(template, gain=gain, residual=residual)))
    notes = filter(None, (found.advice, *found.remarks))
    return Group(*parts, *(Text(noted(line)) for line in notes))
