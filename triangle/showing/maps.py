"""Pictures of sweeps: where in parameter space which sets of equilibria are.

One look everywhere. A set of one equilibrium has the colour of its configuration, a second
and third such set a lighter and a darker one (see
:data:`~triangle.showing.plots.CONFIGURATION_COLOURS`) and dots or lines for its pivot or pair; a set of several has
stripes in the colours of two of them; no pure equilibrium is crossed out on white. Every set also has a letter, which
stands in its region and in the legend, so that the picture can be read in grey and by anybody.

Maps, tipping points and boundaries of the same scenarios share their marks, and a report of these has them too: one
letter and one colour for each action profile (:func:`marks_for`). A set of several profiles has the letters of all of
them, and stripes in the colours of the first two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.base.intervals import wilson
from triangle.batch.equilibria import sweep_masks
from triangle.batch.takeover import configuration_probabilities
from triangle.games.bitboards import Sets, profiles_of
from triangle.measures.standing import boxes
from triangle.model.parameter import Parameter
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU
from triangle.players.cast import SHIPPED_CODES, Cast
from triangle.players.configurations import configurations
from triangle.players.profiles import links
from triangle.players.sets import configuration_masks, set_configurations
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    CONFIGURATION_COLOURS,
    GREEN,
    ORANGE,
    PINK,
    RED,
    Plot,
    axis,
    columns_of,
    fill,
    fill_lines,
    heading,
    held,
    luminance,
    new_plot,
    pt,
    short_text,
    sign,
    styled,
    titled,
)
from triangle.showing.statements import default_text
from triangle.showing.worded import configuration_title, triangle_title
from triangle.solvers.agreements import TRUST
from triangle.study.study import Study
from triangle.sweeps.archive import players_of
from triangle.sweeps.fields import of_games
from triangle.sweeps.means import Means

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

#: Parts of an axis to which the boundaries of a map are told, a power of two.
PARTS = 512

#: Draws of each scenario's prior box by which profiles that are not stable in it get their letters.
MARK_DRAWS = 1024

#: Most sets that have a look of their own; the rarer ones share one.
MOST_SETS = 10

# Keys of configurations name the parts by the codes of the shipped triad, whoever plays them.
_WOOER, _WOOED, _RIVAL = SHIPPED_CODES

#: Dots or lines for the pivot or pair of a configuration.
_HATCHES = {
    f"romantic_triangle:{_WOOER}": "oo",
    f"romantic_triangle:{_RIVAL}": "..",
    f"stable_marriage:{_WOOER}-{_RIVAL}": "||",
    f"stable_marriage:{_WOOER}-{_WOOED}": "--",
}

#: Line of each configuration in plots of shares: colour, dashes, marker.
_LINES: dict[str, tuple[str, Any, str]] = {
    "menage_a_trois": (GREEN, "solid", "D"),
    f"romantic_triangle:{_RIVAL}": (ORANGE, (0, (1, 1)), "s"),
    f"romantic_triangle:{_WOOED}": (ORANGE, "solid", "o"),
    f"romantic_triangle:{_WOOER}": (ORANGE, (0, (4, 1)), "^"),
    f"stable_marriage:{_WOOED}-{_RIVAL}": (BLUE, "solid", "v"),
    f"stable_marriage:{_WOOER}-{_RIVAL}": (BLUE, (0, (1, 1)), "<"),
    f"stable_marriage:{_WOOER}-{_WOOED}": (BLUE, (0, (4, 1)), ">"),
    "unit_veto": ("#777777", "solid", "P"),
    "none": (BLACK, (0, (2, 1)), "x"),
}

#: Colour and hatch of the bars of each scenario.
BAR_LOOKS = ((BLUE, ""), (ORANGE, "///"), (GREEN, "..."), (PINK, "xx"), ("#888888", "\\\\"), (RED, "--"))

#: Hatches that a set takes where its own would look like another's in grey.
_SPARE = ("\\\\\\", "++", "oo", "**", "---", "|||", "...", "xx", "OO", "///")

#: Least difference in lightness by which two areas stay apart in grey.
APART = 15.0

Masks = NDArray[np.uint64]


@dataclass(frozen=True)
class Look:
    """How one set of equilibria is drawn: its letter, fill, hatch, the hatch's colour, and its text in the legend."""

    letter: str
    fill: str
    hatch: str
    ink: str
    text: str
    fill_before_tint: str = ""

    @property
    def patch(self) -> Patch:
        """Its entry in a legend."""
        return Patch(
            facecolor=self.fill, hatch=self.hatch, edgecolor=self.ink, linewidth=0, label=f"{self.letter}  {self.text}"
        )


#: What stands for a set without a profile: its letter, and its colour and that of its crosses.
NOTHING, PAPER, CROSSES = "–", "#FFFFFF", "#777777"

#: Stripes of a set whose first two profiles have the same colour.
_DARK = "#333333"

#: How far the next profiles of a configuration are from its colour: towards white (1) or black (0), and by which part.
_STEPS = ((1.0, 0.55), (0.0, 0.3), (1.0, 0.3), (0.0, 0.5))

#: What stands for the sets that share a look.
FURTHER = "…"

