"""The forms that the payoffs can take, and the terms in which the second departs from the first.

*Hostility takes one, peace takes two*: in the second form what hostility costs ends only with a link, grows with the
strength that the rival can bring to bear, and a friend counts against a rival only if the friend opposes it too. What
mended and what worsened by that is measured against laws that were written down before; the page on the model shows it.
The first form stays, so that its answers can be made again and both stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from triangle.base.errors import UnknownName
from triangle.model import terms
from triangle.model.mechanisms import (
    FIRST,
    SECOND,
    Floats,
    Rules,
    bargained_gas_price,
    contest_share,
    contract_life,
    evaded_trade,
    for_ever,
    gas_rebate,
    hostility,
    imbalance,
    paid_gas_price,
    primacy,
    stake_share,
    threat,
)
from triangle.model.names import FORM_NAMES
from triangle.model.parameters import Values
from triangle.model.terms import TERMS, Payoffs, Term
from triangle.model.third_terms import THIRD_TERMS
from triangle.players.axes import CN, OTHERS, RU, US
from triangle.players.stances import Stances


def contest(s: Stances, v: Values, rules: Rules = SECOND) -> Payoffs:
    """Rivals over what a pair disputes: Σ_j share_ij · stake_ij; a front closes by a link, and a friend helps against
    a common rival.

    **Who gains**: whoever is stronger in a pair. **From what**: Europe's order (US–RU), primacy in Asia and
    technology (US–CN), Central Asia and the border (RU–CN). **Mechanism**: strength decides the share;
    accommodating a rival that opposes gives part of it away and closes no front; a third player lends its strength
    against a rival of its own only; allies move strength too. **Left out**: destruction by war, and stakes that grow
    with what was won. **Literature**: Tullock (1980); Hirshleifer (1989), *Public Choice* 63; Fearon (1995),
    *International Organization* 49; Powell (1999), *In the Shadow of Power*; Snyder (1984), *World Politics* 36;
    Cartwright and Harary (1956), *Psychological Review* 63.
    """
    return {
        i: sum(stake_share(s, v, i, j, rules) * v.dollars("stake", i, j) for j in OTHERS[i])  # type: ignore[misc]
        for i in (US, RU, CN)
    }


def rivalry(s: Stances, v: Values, rules: Rules = SECOND) -> Payoffs:
    """Cost of hostility: −Σ_j R_ij · ((1 − s_ji) + (1 − w)·s_ji·(1 − s_ij)) · (1 − μ + μ·π_ji/π̄_ji).

    **Who loses**: whoever is opposed, all of it whatever it does itself; whoever opposes one that accommodates, a part.
    **From what**: armament, borders, lost sleep. **Mechanism**: only a link ends hostility; threat is what hostility
    costs times the rival's intentions times the strength that it can bring to bear, and a friend against it shares
    the burden. **Left out**: the risk of war itself, arms-race dynamics, and an exposure beyond what yielding already
    costs in the contest. **Literature**: Jervis (1978), *World Politics* 30 (the security dilemma); Walt (1987),
    *The Origins of Alliances* (the balance of threat); Olson and Zeckhauser (1966), *Review of Economics and
    Statistics* 48 (shared burdens).
    """
    return {
        i: -sum(  # type: ignore[misc]
            v.dollars("rivalry_cost", i, j) * hostility(s, v, i, j, rules) * threat(s, v, i, j, rules)
            for j in OTHERS[i]
        )
        for i in (US, RU, CN)
    }


def exchange(s: Stances, v: Values) -> Payoffs:
    """Gains from trade: Σ_j g_ij · T_ij · openness_ij, for Russia less what it costs to get past secondary sanctions,
    e_v · T_RU,CN · z · v · (1 − s_US,RU) of what neither side stops.

    **Who gains**: both, the more dependent side more for each dollar; **who pays**: Russia, for ships and detours.
    **From what**: goods bought cheaper and sold dearer than at home. **Mechanism**: opposing chokes trade from one's
    own side; American secondary sanctions and a tariff tied to Russian energy reach into the trade of others, and what
    evades them travels dearer. **Left out**: diversion to third countries, trade that grows with time, and detours
    other than those of crude by sea. **Literature**: Hirschman (1945), *National Power and the Structure of Foreign
    Trade*; Keohane and Nye (1977), *Power and Interdependence*; the freight by the documents.
    """
    gains = terms.exchange(s, v)
    return {**gains, RU: gains[RU] - v["evasion_cost"] * evaded_trade(s, v)}


def order(s: Stances, v: Values) -> Payoffs:
    """The common cause against American primacy: O_i · c_RU,CN · (1 − s_i,US) · (1 − ν + ν·P/P_0) for Russia and China
    each, and for the US −½ · O_US · c_RU,CN · ((1 − s_RU,US) + (1 − s_CN,US)).

    **Who gains**: a linked Russia and China that oppose Washington. **From what**: an order with less America in
    it. **Mechanism**: a shared aim that relief does not buy, and that fades with American primacy as far as ν says;
    at ν = 0 it does not. **Left out**: the wider group of states around them. **Literature**: the documents themselves;
    Walt (2005), *Taming American Power*.
    """
    scaling = v["primacy_scaling"]
    cause = (1 - scaling) + scaling * (primacy(v) / v["primacy_reference"])
    return {i: payoff if i == US else payoff * cause for i, payoff in terms.order(s, v).items()}


def balance(s: Stances, v: Values, rules: Rules = SECOND) -> Payoffs:
    """A third player likes the other two evenly matched: −B_k · (2·π_ij − 1)², strength being that of this form.

    **Who loses**: whoever faces a contest of the others that one side dominates. **From what**: the prospect of
    being next. **Mechanism**: the winner would turn on the third. **Left out**: bandwagoning with the stronger.
    **Literature**: Waltz (1979), *Theory of International Politics*; Caplow (1956), *American Sociological Review*
    21.
    """
    return {
        k: -v.dollars("balance_weight", k) * imbalance(contest_share(s, v, *OTHERS[k], rules)) for k in (US, RU, CN)
    }


def dual_use(s: Stances, v: Values) -> Payoffs:
    """Russia's war and the inputs for it: −U · W · (1 − u · s_CN,RU) for Russia, −X · s_CN,RU · (1 − s_US,RU) · (1 − v)
    for China.

    **Who pays**: Russia, for as long as it fights, less of it where China supplies; and China, for supplying.
    **From what**: the burden of the war, which components and machine tools from elsewhere would raise. **Mechanism**:
    supply keeps up the war, American sanctions hit the supplier's firms unless they evade, and the end of the fighting
    saves its burden. **Left out**: the dead, those who left, and what the war may win or lose; the same rise of the
    military burden stands behind what being opposed by America costs Russia, so that a scenario that ends the war
    lowers both. **Literature**: Farrell and Newman (2019), *International Security* 44; Fearon (1995), *International
    Organization* 49 (war is costly, so that peace has a worth).
    """
    first = terms.dual_use(s, v)
    return {RU: first[RU] - v.dollars("dual_use_value", RU) * v["war_intensity"], CN: first[CN]}


def pipeline(s: Stances, v: Values) -> Payoffs:
    """A new gas deal, signed only where Russia and China are linked: ℓ · c_RU,CN · (Σ · β_RU − R) to Russia and
    ℓ · c_RU,CN · (Σ · (1 − β_RU) + R) to China, R being what a discount on the bargained price leaves to the buyer,
    and ℓ the expected life of what rests on that link.

    **Who gains**: both; how much each depends on who can turn elsewhere, and on the discount that is granted.
    **From what**: gas worth more to the buyer than it costs the seller. **Mechanism**: relief reopens Russia's other
    buyers and so moves the split; a discount is a price that politics sets, below cost if it is large; a contract of
    decades is worth what the link that it rests on will last. **Left out**: delay, financing, and why a seller would
    grant a discount. **Literature**: Nash (1950), *Econometrica* 18; Binmore,
    Rubinstein and Wolinsky (1986), *RAND Journal of Economics* 17.
    """
    split, rebate = terms.pipeline(s, v), s.link(RU, CN) * gas_rebate(s, v)
    life = contract_life(v)
    return {RU: life * (split[RU] - rebate), CN: life * (split[CN] + rebate)}


@dataclass(frozen=True)
class Form:
    """A form of the payoffs: name, rules that its mechanisms follow, terms in the order of their sum, price of gas, and
    what a gas contract is worth beside one that lasts for ever.
    """

    name: str
    rules: Rules
    terms: Mapping[str, Term]
    gas_price: Callable[[Stances, Values], Floats]
    contract_life: Callable[[Values], Floats]


#: The terms in which the second form departs from the first.
SECOND_TERMS: tuple[Term, ...] = (contest, rivalry, exchange, order, balance, dual_use, pipeline)

#: Every form by name.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for form in (
            Form(FORM_NAMES[0], FIRST, TERMS, bargained_gas_price, for_ever),
            Form(
                FORM_NAMES[1], SECOND, {**TERMS, **{t.__name__: t for t in SECOND_TERMS}}, paid_gas_price, contract_life
            ),
        )
    }
)

#: The form in which a scenario is played unless it or its user says otherwise.
DEFAULT_FORM = "second"

#: Its terms, which whatever is not told otherwise sums up.
DEFAULT_TERMS: Mapping[str, Term] = FORMS[DEFAULT_FORM].terms


def form_of(name: str) -> Form:
    """The form of this name; raises :class:`~triangle.base.errors.UnknownName` with the nearest one."""
    if not isinstance(name, str) or name not in FORMS:
        raise UnknownName("form of the payoffs", str(name), FORMS, "--form")
    return FORMS[name]


def is_shipped(name: str, term: Term) -> bool:
    """Whether a term is that of some form or third party, and not a user's own."""
    return is_of_a_form(name, term) or THIRD_TERMS.get(name) is term


def is_of_a_form(name: str, term: Term) -> bool:
    """Whether a term is that of some form."""
    return any(form.terms.get(name) is term for form in FORMS.values())
