"""The Python face: what its docstrings promise, and that importing the package costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import triangle
from triangle.base.errors import BadInput
from triangle.study.study import Answer, Study

ROOT = Path(__file__).parents[1]


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=3000, cwd=ROOT
    )
    return done.stdout.strip()


def test_importing_the_package_imports_no_library():
    heavy = ("numpy", "matplotlib", "rich", "scipy", "click", "nashpy")
    code = f"import sys, triangle; print(triangle.__version__, [m for m in {heavy} if m in sys.modules])"
    assert run(code) == f"{triangle.__version__} []"


def test_a_name_is_loaded_on_first_use_and_still_draws_nothing():
    code = "import sys, triangle; triangle.solve; print('numpy' in sys.modules, 'matplotlib' in sys.modules)"
    assert run(code) == "True False"


def test_everything_promised_is_there_and_nothing_else_is_answered():
    assert set(triangle.__all__) <= set(dir(triangle))
    for name in set(triangle.__all__) - {"__version__"}:
        assert callable(getattr(triangle, name)) and getattr(triangle, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'slove'"):
        _ = triangle.slove


def test_load_gives_a_study_with_settings_and_holds():
    study = triangle.load("baseline", settings={"relief": 1.0}, hold={"US": "court_russia"})
    assert isinstance(study, Study)
    assert study.scenario.values["relief"] == 1.0 and study.hold == {0: 2}
    assert study.payoffs.shape == (3, 4, 4, 4)


@pytest.mark.parametrize("value", [1, 1.0, np.float64(1.0), "1", "1.0"])
def test_a_setting_may_be_any_way_of_writing_the_number(value):
    assert triangle.load(settings={"relief": value}).scenario.values["relief"] == 1.0


def test_a_setting_may_be_the_id_of_a_figure():
    study = triangle.load(settings={"sanction_cost": "ost_crimea_gdp_shortfall"})
    assert study.scenario.values["sanction_cost"] == 0.2
    assert study.scenario.changes[-1].figure == "ost_crimea_gdp_shortfall"


def test_load_takes_a_path_and_another_model(tmp_path: Path):
    model = triangle.read_model()
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "N"\n'
        '[changes.relief]\nvalue = 0.9\nbecause = "why not"\n',
        encoding="utf-8",
    )
    assert triangle.load(file, model=model).model is model
    assert triangle.load(str(file)).scenario.values["relief"] == 0.9


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"scenario": "basline"}, "did you mean 'baseline'"),
        ({"settings": {"releif": 1}}, "did you mean 'relief'"),
        ({"settings": {"relief": 2}}, "between 0 and 1"),
        ({"settings": {"relief": float("nan")}}, "finite"),
        ({"hold": {"US": "court_rusia"}}, "did you mean 'court_russia'"),
        ({"hold": {"EU": "align"}}, "unknown player"),
    ],
)
def test_what_is_not_sound_is_answered_with_what_and_where(arguments, words):
    with pytest.raises(BadInput, match=words):
        triangle.load(**arguments)


def test_solve_is_the_answer_of_load():
    answer = triangle.solve("full_package", settings={"europe_joins": 1.0}, hold={"CN": "align"})
    assert isinstance(answer, Answer)
    again = triangle.load("full_package", settings={"europe_joins": 1.0}, hold={"CN": "align"}).solve()
    assert answer == again


def test_nothing_to_compare_is_no_answer():
    with pytest.raises(BadInput, match="scenarios: missing; name at least one"):
        triangle.compare([])


def test_compare_answers_every_scenario_on_the_same_footing():
    answers = triangle.compare(["baseline", "europe_joins"], settings={"relief": 1.0})
    assert list(answers) == ["baseline", "europe_joins"]
    for name, answer in answers.items():
        assert answer == triangle.solve(name, settings={"relief": 1.0})


def test_trace_unfolds_a_cell_whose_terms_sum_to_the_payoff():
    for player in ("US", "RU", "CN"):
        unfolded = triangle.trace("baseline", player, "5")
        payoff = unfolded.finding.payoffs[unfolded.player]
        assert sum(term.value for term in unfolded.terms) == pytest.approx(payoff, rel=1e-12)
    with pytest.raises(BadInput, match="unknown player"):
        triangle.trace("baseline", "EU", "5")
    with pytest.raises(BadInput, match="profile"):
        triangle.trace("baseline", "US", "64")


def test_check_finds_no_fault_in_what_is_shipped():
    report = triangle.check()
    assert report.faults == ()
    assert (report.counts.document_figures, report.counts.parameters) == (161, 90)


def test_check_finds_the_fault_in_what_is_not(tmp_path: Path):
    (tmp_path / "bad.toml").write_text('title = "T"\n', encoding="utf-8")
    assert triangle.check([tmp_path / "bad.toml"]).faults


def test_one_name_in_place_of_a_list_is_not_read_letter_by_letter():
    with pytest.raises(BadInput, match=r"found the one name 'baseline'; expected a list"):
        triangle.compare("baseline")
