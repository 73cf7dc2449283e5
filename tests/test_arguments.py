"""Every argument of every public function is given values of every wrong kind: each is answered in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from budgets import LARGE

import triangle
from triangle.base.errors import TriangleError
from triangle.questions.answer.answer import answer
from triangle.questions.contrast.answer import contrast
from triangle.questions.discover.answer import discover
from triangle.questions.sensitivity.answer import sensitivity, sensitivity_of_run


@cache
def swept() -> Any:
    return triangle.sweep(samples=16)


#: A sound call of each public function, whose arguments are exchanged one at a time.
SOUND: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "answer": (("baseline",), {"samples": 2}),
    "bid": (("baseline",), {"samples": 2, "steps": 2}),
    "check": (([],), {}),
    "choose": (("baseline", "US"), {"samples": 2, "levers": {"relief": [0.0, 1.0]}}),
    "claims": ((), {"only": ["C84"], "samples": 2}),
    "compare": ((["baseline"],), {}),
    "concord": (("baseline",), {}),
    "contrast": (("baseline", "rift_shock"), {"samples": 2}),
    "decompose": (("europe_joins",), {"outcome": "number"}),
    "discover": (("baseline", "RU=align"), {"samples": 8}),
    "flip": (("baseline",), {"away": True, "starts": 1, "names": ["relief"]}),
    "load": ((), {}),
    "path": (("path_baseline",), {"samples": 1, "until": 2027}),
    "read_model": ((), {}),
    "sensitivity": (("baseline", "number"), {"samples": 2, "names": ["relief"]}),
    "signal": (("tactical_or_genuine",), {"samples": 2}),
    "gesture": (("parade",), {"samples": 2}),
    "solve": ((), {}),
    "sweep": ((), {"samples": 2}),
    "tipping": (("baseline",), {"names": ["relief"]}),
    "trace": (("baseline", "US", "5"), {}),
    "veto": (("europe_chooses", "EU"), {}),
}

#: Functions that take the options of others.
OPTIONS_OF = {"answer": answer, "contrast": contrast, "discover": discover, "sensitivity": sensitivity}


def nothing(done: int, of: int) -> None:
    """A function that hears of progress."""


#: Values of many kinds, by the words of an annotation that admit each; no word: nothing does.
VALUES: list[tuple[str, Any]] = [
    *((r"None", None), (r"bool", True), (r"int|float", 3), (r"float", 2.5), (r"int|float", -1)),
    *((r"str", "nonsense"), (r"str", ""), (r"str", "a\0b"), (r"Path", Path("nowhere.toml"))),
    *((r"", float("nan")), (r"", float("inf")), (r"int", 10**400), (r"", b"x"), (r"", object()), (r"", 1j)),
    *(
        (r"", {"relief": None}),
        (r"", {1: 2}),
        (r"Mapping", {}),
        (r"Mapping\[str, str\]|float . str|ArrayLike", {"a": "b"}),
    ),
    *((r"Sequence", []), (r"Sequence", ()), (r"Sequence\[str", ["nonsense"]), (r"", [None]), (r"", [object()])),
    *((r"", np.array("x")), (r"Sequence\[float\]", np.array([1.0, 2.0])), (r"", {"x"}), (r"Callable", nothing)),
    *((r"", Ellipsis), (r"", np.datetime64("2025"))),
]


def described(name: str) -> dict[str, Parameter]:
    """The parameters of a public function, those of whom it hands its options to among them."""
    given = dict(signature(getattr(triangle, name)).parameters)
    if name in OPTIONS_OF:
        _, *options = signature(OPTIONS_OF[name]).parameters.items()
        given = dict(options) | {key: each for key, each in given.items() if each.kind is not Parameter.VAR_KEYWORD}
    return given


def exchanged(name: str, place: str, value: Any) -> Callable[[], Any]:
    """The sound call with one argument in another's place."""
    args, options = SOUND[name]
    parameters = [each for each in signature(getattr(triangle, name)).parameters.values() if each.kind <= 2]
    at = next((number for number, each in enumerate(parameters[: len(args)]) if each.name == place), None)
    if at is None:
        return lambda: getattr(triangle, name)(*args, **(options | {place: value}))
    return lambda: getattr(triangle, name)(*args[:at], value, *args[at + 1 :], **options)


