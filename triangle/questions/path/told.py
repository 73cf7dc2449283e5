"""What a course comes to, in one sentence of any language: where it begins and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.players.configurations import Configuration, configurations
from triangle.questions.path.record import Course, Year
from triangle.showing.phrases import Phrases
from triangle.showing.runs import Text

#: Configurations with a smaller mean probability in every year are neither tabled nor drawn.
LEAST = 0.005


def shown_configurations(course: Course) -> list[tuple[int, Configuration]]:
    """The configurations that are likely enough in some year to be shown, with their places."""
    examples = {one.key: one for one in configurations(course.cast)}
    return [
        (place, examples[key])
        for place, key in enumerate(course.configurations)
        if max(year.configurations[place].mean for year in course.years) >= LEAST
    ]


def course_told(course: Course, say: Phrases) -> Text:
    """The likeliest configurations of the first and of the last year, in one sentence."""
    first, last = course.years[0], course.years[-1]
    shown = shown_configurations(course)
    return say(
        "course.told", n=course.samples, first=str(first.year), last=str(last.year),
        before=_likeliest(first, shown, say), after=_likeliest(last, shown, say),
    )  # fmt: skip


def _likeliest(year: Year, shown: Sequence[tuple[int, Configuration]], say: Phrases) -> Text:
    likely = [(k, c) for k, c in shown if year.configurations[k].mean >= LEAST]
    ordered = sorted(likely, key=lambda one: -year.configurations[one[0]].mean)[:2]
    shares = [
        say("course.share", triangle=say.triangle(c), share=say.percent(year.configurations[k].mean))
        for k, c in ordered
    ]
    return say.listed(shares)
