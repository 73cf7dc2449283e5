"""What the command line answers to files and arguments that cannot be used: one message, exit code 2, nothing else."""

import contextlib
import difflib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE, few
from click.testing import CliRunner

import triangle.questions.check.answer as checking
from triangle.base.errors import MAX_FAULTS
from triangle.cli import main
from triangle.scenarios.scenario import SHIPPED as SCENARIOS

ROOT = Path(checking.__file__).parents[3]
HEAD = """\
title = "T"
question = "Q?"
author = "A"
date = 2025-03-15
base = "baseline"
narrative = "N"
"""
RELIEF = '[changes.relief]\nvalue = 1.0\nbecause = "b"\n'
GOOD = HEAD + RELIEF
PARAMETERS = checking.SHIPPED_PARAMETERS.read_text(encoding="utf-8")

#: Longest answer in bytes, and most names that are compared for the nearest one, whatever is thrown at the commands.
LONGEST, MOST_COMPARED = 20_000, 2 * (MAX_FAULTS + 1)

#: How many faults a file without end has: by default still more than are listed, and than may be compared.
ENDLESS = 20_000 if LARGE else 4 * MAX_FAULTS
MANY = 90_000 if LARGE else ENDLESS

#: Seconds after which an input counts as one that hangs the command, on however busy a machine.
HANGS = 600


@dataclass(frozen=True)
class Bad:
    """A malformed input: how to lay it out in a folder, giving the command line; words that the answer must hold."""

    id: str
    build: Callable[[Path], Sequence[str]]
    words: tuple[str, ...]


