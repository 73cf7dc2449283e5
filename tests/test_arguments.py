"""Every argument of every public function and method is given values of every wrong kind: each is answered in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from budgets import LARGE, few
from each import of_each

import triangle
from triangle.base.errors import BadInput, TriangleError
from triangle.model.model import Model
from triangle.players.cast import SHIPPED, Cast
from triangle.questions.answer import answer as question_answer
from triangle.questions.answer.answer import answer
from triangle.questions.contrast.answer import contrast
from triangle.questions.discover.answer import discover
from triangle.questions.sensitivity.answer import sensitivity, sensitivity_of_run
from triangle.study.study import Finding, Study


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
    "signal": (("tactical_or_genuine",), {"samples": 2, "over": [("prior", 0, 1, 2), ("watch", 0.5, 8, 2)]}),
    "gesture": (("parade",), {"samples": 2}),
    "solve": ((), {}),
    "sweep": ((), {"samples": 2}),
    "tipping": (("baseline",), {"names": ["relief"]}),
    "trace": (("baseline", "US", "5"), {}),
    "veto": (("europe_chooses", "EU"), {}),
}

#: Functions that take long; below, something that is exchanged in the call of each must be obeyed.
DEAR = ("bid", "gesture", "signal", "veto")

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
        (r"Mapping\[int", {1: 2}),
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
    aliases |= {"Profile": "Sequence[int]", "Term": "Callable", "Role": "str", "Prior": "str"}
    for short, long in aliases.items():
        annotation = re.sub(rf"\b{short}\b", long, annotation)
    return bool(words) and re.search(rf"(?:{words})", annotation) is not None


def test_every_public_function_has_a_sound_call():
    functions = {name for name in triangle.__all__ if not isinstance(getattr(triangle, name), str | type)}
    assert SOUND.keys() == functions
    for name, (args, options) in SOUND.items():
        if name not in ("answer", "claims", "check", *DEAR) or LARGE:  # which take long, and are called by others
            getattr(triangle, name)(*args, **options)


@of_each(("number", "name", "place", "annotation"), [(number, *one) for number, one in enumerate(places())])
def test_a_value_of_a_wrong_kind_is_answered_in_words(number, name, place, annotation, tmp_path, monkeypatch):
    """By default each place is given every second value, the next place the others; places of a kind are many."""
    monkeypatch.chdir(tmp_path)
    for words, value in few(VALUES[0 if LARGE else number % 2 :], 2):
        if admits(annotation, words):
            continue
        with pytest.raises(TriangleError) as told:
            exchanged(name, place, value)()
        assert "found" in str(told.value) and "expected" in str(told.value), (place, value)


#: Numbers that most functions are given and look at alike; by default each function is given one of them, in turn.
ALIKE = () if LARGE else ("samples", "seed")

#: What is computed where a value is admitted takes long here, or would start processes or write.
LONG = {("claims", "only"), ("sweep", "workers"), ("sweep", "out"), ("sweep", "scheduler"), ("check", "paths")}
LONG |= set() if LARGE else {("path", "workers")}


@pytest.mark.parametrize("name", SOUND)
def test_a_value_of_the_right_kind_is_obeyed_or_refused_in_words(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if not LARGE:  # what a flip is given has a test of its own here, and every seed would have another one
        monkeypatch.setattr(question_answer, "nearest_change", lambda *_: None)
    left_out, obeyed = ALIKE[list(SOUND).index(name) % 2 :][:1], 0
    places = list(described(name).items())
    for place, parameter in few(places, 2) if name in (*DEAR, "check") else places:
        if place in left_out:
            continue
        annotation, default = str(parameter.annotation), parameter.default
        admitted = [value for words, value in VALUES if (name, place) not in LONG and admits(annotation, words)]
        for value in few([value for value in admitted if type(value) is not type(default) or value != default], 9):
            try:
                exchanged(name, place, value)()
                obeyed += 1
            except TriangleError as error:
                assert str(error)
    assert obeyed or name not in DEAR


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
        (lambda: triangle.sweep(backend="numbaa"), r"backend: found 'numbaa'; expected 'numpy' or 'numba' or None"),
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


PROFILE, NEW = (0, 1, 1), {"symbol": "x", "meaning": "X.", "unit": "fraction", "role": "uncertainty"}

#: A sound call of each method of the public classes.
METHODS: dict[tuple[type, str], tuple[tuple[Any, ...], dict[str, Any]]] = {
    (Cast, "action_text"): ((1, 3), {}),
    (Cast, "check_player"): ((1,), {}),
    (Cast, "country"): (("RU",), {}),
    (Cast, "fitting"): ((PROFILE,), {}),
    (Cast, "index"): ((PROFILE,), {}),
    (Cast, "joined_by"): (((),), {}),
    (Cast, "named"): ((PROFILE,), {}),
    (Cast, "named_action"): ((1, 3), {}),
    (Cast, "named_some"): (({1: 3},), {}),
    (Cast, "numbered"): (({"RU": "hedge"},), {}),
    (Cast, "options"): ((1, PROFILE), {}),
    (Cast, "player"): (("RU",), {}),
    (Cast, "profile_text"): ((PROFILE,), {}),
    (Finding, "is_agreement_proof"): ((0.5,), {}),
    (Model, "figures_behind"): (("relief",), {}),
    (Model, "joined_by"): (((),), {}),
    (Model, "with_form"): (("second",), {}),
    (Model, "with_parameter"): (("odd_ru",), NEW | {"judged": 0.5, "because": "B.", "low": 0.0, "high": 1.0}),
    (Model, "with_term"): ((triangle.load().model.terms["order"], "again"), {}),
    (Study, "bargaining_share"): ((PROFILE,), {}),
    (Study, "best_response_cycle"): ((PROFILE,), {}),
    (Study, "counting"): ((0.5,), {}),
    (Study, "deviations"): ((PROFILE,), {}),
    (Study, "finding"): ((PROFILE,), {}),
    (Study, "gas_deal"): ((PROFILE,), {}),
    (Study, "gas_price"): ((PROFILE,), {}),
    (Study, "margin_swings"): ((PROFILE,), {}),
    (Study, "nearest"): ((), {}),
    (Study, "reachable"): ((PROFILE,), {}),
    (Study, "replies"): ((1, PROFILE), {}),
    (Study, "solve"): ((), {}),
}

#: What no user asks: it is part of how files are read, or takes values of any kind.
NONE_OF_THE_USERS = {"by_code", "problems", "renamed", "retold"}

#: What is given to these obeys the rules of the parameter file and those of terms, which have words of their own, and
#: to which None is nothing given.
RULES_OF_A_FILE = {"with_parameter", "with_term"}


@cache
def owner(kind: type) -> Any:
    study = triangle.load("baseline")
    return {Cast: SHIPPED, Finding: study.finding(PROFILE), Model: study.model, Study: study}[kind]


def test_every_method_of_the_public_classes_has_a_sound_call():
    methods = {
        (kind, name)
        for kind in (Cast, Finding, Model, Study)
        for name, each in vars(kind).items()
        if isinstance(each, FunctionType) and not name.startswith("_")
    }
    assert {name for _, name in methods - METHODS.keys()} == NONE_OF_THE_USERS and METHODS.keys() <= methods
    for (kind, name), (args, options) in METHODS.items():
        getattr(owner(kind), name)(*args, **options)


@pytest.mark.parametrize(("kind", "name"), METHODS, ids=lambda part: getattr(part, "__name__", part))
def test_a_method_answers_a_value_of_a_wrong_kind_in_words(kind, name):
    (args, options), method = METHODS[kind, name], getattr(owner(kind), name)
    for at, (place, described) in enumerate(signature(method).parameters.items()):
        for words, value in VALUES:
            if admits(str(described.annotation), words) or (value is None and name in RULES_OF_A_FILE):
                continue
            with pytest.raises(TriangleError) as told:
                if at < len(args):
                    method(*args[:at], value, *args[at + 1 :], **options)
                else:
                    method(*args, **(options | {place: value}))
            words = (name,) if name in RULES_OF_A_FILE else ("found", "expected")
            assert all(word in str(told.value) for word in words), (place, value)


@pytest.mark.parametrize("profile", [(), (0, 1), (0, 1, 4), (0, -1, 1), (0, 1, 1, 0), (10**9, 0, 0)], ids=str)
def test_a_profile_that_is_none_of_the_game_is_answered_in_words(profile):
    for kind, name in METHODS:
        (args, options), method = METHODS[kind, name], getattr(owner(kind), name)
        if PROFILE in args:
            with pytest.raises(BadInput, match=r"profile: found .*; expected an action of each player .* CN from 0 to"):
                method(*(profile if each == PROFILE else each for each in args), **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SHIPPED.player("EU"), r"unknown player 'EU'\. Valid: CN, RU, US"),
        (lambda: SHIPPED.country("RUS"), r"unknown player 'RUS'; did you mean 'US'"),
        (lambda: SHIPPED.numbered({"US": "court_rusia"}), r"unknown action of US .* did you mean 'court_russia'"),
        (lambda: SHIPPED.action_text(3, 0), r"player: found 3; expected the number of a player: 0 for US, 1 for RU"),
        (lambda: SHIPPED.action_text(0, -1), r"action: found -1; expected the number of an action of US, from 0 to 3"),
        (lambda: SHIPPED.options(3, PROFILE), r"player: found 3; expected the number of a player: 0 for US, 1 for RU"),
        (lambda: SHIPPED.named_some({0: 4}), r"action: found 4; expected the number of an action of US, from 0 to 3"),
        (lambda: owner(Study).replies(-1, PROFILE), r"player: found -1; expected the number of a player"),
        (lambda: owner(Model).figures_behind("releif"), r"unknown parameter 'releif'; did you mean 'relief'"),
    ],
)
def test_a_player_or_an_action_that_there_is_not_is_answered_in_words(call, words):
    with pytest.raises(BadInput, match=words):
        call()


def test_a_profile_may_be_any_list_of_its_numbers():
    for profile in ([0, 1, 1], np.array([0, 1, 1]), tuple(np.array([0, 1, 1]))):
        assert SHIPPED.index(profile) == 5
        assert owner(Study).finding(profile) == owner(Study).finding(PROFILE)


def test_what_is_given_is_looked_at_though_something_else_is_missing():
    with pytest.raises(BadInput, match="subject: found None; expected a Study or a text or a path"):
        triangle.veto(None)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'player'"):
        triangle.veto("europe_chooses")


def test_a_sweep_that_goes_on_needs_the_folder_to_go_on_with():
    with pytest.raises(BadInput, match="resume: needs the folder"):
        triangle.sweep("baseline", samples=2, resume=True)
