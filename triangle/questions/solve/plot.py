"""Pictures of the questions beyond pure equilibria: mixed actions, the logit branch, bounds, orders of moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from triangle.base.errors import BadInput, Fault
from triangle.games.solution import Equilibrium
from triangle.measures.orders import outcomes_of
from triangle.players.axes import CN, RU
from triangle.players.cast import Cast
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve.record import (
    Bounds,
    InOrder,
    KeptUp,
    MixedEquilibrium,
    MixedSolution,
    Rationalizable,
    Selected,
    Shared,
    Supported,
)
from triangle.questions.solve.table import quantity_text
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    UNIT,
    Plot,
    action_text,
    columns_of,
    common_label,
    country_text,
    fill,
    fill_lines,
    heading,
    new_plot,
    of_scenario,
    panels_of,
    pt,
    sign,
    styled,
    titled,
)
from triangle.showing.tables import share
from triangle.showing.worded import configuration_title
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
        axes.set(xlim=(0, 1), title=country_text(study.cast, player))
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(findings)), [_likeliest(finding, study.cast) for finding in findings])
    panels[0].set_ylim(len(findings) - 0.5, -0.5)
    common_label(panels, told("probability of each action"))
    handles = [
        Patch(**fill(c, h), label=f"{action_text(cast, 0, a)} ({cast.codes[0]}), {action_text(cast, 1, a)} ({others})")
        for a, (c, h) in enumerate(ACTION_LOOKS)
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=columns_of(2))
    titled(plot, _linked([one.links for one in answer.equilibria], "mixed", study.cast), heading(study))
    hidden = len(answer.equilibria) - most
    more = told(" · {n} more not drawn", n=hidden) if hidden > 0 else ""
    sign(plot, f"{of_scenario(study)}{more}")
    return plot


def _linked(links: Sequence[Mapping[str, float]], method: str, cast: Cast) -> str:
    """How probable it is that Russia and China are linked, over some equilibria."""
    say, codes = spoken(cast), (cast.codes[RU], cast.codes[CN])
    found = [one["-".join(codes)] for one in links]
    ends = {"low": say.share(min(found)), "high": say.share(max(found))} if found else {}
    powers = {"first": say.opening(codes[0]), "second": say.named(codes[1], "subject")}
    if not found:
        return say.word("bond.none")
    if method == "logit":
        return say.word("finds.logit", share=ends["low"], **powers)
    return say.word("finds.mixed", n=len(found), **ends, **powers)


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
            text = written(probability, ".2f")
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
        axes.set(title=country_text(study.cast, player), ylabel=told("probability of each action"), ylim=(-0.02, 1.02))
        axes.legend(loc="best")
    keys = sorted({key for _, configurations in rows for key in configurations})
    keys = sorted(keys, key=lambda k: -max(configurations.get(k, 0.0) for _, configurations in rows))[:4]
    for key, colour, style in zip(keys, (SKY, ORANGE, GREEN, PINK), ("-", "--", "-.", ":"), strict=False):
        curve = [configurations.get(key, 0.0) for _, configurations in rows]
        title = configuration_title(key, study.cast)
        panels[3].plot(lam, curve, color=colour, linestyle=style, linewidth=1.8, label=title)
    panels[3].set(title=told("The triangle"), ylabel=told("probability"), ylim=(-0.02, 1.02))
    panels[3].legend(loc="best")
    for axes in panels:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value, "g")))
        axes.axvline(asked, color="#555555", linewidth=0.9, linestyle=":")
        axes.grid(True)
    for axes in panels[-columns_of(2) :]:
        axes.set_xlabel(told("λ, per billion US dollars a year; dotted: asked for"))
    titled(plot, _linked([one.links for one in answer.equilibria], "logit", study.cast), heading(study))
    branch = told("principal branch, {n} folds passed" if len(path.folds) else "principal branch", n=len(path.folds))
    sign(plot, f"{of_scenario(study)} · {branch}, {word(answer.verdict)}")
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
        panels,
        (payoffs, shares),
        (told("payoff, {money}", money=word(UNIT)), told("probability; fraction of the surplus")),
        strict=True,
    ):
        for place, r in enumerate(ranges):
            axes.plot([r.coarse_low, r.coarse_high], [place] * 2, color="#BBBBBB", linewidth=9, solid_capstyle="butt")
            axes.plot([r.low, r.high], [place] * 2, color=BLUE, linewidth=4, solid_capstyle="butt")
            axes.plot([r.low, r.high], [place] * 2, "|", color=BLUE, markersize=13, markeredgewidth=2.2)
        axes.set_yticks(range(len(ranges)), [quantity_text(r.quantity, study.cast) for r in ranges])
        axes.set_ylim(len(ranges) - 0.5, -0.5)
        axes.set_xlabel(label)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    panels[1].set_xlim(-0.02, 1.02)
    handles = [
        Patch(color=BLUE, label=told("correlated equilibria")),
        Patch(color="#BBBBBB", label=told("coarse correlated")),
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=2)
    titled(plot, _whatever(answer, study.cast), heading(study))
    sign(plot, f"{of_scenario(study)} · {word(answer.verdict)}")
    return plot


def _whatever(answer: Bounds, cast: Cast) -> str:
    """Between what the probability lies that Russia and China are linked, whatever equilibrium is selected."""
    say, codes = spoken(cast), (cast.codes[RU], cast.codes[CN])
    link = next(one for one in answer.ranges if one.quantity == f"link {'-'.join(codes)}")
    low, high = (say.share(min(1.0, max(0.0, end))) for end in (link.low, link.high))
    powers = {"first": say.named(codes[0], "subject"), "second": say.named(codes[1], "subject")}
    same = say.word("finds.correlated_same", share=low, **powers)
    return same if low == high else say.word("finds.correlated", low=low, high=high, **powers)


@styled
def order_plot(study: Study, answer: InOrder) -> Plot:
    """What each player gets under every order of moves, beside moving at once."""
    simultaneous = questions.at_once(study)
    ends = tuple(zip(simultaneous.low, simultaneous.high, strict=True))
    rows = [(told("at once"), ends, False)]
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
        axes.set_title(country_text(study.cast, player))
        axes.grid(axis="x")
        axes.margins(x=0.15)
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(rows)), [label for label, _, _ in rows])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    template = "payoffs over all subgame-perfect outcomes, {money}; orange, diamonds: the order asked for"
    common_label(panels, told(template, money=word(UNIT)))
    usual = {*outcomes_of(study, simultaneous)}
    other = sum({*row.outcomes} != usual for row in answer.rows)
    say = spoken(study.cast)
    none = say.word("finds.orders_none")
    titled(plot, say.word("finds.orders", n=other, of=len(answer.rows)) if other else none, heading(study))
    sign(plot, f"{of_scenario(study)} · {word(answer.verdict)}")
    return plot


@styled
def selection_plot(study: Study, answer: Selected, most: int = 8) -> Plot:
    """Which of the equilibria each rule of selection picks, with the scores that it compares."""
    say, listed = spoken(study.cast), answer.equilibria[:most]
    plot = new_plot(2.8 + 2.1 * len(listed), 1.9 + 0.5 * len(answer.rules))
    axes = plot.subplots()
    for row, rule in enumerate(answer.rules):
        for place, score in enumerate(rule.scores[:most]):
            is_chosen = place in rule.chosen
            look: dict[str, Any] = {"color": BLUE} if is_chosen else {"color": "white", "markeredgecolor": "#888888"}
            axes.plot(place, row, "o", markersize=pt(15), **look)
            text = "–" if score is None else written(score, ".3g")
            axes.text(place + 0.17, row, text, va="center", fontweight="bold" if is_chosen else "normal")
        if not rule.chosen:
            axes.text(len(listed) - 0.45, row, told("silent"), va="center", fontstyle="italic")
    names = [_named(one.probabilities, place, say) for place, one in enumerate(listed, 1)]
    axes.set_xticks(range(len(listed)), [fill_lines(name, 22) for name in names])
    axes.set_yticks(range(len(answer.rules)), [word(rule.rule) for rule in answer.rules])
    axes.set(xlim=(-0.5, len(listed) - 0.1), ylim=(len(answer.rules) - 0.5, -0.5))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    titled(plot, _agreed(answer, say), heading(study))
    hidden = len(answer.equilibria) - most
    more = told(" · {n} more not drawn", n=hidden) if hidden > 0 else ""
    what = told("blue: picked; beside it what the rule compares (–: it does not judge)")
    sign(plot, f"{of_scenario(study)}{more} · {what} · {word(answer.verdict)}")
    return plot


def _pure(probabilities: Sequence[Sequence[float]]) -> Profile | None:
    """The profile of an equilibrium in which everybody plays one action."""
    sure = tuple(next((a for a, p in enumerate(own) if p > 1 - 1e-9), -1) for own in probabilities)
    return None if -1 in sure else sure


def _named(probabilities: Sequence[Sequence[float]], place: int, say: Phrases) -> str:
    """An equilibrium by what is played in it, or by its number where that is left to chance."""
    profile = _pure(probabilities)
    return say.word("finds.by_chance", place=str(place)) if profile is None else say.profile(profile)


def _agreed(answer: Selected, say: Phrases) -> str:
    """What all rules that speak pick, or that they differ."""
    if len(answer.agreed) == 1:
        (place,) = answer.agreed
        name = _named(answer.equilibria[place].probabilities, place + 1, say)
        return say.word("finds.selection_agrees", equilibrium=name)
    picked = {place for rule in answer.rules for place in rule.chosen}
    key = "finds.selection_differs" if picked else "finds.selection_silent"
    return say.word(key, **({"n": len(picked), "of": len(answer.equilibria)} if picked else {}))


@styled
def repeated_plot(study: Study, answer: KeptUp) -> Plot:
    """The patience that keeps a posture up for ever, for each player: a line from what is needed to what is enough."""
    say, shown = spoken(study.cast), questions.interesting_profiles(study)
    needed, enough = answer.supports[-1], answer.supports[-3]
    plot = new_plot(12.5, 2.0 + 0.5 * len(shown))
    panels = panels_of(plot, len(study.cast), sharey=True)
    for player, axes in enumerate(panels):
        for row, profile in enumerate(shown):
            ends = [
                next(one.critical[player] for one in support.profiles if one.profile == profile)
                for support in (needed, enough)
            ]
            _patience(axes, row, *ends)
        axes.set(title=country_text(study.cast, player), xlim=(-0.03, 1.03))
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    own = float(study.values["discount_factor"])
    panels[RU].axvline(own, color=RED, linewidth=1.2, linestyle=":")
    panels[0].set_yticks(range(len(shown)), [fill_lines(say.profile(profile), 36) for profile in shown])
    panels[0].set_ylim(max(1, len(shown)) - 0.5, -0.5)
    common_label(panels, told("critical discount factor, per year: what next year must count of this one"))
    handles = [
        Line2D(
            [], [], color=BLUE, marker="o", markerfacecolor="white", label=told("needed in every equilibrium (minmax)")
        ),
        Line2D([], [], color=BLUE, marker="o", label=told("enough, by return to the worst equilibrium for each")),
        Line2D([], [], color=RED, linestyle=":", label=_own(study, say)),
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=columns_of(2))
    titled(plot, _kept_up(study, enough, shown, say), heading(study))
    sign(plot, f"{of_scenario(study)} · {word(answer.verdict)}")
    return plot


def _patience(axes: Any, row: int, needed: float | None, enough: float | None) -> None:
    """The line of one player and posture; words where no patience is enough."""
    if needed is None:
        axes.text(0.5, row, told("no patience is enough"), ha="center", va="center", fontstyle="italic", fontsize=pt(8))
        return
    axes.plot([needed, 1.0 if enough is None else enough], [row, row], color=BLUE, linewidth=2.5)
    axes.plot(needed, row, "o", color="white", markeredgecolor=BLUE, markersize=7, zorder=3)
    if enough is not None:
        axes.plot(enough, row, "o", color=BLUE, markersize=7, zorder=4)


def _own(study: Study, say: Phrases) -> str:
    """The discount factor that a scenario gives Russia."""
    places = {"country": study.cast.countries[RU], "whose": say.whose(study.cast.codes[RU])}
    return told("{country}'s own in this scenario", **places)


def _kept_up(study: Study, enough: Supported, shown: Sequence[Profile], say: Phrases) -> str:
    """The posture, of those that are no equilibrium of one round, that the least patience keeps up."""
    present = {finding.profile for finding in study.solve().findings}
    needs = {
        one.profile: max(delta for delta in one.critical if delta is not None)
        for one in enough.profiles
        if one.profile in shown and one.profile not in present and None not in one.critical
    }
    if not needs:
        return say.word("finds.kept_up_none")
    best = min(needs, key=lambda profile: needs[profile])
    return say.word("finds.kept_up", posture=say.profile(best), delta=say.share(needs[best]))


@styled
def coalitions_plot(study: Study, answer: Shared) -> Plot:
    """What each coalition can secure, and beside it how the whole may be shared, with the bounds of the core."""
    say, cast = spoken(study.cast), study.cast
    plot = new_plot(12.0, 2.4 + 0.42 * len(answer.worth))
    left, right = panels_of(plot, 2)
    for row, worth in enumerate(answer.worth.values()):
        left.barh(row, worth, color=BLUE, height=0.62)
        left.text(worth, row, f" {written(worth, ',.1f')}", va="center", fontsize=pt(8))
        left.margins(x=0.15)
    left.set_yticks(range(len(answer.worth)), [told(" and ").join(members.split("+")) for members in answer.worth])
    left.set_ylim(len(answer.worth) - 0.5, -0.5)
    left.set(xlabel=told("worth, {money}", money=word(UNIT)), title=told("What each coalition can secure itself"))
    shares = {"Shapley value": answer.shapley, "Banzhaf value": answer.banzhaf, "nucleolus": answer.nucleolus}
    known = {name: values for name, values in shares.items() if values is not None}
    for row, country in enumerate(country_text(cast, i) for i in range(len(cast))):
        if answer.core_vertices:
            ends = [point[row] for point in answer.core_vertices]
            label = None if row else told("the core, between its corners")
            right.barh(row, max(ends) - min(ends), left=min(ends), color="#D5D5D5", height=0.7, label=label)
        for place, (name, values) in enumerate(known.items()):
            colour, marker = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"))[place]
            height = row + 0.2 * (place - 1)
            right.plot(values[row], height, marker, color=colour, markersize=8, label=None if row else word(name))
        right.text(0.0, row - 0.42, country, fontsize=pt(9), transform=right.get_yaxis_transform())
    right.set_yticks([])
    right.set_ylim(len(cast) - 0.4, -0.6)
    right.set(xlabel=told("share, {money}", money=word(UNIT)), title=told("How the worth of all may be shared"))
    for axes in (left, right):
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    plot.legend(loc="outside lower right", ncols=columns_of(4))
    titled(plot, _core(answer, say), heading(questions.released(study)))
    template = "scenario {scenario} · all players are free here, and payoffs can be handed over"
    sign(plot, told(template, scenario=study.scenario.name))
    return plot


def _core(answer: Shared, say: Phrases) -> str:
    """Whether the whole can be shared so that no coalition would do better by itself, and what Russia then has."""
    if answer.core_empty or not answer.core_vertices:
        return say.word("finds.core_empty" if answer.core_empty else "finds.core")
    own = [point[RU] for point in answer.core_vertices]
    low, high = say.amount(min(own)), say.amount(max(own))
    return say.word("finds.core_share", player=say.named(say.cast.codes[RU], "subject"), low=low, high=high)


@styled
def rationalizable_plot(study: Study, answer: Rationalizable) -> Plot:
    """The actions of each player, those that common knowledge of rationality removes crossed out."""
    say, cast = spoken(study.cast), study.cast
    plot = new_plot(10.5, 1.6 + 0.62 * len(cast))
    axes = plot.subplots()
    for player in range(len(cast)):
        for action in range(cast.shape[player]):
            left = action in answer.surviving[player]
            look = fill(SKY) if left else {"facecolor": "white", "hatch": "xx", "edgecolor": "#BBBBBB"}
            axes.barh(player, 0.94, left=action + 0.03, height=0.74, **look)
            box = {"facecolor": SKY if left else "white", "edgecolor": "none", "pad": 1.5}
            axes.text(action + 0.5, player, say.action(player, action), ha="center", va="center", bbox=box)
    axes.set_yticks(range(len(cast)), [country_text(cast, i) for i in range(len(cast))])
    axes.set(xlim=(0, max(cast.shape)), ylim=(len(cast) - 0.5, -0.5), xticks=[])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    left_over = prod(map(len, answer.surviving))
    among = prod(1 if i in study.hold else count for i, count in enumerate(cast.shape))
    titled(plot, say.word("finds.rationalizable", n=left_over, of=among), heading(study))
    sign(plot, of_scenario(study) + told(" · crossed out: beaten by some mixed action (Pearce 1984)"))
    return plot
