"""Two forms of the payoffs side by side: how one is chosen, where it is named, and that no sweep mixes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.model.forms import FORMS
from triangle.model.model import Model, read_model
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study, study
from triangle.sweeps.archive import manifest, open_store
from triangle.sweeps.run import job_of, plan

SCENARIO = """\
title = "The same world in the other form"
question = "What is stable?"
author = "nobody"
date = 2025-01-01
base = "baseline"
narrative = "A test."
[play]
form = "{form}"
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


def at(model: Model, form: str, scenario: str = "baseline") -> Study:
    return study(model.with_form(form), read_scenario(scenario, model))


def written(folder: Path, form: str) -> Path:
    path = folder / f"in_{form}.toml"
    path.write_text(SCENARIO.format(form=form), encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.stdout, result.stderr


def test_the_first_form_is_what_it_was_and_the_second_keeps_the_marriage_beside_a_unit_veto():
    """The note on the second form, upon the parameters of its time: 105.5 in place of 17.8, and a unit veto of 1.7."""
    found = {
        form: {SHIPPED.profile_text(f.profile): f.margin for f in at(former(), form).solve().findings} for form in FORMS
    }
    marriage, veto = "US=contain_both,RU=align,CN=align", "US=contain_both,RU=oppose_both,CN=oppose_both"
    assert found["first"] == {marriage: pytest.approx(17.7735, rel=1e-5)}
    assert found["second"] == {marriage: pytest.approx(105.5, abs=0.05), veto: pytest.approx(1.7, abs=0.05)}


def test_the_first_forms_payoffs_do_not_read_what_belongs_to_the_second(model: Model):
    study = at(model, "first")
    others = {p.name: 0.37 for p in model.catalogue if p.form == "second"}
    moved = type(study.values)({**study.scenario.values, **others}, study.cast)
    assert np.array_equal(payoff_tensor(moved, study.model.terms), study.payoffs)


def test_a_form_is_chosen_by_the_option_then_by_the_scenario_then_by_the_model(model: Model, tmp_path: Path):
    path = written(tmp_path, "second")
    own = read_scenario(path, model)
    assert study(model, own).model.form.name == "second"
    assert study(model.with_form("first"), own).model.form.name == "first"
    assert triangle.load(path).model.form.name == "second"
    assert triangle.load(path, form="first").model.form.name == "first"
    code, out, _ = run("solve", str(path), "--json")
    assert code == 0 and json.loads(out)["form"] == "second"
    code, out, _ = run("solve", str(path), "--form", "first", "--json")
    assert code == 0 and json.loads(out)["form"] == "first"


def test_a_form_is_inherited_from_the_base_and_an_unknown_one_is_a_fault_of_the_file(model: Model, tmp_path: Path):
    written(tmp_path, "second")
    child = tmp_path / "child.toml"
    child.write_text(
        SCENARIO.format(form="x").split("[play]")[0].replace('"baseline"', '"in_second"')
        + '[changes.relief]\nvalue = 0.9\nbecause = "a test"\n',
        encoding="utf-8",
    )
    assert read_scenario(child, model).form == "second"
    with pytest.raises(BadInput, match="unknown form of the payoffs 'frist'; did you mean 'first'"):
        read_scenario(written(tmp_path, "frist"), model)
    code, _, err = run("solve", "baseline", "--form", "secnd")
    assert code == 2 and "did you mean 'second'" in err


def test_compare_puts_both_forms_side_by_side(tmp_path: Path):
    code, out, _ = run("compare", str(written(tmp_path, "first")), str(written(tmp_path, "second")), "--json")
    assert code == 0
    assert [solution["form"] for solution in json.loads(out)["solutions"]] == ["first", "second"]


def test_scenarios_of_two_forms_are_not_swept_together(model: Model, tmp_path: Path):
    both = [study(model, read_scenario(written(tmp_path, form), model)) for form in FORMS]
    with pytest.raises(BadInput, match="played in one form"):
        plan(both, samples=4)


def test_a_sweep_does_not_go_on_in_another_form(model: Model, tmp_path: Path):
    described = {}
    for form in FORMS:
        one = at(model, form)
        described[form] = manifest(job_of([one], plan([one], {"relief": [0.0, 1.0]})), one.model, {}, "1")
    assert described["second"]["form"] == "second"
    assert described["first"]["digest"] != described["second"]["digest"]
    open_store(tmp_path / "run", described["first"], {}, False).close()
    with pytest.raises(BadInput, match="form"):
        open_store(tmp_path / "run", described["second"], {}, True)


def test_draws_of_the_first_form_have_no_coordinate_for_what_belongs_to_the_second(model: Model):
    designs = {form: plan([at(model, form)], samples=8) for form in FORMS}
    of_second = {p.name for p in model.catalogue if p.form == "second"}
    assert designs["second"].dimensions - designs["first"].dimensions == len(of_second)
    assert not of_second & {drawn.name for drawn in designs["first"].drawn}


def test_a_sweep_in_the_second_form_is_that_of_its_games(model: Model):
    swept = triangle.sweep("baseline", {"relief": [0.0, 1.0]}, form="second")["mask"].values
    for relief, mask in zip((0.0, 1.0), swept, strict=True):
        solved = triangle.solve("baseline", settings={"relief": relief}, form="second").findings
        assert {16 * a + 4 * b + c for a, b, c in (f.profile for f in solved)} == {
            index for index in range(64) if int(mask) >> index & 1
        }


def test_a_term_is_shown_in_the_form_that_is_asked_for():
    first, second = (json.loads(run("show", "term", "rivalry", "--form", form, "--json")[1]) for form in FORMS)
    assert "threat_scaling" in second["item"]["parameters"] and "threat_scaling" not in first["item"]["parameters"]
    assert "Walt" in second["item"]["definition"] and "Walt" not in first["item"]["definition"]
