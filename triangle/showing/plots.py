"""Pictures: one function a plot; takes results, returns a matplotlib figure that names scenario, units and version.

Colours are those of Okabe and Ito (2008), which stay apart for colour-blind readers; hatches and labels carry the same
distinction in grey.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch

from triangle.players.axes import ACTIONS, COUNTRIES, OTHERS, PLAYERS, profile_text
from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.players.configurations import TITLES, Configuration, stance
from triangle.study.study import Answer, Deviation, Finding, Study
from triangle.version import __version__
from triangle.players.notation import Profile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE = str(Path(__file__).with_name("triangle.mplstyle"))
UNIT = "billion US dollars per year"

#: Endings of the files that plots are written to.
FORMATS = (".png", ".svg", ".pdf")

#: Okabe and Ito's colours.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)

#: Fill of each configuration, the same in every plot.
CONFIGURATION_COLOURS = {
    "menage_a_trois": GREEN,
    "romantic_triangle": YELLOW,
    "stable_marriage": SKY,
    "unit_veto": "#BBBBBB",
}

#: Colour and hatch of each payoff term; further terms go round again with another hatch.
_TERM_LOOKS = [(c, h) for h in ("", "////") for c in (BLUE, ORANGE, SKY, GREEN, RED, PINK, YELLOW, "#888888")]

#: Where the three powers stand in the triangle.
_CORNERS = {0: (0.0, 1.0), 1: (-0.9, -0.55), 2: (0.9, -0.55)}


class Plot(Figure):
    """A picture: a matplotlib figure that belongs to no window and shows itself in notebooks."""

    def _repr_png_(self) -> bytes:
        drawn = io.BytesIO()
        with mpl.rc_context(fname=STYLE):
            self.savefig(drawn, format="png", dpi=100)
        return drawn.getvalue()


def check_ending(path: Path, option: str = "--plot") -> None:
    """Raise BadInput unless the file's ending names a format that a plot is written in."""
    if path.suffix.lower() not in FORMATS:
        message = f"found {shown(path)!r}; expected a file ending in one of {', '.join(FORMATS)}"
        raise BadInput(Fault(option, "", message))


