"""What many tests would else compute again: the shipped model and scenarios, draws, courses, searches for flips.

All are pure functions of what they are given. The tests of the functions themselves call them directly, and a test that
computes the same twice to compare asks for ``computed_anew``; with large budgets everything is computed anew, and only
files are read once. What can be written down is kept in a folder of the run, so that the processes that run the tests
side by side share it; who asks for what another one is at computes nothing and waits.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from inspect import signature
from pathlib import Path
from typing import Any

from budgets import LARGE

import triangle.evidence.ledger as ledgers
import triangle.model.model as models
import triangle.scenarios.scenario as scenarios
from triangle.model.model import Model
from triangle.questions.flip.search import Search
from triangle.showing.material import Material
from triangle.study.study import Study

#: The variable of the environment that names the folder of the run.
FOLDER = "TRIANGLE_TESTS_SHARE"

#: Where what is computed again and again is called from, and its name there.
CALLED = (
    ("triangle.questions.answer.answer", "boxes"),
    ("triangle.questions.answer.answer", "_rests"),
    ("triangle.questions.answer.section", "variance_once"),
    ("triangle.questions.bid.answer", "bid"),
    ("triangle.questions.check.answer", "check"),
    ("triangle.questions.choose.answer", "choose"),
    ("triangle.questions.claims.answer", "claims"),
    ("triangle.questions.claims.section", "claims"),
    ("triangle.questions.contrast.answer", "contrast"),
    ("triangle.questions.decompose.answer", "decompose"),
    ("triangle.questions.discover.answer", "discover"),
    ("triangle.questions.flip.course", "course_flip"),
    ("triangle.questions.path.answer", "path_course"),
    ("triangle.questions.path.work", "digest_of_modules"),
    ("triangle.questions.sensitivity.answer", "variance_once"),
    ("triangle.questions.signal.answer", "signal"),
    ("triangle.questions.signal.gesture.answer", "gesture"),
    ("triangle.questions.solve.answer", "correlated"),
    ("triangle.questions.solve.answer", "logit_branch"),
    ("triangle.questions.tipping.answer", "tippings"),
    ("triangle.questions.tipping.boundary", "boundary_curves"),
    ("triangle.questions.veto.answer", "veto"),
    ("triangle.report.evidence", "code_digest"),
    ("triangle.report.game", "_terms_picture"),
    ("triangle.report.game", "trace"),
    ("triangle.report.map", "refined"),
    ("triangle.measures.years", "own_course"),
    ("triangle.showing.maps", "boxes"),
    ("triangle.showing.material", "boxes"),
    ("triangle.showing.material", "turning"),
    ("triangle.showing.statements", "inert_changes"),
    ("triangle.showing.statements", "overturned"),
    ("triangle.study.solution", "inert_changes"),
    ("triangle.sweeps.archive", "code_digest"),
)

#: Arguments that change nothing of an answer: who is told how far it is, who keeps it, who asks for it, and who helps.
IDLE = {"progress", "once", "variance", "workers"}

_kept: dict[object, Any] = {}
_digests: dict[int, tuple[Model, str | None]] = {}
_anew = [LARGE]
_seen = [0]
_sharing: list[Callable[..., Any]] = []  # all that is in place already


def install() -> None:
    """Let whoever asks for these by their module, as the commands do, share one computation.

    A function is shared once its caller is loaded, which takes long and is seldom needed.
    """
    if len(sys.modules) == _seen[0]:
        return
    _seen[0] = len(sys.modules)
    for home, name, share in (
        (models, "read_model", _read_once),
        (models, "read_ledger", _ledger_once),
        (scenarios, "_read", _scenario_once),
        *((Search, name, _once) for name in ("stop", "candidates")),
        *((sys.modules[home], name, _once) for home, name in CALLED if home in sys.modules),
    ):
        if hasattr(home, name) and getattr(home, name) not in _sharing:
            _sharing.append(share(getattr(home, name)))
            setattr(home, name, _sharing[-1])


@contextmanager
def anew() -> Iterator[None]:
    """Everything is computed anew meanwhile."""
    before, _anew[0] = _anew[0], True
    yield
    _anew[0] = before


def _read_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """The shipped model is frozen, its files do not change while tests run, and it is half of a short command."""
    kept: dict[str | None, Any] = {}

    @wraps(read)
    def reading(*args: Any, **options: Any) -> Any:
        asked = {name: value for name, value in options.items() if value is not None}
        if args or asked.keys() - {"form"}:
            return read(*args, **options)
        form = asked.get("form")
        if form not in kept:
            kept[form] = read(form=form)
            _shipped.append(kept[form])
        return kept[form]

    return reading


_shipped: list[Model] = []


def _ledger_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """The shipped evidence is two thirds of a model, also of one with parameters from elsewhere."""
    shipped = cache(read)

    @wraps(read)
    def reading(folder: Path) -> Any:
        return shipped(folder) if folder == ledgers.SHIPPED else read(folder)

    return reading


def _scenario_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """A shipped scenario of the shipped model, with all of its bases; a ledger of claims reads eighty."""
    kept: dict[tuple[Path, int], Any] = {}

    @wraps(read)
    def reading(path: Path, model: Model, chain: tuple[Path, ...]) -> Any:
        if path.parent != scenarios.SHIPPED or not any(model is one for one in _shipped):
            return read(path, model, chain)
        if (key := (path, id(model))) not in kept:
            kept[key] = read(path, model, chain)
        return kept[key]

    return reading


def _once(compute: Callable[..., Any]) -> Callable[..., Any]:
    """What a function of studies, models, paths and numbers answered when it was asked the same before."""

    known = signature(compute)

    @wraps(compute)
    def computing(*args: Any, **options: Any) -> Any:
        asked = known.bind(*args, **options)
        asked.apply_defaults()
        told = [(name, _told(value)) for name, value in asked.arguments.items() if name not in IDLE]
        if _anew[0] or any(text is None for _, text in told):
            return compute(*args, **options)
        key = hashlib.sha256(repr((compute.__module__, compute.__qualname__, told)).encode()).hexdigest()
        if key not in _kept:
            _kept[key] = _from_the_run(key, lambda: compute(*args, **options))
        found = _kept[key]
        return list(found) if isinstance(found, list) else found

    return computing


def once(name: str, compute: Callable[[], Any]) -> Any:
    """What all tests of a run have under a name, whichever process computes it; with large budgets it is not shared."""
    key = hashlib.sha256(name.encode()).hexdigest()
    if _anew[0]:
        return compute()
    if key not in _kept:
        _kept[key] = _from_the_run(key, compute)
    return _kept[key]


def _from_the_run(key: str, compute: Callable[[], Any]) -> Any:
    """What the folder of the run has, or what is computed now and left there for the others, who wait for it."""
    if FOLDER not in os.environ:
        return compute()
    file = Path(os.environ[FOLDER]) / key
    with held(key):
        if file.is_file():
            return pickle.loads(file.read_bytes())
        found = compute()
        try:
            content = pickle.dumps(found)
        except (pickle.PicklingError, TypeError, AttributeError):
            return found  # it holds what only this process has
        own = file.with_suffix(f".{os.getpid()}")
        own.write_bytes(content)
        own.replace(file)
        return found


@contextmanager
def held(name: str) -> Iterator[None]:
    """What is so called is for one process of the run at a time; for all, where the platform has no locks on files."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    digest = hashlib.sha256(name.encode()).hexdigest()
    with (Path(os.environ[FOLDER]) / f"{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _told(value: Any) -> str | None:
    """All that an argument is made of, in words; None where part of it has none, as a term of one test, or a file."""
    if isinstance(value, Search):
        box = [part.tobytes() for part in (value.box.origin, value.box.low, value.box.high, value.box.width)]
        own = (value.box.names, box, value.profiles, value.away, value.norm, value.starts, value.seed, value.trust)
        return _joined([_told(value.study), repr((type(value).__name__, own))])
    if isinstance(value, Study):
        said = repr((value.scenario, value.hold, value.cast))
        return _joined([_told(value.model), said])
    if isinstance(value, Material):
        own = (value.say.language, value.samples, value.seed, value.trust, value.texts, value.words, value.group)
        return _joined([_told(value.studies), repr((own, value.settings, value.holds))])
    if isinstance(value, Model):
        if id(value) not in _digests:
            _digests[id(value)] = value, _digest(value)  # the model too, or another would be given its place
        return _digests[id(value)][1]
    if isinstance(value, (tuple, list)) and any(isinstance(one, Study) for one in value):
        return _joined([_told(one) for one in value])
    text = repr(value)
    return None if " at 0x" in text or "PosixPath" in text or "WindowsPath" in text else text


def _digest(model: Model) -> str | None:
    """A model by its figures, its parameters and the names of its terms, which must be the package's own."""
    named = {name: f"{term.__module__}.{term.__qualname__}" for name, term in model.terms.items()}
    if any("<" in name or not name.startswith("triangle.") for name in named.values()):
        return None
    said = repr((model.ledger, model.catalogue, model.asked_form, named))
    alone = "" if model.alone is None else _digest(model.alone)
    return None if alone is None else hashlib.sha256((said + alone).encode()).hexdigest()


def _joined(told: list[str | None]) -> str | None:
    return None if None in told else repr(told)
