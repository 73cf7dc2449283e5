"""Tables for people of the scenario calculus: shares of a joint effect, and contrasts on the same draws."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.decompose.answer import Conflict, Shares
from triangle.questions.contrast.answer import Contrast
from triangle.base.results import plain
from triangle.showing.documents import Document
from triangle.questions.sweep.table import configuration_title
from triangle.showing.tables import UNIT, amount, new_table
from triangle.version import __version__


def shares_document(shares: Shares) -> Document:
    """The answer of ``decompose``."""
    return {"schema": "triangle.shares/1", "version": __version__, **plain(shares)}


def contrast_document(contrast: Contrast) -> Document:
    """The answer of ``contrast``."""
    return {"schema": "triangle.contrast/1", "version": __version__, **plain(contrast)}


def number(value: float, unit: str) -> str:
    """An outcome for reading: payoffs with one decimal, fractions and indicators with three."""
    return amount(value) if unit == UNIT else f"{value:.3f}".replace("-0.000", "0.000")


def conflict_text(c: Conflict) -> str:
    """What two stacked scenarios set differently."""
    return f"conflict in {c.what}: {c.first} says {c.first_value}, {c.later} says {c.later_value}; the later one counts"


def shares_tables(shares: Shares) -> RenderableType:
    """What ``decompose`` shows."""
    unit, effect = shares.unit, shares.end - shares.start
    rows = new_table(
        "change",
        ">share",
        ">of the effect",
        ">alone",
        ">after all others",
        title=f"What takes {shares.outcome} from {number(shares.start, unit)} to {number(shares.end, unit)} ({unit})",
    )
    for share in shares.shares:
        part = f"{share.shapley / effect:.1%}".replace("-0.0%", "0.0%") if abs(effect) > 1e-12 else "–"
        rows.add_row(share.name, number(share.shapley, unit), part, number(share.alone, unit), number(share.last, unit))
    rows.add_section()
    rows.add_row("all together", number(effect, unit), "100.0%" if abs(effect) > 1e-12 else "–", "", "")
    rows.footing = (
        f"Shapley shares over all {shares.subsets:,} subsets of the changes; they add up to the effect "
        f"(residual {shares.residual:.1g}). Alone: made first; where this and the last column differ, changes interact"
    )
    head = Text.assemble((shares.scenario, "bold"), f" against {shares.base}")
    return Group(head, *(Text(conflict_text(c), style="yellow") for c in shares.conflicts), rows)


def contrast_tables(contrast: Contrast) -> RenderableType:
    """What ``contrast`` shows."""
    rows = new_table(
        "player",
        "selection",
        ">gains",
        ">loses",
        ">mean gain",
        ">5 %",
        ">median",
        ">95 %",
        title=f"Who gains by {contrast.second} over {contrast.first} ({UNIT})",
    )
    for player in dict.fromkeys(gain.player for gain in contrast.gains):
        for gain in (g for g in contrast.gains if g.player == player):
            rows.add_row(
                player,
                gain.rule,
                _share(gain.gains),
                _share(gain.loses),
                f"{gain.mean:+,.1f} ± {amount(gain.half_width)}",
                *(f"{x:+,.1f}" for x in (gain.low, gain.median, gain.high)),
            )
        rows.add_section()
    rows.footing = "selection: which of several equilibria is played; gains, loses: share of draws with 95 % interval"
    standings = new_table(
        "has an equilibrium of",
        f">{contrast.first}",
        f">{contrast.second}",
        ">in both",
        title="Share of the same draws, with 95 % interval",
    )
    for s in contrast.standings:
        standings.add_row(configuration_title(s.configuration), *(_share(x) for x in (s.first, s.second, s.both)))
    without = " and ".join(map(str, contrast.without))
    return Group(
        Text(
            f"{contrast.samples:,} Sobol' draws, seed {contrast.seed}, the same in both. The set of equilibria differs "
            f"in {_share(contrast.moved)} of them. Without a pure equilibrium: {without} draws; there the security "
            "level counts."
        ),
        rows,
        standings,
    )


def _share(share: tuple[float, float, float]) -> str:
    return f"{share[0]:.1%} ({share[1]:.1%}–{share[2]:.1%})"
