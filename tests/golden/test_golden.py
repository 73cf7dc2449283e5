"""Every command gives the answer that is kept, on fixed inputs; numbers may differ in the last bits of sums."""

from __future__ import annotations

import math
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from budgets import few
from golden.answers import answer, kept, questions

NUMBER = re.compile(r"-?\d+\.\d+(?:[eE][-+]?\d+)?|-?\d+[eE][-+]?\d+")
#: A sum of ten terms in another order differs by some units in the last place; a table shows far fewer digits.
RELATIVE, ABSOLUTE = 1e-9, 1e-9

#: How near a search in one start comes to what another release of the optimiser reaches than the pinned one.
SEARCHED = 0.05

LOCK = Path(__file__).parents[2] / "requirements.lock"


def nearness(name: str) -> float:
    """How near the numbers of an answer must be: those of a search depend on the optimiser's release."""
    pinned = f"scipy=={version('scipy')} " in LOCK.read_text(encoding="utf-8")
    return RELATIVE if pinned or not name.startswith("flip.") else SEARCHED


def differences(found: str, expected: str, relative: float = RELATIVE) -> list[str]:
    """Lines that are not the same but for the last bits of their numbers."""
    one, other = found.split("\n"), expected.split("\n")
    if len(one) != len(other):
        return [f"{len(one)} lines where {len(other)} were kept"]
    return [f"{a!r} was {b!r}" for a, b in zip(one, other, strict=True) if a != b and not _close(a, b, relative)]


def _close(a: str, b: str, relative: float) -> bool:
    if NUMBER.split(a) != NUMBER.split(b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(math.isclose(float(x), float(y), rel_tol=relative, abs_tol=ABSOLUTE) for x, y in pairs)


def asked() -> list[str]:
    """All questions in the large budget; in the small one the first of each command, and every eighth of the others.

    The others are the same as JSON, in German, of a file, or shown again, which have tests of their own.
    """
    first = {name.partition(".")[0]: name for name in reversed(questions())}.values()
    others = sorted(set(questions()) - {*first}, key=lambda name: name.partition(".")[::-1])
    return [*first, *few(others, 8)]


@pytest.mark.parametrize("name", asked())
def test_a_command_answers_as_it_did(name: str):
    found = differences(answer(questions()[name]), kept(name).read_bytes().decode("utf-8"), nearness(name))
    assert not found, "\n".join(found[:20])


def test_every_kept_answer_belongs_to_a_question():
    assert {path.stem for path in kept("x").parent.glob("*.txt")} == set(questions())


def test_a_changed_digit_is_seen_and_a_last_bit_is_not():
    assert differences("margin 17.8", "margin 17.9")
    assert not differences('"x": 17.800000000000001', '"x": 17.800000000000004')
    assert differences("a\nb", "a")
