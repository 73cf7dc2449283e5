"""Scenarios: signed departures from a base, every change with its reason.

A scenario file holds only what differs from its base. Unknown keys, unknown parameters, values outside the hard
bounds, a change without a reason, a change that changes nothing and a base that leads back to itself are errors, and
all faults of a file are reported together. ``scenarios/README.md`` shows the grammar.
"""

from __future__ import annotations

import datetime
import itertools
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np

from triangle.base.errors import MAX_FAULTS, BadInput, Fault, UnknownName, shorten, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import APART, LARGEST, SPARSE, Key, form, free_text, number_in, told, validate
from triangle.model.forms import FORMS
from triangle.model.model import Model
from triangle.model.parameters import Follower, Parameter, followed, formula_number
from triangle.players.cast import Cast
from triangle.players.notation import FREE
from triangle.players.thirds import ThirdParty, laid_over, sound_parties
from triangle.scenarios.file import (
    BARE_NAME,
    ChangeTable,
    GestureTable,
    InstrumentsTable,
    ScenarioFile,
    ScreeningTable,
    TypeTable,
    base_of,
    read_stage,
    sound_parts,
)

_HERE = Path(__file__).parent

#: Where the shipped scenarios lie: inside an installed package, or beside it in a checkout.
SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parents[1] / "scenarios"

_NO_CHANGE = "changes nothing"

#: Longest chain of bases that is followed.
_LONGEST_CHAIN = 20


#: Stages of play as files write them: a player, or the list of those who move at once.
_STAGES = form(
    lambda order: [stage[0] if len(stage) == 1 else list(stage) for stage in order],
    lambda stages: tuple(map(read_stage, stages)),
)

_DATE = form(datetime.date.isoformat, datetime.date.fromisoformat)
_STRIPPED = form(str.strip, free_text)


@dataclass(frozen=True)
class Change:
    """One parameter's departure from the base, with its reason; `figure` or `formula` where the value is theirs."""

    parameter: str
    base: float
    value: float
    because: str
    scenario: str
    figure: Annotated[str | None, SPARSE] = None
    formula: Annotated[str | None, SPARSE] = None
    low: Annotated[float | None, Key("range", 0), SPARSE] = None
    high: Annotated[float | None, Key("range", 1), SPARSE] = None


