"""What international relations theory expects of payoffs, as laws that any form of them can be held against.

Each law is a comparison of payoffs that is true or false at a point of the parameters, for an ordered triple of players
(i, j, k) and for stances that it leaves open; what is reported is the share of cases in which it is true. Written down
before the payoffs they judge. The literature behind each stands in :data:`LAWS`.

D_i(j) = U_i(accommodate j) - U_i(oppose j) is what i gains by accommodating j. *Security terms* are the contest and the
costs of rivalry. A derivative is a difference over a step of a thousandth, or over the whole of a quantity that the
payoffs are affine in.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import margins
from triangle.model.parameters import Catalogue, Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import Term
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = Mapping[str, Floats]
Terms = Mapping[str, Term]

#: Share of the largest payoff at a point below which a difference is rounding.
ROUNDING = 1e-11

#: All ordered triples of players.
TRIPLES = tuple(itertools.permutations((US, RU, CN)))

#: The terms of security: what is disputed and what hostility costs.
SECURITY = ("contest", "rivalry")


def drawn(catalogue: Catalogue, count: int, seed: int = 0) -> dict[str, Floats]:
    """Independent draws of all parameters, levers too, each by its prior over its range."""
    generator = np.random.default_rng(seed)
    numbers = {}
    for p in catalogue:
        uniform = generator.uniform(size=count)
        if p.prior == "loguniform":
            numbers[p.name] = p.low * (p.high / p.low) ** uniform
        else:
            numbers[p.name] = p.low + (p.high - p.low) * uniform
    return numbers


def name(quantity: str, *players: int) -> str:
    """The name of a parameter."""
    return "_".join((quantity, *(SHIPPED.codes[i].lower() for i in players)))


@dataclass(frozen=True)
class Point:
    """A form of the payoffs at a batch of points."""

    terms: Terms
    numbers: Numbers

    def at(self, **changed: float | Floats) -> Point:
        """The same with some parameters set."""
        return Point(self.terms, {**self.numbers, **{key: np.asarray(value) for key, value in changed.items()}})

    def times(self, factor: float, *names: str) -> Point:
        """The same with some parameters multiplied."""
        return self.at(**{key: factor * np.asarray(self.numbers[key]) for key in names})

    def only(self, *names: str) -> Point:
        """The same with these terms alone."""
        return Point({key: term for key, term in self.terms.items() if key in names}, self.numbers)

    @property
    def security(self) -> Point:
        """The same with the terms of security alone."""
        return self.only(*SECURITY)

    def contest_with(self, j: int, i: int) -> Point:
        """The same with nothing but what i and j dispute."""
        other = next(k for k in (US, RU, CN) if k not in (i, j))
        return self.only("contest").times(0.0, name("stake", i, other))

    @cached_property
    def _tensor(self) -> Floats:
        return payoff_tensor(Values(self.numbers, SHIPPED), self.terms)

    def payoff(self, i: int, j: int, k: int) -> Floats:
        """Payoff of i as ``[s_ij, s_ik, s_ji, s_jk, s_ki, s_kj, sample]``."""
        whole = self._tensor[i]
        samples = whole.shape[3:]
        stances = whole.reshape((2,) * 6 + samples)
        pairs = [(US, RU), (US, CN), (RU, US), (RU, CN), (CN, US), (CN, RU)]
        wanted = [pairs.index(pair) for pair in ((i, j), (i, k), (j, i), (j, k), (k, i), (k, j))]
        return np.moveaxis(stances, wanted, range(6))


def gain(u: Floats) -> Floats:
    """D_i(j) of a payoff: what i gains by accommodating j, ``[s_ik, s_ji, s_jk, s_ki, s_kj, sample]``."""
    return u[1] - u[0]


def gain_from_other(u: Floats) -> Floats:
    """D_i(k) of a payoff: ``[s_ij, s_ji, s_jk, s_ki, s_kj, sample]``."""
    return u[:, 1] - u[:, 0]


def no_more(a: Floats, b: Floats, scale: Floats) -> Bools:
    """Whether a is at most b, up to rounding."""
    return a <= b + ROUNDING * np.abs(scale).max()


def less(a: Floats, b: Floats, scale: Floats) -> Bools:
    """Whether a is smaller than b by more than rounding."""
    return a < b - ROUNDING * np.abs(scale).max()


Comparison = Callable[[Point, int, int, int], Bools]

#: By how much a quantity is moved for a derivative where the payoffs are not affine in it.
STEP = 1.001


def being_opposed_draws_nobody(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j; s_ji = 0)/dR_ij <= 0."""
    u, dearer = p.payoff(i, j, k), p.times(2.0, name("rivalry_cost", i, j)).payoff(i, j, k)
    return no_more(gain(dearer)[:, 0], gain(u)[:, 0], u)


