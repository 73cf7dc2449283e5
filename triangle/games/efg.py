r"""Games in extensive form in Gambit's text format (``.efg``), both ways.

A file opens with ``EFG 2 R "title" { "player" ... }`` and lists the nodes, each before those below it, by branch:

* ``c "name" number "set" { "branch" probability ... } outcome ...`` a draw,
* ``p "name" player number "set" { "action" ... } outcome ...`` a move,
* ``t "name" outcome ...`` an end,

where an outcome is 0 for none, or its number with ``"name" { payoffs }`` where it is met first. Payoffs of outcomes on
the way to an end are added to those there. Numbers are decimals or rationals.

References
----------
Savani, R. and Turocy, T. L. *Gambit: The package for computation in game theory*, "The extensive game (.efg) file
format".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np

from triangle.base.errors import BadInput, Fault, shorten
from triangle.games.interchange import distinct, foreign
from triangle.games.readings import reading, reading_remarks
from triangle.games.tree import Branch, Chance, Leaf, Move, Tree

#: Longest text that is read; most nodes; most levels.
LONGEST_TEXT, MOST_NODES, DEEPEST = 1_000_000, 20_000, 200
#: Largest payoff of an outcome, of which sums over all levels are numbers still.
LARGEST = 1e290
#: Longest number, in characters.
LONGEST_NUMBER = 100
#: Denominators of sums from here on are given up.
LONGEST_DENOMINATOR = 10**1000
_TOKEN = re.compile(r'[\s,]*(?:"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}",]+))', re.DOTALL)
_WHOLE = re.compile(r"\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?|[+-]?\d+/\d+", re.ASCII)


def format_efg(tree: Tree, title: str = "", places: int = 6) -> str:
    """The text of a file; payoffs are rounded to so many decimal places.

    Examples
    --------
    >>> print(format_efg(Tree.of(("A",), Move("A", "first", {"l": Leaf(1.0), "r": Leaf(0.25)})), "two"))
    EFG 2 R "two" { "A" }
    p "" 1 1 "first" { "l" "r" } 0
    t "" 1 "" { 1 }
    t "" 2 "" { 0.25 }
    <BLANKLINE>
    """
    lines = [f"EFG 2 R {_quoted(title)} {{ {' '.join(map(_quoted, tree.players))} }}"]
    numbers = _numbers(tree)
    ends = {k: place for place, k in enumerate(tree.leaves, 1)}
    waiting, draws = [0], 0
    while waiting:
        k = waiting.pop()
        node = tree.nodes[k]
        waiting += reversed(node.children)
        if not node.children:
            payoffs = ", ".join(_decimal(u, places) for u in node.payoffs)
            lines.append(f't "" {ends[k]} "" {{ {payoffs} }}')
        elif node.information < 0:
            draws += 1
            chances = _whole(node.probabilities)
            branches = " ".join(f"{_quoted(name)} {p}" for name, p in zip(node.names, chances, strict=True))
            lines.append(f'c "" {draws} "" {{ {branches} }} 0')
        else:
            found = tree.sets[node.information]
            actions = " ".join(map(_quoted, found.actions))
            number = numbers[node.information]
            lines.append(f'p "" {found.player + 1} {number} {_quoted(found.name)} {{ {actions} }} 0')
    return "\n".join(lines) + "\n"


def _numbers(tree: Tree) -> list[int]:
    """The number of each set among those of its player, from 1."""
    return [
        1 + sum(other.player == found.player for other in tree.sets[:place]) for place, found in enumerate(tree.sets)
    ]


def _quoted(text: str) -> str:
    plain = text.encode("ascii", "replace").decode().replace("\\", "/")
    return '"' + plain.replace('"', "'") + '"'


def _decimal(number: float, places: int) -> str:
    return f"{number + 0.0:.{places}f}".rstrip("0").rstrip(".") if places else f"{number:.0f}"


def _whole(chances: tuple[float, ...]) -> list[str]:
    """Probabilities as decimals that add to one exactly, which the format asks for."""
    parts = [Fraction(round(p * 10**9), 10**9) for p in chances]
    if not all(parts):  # what is so small is written as it is, for none may be nothing
        parts = [Fraction(p) for p in chances]
    largest = max(range(len(parts)), key=parts.__getitem__)
    parts[largest] += 1 - sum(parts)
    return [str(part) for part in parts]


class _Token(NamedTuple):
    kind: str
    value: str
    start: int


@dataclass(frozen=True)
class TreeFile:
    """What an extensive form file holds: the game, and what became of its payoffs.

    Attributes
    ----------
    tree : Tree
    rounded : int
        How many payoffs cannot be told from another payoff of the same player, although the file tells them apart.
    origins : tuple of Fraction
        What was taken off each player's payoffs, see :mod:`~triangle.games.readings`; empty where nothing was.
    """

    tree: Tree
    rounded: int = 0
    origins: tuple[Fraction, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What became of the payoffs as they were read, in sentences."""
        return reading_remarks(self.tree.players, self.rounded, self.origins)


