r"""Reading and writing games in Gambit's strategic form files (``.nfg``), for any number of players.

The format exists in two forms. Both open with ``NFG 1 R "title" { "player" ... }``, the actions, as counts
``{ 2 3 }`` or as names ``{ { "a" "b" } { "c" "d" "e" } }``, and a comment that may be absent. Then

* the **payoff form** lists :math:`u_1(a), \dots, u_n(a)` profile by profile,
* the **outcome form** lists named outcomes ``{ "name" u_1, ..., u_n }`` and then one outcome number for each profile;
  outcome 0 pays nobody anything.

Profiles are counted with the **first player's action varying fastest**, so entry :math:`k` belongs to
:math:`a_1 = k \bmod |A_1|`, :math:`a_2 = \lfloor k / |A_1| \rfloor \bmod |A_2|` and so on. That is the reverse of the
order in which ``payoffs[player, a_1, ..., a_n]`` lies in memory.

Numbers are decimals (``-0.25``, ``1e-3``) or rationals (``7/3``). Gambit holds them as exact rationals, so payoffs are
written as short decimals and the file's comment says to how many places and what that changed. Inside quotes ``\"``
is a quote and every other character is itself.

References
----------
Savani, R. and Turocy, T. L. *Gambit: The package for computation in game theory*, "The strategic game (.nfg) file
format", payoff version and outcome version.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isfinite, prod
from pathlib import Path
from typing import Literal, NoReturn

import numpy as np

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.writing import anything, replace_file
from triangle.games.normal_form import Floats, NormalFormGame
from triangle.games.readings import reading, reading_remarks

#: Decimal places to which payoffs are written. In billions of dollars a year: thousands of dollars.
PLACES = 6
#: Most characters read from a file; the largest game allowed needs about half of it.
LARGEST_FILE = 16 * 2**20
#: Most payoffs (players times profiles) of a game read from a file.
MOST_PAYOFFS = 1_000_000
#: Most players: an array of payoffs has one axis more and numpy allows 64, of which samples may need some.
MOST_PLAYERS = 32
#: Longest number read, in characters; a rational of this length is exact in a fraction and quick to convert.
LONGEST_NUMBER = 400
#: Faults reported for one file; what follows is usually the same mistake again.
MOST_FAULTS = 10

_TOKEN = re.compile(r'[\s,]*(?:("(?:[^"\\]|\\"|\\(?!"))*")|([{}])|([^\s{}",]+)|("))', re.DOTALL)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_RATIONAL = re.compile(r"[+-]?\d+/\d+", re.ASCII)
_COUNT = re.compile(r"\d+", re.ASCII)
#: A number that may be written as elsewhere: with a decimal comma, or with its thousands set apart.
_MARK = "[.,'’\u00a0\u2009\u202f]"
_FOREIGN = re.compile(rf"[+-]?\d(?:\d|{_MARK}){{0,60}}\d", re.ASCII)
#: What parts numbers in this format, and is used inside of one elsewhere.
_PARTS = {",": "comma", "[\u00a0\u2009\u202f]": "blank"}
_LABEL = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)


#: How files of other forms begin, and what they are.
_OTHER_FORMS = {
    "EFG": "a game in extensive form (Gambit's .efg), which triangle solve reads",
    "<?xml": "a workbook of Gambit's window (.gbt)",
    "<gambit": "a workbook of Gambit's window (.gbt)",
    "#AGG": "an action graph game (.agg)",
    "#BAGG": "a Bayesian action graph game (.bagg)",
}
_TO_NFG = "pygambit.read_efg(FILE).to_nfg() or pygambit.read_gbt(FILE).to_nfg() gives its text"


@dataclass(frozen=True, eq=False)
class GameFile:
    """What a strategic form file holds: the game and the names of what is in it.

    Attributes
    ----------
    game : NormalFormGame
        One game, ``payoffs[player, a_1, ..., a_n]``.
    players : tuple of str
    actions : tuple of tuples of str
        The names of each player's actions; ``"1"``, ``"2"``, ... where the file only counts them.
    title, comment : str
    rounded : int
        How many payoffs cannot be told from another payoff of the same player, although the file tells them apart.
    origins : tuple of Fraction
        What was taken off each player's payoffs, see :mod:`~triangle.games.readings`; empty where nothing was.
    """

    game: NormalFormGame
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    title: str = ""
    comment: str = ""
    rounded: int = 0
    origins: tuple[Fraction, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What became of the payoffs as they were read, in sentences."""
        return reading_remarks(self.player_labels, self.rounded, self.origins)

    @property
    def player_labels(self) -> tuple[str, ...]:
        """Names of the players, made distinct where the file repeats one or leaves it empty."""
        return distinct(self.players)

    @property
    def action_labels(self) -> tuple[tuple[str, ...], ...]:
        """Names of each player's actions, made distinct likewise."""
        return tuple(map(distinct, self.actions))

    def plays(self, probabilities: Sequence[Sequence[float]]) -> dict[str, dict[str, float]]:
        """A profile by name: for each player the actions that it plays and their probabilities."""
        return {
            player: {name: float(p) for name, p in zip(names, mixed, strict=True) if p > 0.0}
            for player, names, mixed in zip(self.player_labels, self.action_labels, probabilities, strict=True)
        }


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with their place where they are empty or came before."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        while not name or name in found:
            name = f"{name} ({place})".strip()
        found.append(name)
    return tuple(found)


