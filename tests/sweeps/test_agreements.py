"""Agreement-proof equilibria of many games: against the games one by one, in archives, counts and pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from budgets import few, in_turn
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_agreement_proof, sweep_masks
from triangle.batch.takeover import Takeover
from triangle.cli import main
from triangle.games.bitboards import profiles_of
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import Term
from triangle.players.cast import SHIPPED
from triangle.solvers.agreements import agreement_proof_masks
from triangle.sweeps.job import Job
from triangle.sweeps.run import job_of, plan

pytestmark = pytest.mark.usefixtures("filtered_however_few")

FORMS = ("first", "second")


def drawn(form: str, games: int) -> tuple[Values, dict]:
    model = read_model().with_form(form)
    generator = np.random.default_rng(4)
    return Values({p.name: generator.uniform(p.low, p.high, games) for p in model.catalogue}, SHIPPED), dict(
        model.terms
    )


@pytest.mark.parametrize(("form", "hold"), in_turn(FORMS, [{}, {0: 2}, {1: 1, 2: 0}]))
def test_the_kernel_keeps_those_that_the_whole_tensor_keeps(form: str, hold: dict[int, int]):
    values, terms = drawn(form, 700)
    masks = sweep_masks(values, terms, hold=hold)
    for trust in (0.0, 0.5, 1.0):
        expected = agreement_proof_masks(payoff_tensor(values, terms), masks, trust, 1e-9, hold)
        assert np.array_equal(sweep_agreement_proof(values, masks, terms, trust=trust, hold=hold), expected)


def test_the_length_of_a_chunk_changes_nothing():
    values, terms = drawn("second", 500)
    masks = sweep_masks(values, terms)
    whole = sweep_agreement_proof(values, masks, terms)
    assert np.array_equal(whole, sweep_agreement_proof(values, masks, terms, chunk=64)) and (whole != masks).any()


def test_terms_that_cannot_be_taken_down_give_the_same():
    values, terms = drawn("second", 200)

    def closed(term: Term) -> Term:
        return lambda s, v: {player: np.asarray(payoff, dtype=float) for player, payoff in term(s, v).items()}

    own = {name: closed(term) for name, term in terms.items()}
    masks = sweep_masks(values, terms)
    assert np.array_equal(sweep_agreement_proof(values, masks, own), sweep_agreement_proof(values, masks, terms))


def test_a_node_of_a_sweep_is_the_scenario_solved_there():
    games = triangle.sweep("rift_shock", over={"relief": [0.0, 0.4, 1.0]}, form="second", trust=1.0)
    for relief, mask in zip(games["relief"].values, games["agreement_proof"].values, strict=True):
        answer = triangle.solve("rift_shock", settings={"relief": float(relief)}, form="second", trust=1.0)
        assert profiles_of(int(mask)) == sorted(SHIPPED.index(f.profile) for f in answer.agreement_proof)


def test_an_archive_brings_the_second_set_back(tmp_path: Path):
    asked = {"over": {"relief": np.linspace(0, 1, 7)}, "form": "second", "trust": 0.25}
    stored = triangle.sweep("baseline", out=tmp_path / "run", **asked)
    assert np.array_equal(stored["agreement_proof"].values, triangle.sweep("baseline", **asked)["agreement_proof"])
    assert stored["agreement_proof"].trust == 0.25 and stored["agreement_proof"].dtype == np.uint64
    with pytest.raises(BadInput, match=r"another|differ|method"):
        triangle.sweep("baseline", out=tmp_path / "run", resume=True, **{**asked, "trust": 0.5})


def test_without_a_trust_nothing_is_added():
    assert "agreement_proof" not in triangle.sweep("baseline", over={"relief": [0.0]})


def test_counts_of_the_command_are_those_of_the_games():
    words = ["sweep", "baseline", "--form", "second", "--samples", "300", "--trust", "0.5", "--json"]
    said = json.loads(CliRunner().invoke(main, words).stdout)
    games = triangle.sweep("baseline", samples=300, form="second", trust=0.5)
    proof = games.triangle.agreement_proof.triangle.tally
    assert said["agreement_proof"]["profiles"] != said["profiles"] and said["method"]["trust"] == 0.5
    for key, share in said["agreement_proof"]["configurations"].items():
        assert share == proof.share(key)
        low, high = said["agreement_proof"]["intervals"][key]
        assert low <= share <= high


def test_a_picture_of_agreement_proof_sets_says_what_it_shows():
    from triangle.showing.maps import sweep_plot

    study = triangle.load("baseline", form="second")
    games = triangle.sweep("baseline", over={"relief": [0, 1], "reversal_hazard": [0, 0.2]}, form="second", trust=0.5)
    both = [sweep_plot(g, [study]) for g in (games, games.triangle.agreement_proof)]
    first, second = (" ".join(plot.get_suptitle().split()) for plot in both)
    assert first == "Russia and China are linked in some equilibria and not in others, all over the map"
    assert second == "Russia and China are linked in every equilibrium all over the map"
    assert "agreement-proof equilibria, trust 0.5" in both[1].get_supxlabel().replace("\n", " ")
    with pytest.raises(BadInput, match="sweep with trust"):
        triangle.sweep("baseline", over={"relief": [0.0]}).triangle.agreement_proof  # noqa: B018


@pytest.mark.parametrize("trust", ["1.5", "nan"])
def test_a_trust_that_is_no_probability_is_refused(trust: str):
    result = CliRunner().invoke(main, ["sweep", "baseline", "--over", "relief=0:1:3", "--trust", trust])
    assert result.exit_code == 2 and "--trust" in result.stderr and "from 0 to 1" in result.stderr


def test_a_question_of_a_sweep_is_asked_of_agreement_proof_equilibria_alone():
    from triangle.measures.draws import draws_of

    games = triangle.sweep("rift_shock", samples=256, form="second", trust=0.5)
    draws = draws_of(games.triangle.agreement_proof)
    assert np.array_equal(draws.masks, games["agreement_proof"].values.ravel())


#: Scenarios and designs, in a row and node by node.
LONG = [
    ("baseline", {"samples": 4096}),
    ("nixon_1972", {"samples": 4096}),
    ("conditional_relief_europe", {"samples": 4096}),
    ("rift_courted", {"samples": 2048, "over": {"relief": [0.0, 0.4, 1.0]}}),
]


@pytest.mark.parametrize(("asked", "trust"), in_turn(few(LONG[::-1], 2), [0.3, 1.0]))
def test_single_precision_changes_no_set(asked: tuple[str, dict], trust: float, monkeypatch: pytest.MonkeyPatch):
    """The games that it leaves in doubt are computed in double precision."""
    name, design = asked
    study = triangle.load(name, form="second")
    job = job_of([study], plan([study], **design), takeover=Takeover(trust=trust))
    kept = {name: [] for name in ("mask", "agreement_proof")}
    assert job._filtered(0, 0, 4096) is not None
    for _ in range(2):
        for field, found in kept.items():
            found.append(np.concatenate([job.compute(chunk)[field] for chunk in range(job.chunks)], axis=-1))
        monkeypatch.setattr(Job, "_filtered", lambda *_: None)
    for once, again in kept.values():
        assert np.array_equal(once, again)
    assert (kept["mask"][0] != kept["agreement_proof"][0]).any()