def places() -> Iterator[tuple[str, str, str]]:
    for name in SOUND:
        yield from ((name, key, str(each.annotation)) for key, each in described(name).items())


def admits(annotation: str, words: str) -> bool:
    """Whether the annotation names a kind that the value is of."""
    aliases = {"Subject": "Study | str | Path", "Seed": "int", "Progress": "Callable", "Literal": "str"}
    for short, long in aliases.items():
        annotation = re.sub(rf"\b{short}\b", long, annotation)
    return bool(words) and re.search(rf"(?:{words})", annotation) is not None


def test_every_public_function_has_a_sound_call():
    functions = {name for name in triangle.__all__ if not isinstance(getattr(triangle, name), str | type)}
    assert SOUND.keys() == functions
    for name, (args, options) in SOUND.items():
        if name not in ("answer", "claims", "check") or LARGE:  # which take long, and are called by others
            getattr(triangle, name)(*args, **options)


@pytest.mark.parametrize(("name", "place", "annotation"), list(places()), ids=lambda text: text)
def test_a_value_of_a_wrong_kind_is_answered_in_words(name, place, annotation, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words, value in VALUES:
        if admits(annotation, words):
            continue
        with pytest.raises(TriangleError) as told:
            exchanged(name, place, value)()
        assert "found" in str(told.value) and "expected" in str(told.value), (place, value)


#: What is computed where a value is admitted takes long here, or would start processes or write.
LONG = {("claims", "only"), ("sweep", "workers"), ("sweep", "out"), ("sweep", "scheduler"), ("check", "paths")}


@pytest.mark.parametrize("name", SOUND)
def test_a_value_of_the_right_kind_is_obeyed_or_refused_in_words(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place, annotation in ((key, str(each.annotation)) for key, each in described(name).items()):
        for words, value in VALUES if (name, place) not in LONG else ():
            if admits(annotation, words):
                try:
                    exchanged(name, place, value)()
                except TriangleError as error:
                    assert str(error)


def test_options_of_the_games_of_a_sweep_are_held_against_what_they_are():
    for name, parameter in list(signature(sensitivity_of_run).parameters.items())[2:]:
        for words, value in VALUES:
            if not admits(str(parameter.annotation), words):
                with pytest.raises(TriangleError, match="expected"):
                    triangle.sensitivity(swept(), "number", **{name: value})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: triangle.solve(trust="0.5"), r"trust: found '0\.5'; expected a finite number, as trust=0\.5"),
        (lambda: triangle.solve(hold={"US": 2}), r"hold: US: found 2; expected a text"),
        (lambda: triangle.solve(settings={"relief": None}), r"relief: found None; expected a finite number or a text"),
        (lambda: triangle.sweep(samples=2.0), r"samples: found 2\.0; expected a whole number or None"),
        (lambda: triangle.sweep(ranges={"relief": (0, 1, 2)}), r"relief: found \(0, 1, 2\); expected 2 values"),
        (lambda: triangle.sweep(backend="jaxx"), r"backend: found 'jaxx'; expected 'numpy' or 'jax' or None"),
        (lambda: triangle.flip(None), r"subject: found None; expected a Study or a text or a path"),
        (lambda: triangle.flip("baseline", names="relief"), r"found the one name 'relief'; .* as names=\['relief'\]"),
        (lambda: triangle.discover("baseline", "RU=align", boxes=0), r"boxes: found 0; .* from 1 to 20, as boxes=3"),
        (lambda: triangle.discover("baseline", "RU=align", scenario="x"), r"only games of a sweep"),
        (lambda: triangle.choose("baseline", rules=[]), r"no rule of selection; expected some of"),
        (lambda: triangle.read_model(evidence="here"), r"expected a path or None, as evidence=Path\('here'\)"),
        (lambda: triangle.compare(["baseline", 3]), r"scenarios: 1: found 3; expected a text or a path"),
    ],
)
def test_the_answer_says_where_what_was_expected_and_how_to_write_it(call, words):
    with pytest.raises(TriangleError, match=words):
        call()


def test_a_name_that_the_function_does_not_have_is_pythons_own_error():
    with pytest.raises(TypeError, match="smaples"):
        triangle.flip("baseline", smaples=3)