def peace_pays(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j; s_ji = 1)/dR_ij > 0."""
    u, dearer = p.payoff(i, j, k), p.times(2.0, name("rivalry_cost", i, j)).payoff(i, j, k)
    return less(gain(u)[:, 1], gain(dearer)[:, 1], u)


def a_sucker_is_no_better_off(p: Point, i: int, j: int, k: int) -> Bools:
    """D_i(j; s_ji = 0) <= 0 in security terms."""
    u = p.security.payoff(i, j, k)
    return no_more(gain(u)[:, 0], np.zeros(()), u)


def nor_without_stakes(p: Point, i: int, j: int, k: int) -> Bools:
    """The same with every stake zero."""
    return a_sucker_is_no_better_off(
        p.times(0.0, *(name("stake", *pair) for pair in itertools.permutations((US, RU, CN), 2))), i, j, k
    )


def a_dearer_foe_draws_to_its_other_foe(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(k; s_ki = 1)/dR_ij > 0 where j is the foe of both."""
    u, dearer = p.payoff(i, j, k), p.times(2.0, name("rivalry_cost", i, j)).payoff(i, j, k)
    before, after = gain_from_other(u)[0, 0, 0, 1, 0], gain_from_other(dearer)[0, 0, 0, 1, 0]
    return less(before, after, u)


def a_common_foe_strengthens_a_link(p: Point, i: int, j: int, k: int) -> Bools:
    """D_i(k; s_ki = 1), where i and k oppose j, is larger if j opposes both than if it accommodates both."""
    u = p.payoff(i, j, k)
    d = gain_from_other(u)[0, :, :, 1, 0]
    return less(d[1, 1], d[0, 0], u)


def a_friend_who_opposes_my_foe_is_worth_more(p: Point, i: int, j: int, k: int) -> Bools:
    """D_i(k; s_ki = 1) is larger where k opposes j, the foe of i, than where k accommodates it."""
    u = p.payoff(i, j, k)
    d = gain_from_other(u)[0, 0, :, 1]
    return less(d[:, 1], d[:, 0], u)


def a_link_shares_the_burden(p: Point, i: int, j: int, k: int) -> Bools:
    """What rivalry with j costs i falls by a link with k, where j is the foe of both."""
    rivalry = p.only("rivalry").times(0.0, name("rivalry_cost", i, k)).payoff(i, j, k)
    return less(rivalry[0, 0, 0, 0, 1, 0], rivalry[0, 1, 0, 0, 1, 0], rivalry)


def linked_foes_are_worse(p: Point, i: int, j: int, k: int) -> Bools:
    """U_i where both others oppose it is no larger if they are linked than if they are foes."""
    u = p.payoff(i, j, k)
    return no_more(u[:, :, 0, 1, 0, 1], u[:, :, 0, 0, 0, 0], u)


def an_opening_ends_overstretch(p: Point, i: int, j: int, k: int) -> Bools:
    """With both others hostile, a reciprocated opening to j gains in the contest with k."""
    u = p.contest_with(k, i).payoff(i, j, k)
    return less(u[0, 0, 0, :, 0], u[1, 0, 1, :, 0], u)


def a_front_does_not_close_by_wishing(p: Point, i: int, j: int, k: int) -> Bools:
    """D_i(j; s_ji = 0) is no larger with two-front dilution than without, while i and k oppose each other."""
    u, undiluted = p.payoff(i, j, k), p.at(two_front_dilution=0.0).payoff(i, j, k)
    return no_more(gain(u)[0, 0, :, 0], gain(undiluted)[0, 0, :, 0], u)


