"""The parameters of the model: what stands behind each, and their values at a point or over a batch.

A parameter is named ``quantity``, ``quantity_holder`` or ``quantity_holder_other`` with players in lower case:
``stake_ru_cn`` is what Russia has at stake in its dispute with China. The terms read it as ``v["stake", RU, CN]``;
a quantity of the pair itself, such as ``trade_ru_cn``, is read under either order, and one that only one player
can hold, such as ``alliance_value``, is named without its holder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import MAX_FAULTS, BadInput, Fault, UnknownName, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import validate
from triangle.evidence.ledger import Ledger
from triangle.model.backing import Backing as Backing
from triangle.model.backing import Entry
from triangle.model.backing import Prior as Prior
from triangle.model.backing import Role as Role
from triangle.model.inheritance import completed
from triangle.model.names import asked_before, names_by_key
from triangle.model.parameter import Follower as Follower
from triangle.model.parameter import Parameter as Parameter
from triangle.model.parameter import followed as followed
from triangle.model.parameter import in_order
from triangle.model.resolution import drawn_twice, resolved
from triangle.model.resolution import formula_number as formula_number
from triangle.players.cast import SHIPPED as SHIPPED_CAST
from triangle.players.cast import Cast
from triangle.players.stances import Stances, pure_stances

#: Where the shipped parameters stand.
SHIPPED = Path(__file__).parent / "parameters.toml"


@dataclass(frozen=True)
class Catalogue:
    """All parameters by name, in the order of the file; reading an unknown one suggests the nearest.

    The cast is that whose codes the names hold.
    """

    parameters: Mapping[str, Parameter]
    file: str
    cast: Cast

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise UnknownName("parameter", name, self.parameters)
        return self.parameters[name]

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters.values())

    def __len__(self) -> int:
        return len(self.parameters)

    def unknown(self, name: str) -> str:
        """Why no parameter of this name can be set: a player chooses it, or there is none; with what to do."""
        if name not in self.cast.chosen:
            return unknown("parameter", name, self.parameters)
        code = self.cast.codes[self.cast.chosen[name]]
        actions = self.cast.actions[self.cast.chosen[name]]
        return (
            f"is what {code} chooses here, by {' or '.join(actions)}; hold it at an action instead, as "
            f"{code}={actions[0]}, or take a scenario in which {code} does not choose"
        )

    def defaults(self) -> dict[str, float]:
        """Every parameter's default by name."""
        return {parameter.name: parameter.default for parameter in self}

    @property
    def backings(self) -> dict[str, int]:
        """How many parameters rest on what; kinds that do not occur are left out."""
        counts = Counter(p.backing for p in self)
        return {kind: counts[kind] for kind in get_args(Backing) if counts[kind]}

    @cached_property
    def following(self) -> tuple[Follower, ...]:
        """The parameters that move with others, each after those that it reads."""
        ordered = in_order(self.parameters)
        return tuple(Follower(p.name, str(p.formula), p.arguments, p.anchored) for p in ordered if p.follows)


