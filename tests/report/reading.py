"""What a reader of a report sees, text by text, with the kind of each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from triangle.showing.blocks import Explorer, Listing, Page, Picture, Run, Section
from triangle.showing.runs import Text


def texts(part: Any) -> Iterator[Text]:
    """Every text of a page, a section or a block: paragraphs, cells and what unfolds under them, captions, drawings.

    Commands to be typed are no text.
    """
    if isinstance(part, Listing):
        return
    if isinstance(part, tuple) and part and all(isinstance(run, Run) for run in part):
        yield part
    elif isinstance(part, Explorer):
        yield from ((Run(text),) for text in strings((part.labels, part.data)))
    elif isinstance(part, (list, tuple)):
        for one in part:
            yield from texts(one)
    elif isinstance(part, Picture):
        yield from (part.title, part.description, part.caption)
        yield from ((Run(html.unescape(text)),) for text in re.findall(r">([^<>]+)</(?:text|tspan)>", part.svg))
    elif isinstance(part, (Page, Section)) or is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))


def strings(data: Any) -> Iterator[str]:
    """What a reader is told of the explorer's data: labels, meanings and titles, not its programs."""
    if isinstance(data, dict):
        yield from (value for key, value in data.items() if key in ("label", "meaning", "title", "unit", "backing"))
        yield from (
            text for value in data.values() if isinstance(value, (dict, list, tuple)) for text in strings(value)
        )
    elif isinstance(data, (list, tuple)):
        for one in data:
            yield from strings(one)


def written(text: Text, kinds: Iterable[str] = ("plain", "foreign", "strong", "link", "term")) -> str:
    """The words of a text, without what is there to be typed."""
    return "".join(run.text for run in text if run.kind in kinds)
