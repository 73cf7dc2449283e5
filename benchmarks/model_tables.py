"""The tables of the model page: laws by form, history and headline answers in both forms of the payoffs.

    python benchmarks/model_tables.py [--laws 200] [--draws 2048] [--write]

Prints the tables in Markdown; with `--write` they take the place of what stands between the marks of `docs/model.md`.
Laws are those of `tests/payoff_laws.py`, over draws of all parameters, levers too, by their priors; history and
headline answers are sweeps of each scenario's prior box, and the scenarios themselves. Nothing is tuned to any of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import reduce
from operator import or_
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from payoff_laws import LAWS, Point, drawn  # noqa: E402

import triangle  # noqa: E402
from triangle.model.forms import FORMS  # noqa: E402
from triangle.model.model import read_model  # noqa: E402
from triangle.players.axes import profile_text  # noqa: E402
from triangle.players.sets import SETS, configuration_masks  # noqa: E402

PAGE = ROOT / "docs" / "model.md"
TRUSTS = (0.5, 1.0)
#: The opening of 1972: Washington and Beijing are linked, Moscow and Beijing are not.
OPENING = ("stable_marriage:US-CN", "romantic_triangle:US")
MARRIAGE = ("stable_marriage:RU-CN", "romantic_triangle:RU", "romantic_triangle:CN", "menage_a_trois")
HISTORY = (
    ("nixon_1972", "US–CN linked, RU–CN not", OPENING),
    ("bloc_1972", "the same, which must fall", OPENING),
    ("bloc_1972", "RU–CN linked", MARRIAGE),
    ("before_2014", "RU–CN linked", MARRIAGE),
    ("pivot_2014", "RU–CN linked", MARRIAGE),
    ("baseline", "RU–CN linked", MARRIAGE),
)
HEADLINES = (
    "baseline",
    "two_front",
    "trade_war",
    "china_overtakes",
    "courting_2025",
    "full_package",
    "conditional_relief_europe",
    "rift_shock",
    "nixon_1972",
)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def laws(count: int) -> str:
    """Share of the cases in which each law holds, by form."""
    box = drawn(read_model().catalogue, count)
    points = [Point(form.terms, box) for form in FORMS.values()]
    rows = [
        [key, f"{law.sentence} ({law.literature})", *(share(law.share(point)) for point in points)]
        for key, law in LAWS.items()
    ]
    return table(["law", "", *(f"{form} form" for form in FORMS)], rows)


def share(number: float) -> str:
    """A share for reading; 1 and 0 only where there is no exception."""
    if number in (0.0, 1.0):
        return f"{number:.0f}"
    return f"{min(max(number, 0.001), 0.999):.3f}" if number > 0.995 or number < 0.005 else f"{number:.2f}"


def history(draws: int) -> str:
    """Share of each world's box in which a posture of its time is an equilibrium, and is agreement-proof."""
    rows = []
    for name, said, kinds in HISTORY:
        cells = []
        for form in FORMS:
            swept = [triangle.sweep(name, samples=draws, form=form, trust=trust) for trust in TRUSTS]
            masks = [swept[0]["mask"], *(games["agreement_proof"] for games in swept)]
            cells += [share(held(mask.values, kinds)) for mask in masks]
        rows.append([name, said, *cells])
    heads = [f"{form}: {what}" for form in FORMS for what in ("Nash", *(f"proof at {trust:g}" for trust in TRUSTS))]
    return table(["world", "posture", *heads], rows)


def held(masks: np.ndarray, kinds: tuple[str, ...]) -> float:
    """Share of the sets with a profile of one of some configurations."""
    those = reduce(or_, (configuration_masks()[kind] for kind in kinds))
    return float(SETS.meets(masks, those).mean())


def headlines() -> str:
    """All equilibria of some scenarios with their margins, agreement-proof ones marked, in both forms."""
    rows = [[name, *(answers(name, form) for form in FORMS)] for name in HEADLINES]
    return table(["scenario", *(f"{form} form" for form in FORMS)], rows)


def answers(name: str, form: str) -> str:
    """The equilibria of a scenario in one cell."""
    answer = triangle.solve(name, form=form)
    proof = set(answer.agreement_proof)
    return "; ".join(one(f) + ("\\*" if f in proof else "") for f in answer.findings) or "none"


def one(finding: object) -> str:
    """Actions and margin of an equilibrium."""
    actions = [part.partition("=")[2].replace("_", " ") for part in profile_text(finding.profile).split(",")]
    return f"{', '.join(actions)} ({finding.margin:.1f})"


def main() -> None:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=int, default=200)
    parser.add_argument("--draws", type=int, default=2048)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    tables = {"laws": laws(asked.laws), "history": history(asked.draws), "headlines": headlines()}
    page = PAGE.read_text(encoding="utf-8")
    for name, text in tables.items():
        print(f"{name}\n\n{text}\n")
        begin, end = f"<!-- {name}: made by benchmarks/model_tables.py -->", f"<!-- end of {name} -->"
        page = re.sub(
            f"{re.escape(begin)}.*?{re.escape(end)}",
            lambda _, t=text, b=begin, e=end: f"{b}\n{t}\n\n{e}",
            page,
            flags=re.DOTALL,
        )
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
