"""What stands behind the answers: counts of backing, and the variance of two answers by it, before and after.

    python benchmarks/backing.py [--samples 1024] [--seed 0] [--write]

For Russia's answer and Washington's, upon the former parameters and the shipped ones: the share of the variance that
each kind accounts for by itself [its interval of 95 %], and the standard deviation, so that relabelling is not taken
for knowledge. Counted plain; strict: what has only a weak bridge to what was measured counts as judgement, and so does
everything that feeds, among other things, a parameter with only a weak bridge, which is an upper bound, since nothing
tells which way an influence took. Where the package has several forms of the payoffs, each is asked. The
tables are Markdown; with `--write` they take the place of what stands between the marks of `docs/methods/grounding.md`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

from triangle.model.model import Model, read_model
from triangle.questions.sensitivity.answer import Sensitivity, sensitivity
from triangle.study.load import load

DOCS = Path(__file__).parents[1] / "docs"
FORMER = DOCS / "examples" / "former" / "parameters.toml"
PAGE = DOCS / "methods" / "grounding.md"

#: Whose answer, in which scenario, and the number that decides it.
ANSWERS = (
    ("Washington: contain both", "baseline", "margin:US=contain_both"),
    ("Washington: the posture of the baseline", "baseline", "margin:present"),
    ("Russia: hedge when courted", "courting_2025", "margin:RU=hedge"),
    ("Russia: hedge when Europe joins", "europe_joins", "margin:RU=hedge"),
)
KINDS = ("figure", "formula", "estimate", "bounded", "judgement", "choice")


def forms() -> list[dict[str, Any]]:
    """How a model is asked for in each form of the payoffs that there is."""
    return [{"form": form} for form in ("first", "second")] if find_spec("triangle.model.forms") else [{}]


def models(form: dict[str, Any]) -> dict[str, Model]:
    """The two parameter files."""
    return {"former": read_model(parameters=FORMER, **form), "shipped": read_model(**form)}


def counts() -> Iterator[str]:
    """How many parameters rest on what, in both files."""
    yield "| parameters | " + " | ".join(KINDS[:-1]) + " | of the judgements, choices |"
    yield "|---|" + "---|" * len(KINDS)
    for name, model in models({}).items():
        found = model.catalogue.backings
        levers = sum(p.role == "lever" and p.backing == "judgement" for p in model.catalogue)
        yield (
            f"| {name}: {len(model.catalogue)} | "
            + " | ".join([*(str(found.get(kind, 0)) for kind in KINDS[:-1]), str(levers)])
            + " |"
        )


def row(label: list[str], found: Sensitivity) -> str:
    """Shares by themselves with intervals, and the doubt."""
    first = found.backing.first if found.backing else {}
    shares = [
        f"{first[kind].value:.2f} [{first[kind].low:.2f}, {first[kind].high:.2f}]" if kind in first else "–"
        for kind in KINDS
    ]
    return "| " + " | ".join([*label, *shares, f"{found.deviation:.1f}"]) + " |"


def table(samples: int, seed: int) -> Iterator[str]:
    """Variance by backing."""
    yield "| form | parameters | counted | answer | " + " | ".join(KINDS) + " | standard deviation, bn USD/yr |"
    yield "|" + "---|" * (len(KINDS) + 5)
    for form in forms():
        for name, model in models(form).items():
            ways = ("plain", "strict") if name == "shipped" else ("plain",)
            for (title, scenario, outcome), way in product(ANSWERS, ways):
                study = load(scenario, model=model)
                found = sensitivity(study, outcome, samples=samples, seed=seed, strict=way != "plain")
                yield row([form.get("form", "–"), name, way, title], found)


def main() -> None:
    """Print both tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tables = {"counts": "\n".join(counts()), "shares": "\n".join(table(options.samples, options.seed))}
    page = PAGE.read_text(encoding="utf-8")
    for name, text in tables.items():
        print(f"{text}\n")
        begin, end = f"<!-- {name}: made by benchmarks/backing.py -->", f"<!-- end of {name} -->"
        block = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        page = block.sub(lambda _, made=f"{begin}\n{text}\n\n{end}": made, page)
    if options.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
