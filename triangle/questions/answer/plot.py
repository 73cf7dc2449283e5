"""The answer as a picture: a row a scenario in plain words, its triangles, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triangle.questions.answer.answer import Answered, Answers, Carried
from triangle.showing.phrases import Phrases, spoken
from triangle.showing.plots import BLUE, Plot, fill_lines, new_plot, pt, sign, small_triangle, styled
from triangle.showing.runs import words_of
from triangle.showing.statements import MOST_FINDINGS, claim, shared_claim
from triangle.study.study import Finding, Study


@styled
def answer_plot(studies: Sequence[Study], found: Answers) -> Plot:
    """With whom Russia stands in each scenario, the triangles of what is stable, and how sure that is."""
    say = spoken(found.cast)
    plot = new_plot(10.5, 1.2 + 1.25 * len(studies))
    most = min(MOST_FINDINGS, max(1, *(len(one.solution.answer.present) for one in found.answers)))
    # Columns are laid out one by one, so that all bars are of one length, whatever is written over them.
    parts: Any = plot.subfigures(1, 3, width_ratios=(4.4, 1.3 * most, 3.2))
    columns = [part.subplots(len(studies), n, squeeze=False) for part, n in zip(parts, (1, most, 1), strict=True)]
    for study, one, (words,), drawn, (sure,) in zip(studies, found.answers, *columns, strict=True):
        _words(_empty(words), study, one, say)
        _triangles(drawn, one)
        _sure(_empty(sure), one, say)
    title = shared_claim(studies, [one.solution.answer for one in found.answers], say)
    plot.suptitle(title, fontsize=pt(12.5), fontweight="bold", x=0.01, ha="left")
    worlds = {one.sure.stands.of for one in found.answers if one.sure is not None}
    foot = say.word("told.foot", n=max(worlds)) if worlds else say.word("told.held")
    sign(plot, f"{foot} · {', '.join(found.scenarios)}")
    return plot


def _words(axes: Any, study: Study, one: Answered, say: Phrases) -> None:
    """The scenario's title, and what the powers do in it."""
    title = fill_lines(words_of(say.translated(study.scenario.title, 120)), 48)
    axes.text(0, 0.95, title, va="top", fontweight="bold", fontsize=pt(10))
    told = [words_of(say.posture(finding.profile)) for finding in one.solution.answer.present[:1]]
    below = 0.95 - 0.3 * (1 + title.count("\n"))
    axes.text(0, below, "\n".join(fill_lines(text, 60) for text in told), va="top", fontsize=pt(8.5))


def _triangles(panels: Sequence[Any], one: Answered) -> None:
    """The triangles of what is present, in as many panels as there is room for."""
    answer, most = one.solution.answer, len(panels)
    present: list[Finding | None] = [*answer.present[:most]]
    for axes, finding in zip(panels, present + [None] * (most - len(present)), strict=True):
        _empty(axes)
        if finding is not None:
            small_triangle(axes, finding, answer.cast)


def _sure(axes: Any, one: Answered, say: Phrases) -> None:
    """The share of the worlds in which the finding holds, its interval, and the word for it."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.text(
        0,
        0.95,
        fill_lines(words_of(claim(one.solution.answer, say)), 38),
        va="top",
        fontweight="bold",
        fontsize=pt(9.5),
    )
    if one.sure is not None:
        _bar(axes, one.sure.stands, say)


def _bar(axes: Any, carried: Carried, say: Phrases) -> None:
    low, high = carried.interval
    axes.barh(0.32, 1, height=0.13, color="#E3E3E3")
    axes.barh(0.32, carried.share, height=0.13, color=BLUE)
    axes.plot([low, high], [0.32, 0.32], color="black", linewidth=1.6)
    word = say.word(f"likelihood.{carried.likelihood}")
    axes.text(
        0, 0.2, say.word("told.likely", likelihood=word, share=say.percent(carried.share)), va="top", fontsize=pt(8.5)
    )


def _empty(axes: Any) -> Any:
    axes.axis("off")
    return axes
