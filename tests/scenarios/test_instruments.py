"""Sanctions by instrument: what is lifted by name comes to a part of the whole, and nothing else is believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.base.errors import BadInput
from triangle.model.instruments import Instrument, package, read_instruments
from triangle.model.model import read_model
from triangle.players.triad import read_triad
from triangle.scenarios.scenario import override, read_scenario
from triangle.study.study import study

ROOT = Path(__file__).parents[2]
MODEL = read_model()
KNOWN = read_instruments(MODEL.ledger, MODEL.cast, MODEL.catalogue.defaults())
HEAD = (
    'title = "t"\nquestion = "q?"\nauthor = "a"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "n"\n[instruments]\n'
)


def lifted(known: dict[str, Instrument], names: set[str], europe: set[str]) -> float:
    """What is lifted in fact, instrument by instrument: Washington's part of each named, Europe's where it joins."""
    return sum(known[n].share * (known[n].us + (1 - known[n].us) * (n in europe)) for n in names)


def test_the_instruments_are_parts_of_one_whole():
    assert sum(it.share for it in KNOWN.values()) == pytest.approx(1, abs=1e-12)
    assert all(it.cost > 0 and 0 <= it.us <= 1 for it in KNOWN.values())


@given(names=st.sets(st.sampled_from(sorted(KNOWN)), min_size=1), data=st.data())
def test_the_relief_that_can_be_counted_on_is_what_is_lifted_instrument_by_instrument(names: set[str], data):
    europe = data.draw(st.sets(st.sampled_from(sorted(names))))
    found = package(KNOWN, names, europe)
    counted = found.relief * (found.us_sanction_share + (1 - found.us_sanction_share) * found.europe_joins)
    assert counted == pytest.approx(lifted(KNOWN, names, europe), rel=1e-12)


def test_everything_lifted_by_both_is_all_of_it():
    found = package(KNOWN, KNOWN, 1.0)
    assert (found.relief, found.europe_joins) == (pytest.approx(1), 1.0)


def test_a_scenario_names_what_is_lifted(tmp_path: Path):
    path = tmp_path / "truce.toml"
    path.write_text(HEAD + 'relief = ["payments", "aviation"]\neurope = ["payments"]\nbecause = "asked for"\n')
    scenario = read_scenario(path, MODEL)
    expected = package(KNOWN, ["payments", "aviation"], ["payments"])
    assert {key: scenario.values[key] for key in vars(expected)} == pytest.approx(vars(expected))
    assert all("payments, aviation" in change.because for change in scenario.changes)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('relief = ["payment"]\nbecause = "b"', "did you mean 'payments'"),
        ("relief = []\nbecause = 'b'", "no instrument is lifted"),
        ('relief = ["oil"]\neurope = ["assets"]\nbecause = "b"', "relief does not name"),
        ('relief = ["oil"]\neurope = 1.5\nbecause = "b"', "a share from 0 to 1"),
        ('relief = ["oil"]', "because"),
        ('relief = ["oil"]\nbecause = "b"\n[changes.relief]\nvalue = 0.9\nbecause = "b"', "here and in instruments"),
    ],
)
def test_what_is_no_package_is_refused_with_what_to_do(table: str, said: str, tmp_path: Path):
    path = tmp_path / "bad.toml"
    path.write_text(HEAD + table)
    with pytest.raises(BadInput, match=said):
        read_scenario(path, MODEL)


def test_powers_that_no_instrument_is_told_of_have_none():
    cast = read_triad(ROOT / "docs" / "examples" / "triad_1972" / "triad.toml")
    with pytest.raises(BadInput, match="knows nothing of"):
        read_instruments(MODEL.ledger, cast, MODEL.catalogue.defaults())


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_to_lift_by_name_changes_no_payoff_where_washington_does_not_accommodate_russia(name: str, tmp_path: Path):
    path = tmp_path / "offer.toml"
    path.write_text(HEAD + f'relief = ["{name}"]\nbecause = "asked for"\n')
    asked, baseline = study(MODEL, read_scenario(path, MODEL)), study(MODEL, read_scenario("baseline", MODEL))
    unmoved = [place for place, action in enumerate(MODEL.cast.actions[0]) if action in ("contain_both", "court_china")]
    assert np.array_equal(asked.payoffs[:, unmoved], baseline.payoffs[:, unmoved])


def test_an_instrument_is_named_once_and_a_reason_ends_where_it_ends(tmp_path: Path):
    path = tmp_path / "offer.toml"
    path.write_text(HEAD + 'relief = ["oil", "oil"]\nbecause = "asked for"\n')
    with pytest.raises(BadInput, match="oil more than once"):
        read_scenario(path, MODEL)
    path.write_text(HEAD + 'relief = ["oil"]\nbecause = "asked for"\n')
    assert {change.because for change in read_scenario(path, MODEL).changes} == {
        "asked for. Computed: of the instruments oil."
    }


def test_unknown_instruments_are_reported_together_with_all_other_faults_of_a_file(tmp_path: Path):
    path = tmp_path / "bad.toml"
    head = HEAD.replace('author = "a"\n', "author = 3\n")
    path.write_text(head + 'relief = ["payment", "oill"]\nbecause = "b"\n[changes.releif]\nvalue = 1\nbecause = "b"\n')
    with pytest.raises(BadInput) as told:
        read_scenario(path, MODEL)
    for words in ("author: found 3", "did you mean 'payments'", "did you mean 'oil'", "did you mean 'relief'"):
        assert words in str(told.value)


def test_what_is_set_by_hand_over_instruments_says_so_and_what_stays(tmp_path: Path):
    path = tmp_path / "offer.toml"
    path.write_text(HEAD + 'relief = ["oil"]\neurope = 1.0\nbecause = "asked for"\n')
    scenario = override(read_scenario(path, MODEL), ["relief=0.5", "war_intensity=0.5"], MODEL)
    over = (
        "set by hand, over what the scenario's instruments come to; us_sanction_share and europe_joins stay as of these"
    )
    assert [change.because for change in scenario.changes[-2:]] == [over, "set by hand, over the scenario"]
