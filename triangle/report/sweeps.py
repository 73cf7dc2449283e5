"""What a sweep found, for scripts and for reading: shares of games by configuration, counts, intervals."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType

from triangle.axes import ACTIONS, PLAYERS, profile_actions, profile_text
from triangle.experiments.design import Design
from triangle.experiments.outcomes import configuration_masks, set_text
from triangle.experiments.statistics import Tally, patterns, wilson
from triangle.experiments.sweep import Run
from triangle.games.bitboards import profiles_of
from triangle.model.configurations import configurations
from triangle.report.tables import new_table
from triangle.version import __version__

Document = dict[str, Any]

#: Most sets of equilibria that are listed.
MOST_SETS = 12


def configuration_title(key: str) -> str:
    """A configuration's key for reading, as ``stable marriage RU–CN``."""
    return next(str(c) for c in configurations() if c.key == key)


def tally_document(tally: Tally) -> Document:
    """Shares and counts of games."""
    names = list(patterns())
    return {
        "games": tally.games,
        "configurations": {key: tally.share(key) for key in configuration_masks()},
        "equilibrium_counts": {str(n): int(c) for n, c in enumerate(tally.numbers) if c or n < 2},
        "profiles": {profile_text(profile_actions(p)): int(c) for p, c in enumerate(tally.profiles) if c},
        "actions": {
            player: {action: tally.share(f"{player}={action}") for action in ACTIONS[i]}
            for i, player in enumerate(PLAYERS)
        },
        "sets": [
            {"mask": str(mask), "profiles": [profile_text(profile_actions(p)) for p in profiles_of(mask)], "games": n}
            for mask, n in _by_size(tally)
        ],
        "other_sets": tally.other_sets,
        "together": {
            a: {b: int(tally.together[i, j]) for j, b in enumerate(names) if tally.together[i, j]}
            for i, a in enumerate(names)
            if tally.together[i, i]
        },
    }


def _is_sample(design: Design) -> bool:
    """Whether the games are draws of their own: those at the nodes of a grid share theirs."""
    return design.sampling not in (None, "points") and not design.axes and len(design.scenarios) == 1


def _intervals(tally: Tally) -> dict[str, list[float]]:
    """Wilson's interval of each configuration's share, 95 %."""
    return {key: list(wilson(tally.count(key), tally.games)) for key in configuration_masks()}


def _by_size(tally: Tally) -> list[tuple[int, int]]:
    return sorted(tally.sets.items(), key=lambda item: (-item[1], item[0]))


def sweep_document(run: Run) -> Document:
    """The answer of ``sweep``: all scenarios together, then each where there are several."""
    design = run.job.design
    store = None
    if run.store is not None:
        store = str(run.store.statistics_file if run.job.counts_only else run.store.dataset_file)
    several = {"scenarios": {name: tally_document(tally) for name, tally in run.tallies.items()}}
    return {
        "schema": "triangle.sweep/1",
        "version": __version__,
        "scenario": design.scenarios[0] if len(design.scenarios) == 1 else list(design.scenarios),
        "design": design.sampling or "grid",
        "dims": dict(zip(design.dims, design.shape, strict=True)),
        "seed": design.seed,
        **tally_document(run.tally),
        "intervals": _intervals(run.tally) if _is_sample(design) else None,
        "computed": run.computed,
        "seconds": run.seconds,
        "games_per_second": run.computed / run.seconds if run.seconds > 0 else 0.0,
        "store": store,
        **(several if len(design.scenarios) > 1 else {}),
    }


def sweep_tables(run: Run) -> RenderableType:
    """Tables for people: configurations, then the most frequent sets of equilibria."""
    design = run.job.design
    parts: list[RenderableType] = []
    for name, tally in run.tallies.items():
        parts.append(
            _configuration_table(name, tally, is_drawn=design.sampling not in (None, "points") and not design.axes)
        )
        parts.append(_set_table(name, tally))
    return Group(*parts)


def _configuration_table(name: str, tally: Tally, is_drawn: bool) -> RenderableType:
    columns = ["has an equilibrium of", ">games", ">share"] + ([">95 % interval"] if is_drawn else [])
    rows = [(configuration_title(key), tally.count(key)) for key in configuration_masks()]
    rows.append(("no pure equilibrium", int(tally.numbers[0])))
    rows.append(("several pure equilibria", int(tally.numbers[2:].sum())))
    shown = new_table(*columns, title=f"{name}: {tally.games:,} games")
    for title, count in rows:
        low, high = wilson(count, tally.games)
        interval = [f"{low:.2%} – {high:.2%}"] if is_drawn else []
        shown.add_row(title, f"{count:,}", f"{count / max(tally.games, 1):.2%}", *interval)
    return shown


def _set_table(name: str, tally: Tally) -> RenderableType:
    shown = new_table("set of pure equilibria", ">games", ">share", title=f"{name}: the most frequent sets")
    for mask, count in _by_size(tally)[:MOST_SETS]:
        shown.add_row(set_text(mask), f"{count:,}", f"{count / tally.games:.2%}")
    return shown
