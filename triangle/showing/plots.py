"""Pictures: one function a plot; takes results, returns a matplotlib figure that names scenario, units and version.

Colours are those of Okabe and Ito (2008), which stay apart for colour-blind readers; hatches and labels carry the same
distinction in grey.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.players.axes import ACTIONS, COUNTRIES, OTHERS, PLAYERS, profile_text
from triangle.players.configurations import stance
from triangle.players.notation import Profile
from triangle.study.study import Answer, Deviation, Finding, Study
from triangle.version import __version__

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


def question_title(plot: Plot, title: str, question: str) -> None:
    """Head a plot with what it asks, and the scenario under it."""
    title = title if len(title) <= 100 else f"{title[:99]}…"
    plot.suptitle(f"{question}\n{title}", fontsize=11.5, fontweight="bold", x=0.01, ha="left")


def short_text(text: str) -> str:
    """A text cut for a title."""
    return text if len(text) <= 60 else f"{text[:59]}…"


#: Most rows of one picture.
MOST_ROWS = 24
