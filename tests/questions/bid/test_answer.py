"""The bidding for Russia: auctions with known winners, and the model's auction against studies one by one."""

import io
from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.batch.equilibria import sweep_bargaining
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.questions.bid.answer import bid
from triangle.questions.bid.auction import ALIGN, DISTANCE, bidders, bound, sell, winners
from triangle.questions.bid.offers import cn_offers, holders, play_offers, solve_offers, us_offers
from triangle.questions.bid.record import Auction
from triangle.questions.bid.table import bidding_tables
from triangle.study.study import Study
from triangle.sweeps.run import plan


@pytest.fixture(scope="module")
def baseline() -> Study:
    return triangle.load("baseline")


@pytest.fixture(scope="module")
def small(baseline: Study) -> Auction:
    """As few draws and offers as there can be."""
    return bid(baseline, samples=2, steps=2)


def alone(study: Study) -> Values:
    return Values({name: [value] for name, value in study.scenario.values.items()}, SHIPPED)


# ----- known answers


def test_the_bidder_that_can_bring_russia_further_wins_and_pays_the_others_best_bid():
    #          both equal, US more   China preferred by 10   hedging beats both     tie
    russian = [[0.0] * 4, [0.0, 10.0, 0.0, 5.0], [0.0, 0.0, 0.0, 5.0], [-9.0, -9.0, 50.0, -9.0]]
    most = [[30.0, 15.0, 20.0, 7.0], [20.0, 8.0, 30.0, 7.0]]
    sale = sell(russian, most)
    assert [winners(SHIPPED)[w] for w in sale.winner] == ["US", "CN", "nobody", "CN"]
    assert sale.price.tolist() == [20.0, 5.0, 0.0, 7.0]


def test_a_bid_that_beats_hedging_pays_for_hedging():
    sale = sell([[0.0], [10.0], [0.0], [25.0]], [[0.0], [40.0]])
    assert winners(SHIPPED)[sale.winner[0]] == "CN" and sale.price[0] == 15.0


def test_no_winner_pays_more_than_its_most_and_no_loser_could_pay_more():
    rng = np.random.default_rng(3)
    russian, most = rng.normal(0, 50, (4, 500)), np.abs(rng.normal(0, 50, (2, 500)))
    sale = sell(russian, most)
    assert set(sale.winner.tolist()) == {0, 1, 2}
    for w, action, other, its in ((1, DISTANCE, ALIGN, 0), (2, ALIGN, DISTANCE, 1)):
        won = sale.winner == w
        assert (sale.price[won] <= most[its][won] + 1e-9).all() and (sale.price[won] >= 0).all()
        has = russian[action] + sale.price
        assert (has[won] >= russian.max(axis=0)[won] - 1e-9).all()
        assert (has[won] >= (russian[other] + most[1 - its])[won] - 1e-9).all()


def test_a_game_of_offers_is_solved_as_by_hand_and_by_brute_force():
    # The first mover commits: at once (1, 1) is stable; the US, moving first, does better by 0.
    us, cn = np.array([[4.0, 2.0], [5.0, 3.0]])[..., None], np.array([[3.0, 2.0], [0.0, 1.0]])[..., None]
    solved = solve_offers(us, cn)
    assert np.argwhere(solved.nash[..., 0]).tolist() == [[1, 1]]
    assert solved.us_first[:, 0].tolist() == [0, 0]
    rng = np.random.default_rng(5)
    us, cn = rng.integers(0, 5, (2, 4, 3, 60)).astype(float)
    solved = solve_offers(us, cn)
    assert not solved.nash.any(axis=(0, 1)).all(), "some of these games have no stable pair of offers"
    for k in range(60):
        for a in range(4):
            for b in range(3):
                stable = us[a, b, k] >= us[:, b, k].max() and cn[a, b, k] >= cn[a, :, k].max()
                assert solved.nash[a, b, k] == stable
        replies = [int(cn[a, :, k].argmax()) for a in range(4)]
        led = max(range(4), key=lambda a: (us[a, replies[a], k], -a))
        assert solved.us_first[:, k].tolist() == [led, replies[led]]
        answers = [int(us[:, b, k].argmax()) for b in range(3)]
        led = max(range(3), key=lambda b: (cn[answers[b], b, k], -b))
        assert solved.cn_first[:, k].tolist() == [answers[led], led]


# ----- the model's auction