@dataclass(frozen=True)
class _Token:
    """One token: a ``text`` in quotes, a ``brace``, a ``word``, a ``stray`` quote, or the ``end`` of the file."""

    kind: str
    value: str
    start: int


def read_nfg(path: str | Path) -> GameFile:
    """The game in a strategic form file, payoff or outcome form, of any number of players.

    Raises
    ------
    BadInput
        If the file cannot be read, is too large, or is not such a file; says where, by line and column.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(Fault(str(path), "", "cannot be read: this is a folder or a device, not a file"))
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadInput(Fault(str(path), "", f"cannot be read: {error.strerror or error}")) from None
    if len(raw) > LARGEST_FILE:
        message = f"larger than {LARGEST_FILE} bytes, the most that is read; is it a game?"
        raise BadInput(Fault(str(path), "", message))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is no UTF-8 text; save the file as UTF-8"
        raise BadInput(Fault(str(path), "", message)) from None
    return parse_nfg(text, str(path))


def parse_nfg(text: str, file: str = "text") -> GameFile:
    """The game in the text of a strategic form file; `file` is the name used in messages.

    Raises
    ------
    BadInput
        If the text is not such a file; says where, by line and column.

    Examples
    --------
    >>> found = parse_nfg('NFG 1 R "asymmetric" { "Row" "Column" } { 3 2 } 1 1 0 2 0 2 1 1 0 3 2 0')
    >>> found.game.actions, found.players
    ((3, 2), ('Row', 'Column'))
    >>> found.game.payoffs[:, 2, 1].tolist()
    [2.0, 0.0]
    """
    if len(text) > LARGEST_FILE:
        raise BadInput(Fault(file, "", f"longer than {LARGEST_FILE} characters, the most that is read"))
    for opening, what in _OTHER_FORMS.items():
        if text.lstrip("\ufeff \t\r\n").startswith(opening):
            how = "" if opening.startswith("#") else f"; {_TO_NFG}"
            message = f"found {opening!r}; expected 'NFG': this is {what}, and a strategic form (.nfg) is read{how}"
            raise BadInput(Fault(file, "line 1, column 1", message))
    return _Reader(text, file).game_file()


class _Reader:
    """One pass over the tokens of one text, with one token of look-ahead."""

    def __init__(self, text: str, file: str):
        self.text = text
        self.file = file
        self.faults: list[Fault] = []
        self.values: dict[str, float] = {}
        self.payoffs_from = len(text)
        self._tokens = self._scan()
        self.token = next(self._tokens)

    def _scan(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self.text):
            kind = ("text", "brace", "word", "stray")[(match.lastindex or 4) - 1]
            yield _Token(kind, match[match.lastindex or 4], match.start(match.lastindex or 4))
        end = _Token("end", "the end of the file", len(self.text))
        while True:
            yield end

    def take(self) -> _Token:
        token, self.token = self.token, next(self._tokens)
        return token

    def fault(self, token: _Token, expected: str) -> Fault:
        line = self.text.count("\n", 0, token.start) + 1
        column = token.start - self.text.rfind("\n", 0, token.start)
        if token.kind == "stray":
            found = "a quote that is never closed"
        else:
            found = token.value if token.kind == "end" else shorten(token.value)
        return Fault(self.file, f"line {line}, column {column}", f"found {found}; expected {expected}")

    def fail(self, token: _Token, expected: str) -> NoReturn:
        raise BadInput([*self.foreign(), *self.faults, self.fault(token, expected)])

    def note(self, token: _Token, expected: str) -> None:
        """Keep a fault that does not hide what follows, so that several are reported together."""
        self.faults.append(self.fault(token, expected))
        if len(self.faults) >= MOST_FAULTS:
            raise BadInput([*self.foreign(), *self.faults])

    def foreign(self) -> list[Fault]:
        """The first number among the payoffs that is written with a decimal comma or with thousands set apart.

        Commas part numbers in this format, so that 2,5 reads as two; it is looked for once the file does not fit.
        """
        found = _first_foreign(self.text, self.payoffs_from, len(self.text))
        return [self.fault(_Token("word", found[0], found[1]), found[2])] if found else []

    def brace(self, which: str, expected: str) -> None:
        token = self.take()
        if (token.kind, token.value) != ("brace", which):
            self.fail(token, f"{which!r} {expected}")

    def at_brace(self, which: str) -> bool:
        return (self.token.kind, self.token.value) == ("brace", which)

    def word(self, allowed: Sequence[str], expected: str) -> None:
        token = self.take()
        if token.kind != "word" or token.value not in allowed:
            self.fail(token, expected)

    def quoted(self, expected: str) -> str:
        token = self.take()
        if token.kind != "text":
            self.fail(token, f"{expected} in double quotes")
        return token.value[1:-1].replace('\\"', '"')

    def game_file(self) -> GameFile:
        self.word(["NFG"], "'NFG', with which a strategic form file begins")
        self.word(["1"], "format version 1")
        self.word(["R", "D"], "'R' (or 'D' in old files), the kind of numbers")
        title = self.quoted("the title of the game")
        players = self.players()
        actions = self.actions(len(players))
        comment = self.quoted("a comment") if self.token.kind == "text" else ""
        shape = tuple(map(len, actions))
        self.payoffs_from = self.token.start
        listed = self.outcomes(len(players), prod(shape)) if self.at_brace("{") else self.payoffs(len(players), shape)
        if self.token.kind != "end":
            self.note(self.token, f"the end of the file after {prod(shape)} profiles of {len(players)} players")
        if self.faults:
            raise BadInput([*self.foreign(), *self.faults])
        read = [reading(Counter(own), self.values, _exact) for own in listed]
        values = np.array([[r.values[text] for text in own] for r, own in zip(read, listed, strict=True)])
        game = NormalFormGame(_from_listing(values.T, shape))
        origins = tuple(r.origin for r in read)
        return GameFile(
            game, players, actions, title, comment, sum(r.rounded for r in read), origins if any(origins) else ()
        )

    def players(self) -> tuple[str, ...]:
        self.brace("{", "and the names of the players")
        names = []
        while not self.at_brace("}"):
            names.append(self.quoted("the name of a player, or '}',"))
            if len(names) > MOST_PLAYERS:
                self.fail(self.token, f"at most {MOST_PLAYERS} players")
        if not names:
            self.fail(self.token, "at least one player")
        self.take()
        return tuple(names)

    def actions(self, players: int) -> tuple[tuple[str, ...], ...]:
        """The names of every player's actions; a game too large is refused before anything of its size is made."""
        self.brace("{", "and the actions: how many each player has, or their names in braces")
        actions: list[tuple[str, ...]] = []
        payoffs = players
        for _ in range(players):
            token = self.token
            names = self.named_actions() if self.at_brace("{") else self.counted_actions()
            payoffs *= len(names)
            if payoffs > MOST_PAYOFFS:
                self.fail(token, f"a game of at most {MOST_PAYOFFS} payoffs; this one has {payoffs} or more")
            actions.append(tuple(map(str, names)))
        self.brace("}", f"after the actions of {players} players")
        return tuple(actions)

    def named_actions(self) -> Sequence[str]:
        self.take()
        names = []
        while not self.at_brace("}"):
            names.append(self.quoted("the name of an action, or '}',"))
        if not names:
            self.fail(self.token, "at least one action")
        self.take()
        return names

    def counted_actions(self) -> range:
        token = self.take()
        count = self.count(token, "how many actions a player has, a whole number from 1,")
        if not 1 <= count <= MOST_PAYOFFS:
            self.fail(token, f"how many actions a player has, from 1 to {MOST_PAYOFFS}")
        return range(1, count + 1)

    def payoffs(self, players: int, shape: tuple[int, ...]) -> list[list[str]]:
        listed: list[list[str]] = [[] for _ in range(players)]
        for k in range(prod(shape)):
            for i, own in enumerate(listed):
                own.append(self.number(partial(_payoff_place, i, k, shape)))
        return listed

    def outcomes(self, players: int, profiles: int) -> list[list[str]]:
        self.take()
        listed = [["0"] * players]
        self.values["0"] = 0.0
        while not self.at_brace("}"):
            self.brace("{", "and an outcome, or '}' after the last one")
            self.quoted("the name of an outcome (it may be empty)")
            number = len(listed)
            listed.append([self.number(partial(_payoff_place, i)) for i in range(players)])
            self.brace("}", f"after the {players} payoffs of outcome {number}")
        self.take()
        chosen = []
        for k in range(profiles):
            token = self.take()
            which = self.count(token, f"the number of an outcome, for profile {k + 1} of {profiles},")
            if which >= len(listed):
                self.note(token, f"the number of an outcome, from 0 to {len(listed) - 1}")
                which = 0
            chosen.append(listed[which])
        return [[outcome[i] for outcome in chosen] for i in range(players)]

    def count(self, token: _Token, expected: str) -> int:
        if token.kind != "word" or not _COUNT.fullmatch(token.value) or len(token.value) > LONGEST_NUMBER:
            self.fail(token, expected)
        return int(token.value)

    def number(self, expected: Callable[[], str]) -> str:
        """The next token, which is a number; a word that is none is noted and reading goes on."""
        token = self.take()
        if token.kind != "word":
            self.fail(token, expected())
        if token.value not in self.values:
            value = _number(token.value)
            if value is None:
                self.note(token, f"{expected()}, a finite decimal like -0.25 or a rational like 7/3")
            else:
                self.values[token.value] = value
        return token.value


