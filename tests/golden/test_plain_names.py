"""No table of a terminal calls by its key what has a name; the key may stand beside the name, for typing."""

from __future__ import annotations

import re

from golden.answers import kept, questions

from triangle.model.model import read_model
from triangle.model.terms import TERMS
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key, by_name
from triangle.scenarios.scenario import shipped_names

#: What is written for machines, or names what is typed: documents, sheets, citations, messages about an option.
APART = ("json", "cite", "export", "import", "report", "check", "sweep.archived", "misspelt", "unknown", "bad_setting")

#: A list of parameters says from which others each is computed; an answer read back has its document beside it.
LISTS = ("list.parameter", "solve.read_back")

#: Where a name is typed: in brackets, in a column of its own, as the title of a card, in a command.
TYPED = re.compile(r"\([a-z_]+\)|│ *[a-z_]+ *(?=│)|^╭─ [a-z_]+|--\w+[ =][\w=,.:]+")


def shown(name: str) -> list[str]:
    """The lines of a kept answer on standard output, without what is typed."""
    page = kept(name).read_text(encoding="utf-8").split("----- output\n")[1].split("\n----- ")[0]
    return [TYPED.sub("│", line) for line in page.splitlines()]


def keys() -> set[str]:
    """Every key that has a name, and that no word of a language is."""
    actions = {action for own in SHIPPED.actions for action in own}
    found = {*(p.name for p in read_model().catalogue), *actions, *TERMS, *by_name(SHIPPED)}
    # A scenario is called by its title where a sentence speaks of it; its name heads columns.
    return {key for key in found if "_" in key} - set(shipped_names(SHIPPED))


def test_no_answer_on_a_terminal_shows_a_key_where_there_is_a_name():
    hidden, kinds = keys(), [key for key in by_key(SHIPPED) if ":" in key]
    told = [
        f"{name}: {line.strip()}"
        for name in questions()
        if not name.endswith(APART) and not name.startswith(APART) and name not in LISTS
        for line in shown(name)
        if hidden & {*re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", line)}
        or re.search(r"\b[A-Z]{2}=[a-z]", line)
        or any(key in line for key in kinds)
    ]
    assert not told, "\n".join(told)
