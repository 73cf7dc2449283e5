"""A scenario's parameters as a table, and the changes that somebody made to such a table.

One row a parameter. Four columns may be changed: `value`, `low`, `high`, and `because_of_change`, which says why; the
others describe. Faults are addressed by cell, as a spreadsheet shows it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triangle.base.errors import BadInput, Fault, capped, shorten, unknown
from triangle.base.records import LARGEST, text
from triangle.base.sheets.cells import Content, Formula, Sheet, found, number
from triangle.model.calibration import lineage
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.scenarios.scenario import Scenario

#: The columns in their order.
COLUMNS = (
    *("name", "symbol", "meaning", "unit", "role", "backing", "value", "low", "high", "hard_low", "hard_high"),
    *("because", "figures", "because_of_change", "scenario"),
)

#: The columns whose changes are taken over.
OPEN = ("value", "low", "high", "because_of_change")

#: The columns that hold numbers, which say what the sheet's decimal mark is.
_NUMBERS = ("value", "low", "high", "hard_low", "hard_high")

#: Numbers that differ by less, relatively, are the same: spreadsheets keep fifteen digits, and some fewer.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class SheetChange:
    """What a row changes: a value, a range or both, and why."""

    parameter: str
    value: float | None
    low: float | None
    high: float | None
    because: str


def row_of(p: Parameter, scenario: Scenario) -> dict[str, Content]:
    """A parameter in a scenario as a row of the table."""
    low, high = scenario.ranges[p.name]
    moves = [c for c in scenario.all_changes if c.parameter == p.name and c.value != c.base]
    by_hand = bool(moves) and moves[-1].scenario == "--set"
    # What was set by hand is a change of the sheet already; the row describes what it departs from.
    change = next((c for c in reversed(moves) if c.scenario != "--set"), None)
    figures: Sequence[str] = p.figures + p.anchors
    if change is not None:
        figures = (change.figure,) if change.figure else lineage(change.formula) if change.formula else ()
    return {
        "name": p.name,
        "symbol": p.symbol,
        "meaning": p.meaning,
        "unit": p.unit,
        "role": p.role,
        "backing": "scenario" if change else f"{p.backing}, {p.bridge} bridge" if p.bridge else p.backing,
        "value": scenario.values[p.name],
        "low": low,
        "high": high,
        "hard_low": p.hard_low if math.isfinite(p.hard_low) else None,
        "hard_high": p.hard_high if math.isfinite(p.hard_high) else None,
        "because": f"{change.scenario}: {change.because}" if change else p.because or p.chooses,
        "figures": ", ".join(figures),
        "because_of_change": "set by hand" if by_hand else "",
        "scenario": scenario.name,
    }


def table(scenario: Scenario, model: Model) -> list[list[Content]]:
    """The whole table: a row of headings, then one row a parameter."""
    rows: list[list[Content]] = [list(COLUMNS)]
    return rows + [list(row_of(p, scenario).values()) for p in model.joined_by(scenario.players).catalogue]


def base_of(sheet: Sheet) -> str:
    """The scenario that a sheet was exported from; raises BadInput where it does not say, or says several."""
    columns = _columns(sheet)
    if "scenario" not in columns:
        raise BadInput(Fault(sheet.file, "", "no column scenario, which says from what the sheet was exported"))
    place = columns["scenario"]
    named = {str(row[place]): at for at, row in _filled(sheet) if place < len(row) and row[place] not in (None, "")}
    if len(named) != 1:
        found = f"found {', '.join(map(shorten, list(named)[:3]))}" if named else "found nothing"
        row = min(named.values(), default=1)
        raise BadInput(Fault(sheet.file, sheet.address(row, place), f"{found}; expected one scenario for all rows"))
    return next(iter(named))


def read_changes(sheet: Sheet, scenario: Scenario, model: Model) -> list[SheetChange]:
    """What a sheet changes in the scenario it was exported from; raises BadInput with every fault found."""
    columns, model = _columns(sheet), model.joined_by(scenario.players)
    missing = [name for name in ("name", "value", "because_of_change") if name not in columns]
    if missing:
        raise BadInput(Fault(sheet.file, sheet.address(0, 0), f"no column {', '.join(missing)} in the first row"))
    mark = sheet.decimal_mark(columns[name] for name in _NUMBERS if name in columns)
    faults: list[Fault] = []
    changes: list[SheetChange] = []
    seen: dict[str, str] = {}
    for place, cells in _filled(sheet):
        held = {name: cells[at] if at < len(cells) else None for name, at in columns.items()}
        row = _Row(sheet, place, held, columns, mark)
        change = row.change(scenario, model, seen)
        faults += row.faults
        if change is not None and not row.faults:
            changes.append(change)
    if faults:
        raise BadInput(capped(faults, sheet.file))
    if not changes:
        raise BadInput(Fault(sheet.file, "", f"nothing is changed; every number is that of {scenario.name}"))
    return changes


def _columns(sheet: Sheet) -> dict[str, int]:
    """The place of each column by its heading."""
    head = [str(content or "").strip() for content in (sheet.rows[0] if sheet.rows else ())]
    faults = []
    columns: dict[str, int] = {}
    for place, name in enumerate(head):
        if name in columns:
            faults.append(Fault(sheet.file, sheet.address(0, place), f"a second column {name}"))
        elif name in COLUMNS:
            columns[name] = place
        elif name:
            faults.append(Fault(sheet.file, sheet.address(0, place), unknown("column", name, COLUMNS)))
    if faults:
        raise BadInput(capped(faults, sheet.file))
    if "name" not in columns:
        raise BadInput(Fault(sheet.file, sheet.address(0, 0), "expected a first row of headings with a column name"))
    return columns


def _filled(sheet: Sheet) -> Iterator[tuple[int, Sequence[object]]]:
    """Rows below the headings that hold something, with their number from 0."""
    for place, row in enumerate(sheet.rows[1:], 1):
        if any(content not in (None, "") for content in row):
            yield place, row


class _Row:
    """One row on its way to becoming a change; what is wrong with it is collected."""

    def __init__(self, sheet: Sheet, place: int, cells: Mapping[str, object], columns: Mapping[str, int], mark: str):
        self.sheet, self.place, self.cells, self.columns, self.mark = sheet, place, cells, columns, mark
        self.faults: list[Fault] = []

    def fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.sheet.file, self.address(column), message))

    def address(self, column: str) -> str:
        return self.sheet.address(self.place, self.columns[column])

    def change(self, scenario: Scenario, model: Model, seen: dict[str, str]) -> SheetChange | None:
        """What the row changes, if anything."""
        for column, content in self.cells.items():
            if isinstance(content, Formula):
                self.fault(
                    column, f"found the formula {shorten(str(content))}; formulas are not evaluated, put a value"
                )
        name = str(self.cells["name"] or "").strip()
        if name not in model.catalogue.parameters:
            self.fault("name", model.catalogue.unknown(name) if name else "empty")
        elif name in seen:
            self.fault("name", f"{name} stands in {seen[name]} already")
        if self.faults:
            return None
        seen[name] = self.address("name")
        p, known = model.catalogue[name], row_of(model.catalogue[name], scenario)
        self._unchanged(known)
        numbers = {key: self._number(key, p, known) for key in ("value", "low", "high") if key in self.columns}
        if self.faults:
            return None
        moved = {key: value for key, value in numbers.items() if not _same(value, known[key])}
        return self._judged(p, scenario, moved, numbers)

    def _unchanged(self, known: Mapping[str, Content]) -> None:
        """Cells that only describe must stay what they are, or a change would be lost without a word."""
        for column, content in self.cells.items():
            if column in OPEN or _same(content, known[column]):
                continue
            if isinstance(content, str) and _same(number(content, self.mark), known[column]):
                continue  # a file without types
            self.fault(
                column,
                f"found {shorten(content)} in place of {shorten(known[column])}; only {', '.join(OPEN)} are taken over",
            )

    def _number(self, column: str, p: Parameter, known: Mapping[str, Content]) -> float:
        content = self.cells[column]
        value = number(content, self.mark)
        if math.isnan(value):
            expected = f"expected a number for {p.name}, {p.hard_text} ({p.unit})"
            self.fault(column, f"{found(content, self.mark)}; {expected}")
        elif not (p.admits(value) and abs(value) <= LARGEST) and not _same(value, known[column]):
            self.fault(column, f"found {value:g}; {p.name} must be {p.hard_text} ({p.unit})")
        return value

    def _judged(
        self, p: Parameter, scenario: Scenario, moved: Mapping[str, float], numbers: Mapping[str, float]
    ) -> SheetChange | None:
        """The change with its reason, where the numbers go together."""
        because = str(self.cells["because_of_change"] or "").strip()
        if not moved:
            if because:
                self.fault("because_of_change", f"says why, but {p.name} has the numbers of {scenario.name} still")
            return None
        if not because:
            was = ", ".join(f"{key} {_before(p, scenario, key):g} → {to:g}" for key, to in moved.items())
            self.fault("because_of_change", f"missing; {p.name} was changed ({was}), and every change says why")
        else:
            try:
                text(because)
            except ValueError as error:
                self.fault("because_of_change", str(error))
        value = numbers["value"]
        if moved.keys() == {"value"}:
            return SheetChange(p.name, value, None, None, because)  # outside its range it widens the range
        low = numbers.get("low", scenario.ranges[p.name][0])
        high = numbers.get("high", scenario.ranges[p.name][1])
        if not low <= value <= high:
            self.fault("value", f"the value {value:g} lies outside low {low:g} to high {high:g}")
        return SheetChange(p.name, value if "value" in moved else None, low, high, because)


def _before(p: Parameter, scenario: Scenario, column: str) -> float:
    low, high = scenario.ranges[p.name]
    return {"value": scenario.values[p.name], "low": low, "high": high}[column]


def _same(content: object, known: Content) -> bool:
    """Whether a cell holds what was exported, up to a spreadsheet's rounding."""
    if isinstance(content, int | float) and isinstance(known, int | float) and not isinstance(content, bool):
        return math.isclose(content, known, rel_tol=_ROUNDING)
    return ("" if content is None else str(content).strip()) == ("" if known is None else str(known).strip())


def scenario_text(
    changes: Sequence[SheetChange],
    base: Scenario,
    author: str,
    date: datetime.date,
    title: str,
    question: str,
    file: str,
) -> str:
    """The text of a scenario file that makes these changes."""
    lines = [
        f"title = {_quoted(title or f'{base.title}, changed')}",
        f"question = {_quoted(question or base.question)}",
        f"author = {_quoted(author)}",
        f"date = {date.isoformat()}",
        f"base = {_quoted(base.name)}",
        f"narrative = {_quoted(f'Departs from {base.name} by what was changed in the sheet {file}.')}",
    ]
    for change in changes:
        lines += ["", f"[changes.{change.parameter}]"]
        numbers = (("value", change.value), ("low", change.low), ("high", change.high))
        lines += [f"{key} = {value!r}" for key, value in numbers if value is not None]
        lines.append(f"because = {_quoted(change.because)}")
    return "\n".join(lines) + "\n"


def _quoted(content: str) -> str:
    """A text as TOML writes it."""
    import json

    return json.dumps(content, ensure_ascii=False).replace("\x7f", "\\u007f")
