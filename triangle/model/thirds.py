"""A model joined by third parties: their actions in place of the levers that they choose, their terms and parameters.

The payoffs of the three powers need no new formula. A parameter that a third party chooses is a number under each of
its actions (:attr:`triangle.players.cast.Cast.choices`), so that the terms are evaluated once, with the actions as
further axes; a term that does not read the parameter does not vary along them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import validate
from triangle.model.backing import Entry
from triangle.model.model import Model
from triangle.model.parameters import Catalogue, Parameter, Values
from triangle.model.resolution import resolved
from triangle.model.terms import Term
from triangle.model.third_terms import THIRD_TERMS, terms_of
from triangle.players.cast import Cast
from triangle.players.thirds import NAMED, ThirdParty, party_problems, shape_problem

#: Where the parameters of their terms stand.
SHIPPED = Path(__file__).parent / "third_parameters.toml"


def joined(model: Model, parties: Sequence[ThirdParty]) -> Model:
    """The model with these third parties, in place of others that it has.

    Raises
    ------
    BadInput
        If a player is not sound: another player's code, a parameter that does not exist or that two choose, a value
        outside its hard bounds, a term that is not its own, too many profiles; with every fault.
    """
    alone = model.alone or model
    if not parties:
        return alone
    parties = [_looked_up(party, alone) for party in parties]
    if faults := problems(parties, alone):
        raise BadInput(faults)
    return _made(alone, parties)


def with_all(model: Model) -> Model:
    """The model with every third party that has terms, none of whom chooses anything: to look terms up in.

    Other powers than the shipped ones have none.
    """
    alone = model.alone or model
    codes = dict.fromkeys(name.partition("_")[0].upper() for name in THIRD_TERMS)
    looked_up = [ThirdParty(code, code, code, code, ("any",), (), tuple(terms_of(code))) for code in codes]
    return model if alone.cast.newcomers else _made(alone, looked_up)


def _made(alone: Model, parties: Sequence[ThirdParty]) -> Model:
    cast = alone.cast.joined_by(parties)
    terms = {name: THIRD_TERMS[name] for party in parties for name in party.terms}
    others = {name: p for name, p in alone.catalogue.parameters.items() if name not in cast.chosen}
    kept = {name: _as_measured(p, cast, alone) for name, p in others.items()}
    own = _parameters(alone, cast, kept, terms)
    catalogue = Catalogue(MappingProxyType({**kept, **own}), alone.catalogue.file, cast)
    return replace(alone, catalogue=catalogue, terms={**alone.terms, **terms}, alone=alone)


def _looked_up(party: ThirdParty, alone: Model) -> ThirdParty:
    """The party with numbers where its file names a default or an end of a range; of known parameters alone."""
    known = {**alone.catalogue.parameters, **_levers(party, alone)}
    ends = {name: {end: getattr(known[name], end) for end in NAMED} for name in party.chosen if name in known}
    settings = (s.looked_up(ends[s.parameter]) if s.parameter in ends else s for s in party.settings)
    return replace(party, settings=tuple(settings))


def _as_measured(p: Parameter, cast: Cast, alone: Model) -> Parameter:
    """A parameter that was measured in today's world keeps to what a player chooses there, whatever it does."""
    if not p.anchored or not cast.chosen.keys() & set(p.reads):
        return p
    today = (alone.catalogue[a].default if a in cast.chosen else a for a in p.arguments)
    reads = tuple(name for name in p.reads if name not in cast.chosen)
    return replace(p, arguments=tuple(today), reads=reads, follows=p.follows and bool(reads))


def problems(parties: Sequence[ThirdParty], alone: Model, file: str = "") -> list[Fault]:
    """What is wrong with third parties of a model that has none."""
    powers = alone.cast
    faults = [*party_problems(parties, powers.codes, powers.countries)]
    if (larger := shape_problem([*powers.shape, *(len(party.actions) for party in parties)])) and not faults:
        faults.append(Fault("", "player", larger))
    for party in parties:
        faults += [Fault("", f"player.{party.code}.{key}", message) for key, message in _problems(party, alone)]
    return [replace(fault, file=file or "player") for fault in faults]