def foreign(text: str, start: int, stop: int) -> str:
    """What the first number there means that is written as elsewhere, for a message; nothing where there is none."""
    found = _first_foreign(text, start, stop)
    return f"{shorten(found[0])} may mean {found[2]}" if found else ""


def _first_foreign(text: str, start: int, stop: int) -> tuple[str, int, str] | None:
    """The first number of a text, outside quotes, that is written as elsewhere, its place, and what it may mean."""
    for token in _TOKEN.finditer(text, start):
        if token.start() >= stop:
            return None
        match = _FOREIGN.match(text, token.start(3)) if token.lastindex == 3 else None
        if match and (meant := _meant(match[0])):
            parts = next((f"a {name} parts" for mark, name in _PARTS.items() if re.search(mark, match[0])), "")
            why = f"{parts} two numbers here" if parts else "a number has one decimal point"
            may_mean = " or ".join(f"{number} ({how})" for number, how in meant)
            return match[0], token.start(3), f"{may_mean}; {why}"
    return None


def _meant(number: str) -> list[tuple[str, str]]:
    r"""What a number written as elsewhere may mean, and how it would be written then; nothing for a number of here.

    >>> _meant("1,000"), _meant("2.104,9"), _meant("30.000")
    ([('1000', 'thousands set apart'), ('1.000', 'a decimal comma')], [('2104.9', 'a decimal comma')], [])
    >>> _meant("1\u202f000"), _meant("1\u00a0000,5"), _meant("1\u00a02")
    ([('1000', 'thousands set apart')], [('1000.5', 'a decimal comma')], [])
    """
    marks = re.sub(r"[+\-\d]", "", number)
    bare = re.sub(_MARK, "", number)
    if not marks or marks == ".":
        return []
    if len(set(marks)) > 1:
        whole, _, rest = number.rpartition(marks[-1])
        how = "a decimal comma" if marks[-1] == "," else "thousands set apart"
        return [(f"{re.sub(_MARK, '', whole)}.{rest}", how)]
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}({_MARK}\d{{3}})+", number) is not None
    found = [(bare, "thousands set apart")] if grouped else []
    return found + ([(number.replace(",", "."), "a decimal comma")] if marks == "," else [])


