"""What to cite for a run: this software, the literature of terms and method, the documents behind the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from triangle.base.records import APART, INLINE, Key, form, told
from triangle.evidence.figure import Figure, Source
from triangle.evidence.literature import BIBTEX, Work, methods, works_behind
from triangle.model.forms import FORMS, is_shipped
from triangle.model.model import Model
from triangle.model.terms import answers
from triangle.study.sources import figures_behind, value_change
from triangle.study.study import Study
from triangle.version import __version__

#: The software itself, as ``CITATION.cff`` has it.
SOFTWARE = {
    "title": "triangle: a game-theory simulator of the strategic triangle United States – Russia – China",
    "author": "The triangle authors",
    "version": __version__,
}


@dataclass(frozen=True)
class Cited:
    """A work, and what rests on it: ``model``, ``term contest``, ``method mixed``."""

    work: Annotated[Work, INLINE]
    backed: Annotated[tuple[str, ...], Key("for")]

    @property
    @told("work")
    def reference(self) -> str:
        """The work as one line."""
        return str(self.work)


@dataclass(frozen=True)
class OwnTerm:
    """A term of the user's own, and what its docstring says of literature."""

    term: str
    literature: str


@dataclass(frozen=True)
class Quoted:
    """A document or series, the figures of it that a scenario uses, and where they stand."""

    source: Annotated[Source, INLINE]
    figures: tuple[str, ...]
    places: Annotated[tuple[str, ...], APART] = ()


@dataclass(frozen=True)
class Citations:
    """The literature and sources behind a run.

    Attributes
    ----------
    scenario : str
        Empty where no run was asked for, but the whole literature.
    works : tuple of (str, tuple of Work)
        What rests on the works, and the works.
    sources : tuple of Quoted
        Documents, then series.
    """

    SCHEMA: ClassVar = "triangle.citations/1"

    scenario: Annotated[str, form(lambda name: name or None, lambda name: name or "")]
    works: Annotated[tuple[tuple[str, tuple[Work, ...]], ...], APART]
    own_terms: tuple[OwnTerm, ...]
    sources: tuple[Quoted, ...]

    @property
    @told("scenario")
    def software(self) -> Mapping[str, str]:
        """The software itself."""
        return SOFTWARE

    @property
    @told("software")
    def literature(self) -> tuple[Cited, ...]:
        """Every work with what rests on it."""
        return tuple(Cited(w, tuple(name for name, works in self.works if w in works)) for w in self.all_works)

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
    own = {name: term for name, term in model.terms.items() if name not in shipped}
    sources = sorted(model.ledger.sources.values(), key=lambda source: source.kind != "document")
    quoted = (_quoted(source, [figure for figure in figures if figure.source == source.key]) for source in sources)
    return Citations(
        scenario,
        tuple((name.replace(":", " "), works_behind(name)) for name in dict.fromkeys(backed)),
        tuple(OwnTerm(name, answers(term).get("which literature", "")) for name, term in own.items()),
        tuple(one for one in quoted if one.figures),
    )


def _quoted(source: Source, figures: Sequence[Figure]) -> Quoted:
    listed = sorted(figures, key=lambda figure: figure.line or 0)
    return Quoted(source, tuple(f.id for f in listed), tuple(dict.fromkeys(f.place for f in listed)))


def software() -> str:
    """How this software is named in a list of works."""
    return f"{SOFTWARE['author']}. {SOFTWARE['title']}. Version {SOFTWARE['version']}."


def citation_bibtex(citations: Citations) -> str:
    """The references as BibTeX, for software that keeps literature; terms of one's own are left out."""
    entries = [_entry("misc", "triangle", {**SOFTWARE, "author": f"{{{SOFTWARE['author']}}}"})]
    for work in citations.all_works:
        entries.append(_entry(BIBTEX[work.kind][0], work.key, _fields(work)))
    for quoted in citations.sources:
        source, at = quoted.source, "; ".join(quoted.places)
        fields = {
            "author": f"{{{_escaped(source.by)}}}",
            "title": f"{{{_escaped(source.title)}}}",
            "howpublished": _escaped(source.publisher),
            "year": (re.search(r"\d{4}", source.date) or [""])[0],
            "note": _escaped(f"dated {source.date}{', inferred' if source.date_inferred else ''}; {at}"),
        }
        entries.append(_entry("misc", source.key, fields))
    return "\n\n".join(entries) + "\n"


def _fields(work: Work) -> dict[str, str]:
    return {
        "author": " and ".join(map(_escaped, work.authors)),
        "title": f"{{{_escaped(work.title)}}}",
        BIBTEX[work.kind][1]: _escaped(work.venue),
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
