"""Where commands write: nothing of the user's is lost, nothing is written over what is read, no word is passed over."""

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from budgets import few, in_turn
from click.testing import CliRunner

import triangle
from triangle.cli import COMMANDS, main, places
from triangle.showing import plots

ROOT = Path(triangle.__file__).parents[1]
SCENARIO = """\
title = "T"
question = "Q?"
author = "A"
date = 2025-01-01
base = "baseline"
narrative = "N"
[changes.relief]
value = 0.5
because = "b"
"""

#: A command line for every output option of every command, with another file that it reads where there is one.
OUTPUTS = {
    "solve": "solve my.toml --out {}.json",
    "solve-plot": "solve my.toml --plot {}.png",
    "answer": "answer my.toml --samples 16 --out {}.json",
    "answer-plot": "answer my.toml --samples 16 --plot {}.png",
    "compare": "compare my.toml baseline --out {}.json",
    "compare-plot": "compare my.toml baseline --plot {}",
    "trace": "trace my.toml --player RU --out {}.json",
    "trace-plot": "trace my.toml --player RU --plot {}.svg",
    "sweep": "sweep my.toml --samples 4 --plot {}.pdf",
    "sweep-ternary": "sweep my.toml --samples 4 --ternary {}.png",
    "sweep-csv": "sweep my.toml --samples 4 --export {}.csv",
    "sweep-xlsx": "sweep my.toml --samples 4 --export {}.xlsx",
    "sweep-nc": "sweep my.toml --samples 4 --export {}.nc",
    "sweep-out": "sweep my.toml --samples 4 --out {}",
    "sensitivity": "sensitivity my.toml --samples 8 --out {}.json",
    "sensitivity-plot": "sensitivity my.toml --samples 8 --plot {}.png",
    "sensitivity-tornado": "sensitivity my.toml --samples 8 --tornado {}.png",
    "discover": "discover my.toml --pattern RU=hedge --samples 64 --out {}.json",
    "discover-plot": "discover my.toml --pattern RU=hedge --samples 64 --plot {}.png",
    "choose": "choose my.toml --samples 2 --out {}.json",
    "choose-plot": "choose my.toml --samples 2 --plot {}.png",
    "bid": "bid my.toml --samples 2 --out {}.json",
    "bid-plot": "bid my.toml --samples 2 --plot {}.png",
    "decompose": "decompose my.toml --out {}.json",
    "decompose-plot": "decompose my.toml --plot {}.png",
    "contrast": "contrast my.toml baseline --samples 2 --out {}.json",
    "contrast-plot": "contrast my.toml baseline --samples 2 --plot {}.png",
    "concord": "concord my.toml --out {}.json",
    "concord-plot": "concord my.toml --plot {}.png",
    "veto": "veto my.toml --player RU --out {}.json",
    "flip": "flip my.toml --away --starts 1 --out {}.json",
    "flip-plot": "flip my.toml --away --starts 1 --plot {}.png",
    "tipping": "tipping my.toml --out {}.json",
    "tipping-plot": "tipping my.toml --plot {}.png",
    "path": "path path_baseline --samples 1 --until 2026 --out {}.json",
    "path-plot": "path path_baseline --samples 1 --until 2026 --plot {}.png",
    "path-archive": "path path_baseline --samples 1 --until 2026 --archive {}",
    "signal": "signal tactical_or_genuine --samples 8 --out {}.json",
    "signal-plot": "signal tactical_or_genuine --samples 8 --plot {}",
    "gesture": "gesture parade --samples 8 --out {}.json",
    "gesture-plot": "gesture parade --samples 8 --plot {}",
    "claims": "claims T05 --samples 8 --out {}.json",
    "claims-plot": "claims T05 --samples 8 --plot {}.png",
    "verify": "verify my.toml --limit 1 --out {}.json",
    "report": "report my.toml --samples 16 --out {}.html",
    "report-md": "report my.toml --samples 16 --out {}.md",
    "report-docx": "report my.toml --samples 16 --out page.html --tables {}.docx",
    "report-tex": "report my.toml --samples 16 --out page.html --tables {}.tex",
    "export": "export my.toml --out {}.nfg",
    "export-sheet": "export my.toml --parameters {}.csv",
    "export-book": "export my.toml --parameters {}.xlsx",
    "import": "import sheet.csv --author A --out {}.toml",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text(SCENARIO)
    return tmp_path


def answer(line: str | list[str]) -> tuple[int, str]:
    result = CliRunner().invoke(main, line.split() if isinstance(line, str) else line)
    assert isinstance(result.exception, SystemExit | None), repr(result.exception)
    return result.exit_code, result.stderr


def outputs_of(command: str) -> set[str]:
    found = main.get_command(None, command)  # type: ignore[arg-type]
    assert found is not None
    return {param.opts[0] for param in found.params if isinstance(param.type, places.OutputFile)}


def test_every_output_option_of_every_command_is_tried_here():
    known = {command: outputs_of(command) for command in COMMANDS}
    tried = {command: set[str]() for command in COMMANDS}
    for line in OUTPUTS.values():
        words = line.split()
        tried[words[0]].update(word for word, value in pairwise(words) if value.startswith("{}"))
    assert {c: o - tried[c] - {"--plot"} for c, o in known.items() if o - tried[c] - {"--plot"}} == {}
    named = {"--out", "--plot", "--export", "--ternary", "--tornado"}
    for command in COMMANDS:
        params = main.get_command(None, command).params  # type: ignore[union-attr, arg-type]
        assert {p.opts[0] for p in params} & named <= known[command], f"{command} writes where nothing is checked"


@pytest.mark.parametrize("line", OUTPUTS.values(), ids=OUTPUTS)
def test_a_file_of_the_users_is_never_replaced(here: Path, line: str):
    place = here / line[line.index("{}") :].split()[0].format("notes")
    place.write_text("my notes")
    code, err = answer(line.format("notes"))
    assert code == 2 and err.count("\n") == 1 and place.name in err and ("may hold work" in err or "is there" in err)
    assert place.read_text() == "my notes" and len(list(here.iterdir())) == 2


@pytest.mark.parametrize(("line", "how"), in_turn([*OUTPUTS.values()], ["as it is", "link", "hard link", "./"]))
def test_what_a_command_reads_is_never_what_it_writes(here: Path, line: str, how: str):
    place = line[line.index("{}") :].split()[0].format("same")
    read = here / "my.toml"
    if how == "link":
        (here / place).symlink_to(read)
    elif how == "hard link":
        os.link(read, here / place)
    else:
        place = "my.toml" if how == "as it is" else "./my.toml"
    words = [place if word.startswith("{}") else word for word in line.split()]
    code, err = answer(words)
    assert code == 2 and err.count("\n") == 1, err
    assert read.read_text() == SCENARIO and not list(here.glob(".*"))


@pytest.mark.usefixtures("not_laid_out")
def test_a_result_may_replace_a_result_and_nothing_beside_it(here: Path):
    (here / "f.json.part").write_text("notes")
    pictures = {f"p{ending}" for ending in few(plots.FORMATS, 3)}
    for name in pictures:
        plots.save(plots.new_plot(1.0, 1.0), here / name)
        empty = (here / name).read_bytes()
        assert answer(f"tipping baseline --over relief --plot {name}") == (0, f"drawn: {name}\n")
        assert (here / name).read_bytes() != empty
    for _ in range(2):
        assert answer("decompose my.toml --out f.json") == (0, "written: f.json\n")
        assert answer("sweep baseline --samples 4 --export e.nc")[0] == 0
    assert (here / "f.json.part").read_text() == "notes"
    assert {p.name for p in here.iterdir()} == {"my.toml", "f.json", "f.json.part", "e.nc", *pictures}
    for words in ("decompose --from f.json --out f.json", "decompose --from f.json --out ./f.json"):
        code, err = answer(words)
        assert code == 2 and "is what --from 'f.json' is read from" in err


def test_links_to_results_are_followed_and_stay(here: Path):
    (here / "far").mkdir()
    (here / "f.json").symlink_to(here / "far" / "f.json")
    assert answer("decompose my.toml --out f.json") == (0, "written: f.json\n")
    assert (here / "f.json").is_symlink() and (here / "far" / "f.json").is_file()
    (here / "round").symlink_to(here / "round")
    assert answer("tipping my.toml --out round")[0] == 2


def test_an_edited_sheet_is_refused_and_says_what_to_do(here: Path):
    assert answer("export baseline --parameters s.csv")[0] == 0
    edited = (here / "s.csv").read_text().replace("relief", "RELIEF", 1)
    (here / "s.csv").write_text(edited)
    code, err = answer("export baseline --parameters s.csv")
    assert code == 2 and "choose another name, or move it away" in err and (here / "s.csv").read_text() == edited


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("compare baseline europe_joins --plot p.png", "expected the name of a folder, as 'p'"),
        ("sweep baseline --samples 4 --out r.nc", "expected the name of a folder, as 'r'"),
        ("decompose my.toml --out d.png", "expected a file ending in .json"),
        ("report my.toml --format pdf --out r.png", "expected a file ending in .html"),
        ("tipping my.toml --out same --plot same", "--plot: same: is the same as --out"),
        ("sweep my.toml --samples 4 --plot p.png --ternary ./p.png", "p.png: is the same as --"),
        ("tipping my.toml --out /dev/null", "is a folder or a device"),
        ("tipping my.toml --out .", "is a folder or a device"),
        ("tipping my.toml --out /proc/1/t.json", "cannot be written"),
        ("tipping my.toml --out my.toml/t.json", "cannot be written"),
        (f"tipping my.toml --out {'x' * 300}.json", "cannot be written"),
        ("solve baseline --method selection --seed x --seed 1", "--seed: given twice"),
        ("sweep baseline --samples 4 --samples 8", "--samples: given twice"),
        ("--triad a.toml --triad b.toml list scenario", "--triad: given twice"),
    ],
)
def test_places_and_words_that_do_not_fit_are_refused_before_the_work(here: Path, line: str, message: str):
    code, err = answer(line)
    assert code == 2 and message in err, err
    assert [path.name for path in here.iterdir()] == ["my.toml"]


