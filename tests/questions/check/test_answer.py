"""`triangle check`: the shipped data has no fault, and a corrupted copy shows every planted one in one run."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from budgets import LARGE, few
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from triangle.cli import main
from triangle.questions.check.answer import SHIPPED_EVIDENCE, SHIPPED_PARAMETERS
from triangle.questions.check.answer import check as inspect_all
from triangle.questions.claims.answer import SHIPPED as SHIPPED_CLAIMS
from triangle.scenarios.scenario import SHIPPED as SHIPPED_SCENARIOS

COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
SCHEMA = {
    "type": "object",
    "required": ["schema", "counts", "faults"],
    "properties": {
        "schema": {"const": "triangle.check/1"},
        "counts": {
            "type": "object",
            "required": ["document_figures", "external_figures", "parameters", "scenarios"],
            "additionalProperties": COUNT,
        },
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["file", "key", "message"],
                "properties": {"file": TEXT, "key": TEXT, "message": {"type": "string", "minLength": 5}},
                "additionalProperties": False,
            },
        },
    },
}

#: Planted faults: file, passage, what replaces it, and then the file, key and words that the report must hold.
PLANTED = [
    ("figures/osthold.toml", "line = ", "line = 0 #", "figures/osthold.toml", ".line", "found 0"),
    ("figures/osthold.toml", 'bound = "approx"', 'bound = "aprox"', "figures/osthold.toml", ".bound", "'approx'"),
    ("figures/tdc.toml", "value = ", "value = nan #", "figures/tdc.toml", "tdc_historic_split_decade.value", "finite"),
    ("figures/welt.toml", "unit = ", 'unit = "euro" #', "figures/welt.toml", ".unit", "unknown unit 'euro'"),
    (
        "figures/welt.toml",
        "\n[",
        '\n[stray]\nvalue = 1\nunit = "count"\n\n[',
        "figures/welt.toml",
        "stray.period",
        "missing",
    ),
    ("figures/blue.toml", 'kind = "', 'kinds = "x"\nkind = "', "figures/blue.toml", ".kinds", "did you mean 'kind'?"),
    ("figures/gabuev.toml", "paraphrase = ", 'paraphrase = "" #', "figures/gabuev.toml", ".paraphrase", "some text"),
    ("figures/gabuev.toml", "\n[", "\nlost = 1\n\n[", "figures/gabuev.toml", "lost", "expected a table"),
    ("figures/external.toml", "year = ", "# year = ", "figures/external.toml", "", "names its year"),
    ("figures/osthold.toml", "conflicts_with = [", 'conflicts_with = ["no", ', "figures/osthold.toml", "_with", "'no'"),
    ("sources.toml", "[welt]", "[wlet]", "figures/welt.toml", ".source", "unknown source 'welt'"),
    ("sources.toml", "language = ", 'language = "fr" #', "sources.toml", "osthold.language", "'fr'"),
    ("parameters.toml", 'figure = "ext_gdp_us_2024"', 'figure = "gdp"', "parameters.toml", "gdp_us.figure", "'gdp'"),
    ("parameters.toml", "[gdp_ru]", "[gdp_rus]", "parameters.toml", "gdp_ru", "missing"),
    ("parameters.toml", "low = 14.0", "low = 16.0", "parameters.toml", "capability_us", "lies outside"),
    (
        "parameters.toml",
        "[stake_us_ru]",
        "[stake_us_ru]\nrank = 1",
        "parameters.toml",
        "stake_us_ru.rank",
        "unknown key",
    ),
    ("parameters.toml", "[relief]", "[relief]\nfigure = 1", "parameters.toml", "relief.figure", "expected a text"),
    (
        "parameters.toml",
        "[europe_joins]",
        "[europe_joins]\nfigure = 1.5",
        "parameters.toml",
        "europe_joins.figure",
        "found 1.5",
    ),
    ("scenarios/attrition.toml", "because = ", "becuase = ", "attrition.toml", ".becuase", "did you mean 'because'?"),
    ("scenarios/bank_squeeze.toml", "title = ", "title = 7 #", "bank_squeeze.toml", "title", "expected a text"),
    ("scenarios/bank_squeeze.toml", "figures = [", 'figures = ["none", ', "bank_squeeze.toml", "figures", "'none'"),
    ("scenarios/china_bill.toml", "claims = [", 'claims = ["C999", ', "china_bill.toml", "claims", "C999"),
    (
        "scenarios/election_reversal.toml",
        'base = "',
        'base = "no_',
        "election_reversal.toml",
        "base",
        "unknown scenario",
    ),
    (
        "scenarios/europe_joins.toml",
        "[changes.",
        "[changes.no_",
        "europe_joins.toml",
        "changes.no_",
        "unknown parameter",
    ),
    ("scenarios/lock_in.toml", "date = ", 'date = "today" #', "lock_in.toml", "date", "expected a date"),
    ("scenarios/trade_war.toml", "\n[changes.", "\n???\n[changes.", "trade_war.toml", "", "not valid TOML"),
    ("scenarios/two_front.toml", "value = ", "value = 1e9 #", "two_front.toml", "changes.", "found 1e+09"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data, laid out as it is shipped, without the claims, which take as long as all of the rest.

    By default with those scenarios alone in which a fault is planted, and those that they depart from.
    """
    shutil.copytree(SHIPPED_EVIDENCE / "figures", tmp_path / "figures")
    shutil.copy(SHIPPED_EVIDENCE / "sources.toml", tmp_path)
    shutil.copy(SHIPPED_PARAMETERS, tmp_path)
    (tmp_path / "scenarios").mkdir()
    for file in SHIPPED_SCENARIOS.glob("*.toml"):
        if LARGE or file.name in FEW_SCENARIOS:
            shutil.copy(file, tmp_path / "scenarios")
    return tmp_path


