"""Pictures of how the triangle goes over the years."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Plot
from matplotlib.ticker import MaxNLocator

from triangle.players.axes import RU, US
from triangle.questions.path.record import Course
from triangle.questions.path.table import course_notes, shown_configurations
from triangle.showing.phrases import digits, spoken, told, word, written
from triangle.showing.plots import BLUE, country_text, new_plot, sign, styled
from triangle.showing.worded import configuration_title

#: Colours told apart by people who see colours differently, in the order of the configurations.
_COLOURS = ("#999999", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#D55E00", "#009E73", "#F0E442")


@styled
def course_plot(course: Course) -> Plot:
    """Configurations stacked by year, the fan of Russia as pivot, the hazard of a split, and maps of Russia's play."""
    plot = new_plot(11.0, 8.6)
    halves: Any = plot.subfigures(2, 1, height_ratios=[1.25, 1.0])
    upper, lower = halves
    stacked, right = upper.subplots(1, 2, width_ratios=[1.5, 1.0])
    _stack(stacked, course)
    _fan(right, course)
    count = len(course.maps)
    panels = lower.subplots(1, count + 1, width_ratios=[1.5, *([1.0] * count)], squeeze=False)[0]
    _hazard(panels[0], course)
    for axes, place in zip(panels[1:], range(count), strict=True):
        _map(axes, course, place)
    plot.suptitle(course_title(course), fontsize=11.5, fontweight="bold", x=0.01, ha="left")
    sign(plot, fill(" ".join(course_notes(course)), 170))
    return plot


def course_title(course: Course) -> str:
    """The finding of a course: the configuration that is likeliest over all years, and how likely it is in a year."""
    place = max(range(len(course.configurations)), key=lambda k: sum(y.configurations[k].mean for y in course.years))
    means = [year.configurations[place].mean for year in course.years]
    chances = told(" to ").join(dict.fromkeys(written(chance, ".2f") for chance in (min(means), max(means))))
    return told(
        "{path}: {triangle} with a probability of {chances}, {first} to {last}",
        path=word(course.title or course.path),
        triangle=configuration_title(course.configurations[place], course.cast),
        chances=chances,
        first=str(course.first),
        last=str(course.last),
    )


def _years(course: Course) -> np.ndarray:
    return np.array([year.year for year in course.years])


def _rule_turns(axes: Axes, course: Course) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    for year in {turn.year for turn in course.turns}:
        axes.axvline(year, color="#666666", linewidth=0.6, linestyle=":")


def _stack(axes: Axes, course: Course) -> None:
    places = [k for k, _ in shown_configurations(course)]
    rows = [[year.configurations[k].mean for year in course.years] for k in places]
    axes.stackplot(
        _years(course), rows, colors=[_COLOURS[k] for k in places],
        labels=[configuration_title(course.configurations[k], course.cast) for k in places],
    )  # fmt: skip
    _rule_turns(axes, course)
    axes.set_xlim(course.first, course.last)
    axes.set_ylim(0, 1)
    axes.set_ylabel(told("probability of each configuration"))
    axes.legend(loc="lower left", fontsize=7, frameon=True, framealpha=0.9)


def _fan(axes: Axes, course: Course) -> None:
    place = course.configurations.index(f"romantic_triangle:{course.cast.codes[RU]}")
    bands = [year.configurations[place] for year in course.years]
    years = _years(course)
    axes.fill_between(years, [b.low90 for b in bands], [b.high90 for b in bands], color=BLUE, alpha=0.15, linewidth=0)
    axes.fill_between(years, [b.low50 for b in bands], [b.high50 for b in bands], color=BLUE, alpha=0.3, linewidth=0)
    axes.plot(years, [b.mean for b in bands], color=BLUE)
    _rule_turns(axes, course)
    axes.set_xlim(course.first, course.last)
    axes.set_ylim(-0.02, 1.02)
    template = "{who} as pivot: mean, middle 50 and 90 % of worlds"
    axes.set_title(told(template, who=country_text(course.cast, RU)), fontsize=8.5)


def _hazard(axes: Axes, course: Course) -> None:
    found = [(year.year, year.hazard) for year in course.years if year.hazard is not None]
    axes.plot([year for year, _ in found], [hazard for _, hazard in found], color=BLUE, marker="o", markersize=3)
    _rule_turns(axes, course)
    axes.set_xlim(course.first, course.last)
    axes.set_ylim(0, max(0.01, 1.05 * max((hazard for _, hazard in found), default=0.0)))
    axes.set_title(told("hazard of a split, per year"), fontsize=8.5)


def _map(axes: Axes, course: Course, place: int) -> None:
    found = course.maps[place]
    axes.imshow(np.array(found.share), origin="lower", vmin=0, vmax=1, cmap="cividis", aspect="auto")
    for (row, column), share in np.ndenumerate(np.array(found.share)):
        axes.text(column, row, written(share, ".2f").lstrip("0"), ha="center", va="center", fontsize=6,
                  color="white" if share < 0.6 else "black")  # fmt: skip
    axes.set_xticks(range(len(found.columns)), [digits(label) for label in found.columns], fontsize=6)
    axes.set_yticks(range(len(found.rows)), [digits(label) for label in found.rows], fontsize=6)
    axes.set_xlabel(spoken(course.cast).known("state", found.column), fontsize=7)
    if place == 0:
        axes.set_ylabel(spoken(course.cast).known("state", found.row), fontsize=7)
    template = "{year}: {who} turns to {player}"
    who = country_text(course.cast, RU)
    axes.set_title(told(template, year=str(found.year), who=who, player=course.cast.codes[US]), fontsize=7.5)
