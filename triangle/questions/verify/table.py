"""What ``verify`` shows: the solvers, the equilibria, and who found which."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.errors import printable
from triangle.showing.named import plays_text
from triangle.showing.tables import new_table, share
from triangle.solvers.peers.verification import Verification


def verification(checked: Verification) -> RenderableType:
    """Solvers with their status, the equilibria, and the agreement matrix: a row a solver, a column an equilibrium."""
    shape = "×".join(map(str, checked.game.actions))
    titled = f"{printable(checked.game.title, 100)}, " if checked.game.title else ""
    solvers = new_table(
        "solver",
        "aim",
        "status",
        ">seconds",
        "verdict",
        ">found",
        ">missed",
        "message",
        title=f"Solvers on {titled}a {shape} game",
    )
    for s in checked.solvers:
        missed = "" if s.status == "absent" else str(len(s.missed))
        verdict = s.verdict or ""
        solvers.add_row(
            s.name,
            s.aim,
            s.status,
            f"{s.seconds:.2f}",
            verdict,
            str(len({one.match for one in s.found} - {None})),
            missed,
            s.message,
        )
    ran = [s.name for s in checked.solvers if s.status != "absent"]
    what = "equilibrium" if checked.game.player_names is not None else "probabilities of each player's actions"
    equilibria = new_table(">no.", what, ">regret", title="Equilibria found by anybody")
    for place, one in enumerate(checked.equilibria, 1):
        mixed = "  ".join("(" + " ".join(share(p) for p in player) + ")" for player in one.probabilities)
        named = mixed if one.plays is None else plays_text(one.plays)
        equilibria.add_row(str(place), Text(named), f"{one.regret:.1e}")
    numbers = [str(place) for place in range(1, len(checked.equilibria) + 1)]
    matrix = new_table("solver", *numbers, title="Who found which")
    for name in ran:
        matrix.add_row(name, *("yes" if name in one.found_by else "–" for one in checked.equilibria))
    lines = [*checked.remarks, *checked.contradictions]
    if checked.failed:
        lines.append(f"{' and '.join(checked.failed)} failed on this game: what is shown is without our own answer.")
    elif not checked.contradictions:
        lines.append("No answer contradicts another; agreement is no proof of completeness.")
    return Group(solvers, equilibria, matrix, Text("\n".join(lines)))
