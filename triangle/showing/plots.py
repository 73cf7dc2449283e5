"""Pictures: one function a plot; takes results, returns a matplotlib figure that names scenario, units and version.

Colours are those of Okabe and Ito (2008), which stay apart for colour-blind readers; hatches and labels carry the same
distinction in grey.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.ticker import ScalarFormatter

from triangle.base.errors import BadInput, Fault, UnknownName
from triangle.base.files import shown
from triangle.base.writing import in_place
from triangle.players.axes import OTHERS, POWERS, RU
from triangle.players.cast import Cast
from triangle.players.configurations import stance
from triangle.players.notation import Profile
from triangle.showing.phrases import Phrases, digits, language, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.statements import decided, headline
from triangle.showing.worded import triangle_title
from triangle.study.study import Answer, Deviation, Finding, Study
from triangle.version import __version__

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE = str(Path(__file__).parent / "styles" / "triangle.mplstyle")
#: Letters of a PDF are TrueType and those of an SVG are text: publishers refuse others, and they can be edited.
_LETTERS_STAY: dict[Any, Any] = {"pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "none"}

UNIT = "billion US dollars per year"

#: Who drew a picture, as its file says: one that says so may be replaced by another.
_SIGNATURE = f"triangle {__version__}"

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

#: Hatch of each configuration, by which they stay apart in grey.
CONFIGURATION_HATCHES = {
    "menage_a_trois": "xx",
    "romantic_triangle": "",
    "stable_marriage": "////",
    "unit_veto": "....",
}

#: Colour and hatch of each payoff term: any two differ in hatch, or by much in luminance.
TERM_LOOKS = [
    *((BLUE, ""), (ORANGE, "////"), (SKY, "...."), (GREEN, "xxx"), (RED, "||||"), (PINK, "----"), (YELLOW, "")),
    *(("#888888", "++"), (BLUE, "////"), (ORANGE, "\\\\\\\\"), (SKY, "oo"), (GREEN, "**"), (YELLOW, "////")),
]

#: Where the three powers stand in the triangle.
_CORNERS = {0: (0.0, 1.0), 1: (-0.9, -0.55), 2: (0.9, -0.55)}


#: Size of letters in points where no size is asked for; every other size is told for this one, see :func:`pt`.
_LETTERS = 9.5


@dataclass(frozen=True)
class Size:
    """How large a picture is printed.

    Attributes
    ----------
    width : float
        In inches.
    letters : float
        Size of ordinary letters, in points; the smallest are three quarters of it.
    columns : int
        Most panels beside each other.
    """

    width: float
    letters: float
    columns: int


#: Widths of one and of two columns of a journal: 89 and 183 mm.
SIZES = {"one-column": Size(3.5, 6.8, 1), "two-column": Size(7.2, 7.5, 2)}

_size: ContextVar[Size | None] = ContextVar("_size", default=None)


@contextmanager
def sized(name: str | None) -> Iterator[None]:
    """Draw at one of the :data:`SIZES`, ``one-column`` or ``two-column``; None leaves every picture its own size.

    Raises
    ------
    UnknownName
        For another name.
    """
    if name is not None and name not in SIZES:
        raise UnknownName("size", str(name), SIZES, "size")
    with _at(None if name is None else SIZES[name]):
        yield


@contextmanager
def _at(size: Size | None) -> Iterator[None]:
    token = _size.set(size)
    try:
        yield
    finally:
        _size.reset(token)


@contextmanager
def style() -> Iterator[None]:
    """The package's style at the size asked for, without touching the user's."""
    size = _size.get()
    with mpl.rc_context(fname=STYLE):
        if size is not None:
            # Exactly as wide as the column, not as wide as what is drawn.
            mpl.rcParams.update({"font.size": size.letters, "savefig.bbox": None, "savefig.dpi": 400})
            mpl.rcParams["axes.titlesize"] = pt(mpl.rcParams["axes.titlesize"])
            mpl.rcParams["legend.fontsize"] = pt(mpl.rcParams["legend.fontsize"])
        yield


def pt(points: float) -> float:
    """A size of letters in points, told for ordinary letters of 9.5, at the size asked for."""
    size = _size.get()
    return points if size is None else points * size.letters / _LETTERS


def columns_of(most: int) -> int:
    """How many panels stand beside each other, where so many would on a screen."""
    size = _size.get()
    return most if size is None else min(most, size.columns)


def luminance(colour: str) -> float:
    """Lightness L* of a colour as printed in grey, from 0 to 100 (CIE 1976).

    >>> round(luminance("#000000")), round(luminance("#FFFFFF")), round(luminance(BLUE))
    (0, 100, 46)
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def fill(colour: str, hatch: str = "") -> dict[str, Any]:
    """How an area is filled: the hatch in white on dark colours and in a dark grey on light ones."""
    ink = "white" if luminance(colour) < 60 else "#333333"
    return {"facecolor": colour, "hatch": hatch, "edgecolor": ink, "linewidth": 0.4}


