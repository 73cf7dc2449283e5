r"""The model written out as JavaScript: the same straight-line programs that numpy runs, for a browser to run.

Nothing is written a second time. Terms and the formulas of followers are taken down on symbols
(:mod:`triangle.batch.program`), and each operation becomes an expression of the same operands in the same order. What
is needed more than once has a place in an array; the rest stands where it is used. Arithmetic and square roots are
those of IEEE 754 on both sides and give the same bits; powers, exponentials and logarithms may differ in the last ones.

The text holds numbers, places and names of functions, and no word of anybody's.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triangle.batch.comparisons import taken_down
from triangle.batch.program import Node, Operation, Program, choose
from triangle.model.calibration import FORMULAS
from triangle.model.parameter import Follower
from triangle.model.parameters import Values
from triangle.model.terms import Term

#: What an operation is in JavaScript; truths are 1 and 0 where they are kept.
EXPRESSIONS: Mapping[Callable[..., Any], str] = {
    np.add: "({}+{})",
    np.subtract: "({}-{})",
    np.multiply: "({}*{})",
    np.divide: "({}/{})",
    np.power: "({}**{})",
    np.maximum: "Math.max({},{})",
    np.minimum: "Math.min({},{})",
    np.less: "({}<{})",
    np.less_equal: "({}<={})",
    np.greater: "({}>{})",
    np.greater_equal: "({}>={})",
    np.equal: "({}=={})",
    np.not_equal: "({}!={})",
    np.logical_and: "({}&&{})",
    np.logical_or: "({}||{})",
    np.logical_not: "(!{})",
    np.absolute: "Math.abs({})",
    choose: "({}?{}:{})",
    **{
        function: f"Math.{function.__name__}({{}})"
        for function in (np.sqrt, np.exp, np.log, np.expm1, np.log1p, np.tanh, np.sign, np.floor, np.ceil)
    },
}

#: Statements of one function: a browser does not make fast what is too long.
_STATEMENTS = 150

#: Characters from which on an expression gets a place of its own, so that none is nested too deep to be read.
_LONGEST = 300


def routine(program: Program, results: Sequence[Node], inputs: Mapping[Any, int]) -> str:
    """A function ``(x, y)`` in JavaScript that writes the results at the inputs `x` into `y`.

    Parameters
    ----------
    inputs : mapping of name to int
        The place of each of the program's symbols in `x`.

    Raises
    ------
    TypeError
        If an operation has no counterpart.

    Examples
    --------
    >>> program = Program()
    >>> x, y = program.symbol("x"), program.symbol("y")
    >>> print(routine(program, [int(((x + y) / (1.0 + x)).nodes)], {"x": 0, "y": 1}))
    (()=>{const w=new Float64Array(1),p=[x=>{w[0]=((x[0]+x[1])/(x[0]+1));}],r=[0];
    return(x,y)=>{for(const f of p)f(x);for(let k=0;k<1;k++)y[k]=w[r[k]];};})()
    """
    order = program.needed(results)
    used = Counter(operand for node in order for operand in program.taken(node))
    ends, places, said = set(results), dict[Node, int](), dict[Node, str]()
    statements: list[str] = []
    for node in order:
        text = _expression(program, node, inputs, said)
        is_single = used[node] == 1 or not isinstance(program.nodes[node], Operation)
        if node in ends or not (is_single and len(text) < _LONGEST):
            places[node] = len(statements)
            statements.append(f"w[{places[node]}]={text};")
            text = f"w[{places[node]}]"
        said[node] = text
    parts = [statements[start : start + _STATEMENTS] for start in range(0, len(statements), _STATEMENTS)]
    written = ",\n".join(f"x=>{{{''.join(part)}}}" for part in parts)
    where = ",".join(str(places[node]) for node in results)
    return (
        f"(()=>{{const w=new Float64Array({len(statements)}),p=[{written}],r=[{where}];\n"
        f"return(x,y)=>{{for(const f of p)f(x);for(let k=0;k<{len(results)};k++)y[k]=w[r[k]];}};}})()"
    )


def _expression(program: Program, node: Node, inputs: Mapping[Any, int], said: Mapping[Node, str]) -> str:
    """What a node is, its operands being said."""
    what = program.nodes[node]
    if isinstance(what, Operation):
        if what.function not in EXPRESSIONS:
            raise TypeError(f"{getattr(what.function, '__name__', what.function)} has no counterpart in JavaScript")
        return EXPRESSIONS[what.function].format(*(said[operand] for operand in what.operands))
    if isinstance(what, float | bool):
        return _number(float(what))
    return f"x[{inputs[what]}]"


def _number(value: float) -> str:
    """A number as JavaScript reads it; one below zero in brackets, since a power may follow."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"({'-' if value < 0 else ''}Infinity)"
    text = repr(value).removesuffix(".0")
    return f"({text})" if value < 0 else text


@dataclass(frozen=True)
class Script:
    """A model in JavaScript.

    Attributes
    ----------
    text : str
        An expression: ``{parts, payoffs, formulas}``. ``parts`` holds the term and the player of each payoff,
        ``payoffs(x, y)`` writes these at all profiles, part by part, and ``formulas`` are those of followers as
        functions of their arguments.
    names : tuple of str
        The parameters, in the order of the numbers that ``payoffs`` takes.
    reads : frozenset of str
        Those that terms read.
    formulas : tuple of str
    """

    text: str
    names: tuple[str, ...]
    reads: frozenset[str]
    formulas: tuple[str, ...]

    def world(self, values: Mapping[str, float], following: Iterable[Follower]) -> dict[str, Any]:
        """Parameter values and what moves with others, by place, as the browser takes them."""
        place_of = {name: place for place, name in enumerate(self.names)}
        return {
            "values": [float(values[name]) for name in self.names],
            "following": [
                {
                    "place": place_of[f.name],
                    "formula": self.formulas.index(f.formula),
                    "reads": [place_of[a] if isinstance(a, str) else [float(a)] for a in f.arguments],
                    "anchored": f.anchored,
                }
                for f in following
            ],
        }


def script(terms: Mapping[str, Term], values: Values, following: Iterable[Follower] = ()) -> Script:
    """Payoff terms, and the formulas of parameters that move with others, as JavaScript.

    Parameters
    ----------
    values : Values
        Of any numbers: who plays, and what parameters are called.

    Raises
    ------
    TypeError
        If a term asks for more than a straight-line program can hold.
    """
    program, names = Program(), tuple(values.numbers)
    parts = [
        (place, *part) for place, term in enumerate(terms.values()) for part in taken_down([term], program, values)
    ]
    nodes = [np.broadcast_to(program.nodes_of(payoff), values.cast.shape) for _, _, payoff in parts]
    results = [node for at in nodes for node in at.ravel().tolist()]
    asked = program.names(results)
    reads = values.named(asked)
    places = dict(zip(asked, map(names.index, reads), strict=True))
    formulas = {f.formula: len(f.arguments) for f in following}
    text = (
        f"{{parts:{json.dumps([part[:2] for part in parts])},\npayoffs:{routine(program, results, places)},\n"
        f"formulas:[{','.join(_formula(*formula) for formula in formulas.items())}]}}"
    )
    return Script(text, names, frozenset(reads), tuple(formulas))


def _formula(name: str, arguments: int) -> str:
    """A formula as a function of its arguments."""
    program, places = Program(), {f"argument {place}": place for place in range(arguments)}
    with np.errstate(all="ignore"):
        found = FORMULAS[name](*map(program.symbol, places))
    return routine(program, [int(program.nodes_of(found))], places)
