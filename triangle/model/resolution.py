"""From the tables of a parameter file to parameters: references looked up, ranges inherited, formulas worked out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from triangle.base.errors import Fault, unknown
from triangle.evidence.ledger import Ledger
from triangle.model.backing import GIVEN_BY, INTERVAL, Entry, middle, spans_factors
from triangle.model.calibration import FORMULAS, lineage
from triangle.model.parameter import Parameter
from triangle.players.cast import Cast


def formula_number(
    formula: str, ledger: Ledger, cast: Cast, values: Mapping[str, float] = MappingProxyType({})
) -> float:
    """The value of a formula over figures and parameters; raises ValueError where one of these does not exist."""
    if formula not in FORMULAS:
        raise ValueError(unknown("formula", formula, FORMULAS))
    return float(_worked_out(formula, [_argument(formula, name, ledger, cast, values) for name in lineage(formula)]))


def _argument(formula: str, name: str, ledger: Ledger, cast: Cast, values: Mapping[str, float]) -> float:
    """The number of a figure or a parameter that a formula reads."""
    if name in ledger.figures:
        return ledger[name].number
    if cast.renamed(name) in values:
        return values[cast.renamed(name)]
    raise ValueError(f"formula {formula} needs {name}, which is neither in the evidence nor a parameter")


def _worked_out(formula: str, arguments: Sequence[float]) -> float:
    try:
        return FORMULAS[formula](*arguments)
    except ArithmeticError as error:
        raise ValueError(f"formula {formula} has no value at these figures: {error}") from None


def resolved(
    entries: Mapping[str, Entry], ledger: Ledger, file: str, known: dict[str, Parameter], cast: Cast
) -> tuple[dict[str, Parameter], list[Fault]]:
    """The parameters of entries, those that formulas read before those that are computed from them."""
    made, faults = dict(known), []
    waiting: list[str] = []

    def resolve(name: str) -> None:
        if name in made or name not in entries or name in failed:
            return
        if name in waiting:
            round_ = " → ".join((*waiting[waiting.index(name) :], name))
            faults.append(Fault(file, name, f"is computed from itself: {round_}"))
            failed.add(name)
            return
        waiting.append(name)
        for other in _read_by(entries[name], cast):
            resolve(other)
        waiting.pop()
        if failed & {
            name,
            *_read_by(entries[name], cast),
        }:  # what is computed from a faulty one has no fault of its own
            failed.add(name)
            return
        parameter, found = _resolve(name, entries[name], ledger, file, made, cast)
        if found:
            failed.add(name)
            faults.extend(found)
        else:
            made[name] = parameter

    failed: set[str] = set()
    for name in entries:
        resolve(name)
    return made, faults


def _references(entry: Entry) -> list[str]:
    """Every figure and formula that stands in a table, as default, end or bound."""
    given = (entry.figure, entry.formula, entry.estimate, *(entry.bounded or ()), entry.low, entry.high)
    return [reference for reference in given if isinstance(reference, str) and reference != INTERVAL]


def _read_by(entry: Entry, cast: Cast) -> list[str]:
    """What the formulas of a table read that may be a parameter."""
    return [cast.renamed(name) for f in _references(entry) if f in FORMULAS for name in lineage(f)]


def drawn_twice(parameters: Mapping[str, Parameter], ledger: Ledger, file: str) -> Iterator[Fault]:
    """Figures with an interval that two parameters are made of, which would be drawn apart although they are one."""
    users: dict[str, list[str]] = {}
    for p in parameters.values():
        for figure in p.figures:
            if ledger[figure].interval is not None and p.low < p.high:
                users.setdefault(figure, []).append(p.name)
    for figure, names_ in users.items():
        for name in names_[1:]:
            yield Fault(
                file,
                name,
                f"{figure} is uncertain and {names_[0]} rests on it too: it would be drawn twice. Enter it as an "
                "auxiliary parameter that the formulas of both read",
            )


@dataclass
class _Lookup:
    """Numbers behind one parameter's references; what cannot be looked up becomes a fault and NaN."""

    name: str
    unit: str
    ledger: Ledger
    file: str
    values: Mapping[str, float]
    cast: Cast
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

    def span(self, reference: str) -> tuple[float, float]:
        """The ends that the figures' own intervals give: the figure's, or the formula's least and largest at them."""
        names_ = lineage(reference) if reference in FORMULAS else (reference,)
        uncertain = [name for name in names_ if name in self.ledger.figures and self.ledger[name].interval]
        if not 0 < len(uncertain) <= _MOST_INTERVALS:
            message = f"needs 1 to {_MOST_INTERVALS} figures with an interval behind it, found {len(uncertain)}"
            return (self._fault("low", f"{message}; give low and high, or spread"),) * 2
        if reference not in FORMULAS:
            return self.ledger[reference].interval or (math.nan, math.nan)
        found = [self._at(reference, dict(zip(uncertain, ends, strict=True))) for ends in self._corners(uncertain)]
        return min(found), max(found)

    def _corners(self, uncertain: Sequence[str]) -> Iterator[tuple[float, ...]]:
        return product(*(self.ledger[name].interval or () for name in uncertain))

    def _at(self, formula: str, ends: Mapping[str, float]) -> float:
        try:
            known = (self.ledger, self.cast, self.values)
            read = (ends[n] if n in ends else _argument(formula, n, *known) for n in lineage(formula))
            return float(_worked_out(formula, list(read)))
        except ValueError as error:
            return self._fault("low", str(error))

    def _figure(self, key: str, figure: str) -> float:
        found = self.ledger[figure]
        if found.unit != self.unit:
            return self._fault(key, f"{figure} is in {found.unit}, the parameter in {self.unit}")
        return found.number

    def _formula(self, key: str, formula: str) -> float:
        try:
            return formula_number(formula, self.ledger, self.cast, self.values)
        except ValueError as error:
            return self._fault(key, str(error))

    def _fault(self, key: str, message: str) -> float:
        self.faults.append(Fault(self.file, f"{self.name}.{key}", message))
        return float("nan")


