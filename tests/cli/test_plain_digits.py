"""One rule for numbers in all options and files: digits 0 to 9, no separators."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from budgets import in_turn
from click.testing import CliRunner

from triangle.base.records import number, number_in
from triangle.cli import main
from triangle.questions import COMMANDS

NUMERIC = [
    (name, option.opts[0])
    for name in COMMANDS
    for option in main.get_command(None, name).params  # type: ignore[arg-type, union-attr]
    if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
]


@pytest.mark.parametrize(("option", "written"), in_turn(NUMERIC, ["١٦", "１６", "१६", "1_6"]))
def test_no_option_takes_digits_of_another_script(option: tuple[str, str], written: str):
    done = CliRunner().invoke(main, [*option, written])
    assert done.exit_code == 2 and "is not a number in digits 0 to 9" in done.stderr


def test_the_rule_leaves_ranges_and_plain_numbers_as_they_were():
    assert len(NUMERIC) > 20
    done = CliRunner().invoke(main, ["sweep", "--help"])
    assert "x>=1" in done.stdout
    assert "0 is not in the range" in CliRunner().invoke(main, ["sweep", "baseline", "--samples", "0"]).stderr


@pytest.mark.parametrize("written", ["٠.٥", "０.５", "0_1.5", "1_0"])
@pytest.mark.parametrize(
    "arguments",
    [
        *[["solve", "baseline", "--set", "relief={}"], ["sweep", "baseline", "--over", "relief=0:{}:3"]],
        *[["sweep", "baseline", "--samples", "4", "--correlation", "relief,evasion={}"]],
        *[["discover", "baseline", "--pattern", "margin:present<{}"], ["choose", "baseline", "--lever", "relief=0,{}"]],
    ],
    ids=lambda arguments: arguments[-2],
)
def test_no_text_with_a_number_in_it_takes_them(arguments: list[str], written: str):
    done = CliRunner().invoke(main, [argument.format(written) for argument in arguments])
    assert done.exit_code == 2 and "Error" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("written", ["٠.٥", "1_0"])
def test_no_file_takes_them(tmp_path: Path, written: str):
    (tmp_path / "p.csv").write_text(f"relief\n{written}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["sweep", "baseline", "--points", str(tmp_path / "p.csv")])
    assert done.exit_code == 2 and "A2: found" in done.stderr
    nfg = f'NFG 1 R "" {{ "A" "B" }} {{ 1 1 }}\n{written} 0\n'
    (tmp_path / "g.nfg").write_text(nfg, encoding="utf-8")
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "g.nfg")]).exit_code == 2
    with pytest.raises(ValueError):
        number_in(written)


def test_zero_has_no_sign():
    """A sweep at --lambda -0 was told to be at λ = -0."""
    option = next(p for p in main.get_command(None, "sweep").params if p.opts[0] == "--lambda")  # type: ignore[arg-type, union-attr]
    for zero in (number(-0.0), number_in("-0"), number_in("-0.0e5"), option.type.convert("-0", option, None)):
        assert str(zero) == "0.0"