#: What sets are made of unless something else is said.
PURE = "pure equilibrium"


@dataclass(frozen=True)
class Mark:
    """The letter and the colour of a profile."""

    letter: str
    colour: str


@dataclass(frozen=True)
class Marks:
    """The mark of every profile of a cast, by its index."""

    each: tuple[Mark, ...]

    def letters(self, mask: int) -> str:
        """The letters of a set of profiles."""
        return "+".join(sorted((self.each[p].letter for p in profiles_of(mask)), key=_place)) or NOTHING

    def colours(self, mask: int) -> tuple[str, str]:
        """The colour of a set of profiles, and that of its stripes; of a single profile twice the same."""
        own = list(dict.fromkeys(self.each[p].colour for p in sorted(profiles_of(mask), key=self._order)))
        if not own:
            return PAPER, CROSSES
        return own[0], own[1] if len(own) > 1 else _DARK if mask.bit_count() > 1 else own[0]

    def _order(self, profile: int) -> tuple[int, str]:
        return _place(self.each[profile].letter)


def marks_of(first: Iterable[int], cast: Cast) -> Marks:
    """Marks of all profiles of a cast, these first.

    >>> from triangle.players.cast import SHIPPED
    >>> marks = marks_of([37, 0], SHIPPED)
    >>> marks.letters(1 << 37), marks.letters(1 | 1 << 37), marks.letters(0)
    ('A', 'A+B', '–')
    """
    order = dict.fromkeys([*first, *range(len(cast.profiles))])
    seen: Counter[str] = Counter()
    found = {}
    for place, profile in enumerate(order):
        name = configurations(cast)[profile].name
        found[profile] = Mark(letter_at(place), tinted(CONFIGURATION_COLOURS[name], seen[name] % (len(_STEPS) + 1)))
        seen[name] += 1
    return Marks(tuple(found[profile] for profile in range(len(order))))


def marks_for(studies: Sequence[Study]) -> Marks:
    """A letter and a colour for each profile: first what is stable in the scenarios, then what most often is.

    They depend on the scenarios alone, so that all pictures of the same scenarios have the same.
    """
    stable = [finding.index for study in studies for finding in study.solve().findings]
    drawn = boxes(studies, MARK_DRAWS, 0, TRUST)
    counts = np.sum([drawn.tallies[study.scenario.name].profiles for study in studies], axis=0)
    return marks_of([*stable, *np.argsort(-counts, kind="stable").tolist()], studies[0].cast)


def tinted(colour: str, step: int) -> str:
    """The colour for the first of a configuration; lighter or darker for the next ones of the same."""
    if step == 0:
        return colour
    towards, part = _STEPS[(step - 1) % len(_STEPS)]
    red, green, blue = ((1 - part) * c + part * towards for c in to_rgb(colour))
    return str(to_hex((red, green, blue)))


def letter_at(place: int) -> str:
    """The letter of a place, as spreadsheets name their columns.

    >>> [letter_at(place) for place in (0, 25, 26, 63)]
    ['A', 'Z', 'AA', 'BL']
    """
    before, last = divmod(place, 26)
    return (letter_at(before - 1) if before else "") + chr(ord("A") + last)


def _place(letter: str) -> tuple[int, str]:
    """By what letters are put in order."""
    return len(letter), letter


def looks_of(
    masks: Masks, cast: Cast, sets_of: str = PURE, marks: Marks | None = None
) -> tuple[dict[int, Look], NDArray[np.int64]]:
    """The look of each set by a number, the most frequent ones first, and the number of every game's set.

    Letters and colours are those of the marks, or where there are none those of this picture alone.
    """
    found, inverse, counts = cast.sets.numbered(masks)
    sets = cast.sets.wholes(found)
    order = np.argsort(-counts, kind="stable")  # of two as frequent, the set that comes first
    rank = np.empty(len(sets), dtype=np.int64)
    rank[order] = np.arange(len(sets))
    shown = min(len(sets), MOST_SETS)
    looks: dict[int, Look] = {}
    # Where a set shares its colour with one of its profiles, the profile keeps the look that it has elsewhere.
    for i in sorted(range(shown), key=lambda i: marks is not None and int(sets[order[i]]).bit_count() > 1):
        look = _look(chr(ord("A") + i), sets[order[i]], word(f"no {sets_of}"), cast)
        if marks is not None:
            look = _marked(look, sets[order[i]], marks)
        else:
            alike = sum(other.fill_before_tint == look.fill and other.hatch == look.hatch for other in looks.values())
            look = replace(look, fill=tinted(look.fill, alike), fill_before_tint=look.fill)
        looks[i] = _told_apart(look, looks.values())
    looks = dict(sorted(looks.items()))
    if len(sets) > shown:
        letter = chr(ord("A") + shown) if marks is None else FURTHER
        looks[shown] = Look(letter, "#555555", "", "#555555", told("{n} further sets", n=len(sets) - shown))
    return looks, np.minimum(rank, shown)[inverse]


def _marked(look: Look, mask: int, marks: Marks) -> Look:
    """The look of a set with its letters and colours."""
    fill, stripes = marks.colours(mask)
    return replace(look, letter=marks.letters(mask), fill=fill, ink=look.ink if fill == stripes else stripes)


