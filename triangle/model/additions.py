"""A user's own parameters and payoff terms, held to the rules of the shipped ones before they join a model.

A parameter goes through the checks of the parameter file: one backing, a reason for a judgement, a known unit, a range
that holds the default. A term is tried out: it must answer the five questions in its docstring, read only parameters
that exist, and return finite payoffs that broadcast, the same alone as in a batch.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.evidence.ledger import Ledger
from triangle.model.forms import is_shipped
from triangle.model.names import names_by_key, taken_apart
from triangle.model.parameters import Catalogue, Values, made_parameter
from triangle.model.terms import QUESTIONS, Term, answers

#: What parameters and terms may be called.
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

_NAME_RULE = "expected a name of small letters, digits and underscores that begins with a letter, of at most 60"


def with_parameter(catalogue: Catalogue, ledger: Ledger, name: str, table: Mapping[str, Any]) -> Catalogue:
    """The catalogue with one parameter more, at its end.

    Raises
    ------
    BadInput
        If the name is taken or odd, or the table breaks a rule of the parameter file; with every fault.
    """
    file = "with_parameter"
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadInput(Fault(file, "name", f"found {shorten(name)}; {_NAME_RULE}"))
    if name in catalogue.parameters:
        raise BadInput(Fault(file, name, "there is a parameter of this name already; set it in a scenario instead"))
    parameter, faults = made_parameter(name, table, ledger, file, catalogue.cast, catalogue.parameters)
    if parameter is None:
        raise BadInput(faults)
    known, key = names_by_key(catalogue.parameters, catalogue.cast), taken_apart(name, catalogue.cast)
    shadowed = known.get(key) or known.get(key[:1])
    if shadowed:  # terms ask by quantity and players; the new name must not answer in place of an old one
        raise BadInput(Fault(file, name, f"would be read in place of {shadowed}; choose another name"))
    return replace(catalogue, parameters=MappingProxyType({**catalogue.parameters, name: parameter}))


def with_term(
    terms: Mapping[str, Term], catalogue: Catalogue, term: Term, name: str | None = None, weight: str | None = None
) -> dict[str, Term]:
    """The terms with one more, summed last, after it has been tried out.

    Raises
    ------
    BadInput
        If the term is not what a term must be; the text says what and what to do.
    """
    if not callable(term):
        raise BadInput(Fault("with_term", "", f"found {shorten(term)}; expected a function of stances and values"))
    called = getattr(term, "__name__", "") if name is None else name
    if not isinstance(called, str) or not NAME.fullmatch(called):
        raise BadInput(Fault("with_term", "name", f"found {shorten(called)}; {_NAME_RULE}; give name="))
    if called in terms:
        raise BadInput(Fault("with_term", called, "there is a term of this name already; choose another"))
    faults = [Fault("with_term", called, message) for message in _faults(term, catalogue, weight)]
    if faults:
        raise BadInput(faults)
    return {**terms, called: term}


def _faults(term: Term, catalogue: Catalogue, weight: str | None) -> list[str]:
    """What is wrong with a term: what its docstring lacks, then the first thing wrong with what it returns."""
    faults = []
    if not (inspect.getdoc(term) or "").strip():
        faults.append("has no docstring; it must say what the term is and answer: " + ", ".join(QUESTIONS))
    else:
        known = answers(term)
        missing = [f"{q} (**{_label(label)}**: …)" for q, label in QUESTIONS.items() if q not in known]
        if missing:
            faults.append(f"the docstring does not say {'; '.join(missing)}")
    try:
        _try_out(term, catalogue)
        if weight is not None:
            _switch_off(term, catalogue, weight)
    except ValueError as error:
        faults.append(str(error))
    return faults


def _label(label: str) -> str:
    return label.replace("(gains|loses|pays)", "gains")


def _try_out(term: Term, catalogue: Catalogue) -> None:
    """Raise ValueError unless the term gives sound payoffs at the defaults, and the same within a batch."""
    codes = catalogue.cast.codes
    columns = {p.name: np.array([p.low, p.default, p.high]) for p in catalogue}
    batch = _payoffs(term, Values(columns, catalogue.cast))
    for place, end in enumerate(("low ends", "defaults", "high ends")):
        point = {name: column[place] for name, column in columns.items()}
        alone = _payoffs(term, Values(point, catalogue.cast))
        if alone.keys() != batch.keys():
            raise ValueError("touches other players in a batch of samples than at a single point")
        for player, payoff in alone.items():
            if not np.allclose(payoff, batch[player][..., place], rtol=1e-9, atol=1e-12):
                raise ValueError(
                    f"pays {codes[player]} otherwise in a batch of samples than one by one (at the {end} of the "
                    "ranges); a term works on arrays: use np.where in place of if, and leave the sample axis alone"
                )


def _switch_off(term: Term, catalogue: Catalogue, weight: str) -> None:
    """Raise ValueError unless the term is zero where the parameter that weighs it is."""
    if not isinstance(weight, str):
        raise ValueError(f"weight: found {shorten(weight)}; expected the name of a parameter")
    if weight not in catalogue.parameters:
        raise ValueError(f"weight: {unknown('parameter', weight, catalogue.parameters)}")
    cast = catalogue.cast
    for player, payoff in _payoffs(term, Values(catalogue.defaults() | {weight: 0.0}, cast)).items():
        if payoff.any():
            raise ValueError(f"still pays {cast.codes[player]} something where its weight {weight} is zero")


def _payoffs(term: Term, values: Values) -> dict[int, NDArray[np.float64]]:
    """The payoffs that a term returns, spread over all profiles; raises ValueError where they are none."""
    codes, shape = values.cast.codes, values.cast.shape + values.samples
    known, _ = values.recording()
    try:
        with np.errstate(all="ignore"):
            returned = term(values.stances, known)
    except BadInput as error:
        name = error.faults[0].key
        raise ValueError(f"reads {unknown('parameter', name, values.numbers)}; add it with with_parameter") from None
    except Exception as error:  # a stranger's function: whatever it raises is the answer
        raise ValueError(f"raised {type(error).__name__}: {error}") from error
    if not isinstance(returned, Mapping) or not returned:
        raise ValueError(f"returned {shorten(returned)}; expected a dictionary from players (US, RU, CN) to arrays")
    payoffs = {}
    for player, payoff in returned.items():
        if isinstance(player, bool) or player not in range(len(codes)):
            raise ValueError(
                f"returned a payoff of {shorten(player)}; expected the players 0, 1, 2 of triangle.players.axes"
            )
        try:
            payoffs[int(player)] = np.broadcast_to(_numbers(payoff), shape)
        except (TypeError, ValueError):
            found = getattr(payoff, "shape", type(payoff).__name__)
            raise ValueError(
                f"pays {codes[player]} in shape {found}; expected one that broadcasts to {shape}"
            ) from None
        if not np.isfinite(payoffs[int(player)]).all():
            raise ValueError(f"pays {codes[player]} amounts that are not finite numbers within the parameters' ranges")
    return payoffs


def _numbers(payoff: Any) -> NDArray[np.float64]:
    """What a term pays, as numbers; numpy would take a text of digits for one, which cannot be added to a payoff."""
    found = np.asarray(payoff)
    if found.dtype.kind in "SU":
        raise TypeError
    try:
        return np.asarray(found, dtype=np.float64)
    except OverflowError:  # a whole number beyond the largest
        return np.full(found.shape, np.inf)


def check_portable(terms: Mapping[str, Term]) -> None:
    """Raise BadInput where another process could not find a term: one of a notebook, of a function, a lambda.

    A worker process gets no code sent; it imports the module that a term is defined in, by name.
    """
    faults = [
        Fault("workers", name, f"{reason}; move the term into a file of its own (.py) and import it, or use one worker")
        for name, term in terms.items()
        if not is_shipped(name, term) and (reason := _unreachable(term))
    ]
    if faults:
        raise BadInput(faults)


def _unreachable(term: Term) -> str:
    """Why another process cannot import a term, or the class of one that is an object; empty where it can."""
    if not hasattr(term, "__qualname__"):
        within: Any = type(term)
        return _unreachable(getattr(term, "func", within))
    module, path = getattr(term, "__module__", None), getattr(term, "__qualname__", "")
    found: Any = sys.modules.get(module or "")
    if module == "__main__" and not Path(getattr(found, "__file__", None) or "").is_file():
        return "this term is defined in a notebook or at a prompt, where other processes cannot find it"
    for part in path.split("."):
        found = getattr(found, part, None)
    if found is not term:
        return f"this term is not the {path or 'function'} of a module, so that other processes cannot import it"
    return ""


def own_terms(terms: Mapping[str, Term]) -> list[tuple[str, str]]:
    """Name and source text of the terms that are not the shipped ones; their bytecode where the source is not at hand.

    What a term calls or closes over is not part of it: two runs under a changed helper are not told apart.
    """
    return [(name, _text_of(term)) for name, term in terms.items() if not is_shipped(name, term)]


def _text_of(term: Term) -> str:
    try:
        return inspect.getsource(term)
    except (OSError, TypeError):
        code = getattr(term, "__code__", None)
        if code is not None:
            return repr((code.co_code.hex(), code.co_names, code.co_consts))
        within: Any = getattr(
            term, "func", type(term)
        )  # an object that is called, or a function with some arguments fixed
        fixed = (getattr(term, "args", ()), getattr(term, "keywords", {}), getattr(term, "__dict__", {}))
        return repr((within.__qualname__, fixed)) if isinstance(within, type) else _text_of(within) + repr(fixed)
