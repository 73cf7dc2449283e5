"""Tables for people of the bidding for Russia: in money, in kind, along lines and over draws."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.intervals import wilson
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.questions.bid.auction import ASSUMPTION, winners
from triangle.questions.bid.offers import hands
from triangle.questions.bid.record import PROMISES, Auction, Counts, Line, Outcome
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table


def hands_text(cast: Cast) -> dict[str, str]:
    """Winners and holders for reading."""
    wooer, lot, rival = cast.in_text[:3]
    both = f"both: {lot} is pivot"
    return {"nobody": "nobody", cast.codes[US]: wooer, cast.codes[CN]: rival, "both": both, "open": "open"}


def bidding_tables(auction: Auction) -> RenderableType:
    """What ``bid`` shows."""
    return Group(
        Text.assemble(
            (f"Bidding for {auction.cast.in_text[RU]}", "bold"),
            f" ({auction.scenario}; of several equilibria, {in_english(auction.cast).known('rule', auction.rule)})",
        ),
        _money(auction),
        _limits(auction),
        _kind(auction),
        *(_line(line, auction.cast) for line in auction.lines),
        _draws(auction),
    )


def _money(auction: Auction) -> RenderableType:
    bids, cast = auction.bids, auction.cast
    wooer, lot, rival = cast.in_text[:3]
    rows = new_table(
        "promises",
        f">most of {wooer}",
        f">most of {rival}",
        f"{cast.countries[RU]} goes to",
        ">price",
        title=f"The auction in money ({UNIT})",
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(
            promise,
            amount(bids.most_us[k]),
            amount(bids.most_cn[k]),
            hands_text(cast)[bids.winner[k]],
            amount(bids.price[k]),
        )
    say = in_english(cast)
    unpaid = ", ".join(f"{say.action(RU, action)} {amount(value)}" for action, value in enumerate(bids.russian))
    opened = f" Some game with {lot} held has no pure equilibrium; security levels stand in." if bids.is_open else ""
    rows.footing = (
        f"worth of {lot} at its side rather than the other's: to {wooer} {amount(bids.worth_us)}, to {rival} "
        f"{amount(bids.worth_cn)}; {lot} unpaid: {unpaid}.{opened} "
        f"The auction {ASSUMPTION}."
    )
    return rows


def _limits(auction: Auction) -> RenderableType:
    limits, (wooer, lot, rival) = auction.limits, auction.cast.in_text[:3]
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
            f"{promise}: {rival} would leave {lot} {given}; {wooer} would concede, with full relief, {american}."
        )
    return Text("\n".join(["How far each would go in kind, promises", *(f"  {line}" for line in lines)]))


def _offer_texts(auction: Auction, outcome: Outcome) -> tuple[str, str]:
    relief, concession = auction.us_offers[outcome.us]
    volume, share = auction.cn_offers[outcome.cn]
    chinese = f"{volume:g} bcm, {share:.0%} to {auction.cast.in_text[RU]}" if volume else "none"
    return f"relief {relief:g}, concession {concession:g}", chinese


def _kind(auction: Auction) -> RenderableType:
    cast = auction.cast
    wooer, _, rival = cast.in_text[:3]
    offers, count = auction.offers, (len(auction.us_offers), len(auction.cn_offers))
    rows = new_table(
        "offers made",
        f"by {wooer}",
        f"by {rival}",
        "then played",
        f"{cast.countries[RU]} linked with",
        *(f">{p}" for p in cast.codes),
        title=f"Bidding in kind: {count[0]} offers of {wooer}, {count[1]} of {rival}, {UNIT}",
    )
    say = in_english(cast)
    kinds: dict[tuple[int, str], list[Outcome]] = {}
    for outcome in offers.at_once:
        kinds.setdefault((outcome.profile, outcome.holder), []).append(outcome)
    listed = [(f"at once ({len(found)} such)", found[0]) for found in kinds.values()]
    for name, outcome in (
        *listed,
        (f"{cast.codes[US]} first", offers.us_first),
        (f"{cast.codes[CN]} first", offers.cn_first),
    ):
        played = "no pure equilibrium" if outcome.profile < 0 else say.profile(cast.profiles[outcome.profile])
        cells = (*_offer_texts(auction, outcome), played, hands_text(cast)[outcome.holder])
        rows.add_row(name, *cells, *(amount(u) for u in outcome.payoffs))
    if not offers.at_once:
        rows.footing = (
            "made at once, no pair of offers is stable: whatever they offer, one of the two would offer otherwise"
        )
    else:
        rows.footing = "an offer that is not taken up costs nothing, so many tie; of equals the smallest is shown"
    return rows


def _line(line: Line, cast: Cast) -> RenderableType:
    units = line.units or ("",) * len(line.parameters)
    moved = zip(line.parameters, line.low, line.high, units, strict=True)
    say = in_english(cast)
    ends = "; ".join(f"{say.known('parameter', n)} {a:g} to {b:g} {unit}".rstrip() for n, a, b, unit in moved)
    rows = new_table(
        ">place",
        *(f">{what} {cast.codes[i]}" for what in ("worth", "most") for i in (US, CN)),
        "money, self-enforcing",
        "money, binding",
        f"in kind, {cast.codes[US]} first",
        f"in kind, {cast.codes[CN]} first",
        "in kind, at once",
        title=f"With {line.name}: {ends}; what is bid and had in {UNIT}",
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
    draws, cast = auction.draws, auction.cast
    wooer, lot, rival = cast.in_text[:3]
    names = list(dict.fromkeys((*winners(cast), *hands(cast))))
    rows = new_table(
        "auction",
        *(f">{n}" for n in names),
        ">open",
        title=f"Who has {lot} over {draws.samples:,} draws of what is uncertain (seed {auction.seed}; 95 % intervals)",
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(f"in money, {promise}", *_shares(draws.money[k], winners(cast), names, draws.samples))
    for name, counts in (
        (f"in kind, {cast.codes[US]} first", draws.us_first),
        (f"in kind, {cast.codes[CN]} first", draws.cn_first),
        ("in kind, at once", draws.at_once),
    ):
        rows.add_row(name, *_shares(counts, hands(cast), names, draws.samples))
    spans = [
        f"{who} {amount(m)} ({amount(a)} to {amount(b)})"
        for who, (a, m, b) in (
            (f"worth to {wooer}", draws.worth_us),
            (f"to {rival}", draws.worth_cn),
            (f"most of {wooer}, self-enforcing", draws.most_us[0]),
            (f"of {rival}", draws.most_cn[0]),
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