def a_stronger_foe_hurts(p: Point, i: int, j: int, k: int) -> Bools:
    """dU_i/dC_j <= 0 in security terms, where i and j oppose each other and j opposes k too."""
    u, stronger = p.security.payoff(i, j, k), p.security.times(STEP, name("capability", j)).payoff(i, j, k)
    return no_more(stronger[0, :, 0, 0], u[0, :, 0, 0], u)


def a_stronger_foe_with_a_friend_hurts(p: Point, i: int, j: int, k: int) -> Bools:
    """The same where j and k are linked and oppose i."""
    u, stronger = p.security.payoff(i, j, k), p.security.times(STEP, name("capability", j)).payoff(i, j, k)
    return no_more(stronger[0, 0, 0, 1, 0, 1], u[0, 0, 0, 1, 0, 1], u)


def balancing_rises_with_the_foes_power(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(k; s_ki = 1)/dC_j >= 0 where j is the foe of both."""
    u, stronger = p.payoff(i, j, k), p.times(STEP, name("capability", j)).payoff(i, j, k)
    return no_more(gain_from_other(u)[0, 0, 0, 1, 0], gain_from_other(stronger)[0, 0, 0, 1, 0], u)


def a_growing_power_yields_less(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j; s_ji = 0)/dC_i <= 0."""
    u, grown = p.payoff(i, j, k), p.times(STEP, name("capability", i)).payoff(i, j, k)
    return no_more(gain(grown)[:, 0], gain(u)[:, 0], u)


def a_courted_russia_leaves_a_growing_china(p: Point, i: int, j: int, k: int) -> Bools:
    """d(U_RU(align) - U_RU(distance))/dC_CN < 0 where both others accommodate Russia and China opposes America."""
    u, grown = p.payoff(RU, US, CN), p.times(STEP, "capability_cn").payoff(RU, US, CN)
    align, distance = (0, 1, 1, slice(None), 1, 0), (1, 0, 1, slice(None), 1, 0)
    return less(grown[align] - grown[distance], u[align] - u[distance], u)


def allies_make_firm(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j; s_ji = 0)/dC_A <= 0 in the contest with j for i with allies; true for the others, who have none."""
    p = p.contest_with(j, i)
    u, backed = p.payoff(i, j, k), p.times(STEP, "capability_allies").payoff(i, j, k)
    return no_more(gain(backed)[:, 0], gain(u)[:, 0], u) | (i != US)


def dearer_yielding_deters(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j; s_ji = 0)/dy <= 0 in the contest with j."""
    p = p.contest_with(j, i)
    u, dearer = p.payoff(i, j, k), p.times(STEP, "unilateral_yield").payoff(i, j, k)
    return no_more(gain(dearer)[:, 0], gain(u)[:, 0], u)


def dearer_hostility_deters_exploiting(p: Point, i: int, j: int, k: int) -> Bools:
    """What i gains by opposing a j that accommodates it falls where hostility gets dearer for both of them."""
    u = p.payoff(i, j, k)
    dearer = p.times(2.0, name("rivalry_cost", i, j), name("rivalry_cost", j, i)).payoff(i, j, k)
    return less(-gain(dearer)[:, 1], -gain(u)[:, 1], u)


def trade_pacifies(p: Point, i: int, j: int, k: int) -> Bools:
    """dD_i(j)/dT_ij >= 0."""
    pair = next(key for key in (name("trade", i, j), name("trade", j, i)) if key in p.numbers)
    u, more = p.payoff(i, j, k), p.times(2.0, pair).payoff(i, j, k)
    return no_more(gain(u), gain(more), u)


def only_conditional_relief_moves(p: Point, i: int, j: int, k: int) -> Bools:
    """Relief without a condition, a pipeline and a gain in strength leaves D_RU(CN) as it is; with a condition it
    lowers it."""
    p = p.at(relief_to_strength=0.0)
    free = p.at(pipeline_volume=0.0, conditionality=0.0, relief=0.0)
    u, pocketed = free.payoff(RU, CN, US), free.at(relief=1.0).payoff(RU, CN, US)
    tied = p.at(pipeline_volume=0.0, conditionality=0.5, reciprocity=0.5, relief=1.0).payoff(RU, CN, US)
    same = no_more(gain(pocketed), gain(u), u) & no_more(gain(u), gain(pocketed), u)
    # Open are [s_RU,US, s_CN,RU, s_CN,US, s_US,RU, s_US,CN]; relief is paid where America accommodates.
    return same[:, :, :, 1] & less(gain(tied)[:, :, :, 1], gain(u)[:, :, :, 1], u)


def pocketed_relief_loosens(p: Point, i: int, j: int, k: int) -> Bools:
    """Relief without a condition and without a pipeline lowers D_RU(CN) where America pays it: by strength alone."""
    free = p.at(pipeline_volume=0.0, conditionality=0.0, relief=0.0)
    u, pocketed = free.payoff(RU, CN, US), free.at(relief=1.0).payoff(RU, CN, US)
    return less(gain(pocketed)[:, :, :, 1], gain(u)[:, :, :, 1], u)


def a_dearer_rift_never_loosens(p: Point, i: int, j: int, k: int) -> Bools:
    """The margin of {court_china, oppose_both, distance} never falls as the rivalry of Russia and China gets dearer."""
    dearer = p.times(STEP, "rivalry_cost_ru_cn", "rivalry_cost_cn_ru")
    held = [margins(payoff_tensor(Values(q.numbers, SHIPPED), q.terms))[1, 0, 2] for q in (p, dearer)]
    return no_more(*held, held[0])


def a_pivot_is_better_off(p: Point, i: int, j: int, k: int) -> Bools:
    """U_i where i is linked to both others, who oppose each other, is above that in a menage a trois."""
    u = p.payoff(i, j, k)
    return less(u[1, 1, 1, 1, 1, 1], u[1, 1, 1, 0, 1, 0], u)


def neutralising_a_foes_ally_pays(p: Point, i: int, j: int, k: int) -> Bools:
    """What i has of its contest with j, its foe, does not fall where k, linked to j, turns from j."""
    u = p.contest_with(j, i).payoff(i, j, k)
    return no_more(u[:, :, 0, 1, :, 1], u[:, :, 0, 1, :, 0], u)


def relief_costs_its_giver(p: Point, i: int, j: int, k: int) -> Bools:
    """Where America accommodates Russia, more relief never raises what it has of their contest."""
    contest = p.contest_with(RU, US)
    u, more = contest.at(relief=0.0).payoff(US, RU, CN), contest.at(relief=1.0).payoff(US, RU, CN)
    return no_more(more[1], u[1], u)


def relief_that_is_kept_costs_its_giver(p: Point, i: int, j: int, k: int) -> Bools:
    """The same strictly, where Russia keeps what it is given whatever it does, and opposes America."""
    contest = p.contest_with(RU, US).at(conditionality=0.0, reciprocity=0.0, us_sanction_share=0.5)
    u, more = contest.at(relief=0.0).payoff(US, RU, CN), contest.at(relief=1.0).payoff(US, RU, CN)
    return less(more[1, :, 0], u[1, :, 0], u)


def peace_is_no_loss(p: Point, i: int, j: int, k: int) -> Bools:
    """Russia never has less by the end of the fighting alone."""
    u, peace = p.at(war_intensity=1.0).payoff(RU, CN, US), p.at(war_intensity=0.0).payoff(RU, CN, US)
    return no_more(u, peace, u)


def a_discount_is_paid_by_the_seller(p: Point, i: int, j: int, k: int) -> Bools:
    """A discount on the gas takes from Russia what it gives China, and leaves America as it is."""
    full, cheap = (
        payoff_tensor(Values(q.numbers, SHIPPED), q.terms)
        for q in (p.at(gas_discount=d).only("pipeline") for d in (0.0, 0.5))
    )
    moved = cheap - full
    no_gain, evened = no_more(moved[RU], np.zeros(()), full), no_more(np.abs(moved[RU] + moved[CN]), np.zeros(()), full)
    return no_gain & evened & (moved[US] == 0)


@dataclass(frozen=True)
class Law:
    """A law: its sentence, the literature it comes from, and the test of it.

    `triples` are the players (i, j, k) that it is asked of.
    """

    sentence: str
    literature: str
    test: Comparison
    triples: tuple[tuple[int, int, int], ...] = TRIPLES

    def share(self, p: Point) -> float:
        """The share of draws, triples and stances in which the law holds."""
        found = [np.broadcast_arrays(self.test(p, *triple))[0] for triple in self.triples]
        return float(np.mean([held.mean() for held in found]))


ONE = ((RU, CN, US),)

LAWS: dict[str, Law] = {
    "L1": Law(
        "Being opposed dearly draws nobody to the opponent", "Jervis (1978); Walt (1987)", being_opposed_draws_nobody
    ),
    "L2": Law("A dearer hostility makes peace pay more", "Kydd (2005)", peace_pays),
    "L3": Law("A sucker is no better off than a foe among foes", "Jervis (1978)", a_sucker_is_no_better_off),
    "L4": Law("The same with nothing at stake", "Herz (1950)", nor_without_stakes),
    "L5": Law("A dearer foe draws to its other foe", "Walt (1987); Morrow (1991)", a_dearer_foe_draws_to_its_other_foe),
    "L6": Law("A common foe strengthens a link", "Simmel (1908)", a_common_foe_strengthens_a_link),
    "L7": Law("A friend who opposes my foe is worth more", "Snyder (1984)", a_friend_who_opposes_my_foe_is_worth_more),
    "L8": Law("A link shares the burden", "Olson and Zeckhauser (1966)", a_link_shares_the_burden),
    "L9": Law("Linked foes are worse than foes at odds", "Caplow (1956)", linked_foes_are_worse),
    "L10": Law("A reciprocated opening ends overstretch", "Osthold, line 11", an_opening_ends_overstretch),
    "L11": Law("A front does not close by wishing", "Jervis (1978)", a_front_does_not_close_by_wishing),
    "L12": Law("A stronger foe hurts", "Waltz (1979)", a_stronger_foe_hurts),
    "L12b": Law("A stronger foe with a friend hurts", "Waltz (1979)", a_stronger_foe_with_a_friend_hurts),
    "L13": Law("Balancing rises with the foe's power", "Waltz (1979)", balancing_rises_with_the_foes_power),
    "L14": Law("A growing power yields less", "Gilpin (1981); Powell (1999)", a_growing_power_yields_less),
    "L15": Law(
        "A courted Russia leaves a growing China",
        "Caplow (1956); Osthold, line 17",
        a_courted_russia_leaves_a_growing_china,
        ONE,
    ),
    "L17": Law("Allies make America firm", "Snyder (1984)", allies_make_firm),
    "L18": Law("Dearer yielding deters from yielding", "Fearon (1995)", dearer_yielding_deters),
    "L19": Law("Dearer hostility deters from exploiting", "Schelling (1960)", dearer_hostility_deters_exploiting),
    "L20": Law("Trade pacifies", "Keohane and Nye (1977)", trade_pacifies),
    "L21": Law("Relief moves Russia only on a condition", "Crawford (2011)", only_conditional_relief_moves, ONE),
    "L21b": Law("Pocketed relief loosens the link by strength", "Gilpin (1981)", pocketed_relief_loosens, ONE),
    "L22": Law("A dearer rift never loosens the opening to China", "Jervis (1978)", a_dearer_rift_never_loosens, ONE),
    "L23": Law("A pivot is better off than in a ménage", "Caplow (1956)", a_pivot_is_better_off),
    "L24": Law("Turning a foe's ally pays", "Crawford (2011)", neutralising_a_foes_ally_pays),
    "L25": Law("Relief never pays its giver in their contest", "Gilpin (1981)", relief_costs_its_giver, ONE),
    "L26": Law(
        "Relief that is kept strengthens whom it relieves", "Gilpin (1981)", relief_that_is_kept_costs_its_giver, ONE
    ),
    "L27": Law("Peace alone is no loss to the belligerent", "Fearon (1995)", peace_is_no_loss, ONE),
    "L28": Law("A discount is paid by the seller", "Nash (1950)", a_discount_is_paid_by_the_seller, ONE),
}
