"""Pictures of the questions beyond pure equilibria: mixed actions, the logit branch, bounds, orders of moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from triangle.base.errors import BadInput, Fault
from triangle.games.solution import Equilibrium
from triangle.players.cast import Cast
from triangle.players.configurations import configuration_title
from triangle.questions.solve import answer as questions
from triangle.questions.solve.record import Bounds, InOrder, MixedEquilibrium, MixedSolution
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    SKY,
    UNIT,
    Plot,
    action_text,
    columns_of,
    common_label,
    fill,
    heading,
    held,
    new_plot,
    panels_of,
    pt,
    sign,
    styled,
)
from triangle.showing.tables import share
from triangle.solvers.logit.branch import LogitPath
from triangle.study.study import Study

#: Colour and hatch of each action by its number, the same for every player.
ACTION_LOOKS = (("#BBBBBB", ""), (SKY, "////"), (ORANGE, "...."), (GREEN, "xx"))


@styled
def mixed_plot(study: Study, answer: MixedSolution, most: int = 8) -> Plot:
    """Probabilities of each player's actions in each equilibrium, one bar an equilibrium."""
    findings, cast = answer.equilibria[:most], study.cast
    others = ", ".join(cast.codes[1:])
    plot = new_plot(11.0, 2.4 + 0.5 * len(findings))
    panels = panels_of(plot, 3, sharey=True)
    for player, axes in enumerate(panels):
        for place, finding in enumerate(findings):
            _probability_bar(axes, place, finding.probabilities[player])
        axes.set(xlim=(0, 1), title=study.cast.countries[player])
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(findings)), [_likeliest(finding, study.cast) for finding in findings])
    panels[0].set_ylim(len(findings) - 0.5, -0.5)
    common_label(panels, "probability of each action")
    handles = [
        Patch(**fill(c, h), label=f"{action_text(cast, 0, a)} ({cast.codes[0]}), {action_text(cast, 1, a)} ({others})")
        for a, (c, h) in enumerate(ACTION_LOOKS)
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=columns_of(2))
    plot.suptitle(f"{heading(study)}\n{_what(answer)}", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")
    more = f" · {len(answer.equilibria) - most} more not drawn" if len(answer.equilibria) > most else ""
    sign(plot, f"scenario {study.scenario.name}{held(study)}{more}")
    return plot


def _what(answer: MixedSolution) -> str:
    if answer.played.method == "logit":
        return "Logit equilibrium"
    count = len(answer.equilibria)
    return f"{count} {'equilibrium' if count == 1 else 'equilibria'} in mixed actions, {answer.verdict}"


def _likeliest(finding: MixedEquilibrium, cast: Cast) -> str:
    key = max(finding.configurations, key=lambda k: finding.configurations[k])
    return f"{configuration_title(key, cast)} {share(finding.configurations[key])}"


def _probability_bar(axes: Any, place: int, probabilities: tuple[float, ...]) -> None:
    left = 0.0
    for action, probability in enumerate(probabilities):
        colour, hatch = ACTION_LOOKS[action]
        axes.barh(place, probability, left=left, **fill(colour, hatch), height=0.66)
        if probability >= 0.12:
            label = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
            text = f"{probability:.2f}"
            axes.text(left + probability / 2, place, text, ha="center", va="center", fontsize=pt(8), bbox=label)
        left += probability


@styled
def logit_plot(study: Study, answer: MixedSolution) -> Plot:
    """The principal logit branch: probabilities of actions, and of configurations, over λ."""
    asked = float(str(answer.settings["lam"]))
    if len(study.hold) == len(study.cast) or asked == 0:
        raise BadInput(Fault("--plot", "", "the branch is a single point: nobody is free, or λ is zero"))
    path = questions.logit_branch(study, asked)
    plot = new_plot(10.5, 14.0 / columns_of(2))
    panels = plot.subplots(4 // columns_of(2), columns_of(2), sharex=True).ravel()
    rows = [_at(study, path, point) for point in range(len(path.lam))]
    lam = np.maximum(path.lam, _smallest_positive(path.lam))
    for player, axes in enumerate(panels[:3]):
        for action in range(study.cast.shape[player]):
            colour = (BLACK, BLUE, ORANGE, GREEN)[action]
            style = ("-", "--", "-.", ":")[action]
            curve = [probabilities[player][action] for probabilities, _ in rows]
            if max(curve) > 0:
                axes.plot(
                    lam,
                    curve,
                    color=colour,
                    linestyle=style,
                    linewidth=1.8,
                    label=action_text(study.cast, player, action),
                )
        axes.set(title=study.cast.countries[player], ylabel="probability of each action", ylim=(-0.02, 1.02))
        axes.legend(loc="best")
    keys = sorted({key for _, configurations in rows for key in configurations})
    keys = sorted(keys, key=lambda k: -max(configurations.get(k, 0.0) for _, configurations in rows))[:4]
    for key, colour, style in zip(keys, (SKY, ORANGE, GREEN, PINK), ("-", "--", "-.", ":"), strict=False):
        curve = [configurations.get(key, 0.0) for _, configurations in rows]
        title = configuration_title(key, study.cast)
        panels[3].plot(lam, curve, color=colour, linestyle=style, linewidth=1.8, label=title)
    panels[3].set(title="The triangle", ylabel="probability", ylim=(-0.02, 1.02))
    panels[3].legend(loc="best")
    for axes in panels:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.axvline(asked, color="#555555", linewidth=0.9, linestyle=":")
        axes.grid(True)
    for axes in panels[-columns_of(2) :]:
        axes.set_xlabel("λ, per billion US dollars a year; dotted: asked for")
    plot.suptitle(f"{heading(study)}\nLogit quantal response", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")
    folds = f", {len(path.folds)} folds passed" if len(path.folds) else ""
    sign(plot, f"scenario {study.scenario.name}{held(study)} · principal branch{folds}, {answer.verdict}")
    return plot


def _smallest_positive(lam: Any) -> float:
    positive = lam[lam > 0]
    return float(positive.min()) if positive.size else 1e-6


def _at(study: Study, path: LogitPath, point: int) -> tuple[questions.Probabilities, Any]:
    """Probabilities of all players and of the configurations at a point of the branch."""
    local = tuple(tuple(map(float, mixed[:, point])) for mixed in path.probabilities)
    finding = questions.read_finding(study, Equilibrium(local, (0.0, 0.0, 0.0), 0.0))
    return finding.probabilities, finding.configurations


@styled
def correlated_plot(study: Study, answer: Bounds) -> Plot:
    """Least and largest values over all correlated equilibria: payoffs, and probabilities."""
    payoffs = [r for r in answer.ranges if r.unit == "bn USD/yr"]
    shares = [r for r in answer.ranges if r.unit != "bn USD/yr"]
    plot = new_plot(10.0, 6.2)
    panels = plot.subplots(2, 1, height_ratios=(len(payoffs), len(shares)))
    for axes, ranges, label in zip(
        panels, (payoffs, shares), (f"payoff, {UNIT}", "probability; fraction of the surplus"), strict=True
    ):
        for place, r in enumerate(ranges):
            axes.plot([r.coarse_low, r.coarse_high], [place] * 2, color="#BBBBBB", linewidth=9, solid_capstyle="butt")
            axes.plot([r.low, r.high], [place] * 2, color=BLUE, linewidth=4, solid_capstyle="butt")
            axes.plot([r.low, r.high], [place] * 2, "|", color=BLUE, markersize=13, markeredgewidth=2.2)
        axes.set_yticks(range(len(ranges)), [r.quantity.replace("_", " ") for r in ranges])
        axes.set_ylim(len(ranges) - 0.5, -0.5)
        axes.set_xlabel(label)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    panels[1].set_xlim(-0.02, 1.02)
    handles = [Patch(color=BLUE, label="correlated equilibria"), Patch(color="#BBBBBB", label="coarse correlated")]
    plot.legend(handles=handles, loc="outside lower right", ncols=2)
    title = f"{heading(study)}\nWhat holds whatever equilibrium is selected"
    plot.suptitle(title, fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")
    sign(plot, f"scenario {study.scenario.name}{held(study)} · {answer.verdict}")
    return plot


@styled
def order_plot(study: Study, answer: InOrder) -> Plot:
    """What each player gets under every order of moves, beside moving at once."""
    simultaneous = questions.at_once(study)
    ends = tuple(zip(simultaneous.low, simultaneous.high, strict=True))
    rows = [("at once", ends, False)]
    for row in answer.rows:
        label = ", ".join("+".join(study.cast.codes[i] for i in stage) for stage in row.order)
        rows.append((label, row.payoffs, row.order == answer.played.order))
    plot = new_plot(11.0, 1.6 + 0.32 * len(rows))
    panels = panels_of(plot, 3, sharey=True)
    for player, axes in enumerate(panels):
        axes.axvspan(*ends[player], color="#DDDDDD", zorder=0)
        for place, (_, payoffs, asked) in enumerate(rows):
            axes.plot(
                payoffs[player], (place, place), color=ORANGE if asked else BLUE, linewidth=4, solid_capstyle="butt"
            )
            axes.plot(
                payoffs[player], (place, place), "D" if asked else "o", color=ORANGE if asked else BLUE, markersize=5
            )
        axes.set_title(study.cast.countries[player])
        axes.grid(axis="x")
        axes.margins(x=0.15)
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(rows)), [label for label, _, _ in rows])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    common_label(panels, f"payoffs over all subgame-perfect outcomes, {UNIT}; orange, diamonds: the order asked for")
    plot.suptitle(
        f"{heading(study)}\nWho gains by moving first?", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left"
    )
    sign(plot, f"scenario {study.scenario.name}{held(study)} · {answer.verdict}")
    return plot