#: Most figures whose intervals are combined to the range of one formula: all their ends are tried.
_MOST_INTERVALS = 6


def _resolve(
    name: str, entry: Entry, ledger: Ledger, file: str, made: Mapping[str, Parameter], cast: Cast
) -> tuple[Parameter, list[Fault]]:
    """A parameter with its references looked up, and what is wrong with it."""
    lookup = _Lookup(name, entry.unit, ledger, file, {p.name: p.default for p in made.values()}, cast, [])
    key = entry.backings[0]
    reference = getattr(entry, key)
    prior = entry.prior
    if entry.bounded is not None:
        low, high = (lookup.number("bounded", end) for end in entry.bounded)
        default = middle(low, high)
        prior = "loguniform" if spans_factors(low, high) else "uniform"
    else:
        default = lookup.number(key, reference)
        low, high = (math.nan, math.nan) if lookup.faults else _range(entry, reference, default, lookup)
    rest = _parts(reference, ledger) if isinstance(reference, str) else ()
    reads = tuple(cast.renamed(part) for part in rest if part not in ledger.figures)
    parameter = Parameter(
        name=name,
        backing=GIVEN_BY[key],
        formula=reference if isinstance(reference, str) and reference in FORMULAS else None,
        figures=_behind(entry, ledger),
        reads=reads,
        arguments=tuple(
            ledger[part].number if part in ledger.figures else cast.renamed(part) for part in rest if reads
        ),
        follows=bool(reads) and not entry.has_range,
        ends=_ends(entry, ledger),
        default=default,
        low=low,
        high=high,
        hard_low=float("-inf") if entry.hard_low is None else entry.hard_low,
        hard_high=float("inf") if entry.hard_high is None else entry.hard_high,
        prior=prior,
        **{field: getattr(entry, field) for field in _CARRIED},
    )
    return parameter, lookup.faults or list(_sense_faults(parameter, ledger, file))