def test_values_and_promises_are_those_of_studies_with_russia_held(baseline: Study):
    found = bidders(baseline, alone(baseline))
    for action, slug in enumerate(("oppose_both", "align", "distance", "hedge")):
        held = triangle.load("baseline", hold={"RU": slug})
        best = max(held.solve().findings, key=lambda finding: finding.margin)
        assert found.values[:, action, 0] == pytest.approx(best.payoffs)
        bidder, place = {ALIGN: (CN, 1), DISTANCE: (US, 0)}.get(action, (None, 0))
        if bidder is not None:
            without = [a for a in range(4) if not (a & 1 if bidder == CN else a >> 1)]
            others = [tuple(a if i == bidder else best.profile[i] for i in range(3)) for a in without]
            lost = best.payoffs[bidder] - max(held.payoffs[(bidder, *other)] for other in others)
            is_linked = best.profile[bidder] not in without
            assert found.enforceable[place, 0] == pytest.approx(max(lost, 0.0) if is_linked else 0.0)
    assert found.worth[0, 0] == pytest.approx(found.values[US, DISTANCE, 0] - found.values[US, ALIGN, 0])


def test_a_share_that_china_names_is_the_share_that_russia_gets(baseline: Study):
    shares = np.linspace(0, 1, 5)
    values = Values(
        {**baseline.scenario.values, "outside_option_ru": 0.0, "outside_option_cn": 1 - 2 * shares, "relief": 1.0},
        SHIPPED,
    )
    assert sweep_bargaining(values, range(64)) == pytest.approx(np.tile(shares, (64, 1)))


def test_each_pair_of_offers_is_the_study_with_these_levers(baseline: Study):
    us, cn = us_offers(baseline, 3), cn_offers(baseline, 3)
    played, shape = play_offers(baseline, alone(baseline), us, cn, "margin")
    profiles = played.profiles["margin"].reshape(shape)
    payoffs = played.payoffs["margin"].reshape(3, *shape)
    for a, b in ((0, 0), (4, 1), (8, 6)):
        volume, share = cn[b]
        if share > 0.5:
            continue  # no scenario may set the outside option that stands for it
        settings = {
            "relief": us[a][0],
            "political_concession": us[a][1],
            "pipeline_volume": volume,
            "outside_option_ru": 0.0,
            "outside_option_cn": 1 - 2 * share,
        }
        best = max(triangle.load("baseline", settings).solve().findings, key=lambda finding: finding.margin)
        assert profiles[a, b, 0] == SHIPPED.index(best.profile)
        assert payoffs[:, a, b, 0] == pytest.approx(best.payoffs)


def test_offers_run_from_nothing_to_everything(baseline: Study):
    us, cn = us_offers(baseline), cn_offers(baseline)
    assert us[0] == (0.0, 0.0) and us[-1] == (1.0, 1.0) and len(set(us)) == 25
    assert cn[0] == (0.0, 0.0) and cn[-1] == (60.0, 1.0) and len(set(cn)) == 21


def test_holders_are_read_off_the_links():
    assert holders([5, SHIPPED.index((2, 2, 0)), SHIPPED.index((2, 3, 1)), 0, -1], SHIPPED).tolist() == [2, 1, 3, 0, -1]


def test_an_auction_is_consistent_and_goes_to_a_file_and_back():
    samples = 32 if LARGE else 8
    auction = bid(triangle.load("europe_joins"), samples=samples, steps=3 if LARGE else 2)
    for counts in (*auction.draws.money, auction.draws.us_first, auction.draws.cn_first, auction.draws.at_once):
        assert sum(counts.counts) + counts.open == samples
    for line in auction.lines:
        for node in line.nodes:
            assert node.bids.most_us[0] <= node.bids.most_us[1] + 1e-9
            assert node.bids.most_cn[1] == pytest.approx(max(node.bids.worth_cn, 0.0))
    at = next(line for line in auction.lines if line.name == "Europe joins").nodes[-1]
    assert at.bids == auction.bids  # Europe has joined here already
    assert from_document(Auction, to_document(auction), "file", SHIPPED) == auction


