"""The parameters of the model: what stands behind each, and their values at a point or over a batch.

A parameter is named ``quantity``, ``quantity_holder`` or ``quantity_holder_other`` with players in lower case:
``stake_ru_cn`` is what Russia has at stake in its dispute with China. The terms read it as ``v["stake", RU, CN]``;
a quantity of the pair itself, such as ``trade_ru_cn``, is read under either order, and one that only one player
can hold, such as ``alliance_value``, is named without its holder.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import MAX_FAULTS, BadInput, Fault, UnknownName, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import Record, choice, entry, free_text, names, number, number_or_text, text, validate
from triangle.base.shown import Shown
from triangle.evidence.figure import known_unit
from triangle.evidence.ledger import Ledger
from triangle.model.calibration import FORMULAS, lineage
from triangle.model.inheritance import completed
from triangle.model.names import names_by_key, taken_apart
from triangle.players.axes import PLAYERS

#: Where the shipped parameters stand.
SHIPPED = Path(__file__).parent / "parameters.toml"

Backing = Literal["figure", "formula", "judgement"]
Role = Literal["fact", "uncertainty", "lever"]
Prior = Literal["uniform", "loguniform", "triangular"]


def _spread(value: object) -> float:
    """A spread to both sides."""
    if number(value) < 0:
        raise ValueError(f"found {value}; expected a number of at least 0")
    return number(value)


@dataclass(frozen=True, kw_only=True)
class _Entry(Record):
    """A table of the parameter file as it is written; see :class:`Parameter` for what it becomes."""

    symbol: str = entry(text)
    meaning: str = entry(text)
    unit: str = entry(known_unit)
    role: Role = entry(choice(*get_args(Role)))
    figure: str | None = entry(text, None)
    formula: str | None = entry(text, None)
    judged: float | None = entry(number, None)
    because: str = entry(free_text, "")
    chooses: str = entry(free_text, "")
    anchors: tuple[str, ...] = entry(names, ())
    low: float | str | None = entry(number_or_text, None)
    high: float | str | None = entry(number_or_text, None)
    spread: float | None = entry(_spread, None)
    hard_low: float | None = entry(number, None)
    hard_high: float | None = entry(number, None)
    prior: Prior = entry(choice(*get_args(Prior)), "uniform")
    prior_because: str = entry(free_text, "")

    def problems(self) -> Iterator[str]:
        """Exactly one backing, a reason where one is due, one way of saying the range."""
        given = [name for name in ("figure", "formula", "judged") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            yield f"found {found}; exactly one of figure, formula and judged must stand behind a parameter"
        if self.judged is not None and not self.because.strip():
            yield "a judgement needs its because"
        if (self.spread is None) == (self.low is None and self.high is None):
            yield "give either low and high, or spread"
        if self.spread is None and (self.low is None or self.high is None):
            yield "low and high must both be given"
        if (self.prior != "uniform") != bool(self.prior_because):
            yield "a prior other than uniform, and only that, needs its prior_because"


@dataclass(frozen=True)
class Parameter(Shown):
    """A symbol of the model with its default, its ranges and exactly one backing.

    Attributes
    ----------
    backing : str
        ``figure``, ``formula`` or ``judgement``.
    figures : tuple of str
        Figures that the default is made of (empty for a judgement).
    anchors : tuple of str
        Figures that a judgement leans on without being computed from them.
    ends : tuple of str
        Figures that the low or high end of the range is taken or computed from.
    low, high : float
        Prior range of sweeps.
    hard_low, hard_high : float
        What the formulas allow; infinite where there is no bound.
    """

    name: str
    symbol: str
    meaning: str
    unit: str
    role: Role
    backing: Backing
    formula: str | None
    figures: tuple[str, ...]
    anchors: tuple[str, ...]
    ends: tuple[str, ...]
    because: str
    chooses: str
    default: float
    low: float
    high: float
    hard_low: float
    hard_high: float
    prior: Prior

    def admits(self, value: float) -> bool:
        """Whether a value lies within the hard bounds."""
        return self.hard_low <= value <= self.hard_high

    @property
    def hard_text(self) -> str:
        """The hard bounds in words."""
        infinite = float("inf")
        if self.hard_low == -infinite and self.hard_high == infinite:
            return "any finite number"
        if self.hard_high == infinite:
            return f"at least {self.hard_low:g}"
        if self.hard_low == -infinite:
            return f"at most {self.hard_high:g}"
        return f"between {self.hard_low:g} and {self.hard_high:g}"

    @property
    def key(self) -> tuple[str, ...]:
        """The name taken apart: quantity, then the players that it names, upper case."""
        return taken_apart(self.name)


@dataclass(frozen=True)
class Catalogue:
    """All parameters by name, in the order of the file; reading an unknown one suggests the nearest."""

    parameters: Mapping[str, Parameter]
    file: str

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise UnknownName("parameter", name, self.parameters)
        return self.parameters[name]

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters.values())

    def __len__(self) -> int:
        return len(self.parameters)

    def defaults(self) -> dict[str, float]:
        """Every parameter's default by name."""
        return {parameter.name: parameter.default for parameter in self}


