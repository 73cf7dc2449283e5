"""Who made what, in which version: what pages are cited by, of ``CITATION.cff`` and what decides the numbers."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from triangle.model.model import read_model
from triangle.sweeps.digest import model_digest

FILE = Path(__file__).parents[1] / "CITATION.cff"

#: Digits of the digest that are given; an archive of a sweep has all of them.
DIGITS = 12


@dataclass(frozen=True)
class Citation:
    """What a page is cited by; the day is that on which it was made."""

    authors: tuple[str, ...]
    title: str
    version: str
    digest: str
    day: time.struct_time

    @property
    def year(self) -> str:
        """The year of the day."""
        return time.strftime("%Y", self.day)

    @property
    def date(self) -> str:
        """The day for reading."""
        return f"{self.day.tm_mday} {time.strftime('%B %Y', self.day)}"

    @property
    def by(self) -> str:
        """The authors for reading."""
        return ", ".join(self.authors)

    @property
    def bibtex(self) -> str:
        """An entry for a reference manager; braces keep a group's name from being taken for first and last names."""
        fields = {
            "author": " and ".join(f"{{{author}}}" for author in self.authors),
            "title": self.title,
            "version": self.version,
            "year": self.year,
            "note": f"Evidence and parameters {self.digest}; documentation of {self.date}",
        }
        return "@software{triangle,\n" + "".join(f"  {name:8}= {{{text}}},\n" for name, text in fields.items()) + "}"


def citation() -> Citation:
    """What this state of the package is cited by; the day is ``SOURCE_DATE_EPOCH``'s where that is set."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    authors = tuple(
        author.get("name") or f"{author['given-names']} {author['family-names']}" for author in told["authors"]
    )
    day = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    return Citation(authors, told["title"], told["version"], model_digest(read_model())[:DIGITS], day)


def citation_page(one: Citation) -> str:
    """The part of the page on citing that says what this state is."""
    told = f"This is version {one.version} by {one.by}, evidence and parameters `{one.digest}`"
    return f"""{told}, documentation of {one.date}.

```bibtex
{one.bibtex}
```
"""