def _told_apart(look: Look, others: Iterable[Look]) -> Look:
    """The look, with another hatch where a more frequent set would look the same in grey."""
    light = luminance(look.fill)
    taken = {other.hatch for other in others if abs(luminance(other.fill) - light) < APART}
    free = (look.hatch, *(hatch for hatch in _SPARE if hatch != look.hatch))
    return replace(look, hatch=next(hatch for hatch in free if hatch not in taken))


def _look(letter: str, mask: int, none: str, cast: Cast) -> Look:
    profiles = profiles_of(mask)
    if not profiles:
        return Look(letter, PAPER, "xxx", CROSSES, none)
    keys = set_configurations(mask, cast)
    colours = [CONFIGURATION_COLOURS[key.partition(":")[0]] for key in keys]
    text = "\n      ".join(_profile_words(profile, cast) for profile in profiles[:4])
    if len(profiles) > 4:
        text += f"\n      {told('and {n} more', n=len(profiles) - 4)}"
    if len(profiles) == 1:
        return Look(letter, colours[0], _HATCHES.get(_of_parts(keys[0], cast), ""), "#333333", text)
    ink = next((colour for colour in colours[1:] if colour != colours[0]), BLACK)
    return Look(letter, colours[0], "////", ink, text)


def _of_parts(key: str, cast: Cast) -> str:
    """The key of a configuration under the codes of the shipped triad, which name the parts."""
    name, colon, codes = key.partition(":")
    return name + colon + "-".join(SHIPPED_CODES[cast.player(code)] for code in codes.split("-") if code)


def _profile_words(profile: int, cast: Cast) -> str:
    return f"{triangle_title(configurations(cast)[profile])}: {spoken(cast).profile(cast.profiles[profile])}"


def axes_of(dims: Sequence[str]) -> list[str]:
    """The parameters of the grid among the dimensions of a sweep."""
    return [dim for dim in dims if dim not in ("scenario", "sample", "point")]


def check_dims(dims: Sequence[str]) -> None:
    """Raise BadInput where a sweep of these dimensions has no picture; it can be known before the games are solved."""
    axes = axes_of(dims)
    if len(axes) > 2 or (len(axes) == 2 and "sample" in dims):
        message = (
            f"a sweep over {' × '.join(dims)} has too many axes for one picture; "
            "take one or two --over, two without --samples"
        )
        raise BadInput(Fault("--plot", "", message))


