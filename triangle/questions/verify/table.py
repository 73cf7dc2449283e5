"""What ``verify`` shows: the solvers, the equilibria, and who found which."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.errors import printable
from triangle.showing.named import plays_text
from triangle.showing.phrases import noted, told, word, written
from triangle.showing.tables import new_table, share
from triangle.solvers.peers.verification import Verification

#: How the others come along that one extra of the package brings.
GAMBIT = "pip install '.[gambit]'"


def verification(checked: Verification) -> RenderableType:
    """Solvers with their status, the equilibria, and the agreement matrix: a row a solver, a column an equilibrium."""
    shape = "×".join(map(str, checked.game.actions))
    title = printable(checked.game.title, 100) if checked.game.title else ""
    absent = [s for s in checked.solvers if s.status == "absent"]
    solvers = new_table(
        "solver",
        "aim",
        "status",
        ">seconds",
        "verdict",
        ">found",
        ">missed",
        "message",
        title=told(
            "Solvers on {title}, a {shape} game" if title else "Solvers on a {shape} game", title=title, shape=shape
        ),
    )
    ran = [s for s in checked.solvers if s.status != "absent"]
    for s in ran:
        solvers.add_row(
            s.name,
            word(s.aim),
            word(s.status),
            written(s.seconds, ".2f"),
            word(s.verdict or ""),
            str(len({one.match for one in s.found} - {None})),
            str(len(s.missed)),
            noted(s.message),
        )
    if absent:
        solvers.footing = told(
            "not installed, and not asked: {names}; in triangle's folder {command} brings Gambit's",
            names=", ".join(s.name for s in absent),
            command=GAMBIT,
        )
    named_game = checked.game.player_names is not None
    what = told("equilibrium") if named_game else told("probabilities of each player's actions")
    equilibria = new_table(">no.", what, ">regret", title=told("Equilibria found by anybody"))
    for place, one in enumerate(checked.equilibria, 1):
        mixed = "  ".join("(" + " ".join(share(p) for p in player) + ")" for player in one.probabilities)
        named = mixed if one.plays is None else plays_text(one.plays)
        equilibria.add_row(str(place), Text(named), written(one.regret, ".1e"))
    numbers = [str(place) for place in range(1, len(checked.equilibria) + 1)]
    matrix = new_table("solver", *numbers, title=told("Who found which"))
    for s in ran:
        matrix.add_row(s.name, *(told("yes") if s.name in one.found_by else "–" for one in checked.equilibria))
    lines = [*map(noted, checked.remarks), *map(noted, checked.contradictions)]
    if checked.failed:
        template = "{names} failed on this game: what is shown is without our own answer."
        lines.append(told(template, names=told(" and ").join(checked.failed)))
    elif not checked.contradictions:
        lines.append(told("No answer contradicts another; agreement is no proof of completeness."))
    return Group(solvers, equilibria, matrix, Text("\n".join(lines)))
