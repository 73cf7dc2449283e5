"""Tables for people of the shares of a joint effect."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.decompose.answer import Shares
from triangle.scenarios.stack import conflict_text
from triangle.showing.phrases import Phrases, digits, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.tables import UNIT, amount, new_table
from triangle.showing.worded import outcome, pattern


def number(value: float, unit: str) -> str:
    """An outcome for reading: payoffs with one decimal, fractions and indicators with three."""
    return amount(value) if unit == UNIT else digits(f"{value:.3f}".replace("-0.000", "0.000"))


def change_text(name: str, say: Phrases) -> str:
    """A change that is shared out, for reading: a parameter, a held player, or a scenario."""
    held = name.removeprefix("hold ")
    return told("{who} (held)", who=pattern(held, say)) if held != name else say.known("parameter", name)


def largest_text(shares: Shares, say: Phrases) -> str:
    """The change that accounts for most of the effect."""
    effect, most = shares.end - shares.start, max(shares.shares, key=lambda share: abs(share.shapley))
    places = {"all": number(effect, shares.unit), "unit": say.unit(shares.unit)}
    if abs(most.shapley) <= 1e-12:
        return told("None of the changes makes a difference.")
    change, part = change_text(most.name, say), number(most.shapley, shares.unit)
    return told("The largest part is that of “{change}”: {part} of {all} ({unit}).", change=change, part=part, **places)


def shares_tables(shares: Shares) -> RenderableType:
    """What ``decompose`` shows."""
    unit, effect, say = shares.unit, shares.end - shares.start, spoken(shares.cast)
    measured = words_of(outcome(shares.outcome, say))
    rows = new_table(
        "change",
        ">share",
        ">of the effect",
        ">alone",
        ">after all others",
        title=told(
            "What takes the {measured} from {start} to {end} ({unit})",
            measured=measured,
            start=number(shares.start, unit),
            end=number(shares.end, unit),
            unit=say.unit(unit),
        ),
    )
    for share in shares.shares:
        part = digits(f"{share.shapley / effect:.1%}".replace("-0.0%", "0.0%")) if abs(effect) > 1e-12 else "–"
        rows.add_row(
            change_text(share.name, say),
            number(share.shapley, unit),
            part,
            number(share.alone, unit),
            number(share.last, unit),
        )
    rows.add_section()
    whole = written(1.0, ".1%") if abs(effect) > 1e-12 else "–"
    rows.add_row(told("all together"), number(effect, unit), whole, "", "")
    rows.footing = told(
        "Shapley shares over all {n} subsets of the changes; they add up to the effect (residual {residual}). Alone: "
        "made first; where this and the last column differ, changes interact",
        n=shares.subsets,
        residual=written(shares.residual, ".1g"),
    )
    head = Text.assemble((shares.scenario, "bold"), told(" against {base}", base=word(shares.base)))
    return Group(
        head,
        Text(largest_text(shares, say), style="bold"),
        *(Text(conflict_text(c, told), style="yellow") for c in shares.conflicts),
        rows,
    )
