"""What a sweep found, for scripts and for reading: shares of games by configuration, counts, intervals."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.intervals import wilson
from triangle.base.records import to_document
from triangle.batch.takeover import VERDICTS
from triangle.games.bitboards import profiles_of
from triangle.measures.cautions import Cautions, held
from triangle.players.axes import ACTIONS, PLAYERS, profile_actions, profile_text
from triangle.players.configurations import configuration_title
from triangle.players.sets import configuration_masks, set_text
from triangle.showing.tables import new_table
from triangle.sweeps.design import Design
from triangle.sweeps.job import Job
from triangle.sweeps.means import Means
from triangle.sweeps.replicates import kind_of
from triangle.sweeps.run import Run
from triangle.sweeps.tally import Tally, patterns
from triangle.version import __version__

Document = dict[str, Any]

#: Most sets of equilibria that are listed.
MOST_SETS = 12


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


def _is_sample(design: Design, of_one: bool = False) -> bool:
    """Whether the games, or those `of_one` scenario, are draws of their own: nodes of a grid share theirs."""
    return design.sampling not in (None, "points") and not design.axes and (of_one or len(design.scenarios) == 1)


def _interval_kind(design: Design, of_one: bool = False) -> str | None:
    """By what the intervals of shares come about: replicates, Wilson's formula, or None where there are none."""
    return kind_of(design) or ("wilson" if _is_sample(design, of_one) else None)


def _intervals(tally: Tally, kind: str | None, draws: int) -> dict[str, list[float]] | None:
    """Interval of each configuration's share, 95 %."""
    if kind is None:
        return None
    return {key: list(_share_interval(tally, key, tally.count(key), kind, draws)) for key in configuration_masks()}


def _share_interval(tally: Tally, pattern: str, count: int, kind: str, draws: int) -> tuple[float, float]:
    """Interval of the share of games with a pattern, by Wilson's formula or by the replicates."""
    if kind == "wilson" or tally.means is None:
        return wilson(count, tally.games)
    return tally.means.interval(("share", pattern), draws)


def _means_document(means: Means, kind: str | None, draws: int) -> Document:
    """Means of probabilities by group and pattern, and their intervals."""
    groups = {group: patterns for group, patterns in means.groups().items() if group != "share"}
    found: Document = {"games": means.games, "interval_kind": "normal" if kind == "wilson" else kind}
    for group, keys in groups.items():
        found[group] = {key: _number(means.mean((group, key))) for key in keys}
    if kind is not None:
        found["intervals"] = {
            group: {key: list(means.interval((group, key), draws)) for key in keys} for group, keys in groups.items()
        }
    return found


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _method_document(run: Run, tally: Tally, kind: str | None) -> Document:
    """What the mixed or logit solver found; empty where neither took over."""
    if run.job.takeover.method == "pure":
        return {}
    return {
        "verdicts": tally.notes,
        "means": _means_document(tally.means, kind, run.job.design.samples) if tally.means else None,
    }


def _proof_document(tally: Tally, kind: str | None) -> Document:
    """The counts of the agreement-proof equilibria alone, where the sweep kept them."""
    proof = tally.agreement_proof
    if proof is None:
        return {}
    # Replicates are of all equilibria; Wilson's formula needs none.
    intervals = _intervals(proof, "wilson", 0) if kind == "wilson" else None
    return {"agreement_proof": {**tally_document(proof), "intervals": intervals}}


def _by_size(tally: Tally) -> list[tuple[int, int]]:
    return sorted(tally.sets.items(), key=lambda item: (-item[1], item[0]))


def sweep_document(run: Run) -> Document:
    """The answer of ``sweep``: all scenarios together, then each where there are several."""
    design = run.job.design
    store = None
    if run.store is not None:
        store = str(run.store.statistics_file if run.job.counts_only else run.store.dataset_file)
    each, kind = _interval_kind(design, of_one=True), _interval_kind(design)
    several = {
        name: {
            **tally_document(tally),
            "intervals": _intervals(tally, each, design.samples),
            **_method_document(run, tally, each),
            **_proof_document(tally, each),
        }
        for name, tally in run.tallies.items()
    }
    return {
        "schema": "triangle.sweep/1",
        "version": __version__,
        "scenario": design.scenarios[0] if len(design.scenarios) == 1 else list(design.scenarios),
        "design": design.sampling or "grid",
        "dims": dict(zip(design.dims, design.shape, strict=True)),
        "seed": design.seed,
        "replicates": design.replicates if kind_of(design) else None,
        "method": run.job.takeover.as_json(),
        **tally_document(run.tally),
        "intervals": _intervals(run.tally, kind, design.samples),
        "interval_kind": kind,
        **_method_document(run, run.tally, kind),
        **_proof_document(run.tally, kind),
        "hold": [held(hold) for hold in run.job.holds],
        "drawn_together": to_document(Cautions({}, design.correlation))["drawn_together"],
        "computed": run.computed,
        "seconds": run.seconds,
        "games_per_second": run.computed / run.seconds if run.seconds > 0 else 0.0,
        "store": store,
        **({"scenarios": several} if len(design.scenarios) > 1 else {}),
    }


