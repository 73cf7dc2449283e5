"""The payoff terms: U_i(profile) is their sum, in billion US dollars per year.

Each term is a function of stances `s` and parameter values `v` and returns the payoffs of the players that it touches,
as arrays that broadcast against ``[a_US, a_RU, a_CN, ...samples]``. Utilities of two players are not compared
here, nor anywhere but in ``bid`` and ``solve --method coalitions``, which say what they assume.

The docstring of a term answers five questions under bold labels (:data:`QUESTIONS`), after a first line that names the
term and its formula. Terms of a user's own are held to the same rule (:mod:`triangle.model.additions`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from triangle.model.mechanisms import (
    bargaining_share_ru,
    contest_share,
    effective_relief,
    gate,
    hostility,
    imbalance,
    lost_output,
    pipeline_surplus,
    stake_share,
    trade_gain,
)
from triangle.model.parameters import Values
from triangle.players.axes import CN, OTHERS, RU, US
from triangle.players.stances import Stances

Payoffs = dict[int, NDArray[np.float64]]
Term = Callable[[Stances, Values], Payoffs]

#: What the docstring of a term must say: the question, and the bold label that answers it.
QUESTIONS = {
    "who gains or loses": "Who (gains|loses|pays)",
    "from what": "From what",
    "by which mechanism": "Mechanism",
    "what is left out": "Left out",
    "which literature": "Literature",
}


def answers(term: Term) -> dict[str, str]:
    """The answers that a term's docstring gives, by question.

    >>> answers(pipeline)["by which mechanism"]
    "relief reopens Russia's other buyers and so moves the split, from its first unit"
    """
    text = " ".join((inspect.getdoc(term) or "").split())
    found = {}
    for question, label in QUESTIONS.items():
        answer = re.search(rf"\*\*{label}\*\*: *(?P<answer>.*?)[\s.]*(?=\*\*[A-Z][a-z ]+\*\*:|$)", text)
        if answer and answer["answer"]:
            found[question] = answer["answer"]
    return found


def contest(s: Stances, v: Values) -> Payoffs:
    """Rivals over what a pair disputes: Σ_j share_ij · stake_ij.

    **Who gains**: whoever is stronger in a pair. **From what**: Europe's order (US–RU), primacy in Asia and
    technology (US–CN), Central Asia and the border (RU–CN). **Mechanism**: strength decides the share;
    accommodating a rival that opposes gives part of it away; fighting on two fronts, allies and the third player
    move strength. **Left out**: destruction by war, and stakes that grow with what was won. **Literature**: Tullock
    (1980); Hirshleifer (1989), *Public Choice* 63; Fearon (1995), *International Organization* 49; Powell (1999),
    *In the Shadow of Power*.
    """
    return {
        i: sum(stake_share(s, v, i, j) * v.dollars("stake", i, j) for j in OTHERS[i])  # type: ignore[misc]
        for i in (US, RU, CN)
    }


def rivalry(s: Stances, v: Values) -> Payoffs:
    """Cost of hostility: −Σ_j R_ij · (w·(1 − s_ji) + (1 − w)·(1 − s_ij)).

    **Who loses**: both sides of a hostile pair. **From what**: armament, borders, lost sleep. **Mechanism**: most
    of the cost comes from being opposed, the rest from opposing. **Left out**: the risk of war itself and arms-race
    dynamics. **Literature**: Jervis (1978), *World Politics* 30 (the security dilemma).
    """
    return {
        i: -sum(v.dollars("rivalry_cost", i, j) * hostility(s, v, i, j) for j in OTHERS[i])  # type: ignore[misc]
        for i in (US, RU, CN)
    }


def exchange(s: Stances, v: Values) -> Payoffs:
    """Gains from trade: Σ_j g_ij · T_ij · openness_ij.

    **Who gains**: both, the more dependent side more for each dollar. **From what**: goods bought cheaper and sold
    dearer than at home. **Mechanism**: opposing chokes trade from one's own side; American secondary sanctions and
    a tariff tied to Russian energy reach into the trade of others. **Left out**: diversion to third countries, and
    trade that grows with time. **Literature**: Hirschman (1945), *National Power and the Structure of Foreign
    Trade*; Keohane and Nye (1977), *Power and Interdependence*.
    """
    return {i: sum(trade_gain(s, v, i, j) for j in OTHERS[i]) for i in (US, RU, CN)}  # type: ignore[misc]


def relief(s: Stances, v: Values) -> Payoffs:
    """What Russia gains from American accommodation: gate · effective relief · (σ/(1 − σ)·Y_RU + A·ι).

    **Who gains**: Russia. **From what**: output lost to sanctions and the return on frozen assets. **Mechanism**: a
    wedge by inducement, discounted by Europe's veto and by elections, and conditional as far as the offer says.
    **Left out**: what Europe's firms gain; American trade with Russia reopens by the stance itself, in
    :func:`exchange`. **Literature**: Crawford (2011),
    *International Security* 35.
    """
    lost = lost_output(v) * v["gdp", RU]
    worth = lost + v["frozen_assets"] * v["asset_return"]
    return {RU: gate(s, v) * effective_relief(v) * worth}


def alliance(s: Stances, v: Values) -> Payoffs:
    """What conceding costs the United States directly: −V_A · Z · s_US,RU.

    **Who loses**: the United States. **From what**: allies who see the package conceded. **Mechanism**: they are
    worth less in themselves; their support in contests falls apart from this, in
    :func:`~triangle.model.mechanisms.strength`. **Left out**: allies as players. **Literature**: Snyder (1984),
    *World Politics* 36 (abandonment and entrapment).
    """
    return {US: -v.dollars("alliance_value", US) * v["political_concession"] * s[US, RU]}


def order(s: Stances, v: Values) -> Payoffs:
    """The common cause against American primacy: O_i · c_RU,CN · (1 − s_i,US) for Russia and China each, and for the
    US −½ · O_US · c_RU,CN · ((1 − s_RU,US) + (1 − s_CN,US)).

    **Who gains**: a linked Russia and China that oppose Washington. **From what**: an order with less America in
    it. **Mechanism**: a shared aim that relief does not buy. **Left out**: the wider group of states around them.
    **Literature**: the documents themselves; Walt (2005), *Taming American Power*.
    """
    link = s.link(RU, CN)
    against = {i: 1 - s[i, US] for i in (RU, CN)}
    return {
        US: -0.5 * v.dollars("order_value", US) * link * (against[RU] + against[CN]),
        RU: v.dollars("order_value", RU) * link * against[RU],
        CN: v.dollars("order_value", CN) * link * against[CN],
    }


def balance(s: Stances, v: Values) -> Payoffs:
    """A third player likes the other two evenly matched: −B_k · (2·π_ij − 1)².

    **Who loses**: whoever faces a contest of the others that one side dominates. **From what**: the prospect of
    being next. **Mechanism**: the winner would turn on the third. **Left out**: bandwagoning with the stronger.
    **Literature**: Waltz (1979), *Theory of International Politics*; Caplow (1956), *American Sociological Review*
    21.
    """
    return {k: -v.dollars("balance_weight", k) * imbalance(contest_share(s, v, *OTHERS[k])) for k in (US, RU, CN)}


def autonomy(s: Stances, v: Values) -> Payoffs:
    """The price of being the junior partner: −a · (D/D_0) · s_RU,CN · (1 − ½·s_RU,US) for Russia.

    **Who loses**: Russia, the more it depends on China; half as much if it accommodates Washington too.
    **From what**: terms set by the senior partner. **Mechanism**: the weaker ally trades autonomy for security.
    **Left out**: China's own restraint. **Literature**: Morrow (1991), *American Journal of Political Science* 35.
    """
    weight = v.dollars("autonomy_cost", RU) * (v["dependence", RU, CN] / v["dependence_reference"])
    return {RU: -weight * s[RU, CN] * (1 - 0.5 * s[RU, US])}


def dual_use(s: Stances, v: Values) -> Payoffs:
    """Inputs for Russia's war: U · u · W · s_CN,RU for Russia, −X · s_CN,RU · (1 − s_US,RU) · (1 − v) for China.

    **Who gains**: Russia, while it fights and China supplies. **Who pays**: China. **From what**: components and
    machine tools. **Mechanism**: supply keeps up the war; American sanctions hit the supplier's firms unless they
    evade. **Left out**: what the war itself costs, which no stance here changes. **Literature**: Farrell and Newman
    (2019), *International Security* 44.
    """
    supplied = s[CN, RU]
    worth = v.dollars("dual_use_value", RU) * v["dual_use_dependence"] * v["war_intensity"]
    exposed = v.dollars("sanction_exposure", CN) * (1 - v["evasion"])
    return {RU: worth * supplied, CN: -exposed * supplied * (1 - s[US, RU])}


def pipeline(s: Stances, v: Values) -> Payoffs:
    """A new gas deal, signed only where Russia and China are linked: surplus Σ split as c_RU,CN · Σ · β_RU to Russia
    and c_RU,CN · Σ · (1 − β_RU) to China.

    **Who gains**: both; how much each depends on who can turn elsewhere. **From what**: gas worth more to the buyer
    than it costs the seller. **Mechanism**: relief reopens Russia's other buyers and so moves the split, from its
    first unit. **Left out**: delay, and financing. **Literature**: Nash (1950), *Econometrica* 18; Binmore,
    Rubinstein and Wolinsky (1986), *RAND Journal of Economics* 17.
    """
    signed = s.link(RU, CN) * pipeline_surplus(v)
    share = bargaining_share_ru(s, v)
    return {RU: signed * share, CN: signed * (1 - share)}


#: All terms by name, in the order in which they are summed.
TERMS: dict[str, Term] = {
    term.__name__: term
    for term in (contest, rivalry, exchange, relief, alliance, order, balance, autonomy, dual_use, pipeline)
}
