"""What decides whether a sweep may go on: digests of the model and of the code that turns parameters into answers.

The code is the modules named here, without their imports, comments and docstrings, so that moving a file or rewording
it changes nothing. :data:`VERSION` is raised where answers change for a reason that these modules do not show.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from triangle.base.records import to_document
from triangle.batch.takeover import Method
from triangle.model.additions import own_terms
from triangle.model.model import Model

#: Raised by hand; part of every digest.
VERSION = 1

#: From parameters to sets of pure equilibria, and what is kept of them.
PURE = (
    "games.normal_form",
    "games.bitboards",
    "players.cast",
    "players.thirds",
    "players.stances",
    "players.configurations",
    "players.profiles",
    "model.calibration",
    "model.mechanisms",
    "model.terms",
    "model.forms",
    "model.third_terms",
    "model.payoffs",
    "solvers.agreements",
    "batch.program",
    "batch.comparisons",
    "batch.bounds",
    "batch.regrouped",
    "batch.filter",
    "batch.compiled",
    "batch.tiles",
    "batch.equilibria",
    "sweeps.sobol",
    "sweeps.design",
    "sweeps.job",
    "sweeps.fields",
)

#: What else decides where equilibria in mixed actions, or of players who err, are looked for.
BEYOND = (
    "batch.takeover",
    "games.dominance",
    "games.mixed",
    "solvers.mixed.bernstein",
    "solvers.mixed.bilateral",
    "solvers.mixed.boxes",
    "solvers.mixed.closed_form",
    "solvers.mixed.enumeration",
    "solvers.mixed.indifference",
    "solvers.mixed.rescue",
    "solvers.mixed.support",
    "solvers.mixed.table",
    "solvers.logit.branch",
    "solvers.logit.equations",
    "solvers.logit.limit",
    "solvers.logit.proof",
    "solvers.logit.steps",
    "solvers.logit.walk",
)


def model_digest(model: Model) -> str:
    """Digest of who plays, evidence and parameters as they were read, the form of the payoffs, a user's own terms."""
    read = [*model.ledger.figures.values(), *model.catalogue, model.form.name, *own_terms(model.terms)]
    text = repr([to_document(model.cast), *read])
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code_digest(method: Method = "pure") -> str:
    """Digest of the code that turns parameters into answers by a method: a run never goes on under other terms."""
    digest = hashlib.sha256(f"{VERSION} {method}".encode())
    for name in PURE if method == "pure" else PURE + BEYOND:
        digest.update(_meant(name).encode())
    return digest.hexdigest()


@cache
def digest_of_modules(names: tuple[str, ...]) -> str:
    """Digest of what turns parameters into sets of equilibria, and of further modules."""
    return digest_of_text(code_digest() + "".join(map(_meant, names)))


def digest_of_text(text: str) -> str:
    """Digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _meant(name: str) -> str:
    """What a module of the package does; every method asks about most of them."""
    spec = find_spec(f"triangle.{name}")
    assert spec is not None and spec.origin is not None, name
    return _meaning(Path(spec.origin).read_text(encoding="utf-8"))


def _meaning(source: str) -> str:
    """What a module does, whatever it is called and however it is worded."""
    said: list[str] = []
    _say(ast.parse(source), said.append)
    return " ".join(said)


def _say(part: object, say: Callable[[str], None]) -> None:
    """All of a syntax tree but where it stands and what is silent, as `ast.dump` does in six times the time."""
    if isinstance(part, ast.AST):
        say(type(part).__name__)
        for name in part._fields:
            _say(getattr(part, name, None), say)
    elif isinstance(part, list):
        say("[")
        for one in part:
            if not _is_silent(one):
                _say(one, say)
        say("]")
    else:
        say(repr(part))


def _is_silent(line: object) -> bool:
    """Imports, texts that stand alone and what stands where nothing is done have no part in an answer."""
    if isinstance(line, ast.Expr):
        return isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)
    return isinstance(line, ast.Import | ast.ImportFrom | ast.Pass)