def parse_efg(text: str, file: str = "text") -> TreeFile:
    """The game in the text of a file; `file` is the name used in messages.

    Raises
    ------
    BadInput
        If the text is not such a file or its game is not sound; says where, by line and column.

    Examples
    --------
    >>> found = parse_efg('EFG 2 R "" { "A" } p "" 1 1 "s" { "l" "r" } 0 t "" 1 "" { 1 } t "" 2 "" { 1/4 }')
    >>> found.tree.payoffs.tolist()
    [[1.0, 0.25]]
    """
    if len(text) > LONGEST_TEXT:
        raise BadInput(Fault(file, "", f"longer than {LONGEST_TEXT:,} characters, the most that is read"))
    return _Reader(text, file).tree_file()


class _Reader:
    """One pass over the tokens."""

    def __init__(self, text: str, file: str):
        self.text, self.file = text, file
        self.tokens = self.scan()
        self.token = next(self.tokens)
        self.players: tuple[str, ...] = ()
        self.outcomes: dict[int, tuple[Fraction, ...]] = {}
        self.ends: list[tuple[Fraction, ...]] = []
        self.sets: dict[tuple[int, int], tuple[str, ...]] = {}
        self.names: dict[tuple[int, int], str] = {}
        self.draws: dict[int, tuple[tuple[str, float], ...]] = {}
        self.nodes = self.listed_from = 0

    def scan(self) -> Iterator[_Token]:
        place = 0
        for match in _TOKEN.finditer(self.text):
            if match.start() != place:
                break
            place = match.end()
            kind = ("text", "brace", "word")[(match.lastindex or 1) - 1]
            yield _Token(kind, match[match.lastindex or 1].replace('\\"', '"'), match.start(match.lastindex or 1))
        rest = self.text[place:].strip()
        end = _Token("stray", rest, place) if rest else _Token("end", "the end of the file", len(self.text))
        while True:
            yield end

    def fail(self, expected: str, token: _Token | None = None) -> NoReturn:
        at = token or self.token
        line, column = self.text.count("\n", 0, at.start) + 1, at.start - self.text.rfind("\n", 0, at.start)
        found = at.value if at.kind == "end" else shorten(at.value)
        if meant := foreign(self.text, self.listed_from, self.token.start):
            expected = f"{expected}; {meant}"
        raise BadInput(Fault(self.file, f"line {line}, column {column}", f"found {found}; expected {expected}"))

    def take(self, kind: str, expected: str, values: tuple[str, ...] = ()) -> str:
        token = self.token
        if token.kind != kind or (values and token.value not in values):
            self.fail(expected)
        self.token = next(self.tokens)
        return token.value

    def at(self, kind: str, value: str = "") -> bool:
        return self.token.kind == kind and (not value or self.token.value == value)

    def number(self, expected: str = "a number") -> Fraction:
        token = self.token
        if token.kind != "word" or len(token.value) > LONGEST_NUMBER or not _NUMBER.fullmatch(token.value):
            self.fail(expected)
        try:
            found = Fraction(self.take("word", expected))
        except ZeroDivisionError:
            self.fail("a finite number", token)
        if not abs(found) <= LARGEST:
            self.fail(f"a number of at most {LARGEST:g}", token)
        return found

    def whole(self, expected: str) -> int:
        """The number that a player, a set, a draw or an outcome goes by."""
        if (
            self.token.kind != "word"
            or len(self.token.value) > LONGEST_NUMBER
            or not _WHOLE.fullmatch(self.token.value)
        ):
            self.fail(expected)
        return int(self.take("word", expected))

    def same(self, known: dict[Any, Any], at: object, found: object, token: _Token, what: str) -> None:
        """Keep what a number stands for; where it stands for something else already, one of the two would be lost."""
        if known.setdefault(at, found) != found:
            self.fail(f"{what} as they were given first, or another number", token)

    def listed(self) -> Iterator[None]:
        """Once for every item between braces."""
        self.listed_from = self.token.start
        self.take("brace", "'{'", ("{",))
        while not self.at("brace", "}"):
            yield
        self.take("brace", "'}'", ("}",))

    def tree_file(self) -> TreeFile:
        self.take("word", "'EFG', with which an extensive form file begins", ("EFG",))
        self.take("word", "format version 2", ("2",))
        self.take("word", "'R', the kind of numbers", ("R", "D"))
        self.take("text", "the title in double quotes")
        self.players = distinct([self.take("text", "the name of a player in double quotes") for _ in self.listed()])
        if self.at("text"):
            self.take("text", "a comment")
        first = self.branch((Fraction(0),) * len(self.players), 0)
        if not self.at("end"):
            self.fail("the end of the file after the last node")
        try:
            tree = Tree.of(self.players, first)
        except ValueError as error:
            raise BadInput(Fault(self.file, "", str(error))) from None
        return self.measured(tree)

    def measured(self, tree: Tree) -> TreeFile:
        """The tree with the payoffs of its ends, which so far stand at them as their places in the file."""
        read = []
        for own in zip(*self.ends, strict=True):
            counts = Counter(own)
            read.append(reading(counts, {number: float(number) for number in counts}, lambda number: number))
        order = tree.payoffs[0].astype(int)
        payoffs = np.array([[r.values[self.ends[k][i]] for k in order] for i, r in enumerate(read)])
        origins = tuple(r.origin for r in read)
        return TreeFile(tree.with_payoffs(payoffs), sum(r.rounded for r in read), origins if any(origins) else ())

    def end(self, paid: tuple[Fraction, ...]) -> Leaf:
        self.ends.append(self.outcome(paid))
        return Leaf(*(float(len(self.ends) - 1) for _ in paid))

    def branch(self, paid: tuple[Fraction, ...], depth: int) -> Branch:
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > DEEPEST:
            self.fail(f"a tree of at most {MOST_NODES:,} nodes and {DEEPEST} levels")
        kind = self.take(
            "word", "'c', 'p' or 't', with which a node of a game in extensive form begins", ("c", "p", "t")
        )
        self.take("text", "the name of the node in double quotes")
        if kind == "c":
            return self.draw(paid, depth)
        return self.move(paid, depth) if kind == "p" else self.end(paid)

    def draw(self, paid: tuple[Fraction, ...], depth: int) -> Chance:
        at = self.whole("the number of the draw")
        if self.at("text"):
            self.take("text", "a name")
        if self.at("brace", "{"):
            token = self.token
            branches = tuple((self.take("text", "a branch"), self.chance()) for _ in self.listed())
            self.same(self.draws, at, branches, token, f"the branches of draw {at}")
        branches = self.draws.get(at) or self.fail("the branches of the draw in braces")
        paid = self.outcome(paid)
        names = distinct([name for name, _ in branches])
        follows = {name: self.branch(paid, depth + 1) for name in names}
        return Chance(dict(zip(names, (p for _, p in branches), strict=True)), follows)

    def chance(self) -> float:
        """The probability of a branch; behind one that is never drawn, nothing says what is believed."""
        token = self.token
        found = float(self.number("a probability"))
        return found or self.fail("a probability above 0; leave out what is never drawn", token)

    def move(self, paid: tuple[Fraction, ...], depth: int) -> Move:
        token = self.token
        player = self.whole("the number of a player")
        if not 1 <= player <= len(self.players):
            self.fail(f"the number of a player, 1 to {len(self.players)}", token)
        at = (player, self.whole("the number of the information set"))
        name = self.take("text", "a name") if self.at("text") else ""
        if self.at("brace", "{"):
            token = self.token
            actions = distinct([self.take("text", "an action in double quotes") for _ in self.listed()])
            self.same(self.sets, at, actions, token, f"the actions of set {at[1]} of player {player}")
        actions = self.sets.get(at) or self.fail("the actions of the information set in braces")
        if at not in self.names:
            self.names[at] = self.new_name(name, at)
        paid = self.outcome(paid)
        follows = {action: self.branch(paid, depth + 1) for action in actions}
        return Move(self.players[player - 1], self.names[at], follows)

    def new_name(self, name: str, at: tuple[int, int]) -> str:
        """The name of a set, told apart from all others: by it the tree knows what belongs together."""
        while not name or name in self.names.values():
            name = f"{name} ({at[0]}:{at[1]})".strip()
        return name

    def outcome(self, paid: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        """What has been paid with what an outcome pays."""
        at = self.whole("the number of an outcome, 0 for none")
        if at == 0:
            return paid
        if self.at("text"):
            self.take("text", "a name")
        if self.at("brace", "{"):
            token = self.token
            payoffs = tuple(self.number("a payoff") for _ in self.listed())
            if len(payoffs) != len(self.players):
                self.fail(f"{len(self.players)} payoffs, one for each player", token)
            self.same(self.outcomes, at, payoffs, token, f"the payoffs of outcome {at}")
        payoffs = self.outcomes.get(at) or self.fail("the payoffs of the outcome in braces")
        return tuple(_kept(a + b) for a, b in zip(paid, payoffs, strict=True))


def _kept(number: Fraction) -> Fraction:
    """The number, or the float next to it where its fraction has grown too long to go on with."""
    return number if number.denominator < LONGEST_DENOMINATOR else Fraction(float(number))
