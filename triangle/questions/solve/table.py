"""Tables for people of the questions beyond pure equilibria: the further methods of ``solve``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.axes import ACTIONS, ADJECTIVES, COUNTRIES, PLAYERS, profile_text
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve.answer import (
    CorrelatedAnswer,
    MixedAnswer,
    MixedFinding,
    RepeatedAnswer,
    SelectionAnswer,
    SequentialAnswer,
)
from triangle.showing.tables import UNIT, amount, heading, new_table, share, slug
from triangle.solvers.coalitions import CoalitionSolution
from triangle.study.study import Study


def mixed_actions(i: int, probabilities: Sequence[float]) -> str:
    """A player's mixed action: the actions it plays, with their probabilities where there are several."""
    played = [(a, p) for a, p in enumerate(probabilities) if p > 0]
    if len(played) == 1:
        return slug(ACTIONS[i][played[0][0]])
    return "\n".join(f"{slug(ACTIONS[i][a])} {share(p)}" for a, p in played)


def mixed(study: Study, answer: MixedAnswer) -> RenderableType:
    """All equilibria in mixed actions, or the logit equilibrium."""
    title = f"{'Equilibria in mixed actions' if answer.method == 'mixed' else 'Logit equilibrium'} ({answer.verdict})"
    rows = new_table(
        *PLAYERS,
        "triangle",
        *(f">{p}" for p in PLAYERS),
        ">regret",
        ">index",
        f">β_{PLAYERS[1]}",
        title=f"{title}, {UNIT}",
    )
    for finding in answer.findings:
        rows.add_row(
            *(mixed_actions(i, finding.probabilities[i]) for i in range(3)),
            _configurations(finding),
            *(amount(u) for u in finding.payoffs),
            f"{finding.regret:.2g}",
            "–" if finding.index is None else f"{finding.index:+d}",
            f"{finding.bargaining_share_ru:.2f}",
        )
        rows.add_section()
    notes = [answer.advice] if answer.advice else []
    if answer.method == "logit":
        lam, normalised = (float(str(answer.settings[name])) for name in ("lam", "normalised_lam"))
        notes.append(f"λ {lam:.4g} per {UNIT}, {normalised:.4g} per payoff range; 0 is chance, infinity best response")
    if answer.fit is not None:
        notes = [*answer.fit.lines(f" per {UNIT}"), *notes]
    return Group(heading(study), rows, *(Text(note, style="dim") for note in notes))


def _configurations(finding: MixedFinding) -> str:
    likely = sorted(finding.configurations.items(), key=lambda item: -item[1])
    return "\n".join(f"{key} {share(p)}" for key, p in likely if p >= 0.0005)


def correlated(study: Study, answer: CorrelatedAnswer) -> RenderableType:
    """What holds whatever equilibrium is selected."""
    rows = new_table(
        "quantity",
        "unit",
        ">least",
        ">most",
        ">coarse least",
        ">coarse most",
        "standing",
        title=f"Bounds over all correlated and coarse correlated equilibria ({answer.verdict})",
    )
    for r in answer.ranges:
        form = amount if r.unit == UNIT else share
        ends = (r.low, r.high, r.coarse_low, r.coarse_high)
        rows.add_row(r.quantity, r.unit, *(form(max(0.0, e) if r.unit != UNIT else e) for e in ends), r.standing)
    note = "They contain every Nash equilibrium, so they need no rule that selects one (Aumann 1974)."
    return Group(heading(study), rows, Text(note))


def sequential(study: Study, answer: SequentialAnswer) -> RenderableType:
    """All subgame-perfect outcomes under an order of moves, and who gains by which order."""
    solution = answer.solution
    outcomes = new_table(
        *PLAYERS,
        "triangle",
        *(f">{p}" for p in PLAYERS),
        ">probability",
        title=f"Subgame-perfect outcomes when {_order(solution.order)} move in turn ({answer.verdict}; {UNIT})",
    )
    for proven, listed in ((True, solution.outcomes), (False, solution.open_outcomes)):
        for outcome in listed:
            for profile, chance in questions.outcome_profiles(study, outcome):
                finding = study.finding(profile)
                outcomes.add_row(
                    *(slug(ACTIONS[i][profile[i]]) for i in range(3)),
                    str(finding.configuration),
                    *(amount(u) for u in finding.payoffs),
                    share(chance) + ("" if proven else " open"),
                )
            outcomes.add_section()
    orders = new_table(
        "order",
        *(f">{p}" for p in PLAYERS),
        *(f"{p} by this order" for p in PLAYERS),
        "verdict",
        title=f"Every order of moves against moving at once ({UNIT})",
    )
    rows = answer.table
    at_once = rows.simultaneous
    orders.add_row("at once", *_spans(at_once.low, at_once.high), "", "", "", at_once.verdict)
    for row in rows.rows:
        effects = (rows.effect(row, i) for i in range(3))
        orders.add_row(_order(row.order), *_spans(row.low, row.high), *effects, row.verdict)
    return Group(heading(study), outcomes, Text(solution.advice), orders)


def _order(order: Sequence[Sequence[int]]) -> str:
    return ", ".join("+".join(PLAYERS[i] for i in stage) for stage in order)