def save(plot: Plot, path: Path) -> Path:
    """Write a plot to a file whose ending names the format; makes the folder, and answers a failure clearly."""
    check_ending(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context(fname=STYLE):
            plot.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    except (OSError, ValueError) as error:
        raise BadInput(Fault("--plot", shown(path), f"cannot be written: {error}")) from None
    return path


def as_svg(plot: Plot, salt: str) -> str:
    """A plot as the text of an SVG file; identifiers in it depend on the salt and on nothing that changes."""
    file = io.StringIO()
    with mpl.rc_context(fname=STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # whoever shows the text has fonts
        mpl.rcParams["svg.hashsalt"] = salt
        plot.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return file.getvalue()


def new_plot(width: float, height: float) -> Plot:
    """An empty plot of this size in inches, that belongs to no window."""
    plot = Plot(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(plot)
    return plot


def styled(draw: Any) -> Any:
    """Draw under the package's style without touching the user's."""

    def drawn(*args: Any, **kwargs: Any) -> Any:
        with mpl.rc_context(fname=STYLE):
            return draw(*args, **kwargs)

    drawn.__name__, drawn.__doc__ = draw.__name__, draw.__doc__
    return drawn


def sign(plot: Plot, text: str) -> None:
    """The lines at the foot of every plot: what it shows and which version drew it."""
    # About so many letters of this size are an inch; a longer line would make the whole picture wider.
    lines = wrap(f"{text} · triangle {__version__}", int(17 * plot.get_figwidth()), break_on_hyphens=False)
    plot.supxlabel("\n".join(lines), fontsize=7.5, color="#555555", x=0.01, ha="left")


@styled
def solution_plot(study: Study, answer: Answer, most: int = 4) -> Plot:
    """The signed triangle of each equilibrium, beside the payoffs that hold it in place.

    Where there is no pure equilibrium, the profile nearest to one is drawn and said to be none.
    """
    findings = answer.findings[:most] or (study.finding(study.nearest()),)
    plot = new_plot(12.5, 0.9 + 4.6 * len(findings))
    rows = plot.subfigures(len(findings), 1, squeeze=False)[:, 0]
    for row, finding in zip(rows, findings, strict=True):
        left, right = row.subfigures(1, 2, width_ratios=(1.0, 2.0))
        _triangle(left.subplots(), finding, is_equilibrium=bool(answer.findings))
        _payoff_panels(right, study, finding.profile)
    more = f" · {len(answer.findings) - most} more not drawn" if len(answer.findings) > most else ""
    plot.suptitle(heading(study), fontsize=12.5, fontweight="bold", x=0.01, ha="left")
    sign(plot, f"scenario {study.scenario.name}{held(study)}{more}")
    return plot


@styled
def payoff_plot(study: Study, profile: Profile) -> Plot:
    """Payoffs by term at a profile, against each player's best deviation from it."""
    plot = new_plot(9.5, 5.2)
    _payoff_panels(plot, study, profile)
    plot.suptitle(f"{heading(study)}\n{profile_text(profile)}", fontsize=11.5, fontweight="bold", x=0.01, ha="left")
    sign(plot, f"scenario {study.scenario.name}{held(study)}")
    return plot


def heading(study: Study) -> str:
    """The scenario's title, cut to one line."""
    return study.scenario.title if len(study.scenario.title) <= 110 else f"{study.scenario.title[:109]}…"


def held(study: Study) -> str:
    """Who is held at what, and what was set by hand, for the line at the foot."""
    players = [f"{PLAYERS[i]} held at {action_text(i, a)}" for i, a in sorted(study.hold.items())]
    by_hand = [f"{c.parameter} {c.value:g}" for c in study.scenario.changes if c.scenario == "--set"]
    if len(by_hand) > 4:
        by_hand = [f"{len(by_hand)} values set by hand"]
    return "".join(f" · {text}" for text in (*players, *by_hand))


def _triangle(axes: Axes, finding: Finding, is_equilibrium: bool) -> None:
    """The signed triangle: one arrow for each stance, a band for each link."""
    axes.set(xlim=(-1.55, 1.55), ylim=(-1.3, 1.5), aspect="equal")
    axes.axis("off")
    for i, j in finding.configuration.links:
        (x0, y0), (x1, y1) = _CORNERS[i], _CORNERS[j]
        axes.plot([x0, x1], [y0, y1], color=GREEN, alpha=0.25, linewidth=20, solid_capstyle="round", zorder=0)
    for i in range(3):
        for j in OTHERS[i]:
            _stance_arrow(axes, i, j, bool(stance(finding.profile[i], i, j)))
    for i, (x, y) in _CORNERS.items():
        axes.plot(x, y, "o", markersize=36, markerfacecolor="white", markeredgecolor=BLACK, markeredgewidth=1.4)
        axes.text(x, y, PLAYERS[i], ha="center", va="center", fontweight="bold", fontsize=12)
        action = ACTIONS[i][finding.profile[i]].replace("_", " ")
        axes.text(x, y + (0.32 if i == 0 else -0.32), action, ha="center", va="bottom" if i == 0 else "top")
    title = str(finding.configuration) if is_equilibrium else f"no pure equilibrium; nearest:\n{finding.configuration}"
    margin = f"margin {finding.margin:,.1f}" if finding.margin < float("inf") else "all players held"
    balanced = "balanced" if finding.configuration.balance > 0 else "unbalanced"
    axes.set_title(f"{title}\n{balanced}; {margin} bn USD/yr" if "margin" in margin else f"{title}\n{margin}")
    handles: list[Artist] = [
        Line2D([], [], color=GREEN, linewidth=2, label="accommodates"),
        Line2D([], [], color=RED, linewidth=2, linestyle=(0, (3, 2)), label="opposes"),
        Patch(color=GREEN, alpha=0.25, label="link: mutual"),
    ]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, -0.06), ncols=3, handlelength=1.8)


def _stance_arrow(axes: Axes, i: int, j: int, accommodates: bool) -> None:
    """An arrow from i to j, set off to one side so that the pair's two arrows lie beside each other."""
    (x0, y0), (x1, y1) = _CORNERS[i], _CORNERS[j]
    dx, dy = x1 - x0, y1 - y0
    length = (dx * dx + dy * dy) ** 0.5
    shift = (-0.075 * dy / length, 0.075 * dx / length)
    ends = [(x0 + t * dx + shift[0], y0 + t * dy + shift[1]) for t in (0.19, 0.81)]
    colour, dashes = (GREEN, "solid") if accommodates else (RED, (0, (3, 2)))
    arrow = FancyArrowPatch(
        *ends, arrowstyle="-|>", mutation_scale=13, color=colour, linestyle=dashes, linewidth=1.8, zorder=2
    )
    axes.add_patch(arrow)


def _payoff_panels(plot: Any, study: Study, profile: Profile) -> None:
    """One panel for each player: its payoff by term here, and where its best deviation would lead."""
    panels = plot.subplots(3, 1)
    deviations = {deviation.player: deviation for deviation in study.deviations(profile)}
    looks = {name: _TERM_LOOKS[i % len(_TERM_LOOKS)] for i, name in enumerate(study.terms)}
    shown_terms: dict[str, None] = {}
    for player, axes in enumerate(panels):
        here = {name: float(term[(player, *profile)]) for name, term in study.terms.items()}
        bars = {f"here: {action_text(player, profile[player])}": here}
        if player in deviations:
            deviation = deviations[player]
            there = {name: here[name] - deviation.by_term[name] for name in here}
            bars[f"instead: {action_text(player, deviation.to)}"] = there
        shown_terms |= dict.fromkeys(_stacked(axes, bars, looks))
        axes.set_title(f"{COUNTRIES[PLAYERS[player]]}{_verdict(deviations.get(player))}", fontsize=9.5)
    panels[-1].set_xlabel(f"payoff by term, {UNIT}; ◆ is the sum")
    handles = [
        Patch(facecolor=looks[n][0], hatch=looks[n][1], edgecolor="white", label=n.replace("_", " "))
        for n in study.terms
        if n in shown_terms
    ]
    plot.legend(handles=handles, loc="outside right upper", title="term", alignment="left")


def action_text(player: int, action: int) -> str:
    """An action for reading."""
    return ACTIONS[player][action].replace("_", " ")


def _verdict(deviation: Deviation | None) -> str:
    if deviation is None:
        return ": held"
    if deviation.loss >= 0:
        return f": loses {deviation.loss:,.1f} by its best deviation"
    return f": would gain {-deviation.loss:,.1f} by leaving"


def _stacked(axes: Axes, bars: Mapping[str, Mapping[str, float]], looks: Mapping[str, tuple[str, str]]) -> list[str]:
    """Stacked horizontal bars, gains to the right and costs to the left of zero; returns the terms drawn."""
    drawn = []
    for place, parts in enumerate(bars.values()):
        ends = {1: 0.0, -1: 0.0}
        for name, part in parts.items():
            if part == 0.0:
                continue
            side = 1 if part > 0 else -1
            colour, hatch = looks[name]
            axes.barh(place, part, left=ends[side], color=colour, hatch=hatch, edgecolor="white", height=0.62)
            ends[side] += part
            drawn.append(name)
        total = sum(parts.values())
        axes.plot(total, place, "D", color=BLACK, markersize=5, markeredgecolor="white", zorder=3)
    axes.set_yticks(range(len(bars)), list(bars))
    axes.invert_yaxis()
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    return drawn


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
            rows.append((study.scenario.name + (f" ({place + 1})" if many else ""), study, finding))
        if not answer.findings:
            rows.append((study.scenario.name, study, None))
    return rows


def _configuration_legend(plot: Plot, used: Sequence[Configuration]) -> None:
    names = dict.fromkeys(configuration.name for configuration in used)
    handles = [
        Patch(facecolor=CONFIGURATION_COLOURS[name], edgecolor=BLACK, linewidth=0.5, label=TITLES[name])
        for name in CONFIGURATION_COLOURS
        if name in names
    ]
    if handles:
        plot.legend(handles=handles, loc="outside lower center", ncols=4)


@styled
def stances_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Which stances are in equilibrium in each scenario, coloured by configuration."""
    rows = _rows(studies, answers)
    plot = new_plot(10.0, 1.4 + 0.34 * len(rows))
    axes = plot.subplots()
    for place, (_, study, finding) in enumerate(rows):
        colour = CONFIGURATION_COLOURS[finding.configuration.name] if finding else "white"
        cells = [*(action_text(i, finding.profile[i]) for i in range(3)), str(finding.configuration)] if finding else []
        axes.barh(place, 5.0, color=colour, edgecolor="white", height=0.9, hatch="" if finding else "///")
        for column, text in enumerate(cells or ["no pure equilibrium"]):
            bold = column < 3 and column in study.hold
            axes.text(column + 0.06, place, text, va="center", fontstyle="italic" if bold else "normal")
    axes.set(xlim=(0, 5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks([0.06, 1.06, 2.06, 3.06], [*(COUNTRIES[p] for p in PLAYERS), "triangle"], ha="left")
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    plot.suptitle(
        "Who stands how in equilibrium? (italic: held there)", fontsize=12, fontweight="bold", x=0.01, ha="left"
    )
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    sign(plot, f"{len(studies)} scenarios, pure equilibria")
    return plot


def _bars(
    rows: Sequence[tuple[str, Study, Finding | None]], values: Sequence[float | None], question: str, label: str
) -> Plot:
    """One horizontal bar for each equilibrium, coloured by configuration."""
    plot = new_plot(9.0, 1.4 + 0.34 * len(rows))
    axes = plot.subplots()
    for place, ((_, _, finding), value) in enumerate(zip(rows, values, strict=True)):
        if finding is None or value is None:
            axes.text(0, place, " no pure equilibrium" if finding is None else " all held", va="center")
            continue
        colour = CONFIGURATION_COLOURS[finding.configuration.name]
        axes.barh(place, value, color=colour, edgecolor=BLACK, linewidth=0.5, height=0.66)
        axes.text(value, place, f" {value:,.3g}", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(label)
    axes.margins(x=0.1)
    plot.suptitle(question, fontsize=12, fontweight="bold", x=0.01, ha="left")
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    return plot


@styled
def margins_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """How firmly each equilibrium stands: what each free player loses by its best deviation."""
    rows = _rows(studies, answers)
    losses = [[f.losses[player] if f else None for _, _, f in rows] for player in range(3)]
    colours = [CONFIGURATION_COLOURS[f.configuration.name] if f else "" for _, _, f in rows]
    plot = _player_panels(rows, losses, [colours] * 3, "How firmly does it stand?", "{:,.1f}")
    plot.axes[1].set_xlabel(f"loss by the best deviation, {UNIT}; players' scales differ and are not compared")
    _configuration_legend(plot, [finding.configuration for _, _, finding in rows if finding])
    sign(plot, f"{len(studies)} scenarios, pure equilibria")
    return plot


def _player_panels(
    rows: Sequence[tuple[str, Study, Finding | None]],
    values: Sequence[Sequence[float | None]],
    colours: Sequence[Sequence[str]],
    question: str,
    form: str,
) -> Plot:
    """One panel a player, one horizontal bar a row; None where there is no equilibrium, infinity where held."""
    plot = new_plot(11.0, 1.5 + 0.34 * len(rows))
    panels = plot.subplots(1, 3, sharey=True)
    for player, axes in enumerate(panels):
        for place, (value, colour) in enumerate(zip(values[player], colours[player], strict=True)):
            if value is None or value == float("inf"):
                text = " no pure equilibrium" if value is None else " held"
                axes.text(0, place, text, va="center", fontsize=7.5, fontstyle="italic")
                continue
            axes.barh(place, value, color=colour, edgecolor=BLACK, linewidth=0.5, height=0.62)
            text = f" {form.format(value)} "
            axes.text(value, place, text, va="center", ha="left" if value >= 0 else "right", fontsize=7.5)
        axes.axvline(0, color=BLACK, linewidth=0.8)
        axes.grid(axis="x")
        axes.margins(x=0.22)
        axes.set_title(COUNTRIES[PLAYERS[player]])
    panels[0].set_yticks(range(len(rows)), [label for label, _, _ in rows])
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    plot.suptitle(question, fontsize=12, fontweight="bold", x=0.01, ha="left")
    return plot


@styled
def bargaining_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Russia's share of a pipeline's surplus in each equilibrium, whether or not a pipeline is on the table."""
    rows = _rows(studies, answers)
    shares = [f.bargaining_share_ru if f else None for _, _, f in rows]
    plot = _bars(
        rows,
        shares,
        "Who would get the surplus of a new pipeline?",
        f"{COUNTRIES[PLAYERS[1]]}'s bargaining share β_{PLAYERS[1]}, fraction",
    )
    axes = plot.axes[0]
    axes.set_xlim(0, 1)
    axes.axvline(0.5, color=BLACK, linewidth=0.8, linestyle=":")
    axes.text(0.505, len(rows) - 0.55, "even split", fontsize=8, va="bottom")
    sign(plot, f"{len(studies)} scenarios, pure equilibria")
    return plot


@styled
def gains_plot(studies: Sequence[Study], answers: Sequence[Answer]) -> Plot:
    """Each player's equilibrium payoff less its payoff in the first scenario's first equilibrium."""
    rows = _rows(studies, answers)
    start_name, start = next(((name, finding) for name, _, finding in rows if finding), ("", None))
    gains = [
        [f.payoffs[player] - start.payoffs[player] if f and start else None for _, _, f in rows] for player in range(3)
    ]
    colours = [[BLUE if gain is None or gain >= 0 else ORANGE for gain in column] for column in gains]
    plot = _player_panels(rows, gains, colours, "Who gains, who loses?", "{:+,.0f}")
    plot.axes[1].set_xlabel(f"payoff less that of {start_name}, {UNIT}; players' scales differ and are not compared")
    sign(plot, f"{len(studies)} scenarios, pure equilibria")
    return plot