def _range(entry: Entry, reference: float | str, default: float, lookup: _Lookup) -> tuple[float, float]:
    """The ends of a range: as given, as inherited from the figures, or none for what follows other parameters."""
    if entry.spread is not None:
        return default * (1 - entry.spread), default * (1 + entry.spread)
    if not entry.has_range and isinstance(reference, str) and _reads_parameters(reference, lookup.ledger):
        uncertain = [name for name in lineage(reference) if name in lookup.ledger.figures]
        for name in (name for name in uncertain if lookup.ledger[name].interval is not None):
            message = f"reads parameters and the uncertain figure {name}, whose doubt would be lost: enter {name} as an"
            lookup._fault("formula", f"{message} auxiliary parameter, or give low and high")
        return default, default
    ends = [entry.low, entry.high] if entry.has_range else [INTERVAL, INTERVAL]
    own = lookup.span(str(reference)) if INTERVAL in ends else (math.nan, math.nan)
    low, high = (
        own[place] if end == INTERVAL else lookup.number(key, end)
        for place, (key, end) in enumerate(zip(("low", "high"), ends, strict=True))
    )
    return low, high


def _parts(reference: str, ledger: Ledger) -> tuple[str, ...]:
    """What a reference is made of: a figure of itself, a formula of what it reads."""
    return lineage(reference) if reference in FORMULAS and reference not in ledger.figures else (reference,)


def _reads_parameters(reference: str, ledger: Ledger) -> bool:
    return any(part not in ledger.figures for part in _parts(reference, ledger))


def _figures_of(references: Iterable[object], ledger: Ledger) -> tuple[str, ...]:
    """The figures that references are or are computed from, once each."""
    named = [reference for reference in references if isinstance(reference, str) and reference != INTERVAL]
    parts = (part for reference in named for part in _parts(reference, ledger))
    return tuple(dict.fromkeys(part for part in parts if part in ledger.figures))


def _behind(entry: Entry, ledger: Ledger) -> tuple[str, ...]:
    """The figures that the default is made of; for a bounded value those of both ends."""
    return _figures_of(entry.bounded or (getattr(entry, entry.backings[0]),), ledger)


def _ends(entry: Entry, ledger: Ledger) -> tuple[str, ...]:
    """The figures that the ends of a range are taken or computed from, once each."""
    return _figures_of(entry.bounded or (entry.low, entry.high), ledger)


#: Fields that a parameter takes over from its table unchanged.
_CARRIED = (
    *("symbol", "meaning", "unit", "role", "anchors", "because", "chooses"),
    *("bridge", "measures", "rivals", "auxiliary", "anchored", "form"),
)


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
    yield from _rival_faults(p, ledger, file)
    if p.backing == "estimate" and not any(ledger[name].kind == "estimate" for name in p.figures):
        found = ", ".join(p.figures) or "none"
        yield Fault(file, f"{p.name}.estimate", f"no figure behind it is of kind estimate, found {found}")
    if p.backing == "figure":
        figure = ledger[p.figures[0]]
        if (figure.conflicts_with or figure.rivals) and not p.chooses:
            against = ", ".join(figure.conflicts_with + figure.rivals)
            yield Fault(
                file, f"{p.name}.chooses", f"missing; {figure.id} stands against {against}: say why it is taken"
            )


def _rival_faults(p: Parameter, ledger: Ledger, file: str) -> Iterator[Fault]:
    """Rivals exist, in the parameter's unit; formulas over what is documented alone, so that each has one value."""
    for rival in p.rivals:
        key = f"{p.name}.rivals"
        if rival in ledger.figures:
            if ledger[rival].unit != p.unit:
                yield Fault(file, key, f"{rival} is in {ledger[rival].unit}, the parameter in {p.unit}")
        elif rival not in FORMULAS:
            yield Fault(file, key, unknown("figure or formula", rival, [*ledger.figures, *FORMULAS]))