def test_an_option_that_may_be_repeated_is(here: Path):
    assert answer("tipping baseline --over relief --over evasion")[0] == 0


def test_the_files_of_an_archive_are_replaced_by_no_command(here: Path):
    assert answer("sweep baseline --samples 4 --out r")[0] == 0
    before = {path: path.read_bytes() for path in (here / "r").iterdir()}
    for place in ("manifest.json", "statistics.json"):
        code, err = answer(f"sensitivity r --outcome holds:RU=align --out r/{place}")
        assert code == 2 and err.count("\n") == 1
    code, err = answer("sweep baseline --samples 4 --export r/sweep.nc")
    assert code == 2 and "belongs to the folder of a sweep" in err
    assert {path: path.read_bytes() for path in (here / "r").iterdir()} == before
    assert answer("sweep baseline --samples 4 --out r --resume --export r/beside.nc")[0] == 0


def test_a_folder_that_may_not_be_written_to_is_said_before_the_work(here: Path):
    (here / "locked").mkdir(mode=0o500)
    if os.access(here / "locked", os.W_OK):
        pytest.skip("whoever runs this may write everywhere")
    code, err = answer("tipping baseline --out locked/t.json")
    assert code == 2 and "Permission denied" in err


@pytest.mark.usefixtures("not_laid_out")
def test_a_full_disk_leaves_the_old_file_whole(here: Path):
    """On a disk of 64 kB, where such a one may be mounted."""
    disk = here / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        (disk / "t.json").write_text(json.dumps({"schema": "triangle.tipping/1"}))
        content = (disk / "t.json").read_text().replace('{"schema"', '{\n "schema"')
        (disk / "t.json").write_text(content)
        with (disk / "fill").open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
            while True:
                file.write(bytes(512))
        for words in ("tipping baseline --out disk/t.json", "export baseline --parameters disk/s.csv",
                      "tipping baseline --plot disk/t.png", "export baseline --out disk/g.nfg"):  # fmt: skip
            code, err = answer(words)
            assert code == 2 and "no space is left on the disk" in err, (words, err)
        assert sorted(path.name for path in disk.iterdir()) == ["fill", "t.json"]
        assert (disk / "t.json").read_text() == content
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ----- processes


