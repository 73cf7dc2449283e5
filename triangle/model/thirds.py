"""A model joined by third parties: their actions in place of the levers that they choose, their terms and parameters.

The payoffs of the three powers need no new formula. A parameter that a third party chooses is a number under each of
its actions (:attr:`triangle.players.cast.Cast.choices`), so that the terms are evaluated once, with the actions as
further axes; a term that does not read the parameter does not vary along them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
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
from triangle.players.thirds import ThirdParty, party_problems, shape_problem

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
    kept = {name: p for name, p in alone.catalogue.parameters.items() if name not in cast.chosen}
    own = _parameters(alone, cast, kept, terms)
    catalogue = Catalogue(MappingProxyType({**kept, **own}), alone.catalogue.file, cast)
    return replace(alone, catalogue=catalogue, terms={**alone.terms, **terms}, alone=alone)


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
        followers = [p.name for p in alone.catalogue if p.follows and setting.parameter in p.reads]
        if followers:
            yield "actions", f"{', '.join(followers)} is computed from {parameter.name}, which therefore nobody chooses"
    own = terms_of(party.code)
    for name in party.terms:
        if name not in own and own:
            yield "terms", unknown(f"payoff term of {party.code}", name, own)
        elif name not in own:
            yield "terms", f"no payoff terms of {party.code} are known; those of others: {', '.join(THIRD_TERMS)}"


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
