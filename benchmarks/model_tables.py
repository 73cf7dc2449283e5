"""The tables of the model page: laws by form, history, headline answers and claims in both forms of the payoffs.

    python benchmarks/model_tables.py [--laws 200] [--draws 2048] [--only NAME]… [--write]

Prints the tables in Markdown; with `--write` they take the place of what stands between the marks of `docs/model.md`.
Laws are those of `tests/payoff_laws.py`, over draws of all parameters, levers too, by their priors;
history and headline answers are sweeps of each scenario's prior box, and the scenarios themselves, upon the former
parameters and the shipped ones; claims are the whole ledger upon each. Nothing is tuned to any of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import cache, partial, reduce
from itertools import product
from operator import or_
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from payoff_laws import LAWS, Point, drawn  # noqa: E402

import triangle  # noqa: E402
from triangle.model.forms import FORMS  # noqa: E402
from triangle.model.model import Model, read_model  # noqa: E402
from triangle.players.axes import RU  # noqa: E402
from triangle.players.cast import SHIPPED  # noqa: E402
from triangle.players.patterns import parse_pattern  # noqa: E402
from triangle.players.sets import configuration_masks  # noqa: E402
from triangle.questions.claims.ledger import COUNTED, Entry  # noqa: E402

PAGES = (ROOT / "docs" / "model.md",)
FORMER = ROOT / "docs" / "examples" / "former"
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
#: Shares of the baseline's box: what is said of it, and the pattern of its equilibria.
SHARES = (
    ("share of the box: Washington contains both", "US=contain_both"),
    ("share of the box: Washington courts China", "US=court_china"),
    ("share of the box: Washington courts Russia", "US=court_russia"),
    ("share of the box: Russia aligns with China", "RU=align"),
)
#: Offers to Russia: what is said of them, and what is set.
OFFERS = (
    ("relief of Washington alone", {}),
    ("the same, with certain promises", {"reversal_hazard": 0.0}),
    ("relief with Europe", {"europe_joins": 1.0}),
    ("the same, with certain promises", {"europe_joins": 1.0, "reversal_hazard": 0.0}),
    ("the same, and on condition", {"europe_joins": 1.0, "reversal_hazard": 0.0, "conditionality": 1.0}),
)
RELIEFS = np.linspace(0.0, 1.0, 201)


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


def worlds() -> list[tuple[str, str]]:
    """Every parameter file with every form, what changed last the last."""
    return [(parameters, form) for form in FORMS for parameters in ("former", "shipped")]


@cache
def model_of(parameters: str, form: str) -> Model:
    """The model upon the former parameters or the shipped ones, in one form of the payoffs."""
    return read_model(form=form, **({"parameters": FORMER / "parameters.toml"} if parameters == "former" else {}))


def scenario_of(name: str, parameters: str) -> str | Path:
    """The scenario as it stands beside its parameters."""
    beside = FORMER / "scenarios" / f"{name}.toml"
    return beside if parameters == "former" and beside.exists() else name


def history(draws: int) -> str:
    """Share of each world's box in which a posture of its time is an equilibrium, and is agreement-proof."""
    rows = []
    for (name, said, kinds), parameters in product(HISTORY, ("former", "shipped")):
        cells = []
        for form in FORMS:
            asked = {"samples": draws, "model": model_of(parameters, form)}
            swept = [triangle.sweep(scenario_of(name, parameters), trust=trust, **asked) for trust in TRUSTS]
            masks = [swept[0]["mask"], *(games["agreement_proof"] for games in swept)]
            cells += [share(held(mask.values, kinds)) for mask in masks]
        rows.append([name, said, parameters, *cells])
    heads = [f"{form}: {what}" for form in FORMS for what in ("Nash", *(f"proof at {trust:g}" for trust in TRUSTS))]
    return table(["world", "posture", "parameters", *heads], rows)


def held(masks: np.ndarray, kinds: tuple[str, ...]) -> float:
    """Share of the sets with a profile of one of some configurations."""
    those = reduce(or_, (configuration_masks(SHIPPED)[kind] for kind in kinds))
    return float(SHIPPED.sets.meets(masks, those).mean())


def headlines(draws: int) -> str:
    """What is stable in some scenarios, in how much of the box, and for which relief Russia moves."""
    rows = [[name, *(answers(name, *world) for world in worlds())] for name in HEADLINES]
    rows += [[said, *(drawn_share(key, draws, *world) for world in worlds())] for said, key in SHARES]
    rows += [[said, *(replies(settings, *world) for world in worlds())] for said, settings in OFFERS]
    return table(["", *(f"{form} form, {parameters} parameters" for parameters, form in worlds())], rows)


def answers(name: str, parameters: str, form: str) -> str:
    """The equilibria of a scenario in one cell."""
    answer = triangle.solve(scenario_of(name, parameters), model=model_of(parameters, form))
    proof = set(answer.agreement_proof)
    return "; ".join(one(f) + ("\\*" if f in proof else "") for f in answer.findings) or "none"


