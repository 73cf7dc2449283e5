"""What a parameter file takes over from the shipped one, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triangle.base.errors import Fault, capped, shorten, unknown
from triangle.model.names import taken_apart
from triangle.players.cast import Cast

#: What a table leaves to the shipped one of the same name, where its file has ``base = "shipped"``.
_DESCRIBING = ("symbol", "meaning", "unit", "role", "hard_low", "hard_high", "form")


def completed(
    tables: dict[str, Any], shipped: Mapping[str, Any], file: str, cast: Cast
) -> tuple[dict[str, Any], list[Fault]]:
    """The tables of a file, with those that it leaves to the shipped ones by its `base`, and what is wrong with that.

    The payoff terms read exactly the parameters of the shipped file, named by the codes of the cast. Where
    players were replaced, no value that names one of them or rests on figures is taken over: it was found for others.
    """
    known = {cast.renamed(name): cast.retold(table) for name, table in shipped.items()}
    base = tables.pop("base", None)
    if base is None:
        # What one form of the payoffs reads alone came later than parameter files without a base.
        of_form = {name: table for name, table in known.items() if "form" in table and name not in tables}
        tables = {**tables, **of_form}
        return tables, _set_faults(tables, known, file)
    if base != "shipped":
        return tables, [Fault(file, "base", f'found {shorten(base)}; expected base = "shipped", or no base')]
    strange = (Fault(file, name, unknown("parameter", name, known)) for name in tables if name not in known)
    faults = list(capped(strange, file))
    whole: dict[str, Any] = {}
    for name, table in known.items():
        own = tables.get(name)
        if own is None and table.get("auxiliary") and _not_taken_over(name, table, cast):
            continue  # what needs it says so, and no term does
        if own is not None:
            described = {key: table[key] for key in _DESCRIBING if key in table}
            whole[name] = {**described, **own} if isinstance(own, dict) else own
        elif why := _not_taken_over(name, table, cast):
            faults.append(Fault(file, name, f"missing; it {why}, so that the shipped value cannot be taken over"))
        elif cast.newcomers:
            kept = {key: value for key, value in table.items() if key != "anchors"}
            whole[name] = {**kept, "because": f"taken over from the shipped triad, unexamined: {table['because']}"}
        else:
            whole[name] = table
    return whole, faults


def _not_taken_over(name: str, table: Mapping[str, Any], cast: Cast) -> str:
    """Why the cast cannot have a shipped parameter's value; empty where it can."""
    newcomers = [code for code in taken_apart(name, cast)[1:] if code in cast.newcomers]
    if newcomers:
        return f"speaks of {cast.country(newcomers[0])}"
    rests = [key for key in ("figure", "formula", "estimate", "low", "high") if isinstance(table.get(key), str)]
    rests += [end for end in table.get("bounded", ()) if isinstance(end, str)]
    return "rests on figures about the shipped triad" if cast.newcomers and rests else ""


def _set_faults(tables: Mapping[str, object], known: Mapping[str, Mapping[str, Any]], file: str) -> list[Fault]:
    """Where a file holds other parameters than the shipped one: the payoff terms read exactly these.

    Auxiliary ones, which formulas alone read, are its own affair.
    """
    strange = (
        Fault(file, name, unknown("parameter", name, known))
        for name, table in tables.items()
        if name not in known and not (isinstance(table, Mapping) and table.get("auxiliary") is True)
    )
    missing = [
        Fault(file, name, "missing; this parameter is required")
        for name, table in known.items()
        if name not in tables and not table.get("auxiliary")
    ]
    return missing + capped(strange, file)
