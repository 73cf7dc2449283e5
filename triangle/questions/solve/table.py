"""Tables for people of the questions beyond pure equilibria: the further methods of ``solve``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.orders import outcomes_of
from triangle.players.cast import Cast
from triangle.players.configurations import configuration_title, configurations
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve.record import (
    Bounds,
    Chance,
    InOrder,
    KeptUp,
    Lottery,
    MixedEquilibrium,
    MixedSolution,
    Rationalizable,
    Selected,
    Shared,
)
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.tables import UNIT, amount, heading, new_table, share
from triangle.showing.worded import pattern
from triangle.study.study import Study


def mixed_actions(probabilities: Sequence[Sequence[float]], say: Phrases) -> list[str]:
    """The mixed action of each player: the actions it plays, with their probabilities where there are several."""
    return [_mixed(player, own, say) for player, own in enumerate(probabilities)]


def _mixed(player: int, probabilities: Sequence[float], say: Phrases) -> str:
    played = [(say.action(player, a), p) for a, p in enumerate(probabilities) if p > 0]
    return played[0][0] if len(played) == 1 else "\n".join(f"{action} {share(p)}" for action, p in played)


def mixed(study: Study, answer: MixedSolution) -> RenderableType:
    """All equilibria in mixed actions, or the logit equilibrium."""
    what = "Equilibria in mixed actions" if answer.played.method == "mixed" else "Logit equilibrium"
    rows = new_table(
        *study.cast.codes,
        "triangle",
        *(f">{p}" for p in study.cast.codes),
        ">regret",
        ">index",
        f">β_{study.cast.codes[1]}",
        title=f"{what} ({answer.verdict}), {UNIT}",
    )
    say = in_english(study.cast)
    for finding in answer.equilibria:
        rows.add_row(
            *mixed_actions(finding.probabilities, say),
            _configurations(finding, study.cast),
            *(amount(u) for u in finding.payoffs),
            f"{finding.regret:.2g}",
            "–" if finding.fixed_point_index is None else f"{finding.fixed_point_index:+d}",
            f"{finding.bargaining_share_ru:.2f}",
        )
        rows.add_section()
    notes = [answer.advice] if answer.advice else []
    if answer.played.method == "logit":
        lam, normalised = (float(str(answer.settings[name])) for name in ("lam", "normalised_lam"))
        notes.append(f"λ {lam:.4g} per {UNIT}, {normalised:.4g} per payoff range; 0 is chance, infinity best response")
    if answer.estimate is not None:
        notes = [*answer.estimate.lines(f" per {UNIT}"), *notes]
    return Group(heading(study), rows, *(Text(note, style="dim") for note in notes))


def _configurations(finding: MixedEquilibrium, cast: Cast) -> str:
    likely = sorted(finding.configurations.items(), key=lambda item: -item[1])
    return "\n".join(f"{configuration_title(key, cast)} {share(p)}" for key, p in likely if p >= 0.0005)


def correlated(study: Study, answer: Bounds) -> RenderableType:
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
    titles = {one.key: str(one) for one in configurations(study.cast)}
    for r in answer.ranges:
        form = amount if r.unit == UNIT else share
        ends = (r.low, r.high, r.coarse_low, r.coarse_high)
        rows.add_row(
            titles.get(r.quantity, r.quantity),
            r.unit,
            *(form(max(0.0, e) if r.unit != UNIT else e) for e in ends),
            r.standing,
        )
    note = "They contain every Nash equilibrium, so they need no rule that selects one (Aumann 1974)."
    return Group(heading(study), rows, Text(note))


def sequential(study: Study, answer: InOrder) -> RenderableType:
    """All subgame-perfect outcomes under an order of moves, and who gains by which order."""
    turns = _order(answer.played.order or (), study.cast)
    outcomes = new_table(
        *study.cast.codes,
        "triangle",
        *(f">{p}" for p in study.cast.codes),
        ">probability",
        title=f"Subgame-perfect outcomes when {turns} move in turn ({answer.verdict}; {UNIT})",
    )
    say = in_english(study.cast)
    certain = [Lottery((Chance(one.profile, 1.0),), one.payoffs, True) for one in answer.equilibria]
    for lottery in (*certain, *answer.lotteries):
        for chance in lottery.profiles:
            finding = study.finding(chance.profile)
            outcomes.add_row(
                *starmap(say.action, enumerate(chance.profile)),
                str(finding.configuration),
                *(amount(u) for u in finding.payoffs),
                share(chance.probability) + ("" if lottery.proven else " open"),
            )
        outcomes.add_section()
    orders = new_table(
        "order",
        *(f">{p}" for p in study.cast.codes),
        *(f"{p} by this order" for p in study.cast.codes),
        "verdict",
        "what is played",
        title=f"Every order of moves against moving at once ({UNIT})",
    )
    simultaneous = questions.at_once(study)
    ends = zip(simultaneous.low, simultaneous.high, strict=True)
    usual = _played(outcomes_of(study, simultaneous), say)
    orders.add_row("at once", *map(_span, ends), "", "", "", simultaneous.verdict, usual)
    for row in answer.rows:
        orders.add_row(
            _order(row.order, study.cast),
            *map(_span, row.payoffs),
            *row.effects,
            row.verdict,
            _played(row.outcomes, say),
        )
    return Group(heading(study), outcomes, Text(answer.advice), orders)


def _played(found: Sequence[Profile | None], say: Phrases) -> str:
    """The actions that are played, player by player; one line for each outcome."""
    return "\n".join("no posture for certain" if profile is None else say.profile(profile) for profile in found)


def _order(order: Sequence[Sequence[int]], cast: Cast) -> str:
    return ", ".join("+".join(cast.codes[i] for i in stage) for stage in order)


def _span(ends: tuple[float, float]) -> str:
    low, high = ends
    return amount(low) if high - low < 0.05 else f"{amount(low)} to {amount(high)}"


def selection(study: Study, answer: Selected) -> RenderableType:
    """What each rule picks among all equilibria, side by side."""
    listed = new_table(
        ">no.", *study.cast.codes, *(f">{p}" for p in study.cast.codes), title=f"Equilibria ({answer.verdict}; {UNIT})"
    )
    say = in_english(study.cast)
    for place, equilibrium in enumerate(answer.equilibria, 1):
        cells = mixed_actions(equilibrium.probabilities, say)
        listed.add_row(str(place), *cells, *(amount(u) for u in equilibrium.payoffs))
        listed.add_section()
    rules = new_table("rule", "picks", "scores", "measure", "note", title="What each rule of selection picks")
    for r in answer.rules:
        scores = ", ".join("–" if score is None else f"{score:.3g}" for score in r.scores)
        rules.add_row(r.rule, ", ".join(str(k + 1) for k in r.chosen) or "nothing", scores, r.measure, r.note)
        rules.add_section()
    agreed = ", ".join(str(k + 1) for k in answer.agreed)
    verdict = f"All rules that speak agree on {agreed}." if agreed else "The rules do not agree."
    lines = "\n".join(line for line in (answer.advice, verdict) if line)
    return Group(heading(study), listed, rules, Text(lines))


def repeated(study: Study, answer: KeptUp) -> RenderableType:
    """The patience that chosen profiles need to be kept up for ever."""
    say = in_english(study.cast)
    rows = new_table(
        "what is kept up",
        "punishment",
        *(f">{p}" for p in study.cast.codes),
        f">{study.cast.codes[0]}, promises kept",
        "means",
        title="Critical discount factor of each player, per year (–: no patience is enough)",
    )
    for profile in questions.interesting_profiles(study):
        for support in answer.supports[-3::2]:
            patience = next(one for one in support.profiles if one.profile == profile)
            needed = (*patience.critical, patience.without_hazard[0])
            rows.add_row(
                say.profile(profile),
                "the worst equilibrium for each" if "Nash" in support.punishment else "minmax",
                *("–" if delta is None else f"{delta:.3f}" for delta in needed),
                support.means,
            )
        rows.add_section()
    note = (
        f"The {study.cast.adjectives[0]} factor is divided by the yearly chance 1 − {answer.hazard:g} that its policy "
        "survives; the last number leaves that out. Grim trigger by return to an equilibrium (Friedman 1971) and by "
        "minmax in correlated mixed actions (Fudenberg and Maskin 1986). "
        f"{study.cast.countries[1]}'s own discount factor in this scenario is "
        f"{float(study.values['discount_factor']):g}. --json lists every profile and every punishment."
    )
    return Group(heading(study), rows, Text("\n".join(line for line in (answer.advice, note) if line)))


def coalitions(study: Study, answer: Shared) -> RenderableType:
    """What coalitions can secure, and how it may be shared."""
    worth = new_table("coalition", f">worth, {UNIT}", title="What each coalition can secure itself, in mixed actions")
    for members, value in answer.worth.items():
        worth.add_row(members, amount(value))
    shares = new_table("value", *(f">{p}" for p in study.cast.codes), title="How the worth of all three may be shared")
    shares.add_row("Shapley value", *map(amount, answer.shapley))
    shares.add_row("Banzhaf value", *map(amount, answer.banzhaf))
    shares.add_row("Banzhaf index", *(share(b) for b in answer.banzhaf_index))
    if answer.nucleolus is not None:
        shares.add_row("nucleolus", *map(amount, answer.nucleolus))
    for place, point in enumerate(answer.core_vertices or (), 1):
        shares.add_row(f"core, corner {place}", *map(amount, point))
    core = "The core is empty." if answer.core_empty else "The core is not empty."
    pivots = "; ".join(f"{player}: {', '.join(groups) or 'nowhere'}" for player, groups in answer.pivotal.items())
    free = questions.released(study)
    say = in_english(study.cast)
    betas = "; ".join(
        f"{value:.2f} where {pattern(profile, say)}" for profile, value in answer.bargaining_share_ru.items()
    )
    beta = (
        f"Beside it, the bargaining share of {study.cast.countries[1]} with {study.cast.countries[2]} (dependence): "
        f"β_{study.cast.codes[1]} {betas or 'without a pure equilibrium'}."
    )
    lines = "\n".join((core, f"Pivotal in: {pivots}.", beta, f"All players are free here. It {answer.assumption}."))
    return Group(heading(free), worth, shares, Text(lines))


def rationalizable(study: Study, answer: Rationalizable) -> RenderableType:
    """What common knowledge of rationality leaves to each player."""
    say = in_english(study.cast)
    rows = new_table(
        "player", ">of its actions", "survive", title="Actions that common knowledge of rationality leaves"
    )
    for i, left in enumerate(answer.surviving):
        count = 1 if i in study.hold else len(study.cast.actions[i])
        rows.add_row(
            study.cast.codes[i],
            f"{len(left)} of {count}",
            ", ".join(say.action(i, action) for action in left),
        )
    note = (
        "removed again and again: actions that some mixed action beats whatever the others still may do (Pearce 1984)"
    )
    return Group(heading(study), rows, Text(note, style="dim"))
