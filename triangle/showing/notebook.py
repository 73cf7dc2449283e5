"""The main objects as tables of a notebook: a study, its answer, a trace, a figure, a parameter.

Importing this file registers the formats (:mod:`triangle.base.shown`). Every text passes through a template that
escapes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from triangle.base.shown import shows
from triangle.evidence.figure import Figure
from triangle.model.parameters import Parameter
from triangle.players.axes import RU
from triangle.players.cast import Cast
from triangle.showing.phrases import read_phrases
from triangle.showing.runs import words_of
from triangle.showing.statements import held_sentences
from triangle.study.study import Answer, Finding, Study
from triangle.study.trace import Trace

if TYPE_CHECKING:
    from jinja2 import Template

Row = Sequence[object]

_PAGE = """
<div style="max-width:60em">
{% if title %}<p style="margin:0 0 .3em"><strong>{{ title }}</strong>{% if note %} <em>{{ note }}</em>{% endif %}</p>
{% endif %}{% for line in lines %}<p style="margin:0 0 .2em">{{ line }}</p>
{% endfor %}{% if rows %}<table><thead><tr>
{% for column in columns %}<th scope="col" style="text-align:left">{{ column }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td style="text-align:left">{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% endif %}
</div>
"""


@cache
def _page() -> Template:
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_PAGE)


def _html(title: str, columns: Row, rows: Sequence[Row], lines: Sequence[str] = (), note: str = "") -> str:
    return _page().render(title=title, note=note, lines=lines, columns=columns, rows=rows)


def _action(name: str) -> str:
    return name.replace("_", " ")


def _columns(cast: Cast) -> Row:
    return (*cast.countries, "triangle", "margin, bn USD/yr", f"β_{cast.codes[RU]}")


def _finding_rows(findings: Sequence[Finding], cast: Cast) -> list[Row]:
    return [
        (
            *map(_action, cast.named(finding.profile).values()),
            finding.configuration,
            f"{finding.margin:,.1f}",
            f"{finding.bargaining_share_ru:.2f}",
        )
        for finding in findings
    ]


@shows(Answer)
def answer_html(answer: Answer) -> str:
    """The pure equilibria, or what to ask where there is none."""
    number = len(answer.findings)
    title = f"{number} pure equilibri{'um' if number == 1 else 'a'} ({answer.verdict})"
    rows = _finding_rows(answer.findings, answer.cast)
    return _html(title, _columns(answer.cast), rows, [answer.advice] if answer.advice else [])


@shows(Study)
def study_html(study: Study) -> str:
    """The scenario with what it changes, and its pure equilibria."""
    scenario, answer, cast = study.scenario, study.solve(), study.cast
    lines = [f"{c.parameter}: {c.base:g} → {c.value:g}. {c.because}" for c in scenario.all_changes]
    lines += [f"{code} is held at {_action(action)}." for code, action in cast.named_some(study.hold).items()]
    say = read_phrases("en", cast)
    lines += [words_of(told) for finding in answer.findings for told in held_sentences(study, finding, say)]
    lines += [answer.advice] if answer.advice else []
    rows = _finding_rows(answer.findings, cast)
    return _html(f"{scenario.title} ({scenario.name})", _columns(cast), rows, lines, scenario.question)


@shows(Trace)
def trace_html(trace: Trace) -> str:
    """One payoff, term by term, with the parameters and figures behind it, the largest terms first."""
    rows: list[Row] = []
    for term in sorted(trace.terms, key=lambda term: -abs(term.value)):
        if not term.value and not term.parameters:
            continue
        figures = {figure.id: figure for parameter in term.parameters for figure in parameter.figures}
        rows.append(
            (
                term.name,
                f"{term.value:,.1f}",
                ", ".join(f"{p.name} = {p.value:g}" for p in term.parameters[:4]),
                "; ".join(f"{figure.id} ({figure.source}, {figure.place})" for figure in figures.values()),
            )
        )
    cast = trace.finding.cast
    profile = ", ".join(f"{code} {_action(action)}" for code, action in cast.named(trace.finding.profile).items())
    title = f"{cast.countries[trace.player]}: {trace.finding.payoffs[trace.player]:,.1f} bn USD/yr"
    return _html(title, ("term", "bn USD/yr", "strongest parameters", "figures"), rows, note=profile)


@shows(Figure)
def figure_html(figure: Figure) -> str:
    """A documented number with its place, conflicts and caution."""
    rows = [
        ("says", f"{figure.subject}: {figure.paraphrase}"),
        ("period", figure.period),
        ("stands in", f"{figure.source}, {figure.place}"),
        ("conflicts with", ", ".join(figure.conflicts_with) or "–"),
        ("caution", figure.caution or "–"),
    ]
    return _html(f"{figure.id}: {figure}", ("", ""), rows)


@shows(Parameter)
def parameter_html(p: Parameter) -> str:
    """A parameter with its range and what stands behind it."""
    rows: list[Row] = [
        ("means", p.meaning),
        ("default", f"{p.default:g} {p.unit}"),
        ("range", f"{p.low:g} to {p.high:g} ({p.prior})"),
        ("backed by", p.backing + (f": {', '.join(p.figures + p.reads)}" if p.figures or p.reads else "")),
        *([("bridge", p.bridge)] if p.bridge else []),
        ("because", p.because or p.chooses or "–"),
    ]
    return _html(f"{p.name} ({p.symbol})", ("", ""), rows)


def table_html(title: str, columns: Row, rows: Sequence[Row], **more: Any) -> str:
    """A table of a notebook: every cell a text that is escaped."""
    return _html(title, columns, rows, **more)