def sweep_tables(run: Run) -> RenderableType:
    """Tables for people: configurations, then the most frequent sets of equilibria."""
    design = run.job.design
    parts: list[RenderableType] = []
    kind = _interval_kind(design, of_one=True)
    for sentence in Cautions({}, design.correlation).sentences():
        parts.append(Text(sentence, style="yellow"))
    for (name, tally), hold in zip(run.tallies.items(), run.job.holds, strict=True):
        for sentence in Cautions(held(hold)).sentences():
            parts.append(Text(f"{name}: {sentence}", style="yellow"))
        if tally.means is not None and run.job.takeover.method != "pure":
            parts.append(_means_table(name, tally, run.job, kind))
        parts.append(_configuration_table(name, tally, kind, design.samples))
        parts.append(_set_table(name, tally))
        if tally.agreement_proof is not None:
            said = f"{name}, agreement-proof at trust {run.job.takeover.trust:g}"
            plain = kind if kind == "wilson" else None
            parts.append(_configuration_table(said, tally.agreement_proof, plain, design.samples))
            parts.append(_set_table(said, tally.agreement_proof))
    return Group(*parts)


def _means_table(name: str, tally: Tally, job: Job, kind: str | None) -> RenderableType:
    """Mean probability of each configuration, or its range over the equilibria."""
    means, takeover = tally.means, job.takeover
    assert means is not None
    if takeover.method == "logit":
        unit = "over the payoff range" if takeover.normalised else "per bn USD/yr"
        title, groups = f"{name}: logit equilibria, λ = {takeover.lam:g} {unit}", {"probability": "mean probability"}
        of = "configuration"
    else:
        title = f"{name}: pure equilibria, mixed ones where there are none"
        # Short headings, since the four columns of numbers shall leave room for the names on a narrow terminal.
        of, groups = "mean probability of", {"low": "at least", "high": "at most"}
    found = {text: tally.notes.get(text, 0) for text in VERDICTS}
    title += f" ({', '.join(f'{count:,} {text}' for text, count in found.items() if count) or 'none asked for'})"
    columns = [of]
    for heading in groups.values():
        columns += [f">{heading}"] + ([">95 % interval"] if kind else [])
    shown = new_table(*columns, title=title)
    for key in configuration_masks():
        cells = [configuration_title(key)]
        for group in groups:
            low, high = means.interval((group, key), job.design.samples)
            cells += [f"{means.mean((group, key)):.2%}"] + ([f"{low:.2%} – {high:.2%}"] if kind else [])
        shown.add_row(*cells)
    return shown


def _configuration_table(name: str, tally: Tally, kind: str | None, draws: int) -> RenderableType:
    columns = ["has a pure equilibrium of", ">games", ">share"] + ([">95 % interval"] if kind else [])
    rows = [(configuration_title(key), key, tally.count(key)) for key in configuration_masks()]
    rows.append(("no pure equilibrium", "none", int(tally.numbers[0])))
    rows.append(("several pure equilibria", "several", int(tally.numbers[2:].sum())))
    shown = new_table(*columns, title=f"{name}: {tally.games:,} games")
    for title, pattern, count in rows:
        interval = []
        if kind is not None:
            low, high = _share_interval(tally, pattern, count, kind, draws)
            interval = [f"{low:.2%} – {high:.2%}"]
        shown.add_row(title, f"{count:,}", f"{count / max(tally.games, 1):.2%}", *interval)
    return shown


def _set_table(name: str, tally: Tally) -> RenderableType:
    shown = new_table("set of pure equilibria", ">games", ">share", title=f"{name}: the most frequent sets")
    for mask, count in _by_size(tally)[:MOST_SETS]:
        shown.add_row(set_text(mask), f"{count:,}", f"{count / tally.games:.2%}")
    return shown
