"""The payoff tensor: its shape, its sum, and the orientation numbers of the specification as golden tables."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import batch, former

from triangle.games.normal_form import best_responses, is_nash
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor, payoff_terms
from triangle.model.terms import TERMS
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configurations

DEFAULTS = former().catalogue.defaults()


def test_the_terms_sum_to_the_tensor_and_keep_their_names():
    terms = payoff_terms(Values(DEFAULTS, SHIPPED))
    assert list(terms) == list(TERMS)
    total = sum(terms.values())
    assert np.allclose(total, payoff_tensor(Values(DEFAULTS, SHIPPED)), rtol=1e-12, atol=0)


def test_a_term_that_touches_nobody_else_is_zero_for_the_others():
    terms = payoff_terms(Values(DEFAULTS, SHIPPED))
    assert not terms["relief"][[US, CN]].any() and terms["relief"][RU].any()
    assert not terms["alliance"][[RU, CN]].any() and terms["alliance"][US].any()
    assert not terms["pipeline"].any(), "no pipeline in the default world"


@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3)])
def test_samples_come_last(shape: tuple[int, ...]):
    values = Values({name: np.full(shape, number) for name, number in DEFAULTS.items()}, SHIPPED)
    assert payoff_tensor(values).shape == (3, 4, 4, 4, *shape)


def test_a_column_among_scalars_makes_a_batch():
    values = Values(DEFAULTS | {"relief": [0.0, 1.0]}, SHIPPED)
    payoffs = payoff_tensor(values)
    assert payoffs.shape == (3, 4, 4, 4, 2)
    paid = np.array([0, 0, 1, 1], dtype=bool)  # where the United States accommodates Russia
    assert (payoffs[:, ~paid, ..., 0] == payoffs[:, ~paid, ..., 1]).all()
    assert (payoffs[RU, paid, ..., 0] != payoffs[RU, paid, ..., 1]).any()


def test_no_terms_make_a_game_of_zeros():
    assert not payoff_tensor(Values(DEFAULTS, SHIPPED), {}).any()


# ----- section 4 of the specification, which is of the first form upon the former parameters


def test_in_the_documented_world_only_profile_5_is_stable():
    assert np.flatnonzero(is_nash(payoff_tensor(Values(DEFAULTS, SHIPPED), TERMS))).tolist() == [5]


RELIEFS = (0.0, 0.25, 0.5, 0.75, 1.0)
ALIGN, DISTANCE, HEDGE = "align", "distance", "hedge"

#: Who joins, hazard of reversal, conditionality -> Russia's reply at each relief, the US courting it, China aligning.
REPLIES = {
    ("US alone", 0.125, 0.0): (ALIGN, ALIGN, ALIGN, ALIGN, ALIGN),
    ("US alone", 0.0, 0.0): (ALIGN, ALIGN, ALIGN, ALIGN, HEDGE),
    # The specification has ALIGN at 0.75 here: it multiplies a share of what would be with the GDP that is.
    ("Europe joins", 0.125, 0.0): (ALIGN, ALIGN, ALIGN, HEDGE, HEDGE),
    ("Europe joins", 0.125, 1.0): (ALIGN, ALIGN, ALIGN, ALIGN, ALIGN),
    ("Europe joins", 0.0, 0.0): (ALIGN, ALIGN, HEDGE, HEDGE, HEDGE),
    ("Europe joins", 0.0, 1.0): (ALIGN, ALIGN, ALIGN, DISTANCE, DISTANCE),
}


@pytest.mark.parametrize("offer", REPLIES, ids=lambda offer: f"{offer[0]}, hazard {offer[1]}, condition {offer[2]}")
def test_russias_reply_to_growing_relief_is_that_of_the_specification(offer: tuple[str, float, float]):
    who, hazard, condition = offer
    fixed = {"europe_joins": float(who == "Europe joins"), "reversal_hazard": hazard, "conditionality": condition}
    values = Values(DEFAULTS | fixed | {"relief": np.array(RELIEFS)}, SHIPPED)
    best = best_responses(payoff_tensor(values, TERMS), RU)[
        SHIPPED.actions[US].index("court_russia"), :, SHIPPED.actions[CN].index("align")
    ]
    replies = [[SHIPPED.actions[RU][a] for a in np.flatnonzero(best[:, place])] for place in range(len(RELIEFS))]
    assert replies == [[reply] for reply in REPLIES[offer]]


def test_over_the_uncertainties_most_worlds_have_one_equilibrium_and_it_is_a_marriage_of_russia_and_china():
    """Section 4, 4 000 uniform draws, levers at their defaults: how many equilibria, and which triangles are stable."""
    generator = np.random.default_rng(1)
    draws = 4000
    columns = {
        p.name: np.full(draws, p.default) if p.role == "lever" else generator.uniform(p.low, p.high, draws)
        for p in former().catalogue
    }
    stable = is_nash(payoff_tensor(Values(columns, SHIPPED), TERMS)).reshape(64, draws)
    shares = [float((stable.sum(axis=0) == n).mean()) for n in range(3)]
    assert shares == pytest.approx([0.013, 0.93, 0.06], abs=0.01)
    among = {
        key: float(stable[[found.key == key for found in configurations(SHIPPED)]].any(axis=0).mean())
        for key in ("stable_marriage:RU-CN", "romantic_triangle:RU", "romantic_triangle:CN", "menage_a_trois")
    }
    assert among == pytest.approx(
        {
            "stable_marriage:RU-CN": 0.90,
            "romantic_triangle:RU": 0.07,
            "romantic_triangle:CN": 0.07,
            "menage_a_trois": 0.005,
        },
        abs=0.015,
    )


def test_a_batch_of_one_is_that_one_game():
    assert np.array_equal(payoff_tensor(batch([DEFAULTS]))[..., 0], payoff_tensor(Values(DEFAULTS, SHIPPED)))
