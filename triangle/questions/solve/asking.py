"""The methods of ``solve`` beyond pure equilibria: how each is asked, read from a file again, shown and drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from triangle.base.files import read_json, read_record
from triangle.players.cast import Cast
from triangle.questions.solve import table as tables
from triangle.questions.solve.answer import released
from triangle.questions.solve.record import METHODS, Further, Shared, Words
from triangle.study.solution import PureSolution, check_played
from triangle.study.study import Study


def ask(study: Study, method: str, **words: Any) -> Further:
    """Ask a study by one of the :data:`~triangle.questions.solve.record.METHODS`, in the words of :class:`Words`."""
    return METHODS[method].ask(study, Words(**words))


def read_solution(path: Path, cast: Cast) -> PureSolution | Further:
    """An answer of ``solve`` from the file that ``--out`` wrote, whichever method it is of."""
    document = read_json(path)
    method = METHODS.get(_method(document.get("order"), document.get("method")))
    kind: type[PureSolution | Further] = PureSolution if method is None else method.record
    return read_record(kind, path, cast)


def _method(order: object, name: object) -> str:
    """The method of an answer; an order of moves is one of its own."""
    return "order" if order is not None else str(name)


def check_solution(found: PureSolution | Further, study: Study, file: str) -> None:
    """Refuse a kept answer of another game than the study's; coalitions know nobody held."""
    check_played(found.played, released(study) if isinstance(found, Shared) else study, file)


def showing(study: Study, found: Further) -> tuple[Callable[[], Any], Callable[[], Any] | None]:
    """How an answer is shown as a table of its study, and drawn; None where there is no picture of it."""
    method = METHODS[_method(found.played.order, found.played.method)]

    def draw() -> Any:
        from triangle.questions.solve import plot

        return getattr(plot, method.plot)(study, found)

    return lambda: getattr(tables, method.table)(study, found), draw if method.plot else None