class Plot(Figure):
    """A picture: a matplotlib figure that belongs to no window and shows itself in notebooks.

    `size` is that for print at which it was drawn, and is saved, whoever asks; None where it has its own.
    """

    size: Size | None = None
    _saved: bool = False

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Save it, with letters that stay letters in the file whoever asks."""
        with _at(self.size), style() if self.size else nullcontext(), mpl.rc_context(_LETTERS_STAY):
            _write_numbers(self)
            _fit(self)
            self._saved = True
            try:
                super().savefig(*args, **kwargs)
            finally:
                self._saved = False

    def draw(self, renderer: Any) -> None:
        """Draw it; while it is saved, what is drawn for the layout alone is laid out, and drawn when that is done."""
        layout = self.get_layout_engine()
        if self._saved and self.axes and isinstance(layout, ConstrainedLayoutEngine):
            with suppress(ValueError):  # as matplotlib does
                layout.execute(self)
        else:
            super().draw(renderer)

    def suptitle(self, t: str, **kwargs: Any) -> Any:
        """The title, in as many lines as the width asks for."""
        return super().suptitle(fill_lines(t, _letters_in(self, kwargs.get("fontsize", _LETTERS))), **kwargs)

    def _repr_png_(self) -> bytes:
        drawn = io.BytesIO()
        with style():
            self.savefig(drawn, format="png", dpi=100)
        return drawn.getvalue()


class _Spoken(ScalarFormatter):
    """Numbers along an axis as the language that is spoken writes them."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return digits(super().__call__(x, pos).replace("−", "-"))


def _write_numbers(plot: Figure) -> None:
    """Write the numbers along axes as the language does; labels that were set stay."""
    if language() == "en":
        return
    for axes in plot.axes:
        for one in (axes.xaxis, axes.yaxis):
            if type(one.get_major_formatter()) is ScalarFormatter:
                one.set_major_formatter(_Spoken())


def _letters_in(plot: Any, size: float) -> int:
    """About so many bold letters of a size go into the width of a picture."""
    return int(115 * plot.figure.get_figwidth() / float(size))


def titled(part: Any, finding: str, about: str = "") -> None:
    """Head a picture, or a part of one, with what it finds, and under it what it is about."""
    size = pt(12)
    lines = "\n".join(filter(None, (finding.rstrip("."), about)))
    part.suptitle(fill_lines(lines, _letters_in(part, size)), fontsize=size, fontweight="bold", x=0.01, ha="left")


def axis(name: str, unit: str, say: Phrases) -> str:
    """The label of an axis along a parameter: what it is called, and its unit."""
    return say.word("plot.axis", name=say.known("parameter", name), unit=say.unit(unit))


def check_ending(path: Path, option: str = "--plot") -> None:
    """Raise BadInput unless the file's ending names a format that a plot is written in."""
    if path.suffix.lower() not in FORMATS:
        message = f"found {shown(path)!r}; expected a file ending in one of {', '.join(FORMATS)}"
        raise BadInput(Fault(option, "", message))


def save(plot: Plot, path: Path) -> Path:
    """Write a plot to a file whose ending names the format; makes the folder, and answers a failure clearly."""
    check_ending(path)
    kind = path.suffix.lower()[1:]
    signed = {"png": {"Software": _SIGNATURE}, "svg": {"Creator": _SIGNATURE, "Date": None}}
    try:
        with in_place(path, "--plot") as file, style():
            plot.savefig(file, format=kind, metadata=signed.get(kind, {"Creator": _SIGNATURE}))
    except (ValueError, OverflowError) as error:
        raise BadInput(Fault("--plot", shown(path), f"cannot be written: {error}")) from None
    return path