@dataclass(frozen=True)
class Scenario:
    """A scenario laid over its base: every parameter's value and range, and what was changed on the way and why.

    Attributes
    ----------
    changes : tuple of Change
        The departures made by this scenario itself.
    inherited : tuple of Change
        Those made by its bases, oldest first.
    values : mapping of str to float
        The value of every parameter.
    ranges : mapping of str to (float, float)
        The range of every parameter in sweeps.
    following : tuple of Follower
        Parameters that move with others, having been set by nobody.
    order : tuple of tuples or None
        Stages of play, each the players that move in it; None when all move at once.
    hold : mapping of str to str
        Players held at an action.
    players : tuple of ThirdParty
        Players beside the three powers; what they choose is not among the values.
    released : tuple of str
        Players that were held on the way and let go since.
    form : str or None
        The form of the payoffs; None leaves it to the model.
    types : mapping of str to mapping
        By player, what it may be, by name; empty where everybody is known.
    screening : ScreeningTable or None
        How an offer to such a player is watched.
    gesture : GestureTable or None
        What such a player may do to be taken for one of its types.
    yardstick : str
        What dollars and strength are counted in, as the base says unless the file does; amounts of scenarios that count
        in different things are not set side by side.
    expect : str
        What the documents expect, as text; nothing is ever computed from it.
    """

    name: str
    title: str
    question: str
    author: str
    date: Annotated[datetime.date, _DATE]
    base: str | None
    narrative: Annotated[str, _STRIPPED]
    figures: tuple[str, ...]
    claims: tuple[str, ...]
    changes: tuple[Change, ...]
    inherited: tuple[Change, ...]
    values: Annotated[Mapping[str, float], APART]
    ranges: Annotated[Mapping[str, tuple[float, float]], APART]
    order: Annotated[tuple[tuple[str, ...], ...], _STAGES] | None
    hold: Mapping[str, str]
    expect: Annotated[str, APART]
    expect_source: Annotated[str, APART]
    following: Annotated[tuple[Follower, ...], APART] = ()
    form: Annotated[str | None, APART] = None
    types: Annotated[Mapping[str, Mapping[str, TypeTable]], APART] = field(default_factory=lambda: MappingProxyType({}))
    screening: Annotated[ScreeningTable | None, APART] = None
    gesture: Annotated[GestureTable | None, APART] = None
    players: Annotated[tuple[ThirdParty, ...], SPARSE] = ()
    released: Annotated[tuple[str, ...], SPARSE] = ()
    yardstick: Annotated[str, SPARSE] = ""

    @property
    @told(name="expect")
    def expected(self) -> Mapping[str, str] | None:
        """What the documents expect, and where; None where they say nothing."""
        return {"statement": self.expect, "source": self.expect_source} if self.expect else None

    def moved(self, moved: Mapping[str, Any]) -> dict[str, Any]:
        """The values with some of them moved, scalars or arrays; what is computed from these follows."""
        return followed({**self.values, **moved}, self.following, moved)

    def set_to(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values with some of them set, scalars or arrays: what follows moves, what is anchored stays."""
        following = [follower.left_at(given, self.values) for follower in self.following]
        return followed({**self.values, **given}, following, given)

    def laid_over(self, given: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
        """Values, ranges and followers once some values are given and some ranges laid over; what was given stays."""
        following = tuple(f.left_at(given, self.values) for f in self.following if f.name not in given)
        values = followed({**self.values, **given}, following)
        own = {f.name: (values[f.name], values[f.name]) for f in following}
        return {
            "values": MappingProxyType(values),
            "ranges": MappingProxyType({**self.ranges, **ranges, **own}),
            "following": following,
        }

    def reach(self, name: str) -> tuple[float, float]:
        """The ends of a parameter's range; of one that follows others its least and most at the ends of theirs."""
        follower = next((one for one in self.following if one.name == name), None)
        if follower is None:
            return self.ranges[name]
        reads = {one: self.reach(one) for one in follower.arguments if isinstance(one, str)}
        corners = np.array(list(itertools.product(*reads.values()))).T
        found = np.asarray(follower.at(dict(zip(reads, corners, strict=True))))
        return float(found.min()), float(found.max())

    def of_type(self, player: str, name: str) -> dict[str, float]:
        """The parameters that a type of a player sets, as numbers; ends are those of :meth:`reach` in this scenario."""
        return {
            parameter: self.reach(parameter)[given == "high"] if isinstance(given, str) else float(given)
            for parameter, given in self.types[player][name].settings.items()
        }

    def drawn_for(self, own: Mapping[str, Any], drawn: Mapping[str, Any]) -> dict[str, Any]:
        """Draws of all parameters for a type that sets some of them: what follows these moves along in every draw."""
        found, moved = {**drawn, **own}, set(own)
        for follower in self.following:
            if follower.name not in own and moved & set(follower.arguments):
                found[follower.name] = follower.left_at(own, drawn).at(found)
                moved.add(follower.name)
        return found

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Every departure from the default world, inherited ones first."""
        return self.inherited + self.changes


def folder_of(cast: Cast) -> Path:
    """Where the scenarios of a cast lie that are called by their bare names."""
    return cast.scenarios or SHIPPED


def paths_of(cast: Cast) -> Path:
    """Where the paths of a cast lie that are called by their bare names."""
    return folder_of(cast) / "paths"


def shipped_names(cast: Cast) -> list[str]:
    """Names of the scenarios that come with a cast, the baseline first."""
    names = sorted(path.stem for path in folder_of(cast).glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def themed(names: Sequence[str]) -> dict[str, list[str]]:
    """Scenarios by theme, in the order of ``themes.toml``; those of no theme, as another cast's, come last.

    >>> list(themed(["attrition", "baseline", "mine"]).items())
    [('Where things stand', ['baseline']), ('War and strength', ['attrition']), ('Scenarios', ['mine'])]
    """
    themes = read_toml(Path(__file__).with_name("themes.toml"))["themes"]
    found = {theme: [name for name in listed if name in names] for theme, listed in themes.items()}
    known = {name for listed in found.values() for name in listed}
    found["Scenarios"] = [name for name in names if name not in known]
    return {theme: listed for theme, listed in found.items() if listed}


def find(scenario: str, cast: Cast) -> Path:
    """The file of a scenario given by path or by the bare name of one that comes with the cast."""
    if BARE_NAME.fullmatch(scenario):
        path = folder_of(cast) / f"{scenario}.toml"
        if path.is_file():
            return path
        if (paths_of(cast) / f"{scenario}.toml").is_file():
            raise BadInput(Fault("SCENARIO", "", f"{scenario} is a course over years; ask triangle path {scenario}"))
        raise UnknownName("scenario", scenario, shipped_names(cast), "SCENARIO")
    path = Path(scenario)
    if path.stem in shipped_names(cast) and not os.path.exists(path):
        raise BadInput(Fault(shown(path), "", f"no such file; the shipped scenario is called by its name, {path.stem}"))
    return path


def read_scenario(scenario: str | Path, model: Model) -> Scenario:
    """A scenario with all its bases; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    path = scenario if isinstance(scenario, Path) else find(scenario, model.cast)
    return _read(path, model, ())


def _read(path: Path, model: Model, chain: tuple[Path, ...]) -> Scenario:
    file = shown(path)
    data = read_toml(path)
    names = shorten(" → ".join(step.stem for step in (*chain, path)), 200)
    if path.resolve() in chain:
        raise BadInput(Fault(file, "base", f"the base leads back to itself: {names}"))
    if len(chain) >= _LONGEST_CHAIN:
        raise BadInput(Fault(file, "base", f"more than {_LONGEST_CHAIN} bases one upon the other: {names}"))
    base, of_base = None, []
    if (named := base_of(data)) is not None:
        try:
            base = _read(find_base(named, path, model.cast), model, (*chain, path.resolve()))
        except BadInput as error:
            of_base = list(error.faults)
    model, faults = _joined(base, sound_parties(data.get("player")), model, file)
    content, found = validate(ScenarioFile, data, file, "", model.cast)
    faults += found
    parts = content or sound_parts(data)
    if "base" not in data and (parts.changes or path.stem != "baseline"):
        faults.append(
            Fault(file, "base", "missing; every scenario but the baseline names the base that it departs from")
        )
    start = with_players(base, model) if base else _documented_world(model)
    lifted, unsound = _lifted(parts.instruments, parts.changes, start, model, file)
    faults += unsound
    changes, found = _changes({**parts.changes, **lifted}, start, model, file, path.stem)
    faults += [fault for fault in found if base or not fault.message.startswith(_NO_CHANGE)]
    faults += [
        Fault(file, "figures", unknown("figure", name, model.ledger.figures))
        for name in parts.figures
        if name not in model.ledger.figures
    ]
    faults += of_base
    if content is None:
        raise BadInput(faults)
    form = content.play.form or start.form
    if content.play.form is not None and content.play.form not in FORMS:
        faults.append(Fault(file, "play.form", unknown("form of the payoffs", content.play.form, FORMS)))
    order = start.order
    if content.play.order is not None:
        stages = tuple(read_stage(stage) for stage in content.play.order)
        order = stages if len(stages) > 1 else None  # one stage is all at once, which is the rule
    laid, problem = content.play.hold or {}, hold_problem(content.play.hold, start)
    if problem:
        faults.append(Fault(file, "play.hold", problem))
    hold = {player: action for player, action in {**start.hold, **laid}.items() if action != FREE}
    released = tuple(player for player in model.cast.codes if player in (*start.released, *laid) and player not in hold)
    types = MappingProxyType({**start.types, **content.types})
    screening, gesture = content.screening or start.screening, content.gesture or start.gesture
    faults += _type_faults(content.types, model, file)
    if content.play.order is None and order and sorted(itertools.chain(*order)) != sorted(model.cast.codes):
        faults.append(
            Fault(file, "play.order", f"missing; the base's leaves out some of {', '.join(model.cast.codes)}")
        )
    same = (order, hold, form, types) == (start.order, start.hold, start.form, start.types)
    same = same and (screening, gesture) == (start.screening, start.gesture)
    same = same and (base is None or base.players == model.cast.thirds)
    if base and not faults and not changes and same:
        faults.append(Fault(file, "changes", f"nothing is changed; this repeats its base {base.name}"))
    if faults:
        raise BadInput(faults)
    made = replace(
        start,
        name=path.stem,
        base=content.base,
        expect=content.expect.statement if content.expect else "",
        expect_source=content.expect.source if content.expect else "",
        inherited=start.all_changes,
        changes=changes,
        **start.laid_over({c.parameter: c.value for c in changes}, _ranges(start, changes)),
        order=order,
        hold=MappingProxyType(hold),
        released=released,
        yardstick=content.yardstick or start.yardstick,
        form=form,
        types=types,
        screening=screening,
        gesture=gesture,
        **{key: getattr(content, key) for key in _CARRIED},
    )
    if faults := _endless(made, content.types, file):
        raise BadInput(faults)
    return made


def _joined(base: Scenario | None, own: Sequence[ThirdParty], model: Model, file: str) -> tuple[Model, list[Fault]]:
    """The model with the third parties of a base and of the file over it, and what is wrong with these."""
    parties = laid_over(base.players if base else model.cast.thirds, own)
    try:
        joined = model.joined_by(parties)
    except BadInput as error:
        return model, [replace(fault, file=file) for fault in error.faults]
    set_before = {change.parameter: change for change in (base.all_changes if base else ())}
    faults = [
        Fault(
            file, f"player.{joined.cast.codes[player]}.actions", f"sets {name}, which {set_before[name].scenario} sets"
        )
        for name, player in joined.cast.chosen.items()
        if name in set_before
    ]
    return joined, [replace(f, message=f"{f.message} too; take a base that leaves it alone") for f in faults]


def with_players(base: Scenario, model: Model) -> Scenario:
    """A base with the third parties of the model: what they choose is no parameter, and what they want is one."""
    if base.players == model.cast.thirds:
        return base
    bare = _documented_world(model)
    # What was measured in today's world keeps to what is chosen now where it stood.
    following = (f.left_at(model.cast.chosen, base.values) for f in base.following if f.name in bare.values)
    new = (f for f in bare.following if f.name not in base.values)
    return replace(
        base,
        values=MappingProxyType({name: base.values.get(name, value) for name, value in bare.values.items()}),
        ranges=MappingProxyType({name: base.ranges.get(name, ends) for name, ends in bare.ranges.items()}),
        following=(*following, *new),
        players=bare.players,
    )


def _type_faults(types: Mapping[str, Mapping[str, TypeTable]], model: Model, file: str) -> list[Fault]:
    """What is wrong with the parameters of types."""
    faults: list[Fault] = []
    for player, tables in types.items():
        for name, table in tables.items():
            for parameter, given in table.settings.items():
                key = f"types.{player}.{name}.settings.{parameter}"
                if parameter not in model.catalogue.parameters:
                    faults.append(Fault(file, key, model.catalogue.unknown(parameter)))
                elif not isinstance(given, str) and not model.catalogue[parameter].admits(given):
                    p = model.catalogue[parameter]
                    faults.append(Fault(file, key, f"found {given:g}; {p.name} must be {p.hard_text} ({p.unit})"))
    return faults


def _endless(scenario: Scenario, types: Mapping[str, Mapping[str, TypeTable]], file: str) -> list[Fault]:
    """The ends that types name of parameters whose range is one point, so that both are the same."""
    return [
        Fault(file, f"types.{player}.{name}.settings.{parameter}", f"found {given!r}; {parameter} is "
              f"{scenario.values[parameter]:g} and has no range here; give a number")
        for player, tables in types.items()
        for name, table in tables.items()
        for parameter, given in table.settings.items()
        if isinstance(given, str) and scenario.reach(parameter)[0] == scenario.reach(parameter)[1]
    ]  # fmt: skip


#: Keys that a scenario takes over from its file unchanged.
_CARRIED = ("title", "question", "author", "date", "narrative", "figures", "claims")


def counted_alike(first: Scenario, other: Scenario) -> bool:
    """Whether amounts of two scenarios are in the dollars of one year and by the same measures."""
    return first.yardstick == other.yardstick


def hold_problem(hold: Mapping[str, str] | None, base: Scenario) -> str:
    """What is wrong with the holds of a file over its base; nothing if they are sound."""
    held = ", ".join(f"{player} at {action}" for player, action in base.hold.items())
    if hold == {} and held:
        release = ", ".join(f'{player} = "{FREE}"' for player in base.hold)
        return (
            f"found an empty table, which changes nothing: the base {base.name} holds {held}; "
            f"write hold = {{ {release} }} to let go, or leave hold out"
        )
    idle = [player for player, action in (hold or {}).items() if action == FREE and player not in base.hold]
    if idle:
        return (
            f"{_NO_CHANGE}: {', '.join(idle)} {'is' if len(idle) == 1 else 'are'} let go, but the base "
            f"{base.name or '(none)'} holds {held or 'nobody'}"
        )
    return ""


def find_base(name: str, path: Path, cast: Cast) -> Path:
    """The file of a base: beside the scenario that names it, or else one that comes with the cast."""
    beside = path.parent / f"{name}.toml"
    if beside.is_file():
        return beside
    if (folder_of(cast) / f"{name}.toml").is_file():
        return folder_of(cast) / f"{name}.toml"
    known = {*shipped_names(cast), *(file.stem for file in path.parent.glob("*.toml"))}
    raise BadInput(Fault(shown(path), "base", unknown("scenario", name, known)))


def _documented_world(model: Model) -> Scenario:
    """The parameters as they stand, before any scenario."""
    catalogue = model.catalogue
    return Scenario(
        name="",
        title="",
        question="",
        author="",
        date=datetime.date.min,
        base=None,
        narrative="",
        figures=(),
        claims=(),
        changes=(),
        inherited=(),
        values=MappingProxyType(catalogue.defaults()),
        ranges=MappingProxyType({p.name: (p.low, p.high) for p in catalogue}),
        order=None,
        hold=MappingProxyType({}),
        expect="",
        expect_source="",
        following=catalogue.following,
        players=model.cast.thirds,
    )


#: Before the instruments that a change is computed of.
_PACKAGE = "Computed: of the instruments"


def _lifted(
    table: InstrumentsTable | None, changes: Mapping[str, ChangeTable], base: Scenario, model: Model, file: str
) -> tuple[dict[str, ChangeTable], list[Fault]]:
    """The changes that a package of instruments comes to, at the values of the base, and what is wrong with it."""
    if table is None:
        return {}, []
    from triangle.model import instruments  # few scenarios are made of them

    # A parameter that the model lacks counts as changed, and is told as unknown where the changes are read.
    europe = base.values.get("europe_joins", 0.0) if table.europe is None else table.europe
    try:
        package = instruments.package(
            instruments.read_instruments(model.ledger, model.cast, base.values), table.relief, europe
        )
    except ValueError as error:
        return {}, [Fault(file, "instruments", str(error))]
    because = f"{table.because.rstrip('. ')}. {_PACKAGE} {', '.join(table.relief)}."
    worth = {key: value for key, value in vars(package).items() if value != base.values.get(key)}
    twice = [
        Fault(file, f"changes.{key}", "found here and in instruments; give one of them")
        for key in worth
        if key in changes
    ]
    return {key: ChangeTable(value=value, because=because) for key, value in worth.items()}, twice


def _changes(
    tables: Mapping[str, ChangeTable], base: Scenario, model: Model, file: str, name: str
) -> tuple[tuple[Change, ...], list[Fault]]:
    """The changes of a file against its base, and what is wrong with them."""
    changes: list[Change] = []
    faults: list[Fault] = []
    for parameter, change in tables.items():
        if len(faults) > MAX_FAULTS:
            faults.append(Fault(file, "changes", f"over {MAX_FAULTS:,} faults; the rest is not checked"))
            break
        key = f"changes.{parameter}"
        if parameter not in model.catalogue.parameters:
            faults.append(Fault(file, key, model.catalogue.unknown(parameter)))
            continue
        p = model.catalogue[parameter]
        try:
            value = base.values[parameter] if change.value is None else change.value
            if change.figure is not None:
                value = _figure_value(change.figure, p, model)
            if change.formula is not None:
                value = formula_number(change.formula, model.ledger, model.cast, base.values)
            _check_bounds(p, value, change.low, change.high)
        except ValueError as error:
            faults.append(Fault(file, key, str(error)))
            continue
        same_range = change.low is None or (change.low, change.high) == base.ranges[parameter]
        if value == base.values[parameter] and same_range:
            faults.append(Fault(file, key, f"{_NO_CHANGE}: {base.name or 'the parameter file'} has {value:g} already"))
            continue
        changes.append(
            Change(
                parameter=parameter,
                base=base.values[parameter],
                value=value,
                because=change.because,
                scenario=name,
                figure=change.figure,
                formula=change.formula,
                low=change.low,
                high=change.high,
            )
        )
    return tuple(changes), faults


def changed(
    base: Scenario, tables: Mapping[str, ChangeTable], model: Model, file: str, name: str
) -> tuple[Scenario, list[Fault]]:
    """A scenario with the changes of a file that is no scenario itself, and what is wrong with them."""
    changes, faults = _changes(tables, base, model, file, name)
    laid = base.laid_over({c.parameter: c.value for c in changes}, _ranges(base, changes))
    return replace(base, changes=base.changes + changes, **laid), faults


def _figure_value(name: str, p: Parameter, model: Model) -> float:
    """The number of a figure for a parameter of the same unit."""
    if name not in model.ledger.figures:
        raise ValueError(unknown("figure", name, model.ledger.figures))
    figure = model.ledger[name]
    if figure.unit != p.unit:
        raise ValueError(f"{name} is in {figure.unit}; {p.name} is in {p.unit}")
    return figure.number


def _check_bounds(p: Parameter, value: float, low: float | None = None, high: float | None = None) -> None:
    """Raise ValueError unless the value and the range lie within the hard bounds and the value in the range."""
    for number in (value, low, high):
        if number is not None and not p.admits(number):
            raise ValueError(f"found {number:g}; {p.name} must be {p.hard_text} ({p.unit})")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(f"the value {value:g} lies outside low {low:g} to high {high:g}")


def _ranges(base: Scenario, changes: Iterable[Change]) -> Mapping[str, tuple[float, float]]:
    """The base's ranges with those of the changes; a bare value outside the range widens it."""
    ranges = dict(base.ranges)
    for change in changes:
        low, high = ranges[change.parameter]
        if change.low is not None and change.high is not None:
            ranges[change.parameter] = (change.low, change.high)
        else:
            ranges[change.parameter] = (min(low, change.value), max(high, change.value))
    return MappingProxyType(ranges)


def override(scenario: Scenario, settings: Sequence[str], model: Model) -> Scenario:
    """The scenario with parameters set as ``NAME=VALUE``, a number or the id of a figure of the same unit.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> override(read_scenario("baseline", model), ["relief=1"], model).values["relief"]
    1.0
    """
    model = model.joined_by(scenario.players)
    faults: list[Fault] = []
    changes: dict[str, Change] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name, text = name.strip(), text.strip()
        try:
            if not equals or not name or not text:
                raise ValueError(f"found {shorten(setting)}; expected NAME=VALUE")
            if name not in model.catalogue.parameters:
                raise ValueError(model.catalogue.unknown(name))
            if name in changes:
                raise ValueError(f"{name} is set twice")
            value, figure = _parse_value(text, model.catalogue[name], model)
            _check_bounds(model.catalogue[name], value)
        except ValueError as error:
            faults.append(Fault("--set", shorten(name) if not name.isprintable() else name[:80], str(error)))
            continue
        because = _by_hand(name, scenario)
        changes[name] = Change(name, scenario.values[name], value, because, "--set", figure)
    if faults:
        raise BadInput(faults)
    own = tuple(changes.values())
    laid = scenario.laid_over({c.parameter: c.value for c in own}, _ranges(scenario, own))
    return replace(scenario, changes=scenario.changes + own, **laid)


def _by_hand(name: str, scenario: Scenario) -> str:
    """What a setting by hand is laid over: a package of instruments comes to other parameters as well."""
    package = [c.parameter for c in scenario.changes if _PACKAGE in c.because]
    if name not in package:
        return "set by hand, over the scenario"
    others = " and ".join(each for each in package if each != name)
    return "set by hand, over what the scenario's instruments come to" + (f"; {others} stay as of these" * bool(others))


def _parse_value(text: str, p: Parameter, model: Model) -> tuple[float, str | None]:
    """A number, or that of a figure, with the figure's id."""
    try:
        value = number_in(text)
    except ValueError:
        if text in model.ledger.figures:
            return _figure_value(text, p, model), text
        if text in p.rivals:
            return formula_number(text, model.ledger, model.cast, model.catalogue.defaults()), None
        raise ValueError(f"found {shorten(text)}; expected a number or a figure in {p.unit}, {p.hard_text}") from None
    if not abs(value) <= LARGEST:
        raise ValueError(f"found {shorten(text)}; expected a finite number of at most {LARGEST:g}")
    return value, None