def _exact(text: str) -> Fraction | str:
    """A spelling as the number it means; itself where that has too many digits to be written out."""
    exponent = re.search(r"[eE]([+-]?\d+)$", text)
    return text.lower() if exponent and abs(int(exponent[1])) > LONGEST_NUMBER else Fraction(text)


def _number(text: str) -> float | None:
    """A decimal or a rational as a float; None for anything else, for a zero denominator and for overflow."""
    if len(text) > LONGEST_NUMBER:
        return None
    try:
        if _DECIMAL.fullmatch(text):
            value = float(text)
        elif _RATIONAL.fullmatch(text):
            value = float(Fraction(text))
        else:
            return None
    except (ZeroDivisionError, OverflowError):
        return None
    return value if isfinite(value) else None


def _payoff_place(player: int, k: int | None = None, shape: tuple[int, ...] = ()) -> str:
    """Which payoff is meant: at profile number `k` of the file, counted from 1 as Gambit does, or in an outcome."""
    if k is None:
        return f"payoff of player {player + 1} in an outcome"
    profile = ", ".join(str(int(a) + 1) for a in np.unravel_index(k, shape, order="F"))
    return f"payoff of player {player + 1} at profile ({profile})"


def _from_listing(values: Floats, shape: tuple[int, ...]) -> Floats:
    """Payoffs as a file lists them, shape (profiles, n), as ``payoffs[player, a_1, ..., a_n]``."""
    return np.moveaxis(values.reshape((*shape, len(shape)), order="F"), -1, 0)


