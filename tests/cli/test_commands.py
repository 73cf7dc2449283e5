"""The commands as scripts see them: exit codes, one JSON document, streams, interruptions, pictures."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE, few
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from strategies import FORMER

import triangle
from triangle.base.errors import LISTED
from triangle.cli import COMMANDS, main
from triangle.players.cast import SHIPPED, Cast
from triangle.scenarios.scenario import SHIPPED as SCENARIOS
from triangle.showing.phrases import LANGUAGES
from triangle.study.load import load

ROOT = Path(triangle.__file__).parents[1]

# ----- the outer contract, as schemas

NUMBER, TEXT = {"type": "number"}, {"type": "string"}
NUMBER_OR_NULL = {"type": ["number", "null"]}
FRACTION = {"type": "number", "minimum": 0, "maximum": 1}


def table(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A schema of an object with these keys at least."""
    return {"type": "object", "required": list(required), "properties": required, **more}


def of(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


def choice(*values: object) -> dict[str, Any]:
    return {"enum": list(values)}


def profile_of(cast: Cast) -> dict[str, Any]:
    """The schema of a profile of these players."""
    return table(cast.by_code(choice(*actions) for actions in cast.actions), additionalProperties=False)


def finding_of(cast: Cast) -> dict[str, Any]:
    """The keys of an equilibrium of these players."""
    return {
        "profile": profile_of(cast),
        "index": {"type": "integer", "minimum": 0, "maximum": len(cast.profiles) - 1},
        "probabilities": {"type": "null"},
        "configuration": choice("menage_a_trois", "romantic_triangle", "stable_marriage", "unit_veto"),
        "pair": pair_of(SHIPPED),
        "pivot": choice(None, *SHIPPED.codes),
        "payoffs": table(dict.fromkeys(cast.codes, NUMBER), additionalProperties=False),
        "regret": {"type": "number", "minimum": 0},
        "strict": {"type": "boolean"},
        "margin": NUMBER_OR_NULL,
        "bargaining_share_ru": FRACTION,
    }


def pair_of(cast: Cast) -> dict[str, Any]:
    """The schema of two of these players, or nobody."""
    return {"anyOf": [{"type": "null"}, of(choice(*cast.codes), minItems=2, maxItems=2, uniqueItems=True)]}


def solution_of(cast: Cast) -> dict[str, Any]:
    """The schema of pure equilibria of these players."""
    agreement = {"pair": pair_of(cast), "to": profile_of(cast), "index": NUMBER, "gains": table({})}
    marked = {
        "agreement_proof": {"type": "boolean"},
        "trust_needed": {"anyOf": [{"type": "null"}, FRACTION]},
        "agreements": of(table({**agreement, "trusts": table({}), "trust": FRACTION})),
    }
    held = profile_of(cast)["properties"]
    return table(
        {
            "schema": {"const": "triangle.solution/1"},
            "version": {"const": triangle.__version__},
            "scenario": TEXT,
            "method": {"const": "pure"},
            "order": {"type": "null"},
            "hold": {"type": "object", "properties": held, "additionalProperties": False},
            "parameters": {"type": "object", "additionalProperties": NUMBER, "minProperties": 50},
            "changes": of(CHANGE),
            "verdict": choice("complete", "incomplete"),
            "trust": FRACTION,
            "equilibria": of(table({**finding_of(cast), **marked})),
        }
    )


PLAYER = choice(*SHIPPED.codes)
CHANGE = table({"parameter": TEXT, "base": NUMBER, "value": NUMBER, "because": {"type": "string", "minLength": 1}})
PROFILE, FINDING, SOLUTION = profile_of(SHIPPED), finding_of(SHIPPED), solution_of(SHIPPED)
SCHEMAS = {
    "solution": SOLUTION,
    "comparison": table(
        {
            "schema": {"const": "triangle.comparison/1"},
            "version": TEXT,
            "scenarios": of(TEXT, minItems=1),
            "differing": {"type": "object", "additionalProperties": of(NUMBER)},
            "solutions": of(SOLUTION, minItems=1),
            "margins": of(table({"profile": PROFILE, "index": NUMBER, "margins": of(NUMBER_OR_NULL)})),
        }
    ),
    "trace": table(
        {
            "schema": {"const": "triangle.trace/1"},
            "scenario": TEXT,
            "player": PLAYER,
            "payoff": NUMBER,
            "equilibrium": {"type": "boolean"},
            **FINDING,
            "terms": of(
                table(
                    {
                        "term": TEXT,
                        "value": NUMBER,
                        "parameters": of(
                            table({"name": TEXT, "value": NUMBER, "unit": TEXT, "figures": of(table({}))})
                        ),
                    }
                ),
                minItems=1,
            ),
            "deviations": of(table({"player": PLAYER, "to": TEXT, "loss": NUMBER, "terms": table({})})),
        }
    ),
    "list": table({"schema": {"const": "triangle.list/1"}, "kind": TEXT, "items": of(table({}), minItems=5)}),
    "card": table({"schema": {"const": "triangle.card/1"}, "kind": TEXT, "item": table({}, minProperties=3)}),
    "check": table(
        {
            "schema": {"const": "triangle.check/1"},
            "counts": table(
                {
                    "document_figures": {"const": 161},
                    "external_figures": {"type": "integer", "minimum": 1},
                    "parameters": {"type": "integer", "minimum": 50},
                    "scenarios": {"type": "integer", "minimum": 20},
                    "claims": {"type": "integer", "minimum": 79},
                }
            ),
            "faults": of(table({}), maxItems=0),
        }
    ),
    "claims": table(
        {
            "schema": {"const": "triangle.claims/2"},
            "version": TEXT,
            "entries": of(
                table(
                    {
                        "id": TEXT,
                        "claims": of(TEXT, minItems=1),
                        "verdict": choice("holds", "mostly", "in-part", "mostly-not", "contradicted", "silent"),
                        "share": NUMBER_OR_NULL,
                        "interval": {"type": ["array", "null"], "items": NUMBER, "minItems": 2, "maxItems": 2},
                        "draws": {"type": "integer", "minimum": 0},
                        "why": TEXT,
                    }
                )
            ),
            "contradictions": of(table({"id": TEXT, "first": table({}), "second": table({}), "finding": TEXT})),
            "summary": table({"entries": table({}), "documents": table({}), "contradictions": table({})}),
        }
    ),
}


def invoke(*args: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(main, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


def document(*args: str) -> Any:
    """The one JSON document that a command prints."""
    code, out, err = invoke(*args, "--json")
    assert (code, err) == (0, "")
    parsed, end = json.JSONDecoder(parse_constant=_no_constant).raw_decode(out)
    assert out[end:] == "\n"
    return parsed


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def process(args: Sequence[str], *program: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(program or ("-m", "triangle")), *args]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run(command, encoding="utf-8", env=environment(), timeout=3000, **streams)


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


# ----- JSON

#: Settings at which no profile is stable: a China that outweighs all, in a half-hearted war.
STRONG_CHINA = [
    *["--set", "capability_cn=41.48", "--set", "war_intensity=0.54"],
    *["--set", "ally_erosion=0.91", "--set", "gain_cn_us=1.73"],
]

HELD = ["--hold", "US=court_russia", "--hold", "RU=hedge"]

CLAIMS = [
    ["C142", "T08", "--samples", "50", "--document", "welt"],
    ["--document", "gabuev", "--samples", "64"],
]


@pytest.mark.parametrize(
    ("schema", "args"),
    [
        ("solution", ["solve", "baseline"]),
        ("solution", ["solve", "full_package", "--set", "relief=1", "--set", "reciprocity=0"]),
        ("solution", ["solve", "baseline", "--set", "capability_us=ext_ppp_share_us_2024"]),
        ("solution", ["solve", "nixon_1972", *HELD]),
        ("solution", ["solve", "baseline", "--hold", "US=engage_both,RU=hedge,CN=hedge"]),
        ("solution", ["solve", "baseline", "--set", "trade_ru_cn=1e15"]),
        ("comparison", ["compare", "baseline"]),
        ("comparison", ["compare", "baseline", "full_package", "nixon_1972", *HELD]),
        ("trace", ["trace", "baseline", "--player", "RU"]),
        ("trace", ["trace", "siberia2", "--player", "CN", "--profile", "US=court_russia,RU=hedge,CN=align"]),
        ("trace", ["trace", "baseline", "--player", "US", "--profile", "CN=align,US=engage_both,RU=align"]),
        *[("list", ["list", kind]) for kind in ("figure", "parameters", "scenario", "term", "Source")],
        ("card", ["show", "figure", "ost_trade_ru_cn_2024"]),
        ("card", ["show", "parameter", "relief"]),
        ("card", ["show", "scenario", "nixon_1972"]),
        ("card", ["show", "term", "pipeline"]),
        ("card", ["show", "source", "osthold"]),
        ("check", ["check"]),
        ("claims", ["claims", "T01", "X03", "--samples", "1"]),
        *few([("claims", ["claims", *asked]) for asked in CLAIMS], 3),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_json_obeys_the_contract(schema: str, args: list[str]) -> None:
    Draft202012Validator(SCHEMAS[schema]).validate(document(*args))


@pytest.mark.parametrize("path", few(sorted(SCENARIOS.glob("*.toml")), 14), ids=lambda path: path.stem)
def test_name_and_path_give_the_same_answer_for_every_shipped_scenario(path: Path) -> None:
    by_name = document("solve", path.stem)
    Draft202012Validator(solution_of(load(path).cast)).validate(by_name)
    assert document("solve", str(path)) == by_name
    assert document("solve", os.path.relpath(path)) == by_name


def test_schemas_can_fail() -> None:
    solution = document("solve", "baseline")
    for broken in (
        solution | {"method": "magic"},
        solution | {"equilibria": [solution["equilibria"][0] | {"margin": "large"}]},
        solution | {"hold": {"EU": "hedge"}},
        {key: value for key, value in solution.items() if key != "verdict"},
    ):
        assert not Draft202012Validator(SOLUTION).is_valid(broken)


def test_solution_says_what_the_contract_shows() -> None:
    solution = document("solve", "baseline", "--set", "relief=1.0")
    (change,) = [change for change in solution["changes"] if change["parameter"] == "relief"]
    assert (change["base"], change["value"]) == (0.3, 1.0)
    assert solution["parameters"]["relief"] == 1.0
    _, found = document("solve", "baseline")["equilibria"]
    assert found["profile"] == {"US": "contain_both", "RU": "align", "CN": "align"}
    assert (found["index"], found["configuration"], found["pair"]) == (5, "stable_marriage", ["RU", "CN"])
    assert found["strict"] and found["margin"] > 0 == found["regret"]


def test_index_and_regret_and_strictness_agree() -> None:
    for name in ("baseline", "nixon_1972", "double_pressure", "trade_war"):
        for found in document("solve", name)["equilibria"]:
            actions = [SHIPPED.actions[i].index(found["profile"][player]) for i, player in enumerate(SHIPPED.codes)]
            assert found["index"] == 16 * actions[0] + 4 * actions[1] + actions[2]
            assert found["regret"] <= 1e-9 * max(1.0, *map(abs, found["payoffs"].values()))
            assert not found["strict"] or found["margin"] > 0


def test_hold_binds_and_is_reported() -> None:
    solution = document("solve", "baseline", *HELD)
    assert solution["hold"] == {"US": "court_russia", "RU": "hedge"}
    assert solution == document("solve", "baseline", "--hold", "US=court_russia,RU=hedge")
    assert solution["equilibria"]
    assert all(found["profile"] | solution["hold"] == found["profile"] for found in solution["equilibria"])


def test_everybody_held_leaves_no_margin() -> None:
    (found,) = document("solve", "baseline", "--hold", "US=engage_both,RU=hedge,CN=hedge")["equilibria"]
    assert found["margin"] is None
    assert found["profile"] == {"US": "engage_both", "RU": "hedge", "CN": "hedge"}


def test_set_and_hold_together_change_what_they_say_and_nothing_else() -> None:
    plain = document("solve", "courting_2025")
    both = document("solve", "courting_2025", "--set", "relief=0.77", *HELD)
    differing = {name for name, value in plain["parameters"].items() if both["parameters"][name] != value}
    assert differing == {"relief"}
    assert both["parameters"]["relief"] == 0.77
    assert both["hold"]["US"] == "court_russia"


def test_set_reaches_every_scenario_of_a_comparison() -> None:
    comparison = document("compare", "baseline", "attrition", "--set", "relief=0.77")
    assert [solution["parameters"]["relief"] for solution in comparison["solutions"]] == [0.77, 0.77]
    assert "relief" not in comparison["differing"]
    assert "war_intensity" in comparison["differing"]


def test_trace_sums_to_the_payoff_and_names_documents_and_lines() -> None:
    trace = document("trace", "baseline", "--player", "RU")
    assert sum(term["value"] for term in trace["terms"]) == pytest.approx(trace["payoff"], abs=1e-9)
    assert trace["payoff"] == trace["payoffs"]["RU"]
    figures = [f for term in trace["terms"] for p in term["parameters"] for f in p["figures"] if f["documented"]]
    assert figures and all(figure["document"] and figure["line"] >= 1 for figure in figures)
    for deviation in trace["deviations"]:
        assert sum(deviation["terms"].values()) == pytest.approx(deviation["loss"], abs=1e-9)


def test_lists_hold_what_check_counts() -> None:
    counts = document("check")["counts"]
    figures = document("list", "figure")["items"]
    assert sum(figure["documented"] for figure in figures) == counts["document_figures"] == 161
    assert len(figures) == 161 + counts["external_figures"]
    assert len(document("list", "parameter")["items"]) == counts["parameters"]
    assert len(document("list", "scenario")["items"]) == counts["scenarios"]


# ----- exit codes and streams


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (0, ["--help"]),
        (0, ["--version"]),
        (0, ["solve", "--help"]),
        (0, ["check"]),
        (0, ["solve", "baseline"]),
        (0, ["compare", "baseline", "attrition"]),
        (0, ["trace", "baseline", "--player", "RU"]),
        *[(0, ["list", kind]) for kind in few(["scenario", "figure", "parameter", "term", "source"], 5)],
        (0, ["show", "scenario", "baseline"]),
        (2, []),
        (2, ["solve"]),
        (2, ["solve", "nothing"]),
        (2, ["check", "nothing.toml"]),
        (0, ["trace", "baseline"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_codes(code: int, args: list[str]) -> None:
    found, out, err = invoke(*args)
    assert found == code
    assert bool(out) == (code == 0)
    assert bool(err) == (code == 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_and_every_instrument_is_shown_in_every_language(language: str, monkeypatch) -> None:
    monkeypatch.setenv("TRIANGLE_LANGUAGE", language)
    for kind in LISTED if language != "en" else few(LISTED, 6):
        code, out, err = invoke("list", kind)
        assert (code, err) == (0, "") and len(out.splitlines()) > 5, kind
    unused = " ".join(invoke("list", "figure", "--unused")[1].split())
    assert ("nothing: dates the document itself" in unused) == (language == "en")
    for instrument in few(document("list", "instrument")["items"], 4):
        code, out, err = invoke("show", "instrument", instrument["name"])
        translated = instrument["table"]["meaning"] not in " ".join(out.split())
        assert (code, err, translated) == (0, "", language != "en"), instrument["name"]


def test_check_leaves_with_one_when_it_finds_faults(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("x = 1\n", encoding="utf-8")
    code, out, err = invoke("check", str(tmp_path / "x.toml"))
    assert (code, err) == (1, "")
    assert "unknown key 'x'" in out


def test_absence_of_an_equilibrium_is_an_answer_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Multiplicity and absence are reported; both leave with 0, and absence with advice."""
    if not LARGE:  # orders of moves, which are solved in mixed actions, are told in sentences of their own
        monkeypatch.setattr("triangle.showing.statements.overturned", lambda _: ())
    upon, unstable = ("--parameters", str(FORMER)), ["baseline", *STRONG_CHINA, "--form", "first"]
    solution = document(*upon, "solve", *unstable)
    Draft202012Validator(SOLUTION).validate(solution)
    assert solution["equilibria"] == []
    assert solution["advice"]
    code, out, _ = invoke(*upon, "solve", *unstable)
    assert code == 0
    assert "--hold" in out and "--set" in out
    code, out, _ = invoke(*upon, "trace", *unstable)
    assert code == 0 and "not an equilibrium" in out


def test_broken_pipe_is_quiet() -> None:
    for args in few(("list figure", "solve baseline --json", "--help"), 3):
        shell = f"{sys.executable} -m triangle {args} | head -1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", shell], capture_output=True, encoding="utf-8", env=environment(), timeout=3000
        )
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] == "0"


def test_reader_who_never_reads_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = process(["list", "figure", "--json"], stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("args", few(["solve baseline", "solve baseline --json", "--help"], 2))
def test_full_disk_is_a_message(args: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = process(args.split(), stdout=full)
    assert done.returncode == 2
    assert "standard output" in done.stderr and "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_that_nobody_can_be_shown_is_no_success_and_what_was_written_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    command = f"exec {shlex.quote(sys.executable)} -m triangle solve baseline --out {shlex.quote(str(kept))} >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, env=environment(), timeout=3000)
    assert done.returncode == 2 and json.loads(kept.read_text())["scenario"] == "baseline"
    assert done.stderr.splitlines()[-1].startswith("Error: standard output: closed")


def test_terminal_without_unicode_gets_question_marks() -> None:
    """Asked twice in one process, which is told of its terminal when it starts."""
    program = (
        "from triangle.cli import main\n"
        "for more in ([], ['--json']):\n"
        "    try: main(['solve', 'baseline', *more])\n"
        "    except SystemExit as end: assert not end.code\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, env=environment(PYTHONIOENCODING="ascii"), timeout=3000)
    assert (done.returncode, done.stderr) == (0, b"")
    table, brace, document = done.stdout.decode("ascii").partition("\n{")
    assert "?_RU" in table
    assert json.loads(brace + document)["scenario"] == "baseline"


@pytest.mark.parametrize("columns", ["abc", "0", "1", "-5", "100000"])
def test_any_width_of_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    code, out, _ = invoke("solve", "baseline")
    assert code == 0 and "containsboth" in "".join(out.split())


@pytest.mark.parametrize("given", ["abc", "1e9", "", "-1", "9" * 20])
def test_a_date_from_outside_that_is_none_is_named_before_a_library_stumbles_over_it(given, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    code, out, err = invoke("solve", "baseline")
    assert (code, out) == (2, "") and err.startswith("Error: SOURCE_DATE_EPOCH: found '")
    assert invoke("solve", "--help")[0] == 0


# ----- interruption


def test_interrupted_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("triangle.study.study.Study.solve", interrupt)
    code, out, err = invoke("solve", "baseline")
    assert (code, out, err.strip()) == (130, "", "interrupted")


def test_interrupted_by_a_signal() -> None:
    program = (
        "import time, triangle.study.study, triangle.cli\n"
        "def wait(study, trust=0.5): print('waiting', flush=True); time.sleep(600)\n"
        "triangle.study.study.Study.solve = wait\n"
        "triangle.cli.main()\n"
    )
    command = [sys.executable, "-c", program, "solve", "baseline"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, encoding="utf-8", env=environment(), **streams) as running:  # type: ignore[call-overload]
        assert running.stdout.readline() == "waiting\n"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=3000)
    assert running.returncode == 130
    assert err.strip() == "interrupted"


# ----- start


NONSENSE = ROOT / "tests" / "data" / "nonsense.toml"

HEAVY = ("numpy", "matplotlib", "scipy", "rich.console", "tomllib")


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], (*HEAVY, "triangle.questions.check")),
        (["--version"], HEAVY),
        (["solve", "--help"], HEAVY),
        *[(["solve", "baseline"], ("matplotlib", "scipy"))] * LARGE,  # of which the test below asks it by default
        # By default a claims file and a scenario; all that is shipped takes as long as the other commands together.
        (["check"] if LARGE else ["check", str(NONSENSE), str(SCENARIOS / "lock_in.toml")], ("matplotlib", "scipy")),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_commands_import_no_more_than_they_need(args: list[str], absent: tuple[str, ...]) -> None:
    program = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {absent!r} if m in sys.modules], file=sys.stderr))\n"
        "from triangle.cli import main\n"
        "main()\n"
    )
    done = process(args, "-c", program)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_linear_algebra_of_a_command_runs_in_one_thread() -> None:
    """Told before numpy is read, which asks once; so a command has the same digits on any number of cores."""
    program = (
        "import os, sys, atexit\n"
        "for name in ('OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS'): os.environ.pop(name, None)\n"
        "sys.addaudithook(lambda event, args: event == 'import' and args[0] == 'numpy'"
        " and print(os.environ.get('OPENBLAS_NUM_THREADS'), file=sys.stderr))\n"
        "heavy = ('matplotlib', 'scipy')\n"
        "atexit.register(lambda: print(*(m for m in heavy if m in sys.modules), file=sys.stderr))\n"
        "from triangle.cli import main\n"
        "main()\n"
    )
    done = process(["list", "scenario"] if LARGE else ["solve", "baseline"], "-c", program)
    assert (done.returncode, set(done.stderr.split())) == (0, {"1"})


# ----- pictures

MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}


@cache
def picture(path: Path) -> tuple[int, str, str]:
    """Draw it there once, whoever looks at it; by default a small one."""
    words = ["trace", "baseline", "--player", "RU"] if LARGE else ["tipping", "baseline", "--over", "relief"]
    return invoke(*words, "--plot", str(path), "--json")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures") / "new folder"


#: By default in one kind of file, and a scenario is drawn in another below; every kind is written by one function.
ENDINGS = [*MAGIC, ".PNG"] if LARGE else [".png", ".PNG"]


@pytest.mark.usefixtures("not_laid_out")
@pytest.mark.parametrize("ending", ENDINGS)
def test_plot_is_a_file_of_its_kind(ending: str, gallery: Path) -> None:
    path = gallery / f"{'again' if ending.isupper() else 'plot'}{ending}"
    code, out, err = picture(path)
    assert code == 0
    assert err == f"drawn: {path}\n"
    assert json.loads(out)["scenario"] == "baseline"
    assert path.read_bytes().startswith(MAGIC[ending.lower()])
    assert path.stat().st_size > 5000


@pytest.mark.usefixtures("not_laid_out")
def test_solve_and_compare_draw(tmp_path: Path) -> None:
    # By default a scenario of one equilibrium, which is half of the picture.
    assert invoke("solve", "baseline" if LARGE else "europe_joins", "--plot", str(tmp_path / "s.svg"))[0] == 0
    assert (tmp_path / "s.svg").stat().st_size > 5000
    pair = ("baseline", "attrition") if LARGE else ("europe_joins", "courting_2025")
    code, _, err = invoke("compare", *pair, "--plot", str(tmp_path / "all"))
    pictures = sorted((tmp_path / "all").iterdir())
    assert code == 0
    assert len(pictures) >= 3
    assert len(err.splitlines()) == len(pictures)
    assert all(picture.read_bytes().startswith(MAGIC[".png"]) for picture in pictures)


@pytest.mark.usefixtures("not_laid_out")
def test_plot_drawn_twice_is_the_same_to_the_byte(gallery: Path) -> None:
    first, second = gallery / "plot.png", gallery / "again.PNG"
    for path in (first, second):
        assert picture(path)[0] == 0
    assert first.read_bytes() == second.read_bytes()


def test_show_takes_settings_for_a_scenario_and_for_nothing_else(capsys):
    with pytest.raises(SystemExit) as left:
        main(["show", "scenario", "baseline", "--set", "relief=1", "--json"])
    assert left.value.code == 0
    card = json.loads(capsys.readouterr().out)["item"]
    assert [(change["parameter"], change["value"]) for change in card["changes"]] == [("relief", 1.0)]
    with pytest.raises(SystemExit) as left:
        main(["show", "term", "relief", "--set", "relief=1"])
    assert left.value.code == 2 and "--set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["solve", "baseline", "--lambda", "3"], "--lambda"),
        (["solve", "baseline", "--method", "mixed", "--seed", "3"], "--seed"),
        (["solve", "baseline", "--method", "logit", "--lambda", "nan"], "--lambda"),
        (["solve", "baseline", "--method", "logit", "--lambda", "-1"], "--lambda"),
        (["solve", "baseline", "--method", "logit", "--order", "US,RU,CN"], "--order"),
        (["solve", "baseline", "--order", "US,RU"], "--order"),
        (["veto", "europe_chooses", "--plot", "x.png"], "--plot"),
        (["verify", "nowhere.nfg"], "nowhere.nfg"),
        (["verify", "nowhere.nfg", "--limit", "nan"], "--limit"),
        (["export", "baseline", "--out", "x.txt"], "--out"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], word: str, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    printed = capsys.readouterr()
    assert left.value.code == 2 and word in printed.err and not printed.out


def test_an_order_of_moves_is_never_left_out_silently(tmp_path, capsys):
    text = (SCENARIOS / "courting_2025.toml").read_text(encoding="utf-8")
    path = tmp_path / "ordered.toml"
    path.write_text(text.replace("[play]\n", '[play]\norder = ["US", "CN", "RU"]\n'), encoding="utf-8")
    for arguments in (
        ["compare", str(path)],
        ["solve", str(path), "--method", "mixed"],
        ["trace", str(path), "--player", "RU"],
    ):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 0 and "plays in an order" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["solve", str(path), "--json"])
    assert json.loads(capsys.readouterr().out)["order"] == ["US", "CN", "RU"]


def test_two_scenarios_of_one_name_are_told_apart(tmp_path, capsys):
    path = tmp_path / "rift_shock.toml"
    path.write_text((SCENARIOS / "rift_shock.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["compare", "rift_shock", str(path), "--json"])
    assert left.value.code == 0
    names = json.loads(capsys.readouterr().out)["scenarios"]
    assert names[0] == "rift_shock" and len(set(names)) == 2


def test_an_order_of_one_stage_changes_nothing(tmp_path, capsys):
    path = tmp_path / "at_once.toml"
    head = (SCENARIOS / "rift_shock.toml").read_text(encoding="utf-8").split("[changes")[0]
    path.write_text(head + '[play]\norder = [["US", "RU", "CN"]]\n', encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["solve", str(path)])
    assert left.value.code == 2 and "nothing is changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "next_step"),
    [
        (["list"], "figure|parameter|scenario|term|source"),
        (["list", "fgure"], "did you mean 'figure'"),
        (["solve", "nothing"], "triangle list scenario shows them"),
        (["show", "figure", "qqq"], "triangle list figure shows them"),
        (["verify", "rift_shock"], "triangle export rift_shock --out rift_shock.nfg"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_error_says_what_to_do_next(args: list[str], next_step: str) -> None:
    code, out, err = invoke(*args)
    assert (code, out) == (2, "") and next_step in err


def test_the_list_of_commands_cuts_no_sentence() -> None:
    _, out, _ = invoke("--help")
    listed = " ".join(out.split("Commands:")[1].split())
    assert "..." not in listed
    for name in COMMANDS:
        command = main.get_command(None, name)  # type: ignore[arg-type]
        sentence = " ".join((command.help or "").split("\n\n")[0].split()).rstrip(".")
        assert f"{name} {sentence.split('. ')[0]}" in listed


def test_the_columns_of_an_answer_are_explained_below_it() -> None:
    _, out, _ = invoke("solve", "baseline")
    below = " ".join(out.split("Pure equilibria")[1].split("Why it holds")[0].split())
    for column in ("margin: ", "balance: ", "β_RU: "):
        assert column in below
