"""Quantities that the payoff terms are made of, and that are reported as outcomes of their own.

All take stances `s` and parameter values `v` and return arrays that broadcast against
``[a_US, a_RU, a_CN, ...samples]``; players are the integers of :mod:`triangle.players.axes`.

Two forms of the payoffs differ in the :class:`Rules` below: what closes a front, whom support is lent against, and what
hostility costs. Formulas that rest on one of them take the rules as their last argument, those of the first form unless
they are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.model.parameters import Values
from triangle.players.axes import CN, RU, US, third
from triangle.players.stances import Stances

Floats = NDArray[np.float64]


def opposes_both(s: Stances, i: int, j: int) -> Floats:
    r"""Whether i stands on two fronts: :math:`(1-s_{ij})(1-s_{ik})`, a front being closed by i's own accommodation."""
    return (1 - s[i, j]) * (1 - s[i, third(i, j)])


def linked_to_none(s: Stances, i: int, j: int) -> Floats:
    r"""Whether i stands on two fronts: :math:`(1-c_{ij})(1-c_{ik})`, a front being open until both close it."""
    return (1 - s.link(i, j)) * (1 - s.link(i, third(i, j)))


def friend(s: Stances, i: int, j: int) -> Floats:
    """Whether the third player lends i its strength against j: c_ik, whatever it thinks of j."""
    return s.link(i, third(i, j))


def friend_who_opposes(s: Stances, i: int, j: int) -> Floats:
    r"""Whether the third player lends i its strength against j: :math:`c_{ik}(1-s_{kj})`, against a rival of its own.

    Snyder (1984), *World Politics* 36; Cartwright and Harary (1956), *Psychological Review* 63.
    """
    k = third(i, j)
    return s.link(i, k) * (1 - s[k, j])