def one(finding: object) -> str:
    """Actions and margin of an equilibrium."""
    actions = [part.partition("=")[2].replace("_", " ") for part in SHIPPED.profile_text(finding.profile).split(",")]
    return f"{', '.join(actions)} ({finding.margin:.1f})"


def drawn_share(pattern: str, draws: int, parameters: str, form: str) -> str:
    """Share of the baseline's box in which a posture is agreement-proof."""
    return share(
        float(SHIPPED.sets.meets(baseline_box(draws, parameters, form), parse_pattern(pattern, SHIPPED)).mean())
    )


@cache
def baseline_box(draws: int, parameters: str, form: str) -> np.ndarray:
    """The agreement-proof equilibria of the baseline's draws."""
    games = triangle.sweep("baseline", samples=draws, trust=TRUSTS[0], model=model_of(parameters, form))
    found: np.ndarray = games["agreement_proof"].values
    return found


def replies(settings: dict[str, float], parameters: str, form: str) -> str:
    """From which relief on Russia answers otherwise than by aligning, Washington courting it and China aligning."""
    hold = {"US": "court_russia", "CN": "align"}
    asked = {"hold": hold, "settings": settings, "model": model_of(parameters, form)}
    games = triangle.sweep("baseline", over={"relief": RELIEFS}, **asked)
    profiles = [SHIPPED.profiles[int(mask).bit_length() - 1] for mask in games["mask"].values]
    found = [SHIPPED.actions[RU][profile[RU]] for profile in profiles]
    turns = [(a, r) for a, before, r in zip(found[1:], found, RELIEFS[1:], strict=False) if a != before]
    begins = [] if found[0] == "align" else [(found[0], 0.0)]
    return "; ".join(f"{action} from {relief:.3g}" for action, relief in begins + turns) or "never"


def verdicts() -> str:
    """How many claims come to what in three worlds, and each that comes to something else in one of them.

    Claims on third parties are left out: what these gain rests on parameters that the former file lacks.
    """
    worlds = (("former", "first"), ("former", "second"), ("shipped", "second"))
    asked = [entry.id for entry in triangle.claims(samples=16).entries if not asks_thirds(entry.table.test)]
    # The name of a claim stands for the entries about it as well, those on third parties among them.
    told = [triangle.claims(model=model_of(*world), only=asked).entries for world in worlds]
    ledgers = [[entry for entry in ledger if entry.id in asked] for ledger in told]
    heads = [f"{form} form, {parameters} parameters" for parameters, form in worlds]
    counts = [[plain(kind), *(str(sum(e.counts_as == kind for e in ledger)) for ledger in ledgers)] for kind in COUNTED]
    changed = [
        [same[0].id, *map(judged, same), what_did_it(*(entry.counts_as for entry in same))]
        for same in zip(*ledgers, strict=True)
        if len({entry.counts_as for entry in same}) > 1
    ]
    return f"{table(['', *heads], counts)}\n\n{table(['entry', *heads, 'what did it'], changed)}"


def asks_thirds(test: object) -> bool:
    """Whether a test is put to a scenario in which somebody else than the three powers chooses."""
    if isinstance(test, dict):
        named = [test[key] for key in ("scenario", "base", "than") if isinstance(test.get(key), str)]
        return any(triangle.load(name).cast.thirds for name in named) or any(map(asks_thirds, test.values()))
    return isinstance(test, list) and any(map(asks_thirds, test))


def judged(entry: Entry) -> str:
    """What an entry comes to, with its share."""
    return f"{plain(entry.counts_as)} {entry.answer.share:.2f}" if entry.answer else plain(entry.counts_as)


def plain(word: str) -> str:
    """A verdict as it is read."""
    return word.replace("-", " ")


def what_did_it(before: str, form: str, both: str) -> str:
    """Whether the form of the payoffs changed a verdict, the numbers, or first one and then the other."""
    return " and ".join([*["form"] * (before != form), *["numbers"] * (form != both)])


def main() -> None:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=int, default=200)
    parser.add_argument("--draws", type=int, default=2048)
    parser.add_argument("--only", action="append", choices=("laws", "history", "headlines", "claims"))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    made_by = {
        "laws": partial(laws, asked.laws),
        "history": partial(history, asked.draws),
        "headlines": partial(headlines, asked.draws),
        "claims": verdicts,
    }
    tables = {name: make() for name, make in made_by.items() if name in (asked.only or made_by)}
    pages = {page: page.read_text(encoding="utf-8") for page in PAGES}
    for name, text in tables.items():
        print(f"{name}\n\n{text}\n")
        begin, end = f"<!-- {name}: made by benchmarks/model_tables.py -->", f"<!-- end of {name} -->"
        block = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        made = f"{begin}\n{text}\n\n{end}"
        pages = {page: block.sub(lambda _, made=made: made, before) for page, before in pages.items()}
    for page, after in pages.items() if asked.write else ():
        page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
