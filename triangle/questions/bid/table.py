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
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.tables import amount, new_table

#: Why what a bidder has at stake is no smooth line.
JUMPS = (
    "where a worth jumps along a line, another equilibrium is played from there on with {lot} at one side or the "
    "other: the worth is the difference between the two"
)


def hands_text(cast: Cast) -> dict[str, str]:
    """Winners and holders for reading."""
    wooer, lot, rival = bidders(cast)
    both = told("both: {lot} is pivot", lot=lot)
    return {"nobody": told("nobody"), cast.codes[US]: wooer, cast.codes[CN]: rival, "both": both, "open": told("open")}


def bidders(cast: Cast) -> tuple[str, ...]:
    """The two who bid and whom they bid for, as a phrase needs their names: wooer, lot, rival."""
    say = spoken(cast)
    family = "within" if say.language == "en" else "subject"  # German names of capitals stand in every case
    return tuple(say.named(code, family) for code in cast.codes[:3])


def bidding_tables(auction: Auction) -> RenderableType:
    """What ``bid`` shows."""
    rule = spoken(auction.cast).known("rule", auction.rule)
    return Group(
        Text.assemble(
            (told("Bidding for {lot}", lot=bidders(auction.cast)[RU]), "bold"),
            told(" ({scenario}; of several equilibria, {rule})", scenario=auction.scenario, rule=rule),
        ),
        Text(sale_text(auction), style="bold"),
        _money(auction),
        _limits(auction),
        _kind(auction),
        *(_line(line, auction.cast) for line in auction.lines),
        *([Text(told(JUMPS, lot=bidders(auction.cast)[RU]), style="dim")] if auction.lines else []),
        _draws(auction),
    )


def sale_text(auction: Auction) -> str:
    """Who gets Russia in money, under both kinds of promises."""
    bids, cast = auction.bids, auction.cast
    first, second = (hands_text(cast)[winner] for winner in bids.winner)
    template = (
        "{lot} goes to {first}, for {price} where promises must enforce themselves and for {bound} where they bind "
        "({unit})."
        if first == second
        else "{lot} goes to {first} where promises must enforce themselves, for {price}, and to {second} where they "
        "bind, for {bound} ({unit})."
    )
    price, bound = map(amount, bids.price)
    lot = spoken(cast).country(cast.codes[RU])
    return told(template, lot=lot, first=first, second=second, price=price, bound=bound)


