"""The methods of ``solve`` beyond pure equilibria: how each is asked, read from a file again, shown and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault
from triangle.base.files import read_json, read_record
from triangle.players.axes import PLAYERS
from triangle.questions.solve import answer as questions
from triangle.questions.solve import record as records
from triangle.questions.solve import table as tables
from triangle.study.solution import PureSolution, check_played
from triangle.study.study import Study

#: The record of each method; ``order`` is that of an order of moves.
RECORDS: Mapping[str, type[records.Further]] = {
    "order": records.InOrder,
    "mixed": records.MixedSolution,
    "logit": records.MixedSolution,
    "correlated": records.Bounds,
    "selection": records.Selected,
    "repeated": records.KeptUp,
    "coalitions": records.Shared,
}


def ask(
    study: Study,
    method: str,
    *,
    order: Sequence[Sequence[int]] | None = None,
    lam: float = 0.1,
    normalised: bool = False,
    seed: int = 0,
) -> records.Further:
    """Ask a study by one of the methods of :data:`RECORDS`.

    Parameters
    ----------
    order : sequence of sequences of int
        Stages of play, for ``order``.
    lam, normalised : float, bool
        Rationality, for ``logit``.
    seed : int
        Seed of the starting points, for ``selection``.
    """
    if method == "mixed":
        return records.mixed_solution(study, questions.mixed(study))
    if method == "logit":
        return records.mixed_solution(study, questions.logit(study, lam, normalised))
    if method == "correlated":
        return records.bounds(study, questions.correlated(study))
    if method == "order":
        assert order is not None
        return records.in_order(study, questions.in_order(study, order))
    if method == "selection":
        return records.selected(study, questions.selection(study, seed))
    if method == "repeated":
        return records.kept_up(study, questions.repeated(study))
    return records.shared(study, questions.coalitions(study))


def read_solution(path: Path) -> PureSolution | records.Further:
    """An answer of ``solve`` from the file that ``--out`` wrote, whichever method it is of."""
    document = read_json(path)
    method = "order" if document.get("order") is not None else document.get("method")
    kind: type[PureSolution | records.Further] = RECORDS.get(str(method), PureSolution)
    return read_record(kind, path)


def check_solution(found: PureSolution | records.Further, study: Study, file: str) -> None:
    """Refuse a kept answer of another game than the study's; coalitions know nobody held."""
    check_played(found.played, questions.released(study) if isinstance(found, records.Shared) else study, file)


#: How an answer is shown as a table, and drawn; None where there is no picture of it.
Showing = tuple[Callable[[], Any], Callable[[], Any] | None]


def showing(study: Study, found: records.Further) -> Showing:
    """How an answer is shown of its study."""
    if isinstance(found, records.MixedSolution):
        draw = _logit_plot if found.played.method == "logit" else lambda *of: _plots().mixed_plot(*of)
        return lambda: tables.mixed(study, found), lambda: draw(study, found)
    if isinstance(found, records.Bounds):
        return lambda: tables.correlated(study, found), lambda: _plots().correlated_plot(study, found)
    if isinstance(found, records.InOrder):
        return lambda: tables.sequential(study, found), lambda: _plots().order_plot(study, found)
    if isinstance(found, records.Selected):
        return lambda: tables.selection(study, found), None
    if isinstance(found, records.KeptUp):
        return lambda: tables.repeated(study, found), None
    return lambda: tables.coalitions(study, found), None


def _plots() -> Any:
    from triangle.questions.solve import plot

    return plot


def _logit_plot(study: Study, found: records.MixedSolution) -> Any:
    lam = float(str(found.settings["lam"]))
    if len(study.hold) == len(PLAYERS) or lam == 0:
        raise BadInput(Fault("--plot", "", "the branch is a single point: nobody is free, or λ is zero"))
    return _plots().logit_plot(study, questions.logit_branch(study, lam), found)
