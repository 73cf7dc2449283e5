"""What to cite for a run: this software, the literature of terms and method, the documents behind the figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from triangle.evidence.figure import Figure, Source
from triangle.evidence.literature import Work, methods, works_behind
from triangle.model.forms import FORMS, is_shipped
from triangle.model.model import Model
from triangle.model.terms import answers
from triangle.study.documents import Document
from triangle.study.study import Study
from triangle.study.trace import figures_behind, value_change
from triangle.version import __version__

#: The software itself, as ``CITATION.cff`` has it.
SOFTWARE = {
    "title": "triangle: a game-theory simulator of the strategic triangle United States – Russia – China",
    "author": "The triangle authors",
    "version": __version__,
}


@dataclass(frozen=True)
class Citations:
    """The literature and sources behind a run.

    Attributes
    ----------
    works : tuple of (str, tuple of Work)
        What rests on the works (``model``, ``term contest``, ``method mixed``), and the works.
    own_terms : tuple of (str, str)
        Terms of the user's own, and what their docstring says of literature.
    sources : tuple of (Source, tuple of Figure)
        Documents, then series, each with the figures of it that the scenario uses.
    """

    scenario: str
    works: tuple[tuple[str, tuple[Work, ...]], ...]
    own_terms: tuple[tuple[str, str], ...]
    sources: tuple[tuple[Source, tuple[Figure, ...]], ...]

    @property
    def all_works(self) -> tuple[Work, ...]:
        """Every work once, in order of appearance."""
        return tuple({work.key: work for _, works in self.works for work in works}.values())


def cite_run(study: Study, method: str = "pure") -> Citations:
    """What stands behind a scenario solved by a method: terms, method, and the sources of every parameter's value."""
    asked = ["method:pure", "method:agreements", *([f"method:{method}"] if method != "pure" else [])]
    if study.scenario.order is not None and method == "pure":
        asked.append("method:order")
    used = {f.id: f for name in study.scenario.values for f in figures_behind(study, name)}
    # The ranges rest on figures too, and what is said of a margin rests on the ranges.
    ends = [end for p in study.model.catalogue if value_change(study, p.name) is None for end in p.ends]
    used |= {name: study.model.ledger[name] for name in (*ends, *study.scenario.figures)}
    return _citations(study.model, asked, study.scenario.name, list(used.values()))


def cite_all(model: Model) -> Citations:
    """The whole literature: the model's, and that of every method."""
    departing = [f"form:{name}" for name in FORMS if works_behind(f"form:{name}")]
    return _citations(model, [*departing, *(f"method:{name}" for name in methods())], "", [])


def _citations(model: Model, asked: Sequence[str], scenario: str, figures: Sequence[Figure]) -> Citations:
    shipped = [name for name, term in model.terms.items() if is_shipped(name, term)]
    departs = [f"form:{model.form.name}"] if works_behind(f"form:{model.form.name}") else []
    backed = ["model", *(f"term:{name}" for name in shipped), *departs, *asked]
    own = [
        (name, answers(term).get("which literature", "")) for name, term in model.terms.items() if name not in shipped
    ]
    sources = [
        (source, tuple(sorted((f for f in figures if f.source == source.key), key=lambda figure: figure.line or 0)))
        for source in sorted(model.ledger.sources.values(), key=lambda source: source.kind != "document")
    ]
    return Citations(
        scenario,
        tuple((name.replace(":", " "), works_behind(name)) for name in dict.fromkeys(backed)),
        tuple(own),
        tuple((source, its) for source, its in sources if its),
    )


def software() -> str:
    """How this software is named in a list of works."""
    return f"{SOFTWARE['author']}. {SOFTWARE['title']}. Version {SOFTWARE['version']}."


def citation_document(citations: Citations) -> Document:
    """The answer of ``cite``."""
    return {
        "schema": "triangle.citations/1",
        "version": __version__,
        "scenario": citations.scenario or None,
        "software": dict(SOFTWARE),
        "literature": [
            {**asdict(work), "reference": str(work), "for": [b for b, works in citations.works if work in works]}
            for work in citations.all_works
        ],
        "own_terms": [{"term": name, "literature": said} for name, said in citations.own_terms],
        "sources": [
            {**asdict(source), "figures": [figure.id for figure in figures]} for source, figures in citations.sources
        ],
    }


def citation_bibtex(citations: Citations) -> str:
    """The references as BibTeX, for software that keeps literature; terms of one's own are left out."""
    entries = [_entry("misc", "triangle", {**SOFTWARE, "author": f"{{{SOFTWARE['author']}}}"})]
    for work in citations.all_works:
        entries.append(_entry(_BIBTEX[work.kind], work.key, _fields(work)))
    for source, figures in citations.sources:
        at = "; ".join(dict.fromkeys(figure.place for figure in figures))
        fields = {
            "author": f"{{{_escaped(source.by)}}}",
            "title": f"{{{_escaped(source.title)}}}",
            "howpublished": _escaped(source.publisher),
            "year": (re.search(r"\d{4}", source.date) or [""])[0],
            "note": _escaped(f"dated {source.date}{', inferred' if source.date_inferred else ''}; {at}"),
        }
        entries.append(_entry("misc", source.key, fields))
    return "\n\n".join(entries) + "\n"


_BIBTEX = {"article": "article", "book": "book", "chapter": "incollection", "report": "techreport"}


def _fields(work: Work) -> dict[str, str]:
    within = {"article": "journal", "chapter": "booktitle", "report": "institution"}.get(work.kind, "series")
    return {
        "author": " and ".join(map(_escaped, work.authors)),
        "title": f"{{{_escaped(work.title)}}}",
        within: _escaped(work.venue),
        "publisher": _escaped(work.publisher),
        "volume": work.volume,
        "number": work.number,
        "pages": work.pages.replace("-", "--"),
        "year": str(work.year),
    }


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{lines}\n}}"


def _escaped(content: str) -> str:
    r"""A text with what TeX would obey written as characters.

    >>> print(_escaped("Texas A&M 50 %"))
    Texas A\&M 50 \%
    """
    words = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\~^&%$#_{}]", lambda found: words.get(found[0], f"\\{found[0]}"), content)