@pytest.fixture
def whole(copy: Path) -> Path:
    """A copy of all the data."""
    shutil.copytree(SHIPPED_CLAIMS, copy / "claims")
    shutil.copytree(SHIPPED_SCENARIOS, copy / "scenarios", dirs_exist_ok=True)
    return copy


#: Scenarios of a copy that is not whole: those in which a fault is planted, and those that they depart from.
FEW_SCENARIOS = {"baseline.toml", "european_veto.toml", *(Path(one[0]).name for one in PLANTED)}


def _by_options(copy: Path) -> list[str]:
    files = sorted(str(file) for folder in ("scenarios", "claims") for file in (copy / folder).glob("*.toml"))
    return ["--evidence", str(copy), "--parameters", str(copy / "parameters.toml"), "check", *files]


def _by_folder(copy: Path) -> list[str]:
    return ["check", str(copy)]


def pointing(*small: Callable[[Path], list[str]]) -> pytest.MarkDecorator:
    """Both ways of naming the files in the large budget; these in the small one."""
    return pytest.mark.parametrize("point", [_by_options, _by_folder] if LARGE else small)


def _check(*args: str) -> tuple[Result, dict]:
    result = CliRunner().invoke(main, [*args, "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    document = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    assert result.stderr == ""
    return result, document


@cache
def _shipped() -> tuple[Result, dict]:
    """What is said of the shipped data."""
    return _check("check")


def test_the_folder_of_another_triad_is_left_to_its_own_check(tmp_path: Path):
    other = tmp_path / "others"
    other.mkdir()
    (other / "triad.toml").write_text('title = "T"', encoding="utf-8")
    (other / "parameters.toml").write_text("[gdp_in]", encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    files = [file for file in SHIPPED_SCENARIOS.glob("*.toml") if LARGE or file.name in FEW_SCENARIOS]
    for file in files:
        shutil.copy(file, tmp_path / "scenarios")
    report = inspect_all([tmp_path])
    assert not report.faults and report.counts.scenarios == len(files) > 5


def test_shipped_data_has_no_fault() -> None:
    result, document = _shipped()
    assert result.exit_code == 0
    assert document["faults"] == []
    assert document["counts"]["document_figures"] == 161
    assert document["counts"]["scenarios"] == len(list(SHIPPED_SCENARIOS.glob("*.toml")))
    assert min(document["counts"].values()) > 20


@pointing(_by_folder)
def test_sound_copy_has_no_fault(point: Callable[[Path], list[str]], request: pytest.FixtureRequest) -> None:
    """By default of a copy without claims, with few scenarios; a whole one is checked with all faults planted in it."""
    result, document = _check(*point(request.getfixturevalue("whole" if LARGE else "copy")))
    assert (result.exit_code, document["faults"]) == (0, [])
    counts = _shipped()[1]["counts"]
    part = counts if LARGE else ("document_figures", "external_figures", "parameters")
    assert {name: document["counts"][name] for name in part} == {name: counts[name] for name in part}


def test_copy_is_found_through_a_path_with_dots(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named .. or lying in a hidden one is not itself hidden."""
    hidden = copy / ".hidden"
    hidden.mkdir()
    (copy / "scenarios").rename(hidden / "scenarios")
    (hidden / "scenarios" / "broken.toml").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.chdir(hidden / "scenarios")
    assert [fault["file"].split("/")[-1] for fault in _check("check", "..")[1]["faults"]][:1] == ["broken.toml"]


@pointing(_by_options)
def test_all_planted_faults_are_reported_in_one_run(point: Callable[[Path], list[str]], whole: Path) -> None:
    for file, old, new, *_ in PLANTED:
        path = whole / file
        content = path.read_text(encoding="utf-8")
        assert old in content, (file, old)
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
    result, document = _check(*point(whole))
    assert result.exit_code == 1
    for file, old, _, where, key, words in PLANTED:
        assert any(
            fault["file"].endswith(where) and key in fault["key"] and words in fault["message"]
            for fault in document["faults"]
        ), f"not reported: {file}, {old!r}"
    assert len(PLANTED) >= 20
    assert document["counts"]["document_figures"] < 161
    assert document["counts"]["scenarios"] < len(list(SHIPPED_SCENARIOS.glob("*.toml")))


@pytest.mark.parametrize(
    "planted", few(PLANTED, 12), ids=lambda planted: f"{planted[0]}-{planted[5]}".replace(" ", "_")
)
def test_each_planted_fault_alone_is_reported(planted: tuple[str, ...], copy: Path) -> None:
    file, old, new, where, key, words = planted
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result, document = _check("check", str(copy))
    assert result.exit_code == 1
    assert any(f["file"].endswith(where) and key in f["key"] and words in f["message"] for f in document["faults"])


def test_lost_sources_are_the_first_fault(copy: Path) -> None:
    (copy / "sources.toml").unlink()
    result, document = _check("check", str(copy))
    assert result.exit_code == 1
    assert document["faults"][0] == {
        "file": f"{copy.name}/sources.toml",
        "key": "",
        "message": "no such file",
    }


def test_parameter_file_of_another_name_is_known_by_its_tables(copy: Path) -> None:
    mine = copy / "mine.toml"
    mine.write_text(SHIPPED_PARAMETERS.read_text(encoding="utf-8").replace("[relief]", "[releif]"), encoding="utf-8")
    _, document = _check("check", str(mine))
    assert {fault["key"] for fault in document["faults"]} == {"relief", "releif"}


def test_figure_file_alone_is_checked_against_the_shipped_sources(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('source = "tdc"\n\n[mine]\nvalue = 1\n', encoding="utf-8")
    _, document = _check("check", str(tmp_path / "mine.toml"))
    assert {fault["key"] for fault in document["faults"]} >= {"mine.unit", "mine.paraphrase"}


def test_two_folders_of_evidence_are_refused(copy: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(copy / "sources.toml", second)
    result = CliRunner().invoke(main, ["check", str(copy)])
    assert result.exit_code == 2
    assert "a second file of sources" in result.stderr


def test_deleted_parameter_is_reported_even_in_the_shipped_file(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file itself is the shipped one, the payoff terms say what they lack."""
    content = SHIPPED_PARAMETERS.read_text(encoding="utf-8")
    start = content.index("[reciprocity]")
    (copy / "parameters.toml").write_text(content[:start] + content[content.index("\n[", start) :], encoding="utf-8")
    monkeypatch.setattr("triangle.model.parameters.SHIPPED", copy / "parameters.toml")
    result, document = _check("--parameters", str(copy / "parameters.toml"), "check", str(copy / "figures"))
    assert result.exit_code == 1
    assert ("reciprocity", "missing; a payoff term reads this parameter") in {
        (fault["key"], fault["message"]) for fault in document["faults"]
    }


def test_table_of_faults_is_for_people(copy: Path) -> None:
    (copy / "scenarios" / "attrition.toml").write_text("x = 1\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(copy)])
    assert result.exit_code == 1
    assert "scenarios/attrition.toml" in result.stdout
    assert "unknown key 'x'" in result.stdout
