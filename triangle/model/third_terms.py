"""The payoff terms of third parties, whose actions are settings of parameters (:mod:`triangle.players.thirds`).

A term is a function of stances `s` and values `v` as those of :mod:`triangle.model.terms`, and its docstring answers
the same five questions. It returns the payoffs of its own player alone, whose code its name begins with. What the
player does a term reads off a parameter that the player chooses: ``v["europe_joins"]`` is a number under each action.

A scenario names the terms that a player has. Their parameters stand in ``third_parameters.toml`` and are part of a
model only where a term that reads them is.
"""

from __future__ import annotations

from triangle.model.parameters import Values
from triangle.model.terms import Payoffs, Term
from triangle.players.axes import RU, US
from triangle.players.stances import Stances


def eu_reopening(s: Stances, v: Values) -> Payoffs:
    """What Europe gains by trading with Russia again: e · g_EU · T_EU,RU · s_RU,US.

    **Who gains**: Europe, as far as it joins relief. **From what**: the trade with Russia that sanctions ended.
    **Mechanism**: lifting the sanctions reopens trade with a Russia that accommodates the West; with one that does not
    it stays closed. **Left out**: what Russia gains by the same trade, which is in its own relief, and who has sold
    Europe its energy since. **Literature**: Hirschman (1945), *National Power and the Structure of Foreign Trade*.
    """
    europe = v.cast.player("EU")
    return {europe: v["europe_joins"] * v["reopening_gain_eu"] * v["reopened_trade_eu"] * s[RU, US]}


def eu_security(s: Stances, v: Values) -> Payoffs:
    """What Europe's security loses by relief for a Russia that threatens it: −e · S · ((1 − s_RU,US) + ζ · s_US,RU).

    **Who loses**: Europe, as far as it joins relief. **From what**: the threat on its eastern border. **Mechanism**:
    relief feeds the army of a Russia that goes on opposing the West, and a Washington that accommodates Russia covers
    Europe less. **Left out**: what the threat costs whatever Europe does, and differences among its states.
    **Literature**: Walt (1987), *The Origins of Alliances* (the balance of threat); Snyder (1984), *World Politics* 36
    (abandonment).
    """
    europe = v.cast.player("EU")
    exposed = (1 - s[RU, US]) + v["abandonment_eu"] * s[US, RU]
    return {europe: -v["europe_joins"] * v["security_stake_eu"] * exposed}


#: All terms of third parties by name.
THIRD_TERMS: dict[str, Term] = {term.__name__: term for term in (eu_reopening, eu_security)}


def terms_of(code: str) -> list[str]:
    """The terms that a player of this code can have."""
    return [name for name in THIRD_TERMS if name.startswith(f"{code.lower()}_")]
