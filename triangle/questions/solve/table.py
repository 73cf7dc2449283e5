"""Tables for people of the questions beyond pure equilibria: the further methods of ``solve``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.orders import outcomes_of
from triangle.players.cast import Cast
from triangle.players.configurations import configurations
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
from triangle.showing.phrases import Phrases, digits, noted, spoken, told, word, written
from triangle.showing.tables import UNIT, amount, heading, new_table, share
from triangle.showing.worded import configuration_title, pattern, triangle_title
from triangle.study.study import Study


def mixed_actions(probabilities: Sequence[Sequence[float]], say: Phrases) -> list[str]:
    """The mixed action of each player: the actions it plays, with their probabilities where there are several."""
    return [_mixed(player, own, say) for player, own in enumerate(probabilities)]


def _mixed(player: int, probabilities: Sequence[float], say: Phrases) -> str:
    played = [(say.action(player, a), p) for a, p in enumerate(probabilities) if p > 0]
    return played[0][0] if len(played) == 1 else "\n".join(f"{action} {share(p)}" for action, p in played)


def mixed(study: Study, answer: MixedSolution) -> RenderableType:
    """All equilibria in mixed actions, or the logit equilibrium."""
    mixing = answer.played.method == "mixed"
    title = "Equilibria in mixed actions ({verdict}), {unit}" if mixing else "Logit equilibrium ({verdict}), {unit}"
    rows = new_table(
        *study.cast.codes,
        "triangle",
        *(f">{p}" for p in study.cast.codes),
        ">regret",
        ">index",
        f">β_{study.cast.codes[1]}",
        title=told(title, verdict=word(answer.verdict)),
    )
    say = spoken(study.cast)
    for finding in answer.equilibria:
        rows.add_row(
            *mixed_actions(finding.probabilities, say),
            _configurations(finding, study.cast),
            *(amount(u) for u in finding.payoffs),
            written(finding.regret, ".2g"),
            "–" if finding.fixed_point_index is None else written(finding.fixed_point_index, "+d"),
            written(finding.bargaining_share_ru, ".2f"),
        )
        rows.add_section()
    rows.footing = told(
        "regret: the most that anybody would gain by leaving, 0 but for rounding; index: an equilibrium that stays "
        "when payoffs move a little has +1 or −1, and those of all add up to +1, so that a sum that is another says "
        "that some are missing (–: not computed)"
    )
    notes = [noted(answer.advice)] if answer.advice else []
    if answer.played.method == "logit":
        lam, normalised = (float(str(answer.settings[name])) for name in ("lam", "normalised_lam"))
        template = "λ {lam} per {unit}, {normalised} per payoff range; 0 is chance, infinity best response"
        notes.append(told(template, lam=written(lam, ".4g"), normalised=written(normalised, ".4g")))
    if answer.estimate is not None:
        notes = [*answer.estimate.lines(told(" per {unit}"), told, digits), *notes]
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
        title=told(
            "Bounds over all correlated and coarse correlated equilibria ({verdict})", verdict=word(answer.verdict)
        ),
    )
    say = spoken(study.cast)
    for r in answer.ranges:
        form = amount if r.unit == UNIT else share
        ends = (r.low, r.high, r.coarse_low, r.coarse_high)
        rows.add_row(
            quantity_text(r.quantity, study.cast),
            say.unit(r.unit),
            *(form(max(0.0, e) if r.unit != UNIT else e) for e in ends),
            word(r.standing),
        )
    note = told("They contain every Nash equilibrium, so they need no rule that selects one (Aumann 1974).")
    return Group(heading(study), rows, Text(note))


def quantity_text(quantity: str, cast: Cast) -> str:
    """What is bounded, for reading: a triangle, or a payoff, link or share of somebody."""
    if quantity in {one.key for one in configurations(cast)}:
        return configuration_title(quantity, cast)
    what, _, whose = quantity.rpartition(" ")
    return f"{word(what)} {whose}"


def sequential(study: Study, answer: InOrder) -> RenderableType:
    """All subgame-perfect outcomes under an order of moves, and who gains by which order."""
    turns = _order(answer.played.order or (), study.cast)
    outcomes = new_table(
        *study.cast.codes,
        "triangle",
        *(f">{p}" for p in study.cast.codes),
        ">probability",
        title=told(
            "Subgame-perfect outcomes when {turns} move in turn ({verdict}; {unit})",
            turns=turns,
            verdict=word(answer.verdict),
        ),
    )
    say = spoken(study.cast)
    certain = [Lottery((Chance(one.profile, 1.0),), one.payoffs, True) for one in answer.equilibria]
    for lottery in (*certain, *answer.lotteries):
        for chance in lottery.profiles:
            finding = study.finding(chance.profile)
            outcomes.add_row(
                *starmap(say.action, enumerate(chance.profile)),
                triangle_title(finding.configuration),
                *(amount(u) for u in finding.payoffs),
                share(chance.probability) + ("" if lottery.proven else told(" open")),
            )
        outcomes.add_section()
    orders = new_table(
        "order",
        *(f">{p}" for p in study.cast.codes),
        *(told("{player} by this order", player=p) for p in study.cast.codes),
        "verdict",
        "what is played",
        title=told("Every order of moves against moving at once ({unit})"),
    )
    simultaneous = questions.at_once(study)
    ends = zip(simultaneous.low, simultaneous.high, strict=True)
    usual = _played(outcomes_of(study, simultaneous), say)
    orders.add_row(told("at once"), *map(_span, ends), "", "", "", word(simultaneous.verdict), usual)
    for row in answer.rows:
        orders.add_row(
            _order(row.order, study.cast),
            *map(_span, row.payoffs),
            *map(word, row.effects),
            word(row.verdict),
            _played(row.outcomes, say),
        )
    return Group(heading(study), outcomes, Text(noted(answer.advice)), orders)


def _played(found: Sequence[Profile | None], say: Phrases) -> str:
    """The actions that are played, player by player; one line for each outcome."""
    return "\n".join(told("no posture for certain") if profile is None else say.profile(profile) for profile in found)


def _order(order: Sequence[Sequence[int]], cast: Cast) -> str:
    return ", ".join("+".join(cast.codes[i] for i in stage) for stage in order)


def _span(ends: tuple[float, float]) -> str:
    low, high = ends
    return amount(low) if high - low < 0.05 else told("{low} to {high}", low=amount(low), high=amount(high))


def selection(study: Study, answer: Selected) -> RenderableType:
    """What each rule picks among all equilibria, side by side."""
    title = told("Equilibria ({verdict}; {unit})", verdict=word(answer.verdict))
    listed = new_table(">no.", *study.cast.codes, *(f">{p}" for p in study.cast.codes), title=title)
    say = spoken(study.cast)
    for place, equilibrium in enumerate(answer.equilibria, 1):
        cells = mixed_actions(equilibrium.probabilities, say)
        listed.add_row(str(place), *cells, *(amount(u) for u in equilibrium.payoffs))
        listed.add_section()
    rules = new_table("rule", "picks", "scores", "measure", "note", title=told("What each rule of selection picks"))
    for r in answer.rules:
        scores = ", ".join("–" if score is None else written(score, ".3g") for score in r.scores)
        picked = ", ".join(str(k + 1) for k in r.chosen) or told("nothing")
        rules.add_row(word(r.rule), picked, scores, word(r.measure), noted(r.note))
        rules.add_section()
    agreed = ", ".join(str(k + 1) for k in answer.agreed)
    verdict = (
        told("All rules that speak agree on {agreed}.", agreed=agreed) if agreed else told("The rules do not agree.")
    )
    lines = "\n".join(line for line in (noted(answer.advice), verdict) if line)
    return Group(heading(study), listed, rules, Text(lines))


def repeated(study: Study, answer: KeptUp) -> RenderableType:
    """The patience that chosen profiles need to be kept up for ever."""
    say = spoken(study.cast)
    rows = new_table(
        "what is kept up",
        "punishment",
        *(f">{p}" for p in study.cast.codes),
        f">{told('{player}, promises kept', player=study.cast.codes[0])}",
        "means",
        title=told("Critical discount factor of each player, per year (–: no patience is enough)"),
    )
    for profile in questions.interesting_profiles(study):
        for support in answer.supports[-3::2]:
            patience = next(one for one in support.profiles if one.profile == profile)
            needed = (*patience.critical, patience.without_hazard[0])
            rows.add_row(
                say.profile(profile),
                told("the worst equilibrium for each") if "Nash" in support.punishment else told("minmax"),
                *("–" if delta is None else written(delta, ".3f") for delta in needed),
                word(support.means),
            )
        rows.add_section()
    note = told(
        "The {adjective} factor is divided by the yearly chance 1 − {hazard} that its policy survives; the last number "
        "leaves that out. Grim trigger by return to an equilibrium (Friedman 1971) and by minmax in correlated mixed "
        "actions (Fudenberg and Maskin 1986). {country}'s own discount factor in this scenario is {own}. --json lists "
        "every profile and every punishment.",
        adjective=study.cast.adjectives[0],
        whose_policy=say.whose(study.cast.codes[0]),
        hazard=written(answer.hazard, "g"),
        country=study.cast.countries[1],
        whose=say.whose(study.cast.codes[1]),
        own=written(float(study.values["discount_factor"]), "g"),
    )
    return Group(heading(study), rows, Text("\n".join(line for line in (noted(answer.advice), note) if line)))


def coalitions(study: Study, answer: Shared) -> RenderableType:
    """What coalitions can secure, and how it may be shared."""
    title = told("What each coalition can secure itself, in mixed actions")
    worth = new_table("coalition", f">{told('worth, {unit}')}", title=title)
    for members, value in answer.worth.items():
        worth.add_row(members, amount(value))
    title = told("How the worth of all three may be shared")
    shares = new_table("value", *(f">{p}" for p in study.cast.codes), title=title)
    shares.add_row(told("Shapley value"), *map(amount, answer.shapley))
    shares.add_row(told("Banzhaf value"), *map(amount, answer.banzhaf))
    shares.add_row(told("Banzhaf index"), *(share(b) for b in answer.banzhaf_index))
    if answer.nucleolus is not None:
        shares.add_row(told("nucleolus"), *map(amount, answer.nucleolus))
    for place, point in enumerate(answer.core_vertices or (), 1):
        shares.add_row(told("core, corner {place}", place=place), *map(amount, point))
    core = told("The core is empty.") if answer.core_empty else told("The core is not empty.")
    pivots = "; ".join(f"{who}: {', '.join(groups) or told('nowhere')}" for who, groups in answer.pivotal.items())
    free = questions.released(study)
    say = spoken(study.cast)
    betas = "; ".join(
        told("{share} where {pattern}", share=written(value, ".2f"), pattern=pattern(profile, say))
        for profile, value in answer.bargaining_share_ru.items()
    )
    beta = told(
        "Beside it, the bargaining share of {first} with {second} (dependence): β_{code} {betas}.",
        first=study.cast.countries[1],
        whose=say.whose(study.cast.codes[1]),
        second=say.country(study.cast.codes[2]),
        code=study.cast.codes[1],
        betas=betas or told("without a pure equilibrium"),
    )
    free_here = told("All players are free here. It {assumption}.", assumption=word(answer.assumption))
    lines = "\n".join((core, told("Pivotal in: {pivots}.", pivots=pivots), beta, free_here))
    return Group(heading(free), worth, shares, Text(lines))


def rationalizable(study: Study, answer: Rationalizable) -> RenderableType:
    """What common knowledge of rationality leaves to each player."""
    say = spoken(study.cast)
    title = told("Actions that common knowledge of rationality leaves")
    rows = new_table("player", ">of its actions", "survive", title=title)
    for i, left in enumerate(answer.surviving):
        count = 1 if i in study.hold else len(study.cast.actions[i])
        rows.add_row(
            study.cast.codes[i],
            told("{n} of {count}", n=len(left), count=count),
            ", ".join(say.action(i, action) for action in left),
        )
    note = told(
        "removed again and again: actions that some mixed action beats whatever the others still may do (Pearce 1984)"
    )
    return Group(heading(study), rows, Text(note, style="dim"))
