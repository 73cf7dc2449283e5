"""Tables for people of the equilibria of a game tree."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.solve.tree_file.answer import TreeSolution
from triangle.showing.tables import new_table, number, share


def tree_tables(found: TreeSolution) -> RenderableType:
    """What ``solve FILE.efg`` shows."""
    parts: list[RenderableType] = [
        Text(f"{found.file}: {len(found.equilibria)} outcomes of perfect Bayesian equilibria ({found.verdict}).")
    ]
    for place, one in enumerate(found.equilibria, 1):
        payoffs = ", ".join(f"{p} {number(u)}" for p, u in zip(found.players, one.payoffs, strict=True))
        rows = new_table("player", "information set", "plays", "believes", title=f"Equilibrium {place}: {payoffs}")
        for at in one.play:
            played = [
                name if p == 1.0 else f"{name} {share(p)}"
                for name, p in zip(at.actions, at.probabilities, strict=True)
                if p > 0
            ]
            held = ", ".join(map(share, at.beliefs)) if len(at.beliefs) > 1 else ""
            rows.add_row(at.player, at.set, ", ".join(played), held)
        parts.append(rows)
        parts += [Text(f"{name} removes it: {why}.") for name, why in one.removed]
        parts.append(Text(f"Largest gain at any set {one.largest_gain:.1e}; Bayes residual {one.residual:.1e}."))
    return Group(*parts, Text(found.advice)) if found.advice else Group(*parts)
