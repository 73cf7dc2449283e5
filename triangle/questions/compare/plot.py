"""Pictures of scenarios beside each other, one a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.patches import Patch

from triangle.players.axes import RU
from triangle.players.configurations import TITLES, Configuration
from triangle.scenarios.scenario import counted_alike
from triangle.showing.phrases import digits, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    CONFIGURATION_COLOURS,
    CONFIGURATION_HATCHES,
    ORANGE,
    UNIT,
    Plot,
    action_text,
    columns_of,
    common_label,
    country_text,
    fill,
    fill_lines,
    new_plot,
    panels_of,
    pt,
    short_text,
    sign,
    styled,
    titled,
)
from triangle.showing.statements import shared_claim
from triangle.showing.tables import freely
from triangle.showing.worded import triangle_title
from triangle.study.study import Answer, Finding, Study

#: Part of the width that the foot has beside the legend.
_ROOM = 0.6


def comparison_plots(studies: Sequence[Study], answers: Sequence[Answer]) -> dict[str, Plot]:
    """The pictures of ``compare``, one for each question, by file name."""
    return {
        "who_stands_how": stances_plot(studies, answers),
        "how_firmly": margins_plot(studies, answers),
        "who_gains": gains_plot(studies, answers),
        "who_gets_the_pipeline_surplus": bargaining_plot(studies, answers),
    }


def _rows(studies: Sequence[Study], answers: Sequence[Answer]) -> list[tuple[str, Study, Finding | None]]:
    """One row for each equilibrium, labelled by its scenario; a scenario without one has a row of its own."""
    rows: list[tuple[str, Study, Finding | None]] = []
    for study, answer in zip(studies, answers, strict=True):
        many = len(answer.findings) > 1
        for place, finding in enumerate(answer.findings):
            rows.append((_label(study) + (f" ({place + 1})" if many else ""), study, finding))
        if not answer.findings:
            rows.append((_label(study), study, None))
    return rows


def _label(study: Study) -> str:
    """A scenario's title, cut to the room beside a row."""
    return fill_lines(short_text(word(study.scenario.title)), 44)


def _names(studies: Sequence[Study]) -> str:
    """How many scenarios are drawn, and what is typed for them."""
    names = ", ".join(study.scenario.name for study in studies)
    return told("{n} scenarios: {names}", n=len(studies), names=names)


def _counted_alike(studies: Sequence[Study], answers: Sequence[Answer]) -> tuple[list[Study], list[Answer]]:
    """The scenarios whose amounts are counted as the first one's are; others are not set beside them."""
    kept = [k for k, study in enumerate(studies) if counted_alike(studies[0].scenario, study.scenario)]
    return [studies[k] for k in kept], [answers[k] for k in kept]


def _left_out(studies: Sequence[Study]) -> str:
    """How many scenarios are drawn, and which are not, being counted in something else, for the foot."""
    out = [s.scenario for s in studies if not counted_alike(studies[0].scenario, s.scenario)]
    left = "; ".join(f"{scenario.name} ({word(scenario.yardstick or 'something else')})" for scenario in out)
    kept = [study for study in studies if study.scenario not in out]
    return f" · {_names(kept)}" + (told("; counted otherwise and left out: {left}", left=left) if out else "")


def _configuration_fill(name: str) -> dict[str, Any]:
    return fill(CONFIGURATION_COLOURS[name], CONFIGURATION_HATCHES[name])


def _configuration_legend(plot: Plot, used: Sequence[Configuration]) -> None:
    names = dict.fromkeys(configuration.name for configuration in used)
    handles = [
        Patch(**_configuration_fill(name), label=word(TITLES[name])) for name in CONFIGURATION_COLOURS if name in names
    ]
    if handles:
        plot.legend(handles=handles, loc="outside lower right", ncols=columns_of(2))


