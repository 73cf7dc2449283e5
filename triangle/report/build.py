"""A report put together: the sections in the order in which a reader asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from triangle.questions.claims import section as claims
from triangle.questions.path import section as course
from triangle.questions.sensitivity import section as drivers
from triangle.questions.signal import section as signal
from triangle.questions.tipping import section as tipping
from triangle.report import answer as first
from triangle.report import evidence as evidence
from triangle.report import game as game
from triangle.report import map as maps
from triangle.report.ahead import find_ahead
from triangle.report.words import glossary
from triangle.showing.blocks import Details, Page, Section, Text, code, plain
from triangle.showing.material import Material
from triangle.showing.phrases import name_of
from triangle.version import __version__

#: The sections by anchor; the explorer stands after the map where it is asked for.
SECTIONS: dict[str, Callable[[Material], Section]] = {
    "answer": first.answer,
    "rests": first.rests,
    "question": first.question,
    "standing": first.standing,
    "picture": first.picture,
    "differs": first.differs,
    "equilibria": game.equilibria,
    "terms": game.terms,
    "map": maps.equilibrium_map,
    "sensitivity": drivers.sensitivity,
    "tipping": tipping.tipping,
    "signal": signal.signals,
    "course": course.years,
    "claims": claims.claims,
    "figures": evidence.figures,
    "wrong": evidence.wrong,
    "manifest": evidence.manifest,
}

#: Words of the frame around the sections.
FRAME = ("skip", "contents", "sort", "origin", "over", "picture", "no_script", "from", "to", "table")


#: The sections of a brief, which fills two pages.
BRIEF = ("answer", "rests", "wrong")


def build(m: Material, explore: bool = False, brief: bool = False, workers: int | None = 1) -> Page:
    """The whole report of some scenarios as plain data; with `brief` only what fills two pages.

    Parameters
    ----------
    workers : int, optional
        Processes to compute with; None for two where that pays. The report is the same to the byte.

    Examples
    --------
    >>> list(SECTIONS)[:5]
    ['answer', 'rests', 'question', 'standing', 'picture']
    """
    say = m.say
    sections: list[Section] = []
    for anchor, make in SECTIONS.items():
        if brief and anchor not in BRIEF:
            continue
        if (anchor == "signal" and not signal.knows_types(m)) or (anchor == "course" and not course.has_paths(m)):
            continue
        m.notice(say.word(f"section.{_title_of(anchor, m)}"))
        if not sections:
            find_ahead(m, explore, brief, workers)
        sections.append(_unfolded(make(m)) if brief else make(m))
        if anchor == "map" and explore:
            from triangle.report.explorer import explorer

            m.notice(say.word("section.explorer"))
            sections.append(explorer(m))
    return Page(
        say.language,
        _title(m),
        _subtitle(m),
        tuple(sections),
        _foot(m, brief),
        {key: say.word(f"frame.{key}") for key in FRAME},
        brief,
        glossary(say, m.trust),
    )


def _title_of(anchor: str, m: Material) -> str:
    return "departs" if anchor == "differs" and len(m.studies) == 1 else anchor


def _title(m: Material) -> Text:
    if len(m.studies) == 1:
        return m.say.translated(m.studies[0].scenario.title, 300)
    first = m.say.translated(m.studies[0].scenario.title, 200)
    return m.say("frame.title", first=first, n=len(m.studies) - 1)


def _subtitle(m: Material) -> Text:
    names = m.say.listed([name_of(study.scenario.name) for study in m.studies])
    cast = m.model.cast
    powers = _countries(cast.codes[: len(cast) - len(cast.thirds)], m)
    if not cast.thirds:
        return m.say("frame.subtitle", scenarios=names, powers=powers, n=len(m.studies))
    who = _countries([party.code for party in cast.thirds], m)
    return m.say("alone.beside", scenarios=names, powers=powers, who=who, n=len(m.studies))


def _countries(players: Sequence[str], m: Material) -> Text:
    return m.say.listed([plain(m.say.country(player)) for player in players])


def _unfolded(section: Section) -> Section:
    """A section without what is folded away in it."""
    return replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Details)))


def _foot(m: Material, brief: bool) -> Text:
    """What made the page; of a brief also where the rest is."""
    foot = m.say("frame.foot", version=__version__)
    return m.say("list.sentences", a=m.say("frame.annex", command=code(m.command)), b=foot) if brief else foot