def scenario(id: str, content: str | bytes, *words: str, name: str = "x.toml") -> Bad:
    """A scenario file with this content."""

    def build(folder: Path) -> list[str]:
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
        return ["solve", str(folder / name)]

    return Bad(f"scenario-{id}", build, ("x.toml", *words) if name == "x.toml" else words)


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The text with one passage replaced, which must be there."""
    assert old in text
    return text.replace(old, new, 1)


#: What makes the good scenario's base one that holds somebody.
COURTED = ('base = "baseline"', 'base = "courting_2025"')


def value(text: str) -> str:
    return changed("value = 1.0", f"value = {text}")


def scenarios(id: str, files: dict[str, str], *words: str) -> Bad:
    """Several scenario files, of which the first is solved."""

    def build(folder: Path) -> list[str]:
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return ["solve", str(folder / next(iter(files)))]

    return Bad(f"scenario-{id}", build, words)


def parameters(id: str, content: str, *words: str) -> Bad:
    """A parameter file with this content."""

    def build(folder: Path) -> list[str]:
        (folder / "parameters.toml").write_text(content, encoding="utf-8")
        return ["--parameters", str(folder / "parameters.toml"), "solve", "baseline"]

    return Bad(f"parameters-{id}", build, ("parameters.toml", *words))


def parameter(id: str, old: str, new: str, *words: str) -> Bad:
    """The shipped parameter file with one passage replaced."""
    return parameters(id, changed(old, new, PARAMETERS), *words)


def evidence(id: str, file: str, old: str, new: str, *words: str) -> Bad:
    """A copy of the shipped evidence with one passage of one file replaced."""

    def build(folder: Path) -> list[str]:
        shutil.copytree(checking.SHIPPED_EVIDENCE / "figures", folder / "figures")
        shutil.copy(checking.SHIPPED_EVIDENCE / "sources.toml", folder)
        path = folder / file
        path.write_text(changed(old, new, path.read_text(encoding="utf-8")), encoding="utf-8")
        return ["--evidence", str(folder), "solve", "baseline"]

    return Bad(f"evidence-{id}", build, (Path(file).name, *words))


def line(id: str, *args: str, words: Sequence[str]) -> Bad:
    """A command line; @ in an argument stands for an empty folder."""
    return Bad(f"line-{id}", lambda folder: [arg.replace("@", str(folder)) for arg in args], tuple(words))


def made(id: str, make: Callable[[Path], object], *args: str, words: Sequence[str]) -> Bad:
    """A command line, once something else than a file was made in the folder."""

    def build(folder: Path) -> list[str]:
        make(folder)
        return [arg.replace("@", str(folder)) for arg in args]

    return Bad(f"path-{id}", build, tuple(words))


def chain(length: int) -> Bad:
    """Scenarios of which each is the base of the last."""
    names = [f"ring{i}" for i in range(length)]
    files = {
        f"{name}.toml": changed('"baseline"', f'"{names[(i + 1) % length]}"', GOOD) for i, name in enumerate(names)
    }
    return scenarios(f"base-cycle-of-{length}", files, "base", "leads back to itself", "ring0")


def ladder(folder: Path) -> None:
    """Thirty scenarios, each upon the next."""
    for i in range(30):
        (folder / f"step{i}.toml").write_text(changed('"baseline"', f'"step{i + 1}"'), encoding="utf-8")


def no_elections(folder: Path) -> Sequence[str]:
    """A sound figure at which a formula has no value."""
    cycle = "[tdc_us_presidential_cycle]\nvalue = "
    return evidence("", TDC, f"{cycle}4", f"{cycle}0").build(folder)


FIRST = "[tdc_historic_split_decade]\n"  # the first table of figures/tdc.toml
TDC, SOURCES = "figures/tdc.toml", "sources.toml"
ESC, TURNED = "\x1b[31mred", "\u202efig"
DEEP = 5000

CASES = [
    # ----- scenario files: what TOML itself refuses
    scenario("empty", "", "title", "missing", "narrative"),
    scenario("not-toml", "this is not TOML\n", "not valid TOML", "line 1"),
    scenario("unclosed-string", changed('"T"', '"T'), "not valid TOML", "line 1"),
    scenario("duplicate-key", changed("author", 'title = "again"\nauthor'), "not valid TOML", "line 3"),
    scenario("duplicate-table", GOOD + RELIEF, "not valid TOML", "line 10"),
    scenario("binary-junk", bytes(range(256)) * 40, "not UTF-8", "byte 128"),
    scenario("utf-16", GOOD.encode("utf-16"), "not UTF-8", "byte 0", "saved as UTF-8"),
    scenario("decimal-comma", changed("1.0", "0,5"), "value = 0,5", "decimals stand after a point: 0.5"),
    scenario("percent", changed("1.0", "50%"), "not valid TOML", "value = 50%"),
    scenario("latin-1", changed('"T"', '"Ä"').encode("latin-1"), "not UTF-8"),
    scenario("byte-order-mark", b"\xef\xbb\xbf" + GOOD.encode(), "byte order mark"),
    scenario("games-of-a-sweep", b"\x89HDF\r\n\x1a\n" * 9, "games of a sweep", "name of their folder"),
    scenario("workbook", b"PK\x03\x04\xff" * 9, "a packed file, as workbooks are", "triangle import"),
    scenario("nul-bytes", b"\0" * 100, "not valid TOML"),
    scenario("control-character", changed('"T"', '"\x07"'), "not valid TOML"),
    scenario("lone-carriage-returns", GOOD.replace("\n", "\r"), "not valid TOML"),
    scenario("ten-megabytes", "#" * 10_000_000, "10,000,000 bytes", "1,000,000"),
    scenario("ten-megabytes-of-tables", "[[a]]\n" * 1_700_000, "bytes are refused"),
    scenario("json", '{"title": "T"}', "not valid TOML"),
    # ----- nesting and size
    scenario("deep-arrays", f"x = {'[' * DEEP}{']' * DEEP}\n{GOOD}", "nested too deeply"),
    scenario("deep-inline-tables", f"x = {'{a=' * DEEP}1{'}' * DEEP}\n{GOOD}", "nested too deeply"),
    scenario("deep-dotted-key", f"x{'.a' * DEEP} = 1\n{GOOD}", "nested too deeply"),
    scenario("deep-dotted-key-under-a-known-one", f"title{'.a' * 3000} = 1\n{GOOD}", "nested too deeply"),
    scenario("deep-quoted-key", 'x."a b"' + " . 'c'" * 20_000 + f" = 1\n{GOOD}", "nested too deeply"),
    scenario("deep-header", f"{GOOD}[x{'.a' * 200_000}]\n", "nested too deeply"),
    scenario("arrays-just-readable", changed('"T"', "[" * 90 + "]" * 90), "title", "[[[[", "expected a text"),
    scenario("keys-without-end", "".join(f"k{i}=1\n" for i in range(MANY)) + GOOD, "unknown key 'k0'", "more faults"),
    scenario(
        "changes-without-end",
        HEAD + "".join(f'[changes.k{i}]\nvalue=1\nbecause="b"\n' for i in range(ENDLESS)),
        "unknown parameter 'k0'",
        "more faults",
    ),
    scenario("changes-of-no-table", HEAD + "[changes]\n" + "k=1\n", "changes.k", "found 1", "expected a table"),
    scenario(
        "figures-without-end",
        HEAD + f"figures = [{', '.join(f'{chr(34)}f{i}{chr(34)}' for i in range(20_000))}]\n" + RELIEF,
        "figures",
        "at most 100",
    ),
    scenario("long-key", "a" * 900_000 + f" = 1\n{GOOD}", "aaaa", "unknown key", "Valid: author"),
    scenario("long-parameter", changed("relief", "r" * 500_000), "changes.rrr", "unknown parameter"),
    scenario("long-title", changed('"T"', f'"{"t" * 30_000}"'), "title", "at most 20,000"),
    scenario("long-number", value("1" * 5000), "holds a number of thousands of digits"),
    scenario("long-hexadecimal", value("0x" + "f" * 5000), "changes.relief.value", "too large to be shown"),
    # ----- keys
    scenario("unknown-key", f"titel = 1\n{GOOD}", "titel", "did you mean 'title'?"),
    scenario("unknown-table", f"{GOOD}[plays]\n", "plays", "did you mean 'play'?"),
    scenario("unknown-key-of-a-change", changed("because", "becuase"), "changes.relief", "did you mean 'because'?"),
    scenario("unknown-key-of-play", f"{GOOD}[play]\nholds = 1\n", "play.holds", "did you mean 'hold'?"),
    scenario("unknown-key-of-expect", f'{GOOD}[expect]\nstatment = "x"\n', "expect.statment", "'statement'"),
    scenario("missing-title", changed('title = "T"\n', ""), "title", "missing"),
    scenario("missing-because", changed('because = "b"\n', ""), "changes.relief.because", "missing"),
    scenario("missing-base", changed('base = "baseline"\n', ""), "base", "missing"),
    scenario("missing-base-of-no-change", changed('base = "baseline"\n', "", HEAD), "base", "but the baseline"),
    scenario("missing-statement", f"{GOOD}[expect]\n", "expect.statement", "missing"),
    # ----- types
    scenario("title-a-number", changed('"T"', "3"), "title", "found 3", "expected a text"),
    scenario("title-unseen", changed('"T"', '"\u200b"'), "title", "expected some text"),
    scenario("title-empty", changed('"T"', '""'), "title", "found ''", "expected some text"),
    scenario("because-blank", changed('"b"', '"  \\t "'), "changes.relief.because", "expected some text"),
    scenario("date-a-text", changed("2025-03-15", '"2025-03-15"'), "date", "found '2025-03-15'", "expected a date"),
    scenario("date-with-a-time", changed("2025-03-15", "2025-03-15T10:00:00"), "found 2025-03-15T10:00:00; expected"),
    scenario("date-impossible", changed("2025-03-15", "2025-02-30"), "not valid TOML"),
    scenario("value-a-text", value('"1"'), "changes.relief.value", "found '1'", "expected a number"),
    scenario("value-a-truth", value("true"), "changes.relief.value", "found True", "expected a number"),
    scenario("value-a-list", value("[1, 2]"), "changes.relief.value", "expected a number"),
    scenario("value-a-date", value("2025-01-01"), "changes.relief.value", "expected a number"),
    scenario("changes-a-list", HEAD + "changes = []\n", "changes", "expected a table"),
    scenario("figures-a-text", HEAD + 'figures = "x"\n' + RELIEF, "figures", "expected a list"),
    scenario("hold-a-list", f'{GOOD}[play]\nhold = ["US"]\n', "play.hold", "expected a table"),
    scenario("hold-a-number", f"{GOOD}[play]\nhold = {{US = 1}}\n", "play.hold", "US", "expected a text"),
    scenario("order-a-text", f'{GOOD}[play]\norder = "US"\n', "play.order", "expected a list"),
    # ----- numbers
    scenario("value-nan", value("nan"), "changes.relief.value", "found nan", "finite"),
    scenario("value-infinite", value("inf"), "changes.relief.value", "found inf", "finite"),
    scenario("value-minus-infinite", value("-inf"), "changes.relief.value", "found -inf", "finite"),
    scenario("value-1e400", value("1e400"), "changes.relief.value", "found inf", "finite"),
    scenario("value-10-to-400", value("1" + "0" * 400), "changes.relief.value", "found 1000", "expected a number"),
    scenario("value-over-hard-bound", value("1.5"), "changes.relief", "found 1.5", "between 0 and 1"),
    scenario("value-under-hard-bound", value("-0.01"), "changes.relief", "found -0.01", "between 0 and 1"),
    scenario("value-senseless", changed("relief", "trade_ru_cn", value("1e300")), "changes.trade_ru_cn", "1e+300"),
    scenario("low-alone", value("1.0\nlow = 0.1"), "changes.relief", "low and high must both be given"),
    scenario("low-above-high", value("0.5\nlow = 0.9\nhigh = 0.1"), "changes.relief", "above high"),
    scenario("range-over-hard-bound", value("0.5\nlow = 0.1\nhigh = 7.0"), "changes.relief", "found 7"),
    scenario("value-outside-its-range", value("0.9\nlow = 0.1\nhigh = 0.2"), "changes.relief", "0.9 lies outside"),
    scenario("range-nan", value("0.5\nlow = nan\nhigh = 1.0"), "changes.relief.low", "finite"),
    # ----- what names refer to
    scenario("unknown-parameter", changed("relief", "releif"), "changes.releif", "did you mean 'relief'?"),
    scenario("parameter-in-capitals", changed("relief", "RELIEF"), "changes.RELIEF", "unknown parameter"),
    scenario("unknown-figure", HEAD + 'figures = ["ost_trade_ru_cn_2025"]\n' + RELIEF, "'ost_trade_ru_cn_2024'?"),
    scenario("unknown-figure-of-a-change", changed("value = 1.0", 'figure = "nope"'), "unknown figure 'nope'"),
    scenario(
        "figure-of-another-unit",
        changed("value = 1.0", 'figure = "ost_trade_ru_cn_2024"'),
        "changes.relief",
        "ost_trade_ru_cn_2024 is in bn USD/yr",
    ),
    scenario("figure-and-value", value('1.0\nfigure = "x"'), "changes.relief", "value and figure", "give one"),
    scenario("neither-value-nor-figure", changed("value = 1.0\n", ""), "changes.relief", "expected a value"),
    scenario("unknown-formula", changed("value = 1.0", 'formula = "sanction_costs"'), "did you mean 'sanction_cost'?"),
    scenario("claim-out-of-range", HEAD + 'claims = ["C171"]\n' + RELIEF, "claims", "C171", "C01 to C170"),
    scenario("claim-zero", HEAD + 'claims = ["X00"]\n' + RELIEF, "claims", "X00"),
    scenario("claim-in-other-digits", HEAD + 'claims = ["C\u0660\u0661"]\n' + RELIEF, "claims", "expected ids"),
    scenario("claim-a-number", HEAD + "claims = [84]\n" + RELIEF, "claims", "item 1", "found 84"),
    scenario("changes-nothing", value("0.3"), "changes.relief", "changes nothing", "baseline has 0.3"),
    scenario("no-change-at-all", HEAD, "nothing is changed", "repeats its base baseline"),
    scenario("order-a-player-twice", f'{GOOD}[play]\norder = ["US", "US", "CN", "RU"]\n', "play.order", "once"),
    scenario("order-a-player-missing", f'{GOOD}[play]\norder = ["US", "CN"]\n', "play.order", "US, RU, CN once"),
    scenario("order-an-empty-stage", f'{GOOD}[play]\norder = ["US", [], "CN", "RU"]\n', "play.order", "[]"),
    scenario("order-of-tables", f"{GOOD}[play]\norder = [{{a = 1}}]\n", "play.order", "expected each of"),
    scenario("hold-unknown-player", f'{GOOD}[play]\nhold = {{EU = "hedge"}}\n', "play.hold", "unknown player 'EU'"),
    scenario("hold-unknown-action", f'{GOOD}[play]\nhold = {{RU = "hege"}}\n', "play.hold", "did you mean 'hedge'?"),
    scenario("hold-nobody-to-release", f'{GOOD}[play]\nhold = {{RU = "free"}}\n', "play.hold", "holds nobody"),
    scenario("hold-empty", f"{changed(*COURTED)}[play]\nhold = {{}}\n", "play.hold", "empty table", 'US = "free"'),
    # ----- bases
    chain(1),
    chain(2),
    chain(3),
    made("base-ladder-of-30", ladder, "solve", "@/step0.toml", words=["step20.toml: base", "more than 20 bases"]),
    scenario("base-unknown", changed('"baseline"', '"baselin"'), "x.toml: base", "did you mean 'baseline'?"),
    scenario("base-upwards", changed('"baseline"', '"../x"'), "base", "'../x'", "bare name"),
    scenario("base-absolute", changed('"baseline"', '"/etc/passwd"'), "base", "'/etc/passwd'", "bare name"),
    scenario("base-with-ending", changed('"baseline"', '"baseline.toml"'), "base", "'baseline.toml'", "bare name"),
    scenario("base-with-nul", changed('"baseline"', '"a\\u0000b"'), "base", "\\x00"),
    scenario("base-in-cyrillic", changed('"baseline"', '"b\u0430seline"'), "base", "bare name"),
    scenario("base-empty", changed('"baseline"', '""'), "base", "expected some text"),
    scenario("base-a-number", changed('"baseline"', "1"), "base", "expected a text"),
    scenarios(
        "base-with-a-fault",
        {"top.toml": changed('"baseline"', '"under"', value("0.9")), "under.toml": value("7.0")},
        "under.toml: changes.relief",
        "found 7",
    ),
    scenario(
        "faults-of-all-kinds-together",
        HEAD
        + f'figures = ["nope"]\nbogus = 1\n[changes.releif]\nvalue = 1.0\nbecause = "b"\n{value("9.0")[len(HEAD) :]}',
        "bogus: unknown key",
        "changes.releif: unknown parameter",
        "changes.relief: found 9",
        "figures: unknown figure 'nope'",
    ),
    # ----- what must not reach a terminal
    scenario("escape-in-title", changed('"T"', '"\\u001b[31mred"'), "title", "control character '\\x1b'"),
    scenario("turned-writing-in-title", changed('"T"', f'"{TURNED}"'), "title", "control character '\\u202e'"),
    scenario("escape-in-because", changed('"b"', '"\\u009b31m"'), "because", "control character '\\x9b'"),
    scenario("escape-in-key", f'"\\u001b]0;x" = 1\n{GOOD}', "\\x1b]0;x: unknown key"),
    scenario("escape-in-parameter", changed("relief", '"\\u001b[31mrelief"'), "\\x1b[31mrelief", "mean 'relief'?"),
    scenario("turned-writing-in-parameter", changed("relief", f'"{TURNED}"'), "changes.\\u202efig", "unknown"),
    scenario("escape-in-file-name", GOOD, "\\x1b[31mred.toml", "rename", name=f"{ESC}.toml"),
    scenario("turned-writing-in-file-name", GOOD, "\\u202efig.toml", "rename", name=f"{TURNED}.toml"),
    # ----- paths that are no files
    made("missing", lambda _: None, "solve", "@/none.toml", words=["none.toml", "no such file"]),
    made("shipped-name-with-ending", lambda _: None, "solve", "baseline.toml", words=["called by its name, baseline"]),
    made("folder", lambda f: (f / "d.toml").mkdir(), "solve", "@/d.toml", words=["d.toml", "a folder or a device"]),
    made("pipe", lambda f: os.mkfifo(f / "p.toml"), "solve", "@/p.toml", words=["p.toml", "a folder or a device"]),
    made("device", lambda _: None, "solve", "/dev/zero", words=["dev/zero", "a folder or a device"]),
    made("link-to-itself", lambda f: (f / "l.toml").symlink_to(f / "l.toml"), "solve", "@/l.toml", words=["l.toml"]),
    made("link-to-nowhere", lambda f: (f / "l.toml").symlink_to("gone"), "solve", "@/l.toml", words=["no such file"]),
    made("name-too-long", lambda _: None, "solve", "@/" + "n" * 5000, words=["nnn", "name too long"]),
    made("name-with-nul", lambda _: None, "solve", "@/a\0b.toml", words=["a\\x00b.toml", "cannot be shown"]),
    made("empty-name", lambda _: None, "solve", "", words=["SCENARIO: found ''; expected"]),
    made(
        "evidence-missing", lambda _: None, "--evidence", "@/e", "solve", "baseline", words=["sources.toml", "no such"]
    ),
    made(
        "evidence-empty", lambda _: None, "--evidence", "@", "solve", "baseline", words=["figures", "no figure files"]
    ),
    made(
        "evidence-a-file", lambda f: (f / "e").touch(), "--evidence", "@/e", "list", "figure", words=["e/sources.toml"]
    ),
    made("evidence-with-nul", lambda _: None, "--evidence", "@/a\0b", "list", "figure", words=["a\\x00b/sources.toml"]),
    made("parameters-missing", lambda _: None, "--parameters", "@/p", "list", "term", words=["p: no such file"]),
    made("parameters-a-folder", lambda _: None, "--parameters", "@", "list", "term", words=["a folder or a device"]),
    made("check-missing", lambda _: None, "check", "@/none", words=["none", "no such file or folder"]),
    made("check-name-too-long", lambda _: None, "check", "n" * 5000, words=["nnn", "no such file"]),
    made("check-empty-folder", lambda _: None, "check", "@", words=["no TOML files"]),
    # ----- evidence
    evidence("duplicate-key", TDC, FIRST, f"{FIRST}line = 1\n", "not valid TOML"),
    evidence("not-toml", TDC, FIRST, f"{FIRST}???\n", "not valid TOML"),
    evidence("value-true", TDC, "value = ", "value = true #", "tdc_historic_split_decade.value", "found True"),
    evidence("value-nan", TDC, "value = ", "value = nan #", "tdc_historic_split_decade.value", "finite"),
    evidence("value-infinite", TDC, "value = ", "value = [1, inf] #", "tdc_historic_split_decade.value", "finite"),
    evidence(
        "value-10-to-400",
        TDC,
        "value = ",
        f"value = 1{'0' * 400} #",
        "tdc_historic_split_decade.value",
        "at most 1e+15",
    ),
    evidence(
        "value-hexadecimal", TDC, "value = ", f"value = 0x{'f' * 5000} #", "decade.value", "too large to be shown"
    ),
    evidence("value-three", TDC, "value = ", "value = [1, 2, 3] #", "decade.value", "[low, high]"),
    evidence("value-turned-round", TDC, "value = ", "value = [3, 1] #", "decade.value", "low <= high"),
    evidence("value-a-text", TDC, "value = ", 'value = "1950" #', "decade.value", "expected a number"),
    evidence("unknown-unit", TDC, "unit = ", 'unit = "bn USD/year" #', "decade.unit", "did you mean 'bn USD/yr'?"),
    evidence("unknown-kind", TDC, "kind = ", 'kind = "guess" #', "decade.kind", "'guess'", "'forecast'"),
    evidence("unknown-source", TDC, FIRST, f'{FIRST}source = "tdd"\n', "decade.source", "did you mean 'tdc'?"),
    evidence("unknown-key", TDC, FIRST, f"{FIRST}valeu = 1\n", "decade.valeu", "did you mean 'value'?"),
    evidence("id-of-its-own", TDC, FIRST, f'{FIRST}id = "other"\n', "decade.id", "leave this out"),
    evidence("line-zero", TDC, "line = ", "line = 0 #", "decade.line", "found 0"),
    evidence("line-hexadecimal", TDC, "line = ", f"line = 0x{'f' * 5000} #", "decade.line", "too large"),
    evidence("line-missing", TDC, "line = ", "# line = ", "decade.line", "names its line"),
    evidence("paraphrase-empty", TDC, "paraphrase = ", 'paraphrase = "" #', "decade.paraphrase", "expected some text"),
    evidence("duplicate-id", TDC, FIRST, f"{FIRST}\n{FIRST}", "not valid TOML"),
    evidence(
        "id-in-two-files", TDC, FIRST, "[ost_trade_ru_cn_2024]\n", "ost_trade_ru_cn_2024: this id is already used"
    ),
    evidence(
        "conflict-unknown", TDC, "conflicts_with = [", 'conflicts_with = ["nope", ', "decade.conflicts_with", "'nope'"
    ),
    evidence("rival-of-itself", TDC, FIRST, f'{FIRST}rivals = ["{FIRST[1:-2]}"]\n', "decade.rivals", "against itself"),
    evidence("rival-unanswered", TDC, FIRST, f'{FIRST}rivals = ["ost_trade_ru_cn_2024"]\n', "in return"),
    evidence("escape-in-caution", TDC, FIRST, f'{FIRST}locator = "\\u001b[2J"\n', "decade.locator", "'\\x1b'"),
    evidence("table-a-number", TDC, "\n[", "\nstray = 1\n[", "stray", "found 1", "expected a table"),
    evidence("source-a-number", TDC, "source = ", "source = 1 #", "decade.source", "expected a text"),
    evidence("sources-unknown-key", SOURCES, "title = ", 'titel = "x"\ntitle = ', "osthold.titel", "mean 'title'?"),
    evidence("sources-unknown-language", SOURCES, "language = ", 'language = "fr" #', "osthold.language", "'fr'"),
    evidence("sources-key-of-its-own", SOURCES, "title = ", 'key = "x"\ntitle = ', "osthold.key", "leave this out"),
    evidence("sources-date-not-explained", SOURCES, "inferred_from = ", "# ", "osthold", "does not say from what"),
    evidence("sources-a-number", SOURCES, "\n[osthold]", "\nx = 1\n[osthold]", "x: found 1", "expected a table"),
    Bad("evidence-formula-divides-by-zero", no_elections, ("parameters.toml: reversal_hazard", "no value at these")),
    # ----- parameters
    parameters("empty", "", "gdp_us: missing", "required"),
    parameters("one-number", "x = 1\n", "x: found 1", "expected a table"),
    parameters("tables-without-end", PARAMETERS + "".join(f"[z{i}]\n" for i in range(20_000)), "z0", "more faults"),
    parameter("renamed", "[gdp_us]", "[gdp_uss]", "gdp_us: missing", "gdp_uss", "did you mean 'gdp_us'?"),
    parameter("unknown-role", 'role = "fact"', 'role = "facts"', "gdp_us.role", "'facts'", "'lever'"),
    parameter("unknown-unit", 'unit = "bn USD/yr"', 'unit = "USD"', "gdp_us", "unknown unit 'USD'", "'bn USD'"),
    parameter("unknown-figure", '"ext_gdp_us_2024"', '"ext_gdp_us_2O24"', "gdp_us.figure", "mean 'ext_gdp_us_2024'?"),
    parameter("figure-of-another-unit", '"ext_gdp_us_2024"', '"ext_ppp_share_us_2024"', "gdp_us.figure", "percent"),
    parameter("unknown-formula", '\nformula = "', '\nformula = "x_', "formula", "unknown formula"),
    parameter(
        "two-backings", 'figure = "ext_gdp_us_2024"', 'figure = "ext_gdp_us_2024"\njudged = 1.0', "gdp_us", "one"
    ),
    parameter(
        "no-backing",
        'figure = "ext_gdp_us_2024"\n',
        "",
        "gdp_us",
        "exactly one of figure, formula, estimate, bounded and judged",
    ),
    parameter("spread-infinite", "\nspread = 0.03", "\nspread = inf", "gdp_us.spread", "finite"),
    parameter("spread-negative", "\nspread = 0.03", "\nspread = -0.03", "gdp_us.spread", "found -0.03"),
    parameter("spread-hexadecimal", "\nspread = 0.03", f"\nspread = 0x{'f' * 5000}", "gdp_us.spread", "too large"),
    parameter("spread-and-low", "\nspread = 0.03", "\nspread = 0.03\nlow = 1.0", "gdp_us", "either low and high"),
    parameter("low-a-truth", "low = 14.0", "low = true", "capability_us.low", "found True", "expected a number"),
    parameter("low-nan", "low = 14.0", "low = nan", "capability_us.low", "found nan", "finite"),
    parameter("low-above-default", "low = 14.0", "low = 16.0", "capability_us", "lies outside"),
    parameter("low-an-unknown-figure", "low = 14.0", 'low = "nope"', "capability_us.low", "unknown figure or formula"),
    parameter("hard-bound-inside", "hard_low = 0.01", "hard_low = 100.0", "capability_us", "leaves the hard bounds"),
    parameter("choice-not-explained", "chooses = ", "# ", "capability_us.chooses", "missing"),
    # ----- command lines
    line("unknown-command", "slove", "baseline", words=["unknown command 'slove'", "did you mean 'solve'?"]),
    line("unknown-option", "solve", "baseline", "--jason", words=["--jason", "--json"]),
    line("no-scenario", "solve", words=["SCENARIO", "missing", "--from FILE.json"]),
    line("too-many-scenarios", "solve", "baseline", "attrition", words=["unexpected extra argument", "attrition"]),
    line("nothing-to-compare", "compare", words=["SCENARIO", "missing", "--from FILE.json"]),
    line("unknown-scenario", "solve", "basline", words=["SCENARIO", "'basline'", "did you mean 'baseline'?"]),
    line("two-unknown-scenarios", "compare", "basline", "atrition", words=["'baseline'?", "'attrition'?"]),
    line("unknown-kind", "list", "figurs", words=["KIND", "did you mean 'figure'?"]),
    line("unknown-figure", "show", "figure", "ost_trade_ru_cn_2042", words=["'ost_trade_ru_cn_2024'?"]),
    line("unknown-parameter", "show", "parameter", "releif", words=["did you mean 'relief'?"]),
    line("unknown-term", "show", "term", "contents", words=["did you mean 'contest'?"]),
    line("unknown-source", "show", "source", "ostholt", words=["did you mean 'osthold'?"]),
    line("set-without-value", "solve", "baseline", "--set", "relief", words=["--set", "'relief'", "NAME=VALUE"]),
    line("set-nothing", "solve", "baseline", "--set", words=["'--set' requires an argument"]),
    line("set-empty", "solve", "baseline", "--set", "", words=["--set", "NAME=VALUE"]),
    line("set-only-equals", "solve", "baseline", "--set", "=", words=["--set", "'='", "NAME=VALUE"]),
    line("set-empty-value", "solve", "baseline", "--set", "relief=", words=["--set", "'relief='", "NAME=VALUE"]),
    line("set-two-equals", "solve", "baseline", "--set", "relief=0.5=1", words=["relief", "'0.5=1'", "a number"]),
    line("set-unknown", "solve", "baseline", "--set", "releif=1", words=["releif", "did you mean 'relief'?"]),
    line("set-twice", "solve", "baseline", "--set", "relief=1", "--set", "relief=0.5", words=["relief is set twice"]),
    line("set-nan", "solve", "baseline", "--set", "relief=nan", words=["--set: relief", "finite"]),
    line("set-infinite", "solve", "baseline", "--set", "trade_ru_cn=1e400", words=["'1e400'", "finite"]),
    line("set-out-of-bounds", "solve", "baseline", "--set", "relief=2", words=["found 2", "between 0 and 1"]),
    line("set-other-digits", "solve", "baseline", "--set", "relief=\u0661", words=["relief", "expected a number"]),
    line("set-another-unit", "solve", "baseline", "--set", "relief=ost_trade_ru_cn_2024", words=["is in bn USD/yr"]),
    line("set-several-faults", "solve", "baseline", "--set", "a", "--set", "relief=9", words=["'a'", "found 9"]),
    line("hold-without-action", "solve", "baseline", "--hold", "US", words=["--hold", "'US'", "PLAYER=ACTION"]),
    line("hold-unknown-player", "solve", "baseline", "--hold", "EU=hedge", words=["--hold", "'EU'", "US"]),
    line("hold-unknown-action", "solve", "baseline", "--hold", "US=court_rusia", words=["US", "'court_russia'?"]),
    line("hold-twice", "solve", "baseline", "--hold", "RU=hedge,RU=align", words=["--hold: RU", "held twice"]),
    line("player-unknown", "trace", "baseline", "--player", "Russia", words=["--player", "'Russia'", "US"]),
    line(
        "profile-short", "trace", "baseline", "--player", "RU", "--profile", "US=contain_both", words=["one action for"]
    ),
    line(
        "profile-twice",
        "trace",
        "baseline",
        "--player",
        "RU",
        "--profile",
        "RU=hedge,RU=hedge,CN=align",
        words=["each"],
    ),
    line("profile-number", "trace", "baseline", "--player", "RU", "--profile", "64", words=["--profile", "'64'"]),
    # A value that is empty is that of a variable of the shell that is not set: it was taken for the default.
    line(
        "types-empty",
        "signal",
        "tactical_or_genuine",
        "--types",
        "",
        words=["--types: found ''; expected FIRST,SECOND"],
    ),
    line("menu-empty", "signal", "tactical_or_genuine", "--menu", " ", words=["--menu: found ' '"]),
    line("pattern-empty", "discover", "baseline", "--pattern", "", words=["--pattern: found ''"]),
    line("goal-empty", "flip", "baseline", "--to", "", words=["--to: found ''"]),
    line("receiver-empty", "gesture", "parade", "--receiver=", words=["--receiver: found ''; expected PLAYER"]),
    line("start-empty", "path", "path_baseline", "--start", "", words=["--start: found ''; expected STATE=LEVEL"]),
    line("document-empty", "claims", "--document", "", words=["--document: found ''; expected KEY"]),
    line("second-scenario-empty", "compare", "baseline", "", words=["SCENARIO", "found ''"]),
    line("folder-empty", "sweep", "baseline", "--samples", "4", "--out", "", words=["--out: found ''; expected RUN"]),
    # Said before the answer is computed; a file named - and a size of no picture were passed over.
    line(
        "picture-unknown", "answer", "baseline", "--plot", "@/x.gif", words=["--plot", "ending in .png or .svg or .pdf"]
    ),
    line(
        "picture-plain",
        "sweep",
        "baseline",
        "--samples",
        "4",
        "--ternary",
        "@/x",
        words=["--ternary", "ending in .png"],
    ),
    line("out-dash", "solve", "baseline", "--out", "-", words=["--out: found '-'; expected the name of a file"]),
    line("size-of-nothing", "solve", "baseline", "--size", "one-column", words=["--size: is that of a picture"]),
    # What stands twice, of which one would be passed over; bounds that are said as they are.
    line("menu-twice", "signal", "tactical_or_genuine", "--menu", "relief=0,relief=1", words=["relief: given twice"]),
    line(
        "watch-none",
        "signal",
        "tactical_or_genuine",
        "--watch",
        "0",
        words=["expected a number above 0 and at most 50"],
    ),
    line("prior-sure", "gesture", "parade", "--prior", "1", words=["expected a number from 1e-09 to 0.999999999"]),
    line(
        "axis-beyond",
        "signal",
        "tactical_or_genuine",
        "--over",
        "prior=0:1:3",
        "--over",
        "watch=0:5:2",
        words=["watch: found 0:5:2; expected 2 to 400 values from 0.001 to 50"],
    ),
    line("case", "claims", "t01", words=["unknown entry or claim 't01'; did you mean 'T01'?"]),
    line("profile-empty", "trace", "baseline", "--player", "RU", "--profile", "", words=["--profile", "''"]),
    line(
        "plot-other-ending", "solve", "baseline", "--plot", "@/x.bmp", words=["--plot", "x.bmp", ".png or .svg or .pdf"]
    ),
    line("plot-no-ending", "solve", "baseline", "--plot", "@/x", words=["--plot", ".png or .svg or .pdf"]),
    line(
        "plot-into-the-void", "solve", "baseline", "--plot", "/proc/none/x.png", words=["--plot", "cannot be written"]
    ),
    line("plot-with-nul", "solve", "baseline", "--plot", "@/a\0b.png", words=["--plot", "a\\x00b.png"]),
    made(
        "plots-into-a-file",
        lambda f: (f / "taken").touch(),
        *["compare", "baseline", "attrition", "--plot", "@/taken"],
        words=["--plot", "taken", "cannot be written"],
    ),
    line("escape-in-command", ESC, words=["unknown command '\\x1b[31mred'"]),
    line("escape-in-option", "solve", "baseline", f"--{ESC}", words=["\\x1b[31mred"]),
    line("turned-writing-in-argument", "solve", "baseline", TURNED, words=["\\u202efig"]),
    line("escape-in-set", "solve", "baseline", "--set", f"{ESC}=1", words=["\\x1b[31mred"]),
    line("escape-in-hold", "solve", "baseline", "--hold", f"{ESC}=hedge", words=["\\x1b[31mred"]),
    line("escape-in-figure", "show", "figure", ESC, words=["\\x1b[31mred"]),
    line("long-argument", "solve", "baseline", "x" * 100_000, words=["unexpected extra argument", "xxx"]),
    line("long-command", "x" * 100_000, words=["unknown command", "xxx"]),
    line("long-set", "solve", "baseline", "--set", "x" * 100_000, words=["--set", "NAME=VALUE"]),
]


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len(CASES) >= 90
    assert len({bad.id for bad in CASES}) == len(CASES)


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.id)
def test_bad_input_is_answered_by_one_message(bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    near = difflib.get_close_matches

    def counted(word: str, *args: Any, **options: Any) -> list[str]:
        compared.append(word)
        return near(word, *args, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    args = bad.build(tmp_path)
    with hanging_is_a_fault():
        result = CliRunner().invoke(main, args)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    _judge(result.exit_code, result.stdout, result.stderr, bad.words)
    assert len(compared) <= MOST_COMPARED, "the work grows with the faults, not with those that are listed"


@contextlib.contextmanager
def hanging_is_a_fault() -> Iterator[None]:
    """End what hangs, where the platform can; how fast a command is decides nothing here."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(*_: object) -> None:
        raise AssertionError(f"not answered within {HANGS} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(HANGS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _judge(code: int, out: str, err: str, words: Sequence[str]) -> None:
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    for word in words:
        assert word in err
    assert len(err.encode()) <= LONGEST
    assert all(character.isprintable() for character in err.replace("\n", ""))


#: The same again through a process of its own: what an interpreter's end, or a real terminal's stream, would add.
IN_A_PROCESS = (
    "scenario-unknown-key",
    "scenario-binary-junk",
    "scenario-ten-megabytes",
    "scenario-deep-arrays",
    "scenario-deep-header",
    "scenario-keys-without-end",
    "scenario-base-cycle-of-2",
    "scenario-escape-in-file-name",
    "path-device",
    "path-pipe",
    "path-evidence-missing",
    "evidence-value-10-to-400",
    "parameters-empty",
    "line-escape-in-option",
    "line-set-infinite",
    "line-plot-into-the-void",
)


@pytest.mark.parametrize("name", few(IN_A_PROCESS, 8))
def test_bad_input_in_a_process_of_its_own(name: str, tmp_path: Path) -> None:
    (bad,) = [case for case in CASES if case.id == name]
    done = _process(bad.build(tmp_path))
    _judge(done.returncode, done.stdout, done.stderr, bad.words)


def _process(args: Sequence[str], *program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(program or ("-m", "triangle")), *args]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=HANGS)