@styled
def stances_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Which stances are in equilibrium in each scenario, coloured by configuration."""
    rows = _rows(studies, answers)
    is_narrow = columns_of(2) == 1
    plot = new_plot(11.5, 1.4 + (0.55 if is_narrow else 0.4) * len(rows))
    axes = plot.subplots()

    def cut(text: str) -> str:
        return fill_lines(text, 9) if is_narrow else text

    for place, (_, study, finding) in enumerate(rows):
        cells = (
            [
                *(action_text(study.cast, i, a) for i, a in enumerate(finding.profile)),
                triangle_title(finding.configuration),
            ]
            if finding
            else []
        )
        # The texts lie on the colour alone; its hatch stands at the end of the row.
        colour = CONFIGURATION_COLOURS[finding.configuration.name] if finding else "white"
        axes.barh(place, 5.0, color=colour, edgecolor="white", height=0.9, hatch="" if finding else "///")
        if finding:
            axes.barh(place, 0.35, left=4.65, height=0.9, **_configuration_fill(finding.configuration.name))
        for column, text in enumerate(cells or [told("no pure equilibrium")]):
            bold = column < 3 and column in study.hold
            axes.text(column + 0.06, place, cut(text), va="center", fontstyle="italic" if bold else "normal")
    axes.set(xlim=(0, 5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(
        [0.06, 1.06, 2.06, 3.06],
        [*(cut(country_text(studies[0].cast, i)) for i in range(3)), told("triangle")],
        ha="left",
    )
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    titled(plot, shared_claim(studies, answers, spoken(studies[0].cast)))
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    sign(
        plot,
        _names(studies) + told(" · pure equilibria, of which the title counts those that no two leave; italic: held"),
        _ROOM,
    )
    return plot


def _bars(
    rows: Sequence[tuple[str, Study, Finding | None]], values: Sequence[float | None], title: str, label: str
) -> Plot:
    """One horizontal bar for each equilibrium, coloured by configuration."""
    plot = new_plot(9.0, 1.4 + 0.4 * len(rows))
    axes = plot.subplots()
    for place, ((_, _, finding), value) in enumerate(zip(rows, values, strict=True)):
        if finding is None or value is None:
            axes.text(0, place, told(" no pure equilibrium") if finding is None else told(" all held"), va="center")
            continue
        axes.barh(place, value, **_configuration_fill(finding.configuration.name), height=0.66)
        axes.text(value, place, f" {written(value, ',.3g')}", va="center", fontsize=pt(8))
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(label)
    axes.margins(x=0.1)
    titled(plot, title)
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    return plot


@styled
def margins_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """How firmly each equilibrium stands: what each free player loses by its best deviation; a held one in words."""
    rows = _rows(*_counted_alike(studies, answers))
    losses = [[f.losses[player] if f else None for _, _, f in rows] for player in range(3)]
    fills = [_configuration_fill(f.configuration.name) if f else {} for _, _, f in rows]
    held = [
        {d.player: freely(d, s.cast) for d in s.deviations(f.profile, of_held=True)} if f else {} for _, s, f in rows
    ]
    plot = _player_panels(rows, losses, [fills] * 3, _loosest(rows), "{:,.1f}", held)
    common_label(
        plot.axes,
        told("loss by the best deviation, {money}; players' scales differ and are not compared", money=word(UNIT)),
    )
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    sign(plot, f"{told('pure equilibria')}{_left_out(studies)}", _ROOM)
    return plot


def _player_panels(
    rows: Sequence[tuple[str, Study, Finding | None]],
    values: Sequence[Sequence[float | None]],
    fills: Sequence[Sequence[dict[str, Any]]],
    title: str,
    form: str,
    held: Sequence[Mapping[int, str]] = (),
) -> Plot:
    """One panel a player, one horizontal bar a row; None where there is no equilibrium, words where one is held."""
    plot = new_plot(12.5, 1.5 + 0.4 * len(rows))
    panels = panels_of(plot, 3, sharey=True)
    for player, axes in enumerate(panels):
        for place, (value, look) in enumerate(zip(values[player], fills[player], strict=True)):
            if value is None or value == float("inf"):
                text = told("no pure equilibrium") if value is None else held[place][player]
                axes.text(0, place, f" {text}", va="center", fontsize=pt(7.5), fontstyle="italic")
                continue
            axes.barh(place, value, **look, height=0.62)
            text = f" {digits(form.format(value))} "
            axes.text(value, place, text, va="center", ha="left" if value >= 0 else "right", fontsize=pt(7.5))
        axes.axvline(0, color=BLACK, linewidth=0.8)
        axes.grid(axis="x")
        axes.margins(x=0.22)
        axes.set_title(country_text(rows[0][1].cast, player))
    panels[0].set_yticks(range(len(rows)), [label for label, _, _ in rows])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    titled(plot, title)
    return plot


def _loosest(rows: Sequence[tuple[str, Study, Finding | None]]) -> str:
    """Where a free player loses least by leaving."""
    free = [
        (loss, player, study)
        for _, study, finding in rows
        if finding
        for player, loss in enumerate(finding.losses)
        if loss < float("inf")
    ]
    say = spoken(rows[0][1].cast)
    if not free:
        return say.word("finds.none_free")
    loss, player, study = min(free, key=lambda one: one[0])
    title, code = short_text(word(study.scenario.title)), say.cast.codes[player]
    return say.word("finds.loosest", scenario=title, player=say.named(code, "subject"), loss=say.amount(loss))


def _most(rows: Sequence[tuple[str, Study, Finding | None]], gains: Sequence[float | None], base: str) -> str:
    """Where Russia gains most over the first scenario, or loses least."""
    say, known = spoken(rows[0][1].cast), [place for place, gain in enumerate(gains) if gain is not None]
    if not known:
        return say.word("bond.none")
    best = max(known, key=lambda place: gains[place] or 0.0)
    if gains[best] == 0.0:
        return say.word("finds.gains_nowhere", player=say.opening(say.cast.codes[RU]), base=base)
    title = short_text(word(rows[best][1].scenario.title))
    gain = {"player": say.opening(say.cast.codes[RU]), "scenario": title, "amount": say.signed(gains[best] or 0.0)}
    return say.word("finds.gains", base=base, **gain)


@styled
def bargaining_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Russia's share of a pipeline's surplus in each equilibrium, whether or not a pipeline is on the table."""
    rows, cast = _rows(studies, answers), studies[0].cast
    shares = [f.bargaining_share_ru if f else None for _, _, f in rows]
    say, known = spoken(cast), [share for share in shares if share is not None]
    who, low, high = say.named(cast.codes[RU], "subject"), *(say.share(end(known or [0.0])) for end in (min, max))
    same = say.word("finds.surplus_same", player=who, low=low)
    title = same if low == high else say.word("finds.surplus", player=who, low=low, high=high)
    label = told(
        "{country}'s bargaining share β_{code} if there were one, fraction",
        country=cast.countries[RU],
        whose=say.whose(cast.codes[RU]),
        code=cast.codes[RU],
    )
    plot = _bars(rows, shares, title, label)
    axes = plot.axes[0]
    axes.set_xlim(0, 1)
    axes.axvline(0.5, color=BLACK, linewidth=0.8, linestyle=":")
    axes.text(0.505, len(rows) - 0.55, told("even split"), fontsize=pt(8), va="bottom")
    sign(plot, f"{_names(studies)} · {told('pure equilibria')}", _ROOM)
    return plot


@styled
def gains_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Each player's equilibrium payoff less its payoff in the first scenario's first equilibrium."""
    rows = _rows(*_counted_alike(studies, answers))
    first = next(
        ((short_text(word(study.scenario.title)), finding) for _, study, finding in rows if finding), ("", None)
    )
    start_name, start = first
    gains = [
        [f.payoffs[player] - start.payoffs[player] if f and start else None for _, _, f in rows] for player in range(3)
    ]
    fills = [[fill(BLUE if gain is None or gain >= 0 else ORANGE) for gain in column] for column in gains]
    plot = _player_panels(rows, gains, fills, _most(rows, gains[RU], start_name), "{:+,.0f}")
    template = "payoff less that of “{scenario}”, {money}; players' scales differ and are not compared"
    common_label(plot.axes, told(template, scenario=start_name, money=word(UNIT)))
    sign(plot, f"{told('pure equilibria')}{_left_out(studies)}")
    return plot
