"""Parameters and payoff terms of a user's own, written as documents so that they can be changed like files.

A term is a tree of operations on the values and stances that a term is given; whatever a stranger's function may do
wrong comes of changing it: it divides by zero, reads what is not there, pays nobody, or raises.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from triangle.base.errors import BadInput
from triangle.model.additions import with_parameter
from triangle.model.model import Model, read_model
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study

JUDGED = {
    "name": "sovereignty_cost_ru",
    "symbol": "V_RU",
    "meaning": "What Russia gives up of its own say",
    "unit": "% of GDP",
    "role": "uncertainty",
    "judged": 0.5,
    "low": 0.1,
    "high": 1.5,
    "hard_low": 0.0,
    "because": "half of what the junior partner's price is judged to be",
}
SPREAD = {key: value for key, value in JUDGED.items() if key not in ("low", "high")} | {
    "spread": 0.2,
    "prior": "triangular",
    "prior_because": "the middle is likelier",
}

DOCSTRING = (
    "The say given up: x.\n\n**Who loses**: Russia. **From what**: a link. **Mechanism**: ports are opened. "
    "**Left out**: time. **Literature**: Morrow (1991)."
)
TERMS = [
    {"name": "own", "doc": DOCSTRING, "pays": {"1": ["*", ["value", "relief"], ["link", 1, 2]]}},
    {
        "name": "two",
        "doc": DOCSTRING,
        "weight": "relief",
        "pays": {
            "0": ["*", ["value", "relief"], ["where", ["stance", 0, 1], 2.5, ["-", 1.0, ["link", 0, 2]]]],
            "2": ["*", ["value", "relief"], ["/", ["value", "gdp_ru"], ["value", "gdp_cn"]]],
        },
    },
]

OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "where": lambda a, b, c: np.where(a > 0, b, c),
}


@cache
def model() -> Model:
    """The shipped model, read once."""
    return read_model()


def sounds(*documents: dict[str, Any]) -> list[bytes]:
    """Documents as contents of files."""
    return [json.dumps(document).encode() for document in documents]


def _fields(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadInput("no document") from error
    if not isinstance(read, dict):
        raise BadInput("no keywords")
    return read


def own_parameter(path: Path) -> Any:
    """The parameter that a document makes, as Python's keywords would."""
    table = _fields(path)
    name = table.pop("name", None)
    catalogue = with_parameter(model().catalogue, model().ledger, name, table)
    return catalogue[name]


def parameter_said(content: bytes, read: Any) -> Iterator[str]:
    """Numbers of the document that the parameter does not have."""
    known = {value for value in dataclasses.astuple(read) if isinstance(value, int | float)}
    for key, value in json.loads(content).items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and value not in known and key != "spread":
            yield f"{key} = {value!r} was passed over"


def own_term(path: Path) -> Any:
    """The baseline solved with the term of a document."""
    table = _fields(path)

    def term(s: Any, v: Any) -> Any:
        return {int(player): _worth(tree, s, v) for player, tree in table["pays"].items()}

    term.__doc__ = table.get("doc") if isinstance(table.get("doc"), str) else None
    own = model().with_term(term, table.get("name"), weight=table.get("weight"))
    return Study(own, read_scenario("baseline", own), {}).solve()


def _worth(tree: Any, s: Any, v: Any) -> Any:
    if not isinstance(tree, list):
        return tree
    kind, *rest = tree
    if kind == "value":
        return v[rest[0]]
    if kind == "stance":
        return s[rest[0], rest[1]]
    if kind == "link":
        return s.link(rest[0], rest[1])
    return OPERATIONS[kind](*(_worth(part, s, v) for part in rest))