def _to_listing(payoffs: Floats) -> Floats:
    """Payoffs of one game in the order of a file: shape (profiles, n), the first player's action fastest."""
    return np.moveaxis(payoffs, 0, -1).reshape((-1, payoffs.shape[0]), order="F")


def format_nfg(
    game: NormalFormGame,
    players: Sequence[str] | None = None,
    actions: Sequence[Sequence[str]] | None = None,
    title: str = "",
    comment: str = "",
    places: int = PLACES,
    form: Literal["payoff", "outcome"] = "payoff",
) -> str:
    """One game of any number of players as the text of a strategic form file.

    Payoffs are rounded to `places` decimals, which may make or break ties between payoffs that differ by less; the
    comment in the file says how many places and the largest change.

    Parameters
    ----------
    game : NormalFormGame
        One game, not a batch.
    players, actions : sequences of str, optional
        Names, in printable ASCII as Gambit asks; ``"1"``, ``"2"``, ... when absent.
    title, comment : str
        Free text. A backslash becomes a slash, because a file cannot hold one before a quote.
    places : int
        Decimal places of the payoffs, 0 to 15.
    form : {"payoff", "outcome"}
        The outcome form lists profiles of equal payoffs once.

    Raises
    ------
    ValueError
        If `game` is a batch, or names do not fit it or the format.

    Examples
    --------
    >>> game = NormalFormGame([[[1, 0.25], [1 / 3, 0]], [[2, 0], [0, 2]]])
    >>> print(format_nfg(game, ["Row", "Column"], title="small", places=3))
    NFG 1 R "small" { "Row" "Column" }
    { { "1" "2" } { "1" "2" } }
    "Payoffs rounded to 3 decimal places; the largest change is 0.00033."
    <BLANKLINE>
    1 2
    0.333 0
    0.25 0
    0 2
    <BLANKLINE>
    """
    if game.samples:
        raise ValueError(f"one game is written at a time, not a batch of shape {game.samples}")
    if not 0 <= places <= 15:
        raise ValueError(f"payoffs are written to 0 to 15 decimal places, not {places}")
    players = _numbered(game.n_players) if players is None else players
    actions = [_numbered(count) for count in game.actions] if actions is None else actions
    _check_labels("players", players, game.n_players)
    if len(actions) != game.n_players:
        raise ValueError(f"{len(actions)} lists of actions for {game.n_players} players")
    for player, names, count in zip(players, actions, game.actions, strict=True):
        _check_labels(f"actions of {player}", names, count)
    rows = [" ".join(_decimal(u, places) for u in row) for row in _to_listing(game.payoffs).tolist()]
    head = [
        f"NFG 1 R {_quoted(title)} {_braced(players)}",
        "{ " + " ".join(map(_braced, actions)) + " }",
        _quoted(" ".join(filter(None, [comment, _rounding(game.payoffs, places)]))),
        "",
    ]
    return "\n".join(head + (rows if form == "payoff" else _as_outcomes(rows))) + "\n"


