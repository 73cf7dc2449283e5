"""Pictures of the game of a file: equilibria as bars, the logit branch as curves, correlated bounds as spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from triangle.base.errors import BadInput, Fault, printable
from triangle.games.readings import in_short
from triangle.questions.solve.game_file.answer import GameAnswer
from triangle.showing.named import label
from triangle.showing.phrases import told, word, written
from triangle.showing.plots import (
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    YELLOW,
    Plot,
    columns_of,
    common_label,
    fill,
    new_plot,
    panels_of,
    pt,
    sign,
    styled,
)
from triangle.solvers.logit.branch import LogitPath, logit_path

#: Colour, hatch and line of each action by its number; no two are alike in grey.
LOOKS = (
    *(("#BBBBBB", "", "-"), (SKY, "////", "--"), (ORANGE, "....", "-."), (GREEN, "xx", ":")),
    *((PINK, "----", (0, (5, 1))), (YELLOW, "||||", (0, (1, 4))), (BLUE, "", (0, (3, 1))), (RED, "++", (0, (8, 3)))),
)  # fmt: skip
#: Colours of lines, dark enough for a thin one.
INKS = ("#000000", BLUE, ORANGE, GREEN, PINK, "#777777", SKY, RED)
#: Most players of whom each has a panel, and most equilibria that are drawn.
MOST_PLAYERS, MOST_DRAWN = 6, 8


@styled
def plot(answer: GameAnswer) -> Plot:
    """The picture of an answer by one of the methods that have one.

    Raises
    ------
    BadInput
        For more players or actions than can be told apart, and where there is nothing to be drawn.
    """
    players, actions = answer.file.game.n_players, max(answer.file.game.actions)
    if players > MOST_PLAYERS or actions > len(LOOKS):
        most = f"at most {MOST_PLAYERS} players with {len(LOOKS)} actions each are drawn"
        raise BadInput(Fault("--plot", "", f"{most}; the game has {players} players with up to {actions}"))
    if answer.method == "correlated":
        drawn = _bounds(answer)
    elif answer.method == "logit":
        drawn = _branch(answer)
    else:
        drawn = _bars(answer)
    title = printable(answer.file.title, 100) or told("A game")
    drawn.suptitle(f"{title}\n{_what(answer)}", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")
    held = (
        told("{player} held at “{action}”", player=label(player), action=label(action))
        for player, action in answer.held.items()
    )
    method = told("correlated equilibria") if answer.method == "correlated" else word(answer.method)
    more = len(answer.equilibria) - MOST_DRAWN
    left = told(" · {n} more not drawn", n=more) if more > 0 else ""
    sign(drawn, ", ".join((method, word(answer.verdict), *held)) + left)
    return drawn


def _what(answer: GameAnswer) -> str:
    if answer.method == "correlated":
        return told("Over all correlated equilibria")
    if answer.method == "logit":
        return told("Logit quantal response")
    pure = answer.method == "pure"
    return told("Pure equilibria: {n}" if pure else "Known equilibria: {n}", n=len(answer.equilibria))


def _bars(answer: GameAnswer) -> Plot:
    """Probabilities of each player's actions in each equilibrium, one bar an equilibrium."""
    shown = answer.equilibria[:MOST_DRAWN]
    if not shown:
        raise BadInput(Fault("--plot", "", "there is no equilibrium to be drawn"))
    drawn = new_plot(2.0 + 3.0 * len(answer.file.players), 2.8 + 0.5 * len(shown))
    panels = panels_of(drawn, len(answer.file.players), sharey=True)
    for player, axes in enumerate(panels):
        for place, equilibrium in enumerate(shown):
            _bar(axes, place, equilibrium.probabilities[player])
        axes.set(xlim=(0, 1), title=label(answer.file.player_labels[player]))
        axes.tick_params(axis="y", length=0)
        _key(axes, answer.file.action_labels[player])
    panels[0].set_yticks(range(len(shown)), [told("no. {place}", place=place) for place in range(1, len(shown) + 1)])
    panels[0].set_ylim(len(shown) - 0.5, -0.5)
    common_label(panels, told("probability of each action"))
    return drawn


