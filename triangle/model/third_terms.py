"""The payoff terms of third parties, whose actions are settings of parameters (:mod:`triangle.players.thirds`).

A term is a function of stances `s` and values `v` as those of :mod:`triangle.model.terms`, and its docstring answers
the same five questions. It returns the payoffs of its own player alone, whose code its name begins with. What the
player does a term reads off a parameter that the player chooses: ``v["europe_joins"]`` is a number under each action.

A scenario names the terms that a player has. Their parameters stand in ``third_parameters.toml`` and are part of a
model only where a term that reads them is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triangle.model.mechanisms import gate, regained, success
from triangle.model.parameters import Values
from triangle.model.terms import Payoffs, Term
from triangle.players.axes import CN, RU, US
from triangle.players.stances import Stances


def lifted(s: Stances, v: Values) -> NDArray[np.float64]:
    """Part of its sanctions that Europe lifts: e · r · gate; along with America's, and on the same conditions."""
    part: NDArray[np.float64] = v["europe_joins"] * v["relief"] * gate(s, v)
    return part


def departure(mine: NDArray[np.float64], washington: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far one is from Washington's line: 1 where either accommodates and the other does not."""
    apart: NDArray[np.float64] = mine * (1 - washington) + (1 - mine) * washington
    return apart


def eu_reopening(s: Stances, v: Values) -> Payoffs:
    """What Europe gains by trading with Russia again: g_EU · T_EU,RU · ℓ, with ℓ = e · r · gate what it lifts.

    **Who gains**: Europe, as far as it lifts its sanctions. **From what**: the trade with Russia that they ended.
    **Mechanism**: trade comes back in proportion, and only while relief is paid out. **Left out**: what Russia gains
    by the same trade, which is in its relief, and that buyers have bound themselves to other sellers since.
    **Literature**: Hirschman (1945), *National Power and the Structure of Foreign Trade*.
    """
    return {v.cast.player("EU"): v["gain_eu"] * v["closed_trade_eu"] * lifted(s, v)}


def eu_security(s: Stances, v: Values) -> Payoffs:
    """What Europe pays for its security: −F · (1 − s_RU,US) · (1 + y) − D · Z · s_US,RU, with y what Russia regains.

    **Who loses**: Europe. **From what**: the threat on its eastern border, and a protector that concedes.
    **Mechanism**: a Russia that opposes the West makes Europe arm, in proportion to its means, to which relief gives
    back what sanctions took; what Washington concedes Europe must replace. **Left out**: war, differences among
    Europe's states, and what lifting costs in itself, which is in :func:`eu_principle`. **Literature**: Walt (1987),
    *The Origins of Alliances* (the balance of threat); Snyder (1984), *World Politics* 36 (abandonment).
    """
    threat = v["effort_eu"] * (1 - s[RU, US]) * (1 + regained(s, v))
    return {v.cast.player("EU"): -threat - v["cover_eu"] * v["political_concession"] * s[US, RU]}


def eu_principle(s: Stances, v: Values) -> Payoffs:
    """What it costs Europe to lift sanctions for a Russia that goes on opposing the West: −K · ℓ · (1 − s_RU,US).

    **Who loses**: Europe, as far as it lifts its sanctions. **From what**: its word, and an example that attack pays.
    **Mechanism**: the cost is of what is lifted, and of nothing where Russia has changed its course. **Left out**: that
    states of the Union differ in it. **Literature**: Snyder (1984), *World Politics* 36 (abandonment and entrapment).
    """
    return {v.cast.player("EU"): -v["principle_eu"] * lifted(s, v) * (1 - s[RU, US])}


def eu_unity(s: Stances, v: Values) -> Payoffs:
    """What it costs Europe to depart from Washington's line on Russia: −W · (e · (1 − s_US,RU) + (1 − e) · s_US,RU).

    **Who loses**: Europe. **From what**: American tariffs and ill will. **Mechanism**: a split of the West costs
    whoever leaves the line, in whichever direction. **Left out**: what the split costs America, and that Washington may
    not punish. **Literature**: Snyder (1984), *World Politics* 36 (abandonment and entrapment).
    """
    return {v.cast.player("EU"): -v["rift_eu"] * departure(v["europe_joins"], s[US, RU])}


def eu_assets(s: Stances, v: Values) -> Payoffs:
    """What Europe forgoes of the interest on frozen assets, which it spends on Ukraine: −ι · A_EU · ℓ.

    **Who loses**: Europe, as far as it lifts its sanctions. **From what**: the return on Russian reserves that lie in
    the Union. **Mechanism**: what is released earns for Russia again. **Left out**: the assets themselves, and the
    trust in the currency that keeping them may cost. **Literature**: Farrell and Newman (2019), *International
    Security* 44.
    """
    return {v.cast.player("EU"): -v["asset_return"] * v["assets_eu"] * lifted(s, v)}


def eu_market(s: Stances, v: Values) -> Payoffs:
    """What the Chinese market is worth to Europe by what it does: g_EU · T_EU,CN · χ · (w · (1 − f) − f).

    **Who gains**: a Europe that trades with China; one that follows Washington loses. **From what**: the part χ of the
    trade that barriers as high as those of America and China against each other would stop, and the market that China
    opens to whoever does not follow. **Mechanism**: China courts Europe with access. **Left out**: what Chinese sales
    do to Europe's own makers, and that courting costs China. **Literature**: Hirschman (1945), *National Power and the
    Structure of Foreign Trade*; Keohane and Nye (1977), *Power and Interdependence*.
    """
    part = 1 - (1 - v["choke", US, CN]) * (1 - v["choke", CN, US])
    follows = v["follows_eu"]
    worth = v["gain_eu"] * v["trade_eu_cn"] * part
    return {v.cast.player("EU"): worth * (v["courtship_eu"] * (1 - follows) - follows)}


def eu_front(s: Stances, v: Values) -> Payoffs:
    """What it costs Europe to depart from Washington's line on China: −W · (f · s_US,CN + (1 − f) · (1 − s_US,CN)).

    **Who loses**: Europe. **From what**: American tariffs and ill will. **Mechanism**: as over Russia; to follow is to
    oppose, so that the line is kept by following where Washington opposes China. **Left out**: that the two departures
    may be punished together. **Literature**: Snyder (1984), *World Politics* 36 (abandonment and entrapment).
    """
    return {v.cast.player("EU"): -v["rift_eu"] * departure(1 - v["follows_eu"], s[US, CN])}


def ua_war(s: Stances, v: Values) -> Payoffs:
    """What a year of war costs Ukraine beyond the aid that it gets: w · (G_EU + G_US · (1 − Z · s_US,RU) − H − x_UA).

    **Who loses**: a Ukraine that fights. **From what**: what is destroyed and what its forces cost. **Mechanism**: aid
    bears a part of it, and the American part falls with the concession to Russia. **Left out**: lives, lost output, and
    the forces that Ukraine needs without a war too. **Literature**: Fearon (1995), *International Organization* 49.
    """
    aid = v["aid_europe_ua"] + v["aid_us_ua"] * (1 - v["political_concession"] * s[US, RU])
    return {v.cast.player("UA"): v["war_intensity"] * (aid - v["damage_ua"] - v["arms_ua"])}


def ua_table(s: Stances, v: Values) -> Payoffs:
    """What Ukraine holds of what it has at stake: S · π · (1 − y · (1 − w) · (1 − s_RU,US)), π its share by arms.

    **Who gains**: Ukraine. **From what**: its territory and its say. **Mechanism**: arms and aid decide the share, as
    in any contest; whoever settles with a Russia that opposes gives up the part y of it, as any player does that
    accommodates alone, while fighting on keeps the place at the table. **Left out**: the course of the war, and that a
    settlement may not be kept. **Literature**: Tullock (1980); Fearon (1995), *International Organization* 49.
    """
    arms = v["arms_ua"] + v["aid_europe_ua"] + v["aid_us_ua"] * (1 - v["political_concession"] * s[US, RU])
    share = success(arms ** v["decisiveness"], v["arms_against_ua"] ** v["decisiveness"])
    given_up = v["unilateral_yield"] * (1 - v["war_intensity"]) * (1 - s[RU, US])
    return {v.cast.player("UA"): v["stake_ua"] * share * (1 - given_up)}


def ir_oil(s: Stances, v: Values) -> Payoffs:
    """What Iran earns by selling oil to China: P · q.

    **Who gains**: Iran. **From what**: oil that nine tenths of its buyers abroad are Chinese for. **Mechanism**: it
    earns while it sells. **Left out**: American sanctions on Iran itself, which no stance here moves, and other buyers.
    **Literature**: Hirschman (1945), *National Power and the Structure of Foreign Trade*.
    """
    return {v.cast.player("IR"): v["oil_ir"] * v["sells_ir"]}


def ir_backing(s: Stances, v: Values) -> Payoffs:
    """What a deal of Moscow with Washington costs Iran: −B · s_RU,US.

    **Who loses**: Iran. **From what**: the backing of its last ally in the region. **Mechanism**: a Russia that
    accommodates America drops it. **Left out**: Israel, the bomb, and what Russia would be paid for it.
    **Literature**: Snyder (1984), *World Politics* 36 (abandonment).
    """
    iran = v.cast.player("IR")
    return {iran: -v.dollars("backing", iran) * s[RU, US]}


def al_cover(s: Stances, v: Values) -> Payoffs:
    """What standing by America is worth to its allies: q · (D · (1 − Z · s_US,RU) − H).

    **Who gains**: the allies, while America protects them. **From what**: arms that they need not pay. **Mechanism**:
    bases and intelligence are the price of protection, and what is conceded to Russia is protection no more.
    **Left out**: differences among the allies, and that trust takes long to come back. **Literature**: Snyder (1984),
    *World Politics* 36 (abandonment and entrapment).
    """
    protected = v["cover_al"] * (1 - v["political_concession"] * s[US, RU])
    return {v.cast.player("AL"): v["trusts_al"] * (protected - v["hosting_al"])}


def in_oil(s: Stances, v: Values) -> Payoffs:
    """What India saves by buying Russian crude: D · q.

    **Who gains**: India, while it buys. **From what**: a discount that sanctions on Russia open. **Mechanism**: whoever
    buys what others may not is paid for it. **Left out**: that all crude would cost more if nobody bought Russia's, and
    arms from Russia. **Literature**: Hirschman (1945), *National Power and the Structure of Foreign Trade*.
    """
    return {v.cast.player("IN"): v["saving_in"] * v["buys_in"]}


def in_tariff(s: Stances, v: Values) -> Payoffs:
    """What Washington's tariff over Russian oil costs India: −L · q · (1 − s_US,RU).

    **Who loses**: an India that buys. **From what**: a tariff on what it sells to America. **Mechanism**: a Washington
    that opposes Russia punishes its buyers; one that courts it has no reason to. **Left out**: tariffs over other
    matters, and what India would answer. **Literature**: Farrell and Newman (2019), *International Security* 44.
    """
    return {v.cast.player("IN"): -v["tariff_loss_in"] * v["buys_in"] * (1 - s[US, RU])}


def kp_return(s: Stances, v: Values) -> Payoffs:
    """What Russia gives North Korea for its arms: q · W · (P + h · V · (1 − s_RU,US)).

    **Who gains**: a North Korea that arms Russia. **From what**: what it is seen to be paid, and technology and cover
    that nobody sees. **Mechanism**: a Russia at war buys; what it may not give it gives as long as it opposes the West.
    **Left out**: hard currency that the regime cannot get elsewhere, and China's displeasure. **Literature**: Morrow
    (1991), *American Journal of Political Science* 35.
    """
    unseen = v["unseen_kp"] * v["sent_kp"] * (1 - s[RU, US])
    return {v.cast.player("KP"): v["arms_kp"] * v["war_intensity"] * (v["paid_kp"] + unseen)}


def kp_cost(s: Stances, v: Values) -> Payoffs:
    """What arming Russia costs North Korea: −c · V · q · W.

    **Who loses**: a North Korea that arms Russia. **From what**: shells, missiles and troops that it has no more.
    **Mechanism**: what is sent is gone, at a part of its price, for much of it was old. **Left out**: what its troops
    learn, and its own safety without what it sent. **Literature**: Morrow (1991), *American Journal of Political
    Science* 35.
    """
    sent = v["sent_kp"] * v["arms_kp"] * v["war_intensity"]
    return {v.cast.player("KP"): -v["cost_kp"] * sent}


#: All terms of third parties by name.
THIRD_TERMS: dict[str, Term] = {
    term.__name__: term
    for term in (
        eu_reopening,
        eu_security,
        eu_principle,
        eu_unity,
        eu_assets,
        eu_market,
        eu_front,
        ua_war,
        ua_table,
        ir_oil,
        ir_backing,
        al_cover,
        in_oil,
        in_tariff,
        kp_return,
        kp_cost,
    )
}


def terms_of(code: str) -> list[str]:
    """The terms that a player of this code can have."""
    return [name for name in THIRD_TERMS if name.startswith(f"{code.lower()}_")]
