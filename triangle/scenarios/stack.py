"""Scenarios stacked: laid over each other in order, later ones over earlier ones, with what they set differently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from triangle.players.notation import FREE
from triangle.scenarios.scenario import Change, Scenario


@dataclass(frozen=True)
class Conflict:
    """What two stacked scenarios set differently; the later one counts."""

    what: str
    first: str
    first_value: str
    later: str
    later_value: str


def stack(scenarios: Sequence[Scenario]) -> tuple[Scenario, tuple[Conflict, ...]]:
    """One scenario with the changes of all laid over each other, later ones over earlier ones.

    An order of moves is that of the last scenario that has one. Questions and narratives stand one after the other.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> names = ("baseline", "siberia2", "europe_joins")
    >>> stacked, conflicts = stack([read_scenario(name, model) for name in names])
    >>> stacked.values["pipeline_volume"] > 0, stacked.values["europe_joins"]
    (True, 1.0)
    >>> [(c.what, c.first_value, c.later_value) for c in conflicts]
    [('relief', '0', '1')]
    """
    first, *later = scenarios
    laid, conflicts = first, []
    made = {change.parameter: (first.name, change.value) for change in first.all_changes}
    held = {player: (first.name, action) for player, action in _holds(first).items()}
    for scenario in later:
        own = net_changes(scenario)
        for name, change in own.items():
            if name in made and made[name][1] != change.value:
                before, value = made[name]
                conflicts.append(Conflict(name, before, f"{value:g}", scenario.name, f"{change.value:g}"))
            made[name] = (scenario.name, change.value)
        for player, action in _holds(scenario).items():
            if player in held and held[player][1] != action:
                conflicts.append(Conflict(f"hold {player}", *held[player], scenario.name, action))
            held[player] = (scenario.name, action)
        hold = {player: action for player, (_, action) in held.items() if action != FREE}
        changed = tuple(
            replace(change, base=laid.values[name])
            for name, change in own.items()
            if change.value != laid.values[name] or scenario.ranges[name] != laid.ranges[name]
        )
        laid = replace(
            laid,
            name=f"{laid.name}+{scenario.name}",
            title=f"{laid.title} + {scenario.title}",
            question=_joined(laid.question, scenario.question, " "),
            narrative=_joined(laid.narrative, scenario.narrative, "\n\n"),
            figures=tuple(dict.fromkeys((*laid.figures, *scenario.figures))),
            claims=tuple(dict.fromkeys((*laid.claims, *scenario.claims))),
            # What documents expect of either alone, nobody expects of both together.
            expect="",
            expect_source="",
            changes=laid.changes + changed,
            **laid.laid_over({n: change.value for n, change in own.items()}, {n: scenario.ranges[n] for n in own}),
            order=scenario.order or laid.order,
            yardstick=scenario.yardstick or laid.yardstick,
            hold=MappingProxyType(hold),
            released=tuple(player for player, (_, action) in held.items() if action == FREE),
        )
    return laid, tuple(conflicts)


def _holds(scenario: Scenario) -> dict[str, str]:
    """Who is held at what, and who was let go."""
    return {**scenario.hold, **dict.fromkeys(scenario.released, FREE)}


def _joined(first: str, later: str, between: str) -> str:
    """Two texts, the later one only where the first does not hold it already."""
    return first if later in first else f"{first}{between}{later}"


def net_changes(scenario: Scenario) -> dict[str, Change]:
    """The last change of each parameter on the way from the default world."""
    return {change.parameter: change for change in scenario.all_changes}


def conflict_text(c: Conflict, told: Callable[..., str] = str.format) -> str:
    """What two stacked scenarios set differently; `told` fills a template, as in :mod:`triangle.showing.phrases`."""
    return told(
        "conflict in {what}: {first} says {first_value}, {later} says {later_value}; the later one counts",
        what=c.what,
        first=c.first,
        first_value=str(c.first_value),
        later=c.later,
        later_value=str(c.later_value),
    )