def _bar(axes: Any, place: int, probabilities: Sequence[float]) -> None:
    left = 0.0
    for probability, (colour, hatch, _) in zip(probabilities, LOOKS, strict=False):
        axes.barh(place, probability, left=left, **fill(colour, hatch), height=0.66)
        left += probability


def _key(axes: Any, names: Sequence[str]) -> None:
    """Which look is which action of this player, below its panel."""
    looks = [Patch(**fill(c, h), label=label(name)) for name, (c, h, _) in zip(names, LOOKS, strict=False)]
    axes.legend(handles=looks, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, borderaxespad=4.5)


def _branch(answer: GameAnswer) -> Plot:
    """Probabilities of each player's actions along the principal branch, over λ."""
    asked = float(str(answer.settings["lam"]))
    if asked == 0 or not np.isfinite(10.0 * asked) or all(count == 1 for count in answer.file.game.actions):
        raise BadInput(Fault("--plot", "", "the branch is a single point: nobody is free, or λ is zero or no number"))
    path = logit_path(answer.file.game, 10.0 * asked)
    players = len(answer.file.players)
    drawn = new_plot(3.5 * players, 4.2)
    panels = panels_of(drawn, players, sharey=columns_of(players) > 1)
    for player, axes in enumerate(panels):
        _curves(axes, path, player, answer.file.action_labels[player])
        axes.set(title=label(answer.file.player_labels[player]), ylim=(-0.02, 1.02), xscale="log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value, "g")))
        axes.axvline(asked, color="#555555", linewidth=0.9, linestyle=":")
        axes.grid(True)
    panels[0].set_ylabel(told("probability of each action"))
    asked_for = told("λ, per unit of payoff; dotted: asked for")
    common_label(panels, told("λ, per unit of payoff; dotted: estimated") if answer.estimate else asked_for)
    return drawn


def _curves(axes: Any, path: LogitPath, player: int, names: Sequence[str]) -> None:
    positive = path.lam[path.lam > 0]
    lam = np.maximum(path.lam, positive.min() if positive.size else 1e-6)
    for curve, name, (_, _, line), ink in zip(path.probabilities[player], names, LOOKS, INKS, strict=False):
        axes.plot(lam, curve, color=ink, linestyle=line, linewidth=1.8, label=label(name))
    axes.legend(loc="best")


def _bounds(answer: GameAnswer) -> Plot:
    """Least and largest payoff of each player over all correlated and all coarse correlated equilibria."""
    plain, coarse = answer.found.payoffs
    names = [label(name) for name in answer.file.player_labels]
    for place, origin in enumerate(answer.file.origins):
        names[place] += "\n" + told("from {origin}", origin=in_short(origin)) if origin else ""
    drawn = new_plot(9.0, 1.8 + 0.5 * len(names))
    axes = drawn.subplots()
    for place in range(len(names)):
        wide, narrow = ((b.minimum[place], b.maximum[place]) for b in (coarse, plain))
        axes.plot(wide, [place] * 2, color="#BBBBBB", linewidth=9, solid_capstyle="butt")
        axes.plot(narrow, [place] * 2, color=BLUE, linewidth=4, solid_capstyle="butt")
        axes.plot(narrow, [place] * 2, "|", color=BLUE, markersize=13, markeredgewidth=2.2)
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(len(names) - 0.5, -0.5), xlabel=told("payoff"))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    fine, coarse_too = told("correlated equilibria"), told("coarse correlated")
    looks = [Patch(color=BLUE, label=fine), Patch(color="#BBBBBB", label=coarse_too)]
    drawn.legend(handles=looks, loc="outside lower right", ncols=2)
    return drawn