def _problems(party: ThirdParty, alone: Model) -> Iterator[tuple[str, str]]:
    """What is wrong with the settings and terms of a third party."""
    if alone.cast.newcomers:
        who = ", ".join(sorted(alone.cast.newcomers))
        yield "terms", f"terms of third parties are told of the shipped powers and know nothing of {who}"
        return
    known = {**alone.catalogue.parameters, **_levers(party, alone)}
    same = [(a, b) for a, b in combinations(range(len(party.actions)), 2) if _sets_same(party, a, b)]
    for first, second in same[:1]:
        yield "actions", f"{party.actions[second]} sets what {party.actions[first]} sets; expected actions that differ"
    for setting in party.settings:
        if setting.parameter not in known:
            yield "actions", unknown("parameter", setting.parameter, known)
            continue
        parameter = known[setting.parameter]
        for action, value in zip(party.actions, setting.values, strict=True):
            if not parameter.admits(value):
                wanted = f"{parameter.name} must be {parameter.hard_text} ({parameter.unit})"
                yield f"actions.{action}", f"found {value:g}; {wanted}"
        if parameter.follows:
            yield "actions", f"{parameter.name} is computed from other parameters; a player can choose none of these"
        followers = [p.name for p in alone.catalogue if _moves_with(p, setting.parameter)]
        if followers:
            are = "is" if len(followers) == 1 else "are"
            yield (
                "actions",
                f"{', '.join(followers)} {are} computed from {parameter.name}, which nobody chooses therefore",
            )
    own = terms_of(party.code)
    for name in party.terms:
        if name not in own and own:
            yield "terms", unknown(f"payoff term of {party.code}", name, own)
        elif name not in own:
            yield "terms", f"no payoff terms of {party.code} are known; those of others: {', '.join(THIRD_TERMS)}"


def _sets_same(party: ThirdParty, first: int, second: int) -> bool:
    """Whether two actions set one and the same."""
    return bool(party.settings) and all(s.values[first] == s.values[second] for s in party.settings)


def _moves_with(p: Parameter, other: str) -> bool:
    """Whether a parameter would have to follow what somebody chooses."""
    return p.follows and other in p.reads and not p.anchored


def _levers(party: ThirdParty, alone: Model) -> dict[str, Parameter]:
    """What is for this player alone to choose, and only its own terms read."""
    entries = {name: e for name, e in _entries().items() if e.role == "lever" and party.code.lower() in name.split("_")}
    return resolved(entries, alone.ledger, shown(SHIPPED), {}, alone.cast)[0]


@cache
def _entries() -> dict[str, Entry]:
    """The tables of the file; raises BadInput with every fault."""
    entries, faults = dict[str, Entry](), list[Fault]()
    for name, table in read_toml(SHIPPED).items():
        entry, found = validate(Entry, table, shown(SHIPPED), name)
        faults += found
        if entry is not None:
            entries[name] = entry
    if faults:
        raise BadInput(faults)
    return entries


def _parameters(
    alone: Model, cast: Cast, kept: Mapping[str, Parameter], terms: Mapping[str, Term]
) -> dict[str, Parameter]:
    """The parameters that these terms read and the model lacks, and those that these are computed from."""
    codes = {party.code.lower() for party in cast.thirds}
    entries = {name: entry for name, entry in _entries().items() if codes.intersection(name.split("_"))}
    entries = {name: entry for name, entry in entries.items() if name not in cast.chosen}
    made, faults = resolved(entries, alone.ledger, shown(SHIPPED), dict(kept), cast)
    if faults:
        raise BadInput(faults)
    values, read = Values({name: p.default for name, p in made.items()}, cast).recording()
    for term in terms.values():
        term(values.stances, values)
    needed = set(read)
    while further := {name for p in map(made.get, needed) if p is not None for name in p.reads} - needed:
        needed |= further
    return {name: made[name] for name in entries if name in needed}
