"""Command lines made of the commands' own arguments and options, with plausible values, mad ones, and bad paths.

The options are asked of the commands, so a new one is tried at once; what a text means is known here by its option.
Budgets are kept small, since a long computation that was asked for is no fault.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from triangle.base.errors import LISTED
from triangle.cli import COMMANDS, main
from triangle.cli.places import OutputFile, OutputFolder

from .mutations import TOKENS

#: Names of what is shown, by kind.
SHOWN = {
    "figure": ("ost_trade_ru_cn_2024", "ost_gas_contract_max_volume", "ost_truman_doctrine_year"),
    "parameter": ("gdp_ru", "relief"),
    "scenario": ("baseline", "nixon_1972"),
    "term": ("contest", "pipeline"),
    "source": ("osthold", "iiss_europe"),
    "instrument": ("payments", "oil", "aviation"),
}
SCENARIOS = (
    "baseline",
    "europe_joins",
    "siberia2",
    "rift_shock",
    "siberia2+europe_joins",
    "nixon_1972",
    "courting_2025",
)
MAD_NAMES = (
    "basline",
    "",
    "+",
    "baseline+",
    "baseline+baseline",
    "../baseline",
    "-",
    "BASELINE",
    "base line",
    "ä",
    "*",
    "baseline.toml",
)
PARAMETERS = (
    "relief",
    "stake_ru_cn",
    "europe_joins",
    "unilateral_yield",
    "political_concession",
    "gdp_ru",
    "releif",
    "",
)
MAD = (
    *(token for token in TOKENS if len(token) < 500 and "\0" not in token),
    "",
    " ",
    "a,b",
    "=",
    "a=",
    "=1",
    "US",
    "--",
    "@",
    ":",
)

#: Options that ask for much work unless they say little, and what is said then.
SMALL = {
    "--samples": ("1", "2", "16", "17", "32"),
    "--starts": ("1", "2"),
    "--levels": ("2", "3"),
    "--steps": ("2", "3"),
    "--until": ("2026", "2027", "2028"),
    "--limit": ("0.5", "2"),
    "--boxes": ("1", "2"),
    "--chunk": ("64", "256"),
    "--replicates": ("2", "5"),
    "--workers": ("1",),
}
#: Commands that take seconds whatever little is asked of them.
SLOW = ("report", "claims", "answer")

#: Options whose large values are sound and long, or need a machine that is not there.
NEVER = {"--scheduler", "--help"}

#: Plausible texts by option.
TEXTS: dict[str, tuple[str, ...]] = {
    "--set": ("relief=1", "relief=0.5", "stake_ru_cn=9", "europe_joins=1", "gdp_ru=ext_gdp_ru_1972", "relief=2", "x=1"),
    "--hold": (
        "US=court_russia",
        "RU=hedge",
        "RU=align,CN=align",
        "US=contain_both,RU=align,CN=align",
        "EU=hedge",
        "RU=x",
        "US=court_russia@2025-2028",
    ),
    "--form": ("first", "second", "third"),
    "--order": ("US,RU+CN", "US,CN,RU", "RU,RU,CN", "US", "US+RU+CN"),
    "--over": (
        "relief=0:1:3",
        "stake_ru_cn=1:12:4",
        "relief",
        "stake_ru_cn",
        "relief=0,1",
        "relief=1:0:3",
        "relief=0:1:0",
        "relief=0:1:3:4",
    ),
    "--without": PARAMETERS,
    "--among": ("baseline,europe_joins", "baseline", "x,y"),
    "--inside": ("relief=0:0.5", "relief=0.5", "RU=hedge"),
    "--lever": ("relief=0,1", "relief=0,0.5,1", "relief", "stake_ru_cn=1,2"),
    "--rule": ("margin", "worst", "payoff", "regret", "status_quo", "best", "maximin", "laplace"),
    "--player": ("US", "RU", "CN", "EU", "us"),
    "--profile": ("US=contain_both,RU=align,CN=align", "US=court_russia", "RU=hedge"),
    "--pattern": ("RU=hedge", "US=court_china", "RU=hedge,CN=align", "stable", "x"),
    "--to": ("US=court_china", "RU=distance", "RU=hedge|RU=distance", "x"),
    "--outcome": (
        "holds:RU=hedge",
        "holds:RU=align",
        "beta_ru@24",
        "value:RU",
        "effective_relief",
        "payoff:RU",
        "x:y",
        "value:",
    ),
    "--correlation": ("stake_ru_cn,order_value_ru=0.9", "relief,relief=1", "a,b=2", "stake_ru_cn,order_value_ru=-1"),
    "--margin": ("US=contain_both,RU=align,CN=align", "RU=hedge", "64"),
    "--start": ("conflict=1", "x=1"),
    "--commit": ("US", "RU", "EU"),
    "--wait": ("RU", "US", "EU"),
    "--scenario": SCENARIOS[:3],
    "--document": ("gabuev", "tdc", "x"),
    "--method": ("mixed", "logit", "pure", "x"),
    "--author": ("A", "", "\x1b[2J"),
    "--title": ("T", "", "a" * 30_000),
    "--question": ("Q?", ""),
}


class Maker:
    """Makes command lines; `files` are sound, `folder` is one to write into; `slow` commands may be left out."""

    def __init__(self, rng: random.Random, files: Sequence[Path], folder: Path, slow: bool = True):
        self.rng, self.files, self.folder, self.kind = rng, files, folder, ""
        self.commands = [name for name in COMMANDS if slow or name not in SLOW]

    def line(self) -> list[str]:
        """One command line."""
        name = self.rng.choice(self.commands if self.rng.random() < 0.97 else ["sovle", "", "x" * 400])
        command = main.get_command(None, name)  # type: ignore[arg-type]
        head = self._words(main, 0.04)
        if command is None:
            return [*head, name, *(self.rng.choice(MAD) for _ in range(self.rng.randrange(3)))]
        words = [
            *head,
            name,
            *self._arguments(name, command),
            *self._words(command, self.rng.choice([0.0, 0.05, 0.15, 0.3])),
        ]
        words += self._small(command, words)
        if self.rng.random() < 0.08:
            words.insert(self.rng.randrange(len(words) + 1), self.rng.choice(MAD))
        return words

    def _arguments(self, name: str, command: click.Command) -> list[str]:
        arguments = [param for param in command.params if isinstance(param, click.Argument)]
        words = []
        for argument in arguments:
            several = argument.nargs == -1
            for _ in range(self.rng.choice([0, 1, 2, 2, 3]) if several else self.rng.choice([0, 1, 1, 1, 1, 1, 1])):
                words.append(self._argument(name, argument))
        return words

    def _argument(self, name: str, argument: click.Argument) -> str:
        kind = argument.type
        if isinstance(kind, click.Choice) and self.rng.random() < 0.9:
            return str(self.rng.choice(list(kind.choices)))
        if isinstance(kind, click.Path) or self.rng.random() < 0.12:
            return self._path()
        if name == "path" and self.rng.random() < 0.8:
            return self.rng.choice(["path_baseline", "path_europe", "path_patient"])
        if name == "claims":
            return self.rng.choice(["T01", "T05", "C84", "X03", "T99", "c84", *MAD])
        if argument.name == "kind":
            self.kind = self.rng.choice([*LISTED, "figurs"])
            return self.kind
        if name == "show":
            fitting = SHOWN.get(self.kind, ()) if self.rng.random() < 0.8 else ()
            return self.rng.choice(fitting or [*(one for names in SHOWN.values() for one in names), *MAD])
        return self.rng.choice([*SCENARIOS * 3, *MAD_NAMES, *MAD])

    def _words(self, command: click.Command, chance: float) -> list[str]:
        words = []
        for param in command.params:
            if isinstance(param, click.Option) and param.opts[0] not in NEVER and self.rng.random() < chance:
                for _ in range(1 + (param.multiple and self.rng.random() < 0.3) + (self.rng.random() < 0.03)):
                    words += self._option(param)
        return words

    def _option(self, option: click.Option) -> list[str]:
        name = option.opts[0]
        if option.is_flag:
            return [name]
        if self.rng.random() < 0.02:
            return [name]  # and no value
        return [name, self._value(name, option.type)]

    def _value(self, name: str, kind: Any) -> str:
        if isinstance(kind, OutputFile | OutputFolder):
            return self._output(kind)
        mad = self.rng.random() < 0.25
        if isinstance(kind, click.Choice):
            return self.rng.choice(MAD) if mad else str(self.rng.choice(list(kind.choices)))
        if name in SMALL:
            return self.rng.choice(["0", "-1", "nan", "1.5", "9" * 30, "", "١", "1_0", "x"] if mad else SMALL[name])
        if name in TEXTS:
            return self.rng.choice(MAD) if mad else self.rng.choice(TEXTS[name])
        if isinstance(kind, click.types.FloatParamType | click.types.IntParamType):
            return self.rng.choice(["0", "1", "0.5", "2", "-1", "1e300", "nan", "inf", "1e-300", "x", "", "١"])
        return self._path() if not mad else self.rng.choice(MAD)

    def _output(self, kind: Any) -> str:
        ending = self.rng.choice(
            [".png", ".svg", ".pdf", ".json", ".csv", ".nc", ".xlsx", ".md", ".html", ".toml", ".nfg", "", ".txt"]
        )
        if self.rng.random() < 0.25:
            return self._path()
        return str(self.folder / f"{self.rng.choice(['a', 'b', 'new/c', 'ä b', '-x', 'a' * 200])}{ending}")

    def _path(self) -> str:
        bad = (
            ".",
            "..",
            "~",
            "/dev/null",
            "/dev/full",
            "/proc/self/mem",
            "/proc/none/x",
            "none.toml",
            "x" * 5000,
            "a/b/c",
            str(self.folder),
        )
        return self.rng.choice([*map(str, self.files), *map(str, self.files), *bad])

    def _small(self, command: click.Command, words: Sequence[str]) -> list[str]:
        """The options without which the work is long, where they are not among the words."""
        known = {param.opts[0] for param in command.params}
        asked = [
            name
            for name in ("--samples", "--starts", "--levels", "--until", "--steps", "--limit")
            if name in known and name not in words
        ]
        if "--from" in words or (command.name in ("sweep",) and self.rng.random() < 0.5):
            asked = []
        if command.name == "report" and "--samples" in asked:
            return ["--samples", "16"]
        return [word for name in asked for word in (name, self.rng.choice(SMALL[name]))]
