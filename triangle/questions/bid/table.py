"""Tables for people of the bidding for Russia: in money, in kind, along lines and over draws."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.intervals import wilson
from triangle.players.axes import ACTIONS, CN, COUNTRIES, IN_TEXT, PLAYERS, RU, US, profile_actions, profile_text
from triangle.questions.bid.auction import ASSUMPTION, WINNERS
from triangle.questions.bid.offers import HOLDERS
from triangle.questions.bid.record import PROMISES, Auction, Counts, Line, Outcome
from triangle.showing.tables import UNIT, amount, new_table, slug

#: Winners and holders for reading.
WOOER, LOT, RIVAL = (IN_TEXT[PLAYERS[i]] for i in (US, RU, CN))
HANDS = {
    "nobody": "nobody",
    PLAYERS[US]: WOOER,
    PLAYERS[CN]: RIVAL,
    "both": f"both: {LOT} is pivot",
    "open": "open",
}


def bidding_tables(auction: Auction) -> RenderableType:
    """What ``bid`` shows."""
    return Group(
        Text.assemble(
            (f"Bidding for {LOT}", "bold"),
            f" ({auction.scenario}; the equilibrium played is picked by {auction.rule})",
        ),
        _money(auction),
        _limits(auction),
        _kind(auction),
        *(_line(line) for line in auction.lines),
        _draws(auction),
    )


def _money(auction: Auction) -> RenderableType:
    bids = auction.bids
    rows = new_table(
        "promises",
        f">most of {WOOER}",
        f">most of {RIVAL}",
        f"{COUNTRIES[PLAYERS[RU]]} goes to",
        ">price",
        title=f"The auction in money ({UNIT})",
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(
            promise, amount(bids.most_us[k]), amount(bids.most_cn[k]), HANDS[bids.winner[k]], amount(bids.price[k])
        )
    unpaid = ", ".join(f"{slug(a)} {amount(v)}" for a, v in zip(ACTIONS[RU], bids.russian, strict=True))
    opened = f" Some game with {LOT} held has no pure equilibrium; security levels stand in." if bids.is_open else ""
    rows.footing = (
        f"worth of {LOT} at its side rather than the other's: to {WOOER} {amount(bids.worth_us)}, to {RIVAL} "
        f"{amount(bids.worth_cn)}; {LOT} unpaid: {unpaid}.{opened} "
        f"The auction {ASSUMPTION}."
    )
    return rows


def _limits(auction: Auction) -> RenderableType:
    limits = auction.limits
    lines = []
    for k, promise in enumerate(PROMISES):
        concession = limits.concession[k]
        american = "none" if concession is None else f"up to {concession:.0%} of the package"
        more = f"{amount(limits.beyond[k])} {UNIT}"
        given = (
            f"{limits.share[k]:.0%} of the surplus of the largest pipeline ({amount(limits.surplus)} {UNIT})"
            + (f" and {more} more" if limits.beyond[k] > 0 else "")
            if limits.surplus > 0
            else f"{more}, since no pipeline that may be built yields a surplus"
        )
        lines.append(
            f"{promise}: {RIVAL} would leave {LOT} {given}; {WOOER} would concede, with full relief, {american}."
        )
    return Text("\n".join(["How far each would go in kind, promises", *(f"  {line}" for line in lines)]))


def _offer_texts(auction: Auction, outcome: Outcome) -> tuple[str, str]:
    relief, concession = auction.us_offers[outcome.us]
    volume, share = auction.cn_offers[outcome.cn]
    chinese = f"{volume:g} bcm, {share:.0%} to {LOT}" if volume else "none"
    return f"relief {relief:g}, concession {concession:g}", chinese


def _kind(auction: Auction) -> RenderableType:
    offers, count = auction.offers, (len(auction.us_offers), len(auction.cn_offers))
    rows = new_table(
        "offers made",
        f"by {WOOER}",
        f"by {RIVAL}",
        "then played",
        f"{COUNTRIES[PLAYERS[RU]]} linked with",
        *(f">{p}" for p in PLAYERS),
        title=f"Bidding in kind: {count[0]} offers of {WOOER}, {count[1]} of {RIVAL}, {UNIT}",
    )
    kinds: dict[tuple[int, str], list[Outcome]] = {}
    for outcome in offers.at_once:
        kinds.setdefault((outcome.profile, outcome.holder), []).append(outcome)
    listed = [(f"at once ({len(found)} such)", found[0]) for found in kinds.values()]
    for name, outcome in (
        *listed,
        (f"{PLAYERS[US]} first", offers.us_first),
        (f"{PLAYERS[CN]} first", offers.cn_first),
    ):
        played = "no pure equilibrium" if outcome.profile < 0 else profile_text(profile_actions(outcome.profile))
        cells = (*_offer_texts(auction, outcome), played.replace(",", " "), HANDS[outcome.holder])
        rows.add_row(name, *cells, *(amount(u) for u in outcome.payoffs))
    if not offers.at_once:
        rows.footing = (
            "made at once, no pair of offers is stable: whatever they offer, one of the two would offer otherwise"
        )
    else:
        rows.footing = "an offer that is not taken up costs nothing, so many tie; of equals the smallest is shown"
    return rows


def _line(line: Line) -> RenderableType:
    ends = "; ".join(f"{n} {a:g} to {b:g}" for n, a, b in zip(line.parameters, line.low, line.high, strict=True))
    rows = new_table(
        ">place",
        *(f">{what} {PLAYERS[i]}" for what in ("worth", "most") for i in (US, CN)),
        "money, self-enforcing",
        "money, binding",
        f"in kind, {PLAYERS[US]} first",
        f"in kind, {PLAYERS[CN]} first",
        "in kind, at once",
        title=f"With {line.name}: {ends} ({UNIT})",
    )
    for node in line.nodes[:: max(1, (len(line.nodes) - 1) // 4)]:
        b = node.bids
        rows.add_row(
            f"{node.place:g}",
            amount(b.worth_us),
            amount(b.worth_cn),
            amount(b.most_us[0]),
            amount(b.most_cn[0]),
            *(f"{b.winner[k]}, {amount(b.price[k])}" for k in range(len(PROMISES))),
            node.us_first.holder,
            node.cn_first.holder,
            ", ".join(node.at_once_holders) or "none stable",
        )
    return rows


def _draws(auction: Auction) -> RenderableType:
    draws = auction.draws
    names = list(dict.fromkeys((*WINNERS, *HOLDERS)))
    rows = new_table(
        "auction",
        *(f">{n}" for n in names),
        ">open",
        title=f"Who has {LOT} over {draws.samples:,} draws of what is uncertain (seed {auction.seed}; 95 % intervals)",
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(f"in money, {promise}", *_shares(draws.money[k], WINNERS, names, draws.samples))
    for name, counts in (
        (f"in kind, {PLAYERS[US]} first", draws.us_first),
        (f"in kind, {PLAYERS[CN]} first", draws.cn_first),
        ("in kind, at once", draws.at_once),
    ):
        rows.add_row(name, *_shares(counts, HOLDERS, names, draws.samples))
    spans = [
        f"{who} {amount(m)} ({amount(a)} to {amount(b)})"
        for who, (a, m, b) in (
            (f"worth to {WOOER}", draws.worth_us),
            (f"to {RIVAL}", draws.worth_cn),
            (f"most of {WOOER}, self-enforcing", draws.most_us[0]),
            (f"of {RIVAL}", draws.most_cn[0]),
        )
    ]
    rows.footing = (
        f"medians with 5 and 95 % quantiles, {UNIT}: {'; '.join(spans)}. Open: no pure equilibrium, or offers at once "
        f"that end differently; {draws.without_nash} draws have no stable pair of offers"
    )
    return rows


def _shares(counts: Counts, kinds: tuple[str, ...], names: list[str], samples: int) -> list[str]:
    found = dict(zip(kinds, counts.counts, strict=True))
    cells = ["" if n not in found else _share(found[n], samples) for n in names]
    return [*cells, _share(counts.open, samples)]


def _share(count: int, samples: int) -> str:
    low, high = wilson(count, samples)
    return f"{count / samples:.1%} ({low:.1%}–{high:.1%})"
