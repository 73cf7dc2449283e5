"""The section of a report on the years: where a path that departs from a scenario leads, with its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.ticker import MaxNLocator

from triangle.players.axes import RU, US
from triangle.players.configurations import Configuration
from triangle.questions.path.record import Course
from triangle.questions.path.table import course_told, shown_configurations
from triangle.scenarios.path import Path, read_path, shipped_paths
from triangle.showing.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
    Text,
    code,
    plain,
    words_of,
)
from triangle.showing.inline import inline
from triangle.showing.material import Call, Material
from triangle.showing.parts import source_of, unless_refused
from triangle.showing.plots import BLUE, Plot, new_plot, pt, styled
from triangle.study.study import Study

#: Most worlds of a course.
WORLDS = 64

#: The wooed's action of siding with its partner alone.
ALIGN = 1

#: Hatches, so that areas are told apart without colours.
_HATCHES = ("", "///", "...", "\\\\\\", "xxx", "ooo", "+++", "---")
_COLOURS = ("#999999", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#D55E00", "#009E73", "#F0E442")


def has_paths(m: Material) -> bool:
    """Whether some scenario of the report is the base of a shipped path."""
    return any(departing(m, study) for study in m.studies)


def years(m: Material) -> Section:
    """Where the years lead from each scenario that a path departs from."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("course.lead"))]
    for study in m.studies:
        if not departing(m, study):
            continue
        blocks += unless_refused(m, "course", partial(_course, m, study))
    return Section("course", say("section.course"), tuple(blocks))


def departing(m: Material, study: Study) -> list[Path]:
    """The shipped paths that depart from a scenario of the three alone, in which nobody is held."""
    if study.cast.thirds or study.hold:
        return []
    model = study.model
    paths = m.once(("paths", id(model)), lambda: [read_path(name, model) for name in shipped_paths(model.cast)])
    return [path for path in paths if path.scenario.name == study.scenario.name]


def course_asked(m: Material, path: Path, study: Study) -> Call[Course]:
    """Where a path leads."""
    from triangle.questions.path.answer import path_course

    return ("course", path.name), partial(path_course, path, study.model, min(m.samples, WORLDS), m.seed)


def _course(m: Material, study: Study) -> list[Block]:
    say, (path, *others) = m.say, departing(m, study)
    course = m.once(*course_asked(m, path, study))
    shown = shown_configurations(course)
    rests = _rests(m, course)
    blocks: list[Block] = [
        Heading(say.translated(path.title, 300)),
        Paragraph(say.translated(path.question), "lead"),
        Paragraph(course_told(course, say)),
        _stack(m, study, path, course, shown, rests),
        *([_window(m, study, course, rests)] if course.maps else []),
        _table(m, course, shown),
        Paragraph(_certified(m, course), "note"),
        Details(say("question.more"), (Paragraph(say.translated(path.narrative, 4000)),)),
    ]
    if others:
        asked = [(say.translated(p.question), code(f"triangle path {p.name}")) for p in others]
        items = tuple(say("course.other", question=question, command=command) for question, command in asked)
        blocks += [Paragraph(say("course.others")), Bullets(items)]
    return blocks


def _rests(m: Material, course: Course) -> Text:
    """How much of the spread rests on judged rates; stands under every picture."""
    judged = [year.judged for year in course.years if year.judged is not None]
    if not judged:
        return m.say("course.judged_none")
    low, high = m.say.percent(min(judged)), m.say.percent(max(judged))
    return m.say("course.judged_same", share=low) if low == high else m.say("course.judged", low=low, high=high)


def _certified(m: Material, course: Course) -> Text:
    found = course.certificate
    states = m.say("course.split", share=m.say.percent(course.split))
    if found.largest_gain <= 0:
        sure = m.say("course.certified", n=found.state_years)
    else:
        sure = m.say("course.certificate", n=found.state_years, gain=f"{found.largest_gain:.0e}")
    return m.say("list.sentences", a=states, b=sure)


def _key(course: Course) -> str:
    return f"course-{course.path.replace('_', '-')}"


def _stack(
    m: Material, study: Study, path: Path, course: Course, shown: Sequence[tuple[int, Configuration]], rests: Text
) -> Picture:
    say, key = m.say, _key(course)
    title = say("course.picture", path=say.translated(path.title, 200))
    told = course_told(course, say)
    caption = say("list.sentences", a=say("course.caption"), b=rests)
    drawing = inline(_stack_plot(m, course, shown), key, title, told)
    return Picture(key, drawing, title, told, caption, source_of(m, [study]), f"{key}-data")