def process(*program: str, **options: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    return subprocess.Popen([sys.executable, *program], **streams, **options)  # type: ignore[call-overload]


@pytest.mark.parametrize("kilobytes", [40_000, 150_000, 250_000])
def test_too_little_memory_is_one_line(tmp_path: Path, kilobytes: int):
    resource = pytest.importorskip("resource", reason="this platform has no limits on memory")
    if sys.platform != "linux":
        pytest.skip("this platform does not keep to limits on memory")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (kilobytes * 1024, kilobytes * 1024))

    done = process("-m", "triangle", "sweep", "baseline", "--samples", "64", cwd=tmp_path, preexec_fn=limited)
    out, err = done.communicate(timeout=3000)
    assert done.returncode == 2 and out == "" and err.count("\n") == 1 and "too little memory" in err, err


#: Sends itself Ctrl-C when it is about to import a module, and goes on as ``python -m triangle`` does.
INTERRUPTED = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv[1:] = {words!r}
import runpy
runpy.run_module("triangle", run_name="__main__")
"""


@pytest.mark.parametrize(
    "name", ["triangle.cli", "click", "triangle.questions.sweep.command", "numpy", "triangle.sweeps.sobol"]
)
def test_ctrl_c_while_libraries_are_read_is_answered_by_one_word(name: str):
    done = process("-c", INTERRUPTED.format(name=name, words=["sweep", "baseline", "--samples", "64"]))
    out, err = done.communicate(timeout=3000)
    assert (done.returncode, out, err) == (130, "", "interrupted\n")


def test_nothing_that_takes_long_to_load_stands_before_ctrl_c_is_heard():
    """What comes before is Python's own start, which cannot be helped."""
    line = "import sys; before = set(sys.modules); import triangle.__main__; print(*set(sys.modules) - before)"
    out, err = process("-c", line).communicate(timeout=3000)
    assert err == ""
    assert set(out.split()) <= {
        *("__future__", "_signal", "triangle", "triangle.version", "triangle.__main__"),
        *("triangle.base", "triangle.base.interrupts"),
    }


def test_ctrl_c_in_the_background_is_not_heard():
    program = INTERRUPTED.format(name="numpy", words=["solve", "baseline", "--json"])
    done = process("-c", program, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    out, err = done.communicate(timeout=3000)
    assert done.returncode == 0 and out and err == ""