class Values:
    """Numbers for all parameters: each a scalar, or an array over a batch of samples.

    A parameter that a third party chooses is the same for all samples and varies along the axis of its actions.

    Parameters
    ----------
    numbers : mapping of str to array
        A value for each parameter name that nobody chooses; all must broadcast to one shape, that of the batch.
    cast : Cast
        Who plays: terms ask by the numbers of players, names hold their codes.

    Examples
    --------
    >>> v = Values({"gdp_ru": 2000.0, "stake_ru_cn": [5.0, 10.0]}, SHIPPED_CAST)
    >>> v.samples
    (2,)
    >>> v.dollars("stake", 1, 2)
    array([100., 200.])
    """

    #: What has been computed of these numbers, where that is kept.
    _kept: dict[Any, NDArray[np.float64]] | None = None

    def __init__(self, numbers: Mapping[str, ArrayLike], cast: Cast):
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in numbers.items()}
        self.samples: tuple[int, ...] = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        self.numbers: Mapping[str, NDArray[np.float64]] = MappingProxyType(arrays)
        self.cast = cast
        self._choices: Mapping[str, NDArray[np.float64]] = choices(cast, len(self.samples))
        self._names = names_by_key((*arrays, *self._choices), cast)
        self._asked = asked_before((*arrays, *self._choices), cast)
        self._read: set[str] | None = None

    def _name(self, key: tuple[Any, ...]) -> str:
        """The name of a parameter that is asked for by quantity and players; kept, since terms ask again and again."""
        parts = (key[0], *(self.cast.codes[i] for i in key[1:]))
        name = self._names.get(parts) or self._names.get(parts[:1]) or "_".join(parts).lower()
        self._asked[key] = name
        return name

    def __getitem__(self, key: str | tuple[Any, ...]) -> NDArray[np.float64]:
        if isinstance(key, tuple):
            key = self._asked.get(key) or self._name(key)
        if self._read is not None:
            self._read.add(key)
        if key in self._choices:
            return self._choices[key]
        if key not in self.numbers:
            raise BadInput(Fault("parameters", key, "missing; a payoff term reads this parameter"))
        return self.numbers[key]

    @property
    def stances(self) -> Stances:
        """The stances of the three at all action profiles, with axes for third parties' actions and for samples."""
        return pure_stances(len(self.cast.thirds) + len(self.samples))

    def named(self, keys: Iterable[tuple[Any, ...]]) -> list[str]:
        """The names of parameters that are asked for by quantity and players."""
        return [self._asked.get(key) or self._name(key) for key in keys]

    def dollars(self, quantity: str, *players: int) -> NDArray[np.float64]:
        """A quantity given in per cent of its holder's GDP, in billion dollars a year."""
        return self[(quantity, *players)] * (self["gdp", players[0]] / 100.0)

    def of_samples(self, numbers: Mapping[str, NDArray[np.float64]], samples: tuple[int, ...]) -> Values:
        """The same parameters with other numbers, which must broadcast to `samples`; names are not looked at again."""
        copy = object.__new__(Values)
        copy.__dict__.update(self.__dict__)
        copy.numbers, copy.samples, copy._kept = MappingProxyType(dict(numbers)), samples, None
        if self._choices and len(samples) != len(self.samples):
            copy._choices = choices(self.cast, len(samples))
        return copy

    def at_profiles(self, profiles: Sequence[int]) -> Values:
        """The same at some profiles by index: what third parties choose there, ``[profile, ...samples]``."""
        copy = self.of_samples(self.numbers, self.samples)
        copy._choices = choices(self.cast, len(self.samples), profiles)
        return copy

    def recording(self) -> tuple[Values, set[str]]:
        """A copy that notes in the returned set which parameters are read."""
        copy = object.__new__(Values)
        copy.__dict__.update(self.__dict__)
        copy._read, copy._kept = set(), None
        return copy, copy._read

    def keeping(self) -> Values:
        """A copy that keeps what several terms compute of these numbers, for as long as it is there itself."""
        copy = self.of_samples(self.numbers, self.samples)
        copy._kept = {} if self._read is None else None  # each reader of a parameter is to be seen reading it
        return copy

    def once(self, asked: Any, compute: Callable[[], NDArray[np.float64]]) -> NDArray[np.float64]:
        """What is computed of these numbers under this name: once, where it is kept."""
        if self._kept is None:
            return compute()
        if asked not in self._kept:
            self._kept[asked] = compute()
        return self._kept[asked].copy()  # a term may write into what it is given


def choices(cast: Cast, sample_axes: int, profiles: Sequence[int] | None = None) -> dict[str, NDArray[np.float64]]:
    """What third parties choose, over the action axes or at some profiles, then axes of samples of length one."""
    after = (1,) * sample_axes
    if profiles is None:
        return {name: chosen.reshape(*chosen.shape, *after) for name, chosen in cast.choices.items()}
    at = {name: np.broadcast_to(chosen, cast.shape).ravel()[list(profiles)] for name, chosen in cast.choices.items()}
    return {name: chosen.reshape(-1, *after) for name, chosen in at.items()}


def read_catalogue(ledger: Ledger, path: Path = SHIPPED, cast: Cast = SHIPPED_CAST) -> Catalogue:
    """The parameters of a file; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    catalogue, faults = inspect_catalogue(ledger, path, cast)
    if faults:
        raise BadInput(faults)
    return catalogue


def inspect_catalogue(ledger: Ledger, path: Path = SHIPPED, cast: Cast = SHIPPED_CAST) -> tuple[Catalogue, list[Fault]]:
    """The parameters of a file that are sound, and all faults of the rest."""
    faults: list[Fault] = []
    try:
        tables = read_toml(path)
    except BadInput as error:
        return Catalogue(MappingProxyType({}), shown(path), cast), list(error.faults)
    if path != SHIPPED:
        tables, faults = completed(tables, read_toml(SHIPPED), shown(path), cast)
    entries: dict[str, Entry] = {}
    for name, table in tables.items():
        if len(faults) > MAX_FAULTS:
            faults.append(Fault(shown(path), "", f"over {MAX_FAULTS:,} faults; the rest of this file is not checked"))
            break
        read, found = validate(Entry, table, shown(path), name)
        faults.extend(found)
        if read is not None:
            entries[name] = read
    made, found = resolved(entries, ledger, shown(path), {}, cast)
    parameters = {name: made[name] for name in entries if name in made}
    faults += found or list(drawn_twice(parameters, ledger, shown(path)))
    return Catalogue(MappingProxyType(parameters), shown(path), cast), faults


def made_parameter(
    name: str, table: object, ledger: Ledger, file: str, cast: Cast, known: Mapping[str, Parameter] | None = None
) -> tuple[Parameter | None, list[Fault]]:
    """The parameter that a table of the parameter file describes, or None and all that is wrong with it."""
    entry, faults = validate(Entry, table, file, name)
    if entry is None:
        return None, faults
    made, faults = resolved({name: entry}, ledger, file, dict(known or {}), cast)
    return made.get(name), faults
