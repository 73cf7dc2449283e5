"""The payoffs of the stance game a second time: one profile, one player, plain numbers, loops and ifs.

Written from the specification of the model in its own words, and not from the package: nothing of ``triangle`` is
imported. It is slow on purpose; the tests compare every payoff of the package with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

PLAYERS = ("us", "ru", "cn")
ACCOMMODATES = {
    "us": {0: (), 1: ("cn",), 2: ("ru",), 3: ("ru", "cn")},
    "ru": {0: (), 1: ("cn",), 2: ("us",), 3: ("us", "cn")},
    "cn": {0: (), 1: ("ru",), 2: ("us",), 3: ("us", "ru")},
}
TERMS = (
    "contest",
    "rivalry",
    "exchange",
    "relief",
    "alliance",
    "order",
    "balance",
    "autonomy",
    "dual_use",
    "pipeline",
)


@cache
def promise(patience: float, hazard: float) -> float:
    """Present value of a stream that ends with the hazard, by summing years, over that of one that never ends."""
    kept = forever = 0.0
    for year in range(2000):
        kept += (patience * (1 - hazard)) ** year
        forever += patience**year
    return kept / forever


class World:
    """One action profile at one point of the parameters."""

    def __init__(self, actions: tuple[int, int, int], p: Mapping[str, float]):
        self.p = p
        self.friends = {who: ACCOMMODATES[who][action] for who, action in zip(PLAYERS, actions, strict=True)}

    def accommodates(self, i: str, j: str) -> bool:
        return j in self.friends[i]

    def linked(self, i: str, j: str) -> bool:
        return self.accommodates(i, j) and self.accommodates(j, i)

    def percent(self, quantity: str, holder: str, *other: str) -> float:
        """A quantity in per cent of its holder's GDP, in dollars."""
        name = "_".join((quantity, holder, *other))
        return self.p[name] * self.p[f"gdp_{holder}"] / 100

    def strength(self, i: str, j: str) -> float:
        (k,) = set(PLAYERS) - {i, j}
        x = self.p[f"capability_{i}"]
        if not self.accommodates(i, j) and not self.accommodates(i, k):
            x *= 1 - self.p["two_front_dilution"]
        if self.linked(i, k):
            x += self.p["third_party_support"] * self.p[f"capability_{k}"]
        if i == "us":
            allies = self.p["ally_commitment"] * self.p["capability_allies"]
            if self.accommodates("us", "ru"):
                allies *= 1 - self.p["ally_erosion"] * self.p["political_concession"]
            x += allies
        return x

    def odds(self, i: str, j: str) -> float:
        m = self.p["decisiveness"]
        mine, theirs = self.strength(i, j) ** m, self.strength(j, i) ** m
        return mine / (mine + theirs)

    def share(self, i: str, j: str) -> float:
        """Part of the stake of i and j that i ends with."""
        y = self.p["unilateral_yield"]
        if (i, j) == ("ru", "us"):  # what America concedes, Russia gains
            return 1 - self.share("us", "ru")
        if self.accommodates(i, j) and not self.accommodates(j, i):
            share = (1 - y) * self.odds(i, j)
        elif self.accommodates(j, i) and not self.accommodates(i, j):
            share = 1 - (1 - y) * self.odds(j, i)
        else:
            share = self.odds(i, j)
        if (i, j) == ("us", "ru") and self.accommodates("us", "ru"):
            share *= 1 - self.p["political_concession"] * y
        return share

    def open(self, i: str, j: str) -> float:
        flow = 1.0
        for a, b in ((i, j), (j, i)):
            if not self.accommodates(a, b):
                flow *= 1 - self.p[f"choke_{a}_{b}"]
        if not self.accommodates("us", "ru"):
            if {i, j} == {"ru", "cn"}:
                flow *= 1 - self.p["secondary_sanctions"] * (1 - self.p["evasion"])
            if {i, j} == {"us", "cn"} and self.linked("ru", "cn"):
                flow *= 1 - self.p["secondary_tariff"]
        return flow

    def promise(self) -> float:
        return promise(self.p["discount_factor"], self.p["reversal_hazard"])

    def effective_relief(self) -> float:
        own = self.p["us_sanction_share"]
        return self.p["relief"] * (own + (1 - own) * self.p["europe_joins"]) * self.promise()

    def gate(self) -> float:
        if not self.accommodates("us", "ru"):
            return 0.0
        paid = 1.0
        if not self.accommodates("ru", "us"):
            paid *= 1 - self.p["reciprocity"]
        if self.accommodates("ru", "cn"):
            paid *= 1 - self.p["conditionality"]
        return paid

    def russias_part(self) -> float:
        """Nash bargaining over a surplus of one: equal gains over the outside options, within none and all."""
        mine = self.p["outside_option_ru"] * self.gate() * self.effective_relief()
        theirs = self.p["outside_option_cn"]
        part = mine + (1 - mine - theirs) / 2
        return min(1.0, max(0.0, part))

    def contest(self, who: str) -> float:
        return sum(self.share(who, j) * self.percent("stake", who, j) for j in PLAYERS if j != who)

    def rivalry(self, who: str) -> float:
        w, cost = self.p["burden_of_being_opposed"], 0.0
        for j in PLAYERS:
            if j != who:
                if not self.accommodates(j, who):
                    cost += w * self.percent("rivalry_cost", who, j)
                if not self.accommodates(who, j):
                    cost += (1 - w) * self.percent("rivalry_cost", who, j)
        return -cost

    def exchange(self, who: str) -> float:
        total = 0.0
        for j in PLAYERS:
            if j != who:
                first, second = sorted((who, j), key=PLAYERS.index)
                trade = self.p[f"trade_{first}_{second}"]
                total += self.p[f"gain_{who}_{j}"] * trade * self.open(who, j)
        return total

    def relief(self, who: str) -> float:
        if who != "ru":
            return 0.0
        share = self.p["sanction_cost"]
        worth = share / (1 - share) * self.p["gdp_ru"] + self.p["frozen_assets"] * self.p["asset_return"]
        return self.gate() * self.effective_relief() * worth

    def alliance(self, who: str) -> float:
        if who == "us" and self.accommodates("us", "ru"):
            return -self.p["alliance_value"] * self.p["gdp_us"] / 100 * self.p["political_concession"]
        return 0.0

    def order(self, who: str) -> float:
        if not self.linked("ru", "cn"):
            return 0.0
        value = self.percent("order_value", who)
        if who == "us":
            return -value * sum(not self.accommodates(i, "us") for i in ("ru", "cn")) / 2
        return 0.0 if self.accommodates(who, "us") else value

    def balance(self, who: str) -> float:
        i, j = (player for player in PLAYERS if player != who)
        return -self.percent("balance_weight", who) * (self.odds(i, j) - self.odds(j, i)) ** 2

    def autonomy(self, who: str) -> float:
        if who != "ru" or not self.accommodates("ru", "cn"):
            return 0.0
        price = self.p["autonomy_cost"] * self.p["gdp_ru"] / 100
        price *= self.p["dependence_ru_cn"] / self.p["dependence_reference"]
        return -price / 2 if self.accommodates("ru", "us") else -price

    def dual_use(self, who: str) -> float:
        if not self.accommodates("cn", "ru"):
            return 0.0
        if who == "ru":
            needs = self.p["dual_use_value"] * self.p["gdp_ru"] / 100
            return needs * self.p["dual_use_dependence"] * self.p["war_intensity"]
        if who == "cn" and not self.accommodates("us", "ru"):
            return -self.p["sanction_exposure"] * self.p["gdp_cn"] / 100 * (1 - self.p["evasion"])
        return 0.0

    def pipeline(self, who: str) -> float:
        if who == "us" or not self.linked("ru", "cn"):
            return 0.0
        spread = self.p["pipeline_buyer_value"] - self.p["pipeline_seller_cost"]
        if spread < 0:  # nobody signs a deal that loses money
            return 0.0
        surplus = self.p["pipeline_volume"] * 1e9 * spread / 1000 / 1e9  # cubic metres, dollars per thousand of them
        return surplus * (self.russias_part() if who == "ru" else 1 - self.russias_part())


