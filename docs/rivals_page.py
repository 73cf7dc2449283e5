"""Write the page of rival specifications anew: ``python docs/rivals_page.py``."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from triangle.model.model import Model, read_model
from triangle.model.parameter import Parameter
from triangle.model.parameters import formula_number
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import override
from triangle.study.load import load
from triangle.study.study import Study, study

PAGE = Path(__file__).parent / "methods" / "rivals.md"
SCENARIOS = ("baseline", "courting_2025", "europe_joins", "nixon_1972")

INTRODUCTION = """# The answer under every rival specification

Where several codings, samples or measures were possible, a rule picks the default ([grounding](grounding.md)) and the
others stay as rivals. This page is written by `python docs/rivals_page.py`: one parameter at a time is set to each of
its rivals, the rest as shipped, and the game solved again (`triangle solve SCENARIO --set PARAMETER=RIVAL`). Each cell
has the stable postures of the United States, Russia and China, and the margin in billion dollars a year. An answer
that is not that of the default is **bold**. Nothing here chooses a default. Rival measures of capability are the
scenarios `capability_cinc` and `capability_military`.
"""


def forms() -> dict[str, Model]:
    """The shipped parameters in each form of the payoffs that there is."""
    if find_spec("triangle.model.forms") is None:
        return {"": read_model()}
    return {form: read_model(form=form) for form in ("first", "second")}  # type: ignore[call-arg]


def values(p: Parameter, model: Model) -> dict[str, float]:
    """The rivals of a parameter and their numbers."""
    defaults = model.catalogue.defaults()
    figures = model.ledger.figures
    return {
        name: figures[name].number if name in figures else formula_number(name, model.ledger, SHIPPED, defaults)
        for name in p.rivals
    }


def changed(scenario: str, given: Mapping[str, float], model: Model) -> Study:
    """A scenario with parameters set; a value that the scenario has already is left."""
    base = load(scenario, model=model)
    settings = [f"{name}={value!r}" for name, value in given.items() if base.scenario.values[name] != value]
    return study(base.model, override(base.scenario, settings, base.model), base.hold)


def postures(of: Study) -> str:
    """The stable profiles, the actions in the order of the players."""
    profiles = [finding.profile for finding in of.solve().findings]
    words = (
        "·".join(SHIPPED.actions[p][a].replace("_", " ") for p, a in zip(range(3), one, strict=True))
        for one in profiles
    )
    return " or ".join(words) or "none"


def margin(of: Study) -> str:
    """Margins of the stable profiles."""
    return ", ".join(f"{finding.margin:.1f}" for finding in of.solve().findings)


def cell(of: Study, default: str) -> str:
    """Postures and margin, bold where they are others than by default."""
    found = postures(of)
    return (found if found == default else f"**{found}**") + (f" ({margin(of)})" if margin(of) else "")


def one_at_a_time(model: Model) -> Iterator[str]:
    """Every rival of every parameter in every scenario."""
    before = {name: postures(load(name, model=model)) for name in SCENARIOS}
    yield "| parameter | specification | value | " + " | ".join(SCENARIOS) + " |"
    yield "|---" * (3 + len(SCENARIOS)) + "|"
    own = " | ".join(cell(load(name, model=model), before[name]) for name in SCENARIOS)
    yield f"| – | as shipped | – | {own} |"
    for p in model.catalogue:
        for rival, value in values(p, model).items():
            cells = " | ".join(answered(name, p, value, model, before[name]) for name in SCENARIOS)
            yield f"| `{p.name}` | `{rival}` | {value:.4g} | {cells} |"


def answered(scenario: str, p: Parameter, value: float, model: Model, default: str) -> str:
    """One cell; a scenario that sets the parameter itself does not ask which rival is right today."""
    if p.name in {change.parameter for change in load(scenario, model=model).scenario.all_changes}:
        return "set by the scenario"
    return cell(changed(scenario, {p.name: value}, model), default)


def together(model: Model) -> Iterator[str]:
    """Decisiveness and one-sided yielding, which were estimated here in many ways, in all pairs; the baseline."""
    pair = [model.catalogue[name] for name in ("decisiveness", "unilateral_yield")]
    specified = [{"default": p.default, **values(p, model)} for p in pair]
    found: Counter[str] = Counter()
    for one, other in itertools.product(*(of.values() for of in specified)):
        found[postures(changed("baseline", {pair[0].name: one, pair[1].name: other}, model))] += 1
    total = sum(found.values())
    yield f"Of the {total} pairs of a specification of `decisiveness` and one of `unilateral_yield`, in the baseline:\n"
    yield "| stable postures | pairs |"
    yield "|---|---|"
    for words, count in found.most_common():
        yield f"| {words} | {count} of {total} |"


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for form, model in forms().items():
        parts += [f"## Payoffs in their {form} form\n"] if form else []
        parts += [*one_at_a_time(model), "", *together(model), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
