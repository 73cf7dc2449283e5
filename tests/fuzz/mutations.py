"""What a slip, an editor, a transfer or malice makes of a sound file: changed texts, bytes, numbers and trees.

Every function takes a generator of random numbers and something sound, and returns something changed.
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

#: A number as files write it, which is no part of a name, a date or an id.
NUMBER = re.compile(r"(?<![\w.\-/])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.\-/])")

#: Texts that programs trip over, wherever they stand.
TOKENS = (
    *("nan", "inf", "-inf", "-0.0", "1e400", "-1e308", "1e-320", "9007199254740993", "1" + "0" * 400, "0x1F", "1_000"),
    *("1,5", "1.000,5", "30.000", "1 000", "٣", "½", "1e", "--1", "+5", "true", "null", "None", '""', "''", "[]", "{}"),
    *(
        "\0",
        "\x1b[2J",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "👪",
        "\r",
        "\n\n",
        "\t",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "%s%n",
        "../..",
    ),
    *("{{7*7}}", "<script>", "a" * 3000, "[" * 200, "{" * 200, '"' * 9, "\\", "\\u0000", "#", ";", ",", "=", ".", "'"),
)

#: What may stand where a value stood.
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        0.5,
        -0.0,
        1e15,
        1.1e15,
        -1e308,
        2**53 + 1,
        10**400,
        1e-320,
        "",
        "x",
        "\x1b[31m",
        "0",
    ),
    *([], {}, [[]], [None], {"": 1}, "a" * 3000, [0] * 300, [[0, 1]] * 3),
)


def number(rng: random.Random, written: str) -> str:
    """Another number in the place of one: near, far, turned, or the same written otherwise."""
    value = float(written)
    return rng.choice(
        [
            repr(value + 1),
            repr(value * rng.choice([0.1, 0.5, 1.0000001, 2, 10, 1000])),
            repr(-value),
            str(rng.randint(-3, 30)),
            f"{rng.uniform(0, 1):.3f}",
            f"{value:.3e}",
            written + "0" if "." in written and "e" not in written.lower() else written + ".0",
            written.replace(".", ","),
            rng.choice(TOKENS),
        ]
    )


def text(rng: random.Random, content: str) -> str:
    """A text with one to three changes."""
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        content = rng.choice(_OF_TEXTS)(rng, content)
    return content


def plain_number(rng: random.Random, content: str) -> str:
    """A text with one number replaced by another that anybody would read alike, so that it can only be obeyed."""
    found = list(NUMBER.finditer(content))
    if not found:
        return content
    match = rng.choice(found)
    value = float(match[0])
    drawn = rng.choice([value + 1, value * 2, value / 2, rng.uniform(0, 1), float(rng.randint(0, 9))])
    written = str(int(drawn)) if drawn.is_integer() and "." not in match[0] else repr(drawn)
    return content[: match.start()] + written + content[match.end() :]


def _another_number(rng: random.Random, content: str) -> str:
    found = list(NUMBER.finditer(content))
    if not found:
        return content
    match = rng.choice(found)
    return content[: match.start()] + number(rng, match[0]) + content[match.end() :]


def _lines(rng: random.Random, content: str) -> str:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    here, there = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(5)
    if how == 0:
        del lines[here]
    elif how == 1:
        lines.insert(there, lines[here])
    elif how == 2:
        lines[here], lines[there] = lines[there], lines[here]
    elif how == 3:
        lines[here] = lines[here].upper() if rng.random() < 0.5 else lines[here].strip() * 2
    else:
        lines = lines[: here + 1]
    return "".join(lines)


def _characters(rng: random.Random, content: str) -> str:
    if not content:
        return content
    here = rng.randrange(len(content))
    length = rng.choice([0, 1, 1, 2, 5, 40])
    drawn = rng.choice(["", chr(rng.choice([9, 10, 34, 39, 44, 59, 61, 91, 93, 123, 125, 48, 97, 228, 0x2212])), ""])
    return content[:here] + drawn + content[here + length :]


def _token(rng: random.Random, content: str) -> str:
    here = rng.randrange(len(content) + 1)
    return content[:here] + rng.choice(TOKENS) + content[here:]


def _word(rng: random.Random, content: str) -> str:
    """One word in the place of another, or of a token."""
    words = list(re.finditer(r"[\w.+-]+", content))
    if not words:
        return content
    match = rng.choice(words)
    drawn = rng.choice([rng.choice(words)[0], rng.choice(TOKENS), match[0][::-1], match[0] + "x", match[0][:-1]])
    return content[: match.start()] + drawn + content[match.end() :]


def _ends(rng: random.Random, content: str) -> str:
    return rng.choice(
        [content.replace("\n", "\r\n"), content.replace("\n", "\r"), "\ufeff" + content, content + content]
    )


def _cut(rng: random.Random, content: str) -> str:
    return content[: rng.randrange(len(content) + 1)]


_OF_TEXTS: tuple[Callable[[random.Random, str], str], ...] = (
    *(_another_number, _another_number, _another_number, _word, _word, _characters, _characters, _lines, _lines),
    *(_token, _ends, _cut),
)


def encoded(rng: random.Random, content: str) -> bytes:
    """A text as bytes, rarely in another encoding than UTF-8, or with bytes that are none."""
    how = rng.random()
    if how < 0.02:
        return content.encode(rng.choice(["utf-16", "latin-1", "cp1252", "utf-8-sig"]), "replace")
    return data(rng, content.encode("utf-8", "replace")) if how < 0.06 else content.encode("utf-8", "replace")


def data(rng: random.Random, content: bytes) -> bytes:
    """Bytes with a few of them changed, a part of them gone, doubled, or turned to zero."""
    if not content:
        return b"\0"
    changed = bytearray(content)
    here = rng.randrange(len(changed))
    how = rng.randrange(6)
    if how <= 2:
        for _ in range(rng.choice([1, 1, 4, 64])):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    elif how == 3:
        return bytes(changed[:here])
    elif how == 4:
        changed[here : here + rng.choice([1, 16, 512])] = bytes(rng.choice([0, 1, 16, 512]))
    else:
        changed[here:here] = changed[here : here + rng.choice([1, 64, 4096])]
    return bytes(changed)


def tree(rng: random.Random, document: Any) -> Any:
    """A document of JSON with one to three of its values changed, dropped, doubled or exchanged."""
    changed = copy.deepcopy(document)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        places = list(_places(changed))
        if not places:
            return changed
        holder, key = rng.choice(places)
        _change(rng, holder, key, places)
    return changed


def _change(rng: random.Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    value, how = holder[key], rng.random()
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if is_number and how < 0.5:
        holder[key] = rng.choice(
            [value + 1, -value, value * 1.5, value * 1e6, float(value), int(value) if value == value else 0]
        )
    elif how < 0.7:
        holder[key] = copy.deepcopy(rng.choice(VALUES))
    elif how < 0.8:
        del holder[key]
    elif how < 0.9:
        other, name = rng.choice(places)
        holder[key] = copy.deepcopy(other[name]) if name in other or isinstance(other, list) else None
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    else:
        holder[f"{key}x"] = holder.pop(key)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every place of a document at which a value stands, as what holds it and the key or number there."""
    found: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, value in items:
            found.append((holder, key))
            waiting.append(value)
    return found


def written(rng: random.Random, document: Any) -> bytes:
    """A changed document as JSON, rarely changed again as a text."""
    content = json.dumps(tree(rng, document))
    return encoded(rng, text(rng, content) if rng.random() < 0.15 else content)


def archive(rng: random.Random, content: bytes, changes: Callable[[random.Random, bytes], bytes] = data) -> bytes:
    """A ZIP file with one member changed, dropped or doubled; or its bytes as they lie."""
    if rng.random() < 0.3:
        return data(rng, content)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    name = rng.choice(sorted(members))
    if rng.random() < 0.15:
        del members[name]
    else:
        members[name] = changes(rng, members[name])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for member, inner in members.items():
            opened.writestr(member, inner)
    return made.getvalue()


def markup(rng: random.Random, content: bytes) -> bytes:
    """A member of a workbook changed as a text."""
    return encoded(rng, text(rng, content.decode("utf-8", "replace")))
