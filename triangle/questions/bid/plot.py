"""The picture of the bidding for Russia: who holds it after which offers, and what each would pay along three lines."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure as Plot
from matplotlib.patches import Patch

from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.questions.bid.offers import hands
from triangle.questions.bid.record import Auction, Line
from triangle.questions.bid.table import bidders, hands_text
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    ORANGE,
    RED,
    SKY,
    UNIT,
    YELLOW,
    columns_of,
    country_text,
    fill,
    fill_lines,
    new_plot,
    panels_of,
    pt,
    sign,
    styled,
    titled,
)
from triangle.showing.runs import words_of

#: Colour and hatch of whom Russia is linked with: open, nobody, the United States, China, both.
HOLDER_LOOKS = (("#FFFFFF", "xx"), ("#BBBBBB", ""), (BLUE, ""), (RED, "////"), (YELLOW, "...."))


@styled
def bidding_plot(auction: Auction) -> Plot:
    """Above the map of offers, below the most that each pays along each line, promises enforcing themselves."""
    wide = columns_of(2) > 1
    is_map = len(np.unique(auction.offers.holder)) > 1
    plot = new_plot(13.0, (9.4 if wide else 9.0) * (1.0 if is_map else 0.6))
    upper = (1.15 if wide else 0.8) if is_map else 0.2
    top, bottom = plot.subfigures(2, 1, height_ratios=(upper, 1.0), squeeze=False)[:, 0]
    (_map if is_map else _everywhere)(top, auction)
    panels = panels_of(bottom, len(auction.lines), sharey=True)
    for axes, line in zip(panels, auction.lines, strict=True):
        _line(axes, line, auction.cast)
    panels[0].set_ylabel(word(UNIT))
    handles, labels = panels[0].get_legend_handles_labels()
    bottom.legend(handles, labels, loc="outside upper center", ncols=5 if columns_of(5) == 5 else 2)
    say = spoken(auction.cast)
    titled(plot, _outcome(auction, say))
    template = "scenario {scenario} · of several equilibria: {rule}"
    sign(plot, told(template, scenario=auction.scenario, rule=say.known("rule", auction.rule)))
    return plot


def _outcome(auction: Auction, say: Phrases) -> str:
    """In what share of the pairs of offers Russia is linked with the United States, and who wins it in money."""
    cast = auction.cast
    kept = np.array(auction.offers.holder) == hands(cast).index(cast.codes[CN])
    winner, price = auction.bids.winner[0], say.amount(auction.bids.price[0])
    money = (
        say("finds.bid_nobody")
        if winner == "nobody"
        else say("finds.bid_money", winner=say.named(winner, "subject"), price=price)
    )
    powers = {"wooed": say.opening(cast.codes[RU]), "rival": say.named(cast.codes[CN], "within")}
    if kept.all():
        return say.word("finds.bid_kept", money=words_of(money), **powers)
    return say.word("finds.bid", share=say.percent(float(kept.mean())), money=words_of(money), **powers)


def _everywhere(part: Any, auction: Auction) -> None:
    """In place of a map of one field: what it would show."""
    axes = part.subplots()
    axes.axis("off")
    only, cast = int(np.ravel(auction.offers.holder)[0]), auction.cast
    holder = hands_text(cast)["open" if only < 0 else hands(cast)[only]]
    count = len(auction.us_offers) * len(auction.cn_offers)
    template = "After every one of the {n} pairs of offers in kind {lot} is linked with: {holder}."
    text = told(template, n=count, lot=country_text(cast, RU), holder=holder)
    axes.text(0.0, 0.5, fill_lines(text, 110 if columns_of(2) > 1 else 60), va="center", fontsize=pt(11))


def _map(part: Any, auction: Auction) -> None:
    """Whom Russia is linked with after every pair of offers; solutions marked."""
    axes, cast = part.subplots(), auction.cast
    grid = np.array(auction.offers.holder).T
    for k in np.unique(grid).tolist():
        colour, hatch = HOLDER_LOOKS[k + 1]
        cells = np.ma.masked_where(grid != k, grid)
        ink = fill(colour)["edgecolor"]
        axes.pcolor(cells, cmap=ListedColormap([colour]), hatch=hatch, edgecolors=ink, linewidth=0.2)
    for outcomes, marker, size, colour, label in (
        ((auction.offers.us_first,), "^", 15, ORANGE, told("{player} first", player=cast.codes[US])),
        ((auction.offers.cn_first,), "v", 11, SKY, told("{player} first", player=cast.codes[CN])),
        (auction.offers.at_once, "o", 5, BLACK, told("stable at once")),
    ):
        axes.plot(
            [o.us + 0.5 for o in outcomes],
            [o.cn + 0.5 for o in outcomes],
            marker,
            color=colour,
            label=label,
            markeredgecolor="white",
            markersize=pt(size),
            linestyle="none",
        )
    relief = [written(r, "g") for r, _ in auction.us_offers]
    concessions = sorted({z for _, z in auction.us_offers})
    each = len(relief) // len(concessions)
    wide = columns_of(2) > 1
    if not wide:  # room for the ends of each concession only
        relief = [text if k % each in (0, each - 1) else "" for k, text in enumerate(relief)]
        axes.set_title(told("concession"), fontsize=pt(8.5), loc="center", pad=pt(12))
    axes.set_xticks(np.arange(len(relief)) + 0.5, relief, fontsize=pt(7))
    for k, z in enumerate(concessions):
        text = told("concession {z}", z=written(z, "g")) if wide else written(z, "g")
        axes.text((k + 0.5) * each, len(auction.cn_offers) + 0.25, text, ha="center", fontsize=pt(8.5))
        axes.axvline(k * each, color="black", linewidth=0.9)
    texts = [_volume(q, s) for q, s in auction.cn_offers]
    axes.set_yticks(np.arange(len(texts)) + 0.5, texts, fontsize=pt(7 if len(texts) < 25 else 4))
    axes.set(
        xlabel=told(
            "{adjective} offer: part of the sanctions lifted, within each concession",
            adjective=cast.adjectives[US],
            who=spoken(cast).named(cast.codes[US], "subject"),
        ),
        ylabel=told(
            "{adjective} offer: volume, share of {lot}",
            adjective=cast.adjectives[CN],
            who=spoken(cast).named(cast.codes[CN], "subject"),
            lot=bidders(cast)[RU],
            whose=spoken(cast).whose(cast.codes[RU]),
        ),
    )
    handles = [
        Patch(**fill(*HOLDER_LOOKS[k + 1]), label=hands_text(cast)["open" if k < 0 else hands(cast)[k]])
        for k in sorted(set(grid.ravel().tolist()))
    ]
    marks, _ = axes.get_legend_handles_labels()
    part.legend(
        handles=[*handles, *marks],
        loc="outside right upper" if wide else "outside lower left",
        ncols=1 if wide else 2,
        title=told("{lot} is linked with;\noffers made", lot=country_text(cast, RU)),
    )


def _volume(volume: float, share: float) -> str:
    """A Chinese offer in few words."""
    if not volume:
        return told("no pipeline")
    return told("{volume} bcm, {share}", volume=written(volume, "g"), share=written(share, ".0%"))


def _line(axes: Any, line: Line, cast: Cast) -> None:
    places = [node.place for node in line.nodes]
    for bidder, name, colour, marker in (("us", cast.codes[US], BLUE, "o"), ("cn", cast.codes[CN], RED, "s")):
        worth = [getattr(node.bids, f"worth_{bidder}") for node in line.nodes]
        most = [getattr(node.bids, f"most_{bidder}")[0] for node in line.nodes]
        dots = ":" if bidder == "us" else (0, (3, 1, 1, 1))
        axes.plot(places, worth, color=colour, linestyle=dots, linewidth=1.4, label=told("worth to {who}", who=name))
        axes.plot(
            places,
            most,
            color=colour,
            marker=marker,
            markersize=4,
            label=told("most that {who} pays, self-enforcing", who=name),
        )
    if len({node.bids for node in line.nodes}) == 1:
        text = told("nothing that is bid changes along this line")
        axes.text(0.5, 0.62, text, transform=axes.transAxes, ha="center", va="center", color="#555555")
    price = [node.bids.price[0] if node.bids.winner[0] != "nobody" else np.nan for node in line.nodes]
    axes.plot(places, price, "--", color=BLACK, linewidth=1.2, label=told("price paid"))
    for node in line.nodes:
        winner = node.bids.winner[0]
        axes.annotate(
            "–" if winner == "nobody" else winner,
            (node.place, 1.0),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=pt(8),
            color=HOLDER_LOOKS[hands(cast).index(winner) + 1][0],
        )
    axes.set_title(told("{line}: who wins", line=word(line.name)), pad=pt(18))
    called = spoken(cast).known("parameter", line.parameters[0])
    template = "from low to high end of the ranges" if len(line.parameters) > 1 else "{parameter}: low to high end"
    axes.set_xlabel(told(template, parameter=called))
    axes.grid(True)