def _fit(plot: Plot) -> None:
    """Break titles and labels that a fixed width would cut off, and set the legend above the lines at the foot."""
    if _size.get() is None:
        return
    plot.draw_without_rendering()
    for axes in plot.axes:
        for text in (axes._left_title, axes.title, axes.xaxis.label):  # type: ignore[attr-defined]
            _fit_text(text, plot.bbox.width, centred=text is axes.xaxis.label)
    foot = plot._supxlabel  # type: ignore[attr-defined]
    for legend in plot.legends:
        box = legend.get_window_extent()
        if foot is not None and box.overlaps(foot.get_window_extent()):
            above = foot.get_window_extent().y1 / plot.bbox.height + 0.01
            lines = -(-box.height * (foot.get_text().count("\n") + 1) // foot.get_window_extent().height)
            foot.set_text("\n" * (int(lines) + 1) + foot.get_text())
            legend.set_bbox_to_anchor((0.0, above, 1.0, 1.0 - above), plot.transFigure)


def _fit_text(text: Any, width: float, centred: bool) -> None:
    here = text.get_window_extent()
    middle = here.x0 + here.width / 2
    room = 0.98 * (2 * min(middle, width - middle) if centred else width - here.x0)
    if text.get_text() and here.width > room > 0:
        longest = max(map(len, text.get_text().split("\n")))
        text.set_text(fill_lines(text.get_text(), int(longest * room / here.width) - 1))


def fill_lines(text: str, width: int) -> str:
    """The text in lines of at most so many letters; lines that it has stay lines."""
    lines = (line for part in text.split("\n") for line in wrap(part, max(width, 8), break_on_hyphens=False) or [""])
    return "\n".join(lines)


def as_svg(plot: Plot, salt: str) -> str:
    """A plot as the text of an SVG file; identifiers in it depend on the salt and on nothing that changes."""
    file = io.StringIO()
    with style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # whoever shows the text has fonts
        mpl.rcParams["svg.hashsalt"] = salt
        plot.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return file.getvalue()


def new_plot(width: float, height: float) -> Plot:
    """An empty plot of this size in inches, or at the size asked for; it belongs to no window.

    In a column that is narrower than its letters would have it, panels stand below each other (:func:`panels_of`) and
    texts take more lines, so the plot is higher.
    """
    size = _size.get()
    if size is not None:
        natural = width * size.letters / _LETTERS
        height *= size.letters / _LETTERS * max(1.0, natural / size.width) ** 0.4
        width = size.width
    plot = Plot(figsize=(width, height), layout="constrained")
    plot.size = size
    FigureCanvasAgg(plot)
    return plot


def styled(draw: Any) -> Any:
    """Draw under the package's style without touching the user's."""

    def drawn(*args: Any, **kwargs: Any) -> Any:
        with style():
            return draw(*args, **kwargs)

    drawn.__name__, drawn.__doc__ = draw.__name__, draw.__doc__
    return drawn


def sign(plot: Plot, text: str, room: float = 1.0) -> None:
    """The lines at the foot of every plot: what it shows and which version drew it; in a part of the width only."""
    # About so many letters of this size are an inch; a longer line would make the whole picture wider.
    width = int(17 * room * plot.get_figwidth() * 7.5 / pt(7.5))
    # The version stays on one line.
    lines = wrap(f"{text} · triangle\0{__version__}", width, break_on_hyphens=False)
    plot.supxlabel("\n".join(lines).replace("\0", " "), fontsize=pt(7.5), color="#555555", x=0.01, ha="left")


def panels_of(plot: Any, count: int, ratios: Sequence[float] | None = None, sharey: bool = False) -> Any:
    """Panels beside each other, `ratios` of the width each; below each other where the column holds only one."""
    if columns_of(count) > 1 or count == 1:
        return plot.subplots(1, count, width_ratios=ratios, sharey=sharey, squeeze=False)[0]
    heights = ratios or (1.0,) * count
    if plot is plot.figure:  # a part of a picture has its height from the whole
        plot.set_figheight(plot.get_figheight() * 0.9 * sum(heights) / max(heights))
    return plot.subplots(count, 1, height_ratios=heights, sharey=sharey, squeeze=False)[:, 0]


def common_label(panels: Sequence[Axes], text: str) -> None:
    """The label of the horizontal axes of all panels, once: below the middle one, or the last of a column."""
    panels[-1 if columns_of(len(panels)) == 1 else len(panels) // 2].set_xlabel(text, wrap=True)


@styled
def solution_plot(study: Study, answer: Answer, most: int = 4) -> Plot:
    """The signed triangle of each equilibrium, beside the payoffs that hold it in place.

    Where there is no pure equilibrium, the profile nearest to one is drawn and said to be none.
    """
    findings = answer.findings[:most] or (study.finding(study.nearest()),)
    plot = new_plot(12.5, 0.9 + (4.6 if columns_of(2) > 1 else 7.6) * len(findings))
    rows = plot.subfigures(len(findings), 1, squeeze=False)[:, 0]
    for row, finding in zip(rows, findings, strict=True):
        left, right = _halves(row)
        _triangle(left.subplots(), finding, study.cast, is_equilibrium=bool(answer.findings))
        _payoff_panels(right, study, finding.profile)
    hidden = len(answer.findings) - most
    more = told(" · {n} more not drawn", n=hidden) if hidden > 0 else ""
    say = spoken(study.cast)
    titled(plot, words_of(headline(study, answer, say)), heading(study))
    sign(plot, f"{of_scenario(study)}{more}")
    return plot


def _halves(row: Any) -> tuple[Any, Any]:
    """A part for the triangle and one for the payoffs, beside each other or one below the other."""
    if columns_of(2) == 1:
        upper, lower = row.subfigures(2, 1, height_ratios=(1.0, 1.6))
        return upper, lower
    left, right = row.subfigures(1, 2, width_ratios=(1.0, 2.0 if columns_of(3) == 3 else 1.5))
    return left, right


@styled
def payoff_plot(study: Study, profile: Profile, player: int = RU) -> Plot:
    """Payoffs by term at a profile, against each player's best deviation from it; the title says why `player` stays."""
    plot = new_plot(9.5, 5.2)
    _payoff_panels(plot, study, profile)
    say, finding = spoken(study.cast), study.finding(profile)
    own = next((one for one in study.deviations(profile, of_held=True) if one.player == player), None)
    own = own or next((one for one in study.deviations(profile) if one.player == player), None)
    what = say.profile(profile) if own is None else words_of(decided(finding, own, say))
    titled(plot, what, f"{heading(study)}: {say.profile(profile)}")
    sign(plot, of_scenario(study))
    return plot


def heading(study: Study) -> str:
    """The scenario's title, cut to one line."""
    title = word(study.scenario.title)
    return title if len(title) <= 110 else f"{title[:109]}…"


def of_scenario(study: Study) -> str:
    """What is typed for the scenario, who is held in it, and what was set by hand, for the line at the foot."""
    return told("scenario {scenario}{held}", scenario=study.scenario.name, held=held(study))


def held(study: Study) -> str:
    """Who is held at what, and what was set by hand, for the line at the foot."""
    players = [
        told("{player} held at “{action}”", player=study.cast.codes[i], action=action_text(study.cast, i, a))
        for i, a in sorted(study.hold.items())
    ]
    say, by_hand = spoken(study.cast), [c for c in study.scenario.changes if c.scenario == "--set"]
    set_to = [f"{say.known('parameter', c.parameter)} {written(c.value, 'g')}" for c in by_hand]
    if len(by_hand) > 4:
        set_to = [told("{n} values set by hand", n=len(by_hand))]
    return "".join(f" · {text}" for text in (*players, *set_to))


def _triangle(axes: Axes, finding: Finding, cast: Cast, is_equilibrium: bool) -> None:
    """The signed triangle: one arrow for each stance, a band for each link."""
    _signed(axes, finding, cast)
    triangle = triangle_title(finding.configuration)
    title = triangle if is_equilibrium else told("no pure equilibrium; nearest:\n{triangle}", triangle=triangle)
    balanced = word("balanced" if finding.configuration.balance > 0 else "unbalanced")
    template = "{balanced}; margin {margin} {unit}" if finding.margin < float("inf") else "all players held"
    axes.set_title(f"{title}\n{told(template, balanced=balanced, margin=written(finding.margin, ',.1f'))}")
    handles: list[Artist] = [
        Line2D([], [], color=GREEN, linewidth=2, label=told("accommodates")),
        Line2D([], [], color=RED, linewidth=2, linestyle=(0, (3, 2)), label=told("opposes")),
        Patch(color=GREEN, alpha=0.25, label=told("link: mutual")),
    ]
    beside = columns_of(3) if sum(len(str(handle.get_label())) for handle in handles) < 40 else 1
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.04), ncols=beside, handlelength=1.8)