def opposing_and_opposed(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""How far i lives in hostility with j, :math:`w (1-s_{ji}) + (1-w)(1-s_{ij})`: being opposed, and opposing."""
    w = v["burden_of_being_opposed"]
    burden: Floats = w * (1 - s[j, i]) + (1 - w) * (1 - s[i, j])
    return burden


def opposed_or_unreconciled(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""How far i lives in hostility with j, :math:`(1-s_{ji}) + (1-w) s_{ji} (1-s_{ij})`.

    Being opposed costs all of it, whatever i does itself; opposing one who accommodates costs the part that is not
    gone by that alone; a link costs nothing (Jervis 1978).
    """
    mine: Floats = (1 - v["burden_of_being_opposed"]) * s[j, i] * (1 - s[i, j])
    return (1 - s[j, i]) + mine


def capability_alone(s: Stances, v: Values, i: int) -> Floats:
    """Capability of i, whatever anybody does."""
    return v["capability", i]


def capability_relieved(s: Stances, v: Values, i: int) -> Floats:
    r"""Capability of i, that of Russia grown with the output that relief gives back, :math:`C_{RU}(1 + \varphi y)`.

    Capability is measured by output, so what is regained of the one is regained of the other, as far as φ says
    (Gilpin 1981: who is relieved is also armed).
    """
    if i != RU:
        return v["capability", i]
    grown: Floats = v["capability", RU] * (1 + v["relief_to_strength"] * regained(s, v))
    return grown


def allies(s: Stances, v: Values, i: int, j: int) -> Floats | float:
    r"""What stands behind i beside k: America's allies, :math:`\kappa C_A (1-\varepsilon Z s_{US,RU})`."""
    if i != US:
        return 0.0
    loyalty = 1 - v["ally_erosion"] * v["political_concession"] * s[US, RU]
    return v["ally_commitment"] * v["capability_allies"] * loyalty


def allies_and_partners(s: Stances, v: Values, i: int, j: int) -> Floats | float:
    r"""The same, and behind each of a linked Russia and China the rest of BRICS against America:
    :math:`\kappa_B C_B c_{RU,CN}`.
    """
    if j != US:
        return allies(s, v, i, j)
    backed: Floats = v["partners_commitment"] * v["capability_partners"] * s.link(RU, CN)
    return backed


@dataclass(frozen=True)
class Rules:
    """What the forms of the payoffs differ in.

    Attributes
    ----------
    two_fronts : function of (s, i, j)
        Whether i stands on two fronts, so that its strength is diluted.
    supported : function of (s, i, j)
        Whether the third player lends i its strength against j.
    hostility : function of (s, v, i, j)
        How far i lives in hostility with j, 0 to 1.
    capability : function of (s, v, i)
        What i has of the world's capability, in per cent.
    backing : function of (s, v, i, j)
        What stands behind i against j beside the third player, in per cent of the same.
    """

    two_fronts: Callable[[Stances, int, int], Floats]
    supported: Callable[[Stances, int, int], Floats]
    hostility: Callable[[Stances, Values, int, int], Floats]
    capability: Callable[[Stances, Values, int], Floats]
    backing: Callable[[Stances, Values, int, int], Floats | float]


#: A front closes by one's own wish, a friend lends its strength against whomever, and opposing costs a part by itself.
FIRST = Rules(opposes_both, friend, opposing_and_opposed, capability_alone, allies)

#: Hostility takes one, peace takes two: a front closes by a link, a friend counts against a common rival only, and
#: relief strengthens whom it relieves.
SECOND = Rules(linked_to_none, friend_who_opposes, opposed_or_unreconciled, capability_relieved, allies_and_partners)


def strength(s: Stances, v: Values, i: int, j: int, rules: Rules = FIRST) -> Floats:
    r"""Strength of i in its contest with j, in per cent of the world's capability.

    .. math:: x_{ij} = C'_i (1 - d f_i) + \tau g_{ij} C'_k + [i = US] \kappa C_A (1 - \varepsilon Z s_{US,RU})
        + [j = US] \kappa_B C_B c_{RU,CN}

    with :math:`C'` the capability, in the second form Russia's with the output that relief gives back,
    :math:`f_i` whether i stands on two fronts and :math:`g_{ij}` whether the third player supports it, by the
    rules of the form: :math:`(1-s_{ij})(1-s_{ik})` and :math:`c_{ik}` in the first, :math:`(1-c_{ij})(1-c_{ik})` and
    :math:`c_{ik}(1-s_{kj})` in the second. Fighting both others at once dilutes strength (Osthold's overstretch); a
    third player linked to i lends part of its own; America's allies stand behind it, less so the more it concedes to
    Russia, and in the second form the rest of BRICS behind a linked Russia and China as far as κ_B says, which is not
    at all by default. Left out: geography, nuclear weapons, and the time that commitments take.
    """
    k = third(i, j)
    own = rules.capability(s, v, i) * (1 - v["two_front_dilution"] * rules.two_fronts(s, i, j))
    support = v["third_party_support"] * rules.capability(s, v, k) * rules.supported(s, i, j)
    return own + support + rules.backing(s, v, i, j)


def bare_strength(v: Values, i: int) -> Floats:
    r"""Strength of i by itself, :math:`X_i = C_i + [i = US] \kappa C_A`: no link, one front, no concession."""
    if i != US:
        return v["capability", i]
    backed: Floats = v["capability", i] + v["ally_commitment"] * v["capability_allies"]
    return backed


def impact(s: Stances, v: Values, i: int, j: int, rules: Rules = FIRST) -> Floats:
    r"""What strength achieves in a contest, :math:`x_{ij}^m`: the impact function of Tullock (1980)."""
    power: Floats = strength(s, v, i, j, rules) ** v["decisiveness"]
    return power


def success(mine: Floats, theirs: Floats) -> Floats:
    """Share of whoever has the impact `mine` against `theirs`: in proportion (Tullock 1980)."""
    return mine / (mine + theirs)


def contest_share(s: Stances, v: Values, i: int, j: int, rules: Rules = FIRST) -> Floats:
    r"""Share of i in a contest decided by strength, :math:`\pi_{ij} = x_{ij}^m / (x_{ij}^m + x_{ji}^m)` (Tullock 1980).

    For any pair, :math:`\pi_{ij} + \pi_{ji} = 1` to the last bit, because the share of the later player is computed
    as the rest.
    """
    if i > j:
        return 1.0 - contest_share(s, v, j, i, rules)
    both = (contest_share, s, i, j, rules)
    return v.once(both, lambda: success(impact(s, v, i, j, rules), impact(s, v, j, i, rules)))


def bare_share(v: Values, i: int, j: int) -> Floats:
    r"""Share of i in a contest of the two by themselves, :math:`\bar\pi_{ij} = X_i^m / (X_i^m + X_j^m)`."""
    power = v["decisiveness"]
    return success(bare_strength(v, i) ** power, bare_strength(v, j) ** power)


def threat(s: Stances, v: Values, i: int, j: int, rules: Rules = SECOND) -> Floats:
    r"""How much of its strength j can bring to bear against i, :math:`1 - \mu + \mu \pi_{ji} / \bar\pi_{ji}`.

    1 where both stand by themselves. Threat is power that can be brought to bear, beside proximity, offence and
    intentions (Walt 1987); whoever is linked to a third against j shares the burden (Olson and Zeckhauser 1966).
    """
    scaling = v["threat_scaling"]
    return (1 - scaling) + scaling * (contest_share(s, v, j, i, rules) / bare_share(v, j, i))


def primacy(v: Values) -> Floats:
    r"""American primacy over China, :math:`X_{US} / (X_{US} + C_{CN})`, as a share of the two."""
    return success(bare_strength(v, US), bare_strength(v, CN))


def stake_share(s: Stances, v: Values, i: int, j: int, rules: Rules = FIRST) -> Floats:
    r"""Share of i in what it disputes with j.

    :math:`\pi_{ij}` where both accommodate (a settlement in proportion to strength: Fearon 1995; Powell 1999) and
    where both oppose; whoever accommodates alone gives up the part y of its share:

    .. math:: \pi_{ij} (1 - y s_{ij} (1 - s_{ji})) + y \pi_{ji} s_{ji} (1 - s_{ij})

    Between the United States and Russia, American accommodation also hands over the part Z·y of the American share
    (Crimea, Ukraine, the NATO borders of 1997); what one gives up the other gains.
    """
    if (i, j) == (RU, US):
        return 1.0 - stake_share(s, v, US, RU, rules)
    return divided_share(contest_share(s, v, i, j, rules), s, v, i, j)


def divided_share(share: Floats, s: Stances, v: Values, i: int, j: int) -> Floats:
    """What :func:`stake_share` makes of i's share in the contest; affine in `share`. Not for Russia against the US."""
    yielding = v["unilateral_yield"]
    held = share * (1 - yielding * s[i, j] * (1 - s[j, i])) + yielding * (1 - share) * s[j, i] * (1 - s[i, j])
    if (i, j) == (US, RU):
        held = held * (1 - v["political_concession"] * yielding * s[US, RU])
    return held


def imbalance(share: Floats) -> Floats:
    r"""How far a contest is from even, :math:`(2\pi - 1)^2`: 0 between equals, 1 where one has all."""
    squared: Floats = (2 * share - 1) ** 2
    return squared


def unchoked(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""Part of the trade of i and j that neither stops, :math:`(1-\chi_{ij}(1-s_{ij}))(1-\chi_{ji}(1-s_{ji}))`."""
    part: Floats = (1 - v["choke", i, j] * (1 - s[i, j])) * (1 - v["choke", j, i] * (1 - s[j, i]))
    return part


def openness(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""Part of the trade of i and j that flows: :math:`(1 - \chi_{ij}(1-s_{ij}))(1 - \chi_{ji}(1-s_{ji}))`, and further

    for Russia and China times :math:`1 - z(1-v)(1-s_{US,RU})`, since firms and banks comply with secondary sanctions
    whatever the state wants; for the United States and China times :math:`1 - t(1-s_{US,RU})c_{RU,CN}`, the tariff
    tied to China's energy trade with Russia.
    """
    part = unchoked(s, v, i, j)
    if {i, j} == {RU, CN}:
        return part * (1 - v["secondary_sanctions"] * (1 - v["evasion"]) * (1 - s[US, RU]))
    if {i, j} == {US, CN}:
        return part * (1 - v["secondary_tariff"] * (1 - s[US, RU]) * s.link(RU, CN))
    return part


def trade_flow(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""Trade of i and j that flows, :math:`T_{ij}` times :func:`openness`, in billion dollars a year; i before j."""
    flow: Floats = v["trade", i, j] * openness(s, v, i, j)
    return flow


def trade_gain(s: Stances, v: Values, i: int, j: int) -> Floats:
    r"""What i gains from its trade with j, :math:`g_{ij} T_{ij}` times :func:`openness`, in billion dollars a year."""
    gain: Floats = v["gain", i, j] * v["trade", i, j] * openness(s, v, i, j)
    return gain


def evaded_trade(s: Stances, v: Values) -> Floats:
    r"""Trade of Russia and China that reaches its end past secondary sanctions, :math:`T_{RU,CN} z v (1 - s_{US,RU})`
    times :func:`unchoked`, in billion dollars a year.
    """
    evaded: Floats = v["trade", RU, CN] * unchoked(s, v, RU, CN)
    return evaded * (v["secondary_sanctions"] * v["evasion"] * (1 - s[US, RU]))


def hostility(s: Stances, v: Values, i: int, j: int, rules: Rules = FIRST) -> Floats:
    """How far i lives in hostility with j by the rules of a form, 0 to 1; nothing at a link."""
    return rules.hostility(s, v, i, j)


def credibility(v: Values) -> Floats:
    r"""Expected life of American promises, as a share of a permanent one: :math:`(1-\delta)/(1-\delta(1-h))`.

    Nobody here has a reason to keep or to break a promise: it is no commitment.
    """
    return expected_life(v["discount_factor"], v["reversal_hazard"])


def for_ever(v: Values) -> Floats:
    """Expected life of what rests on a link that does not break: all of a permanent one."""
    return np.ones_like(v["discount_factor"])


def contract_life(v: Values) -> Floats:
    r"""Expected life of what rests on the link of Russia and China, as a share of a permanent one:
    :math:`(1-\delta)/(1-\delta(1-h_{RU,CN}))`, the counterpart of :func:`credibility`.
    """
    return expected_life(v["discount_factor"], v["link_hazard"])


def expected_life(patience: Floats, hazard: Floats) -> Floats:
    """Value of a payment that ends with this hazard a year, over that of one that never ends, both discounted."""
    return (1 - patience) / (1 - patience * (1 - hazard))


def effective_relief(v: Values) -> Floats:
    r"""Relief that Russia can count on: :math:`r (\omega + (1-\omega) e)` times :func:`credibility`."""
    controlled = v["us_sanction_share"]
    return v["relief"] * (controlled + (1 - controlled) * v["europe_joins"]) * credibility(v)


def gate(s: Stances, v: Values) -> Floats:
    r"""Part of the relief that is paid out: :math:`s_{US,RU}((1-\rho)+\rho s_{RU,US})((1-\gamma)+\gamma(1-s_{RU,CN}))`.

    Zero whenever the United States opposes Russia. Reciprocity ρ withholds a part unless Russia accommodates the US,
    conditionality γ unless it drops China; with both at zero Russia can pocket the relief and stay.
    """
    returned = 1 - v["reciprocity"] * (1 - s[RU, US])
    dropped = 1 - v["conditionality"] * s[RU, CN]
    return s[US, RU] * returned * dropped


def lost_output(v: Values) -> Floats:
    r"""Output that sanctions cost Russia, as a part of what it has, :math:`\sigma / (1 - \sigma)`.

    The cost is a share of what output would be, the GDP is what it is: hence the division.
    """
    lost: Floats = v["sanction_cost"] / (1 - v["sanction_cost"])
    return lost


def regained(s: Stances, v: Values) -> Floats:
    r"""Output that relief gives back to Russia, as a part of what it has: :func:`gate` · :func:`effective_relief` ·
    :func:`lost_output`.
    """
    part: Floats = gate(s, v) * effective_relief(v) * lost_output(v)
    return part


def pipeline_surplus(v: Values) -> Floats:
    """Yearly surplus of a new gas deal, volume · (buyer's value − seller's cost) / 1000, in billion dollars.

    Billion cubic metres times dollars per thousand cubic metres give million dollars, hence the factor. A deal that
    loses money is not signed, so the surplus is never negative.
    """
    spread = np.maximum(0.0, v["pipeline_buyer_value"] - v["pipeline_seller_cost"])
    return v["pipeline_volume"] * spread / 1000.0


def bargaining_share_ru(s: Stances, v: Values) -> Floats:
    r"""Russia's share of the pipeline surplus, :math:`\beta_{RU} = \frac12 + \frac12 (d_{RU} - d_{CN})`, within [0, 1].

    The Nash bargaining solution with disagreement payoffs as shares of the surplus: :math:`d_{RU}` = what full relief
    would bring from other buyers · relief paid out, :math:`d_{CN}` = China's other sellers (Nash 1950). They are threat
    points, which each has while they disagree and which move the split from the first unit; outside options, which
    bind only once they exceed a share (Binmore, Rubinstein and Wolinsky 1986), they are not.
    """
    option_ru = v["outside_option", RU] * gate(s, v) * effective_relief(v)
    return np.clip(0.5 + 0.5 * (option_ru - v["outside_option", CN]), 0.0, 1.0)


def bargained_gas_price(s: Stances, v: Values) -> Floats:
    r"""Price of the gas of a new deal that the bargain gives, :math:`c + \beta_{RU} \max(0, b - c)`, in dollars per
    thousand cubic metres.
    """
    spread = np.maximum(0.0, v["pipeline_buyer_value"] - v["pipeline_seller_cost"])
    price: Floats = v["pipeline_seller_cost"] + bargaining_share_ru(s, v) * spread
    return price


def paid_gas_price(s: Stances, v: Values) -> Floats:
    r"""Price that is paid once the discount is taken off, :math:`(1 - q)` times :func:`bargained_gas_price`."""
    price: Floats = bargained_gas_price(s, v) * (1 - v["gas_discount"])
    return price


def gas_rebate(s: Stances, v: Values) -> Floats:
    r"""What a discount on that price leaves to China, :math:`Q \cdot q \cdot` price / 1000, in billion dollars
    a year.
    """
    rebate: Floats = v["pipeline_volume"] * v["gas_discount"] * bargained_gas_price(s, v) / 1000.0
    return rebate
