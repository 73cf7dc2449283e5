"""Questions under a trust: every outcome against the games one by one, and what it is refused for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.games.normal_form import losses
from triangle.measures.draws import draws_of
from triangle.measures.outcomes import parse_outcome
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.patterns import parse_pattern
from triangle.solvers.agreements import agreement_proof, agreement_proof_margins

GAMES = 60 if LARGE else 8
TRUSTS = (0.0, 0.3, 0.5, 1.0)


@pytest.fixture(scope="module", params=["first", "second"])
def box(request: pytest.FixtureRequest) -> tuple[triangle.study.study.Study, Values, np.ndarray]:
    """A scenario with several equilibria, games of its whole box, and their payoffs ``[player, profile, game]``."""
    study = triangle.load("rift_shock", form=request.param)
    generator = np.random.default_rng(2)
    ranges = study.scenario.ranges
    drawn = {name: generator.uniform(*ends, GAMES) for name, ends in ranges.items()}
    values = Values(study.scenario.set_to(drawn), study.cast)
    return study, values, payoff_tensor(values, study.model.terms)


def sets_of(payoffs: np.ndarray, trust: float | None) -> list[set[int]]:
    """The sets of equilibria of each game, one game at a time."""
    found = []
    for game in np.moveaxis(payoffs, -1, 0):
        stable = (losses(game) >= -1e-9).all(axis=0) if trust is None else agreement_proof(game, trust, 1e-9)
        found.append(set(np.flatnonzero(stable).tolist()))
    return found


@pytest.mark.parametrize("trust", [None, *TRUSTS])
def test_what_counts_is_what_each_game_has_by_itself(box, trust: float | None):
    study, values, payoffs = box
    sets = sets_of(payoffs, trust)
    for pattern in ("RU=align", "unit_veto", "link=RU-CN"):
        mask = parse_pattern(pattern, study.cast)
        there = [any(mask >> p & 1 for p in own) for own in sets]
        alone = [bool(own) and all(mask >> p & 1 for p in own) for own in sets]
        for word, expected in (("holds", there), ("only", alone)):
            outcome = parse_outcome(f"{word}:{pattern}", study, trust=trust)
            assert outcome.of(study, values).tolist() == [float(held) for held in expected]
    assert parse_outcome("number", study, trust=trust).of(study, values).tolist() == [len(own) for own in sets]


def test_agreements_break_equilibria_here(box):
    """Without a difference the tests beside this one would say nothing."""
    study, _, payoffs = box
    if study.model.form.name == "second":
        assert sum(map(len, sets_of(payoffs, None))) > sum(map(len, sets_of(payoffs, 0.5)))


@pytest.mark.parametrize("trust", TRUSTS)
def test_a_margin_is_positive_exactly_where_the_pattern_holds(box, trust: float):
    study, values, payoffs = box
    for pattern in ("unit_veto", "RU=align", "US=contain_both,RU=align,CN=align"):
        margin = parse_outcome(f"margin:{pattern}", study, trust=trust).of(study, values)
        profiles = [p for p in range(64) if parse_pattern(pattern, study.cast) >> p & 1]
        expected = agreement_proof_margins(payoffs, profiles, trust).max(axis=0)
        assert margin == pytest.approx(expected, abs=1e-8)
        holds = parse_outcome(f"holds:{pattern}", study, trust=trust).of(study, values)
        clear = np.abs(margin) > 1e-6
        assert clear.any() and np.array_equal(holds[clear] == 1.0, margin[clear] > 0)


def test_a_rule_picks_among_agreement_proof_equilibria_and_secures_where_there_is_none(box):
    study, values, payoffs = box
    best, worst = (parse_outcome(f"value:RU@{rule}", study, trust=1.0).of(study, values) for rule in ("best", "worst"))
    own = payoffs[1].reshape(64, -1)
    for game, there in enumerate(sets_of(payoffs, 1.0)):
        if there:
            stable = own[sorted(there), game]
            assert (worst[game], best[game]) == pytest.approx((stable.min(), stable.max()))
        else:
            sure = payoffs[1, ..., game].min(axis=(0, 2)).max()
            assert (worst[game], best[game]) == pytest.approx((sure, sure))


def test_held_players_agree_to_nothing():
    study = triangle.load("rift_shock", hold={"CN": "oppose_both"}, form="second")
    number = parse_outcome("number", study, trust=1.0).of(study, study.values)
    assert int(number) == len(study.solve(1.0).agreement_proof)


def test_what_is_present_under_a_trust_is_agreement_proof_or_refused():
    study = triangle.load("rift_shock", form="second")
    standing = {study.cast.index(f.profile) for f in study.solve(0.5).agreement_proof}
    assert standing < {study.cast.index(f.profile) for f in study.solve().findings}
    some = parse_outcome("margin:present", study, trust=0.5).of(study, study.values)
    assert float(some) == pytest.approx(agreement_proof_margins(study.payoffs, sorted(standing), 0.5).max(), abs=1e-9)


def test_where_nothing_is_agreement_proof_nothing_is_present():
    games = triangle.sweep("nixon_1972", samples=512, form="second", trust=1.0)
    (place, *_) = np.flatnonzero((games["mask"].values != 0) & (games["agreement_proof"].values == 0))
    names = [str(name) for name in games["parameter"].values]
    settings = dict(zip(names, games["inputs"].values[:, place].tolist(), strict=True))
    study = triangle.load("nixon_1972", settings, form="second")
    assert study.solve(1.0).findings and not study.solve(1.0).agreement_proof
    with pytest.raises(BadInput, match="no equilibrium that is agreement-proof at trust 1, so nothing is 'present'"):
        parse_outcome("margin:present", study, trust=1.0)
    assert float(parse_outcome("only:RU=align", study, trust=1.0).of(study, study.values)) == 0.0


@pytest.mark.parametrize("trust", [-0.1, 1.5, float("nan"), float("inf"), "0.5"])
def test_no_probability_is_refused(trust: object):
    with pytest.raises(BadInput, match=r"--trust.*from 0 to 1"):
        parse_outcome("number", triangle.load("baseline"), trust=trust)


@pytest.mark.parametrize("text", ["credibility", "payoff:RU@US=contain_both,RU=align,CN=align", "logit:RU=align"])
def test_where_it_would_have_no_say_a_trust_is_refused(text: str):
    with pytest.raises(BadInput, match=r"--trust.*no say"):
        parse_outcome(text, triangle.load("baseline"), trust=0.5)


# ----- on the command line


def said(*words: str) -> str:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


SENTENCE = "Equilibria that two would leave by an agreement that needs trust of at most 0.5 do not count."


def test_sensitivity_and_discovery_say_that_agreements_count():
    words = ("--samples", "64", "--over", "unilateral_yield", "--over", "rivalry_cost_us_cn", "--trust", "0.5")
    assert SENTENCE in said("sensitivity", "baseline", "--outcome", "holds:unit_veto", *words)
    assert SENTENCE in said("discover", "baseline", "--pattern", "unit_veto", *words)
    found = json.loads(said("sensitivity", "baseline", "--outcome", "number", *words, "--json"))
    assert (
        found["trust"] == 0.5
        and found["mean"]
        < triangle.sensitivity("baseline", "number", samples=64, names=["unilateral_yield", "rivalry_cost_us_cn"]).mean
    )


def test_a_kept_answer_is_shown_with_its_trust(tmp_path: Path):
    out = tmp_path / "kept.json"
    words = ("sensitivity", "baseline", "--outcome", "number", "--samples", "16", "--over", "unilateral_yield")
    first = said(*words, "--trust", "1", "--out", str(out))
    assert said("sensitivity", "--from", str(out)) == first and "by an agreement do not count" in first
    result = CliRunner().invoke(main, ["sensitivity", "--from", str(out), "--trust", "0.5"])
    assert result.exit_code == 2 and "--trust" in result.stderr


@pytest.mark.usefixtures("few_resamples")
def test_a_run_answers_under_the_trust_that_it_was_swept_with(tmp_path: Path):
    kept, plain = tmp_path / "kept", tmp_path / "plain"
    games = triangle.sweep("rift_shock", samples=256, form="second", trust=0.5, out=kept)
    triangle.sweep("rift_shock", samples=256, form="second", out=plain)
    found = triangle.sensitivity(games, "holds:unit_veto", trust=0.5)
    assert found.cautions.trust == 0.5
    assert found.mean == games.triangle.agreement_proof.triangle.share("unit_veto")
    assert draws_of(games.triangle.agreement_proof, trust=0.5).trust == 0.5
    for folder, trust, message in ((kept, "0.25", "at trust 0.5; sweep with"), (plain, "0.5", "keeps no agreement")):
        words = ["discover", str(folder), "--pattern", "RU=align", "--trust", trust]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 2 and message in result.stderr, result.stderr


def test_margins_of_an_archive_do_not_go_with_a_trust():
    profile = "US=contain_both,RU=align,CN=align"
    games = triangle.sweep("baseline", samples=64, trust=0.5, margins=[profile])
    with pytest.raises(BadInput, match="margins of leaving alone"):
        triangle.sensitivity(games, f"margin:{profile}", trust=0.5)


@pytest.mark.parametrize("trust", ["1.5", "-0.1", "nan", "inf"])
@pytest.mark.parametrize(
    "words", [("sensitivity", "baseline"), ("discover", "baseline", "--pattern", "RU=align"), ("claims", "T01")]
)
def test_a_trust_that_is_no_probability_is_refused_at_once(words: tuple[str, ...], trust: str):
    result = CliRunner().invoke(main, [*words, "--trust", trust])
    assert result.exit_code == 2 and "--trust" in result.stderr and "from 0 to 1" in result.stderr


# ----- claims


FILE = """
[V1]
claims = ["C01"]
paraphrase = "Mutual hostility of all three stands."
expects = "It does."
computes = "Whether the unit veto is an equilibrium."
holds = 0.9
contradicted = 0.1
[V1.test]
kind = "equilibrium"
pattern = "unit_veto"
mode = "some"
"""


def test_a_claim_about_equilibria_counts_the_agreement_proof_ones(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(FILE)
    shares = {}
    for trust in (None, 0.0, 0.5, 1.0):
        ledger = triangle.claims(files=[file], samples=200, trust=trust)
        (entry,) = ledger.entries
        shares[trust] = entry.answer.share
        measured = {name for one in entry.answer.evidence for name in one.shares}
        assert trust is None or "no pure equilibrium" not in measured
        assert ledger.trust == trust
    assert shares[None] >= shares[0.0] >= shares[0.5] >= shares[1.0] and shares[None] > shares[1.0]
    text = said("claims", "--claims-file", str(file), "--samples", "50", "--trust", "0.5")
    assert SENTENCE in text and "judged as they are without" in text