class Values:
    """Numbers for all parameters: each a scalar, or an array over a batch of samples.

    Parameters
    ----------
    numbers : mapping of str to array
        A value for each parameter name; all must broadcast to one shape, that of the batch.

    Examples
    --------
    >>> v = Values({"gdp_ru": 2000.0, "stake_ru_cn": [5.0, 10.0]})
    >>> v.samples
    (2,)
    >>> v.dollars("stake", 1, 2)
    array([100., 200.])
    """

    def __init__(self, numbers: Mapping[str, ArrayLike]):
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in numbers.items()}
        self.samples: tuple[int, ...] = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        self.numbers: Mapping[str, NDArray[np.float64]] = MappingProxyType(arrays)
        self._names = names_by_key(arrays)
        self._asked: dict[tuple[Any, ...], str] = {}
        self._read: set[str] | None = None

    def _name(self, key: tuple[Any, ...]) -> str:
        """The name of a parameter that is asked for by quantity and players; kept, since terms ask again and again."""
        parts = (key[0], *(PLAYERS[i] for i in key[1:]))
        name = self._names.get(parts) or self._names.get(parts[:1]) or "_".join(parts).lower()
        self._asked[key] = name
        return name

    def __getitem__(self, key: str | tuple[Any, ...]) -> NDArray[np.float64]:
        if isinstance(key, tuple):
            key = self._asked.get(key) or self._name(key)
        if self._read is not None:
            self._read.add(key)
        if key not in self.numbers:
            raise BadInput(Fault("parameters", key, "missing; a payoff term reads this parameter"))
        return self.numbers[key]

    def named(self, keys: Iterable[tuple[Any, ...]]) -> list[str]:
        """The names of parameters that are asked for by quantity and players."""
        return [self._asked.get(key) or self._name(key) for key in keys]

    def dollars(self, quantity: str, *players: int) -> NDArray[np.float64]:
        """A quantity given in per cent of its holder's GDP, in billion dollars a year."""
        return self[(quantity, *players)] * (self["gdp", players[0]] / 100.0)

    def of_samples(self, numbers: Mapping[str, NDArray[np.float64]], samples: tuple[int, ...]) -> "Values":
        """The same parameters with other numbers, which must broadcast to `samples`; names are not looked at again."""
        copy = object.__new__(Values)
        copy.__dict__.update(self.__dict__)
        copy.numbers, copy.samples = MappingProxyType(dict(numbers)), samples
        return copy

    def recording(self) -> tuple["Values", set[str]]:
        """A copy that notes in the returned set which parameters are read."""
        copy = object.__new__(Values)
        copy.__dict__.update(self.__dict__)
        copy._read = set()
        return copy, copy._read


def read_catalogue(ledger: Ledger, path: Path = SHIPPED) -> Catalogue:
    """The parameters of a file; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    catalogue, faults = inspect_catalogue(ledger, path)
    if faults:
        raise BadInput(faults)
    return catalogue


def inspect_catalogue(ledger: Ledger, path: Path = SHIPPED) -> tuple[Catalogue, list[Fault]]:
    """The parameters of a file that are sound, and all faults of the rest."""
    faults: list[Fault] = []
    parameters: dict[str, Parameter] = {}
    try:
        tables = read_toml(path)
    except BadInput as error:
        return Catalogue(MappingProxyType({}), shown(path)), list(error.faults)
    if path != SHIPPED:
        tables, faults = completed(tables, read_toml(SHIPPED), shown(path))
    for name, table in tables.items():
        if len(faults) > MAX_FAULTS:
            faults.append(Fault(shown(path), "", f"over {MAX_FAULTS:,} faults; the rest of this file is not checked"))
            break
        parameter, found = made_parameter(name, table, ledger, shown(path))
        if parameter:
            parameters[name] = parameter
        faults.extend(found)
    return Catalogue(MappingProxyType(parameters), shown(path)), faults


def made_parameter(name: str, table: object, ledger: Ledger, file: str) -> tuple[Parameter | None, list[Fault]]:
    """The parameter that a table of the parameter file describes, or None and all that is wrong with it."""
    entry, faults = validate(_Entry, table, file, name)
    if entry is None:
        return None, faults
    parameter, faults = _resolve(name, entry, ledger, file)
    return (None, faults) if faults else (parameter, [])


def formula_number(formula: str, ledger: Ledger) -> float:
    """The value of a formula over the ledger's figures; raises ValueError where one of the two does not exist."""
    if formula not in FORMULAS:
        raise ValueError(unknown("formula", formula, FORMULAS))
    missing = [figure for figure in lineage(formula) if figure not in ledger.figures]
    if missing:
        raise ValueError(f"formula {formula} needs the figure {missing[0]}, which is not in the evidence")
    try:
        return FORMULAS[formula](*(ledger[figure].number for figure in lineage(formula)))
    except ArithmeticError as error:
        raise ValueError(f"formula {formula} has no value at these figures: {error}") from None