def small_triangle(axes: Axes, finding: Finding, cast: Cast) -> None:
    """The signed triangle as a sign, without what each does in words."""
    _signed(axes, finding, cast, scale=0.55, actions=False)


def _signed(axes: Axes, finding: Finding, cast: Cast, scale: float = 1.0, actions: bool = True) -> None:
    """The arrows, the bands and the players."""
    axes.set(xlim=(-1.55, 1.55), ylim=(-1.3, 1.5), aspect="equal")
    axes.axis("off")
    for i, j in finding.configuration.links:
        (x0, y0), (x1, y1) = _CORNERS[i], _CORNERS[j]
        (band,) = axes.plot([x0, x1], [y0, y1], color=GREEN, alpha=0.25, linewidth=20 * scale, zorder=0)
        band.set_solid_capstyle("round")
    for i in POWERS:
        for j in OTHERS[i]:
            _stance_arrow(axes, i, j, bool(stance(finding.profile[i], i, j)), scale)
    for i, (x, y) in _CORNERS.items():
        size = pt(36) * scale
        axes.plot(
            x, y, "o", markersize=size, markerfacecolor="white", markeredgecolor=BLACK, markeredgewidth=1.4 * scale
        )
        axes.text(x, y, cast.codes[i], ha="center", va="center", fontweight="bold", fontsize=pt(12) * scale)
        if actions:
            action = action_text(cast, i, finding.profile[i])
            action = action if i == 0 else fill_lines(action, 14)
            axes.text(x, y + (0.32 if i == 0 else -0.32), action, ha="center", va="bottom" if i == 0 else "top")


