"""Sanctions by instrument: what each weighs, and who can lift it; a package of them is a part of the whole.

`relief` and `europe_joins` are shares that nobody decides on as such: what is lifted are payments, tankers, technology.
A package names them, and the shares follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import Record, entry, number, text, validate
from triangle.evidence.ledger import Ledger
from triangle.model.calibration import lineage
from triangle.model.parameters import formula_number
from triangle.players.cast import Cast

#: Where the instruments stand.
SHIPPED = Path(__file__).parent / "instruments.toml"


@dataclass(frozen=True, kw_only=True)
class Number(Record):
    """A number with what stands behind it, exactly one of figure, formula, parameter and judgement, and why."""

    figure: str | None = entry(text, None)
    formula: str | None = entry(text, None)
    parameter: str | None = entry(text, None)
    judged: float | None = entry(number, None)
    because: str = entry(text)

    @property
    def backing(self) -> str:
        """What stands behind it: figure, formula, parameter or judgement."""
        return next(kind for key, kind in _BACKINGS.items() if getattr(self, key) is not None)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures and parameters that it is made of."""
        if self.formula is not None:
            return lineage(self.formula)
        return tuple(name for name in (self.figure, self.parameter) if name is not None)

    def problems(self) -> Iterator[str]:
        """Exactly one backing."""
        found = [key for key in _BACKINGS if getattr(self, key) is not None]
        if len(found) != 1:
            yield f"found {' and '.join(found) or 'none'}; give exactly one of {', '.join(_BACKINGS)}"

    def at(self, ledger: Ledger, cast: Cast, values: Mapping[str, float]) -> float:
        """Its value; raises ValueError where what it names does not exist."""
        if self.judged is not None:
            return self.judged
        if self.formula is not None:
            return formula_number(self.formula, ledger, cast, values)
        if self.parameter is not None:
            if self.parameter not in values:
                raise ValueError(unknown("parameter", self.parameter, values))
            return float(values[self.parameter])
        if self.figure not in ledger.figures:
            raise ValueError(unknown("figure", str(self.figure), ledger.figures))
        return ledger[str(self.figure)].number


_BACKINGS = {"figure": "figure", "formula": "formula", "parameter": "parameter", "judged": "judgement"}


@dataclass(frozen=True, kw_only=True)
class Table(Record):
    """``[NAME]`` of the file: what an instrument is, what it costs Russia a year, which part Washington lifts alone."""

    meaning: str = entry(text)
    cost: Number = entry(Number)
    us: Number = entry(Number)


@dataclass(frozen=True)
class Instrument:
    """An instrument of the sanctions at a point of the parameters.

    Attributes
    ----------
    cost : float
        What it costs Russia, in billion dollars a year.
    share : float
        The same as a part of all instruments.
    us : float
        Which part of it Washington lifts alone; the rest is Europe's.
    """

    name: str
    meaning: str
    cost: float
    share: float
    us: float
    table: Table


@dataclass(frozen=True)
class Package:
    """What is lifted, as the parameters have it: `relief`, `us_sanction_share` of it, and `europe_joins`."""

    relief: float
    us_sanction_share: float
    europe_joins: float


def read_instruments(
    ledger: Ledger, cast: Cast, values: Mapping[str, float], path: Path = SHIPPED
) -> dict[str, Instrument]:
    """The instruments at these values of the parameters; raises BadInput with every fault of their file."""
    file, tables, faults = shown(path), {}, []
    if cast.newcomers:
        who = ", ".join(sorted(cast.newcomers))
        raise BadInput(Fault(file, "", f"is told of the shipped powers and knows nothing of {who}; set relief itself"))
    for name, content in read_toml(path).items():
        table, found = validate(Table, content, file, name)
        faults += found
        if table is not None:
            tables[name] = table
    numbers: dict[str, tuple[float, float]] = {}
    for name, table in tables.items():
        try:
            cost, us = table.cost.at(ledger, cast, values), table.us.at(ledger, cast, values)
        except ValueError as error:
            faults.append(Fault(file, name, str(error)))
            continue
        if cost < 0 or not 0 <= us <= 1:
            numbers_found = f"found a cost of {cost:g} and an American part of {us:g}"
            faults.append(Fault(file, name, f"{numbers_found}; expected at least 0, and 0 to 1"))
        numbers[name] = cost, us
    if faults:
        raise BadInput(faults)
    whole = sum(cost for cost, _ in numbers.values())
    return {n: Instrument(n, tables[n].meaning, cost, cost / whole, us, tables[n]) for n, (cost, us) in numbers.items()}


def package(instruments: Mapping[str, Instrument], lifted: Iterable[str], europe: Iterable[str] | float) -> Package:
    r"""What lifting some instruments comes to, of which Europe lifts its part of some, or a share of its part of all.

    .. math:: r = \sum_{k \in L} w_k, \quad \omega = \sum_{k \in L} w_k u_k / r, \quad
        e = \sum_{k \in L \cap E} w_k (1 - u_k) / \sum_{k \in L} w_k (1 - u_k)

    with :math:`w_k` the shares of the instruments and :math:`u_k` their American parts, so that the relief that can be
    counted on, :math:`r (\omega + (1-\omega) e)`, is the sum of what is in fact lifted.

    Raises
    ------
    ValueError
        With an unknown instrument, nothing that is lifted, or a European instrument that Washington does not lift.
    """
    lifted, joined = list(lifted), [] if isinstance(europe, float) else list(europe)
    for names in (lifted, joined):
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise ValueError(f"found {', '.join(twice)} more than once; name each instrument once")
    if missing := [name for name in dict.fromkeys((*lifted, *joined)) if name not in instruments]:
        raise ValueError("; ".join(unknown("instrument", name, instruments) for name in missing))
    if not lifted:
        raise ValueError("no instrument is lifted; name one at least, or set relief to 0")
    alone = [name for name in joined if name not in lifted]
    if alone:
        raise ValueError(
            f"Europe lifts {', '.join(alone)}, which relief does not name: what Washington keeps stays whole"
        )
    chosen = [instruments[name] for name in lifted]
    relief = sum(k.share for k in chosen)
    theirs = sum(k.share * (1 - k.us) for k in chosen)
    if not isinstance(europe, float):
        given = sum(k.share * (1 - k.us) for k in chosen if k.name in joined)
        europe = given / theirs if theirs else 0.0
    return Package(relief, 1 - theirs / relief, europe)
