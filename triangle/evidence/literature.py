"""The literature behind the model and its methods, each work once, in ``literature.bib``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.files import read_text, shown
from triangle.base.records import Record, choice, entry, free_text, names, text, validate, whole

if TYPE_CHECKING:
    from pybtex.database import Entry

#: Where the literature stands.
SHIPPED = Path(__file__).parent / "literature.bib"

#: Kind of work → what BibTeX calls it, and the field that holds its venue.
BIBTEX = {
    "article": ("article", "journal"),
    "book": ("book", "series"),
    "chapter": ("incollection", "booktitle"),
    "report": ("techreport", "institution"),
}


def _backs(value: object) -> tuple[str, ...]:
    """What rests on a work."""
    for item in names(value):
        if item != "model" and not item.startswith(("term:", "form:", "method:")):
            raise ValueError(f"found {item!r}; expected model, term:NAME, form:NAME or method:NAME")
    return names(value)


@dataclass(frozen=True, kw_only=True)
class Work(Record):
    """A piece of literature and what rests on it.

    Attributes
    ----------
    authors : tuple of str
        Surname first, then initials.
    venue : str
        The journal, or the book that a chapter stands in.
    backs : tuple of str
        ``model``, ``term:NAME``, ``form:NAME`` (where a form of the payoffs departs) and ``method:NAME``.
    """

    key: str = entry(text)
    authors: tuple[str, ...] = entry(names)
    year: int = entry(whole(1800, 2100))
    title: str = entry(text)
    kind: str = entry(choice(*BIBTEX))
    venue: str = entry(free_text, "")
    publisher: str = entry(free_text, "")
    volume: str = entry(free_text, "")
    number: str = entry(free_text, "")
    pages: str = entry(free_text, "")
    backs: tuple[str, ...] = entry(_backs)

    def problems(self) -> Iterator[str]:
        """An article or chapter says where it stands."""
        if self.kind != "book" and not self.venue:
            yield "venue: missing; only a book stands by itself"

    def __str__(self) -> str:
        """The reference as one line.

        >>> print(literature()["jervis_1978"])
        Jervis, R. (1978). Cooperation under the security dilemma. World Politics 30(2), 167-214.
        """
        by = self.authors[0] if len(self.authors) == 1 else f"{', '.join(self.authors[:-1])} and {self.authors[-1]}"
        number = f"({self.number})" if self.number else ""
        place = f"{self.venue} {self.volume}{number}".strip()
        if self.kind == "chapter":
            place = f"In {place}"
        where = ", ".join(part for part in (place, self.publisher, self.pages) if part)
        return f"{by} ({self.year}). {self.title}. {where}."


@cache
def literature() -> Mapping[str, Work]:
    """Every work by key, in the order of the file."""
    from pybtex.exceptions import PybtexError

    works, faults = {}, []
    for key, entry_read in _entries(read_text(SHIPPED, "BibTeX")).items():
        try:
            table = _table(key, entry_read)
        except (ValueError, PybtexError) as error:  # LaTeX that is none
            faults.append(Fault(shown(SHIPPED), key, f"not valid LaTeX: {error}"))
            continue
        work, found = validate(Work, table, shown(SHIPPED), key)
        faults += found
        if work is not None:
            works[key] = work
    if faults:
        raise BadInput(faults)
    return MappingProxyType(works)


def _entries(content: str) -> Mapping[str, Entry]:
    """The entries of a BibTeX file by key."""
    from pybtex.database.input.bibtex import Parser  # only who cites waits for it
    from pybtex.exceptions import PybtexError

    try:
        return dict(Parser().parse_string(content).entries)
    except PybtexError as error:
        raise BadInput(Fault(shown(SHIPPED), "", f"not valid BibTeX: {error}")) from None


def _table(key: str, read: Entry) -> dict[str, Any]:
    """An entry as the table of a work; what does not fit is left for its checks to refuse."""
    kind, venue = next(((kind, at) for kind, (name, at) in BIBTEX.items() if name == read.type), (read.type, ""))
    table: dict[str, Any] = {"venue" if name == venue else name: _plain(text) for name, text in read.fields.items()}
    year, backs = table.pop("year", None), table.pop("backs", None)
    return {
        "key": key,
        "kind": kind,
        **table,
        **({"authors": [_plain(str(person)) for person in read.persons["author"]]} if "author" in read.persons else {}),
        **({"year": int(year) if year.isdecimal() else year} if year else {}),
        **({"backs": [name.strip() for name in backs.split(",")]} if backs else {}),
    }


def _plain(content: str) -> str:
    r"""A field of BibTeX as plain text.

    >>> _plain(r"{Texas A\&M}, 97--112")
    'Texas A&M, 97-112'
    """
    if "\\" not in content:  # as nearly all
        return content.translate({ord("{"): None, ord("}"): None}).replace("--", "-")
    from pybtex.richtext import Text

    return str(Text.from_latex(content)).replace("–", "-")


def methods() -> tuple[str, ...]:
    """The methods that have literature, in the order of their first work."""
    backed = (name for work in literature().values() for name in work.backs if name.startswith("method:"))
    return tuple(dict.fromkeys(name.removeprefix("method:") for name in backed))


def works_behind(backed: str) -> tuple[Work, ...]:
    """The works behind the ``model``, a ``term:NAME``, a ``form:NAME`` or a ``method:NAME``.

    >>> [work.key for work in works_behind("term:relief")]
    ['crawford_2011']
    """
    if backed.startswith("method:") and backed.removeprefix("method:") not in methods():
        raise BadInput(Fault("--method", "", unknown("method", backed.removeprefix("method:"), methods())))
    return tuple(work for work in literature().values() if backed in work.backs)