def _stance_arrow(axes: Axes, i: int, j: int, accommodates: bool, scale: float) -> None:
    """An arrow from i to j, set off to one side so that the pair's two arrows lie beside each other."""
    (x0, y0), (x1, y1) = _CORNERS[i], _CORNERS[j]
    dx, dy = x1 - x0, y1 - y0
    length = (dx * dx + dy * dy) ** 0.5
    shift = (-0.075 * dy / length, 0.075 * dx / length)
    ends = [(x0 + t * dx + shift[0], y0 + t * dy + shift[1]) for t in (0.19, 0.81)]
    colour, dashes = (GREEN, "solid") if accommodates else (RED, (0, (3, 2)))
    arrow = FancyArrowPatch(
        *ends,
        arrowstyle="-|>",
        mutation_scale=13 * scale,
        color=colour,
        linestyle=dashes,
        linewidth=1.8 * scale,
        zorder=2,
    )
    axes.add_patch(arrow)


def _payoff_panels(plot: Any, study: Study, profile: Profile) -> None:
    """One panel for each player: its payoff by term here, and where its best deviation would lead."""
    cast, say, panels = study.cast, spoken(study.cast), plot.subplots(len(study.cast), 1)
    deviations = {deviation.player: deviation for deviation in study.deviations(profile)}
    looks = {name: TERM_LOOKS[i % len(TERM_LOOKS)] for i, name in enumerate(study.terms)}
    shown_terms: dict[str, None] = {}
    for player, axes in enumerate(panels):
        here = {name: float(term[(player, *profile)]) for name, term in study.terms.items()}
        bars = {told("here: {action}", action=action_text(cast, player, profile[player])): here}
        if player in deviations:
            deviation = deviations[player]
            there = {name: here[name] - deviation.by_term[name] for name in here}
            bars[told("instead: {action}", action=action_text(cast, player, deviation.to))] = there
        shown_terms |= dict.fromkeys(_stacked(axes, bars, looks))
        axes.set_title(f"{country_text(cast, player)}{_verdict(deviations.get(player))}", fontsize=pt(9.5))
    panels[-1].set_xlabel(told("payoff by term, {money}; ◆ is the sum", money=word(UNIT)))
    handles = [Patch(**fill(*looks[n]), label=say.known("term", n)) for n in study.terms if n in shown_terms]
    is_wide = columns_of(3) == 3
    beside = {"loc": "outside right center"} if is_wide else {"loc": "outside lower left", "ncols": 2 * columns_of(2)}
    plot.legend(handles=handles, title=told("term"), alignment="left", **beside)


def country_text(cast: Cast, player: int) -> str:
    """A player by its country."""
    return spoken(cast).country(cast.codes[player])


def action_text(cast: Cast, player: int, action: int) -> str:
    """An action for reading."""
    return spoken(cast).action(player, action)


def _verdict(deviation: Deviation | None) -> str:
    if deviation is None:
        return told(": held")
    if deviation.loss >= 0:
        return told(": loses {loss} by its best deviation", loss=written(deviation.loss, ",.1f"))
    return told(": would gain {gain} by leaving", gain=written(-deviation.loss, ",.1f"))


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
            axes.barh(place, part, left=ends[side], **fill(colour, hatch), height=0.62)
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


def short_text(text: str) -> str:
    """A text cut for a title."""
    return text if len(text) <= 60 else f"{text[:59]}…"


#: Most rows of one picture.
MOST_ROWS = 24
