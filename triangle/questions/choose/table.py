"""Tables for people of robust choices: options under every criterion and rule, and what is worth looking up."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.base.intervals import wilson
from triangle.players.axes import CN, RU
from triangle.questions.choose.answer import Choice, RuleTable, share_interval
from triangle.questions.choose.information import Information
from triangle.questions.choose.robustness import CRITERIA
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, UNIT, amount, new_table

#: Criteria for reading.
TITLES = {
    "expected": "expected outcome",
    "maximin": "maximin",
    "policy_regret": "minimax policy regret",
    "satisficing": "satisficing",
}

#: Most options and parameters that a table lists.
MOST = 12


def option_text(choice: Choice, option: int) -> str:
    """An option for reading: only what it changes, ``as it is`` for the scenario's own levers."""
    own, its = choice.options[choice.reference], choice.options[option]
    say = in_english(choice.cast)
    moved = [(n, v) for n, v, o in zip(choice.levers, its, own, strict=True) if v != o]
    return ", ".join(f"{say.known('parameter', name)} {value:g}" for name, value in moved) or "as it is"


def tied(choice: Choice, options: Sequence[int]) -> str:
    """The chosen option that changes least, and how many others do as well."""
    least = least_change(choice, options)
    more = f" (and {len(options) - 1} that tie)" if len(options) > 1 else ""
    return option_text(choice, least) + more


def least_change(choice: Choice, options: Sequence[int]) -> int:
    """The option of these that changes the fewest levers."""
    return min(options, key=lambda o: (_departure(choice, o), o))


def _departure(choice: Choice, option: int) -> int:
    own = choice.options[choice.reference]
    return sum(a != b for a, b in zip(choice.options[option], own, strict=True))


def percent(share: float, low: float, high: float) -> str:
    """A share with its interval."""
    return f"{share:.1%} ({low:.1%}–{high:.1%})"


def _of(count: int, draws: int) -> str:
    return percent(count / draws, *wilson(count, draws))


def choice_tables(choice: Choice) -> RenderableType:
    """What ``choose`` shows."""
    say = in_english(choice.cast)
    names = [words_of(say.parameter(name)) for name in choice.levers]
    own = ", ".join(f"{n} {v:g}" for n, v in zip(names, choice.options[choice.reference], strict=True))
    head = Text.assemble(
        (f"Robust choice of {choice.cast.country(choice.player)}", "bold"),
        f" ({choice.scenario})\n{len(choice.options)} options; as it is: {own}.\n"
        f"{choice.samples:,} worlds, the same for all options: Sobol' draws, seed {choice.seed}, of "
        f"{choice.drawn} uncertain parameters. {_without(choice)}",
    )
    robust = choice.robust()
    verdict = (
        f"Best by every criterion under every rule: {tied(choice, robust)}."
        if robust
        else "No option is best by every criterion under every rule: the choice depends on how one judges."
    )
    return Group(
        head,
        _chosen_table(choice),
        Text(verdict),
        _option_table(choice, choice.tables[0]),
        _information_table(choice),
        *_ordinal(choice),
    )


def _without(choice: Choice) -> str:
    low, high = min(choice.without), max(choice.without)
    span = f"In {low} of them" if low == high else f"In {low} to {high} of them, by option,"
    return f"{span} no posture is stable; the security level counts there."


def _chosen_table(choice: Choice) -> RenderableType:
    say = in_english(choice.cast)
    rows = new_table("selection", *(TITLES[c] for c in CRITERIA), title="What each criterion chooses")
    for table in choice.tables:
        rows.add_row(say.known("rule", table.rule), *(tied(choice, chosen) for chosen in table.chosen))
        rows.add_section()
    rows.footing = "selection: which of several equilibria is played; worst, best: for the player who chooses"
    return rows


def listed_options(choice: Choice, table: RuleTable) -> list[int]:
    """The options worth a row: the scenario's own, the best by each criterion, then the rest of the Pareto set."""
    first = [least_change(choice, chosen) for chosen in table.chosen]
    pareto = [o for o, row in enumerate(table.rows) if row.pareto]
    seen: dict[tuple[float, ...], int] = {}
    for option in dict.fromkeys((choice.reference, *first, *sorted(pareto, key=lambda o: -table.rows[o].expected))):
        row = table.rows[option]
        seen.setdefault((row.expected, row.worst, row.policy_regret, row.satisficing), option)
    return list(seen.values())[:MOST]