def write_nfg(path: str | Path, text: str) -> None:
    """Write the text of :func:`format_nfg` to a file; :class:`BadInput` says why where that cannot be done."""
    replace_file(Path(path), lambda file: file.write(text.encode()), may_replace=anything, new_folders=False)


def _numbered(count: int) -> list[str]:
    return [str(k) for k in range(1, count + 1)]


def _check_labels(what: str, names: Sequence[str], count: int) -> None:
    if len(names) != count or len(set(names)) != count:
        raise ValueError(f"{count} different names are needed for the {what}, not {list(names)}")
    for name in names:
        if not _LABEL.fullmatch(name):
            raise ValueError(f"{shorten(name)} among the {what} is no printable ASCII text without outer blanks")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "/").replace('"', '\\"') + '"'


def _braced(names: Sequence[str]) -> str:
    return "{ " + " ".join(map(_quoted, names)) + " }"


def _decimal(value: float, places: int) -> str:
    """The value as a plain decimal without exponent, trailing zeros or a negative zero."""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _rounding(payoffs: Floats, places: int) -> str:
    """What rounding did to the payoffs, in a sentence for the file's comment."""
    change = max(abs(float(_decimal(u, places)) - u) for u in payoffs.ravel().tolist())
    if change == 0.0:
        return f"Payoffs have at most {places} decimal places."
    return f"Payoffs rounded to {places} decimal places; the largest change is {change:.2g}."


def _as_outcomes(rows: Sequence[str]) -> list[str]:
    """Profiles by the number of their outcome, outcomes numbered as they first appear."""
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(row, len(numbers) + 1) for row in rows]
    listed = [f'{{ "{number}" {", ".join(row.split())} }}' for row, number in numbers.items()]
    return ["{", *listed, "}", " ".join(map(str, places))]