class SecondWorld(World):
    """The same by the second form: hostility takes one, peace takes two."""

    def bare(self, i: str) -> float:
        """Strength by itself: no link, one front, no concession."""
        return self.p[f"capability_{i}"] + (self.p["ally_commitment"] * self.p["capability_allies"] if i == "us" else 0)

    def might(self, i: str) -> float:
        """Capability; who is relieved produces more and has more of it."""
        own = self.p[f"capability_{i}"]
        if i == "ru":
            would_be = self.p["gdp_ru"] / (1 - self.p["sanction_cost"])
            back = self.gate() * self.effective_relief() * (would_be - self.p["gdp_ru"])
            own += own * self.p["relief_to_strength"] * back / self.p["gdp_ru"]
        return own

    def strength(self, i: str, j: str) -> float:
        (k,) = set(PLAYERS) - {i, j}
        x = self.might(i)
        if not self.linked(i, j) and not self.linked(i, k):
            x -= self.p["two_front_dilution"] * x
        if self.linked(i, k) and not self.accommodates(k, j):
            x += self.p["third_party_support"] * self.might(k)
        if i == "us":
            allies = self.p["ally_commitment"] * self.p["capability_allies"]
            if self.accommodates("us", "ru"):
                allies -= allies * self.p["ally_erosion"] * self.p["political_concession"]
            x += allies
        elif j == "us" and self.linked("ru", "cn"):
            x += self.p["partners_commitment"] * self.p["capability_partners"]
        return x

    def exchange(self, who: str) -> float:
        gains = super().exchange(who)
        if who != "ru" or self.accommodates("us", "ru"):
            return gains
        travels = self.p["trade_ru_cn"]
        for i, j in (("ru", "cn"), ("cn", "ru")):
            travels -= 0.0 if self.accommodates(i, j) else travels * self.p[f"choke_{i}_{j}"]
        detoured = travels * self.p["secondary_sanctions"] * self.p["evasion"]
        return gains - self.p["evasion_cost"] * detoured

    def rivalry(self, who: str) -> float:
        m, mu, cost = self.p["decisiveness"], self.p["threat_scaling"], 0.0
        for j in PLAYERS:
            if j == who or self.linked(who, j):
                continue
            if not self.accommodates(j, who):
                part = 1.0
            else:
                part = 1 - self.p["burden_of_being_opposed"]
            alone = self.bare(j) ** m / (self.bare(j) ** m + self.bare(who) ** m)
            might = mu * self.odds(j, who) / alone + 1 - mu
            cost += self.percent("rivalry_cost", who, j) * part * might
        return -cost

    def order(self, who: str) -> float:
        value = super().order(who)
        if who != "us":
            nu, share = self.p["primacy_scaling"], self.bare("us") / (self.bare("us") + self.bare("cn"))
            value *= 1 + nu * (share / self.p["primacy_reference"] - 1)
        return value

    def dual_use(self, who: str) -> float:
        if who != "ru":
            return super().dual_use(who)
        burden = self.p["dual_use_value"] * self.p["gdp_ru"] / 100 * self.p["war_intensity"]
        return -burden * (1 - self.p["dual_use_dependence"]) if self.accommodates("cn", "ru") else -burden

    def pipeline(self, who: str) -> float:
        if who == "us" or not self.linked("ru", "cn"):
            return 0.0
        cost, volume = self.p["pipeline_seller_cost"], self.p["pipeline_volume"] / 1000
        worth = max(cost, self.p["pipeline_buyer_value"])
        price = (cost + (worth - cost) * self.russias_part()) * (1 - self.p["gas_discount"])
        years = [(self.p["discount_factor"] * (1 - h)) for h in (0.0, self.p["link_hazard"])]
        for_ever, until_it_breaks = (1 / (1 - kept) for kept in years)
        return volume * (price - cost if who == "ru" else worth - price) * until_it_breaks / for_ever


#: The world of each form.
WORLDS = {"first": World, "second": SecondWorld}


def payoff(term: str, player: int, actions: tuple[int, int, int], p: Mapping[str, float], form: str = "first") -> float:
    """Payoff of a player from one term at one profile, billion dollars a year."""
    value: float = getattr(WORLDS[form](actions, p), term)(PLAYERS[player])
    return value
