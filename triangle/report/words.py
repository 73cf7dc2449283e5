"""The glossary of a report: what its words mean, in one list, and where in the page they are explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain

from triangle.showing.blocks import (
    Block,
    Bullets,
    Details,
    Glossary,
    Page,
    Paragraph,
    Picture,
    Run,
    Section,
    Table,
    Term,
    Text,
    Verdicts,
)
from triangle.showing.phrases import Phrases

#: Words of the report that mean something else in the field, or nothing, to a reader of newspapers.
WORDS = ("stance", "stable", "agreed", "margin", "link", "held", "lever", "world", "bridge", "third", "rival")


def glossary(say: Phrases, trust: float) -> tuple[Term, ...]:
    """What the report's words mean, for readers who know neither the field nor the package."""
    names = dict(zip(("first", "second", "third"), map(say.country, say.cast.codes), strict=False))
    return tuple(
        Term(
            key,
            say(f"words.{key}"),
            say(f"words.{key}_is", trust=say.number(trust, 2), **names),
            tuple(say.word(f"words.{key}_forms").split("|")),
        )
        for key in WORDS
    )


def words(terms: tuple[Term, ...], say: Phrases) -> Details:
    """The whole list, folded away."""
    return Details(say("words.title"), (Glossary(tuple((term.word, term.meaning) for term in terms)),))


def explained(page: Page) -> Page:
    """The page with each word of its glossary marked where a section uses it first in its sentences."""
    if not page.terms:
        return page
    sections = tuple(map(partial(_section, page.terms), page.sections))
    return replace(page, sections=sections)


Mark = Callable[[Text], Text]


def _section(terms: tuple[Term, ...], section: Section) -> Section:
    of_form = {form: term.key for term in terms for form in term.forms}
    forms = "|".join(map(re.escape, sorted(of_form, key=len, reverse=True)))
    pattern, seen = re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE), set[str]()
    of_form |= {form.lower(): key for form, key in of_form.items()}

    def mark(text: Text) -> Text:
        return tuple(chain.from_iterable(_marked(run, pattern, of_form, seen) for run in text))

    def head(text: Text) -> Text:
        """A head is read without the sentences above it: each has its words marked."""
        fresh = set[str]()
        return tuple(chain.from_iterable(_marked(run, pattern, of_form, fresh) for run in text))

    return replace(section, blocks=tuple(_block(block, mark, head) for block in section.blocks))


def _marked(run: Run, pattern: re.Pattern[str], of_form: dict[str, str], seen: set[str]) -> list[Run]:
    """A stretch of our own words, what is to be explained in it apart."""
    if run.kind != "plain":
        return [run]
    runs, place = [], 0
    for found in pattern.finditer(run.text):
        key = of_form[found[0].lower()]
        if key not in seen:
            seen.add(key)
            runs += [Run(run.text[place : found.start()]), Run(found[0], "term", key)]
            place = found.end()
    return [one for one in (*runs, Run(run.text[place:])) if one.text]


def _block(block: Block, mark: Mark, head: Mark) -> Block:
    """A block with its sentences and the heads of its columns marked; lines that unfold something do that only."""
    if isinstance(block, Paragraph):
        return replace(block, text=mark(block.text))
    if isinstance(block, Bullets):
        return replace(block, items=tuple(map(mark, block.items)))
    if isinstance(block, Table):
        columns = tuple(replace(column, text=head(column.text)) for column in block.columns)
        return replace(block, caption=mark(block.caption), note=mark(block.note), columns=columns)
    if isinstance(block, Picture):
        return replace(block, caption=mark(block.caption))
    if isinstance(block, Verdicts):
        cards = (replace(card, finding=mark(card.finding), sure=mark(card.sure)) for card in block.cards)
        return replace(block, cards=tuple(cards))
    if isinstance(block, Details):
        return replace(block, blocks=tuple(_block(inner, mark, head) for inner in block.blocks))
    return block