def _option_table(choice: Choice, table: RuleTable) -> RenderableType:
    called = in_english(choice.cast).known("rule", table.rule)
    rows = new_table(
        "option",
        ">expected",
        ">gain on as it is",
        ">better / worse",
        ">worst",
        ">policy regret",
        ">satisficing",
        f">{choice.cast.codes[RU]}, {choice.cast.codes[CN]} apart",
        "Pareto",
        title=f"The options under the rule “{called}” ({UNIT}; 95 % intervals)",
    )
    for option in listed_options(choice, table):
        row = table.rows[option]
        apart = choice.apart[option]
        rows.add_row(
            option_text(choice, option),
            f"{amount(row.expected)} ± {amount(row.half_width)}",
            f"{row.gain:+,.1f} ± {amount(row.gain_half_width)}",
            f"{row.better:.1%} / {row.worse:.1%}",
            amount(row.worst),
            amount(row.policy_regret),
            percent(row.satisficing, row.satisficing_low, row.satisficing_high),
            percent(apart, *share_interval(apart, choice.samples)),
            "yes" if row.pareto else "",
        )
    pareto = sum(row.pareto for row in table.rows)
    rows.footing = (
        f"satisficing: at least {amount(table.threshold)} {UNIT}; policy regret: the most that hindsight would have "
        f"saved in any world; better / worse than as it is: shares of worlds, their intervals at most "
        f"±{_widest(choice, table):.1%}; {pareto} of {len(table.rows)} options are in the Pareto set"
    )
    return rows


def _widest(choice: Choice, table: RuleTable) -> float:
    """Half the widest interval of the shares of worlds in which a listed option is better, or worse."""
    shares = [share for o in listed_options(choice, table) for share in (table.rows[o].better, table.rows[o].worse)]
    return max((high - low) / 2 for low, high in (share_interval(share, choice.samples) for share in shares))


def _information_table(choice: Choice) -> RenderableType:
    found = choice.information
    say = in_english(choice.cast)
    if not any(worth.beyond_chance for worth in found.worths):
        return Text(f"\n{say.word('finds.best_everywhere' if found.evpi == 0 else 'finds.nothing_to_look_up')}")
    say = in_english(choice.cast)
    rows = new_table(
        "parameter",
        TYPED,
        "rests on",
        ">worth knowing",
        ">cross-validated",
        "beyond chance",
        title=f"What is worth looking up before choosing ({UNIT}, rule “{say.known('rule', choice.tables[0].rule)}”)",
    )
    for worth in [worth for worth in found.worths if worth.estimate > 0][:MOST]:
        rows.add_row(
            say.known("parameter", worth.parameter),
            worth.parameter,
            worth.rests_on,
            f"{worth.estimate:.2f}",
            f"{worth.cross:.2f} ({worth.cross_low:.2f} to {worth.cross_high:.2f})",
            "yes" if worth.beyond_chance else "no",
        )
    rows.footing = (
        f"all of them together (EVPI): {found.evpi:.2f}; a parameter that tells nothing comes out at "
        f"{found.chance:.2f}, at most {found.chance_high:.2f}; {found.bins} bins; more draws tell more apart"
        f"{_figure(found, say)}"
    )
    return rows


def _figure(found: Information, say: Phrases) -> str:
    """The documented figure that is most worth looking up, which the table may be too short for."""
    figures = [worth for worth in found.worths if worth.rests_on == "figure"]
    if not figures:
        return ""
    first = max(figures, key=lambda worth: worth.estimate)
    told = "beyond chance" if first.beyond_chance else "not to be told from chance"
    name = say.known("parameter", first.parameter)
    return f"\nof documented figures, the first to look up again is “{name}”: {first.estimate:.2f}, {told}"


def _ordinal(choice: Choice) -> list[RenderableType]:
    """The ordinal test of the choice and of the game, in sentences."""
    found, game, cast = choice.ordinal, choice.game, choice.cast
    lines = [
        "If only rankings are believed: maximin and satisficing stay by construction, and so do pure equilibria.",
        f"Under {found.draws} random increasing transformations of the outcomes (seed {found.seed}) the option of "
        f"largest expectation stays in {_of(found.expected_kept, found.draws)}, that of least policy regret in "
        f"{_of(found.policy_regret_kept, found.draws)}.",
    ]
    if found.dominating:
        lines.append(
            f"Dominates every other option, first order, and so is of largest expectation whatever the magnitudes: "
            f"{tied(choice, found.dominating)}."
        )
    else:
        lines.append(f"No option dominates all others, first order; {len(found.undominated)} are undominated.")
    if game.by_margin is not None:
        say, actions = in_english(cast), cast.profiles[game.by_margin]
        replies = ", ".join(
            f"{say.does(player, action)} {_of(sure, game.draws)}"
            for player, (action, sure) in enumerate(zip(actions, game.sure_replies, strict=True))
        )
        picked = (
            f"stays the pick of margins in {_of(game.margin_kept, game.draws)}"
            if len(game.equilibria) > 1
            else "is the only equilibrium throughout, as it must be"
        )
        lines.append(
            f"The scenario's game with magnitudes redrawn {game.draws:,} times (seed {game.seed}): "
            f"{say.profile(actions)} {picked}. Best reply also to others who act at random: {replies}."
        )
    else:
        lines.append("The scenario's game has no pure equilibrium of which the same could be asked.")
    return [Text(f"\n{lines[0]}", style="bold"), *(Text(line) for line in lines[1:])]
