r"""Bidding for Russia: the offers of the United States and China, in kind and in money, and what moves them.

In kind, see :mod:`triangle.questions.bid.offers`; in money, :mod:`triangle.questions.bid.auction`. Both are solved in
the scenario itself, along three lines (rivalry of the United States and China, the hazard that Washington reverses
itself, Europe joining), and over draws of everything uncertain, which give shares with intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.arguments import Between, Seed
from triangle.base.errors import BadInput, Fault
from triangle.measures.selection import PICKING, check_rules
from triangle.model.mechanisms import pipeline_surplus
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.questions.bid.auction import ALIGN, DISTANCE, Bidders, bidders, bound, sell, winners
from triangle.questions.bid.offers import (
    STEPS,
    Offer,
    cn_offers,
    hands,
    highest,
    holders,
    play_offers,
    solve_offers,
    us_offers,
)
from triangle.questions.bid.record import Auction, Bids, Counts, Draws, Limits, Line, Node, Offers, Outcome
from triangle.study.study import Study, check_alone
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]

#: Lines along which bidding is followed: the parameters, as the shipped triad calls them, that move together from the
#: low to the high end of each.
LINES = {
    "rivalry": ("stake_us_cn", "stake_cn_us", "rivalry_cost_us_cn", "rivalry_cost_cn_us"),
    "reversal hazard": ("reversal_hazard",),
    "Europe joins": ("europe_joins",),
}

#: Whom Russia may be linked with: nobody, either, both.
_HANDS = 4

#: Nodes of a line, and of the search for the largest concession.
NODES, FINE = 9, 101

#: Most stance games of one command.
MAX_GAMES = 5_000_000


def bid(
    study: Study,
    rule: str = "margin",
    samples: int = 256,
    seed: Seed = 0,
    steps: Annotated[int, Between(2, 21)] = STEPS,
    progress: Callable[[int, int], None] | None = None,
) -> Auction:
    """Solve the bidding for Russia in a scenario, along the lines, and over draws.

    Parameters
    ----------
    rule : {"margin", "status_quo", "pivot"}
        Which equilibrium of the stance game is played.
    samples, seed : int
        Sobol' draws of the prior box.
    steps : int
        Values of each coordinate of an offer, from the low to the high end of its range.

    Raises
    ------
    BadInput
        If Russia is held, or there would be too many games.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> found = bid(Study(model, read_scenario("baseline", model), {}), samples=8, steps=2)
    >>> found.bids.winner[0], len(found.us_offers), len(found.cn_offers)
    ('CN', 4, 3)
    """
    check_alone(study, "a bid")
    check_rules([rule], PICKING)
    if RU in study.hold:
        message = f"holds {study.cast.in_text[RU]} at an action, so nobody can bid for it"
        raise BadInput(Fault("SCENARIO", study.scenario.name, message))
    us, cn = us_offers(study, steps), cn_offers(study, steps)
    games = len(us) * len(cn) * samples
    if games > MAX_GAMES:
        raise BadInput(Fault("--samples", "", f"{games:,} games; expected at most {MAX_GAMES:,}, so draw fewer"))
    here = dict(study.scenario.values)
    alone = Values({name: [value] for name, value in here.items()}, study.cast)
    world, *_ = _offers(study, alone, us, cn, rule)
    own = {name: tuple(map(study.cast.renamed, parameters)) for name, parameters in LINES.items()}
    lines = tuple(_line(study, name, parameters, us, cn, rule) for name, parameters in own.items())
    draws = _draws(study, us, cn, rule, samples, seed, progress)
    bids = _bids(study, alone, rule)[0]
    limits = _limits(study, rule)
    return Auction(study.scenario.name, rule, us, cn, bids, limits, world, lines, draws, seed, study.cast)


def _bids(study: Study, values: Values, rule: str) -> list[Bids]:
    """The auction in money in each world of a batch."""
    found, names = bidders(study, values, rule), winners(study.cast)
    most = [found.most(binding) for binding in (False, True)]
    sales = [sell(found.values[RU], m) for m in most]
    return [
        Bids(
            tuple(found.values[RU, :, k].tolist()),
            float(found.worth[0, k]),
            float(found.worth[1, k]),
            (float(most[0][0, k]), float(most[1][0, k])),
            (float(most[0][1, k]), float(most[1][1, k])),
            (names[sales[0].winner[k]], names[sales[1].winner[k]]),
            (float(sales[0].price[k]), float(sales[1].price[k])),
            bool(found.open[k]),
        )
        for k in range(values.samples[0])
    ]


def _offers(
    study: Study, values: Values, us: tuple[Offer, ...], cn: tuple[Offer, ...], rule: str
) -> tuple[Offers, ...]:
    """The game of offers in each world of a batch."""
    played, shape = play_offers(study, values, us, cn, rule)
    payoffs = played.payoffs[rule].reshape(3, *shape)
    profiles = played.profiles[rule].reshape(shape)
    held = holders(profiles, study.cast)
    solved = solve_offers(payoffs[US], payoffs[CN])

    def outcome(k: int, a: int, b: int) -> Outcome:
        us_has, ru_has, cn_has = payoffs[:, a, b, k].tolist()
        return Outcome(
            int(a), int(b), int(profiles[a, b, k]), _holder(held[a, b, k], study.cast), (us_has, ru_has, cn_has)
        )

    return tuple(
        Offers(
            tuple(outcome(k, a, b) for a, b in np.argwhere(solved.nash[..., k]).tolist()),
            outcome(k, int(solved.us_first[0, k]), int(solved.us_first[1, k])),
            outcome(k, int(solved.cn_first[0, k]), int(solved.cn_first[1, k])),
            tuple(tuple(row) for row in held[..., k].tolist()),
        )
        for k in range(shape[2])
    )


def _holder(place: int, cast: Cast) -> str:
    return "open" if place < 0 else hands(cast)[place]


def _line(
    study: Study, name: str, parameters: tuple[str, ...], us: tuple[Offer, ...], cn: tuple[Offer, ...], rule: str
) -> Line:
    places = np.linspace(0.0, 1.0, NODES)
    # What is computed from other parameters has no range of its own: it follows these.
    parameters = tuple(p for p in parameters if study.scenario.ranges[p][0] < study.scenario.ranges[p][1])
    ends = [study.scenario.ranges[p] for p in parameters]
    units = tuple(study.model.catalogue[p].unit for p in parameters)
    moved = {p: low + places * (high - low) for p, (low, high) in zip(parameters, ends, strict=True)}
    values = Values(study.scenario.moved(moved), study.cast)
    solved = _offers(study, values, us, cn, rule)
    nodes = tuple(
        Node(
            float(place),
            bids,
            offers.us_first,
            offers.cn_first,
            len(offers.at_once),
            tuple(sorted({outcome.holder for outcome in offers.at_once})),
        )
        for place, bids, offers in zip(places, _bids(study, values, rule), solved, strict=True)
    )
    return Line(name, parameters, tuple(low for low, _ in ends), tuple(high for _, high in ends), nodes, units)


def _limits(study: Study, rule: str) -> Limits:
    """The largest share and the largest concession that each would still give."""
    # Outside options of 0 and 1 leave the whole surplus to China: what it would give is then all within its most.
    volume = highest(study, "pipeline_volume")
    built = {
        "pipeline_volume": volume,
        study.cast.renamed("outside_option_ru"): 0.0,
        study.cast.renamed("outside_option_cn"): 1.0,
    }
    chinese = Values({name: [value] for name, value in study.scenario.moved(built).items()}, study.cast)
    surplus = float(pipeline_surplus(chinese)[0])
    counted = surplus * float(study.model.form.contract_life(chinese)[0])
    kept = bidders(study, chinese, rule)
    tied = _bound(study, chinese, kept, CN, rule)[0] - kept.values[CN, DISTANCE, 0]
    most = [float(kept.most(binding=False)[1, 0]), max(float(tied), 0.0)]
    share = [min(1.0, m / counted) if counted > 0 else 0.0 for m in most]
    beyond = [max(0.0, m - s * counted) for m, s in zip(most, share, strict=True)]
    steps = np.linspace(0.0, highest(study, "political_concession"), FINE)
    full: dict[str, ArrayLike] = {"relief": highest(study, "relief"), "political_concession": steps}
    conceding = Values(study.scenario.moved(full), study.cast)
    found = bidders(study, conceding, rule)
    # Compared with Russia at China's side after no concession at all, whatever it costs to offer one.
    lost = found.values[US, ALIGN, 0]
    self_enforcing = np.where(found.enforceable[0] > 0, found.values[US, DISTANCE], -np.inf)
    limits = [_largest(steps, has >= lost) for has in (self_enforcing, _bound(study, conceding, found, US, rule))]
    return Limits(surplus, (share[0], share[1]), (beyond[0], beyond[1]), (limits[0], limits[1]))


def _bound(study: Study, values: Values, found: Bidders, bidder: int, rule: str) -> Floats:
    """What a bidder has with Russia at its side, held to accommodate it where it would not do so by itself."""
    place, action = (0, DISTANCE) if bidder == US else (1, ALIGN)
    willing = found.enforceable[place] > 0
    return np.where(willing, found.values[bidder, action], bound(study, values, bidder, action, rule))


def _largest(steps: Floats, willing: NDArray[np.bool_]) -> float | None:
    return float(steps[np.flatnonzero(willing)[-1]]) if willing.any() else None


def _draws(
    study: Study,
    us: tuple[Offer, ...],
    cn: tuple[Offer, ...],
    rule: str,
    samples: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> Draws:
    """Shares of worlds by who gets Russia."""
    design = plan([study], None, samples, seed=seed)
    each = max(1, 50_000 // (len(us) * len(cn)))
    firsts: list[NDArray[np.int64]] = []
    bids: list[Bids] = []
    for start in range(0, samples, each):
        stop = min(start + each, samples)
        values = Values(design.at(0, start, stop), study.cast)
        played, shape = play_offers(study, values, us, cn, rule)
        payoffs = played.payoffs[rule].reshape(3, *shape)
        firsts.append(_ends(payoffs, holders(played.profiles[rule].reshape(shape), study.cast)))
        bids += _bids(study, values, rule)
        if progress is not None:
            progress(stop * len(us) * len(cn), samples * len(us) * len(cn))
    ends = np.concatenate(firsts, axis=1)
    return Draws(
        samples,
        _money(bids, winners(study.cast)),
        _quantiles([b.worth_us for b in bids]),
        _quantiles([b.worth_cn for b in bids]),
        (_quantiles([b.most_us[0] for b in bids]), _quantiles([b.most_us[1] for b in bids])),
        (_quantiles([b.most_cn[0] for b in bids]), _quantiles([b.most_cn[1] for b in bids])),
        _counts(ends[0], _HANDS),
        _counts(ends[1], _HANDS),
        _counts(ends[2], _HANDS),
        int((ends[2] == -2).sum()),
    )


def _ends(payoffs: Floats, held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who holds Russia with the US first, with China first, and at once: −1 open, −2 no equilibrium of offers."""
    solved = solve_offers(payoffs[US], payoffs[CN])
    n = np.arange(payoffs.shape[-1])
    first = [held[a, b, n] for a, b in (solved.us_first, solved.cn_first)]
    least = np.where(solved.nash, held, _HANDS).min(axis=(0, 1))
    most = np.where(solved.nash, held, -2).max(axis=(0, 1))
    at_once = np.where(most == -2, -2, np.where(least == most, most, -1))
    return np.stack([*first, at_once])


def _counts(places: NDArray[np.int64], kinds: int) -> Counts:
    counts = np.bincount(places[places >= 0], minlength=kinds)
    return Counts(tuple(counts.tolist()), int((places < 0).sum()))


def _money(bids: list[Bids], names: tuple[str, ...]) -> tuple[Counts, Counts]:
    first, second = (
        _counts(np.array([-1 if b.is_open else names.index(b.winner[k]) for b in bids]), len(names)) for k in (0, 1)
    )
    return first, second


def _quantiles(numbers: list[float]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(numbers, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high