@dataclass
class _Lookup:
    """Numbers behind one parameter's references; what cannot be looked up becomes a fault and NaN."""

    name: str
    unit: str
    ledger: Ledger
    file: str
    faults: list[Fault]

    def number(self, key: str, reference: float | str | None) -> float:
        """The number itself, or that of the figure or formula of this name."""
        if not isinstance(reference, str):
            return float("nan") if reference is None else float(reference)
        if key != "figure" and reference in FORMULAS:
            return self._formula(key, reference)
        if key != "formula" and reference in self.ledger.figures:
            return self._figure(key, reference)
        figures = [] if key == "formula" else list(self.ledger.figures)
        formulas = [] if key == "figure" else list(FORMULAS)
        kind = key if key in ("figure", "formula") else "figure or formula"
        return self._fault(key, unknown(kind, reference, figures + formulas))

    def _figure(self, key: str, figure: str) -> float:
        found = self.ledger[figure]
        if found.unit != self.unit:
            return self._fault(key, f"{figure} is in {found.unit}, the parameter in {self.unit}")
        return found.number

    def _formula(self, key: str, formula: str) -> float:
        try:
            return formula_number(formula, self.ledger)
        except ValueError as error:
            return self._fault(key, str(error))

    def _fault(self, key: str, message: str) -> float:
        self.faults.append(Fault(self.file, f"{self.name}.{key}", message))
        return float("nan")


def _resolve(name: str, entry: _Entry, ledger: Ledger, file: str) -> tuple[Parameter, list[Fault]]:
    """A parameter with its references looked up, and what is wrong with it."""
    lookup = _Lookup(name, entry.unit, ledger, file, [])
    figures: tuple[str, ...] = ()
    if entry.figure is not None:
        backing: Backing = "figure"
        default, figures = lookup.number("figure", entry.figure), (entry.figure,)
    elif entry.formula is not None:
        backing = "formula"
        default = lookup.number("formula", entry.formula)
        figures = lineage(entry.formula) if entry.formula in FORMULAS else ()
    else:
        backing = "judgement"
        default = lookup.number("judged", entry.judged)
    if entry.spread is not None:
        low, high = default * (1 - entry.spread), default * (1 + entry.spread)
    else:
        low, high = lookup.number("low", entry.low), lookup.number("high", entry.high)
    parameter = Parameter(
        name=name,
        backing=backing,
        figures=figures,
        ends=_ends(entry),
        default=default,
        low=low,
        high=high,
        hard_low=float("-inf") if entry.hard_low is None else entry.hard_low,
        hard_high=float("inf") if entry.hard_high is None else entry.hard_high,
        **{field: getattr(entry, field) for field in _CARRIED},
    )
    return parameter, lookup.faults or list(_sense_faults(parameter, ledger, file))


def _ends(entry: _Entry) -> tuple[str, ...]:
    """The figures that the ends of a range are taken or computed from, once each."""
    named = [end for end in (entry.low, entry.high) if isinstance(end, str)]
    return tuple(dict.fromkeys(figure for end in named for figure in (lineage(end) if end in FORMULAS else (end,))))


#: Fields that a parameter takes over from its table unchanged.
_CARRIED = ("symbol", "meaning", "unit", "role", "formula", "anchors", "because", "chooses", "prior")


def _sense_faults(p: Parameter, ledger: Ledger, file: str) -> Iterator[Fault]:
    """Ranges in order, anchors that exist, conflicts decided with a reason."""
    if not all(map(math.isfinite, (p.low, p.default, p.high))):
        yield Fault(file, p.name, f"low {p.low:g}, default {p.default:g} and high {p.high:g} must be finite numbers")
    elif not p.low <= p.default <= p.high:
        yield Fault(file, p.name, f"the default {p.default:g} lies outside low {p.low:g} to high {p.high:g}")
    if not (p.hard_low <= p.low and p.high <= p.hard_high):
        yield Fault(file, p.name, f"low {p.low:g} to high {p.high:g} leaves the hard bounds ({p.hard_text})")
    if p.prior == "loguniform" and p.low <= 0:
        yield Fault(file, f"{p.name}.prior", f"loguniform needs low > 0, found {p.low:g}")
    for anchor in p.anchors:
        if anchor not in ledger.figures:
            yield Fault(file, f"{p.name}.anchors", unknown("figure", anchor, ledger.figures))
    if p.backing == "figure":
        figure = ledger[p.figures[0]]
        if (figure.conflicts_with or figure.rivals) and not p.chooses:
            against = ", ".join(figure.conflicts_with + figure.rivals)
            yield Fault(
                file, f"{p.name}.chooses", f"missing; {figure.id} stands against {against}: say why it is taken"
            )