def _window(m: Material, study: Study, course: Course, rests: Text) -> Picture:
    say, key = m.say, _key(course)
    russia, america = (say.named(course.cast.codes[i], family) for i, family in ((RU, "subject"), (US, "within")))
    title = say("course.window", russia=russia, america=america)
    first, last = course.maps[0], course.maps[-1]
    (low, high), (low_last, high_last) = (
        (say.percent(min(map(min, one.share))), say.percent(max(map(max, one.share)))) for one in (first, last)
    )
    told = say(
        "course.window_told", low=low, high=high, first=str(first.year), low_last=low_last, high_last=high_last,
        last=str(last.year),
    )  # fmt: skip
    caption = say("list.sentences", a=say("course.window_caption"), b=rests)
    drawing = inline(_window_plot(m, course), f"{key}-window", title, told)
    return Picture(f"{key}-window", drawing, title, told, caption, source_of(m, [study]), f"{key}-data")


def _table(m: Material, course: Course, shown: Sequence[tuple[int, Configuration]]) -> Table:
    say, key = m.say, _key(course)
    turning = {turn.year for turn in course.turns}
    kept = [y for y in course.years if y.year in {course.first, course.last, *turning} or y.year % 5 == 0]
    rows = [
        (
            Cell(plain(str(y.year)), y.year),
            *(Cell(plain(say.percent(y.configurations[k].mean)), y.configurations[k].mean) for k, _ in shown),
            Cell(plain(say.percent(y.actions[RU][ALIGN])), y.actions[RU][ALIGN]),
            Cell(plain("–" if y.hazard is None else say.percent(y.hazard)), y.hazard),
            Cell(plain("–" if y.judged is None else say.percent(y.judged)), y.judged),
        )
        for y in kept
    ]
    columns = (
        Column(say("course.column.year"), True),
        *(Column(say.triangle(c), True) for _, c in shown),
        Column(say("course.column.aligns", russia=say.named(course.cast.codes[RU], "subject")), True),
        Column(say("course.column.hazard"), True),
        Column(say("course.column.judged"), True),
    )
    return Table(say("course.years", n=len(kept)), columns, tuple(rows), say("course.note"), f"{key}-data")


def _width(course: Course, place: int) -> float:
    """How far worlds differ about a configuration, in the year in which they differ most."""
    return max(year.configurations[place].high90 - year.configurations[place].low90 for year in course.years)


@styled
def _stack_plot(m: Material, course: Course, shown: Sequence[tuple[int, Configuration]]) -> Plot:
    """Configurations stacked by year, and the fan of the one that worlds differ about most."""
    say, plot = m.say, new_plot(8.6, 3.7)
    left, right = plot.subplots(1, 2, width_ratios=[1.4, 1.0])
    span = np.array([year.year for year in course.years])
    rows = [[year.configurations[k].mean for year in course.years] for k, _ in shown]
    areas = left.stackplot(
        span, rows, colors=[_COLOURS[k] for k, _ in shown], labels=[words_of(say.triangle(c)) for _, c in shown]
    )
    for area, (k, _) in zip(areas, shown, strict=True):
        area.set(hatch=_HATCHES[k], edgecolor="white", linewidth=0.0)
    plot.legend(loc="outside lower left", ncols=3, fontsize=pt(7.5), frameon=False)
    place, spread = max(shown, key=lambda one: _width(course, one[0]))
    bands = [year.configurations[place] for year in course.years]
    for low, high, alpha in (("low90", "high90", 0.15), ("low50", "high50", 0.3)):
        lower, upper = ([getattr(band, end) for band in bands] for end in (low, high))
        right.fill_between(span, lower, upper, color=BLUE, alpha=alpha, linewidth=0)
    right.plot(span, [band.mean for band in bands], color=BLUE)
    right.set_title(words_of(say.triangle(spread)), fontsize=pt(8.5))
    for axes, ends in ((left, (0, 1)), (right, (-0.02, 1.02))):
        for year in {turn.year for turn in course.turns}:
            axes.axvline(year, color="#555555", linewidth=0.6, linestyle=":")
        axes.set(xlim=(course.first, course.last), ylim=ends)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(lambda value, _: say.number(value, 1))
    left.set_ylabel(say.word("course.axis"))
    return plot


@styled
def _window_plot(m: Material, course: Course) -> Plot:
    """How far Russia turns to the United States over two state variables, year by year."""
    say, plot = m.say, new_plot(8.6, 2.6)
    panels = plot.subplots(1, len(course.maps), sharey=True, squeeze=False)[0]
    for axes, found in zip(panels, course.maps, strict=True):
        share = np.array(found.share)
        axes.imshow(share, origin="lower", vmin=0, vmax=1, cmap="cividis", aspect="auto")
        for (row, column), value in np.ndenumerate(share):
            colour = "#fefefe" if value < 0.6 else "#010101"
            axes.text(column, row, say.number(value, 2), ha="center", va="center", fontsize=pt(6.5), color=colour)
        for put, labels in ((axes.set_xticks, found.columns), (axes.set_yticks, found.rows)):
            put(range(len(labels)), [say.value(float(label)) for label in labels], fontsize=pt(7))
        axes.set_title(str(found.year), fontsize=pt(8.5))
        axes.grid(visible=False)
    panels[0].set_ylabel(say.known("state", course.maps[0].row), fontsize=pt(8))
    plot.supxlabel(say.known("state", course.maps[0].column), fontsize=pt(8.5))
    return plot