def _money(auction: Auction) -> RenderableType:
    bids, cast = auction.bids, auction.cast
    wooer, lot, rival = bidders(cast)
    rows = new_table(
        "promises",
        f">{told('most of {who}', who=wooer)}",
        f">{told('most of {who}', who=rival)}",
        told("{lot} goes to", lot=spoken(cast).country(cast.codes[RU])),
        ">price",
        title=told("The auction in money ({unit})"),
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(
            word(promise),
            amount(bids.most_us[k]),
            amount(bids.most_cn[k]),
            hands_text(cast)[bids.winner[k]],
            amount(bids.price[k]),
        )
    say = spoken(cast)
    unpaid = ", ".join(f"{say.action(RU, action)} {amount(value)}" for action, value in enumerate(bids.russian))
    held_open = "Some game with {lot} held has no pure equilibrium; security levels stand in."
    rows.footing = " ".join(
        (
            told(
                "worth of {lot} at its side rather than the other's: to {wooer} {worth_us}, to {rival} {worth_cn}; "
                "{lot} unpaid: {unpaid}.",
                **{"lot": lot, "wooer": wooer, "rival": rival, "unpaid": unpaid},
                worth_us=amount(bids.worth_us),
                worth_cn=amount(bids.worth_cn),
            ),
            *([told(held_open, lot=lot)] if bids.is_open else []),
            told("The auction {assumption}.", assumption=word(ASSUMPTION)),
        )
    )
    return rows


def _limits(auction: Auction) -> RenderableType:
    limits, (wooer, lot, rival) = auction.limits, bidders(auction.cast)
    lines = []
    for k, promise in enumerate(PROMISES):
        concession = limits.concession[k]
        american = (
            told("none")
            if concession is None
            else told("up to {share} of the package", share=written(concession, ".0%"))
        )
        if limits.surplus <= 0:
            given = "{more} {unit}, since no pipeline that may be built yields a surplus"
        elif limits.beyond[k] > 0:
            given = "{share} of the surplus of the largest pipeline ({surplus} {unit}) and {more} {unit} more"
        else:
            given = "{share} of the surplus of the largest pipeline ({surplus} {unit})"
        lines.append(
            told(
                "{promise}: {rival} would leave {lot} {given}; {wooer} would concede, with full relief, {american}.",
                **{"promise": word(promise), "rival": rival, "lot": lot, "wooer": wooer, "american": american},
                given=told(
                    given,
                    share=written(limits.share[k], ".0%"),
                    surplus=amount(limits.surplus),
                    more=amount(limits.beyond[k]),
                ),
            )
        )
    return Text("\n".join([told("How far each would go in kind, promises"), *(f"  {line}" for line in lines)]))


def _offer_texts(auction: Auction, outcome: Outcome) -> tuple[str, str]:
    relief, concession = auction.us_offers[outcome.us]
    volume, share = auction.cn_offers[outcome.cn]
    american = told("relief {relief}, concession {concession}", relief=_short(relief), concession=_short(concession))
    if not volume:
        return american, told("none")
    lot = bidders(auction.cast)[RU]
    return american, told("{volume} bcm, {share} to {lot}", volume=_short(volume), share=written(share, ".0%"), lot=lot)


def _short(number: float) -> str:
    return written(number, "g")


def _kind(auction: Auction) -> RenderableType:
    cast = auction.cast
    wooer, _, rival = bidders(cast)
    offers, count = auction.offers, (len(auction.us_offers), len(auction.cn_offers))
    rows = new_table(
        "offers made",
        told("by {who}", who=wooer),
        told("by {who}", who=rival),
        "then played",
        told("{lot} linked with", lot=spoken(cast).country(cast.codes[RU])),
        *(f">{p}" for p in cast.codes),
        title=told(
            "Bidding in kind: {american} offers of {wooer}, {chinese} of {rival}, {unit}",
            **{"american": count[0], "wooer": wooer, "chinese": count[1], "rival": rival},
        ),
    )
    say = spoken(cast)
    kinds: dict[tuple[int, str], list[Outcome]] = {}
    for outcome in offers.at_once:
        kinds.setdefault((outcome.profile, outcome.holder), []).append(outcome)
    listed = [(told("at once ({n} such)", n=len(found)), found[0]) for found in kinds.values()]
    for name, outcome in (
        *listed,
        (told("{player} first", player=cast.codes[US]), offers.us_first),
        (told("{player} first", player=cast.codes[CN]), offers.cn_first),
    ):
        played = told("no pure equilibrium") if outcome.profile < 0 else say.profile(cast.profiles[outcome.profile])
        cells = (*_offer_texts(auction, outcome), played, hands_text(cast)[outcome.holder])
        rows.add_row(name, *cells, *(amount(u) for u in outcome.payoffs))
    if not offers.at_once:
        rows.footing = told(
            "made at once, no pair of offers is stable: whatever they offer, one of the two would offer otherwise"
        )
    else:
        rows.footing = told("an offer that is not taken up costs nothing, so many tie; of equals the smallest is shown")
    return rows


def _line(line: Line, cast: Cast) -> RenderableType:
    units = line.units or ("",) * len(line.parameters)
    moved = zip(line.parameters, line.low, line.high, units, strict=True)
    say = spoken(cast)
    ends = "; ".join(
        f"{say.known('parameter', name)} {told('{low} to {high}', low=_short(low), high=_short(high))} "
        f"{say.unit(unit) if unit else ''}".rstrip()
        for name, low, high, unit in moved
    )
    rows = new_table(
        ">place",
        *(f">{told('worth {player}', player=cast.codes[i])}" for i in (US, CN)),
        *(f">{told('most {player}', player=cast.codes[i])}" for i in (US, CN)),
        "money, self-enforcing",
        "money, binding",
        told("in kind, {player} first", player=cast.codes[US]),
        told("in kind, {player} first", player=cast.codes[CN]),
        "in kind, at once",
        title=told("With {line}: {ends}; what is bid and had in {unit}", line=word(line.name), ends=ends),
    )
    for node in line.nodes[:: max(1, (len(line.nodes) - 1) // 4)]:
        b = node.bids
        rows.add_row(
            _short(node.place),
            amount(b.worth_us),
            amount(b.worth_cn),
            amount(b.most_us[0]),
            amount(b.most_cn[0]),
            *(f"{word(b.winner[k])}, {amount(b.price[k])}" for k in range(len(PROMISES))),
            word(node.us_first.holder),
            word(node.cn_first.holder),
            ", ".join(map(word, node.at_once_holders)) or told("none stable"),
        )
    return rows


def _draws(auction: Auction) -> RenderableType:
    draws, cast = auction.draws, auction.cast
    wooer, lot, rival = bidders(cast)
    names = list(dict.fromkeys((*winners(cast), *hands(cast))))
    rows = new_table(
        "auction",
        *(f">{n}" for n in names),
        ">open",
        title=told(
            "Who has {lot} over {n} draws of what is uncertain (seed {seed}; 95 % intervals)",
            lot=lot,
            n=draws.samples,
            seed=str(auction.seed),
        ),
    )
    for k, promise in enumerate(PROMISES):
        rows.add_row(
            told("in money, {promise}", promise=word(promise)),
            *_shares(draws.money[k], winners(cast), names, draws.samples),
        )
    for name, counts in (
        (told("in kind, {player} first", player=cast.codes[US]), draws.us_first),
        (told("in kind, {player} first", player=cast.codes[CN]), draws.cn_first),
        (told("in kind, at once"), draws.at_once),
    ):
        rows.add_row(name, *_shares(counts, hands(cast), names, draws.samples))
    spans = [
        told("{who} {middle} ({low} to {high})", who=who, middle=amount(m), low=amount(a), high=amount(b))
        for who, (a, m, b) in (
            (told("worth to {who}", who=wooer), draws.worth_us),
            (told("worth to {who}", who=rival), draws.worth_cn),
            (told("most of {who}, self-enforcing", who=wooer), draws.most_us[0]),
            (told("most of {who}, self-enforcing", who=rival), draws.most_cn[0]),
        )
    ]
    rows.footing = told(
        "medians with 5 and 95 % quantiles, {unit}: {spans}. Open: no pure equilibrium, or offers at once that end "
        "differently; {n} draws have no stable pair of offers",
        spans="; ".join(spans),
        n=draws.without_nash,
    )
    return rows


def _shares(counts: Counts, kinds: tuple[str, ...], names: list[str], samples: int) -> list[str]:
    found = dict(zip(kinds, counts.counts, strict=True))
    cells = ["" if n not in found else _share(found[n], samples) for n in names]
    return [*cells, _share(counts.open, samples)]


def _share(count: int, samples: int) -> str:
    low, high = wilson(count, samples)
    return f"{written(count / samples, '.1%')} ({written(low, '.1%')}–{written(high, '.1%')})"