def sweep_plot(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """The picture that fits a sweep: a map, a strip, shares along an axis, or bars.

    Raises
    ------
    BadInput
        If there are more axes than a picture has.
    """
    dims = dims_of(games["mask"])
    check_dims(dims)
    axes = axes_of(dims)
    one_by_one = "sample" not in dims and "point" not in dims
    if one_by_one and axes and not ("probability" in games and len(axes) == 1):
        plot: Plot = (equilibrium_map if len(axes) == 2 else equilibrium_strip)(games, studies)
        return plot
    drawn: Plot = (share_curves if axes else share_bars)(games, studies)
    return drawn


def with_legend(width: float, height: float, lines: int) -> tuple[Plot, Any, Any]:
    """A plot, its upper part for the panels, and its lower part with room for so many lines of legend."""
    below = 0.15 + 0.225 * lines
    plot = new_plot(width, height + below + 0.3)
    parts: Any = plot.subfigures(2, 1, height_ratios=(height, below))
    upper, lower = parts
    return plot, upper, lower


def draw_legend(lower: Any, handles: Sequence[Any], columns: int = 1) -> None:
    """The legend in the lower part of a picture."""
    lower.legend(
        handles=handles, loc="upper left", handlelength=2.6, handleheight=1.2, ncols=columns, borderaxespad=0.2
    )


def legend_lines(looks: Mapping[int, Look]) -> int:
    """Lines that the legend of these looks and of the two standpoints takes."""
    return 2 + sum(look.text.count("\n") + 1 for look in looks.values())


def legend_handles(looks: Mapping[int, Look], axes: Sequence[Parameter], cast: Cast) -> list[Any]:
    """What the legend of a map over these parameters holds: the looks of its sets, and the two standpoints."""
    range_look: dict[str, Any] = {"marker": "D", "color": BLACK, "markerfacecolor": "white", "markersize": 7}
    return [
        *(look.patch for look in looks.values()),
        Line2D([], [], label=told("{default}, with its range", default=default_text(axes, cast)), **range_look),
        Line2D([], [], marker="o", color=BLACK, linestyle="none", markersize=7, label=told("value in this scenario")),
    ]


def _panels(games: xarray.Dataset) -> list[xarray.DataArray]:
    mask = games["mask"]
    return [mask.isel(scenario=i) for i in range(mask.sizes["scenario"])] if "scenario" in mask.dims else [mask]


def dims_of(panel: xarray.DataArray) -> list[str]:
    """The dimensions of some games."""
    return [str(dim) for dim in of_games(panel).dims]


def foot(games: xarray.Dataset, studies: Sequence[Study]) -> str:
    """What a picture of a sweep is of: scenarios, number of games, design and seed."""
    names = ", ".join(f"{study.scenario.name}{_held(study)}" for study in studies)
    parts = [
        told("scenarios {names}" if len(studies) > 1 else "scenario {names}", names=names),
        told("{n} games", n=int(of_games(games["mask"]).size)),
    ]
    if games.attrs["design"] != "grid":
        design, seed = word(str(games.attrs["design"])), str(games.attrs["seed"])
        parts.append(told("{design}, seed {seed}", design=design, seed=seed))
    if "sets" in games.attrs:
        trust = written(float(games["mask"].attrs["trust"]), "g")
        parts.append(told("{sets}, trust {trust}", sets=word(str(games.attrs["sets"])), trust=trust))
    return " · ".join(parts)


def _one(games: xarray.Dataset) -> str:
    """What the sets of a sweep are made of, one of them."""
    return "agreement-proof equilibrium" if "sets" in games.attrs else PURE


def _held(study: Study) -> str:
    """Who is held at what in a scenario, in brackets."""
    return f" ({held(study).removeprefix(' · ')})" if study.hold else ""


def _label(games: xarray.Dataset, name: str) -> str:
    return axis(name, str(games[name].attrs["units"]), spoken(players_of(games)))


@styled
def equilibrium_map(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """The set of equilibria over two parameters, one panel a scenario, with where the defaults and scenarios stand.

    The first axis of the sweep runs to the right, the second one upwards.
    """
    panels = _panels(games)
    x, y = dims_of(panels[0])
    ends = {name: (float(games[name].min()), float(games[name].max())) for name in (x, y)}
    fine = _refined_panels(games, panels, studies, (x, y), ends)
    axis_first = len(players_of(games).sets.lead)
    masks = games["mask"].values if fine is None else np.stack(fine, axis=axis_first)
    looks, numbers = looks_of(masks, players_of(games), _one(games), marks_for(studies))
    several = "scenario" in games["mask"].dims or fine is not None
    right, up = (panels[0][name].values if fine is None else lattice(*ends[name]) for name in (x, y))
    about = "" if fine is None else f" · {resolved()}"
    columns = columns_of(min(3, len(panels)))
    rows = -(-len(panels) // columns)
    plot, upper, lower = with_legend(max(7.5, 4.6 * columns), 4.2 * rows, legend_lines(looks))
    grid = upper.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for place, (axes, study) in enumerate(zip(grid, studies, strict=False)):
        draw_regions(axes, right, up, numbers[place] if several else numbers, looks)
        draw_standpoints(axes, x, y, study)
        axes.set_title(heading(study), wrap=True, fontsize=pt(10))
        axes.set_xlabel(_label(games, x))
    for axes in grid[len(panels) :]:
        axes.axis("off")
    for row in range(rows):
        grid[row * columns].set_ylabel(_label(games, y))
    draw_legend(lower, legend_handles(looks, [studies[0].model.catalogue[name] for name in (x, y)], studies[0].cast))
    titled(plot, _kept(masks, players_of(games)))
    sign(plot, f"{foot(games, studies)}{about}")
    return plot


def _refined_panels(
    games: xarray.Dataset,
    panels: Sequence[xarray.DataArray],
    studies: Sequence[Study],
    names: tuple[str, str],
    ends: Mapping[str, tuple[float, float]],
) -> list[Masks] | None:
    """The sets between the nodes of each panel; None where the model gives others at the nodes, or along one node."""
    if any(low == high for low, high in ends.values()):
        return None
    trust = games["mask"].attrs["trust"] if "sets" in games.attrs else None
    found = []
    for panel, study in zip(panels, studies, strict=True):
        nodes = np.meshgrid(*(panel[name].values for name in names), indexing="ij")
        if study.cast.sets.differ(masks_at(study, names, nodes, trust), panel.values).any():
            return None
        least = max(panel.sizes[name] for name in names)
        found.append(refined(study, names, [ends[name] for name in names], least, trust))
    return found


def resolved() -> str:
    """How exact boundaries on a :func:`lattice` are, for the foot of a picture."""
    return told("boundaries by bisection, to a {n}th of each axis", n=PARTS)


def lattice(low: float, high: float) -> NDArray[np.float64]:
    """The values between which boundaries are told along an axis."""
    return np.linspace(low, high, PARTS + 1)


def masks_at(study: Study, names: Sequence[str], values: Sequence[Any], trust: float | None = None) -> Masks:
    """The sets of equilibria where two parameters have these values, all others as the scenario has them."""
    moved = Values(study.scenario.set_to(dict(zip(names, values, strict=True))), study.cast)
    return sweep_masks(moved, study.model.terms, hold=study.hold, trust=trust)


def refined(
    study: Study,
    names: Sequence[str],
    ends: Sequence[tuple[float, float]],
    least: int,
    trust: float | None = None,
) -> Masks:
    """The sets of equilibria on the :func:`lattice` over two parameters, asked only where they change.

    A coarse grid, at least as fine as `least` nodes along each axis, is halved again and again; new nodes are asked of
    the model in cells whose corners differ and in their neighbours, and take their corners' set in all others. What is
    smaller than a cell of the coarse grid and lies between its nodes can be missed.

    Returns
    -------
    array of uint64, shape ``(*lead, PARTS + 1, PARTS + 1)``
    """
    sets, (x, y) = study.cast.sets, (lattice(*own) for own in ends)
    step = PARTS
    while PARTS // step + 1 < min(least, PARTS + 1):
        step //= 2
    coarse = np.meshgrid(x[::step], y[::step], indexing="ij")
    masks: NDArray[Any] = masks_at(study, names, coarse, trust)
    while step > 1:
        step //= 2
        mixed = _mixed(masks, sets)
        masks = masks.repeat(2, axis=-1).repeat(2, axis=-2)[..., :-1, :-1]
        asked: NDArray[np.bool_] = np.zeros((masks.shape[-2], masks.shape[-1]), dtype=bool)
        for i, j in product(range(3), repeat=2):
            asked[i : asked.shape[0] - 2 + i : 2, j : asked.shape[1] - 2 + j : 2] |= mixed
        asked[::2, ::2] = False  # known already
        rows, columns = np.nonzero(asked)
        if len(rows):
            masks[..., rows, columns] = masks_at(study, names, (x[::step][rows], y[::step][columns]), trust)
    return masks


def _mixed(masks: Masks, sets: Sets) -> NDArray[np.bool_]:
    """The cells whose corners differ, and all around them."""
    across, along = sets.differ(masks[..., 1:, :], masks[..., :-1, :]), sets.differ(masks[..., 1:], masks[..., :-1])
    cells = across[:, 1:] | across[:, :-1] | along[1:] | along[:-1]
    wide = np.pad(cells, 1)
    parts = [wide[i : i + cells.shape[0], j : j + cells.shape[1]] for i, j in product(range(3), repeat=2)]
    return np.asarray(np.logical_or.reduce(parts))


def _kept(masks: Masks, cast: Cast) -> str:
    """In what part of a map Russia is linked with China in every equilibrium, in what part in some, and in none."""
    say, sets, linked = spoken(cast), cast.sets, links(cast)[RU, CN]
    always = float(sets.within(masks, linked).mean())
    never = float((~sets.meets(masks, linked) & ~sets.none(masks)).mean())
    powers = {"first": say.opening(cast.codes[RU]), "second": say.named(cast.codes[CN], "subject")}
    some = float((sets.meets(masks, linked) & ~sets.within(masks, linked)).mean())
    whole = {"finds.map_always": always, "finds.map_some": some, "finds.map_never": never}
    if 1.0 in whole.values():
        return say.word(max(whole, key=whole.__getitem__), **powers)
    shares = {"always": say.percent(always), "some": say.percent(some), "never": say.percent(never)}
    return say.word("finds.map", **shares, **powers)


def _edges(nodes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ends of the cells around the nodes: half way to the neighbour, and the node itself at both ends of the axis."""
    if len(nodes) == 1:
        return np.array([nodes[0] - 0.5, nodes[0] + 0.5])
    return np.concatenate([nodes[:1], (nodes[1:] + nodes[:-1]) / 2, nodes[-1:]])


def draw_regions(
    axes: Axes,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    numbers: NDArray[np.int64],
    looks: Mapping[int, Look],
) -> list[tuple[float, float]]:
    """Fill the area of each set, draw the borders between sets, and put letters into regions; where these are.

    On a :func:`lattice` borders are the lines that they are; on the nodes of a grid they follow its cells, since
    nothing is known between the nodes.
    """
    x, y, numbers = _ascending(x, y, numbers)
    right, up = _edges(x), _edges(y)
    is_fine, letters = min(len(x), len(y)) > PARTS, []
    for number, look in looks.items():
        outline = _smooth(axes, numbers == number, x, y) if is_fine else _rectangles(numbers == number, right, up)
        if outline is not None:
            axes.add_patch(
                PathPatch(outline, facecolor=look.fill, hatch=look.hatch, edgecolor=look.ink, linewidth=0, zorder=1)
            )
            if is_fine:
                axes.add_patch(PathPatch(outline, facecolor="none", edgecolor=BLACK, linewidth=0.9, zorder=3))
            letters += _letter(axes, right, up, numbers == number, look.letter)
    if not is_fine:
        _borders(axes, numbers, right, up)
    axes.set(xlim=(right[0], right[-1]), ylim=(up[0], up[-1]))
    axes.spines[["top", "right"]].set_visible(True)
    return letters


def _ascending(x: Any, y: Any, numbers: Any) -> tuple[Any, Any, Any]:
    by_x, by_y = np.argsort(x), np.argsort(y)
    return x[by_x], y[by_y], numbers[by_x][:, by_y]


def _rectangles(member: NDArray[np.bool_], right: Any, up: Any) -> Outline | None:
    """The cells of a set as one outline of rectangles, neighbours in a column joined; None where there are none."""
    padded = np.pad(member, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(padded, axis=1)
    column, low = np.nonzero(steps == 1)
    _, high = np.nonzero(steps == -1)
    if not len(column):
        return None
    a, b, c, d = right[column], right[column + 1], up[low], up[high]
    corners = np.stack([np.stack(p, -1) for p in ((a, c), (b, c), (b, d), (a, d), (a, c))], axis=1)
    codes = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY]
    return Outline(corners.reshape(-1, 2), codes * len(column))


def _smooth(axes: Axes, member: NDArray[np.bool_], x: NDArray[np.float64], y: NDArray[np.float64]) -> Outline | None:
    """The area of a set on a lattice as polygons between its nodes, without the points that lie on a line."""
    if not member.any():
        return None
    # A rim of nodes outside closes the polygons; what they have of it lies on the edge of the map.
    drawn = axes.contourf(np.pad(member, 1).T.astype(float), levels=[0.5, 1.5])
    (area,) = drawn.get_paths()
    drawn.remove()
    rings = []
    for ring in area.to_polygons(closed_only=True):
        line = Outline(np.asarray(ring) - 1.0)
        line.should_simplify, line.simplify_threshold = True, 1.0  # in cells of the lattice
        kept = line.cleaned(simplify=True)
        corners = np.asarray(kept.vertices)[np.asarray(kept.codes) != Outline.STOP]
        points = np.clip(corners, 0, np.array(member.shape) - 1)
        if len(points) > 2:
            rings.append(Outline(np.vstack([points, points[:1]]), closed=True))
    if not rings:
        return None
    found = Outline.make_compound_path(*rings)
    low, step = np.array([x[0], y[0]]), np.array([x[1] - x[0], y[1] - y[0]])
    return Outline(low + np.asarray(found.vertices) * step, found.codes)


#: The part of a map that is the least room for a letter; a region of a grid of few nodes has room at two cells.
_ROOM = 0.05


def _letter(axes: Axes, right: Any, up: Any, member: NDArray[np.bool_], letter: str) -> list[tuple[float, float]]:
    """The letter where its region is widest, and that place; none if there is no room for it."""
    from scipy.ndimage import distance_transform_cdt

    depth = distance_transform_cdt(np.pad(member, 1), metric="chessboard")[1:-1, 1:-1]
    i, j = np.unravel_index(int(depth.argmax()), depth.shape)
    wide = (2 * depth[i, j] - 1) / max(1, min(member.shape))
    if wide < _ROOM and (depth[i, j] < 2 or min(member.shape) > PARTS):
        return []
    box = {"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    x, y = (right[i] + right[i + 1]) / 2, (up[j] + up[j + 1]) / 2
    axes.text(
        x, y, letter, ha="center", va="center", fontweight="bold", fontsize=pt(9), bbox=box, zorder=8, clip_on=True
    )
    return [(float(x), float(y))]


def _borders(axes: Axes, numbers: NDArray[np.int64], right: Any, up: Any) -> None:
    lines = []
    for i, j in zip(*np.nonzero(numbers[1:] != numbers[:-1]), strict=True):
        lines.append([(right[i + 1], up[j]), (right[i + 1], up[j + 1])])
    for i, j in zip(*np.nonzero(numbers[:, 1:] != numbers[:, :-1]), strict=True):
        lines.append([(right[i], up[j + 1]), (right[i + 1], up[j + 1])])
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(lines, colors=BLACK, linewidths=0.9, zorder=3, capstyle="projecting"))


def draw_standpoints(axes: Axes, x: str, y: str, study: Study) -> None:
    """The default point with its range, the scenario's point, and the way from the one to the other."""
    across, along = study.model.catalogue[x], study.model.catalogue[y]
    default = (across.default, along.default)
    here = (study.scenario.values[x], study.scenario.values[y])
    halo: dict[str, Any] = {"color": "white", "linewidth": 2.5, "zorder": 6, "solid_capstyle": "butt"}
    bars = (((across.low, across.high), (along.default,) * 2), ((across.default,) * 2, (along.low, along.high)))
    for across_ends, along_ends in bars:
        axes.plot(across_ends, along_ends, **halo)
        # Broken and with ends of their own, so that a range over the whole panel is not taken for an axis.
        axes.plot(across_ends, along_ends, color=BLACK, linewidth=1.0, linestyle=(0, (1.5, 2)), zorder=7)
        axes.plot(across_ends, along_ends, "o", color=BLACK, markersize=2.5, zorder=7)
    # At the edge of a map a mark is cut in half; it stays whole with clipping off where its point is inside.
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()

    def inside(point: tuple[float, float]) -> bool:
        return x0 <= point[0] <= x1 and y0 <= point[1] <= y1

    axes.plot(*default, "D", color=BLACK, markerfacecolor="white", markersize=8, zorder=9, clip_on=not inside(default))
    if here != default:
        arrow = {"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.1, "linestyle": (0, (3, 2)), "shrinkB": 5}
        axes.annotate("", here, default, arrowprops=arrow, zorder=8)
    axes.plot(*here, "o", color=BLACK, markersize=4.5 if here == default else 7, zorder=10, clip_on=not inside(here))


@styled
def equilibrium_strip(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """The set of equilibria along one parameter, one strip a scenario, with the values at which it tips.

    A tipping value is known up to half the distance of the two nodes that it lies between.
    """
    panels = _panels(games)
    name = dims_of(panels[0])[0]
    looks, numbers = looks_of(games["mask"].values, players_of(games), _one(games), marks_for(studies))
    numbers = numbers.reshape(len(panels), -1)
    plot, upper, lower = with_legend(9.5, 1.3 + 0.95 * len(panels), legend_lines(looks))
    axes = upper.subplots()
    nodes = panels[0][name].values
    order = np.argsort(nodes)
    edges = _edges(nodes[order])
    for row, study in enumerate(studies):
        _strip(axes, len(studies) - 1 - row, edges, numbers[row][order], looks)
        _strip_standpoint(axes, len(studies) - 1 - row, name, study)
    axes.set(xlim=(edges[0], edges[-1]), ylim=(-0.5, len(studies) - 0.35))
    labels = [fill_lines(short_text(word(study.scenario.title)), 36) for study in reversed(studies)]
    axes.set_yticks(range(len(studies)), labels)
    axes.set_xlabel(_label(games, name))
    draw_legend(lower, legend_handles(looks, [studies[0].model.catalogue[name]], studies[0].cast))
    titled(plot, _tips(edges, [row[order] for row in numbers], name, studies))
    sign(plot, foot(games, studies))
    return plot


def _tips(edges: Any, rows: Sequence[Any], name: str, studies: Sequence[Study]) -> str:
    """How often what is stable changes along a parameter, and where first; of the first scenario where it does."""
    say = spoken(studies[0].cast)
    called, low, high = say.known("parameter", name), say.value(float(edges[0])), say.value(float(edges[-1]))
    tips = [np.flatnonzero(np.diff(row)) + 1 for row in rows]
    place = next((k for k, own in enumerate(tips) if len(own)), None)
    if place is None:
        return say.word("finds.strip_same", parameter=called, low=low, high=high)
    first = {"parameter": called, "value": say.value(float(f"{edges[tips[place][0]]:.3g}"))}
    several = say.word("finds.strip", n=len(tips[place]), **first)
    if len(studies) == 1:
        return several
    return say.word("told.first", scenario=short_text(word(studies[place].scenario.title)), claim=several)


def _strip(axes: Axes, row: int, edges: Any, numbers: NDArray[np.int64], looks: Mapping[int, Look]) -> None:
    tips = np.flatnonzero(np.diff(numbers)) + 1
    starts, stops = [0, *tips.tolist()], [*tips.tolist(), len(numbers)]
    width = edges[-1] - edges[0]
    last_label = -np.inf
    for start, stop in zip(starts, stops, strict=True):
        look = looks[int(numbers[start])]
        left, right = edges[start], edges[stop]
        axes.barh(
            row, right - left, left=left, height=0.5, color=look.fill, hatch=look.hatch, edgecolor=look.ink, linewidth=0
        )
        if right - left > 0.025 * width:
            box = {"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            axes.text(
                (left + right) / 2,
                row,
                look.letter,
                ha="center",
                va="center",
                fontweight="bold",
                fontsize=pt(9),
                bbox=box,
            )
        if start:
            axes.plot([left, left], [row - 0.25, row + 0.29], color=BLACK, linewidth=1.2)
            if left - last_label > 0.05 * width:
                axes.text(left, row + 0.3, written(left, ".3g"), ha="center", va="bottom", fontsize=pt(8))
                last_label = left


def _strip_standpoint(axes: Axes, row: int, name: str, study: Study) -> None:
    p, value = study.model.catalogue[name], study.scenario.values[name]
    axes.plot([p.low, p.high], [row - 0.34] * 2, color=BLACK, linewidth=1.4)
    axes.plot(p.default, row - 0.34, "D", color=BLACK, markerfacecolor="white", markersize=7, zorder=6, clip_on=False)
    axes.plot(value, row - 0.34, "o", color=BLACK, markersize=3.5 if value == p.default else 6, zorder=7, clip_on=False)


def _shares(mask: Masks, cast: Cast) -> dict[str, NDArray[np.float64]]:
    """Share of the games, along the last axis, with an equilibrium of each configuration, and without any."""
    shares = {key: cast.sets.meets(mask, pattern).mean(axis=-1) for key, pattern in configuration_masks(cast).items()}
    return {**shares, "none": cast.sets.none(mask).mean(axis=-1)}


def _curves(games: xarray.Dataset, number: int, masks: Masks) -> dict[str, NDArray[np.float64]]:
    """What the curves of one scenario show: shares of the draws, or with erring players mean probabilities."""
    if "probability" not in games:
        return _shares(masks, players_of(games))
    played = _probabilities(games, number)
    if "sample" in games["mask"].dims or "point" in games["mask"].dims:
        played = {key: np.nanmean(share, axis=-1) for key, share in played.items()}
    return played


def _probabilities(games: xarray.Dataset, number: int) -> dict[str, NDArray[np.float64]]:
    """Probability of each configuration in each game of one scenario."""
    played = games["probability"].values
    own = played[:, number] if "scenario" in games["mask"].dims else played
    return configuration_probabilities(own, players_of(games))


def _likeliest(games: xarray.Dataset, shares: Mapping[str, Any], about: str, several: bool) -> str:
    """The configuration of the largest share, and that share; along a parameter the span that it takes."""
    say = spoken(players_of(games))
    key = max(shares, key=lambda one: float(np.nanmax(shares[one])))
    low, high = (say.percent(float(end(shares[key]))) for end in (np.nanmin, np.nanmax))
    key_of = "finds.likely" if "probability" in games else "finds.frequent"
    most = {"configuration": _title(key, games), "share": high if low == high else f"{low} – {high}"}
    finding = say.word(key_of, **most)
    return say.word("told.first", scenario=about, claim=finding) if several else finding


def _title(key: str, games: xarray.Dataset) -> str:
    return word(f"no {_one(games)}") if key == "none" else configuration_title(key, players_of(games))


@styled
def share_curves(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """Share of the draws in which each configuration is an equilibrium, along one parameter, one panel a scenario.

    Of a sweep by logit: the mean probability of each configuration.
    """
    panels = _panels(games)
    name = dims_of(panels[0])[0]
    columns = columns_of(min(3, len(panels)))
    rows = -(-len(panels) // columns)
    plot, upper, lower = with_legend(max(7.5, 4.4 * columns), 3.6 * rows + 0.3, 4)
    grid = upper.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    seen: dict[str, Any] = {}
    for number, (axes, panel, study) in enumerate(zip(grid, panels, studies, strict=False)):
        for key, share in _curves(games, number, panel.values).items():
            if share.max() >= 0.005:
                colour, dashes, marker = _LINES[_of_parts(key, players_of(games))]
                every = max(1, len(share) // 10)
                (line,) = axes.plot(
                    panel[name].values,
                    share,
                    color=colour,
                    linestyle=dashes,
                    marker=marker,
                    markevery=every,
                    markersize=5,
                )
                line.set_label(_title(key, games))
                seen.setdefault(key, line)
        axes.axvline(study.scenario.values[name], color=RED, linewidth=0.9, linestyle=":")
        axes.set(ylim=(-0.02, 1.02), xlabel=_label(games, name))
        axes.set_title(heading(study), wrap=True, fontsize=pt(10))
    for axes in grid[len(panels) :]:
        axes.axis("off")
    for row in range(rows):
        grid[row * columns].set_ylabel(told("mean probability" if "probability" in games else "share of the draws"))
    mark = Line2D([], [], color=RED, linewidth=0.9, linestyle=":", label=told("value in the scenario"))
    draw_legend(lower, [*seen.values(), mark], columns=columns_of(2))
    first = _curves(games, 0, panels[0].values)
    titled(plot, _likeliest(games, first, short_text(word(studies[0].scenario.title)), len(studies) > 1))
    sign(plot, foot(games, studies))
    return plot


@styled
def share_bars(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """Share of all draws in which each configuration is an equilibrium, with Wilson's 95 % interval.

    Of a sweep by logit: the mean probability of each configuration, with the normal interval.
    """
    panels = _panels(games)
    keys = [*configuration_masks(players_of(games)), *([] if "probability" in games else ["none"])]
    plot = new_plot(9.0, 1.6 + len(keys) * (0.22 + 0.16 * len(panels)))
    axes = plot.subplots()
    height = 0.8 / len(panels)
    for number, (panel, study) in enumerate(zip(panels, studies, strict=False)):
        lead = players_of(games).sets.lead
        share, ends = _bars(games, number, panel.values.reshape(*lead, -1))
        places = np.arange(len(keys)) + (number - (len(panels) - 1) / 2) * height
        colour, hatch = BAR_LOOKS[number % len(BAR_LOOKS)]
        axes.barh(
            places,
            share,
            height * 0.92,
            **fill(colour, hatch),
            label=short_text(word(study.scenario.title)),
        )
        whiskers = np.abs(ends - share)
        axes.errorbar(share, places, xerr=whiskers, fmt="none", ecolor=BLACK, elinewidth=1.1, capsize=2)
        for place, value, end in zip(places, share, ends[1], strict=True):
            axes.text(max(value, end) + 0.008, place, written(value, ".1%"), va="center", fontsize=pt(7.5))
    axes.set_yticks(range(len(keys)), [_title(key, games) for key in keys])
    axes.invert_yaxis()
    what = (
        "mean probability; whiskers: 95 %"
        if "probability" in games
        else "share of the games with such an equilibrium; whiskers: 95 %"
    )
    axes.set(xlim=(0, 1.08), xlabel=told(what))
    if len(panels) > 1:
        axes.legend(loc="lower right")
    lead = players_of(games).sets.lead
    first = dict(zip(keys, _bars(games, 0, panels[0].values.reshape(*lead, -1))[0], strict=True))
    titled(plot, _likeliest(games, first, short_text(word(studies[0].scenario.title)), len(studies) > 1))
    sign(plot, foot(games, studies))
    return plot


def _bars(games: xarray.Dataset, number: int, masks: Masks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lengths of the bars of one scenario, and the ends ``[low and high, bar]`` of their whiskers."""
    if "probability" in games:
        played = _probabilities(games, number)
        names = [("probability", key) for key in played]
        means = Means.of(names, np.stack([share.reshape(-1) for share in played.values()]))
        ends = np.array([means.interval(name, means.games) for name in names]).T
        return np.array([means.mean(name) for name in names]), ends
    size = masks.shape[-1]
    counts = [round(float(share) * size) for share in _shares(masks, players_of(games)).values()]
    return np.array(counts) / size, np.array([wilson(count, size) for count in counts]).T