def test_name_that_is_not_text_at_all(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.toml"
    try:
        Path(os.fsdecode(path)).write_text(GOOD, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    done = _process(["solve", os.fsdecode(path)])
    _judge(done.returncode, done.stdout, done.stderr, ("\\udcff.toml", "rename"))


def test_file_without_permission(tmp_path: Path) -> None:
    """Permissions do not bind root, which becomes nobody once everything is imported."""
    path = tmp_path / "secret.toml"
    path.write_text(GOOD, encoding="utf-8")
    path.chmod(0)
    become_nobody = "os.geteuid() == 0 and os.seteuid(65534)"
    program = f"import os, triangle.cli, triangle.api; {become_nobody}; triangle.cli.main()"
    done = _process(["--parameters", str(path), "solve", "baseline"], "-c", program)
    _judge(done.returncode, done.stdout, done.stderr, ("secret.toml", "no permission"))


def test_refused_permission_whoever_runs_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "x.toml"
    path.write_text(GOOD, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        result = CliRunner().invoke(main, ["--parameters", str(path), "solve", "baseline"])
    assert result.exit_code == 2
    assert "no permission to read this file" in result.stderr


def test_faults_beyond_the_cap_are_counted(tmp_path: Path) -> None:
    """The message is short; check lists up to its cap and says that there are more."""
    import json

    endless = "".join(f"k{i}=1\n" for i in range(MANY))
    (tmp_path / "x.toml").write_text(endless + GOOD, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "x.toml"), "--json"])
    faults = json.loads(result.stdout)["faults"]
    assert result.exit_code == 1
    assert len(faults) == MAX_FAULTS + 1
    assert f"more than {MAX_FAULTS:,} faults" in faults[-1]["message"]


@pytest.mark.parametrize(
    "content",
    [GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace('"T"', '"Ä 中 — שלום 👪"'), GOOD.replace('"N"', '"""N\nN\tN"""')],
    ids=["plain", "windows-line-ends", "other-scripts", "lines-and-tabs"],
)
def test_what_looks_odd_and_is_sound_is_taken(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(content.encode())
    result = CliRunner().invoke(main, ["solve", str(tmp_path / "x.toml")])
    assert (result.exit_code, result.stderr) == (0, "")


def test_every_shipped_scenario_survives_the_same_readers() -> None:
    result = CliRunner().invoke(main, ["check", str(SCENARIOS)])
    assert result.exit_code == 0, result.stdout