def _spans(low: Sequence[float], high: Sequence[float]) -> list[str]:
    return [amount(a) if b - a < 0.05 else f"{amount(a)} to {amount(b)}" for a, b in zip(low, high, strict=True)]


def selection(study: Study, selected: SelectionAnswer) -> RenderableType:
    """What each rule picks among all equilibria, side by side."""
    answer = selected.table
    listed = new_table(">no.", *PLAYERS, *(f">{p}" for p in PLAYERS), title=f"Equilibria ({selected.verdict}; {UNIT})")
    for place, equilibrium in enumerate(answer.equilibria, 1):
        probabilities = questions.full_probabilities(study, equilibrium.probabilities)
        cells = (mixed_actions(i, probabilities[i]) for i in range(3))
        listed.add_row(str(place), *cells, *(amount(u) for u in equilibrium.payoffs))
        listed.add_section()
    rules = new_table("rule", "picks", "scores", "measure", "note", title="What each rule of selection picks")
    for r in answer.rankings:
        scores = ", ".join("–" if score is None else f"{score:.3g}" for score in r.scores)
        rules.add_row(r.rule, ", ".join(str(k + 1) for k in r.chosen) or "nothing", scores, r.measure, r.note)
        rules.add_section()
    agreed = ", ".join(str(k + 1) for k in answer.agreed)
    verdict = f"All rules that speak agree on {agreed}." if agreed else "The rules do not agree."
    lines = "\n".join(line for line in (selected.advice, verdict) if line)
    return Group(heading(study), listed, rules, Text(lines))


def repeated(study: Study, answer: RepeatedAnswer, profiles: Sequence[Profile]) -> RenderableType:
    """The patience that chosen profiles need to be kept up for ever."""
    rows = new_table(
        ", ".join(PLAYERS),
        "punishment",
        *(f">{p}" for p in PLAYERS),
        f">{PLAYERS[0]}, promises kept",
        "means",
        title="Critical discount factor of each player, per year (–: no patience is enough)",
    )
    for profile in profiles:
        for support, free in list(zip(answer.supports, answer.unhindered, strict=True))[-3::2]:
            american = questions.kept_up(study, free, profile)[0]
            needed = (*questions.kept_up(study, support, profile), american)
            rows.add_row(
                ", ".join(slug(ACTIONS[i][a]) for i, a in enumerate(profile)),
                "the worst equilibrium for each" if "Nash" in support.punishment else "minmax",
                *("–" if delta is None else f"{delta:.3f}" for delta in needed),
                support.means,
            )
        rows.add_section()
    note = (
        f"The {ADJECTIVES[PLAYERS[0]]} factor is divided by the yearly chance 1 − {answer.hazard:g} that its policy "
        "survives; the last number leaves that out. Grim trigger by return to an equilibrium (Friedman 1971) and by "
        "minmax in correlated mixed actions (Fudenberg and Maskin 1986). "
        f"{COUNTRIES[PLAYERS[1]]}'s own discount factor in this scenario is "
        f"{float(study.values['discount_factor']):g}. --json lists every profile and every punishment."
    )
    return Group(heading(study), rows, Text("\n".join(line for line in (answer.advice, note) if line)))


def coalitions(study: Study, answer: CoalitionSolution) -> RenderableType:
    """What coalitions can secure, and how it may be shared."""
    worth = new_table("coalition", f">worth, {UNIT}", title="What each coalition can secure itself, in mixed actions")
    for members, value in answer.worth.items():
        worth.add_row("+".join(PLAYERS[i] for i in members), amount(value))
    shares = new_table("value", *(f">{p}" for p in PLAYERS), title="How the worth of all three may be shared")
    shares.add_row("Shapley value", *map(amount, answer.shapley))
    shares.add_row("Banzhaf value", *map(amount, answer.banzhaf))
    shares.add_row("Banzhaf index", *(share(b) for b in answer.banzhaf_index))
    if answer.nucleolus is not None:
        shares.add_row("nucleolus", *map(amount, answer.nucleolus))
    for place, point in enumerate([] if answer.core_vertices is None else answer.core_vertices.tolist(), 1):
        shares.add_row(f"core, corner {place}", *map(amount, point))
    core = "The core is empty." if answer.core_empty else "The core is not empty."
    pivots = "; ".join(
        f"{PLAYERS[i]}: {', '.join('+'.join(PLAYERS[k] for k in group) for group in groups) or 'nowhere'}"
        for i, groups in answer.pivotal.items()
    )
    free = questions.released(study)
    betas = ", ".join(f"{f.bargaining_share_ru:.2f} at {profile_text(f.profile)}" for f in free.solve().findings)
    beta = (
        f"Beside it, the bargaining share of {COUNTRIES[PLAYERS[1]]} with {COUNTRIES[PLAYERS[2]]} (dependence): "
        f"β_{PLAYERS[1]} {betas or 'without a pure equilibrium'}."
    )
    lines = "\n".join((core, f"Pivotal in: {pivots}.", beta, f"All players are free here. It {answer.assumption}."))
    return Group(heading(free), worth, shares, Text(lines))