def test_who_offers_first_is_said_with_what_both_offer_and_what_follows(baseline: Study, small: Auction):
    offers = us_offers(baseline, 2), cn_offers(baseline, 2)
    played, shape = play_offers(baseline, alone(baseline), *offers, "margin")
    payoffs, profiles = played.payoffs["margin"].reshape(3, *shape)[..., 0], played.profiles["margin"].reshape(shape)
    solved = solve_offers(payoffs[US, ..., None], payoffs[CN, ..., None])
    for first, said in ((solved.us_first, small.offers.us_first), (solved.cn_first, small.offers.cn_first)):
        at = tuple(first[:, 0].tolist())
        assert (said.us, said.cn) == at and said.profile == profiles[at][0]
        assert said.payoffs == pytest.approx(payoffs[(slice(None), *at)])


def test_what_relief_brings_russia_raises_the_price_of_keeping_it(baseline: Study):
    """Law: with Europe joining, distance is worth more to Russia, so that China can pay no less."""
    europe = np.linspace(0, 1, 5)
    found = bidders(baseline, Values({**baseline.scenario.values, "europe_joins": europe}, SHIPPED))
    assert (np.diff(found.values[RU, DISTANCE]) >= -1e-9).all()
    price = sell(found.values[RU], found.most(binding=True))
    assert (np.diff(price.price[price.winner == 2]) >= -1e-9).all()


def test_worlds_without_an_answer_are_counted_apart():
    baseline = triangle.load("baseline", model=former())  # upon which some draws have none
    many = 256 if LARGE else 64
    values = Values(plan([baseline], None, many).at(0, 0, many), SHIPPED)
    found = bidders(baseline, values)
    auction = bid(baseline, samples=many, steps=2)
    assert auction.draws.money[0].open == int(found.open.sum()) > 0


def test_russia_held_cannot_be_bid_for(baseline: Study):
    with pytest.raises(BadInput, match="bid for"):
        bid(triangle.load("baseline", hold={"RU": "align"}), samples=4)
    with pytest.raises(BadInput, match="fewer"):
        bid(baseline, samples=100_000)
    with pytest.raises(BadInput, match="margin"):
        bid(baseline, rule="worst", samples=4)


def test_a_bound_bidder_takes_the_better_of_its_two_links(baseline: Study):
    found = bound(baseline, alone(baseline), US, DISTANCE)
    options = []
    for slug in ("court_russia", "engage_both"):
        held = triangle.load("baseline", hold={"US": slug, "RU": "distance"})
        options.append(max(held.solve().findings, key=lambda finding: finding.margin).payoffs[US])
    assert found.tolist() == pytest.approx([max(options)])
    held = triangle.load("baseline", hold={"US": "contain_both"})
    assert bound(held, alone(held), US, DISTANCE).tolist() == [-np.inf]


def test_the_limits_are_where_each_becomes_unwilling(baseline: Study, small: Auction):
    """One step more of concession, and the United States would rather have Russia at China's side."""
    auction = small
    limit = auction.limits.concession[1]
    assert limit is not None
    rest = bidders(
        baseline, Values({**baseline.scenario.values, "relief": [1.0], "political_concession": [0.0]}, SHIPPED)
    )
    for concession, willing in ((limit, True), (limit + 0.01, False)):
        if concession <= 1:
            values = Values(
                {**baseline.scenario.values, "relief": [1.0], "political_concession": [concession]}, SHIPPED
            )
            found = bidders(baseline, values)
            is_linked = found.enforceable[0, 0] > 0
            has = found.values[US, DISTANCE, 0] if is_linked else bound(baseline, values, US, DISTANCE)[0]
            assert (has >= rest.values[US, ALIGN, 0]) == willing
    self_enforcing = auction.limits.concession[0]
    assert self_enforcing is not None and self_enforcing < 1
    for concession, is_kept in ((self_enforcing, True), (self_enforcing + 0.01, False)):
        study = triangle.load("baseline", {"relief": 1.0, "political_concession": concession}, {"RU": "distance"})
        best = max(study.solve().findings, key=lambda finding: finding.margin)
        keeps = best.profile[US] in (2, 3) and best.payoffs[US] >= rest.values[US, ALIGN, 0]
        assert keeps == is_kept


@pytest.mark.parametrize("surplus", [0.0, 5.0])
def test_a_share_of_a_surplus_is_told_where_there_is_one(small: Auction, surplus: float):
    auction = small
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(bidding_tables(replace(auction, limits=replace(auction.limits, surplus=surplus))))
    told = console.export_text()
    assert ("of the surplus of the largest pipeline" in told) == (surplus > 0)
    assert ("no pipeline that may be built yields a surplus" in told) == (surplus == 0)
