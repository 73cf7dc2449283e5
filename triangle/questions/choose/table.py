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
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, amount, new_table

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
    say = spoken(choice.cast)
    moved = [(n, v) for n, v, o in zip(choice.levers, its, own, strict=True) if v != o]
    named = (f"{say.known('parameter', name)} {written(value, 'g')}" for name, value in moved)
    return ", ".join(named) or told("as it is")


def tied(choice: Choice, options: Sequence[int]) -> str:
    """The chosen option that changes least, and how many others do as well."""
    least = least_change(choice, options)
    more = told(" (and {n} that tie)", n=len(options) - 1) if len(options) > 1 else ""
    return option_text(choice, least) + more


def least_change(choice: Choice, options: Sequence[int]) -> int:
    """The option of these that changes the fewest levers."""
    return min(options, key=lambda o: (_departure(choice, o), o))


def _departure(choice: Choice, option: int) -> int:
    own = choice.options[choice.reference]
    return sum(a != b for a, b in zip(choice.options[option], own, strict=True))


def percent(share: float, low: float, high: float) -> str:
    """A share with its interval."""
    return f"{written(share, '.1%')} ({written(low, '.1%')}–{written(high, '.1%')})"


def _of(count: int, draws: int) -> str:
    return percent(count / draws, *wilson(count, draws))


def choice_tables(choice: Choice) -> RenderableType:
    """What ``choose`` shows."""
    say = spoken(choice.cast)
    names = [words_of(say.parameter(name)) for name in choice.levers]
    own = ", ".join(f"{n} {written(v, 'g')}" for n, v in zip(names, choice.options[choice.reference], strict=True))
    title = told("Robust choice of {player}", player=say.named(choice.player, "within"), whose=say.whose(choice.player))
    listed = told("{n} options; as it is: {own}.", n=len(choice.options), own=own)
    drawn = told(
        "{n} worlds, the same for all options: Sobol' draws, seed {seed}, of {drawn} uncertain parameters.",
        n=choice.samples,
        seed=str(choice.seed),
        drawn=choice.drawn,
    )
    head = Text.assemble((title, "bold"), f" ({choice.scenario})\n{listed}\n{drawn} {_without(choice)}")
    robust = choice.robust()
    verdict = (
        told("Best by every criterion under every rule: {option}.", option=tied(choice, robust))
        if robust
        else told("No option is best by every criterion under every rule: the choice depends on how one judges.")
    )
    return Group(
        head,
        Text(verdict, style="bold"),
        _chosen_table(choice),
        _option_table(choice, choice.tables[0]),
        _information_table(choice),
        *_ordinal(choice),
    )


def _without(choice: Choice) -> str:
    low, high = min(choice.without), max(choice.without)
    template = (
        "In {low} of them no posture is stable; the security level counts there."
        if low == high
        else "In {low} to {high} of them, by option, no posture is stable; the security level counts there."
    )
    return told(template, low=low, high=high)


def _chosen_table(choice: Choice) -> RenderableType:
    say = spoken(choice.cast)
    rows = new_table("selection", *(TITLES[c] for c in CRITERIA), title=told("What each criterion chooses"))
    for table in choice.tables:
        rows.add_row(say.known("rule", table.rule), *(tied(choice, chosen) for chosen in table.chosen))
        rows.add_section()
    rows.footing = told("selection: which of several equilibria is played; worst, best: for the player who chooses")
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
    called = spoken(choice.cast).known("rule", table.rule)
    rows = new_table(
        "option",
        ">expected",
        ">gain on as it is",
        ">better / worse",
        ">worst",
        ">policy regret",
        ">satisficing",
        f">{told('{first}, {second} apart', first=choice.cast.codes[RU], second=choice.cast.codes[CN])}",
        "Pareto",
        title=told("The options under the rule “{rule}” ({unit}; 95 % intervals)", rule=called),
    )
    for option in listed_options(choice, table):
        row = table.rows[option]
        apart = choice.apart[option]
        rows.add_row(
            option_text(choice, option),
            f"{amount(row.expected)} ± {amount(row.half_width)}",
            f"{written(row.gain, '+,.1f')} ± {amount(row.gain_half_width)}",
            f"{written(row.better, '.1%')} / {written(row.worse, '.1%')}",
            amount(row.worst),
            amount(row.policy_regret),
            percent(row.satisficing, row.satisficing_low, row.satisficing_high),
            percent(apart, *share_interval(apart, choice.samples)),
            told("yes") if row.pareto else "",
        )
    pareto = sum(row.pareto for row in table.rows)
    rows.footing = told(
        "satisficing: at least {threshold} {unit}; policy regret: the most that hindsight would have saved in any "
        "world; better / worse than as it is: shares of worlds, their intervals at most ±{widest}; {pareto} of {n} "
        "options are in the Pareto set",
        threshold=amount(table.threshold),
        widest=written(_widest(choice, table), ".1%"),
        pareto=pareto,
        n=len(table.rows),
    )
    return rows


def _widest(choice: Choice, table: RuleTable) -> float:
    """Half the widest interval of the shares of worlds in which a listed option is better, or worse."""
    shares = [share for o in listed_options(choice, table) for share in (table.rows[o].better, table.rows[o].worse)]
    return max((high - low) / 2 for low, high in (share_interval(share, choice.samples) for share in shares))


def _information_table(choice: Choice) -> RenderableType:
    found = choice.information
    say = spoken(choice.cast)
    if not any(worth.beyond_chance for worth in found.worths):
        return Text(f"\n{say.word('finds.best_everywhere' if found.evpi == 0 else 'finds.nothing_to_look_up')}")
    say = spoken(choice.cast)
    rows = new_table(
        "parameter",
        TYPED,
        "rests on",
        ">worth knowing",
        ">cross-validated",
        "beyond chance",
        title=told(
            "What is worth looking up before choosing ({unit}, rule “{rule}”)",
            rule=say.known("rule", choice.tables[0].rule),
        ),
    )
    for worth in [worth for worth in found.worths if worth.estimate > 0][:MOST]:
        rows.add_row(
            say.known("parameter", worth.parameter),
            worth.parameter,
            word(worth.rests_on),
            _two(worth.estimate),
            told(
                "{value} ({low} to {high})",
                value=_two(worth.cross),
                low=_two(worth.cross_low),
                high=_two(worth.cross_high),
            ),
            told("yes") if worth.beyond_chance else told("no"),
        )
    tells = told(
        "all of them together (EVPI): {evpi}; a parameter that tells nothing comes out at {chance}, at most {most}; "
        "{n} bins; more draws tell more apart",
        evpi=_two(found.evpi),
        chance=_two(found.chance),
        most=_two(found.chance_high),
        n=found.bins,
    )
    rows.footing = f"{tells}{_figure(found, say)}"
    return rows


def _figure(found: Information, say: Phrases) -> str:
    """The documented figure that is most worth looking up, which the table may be too short for."""
    figures = [worth for worth in found.worths if worth.rests_on == "figure"]
    if not figures:
        return ""
    first = max(figures, key=lambda worth: worth.estimate)
    template = (
        "of documented figures, the first to look up again is “{name}”: {worth}, beyond chance"
        if first.beyond_chance
        else "of documented figures, the first to look up again is “{name}”: {worth}, not to be told from chance"
    )
    name = say.known("parameter", first.parameter)
    return f"\n{told(template, name=name, worth=_two(first.estimate))}"


def _two(number: float) -> str:
    return written(number, ".2f")


def _ordinal(choice: Choice) -> list[RenderableType]:
    """The ordinal test of the choice and of the game, in sentences."""
    found, game, cast = choice.ordinal, choice.game, choice.cast
    lines = [
        told("If only rankings are believed: maximin and satisficing stay by construction, and so do pure equilibria."),
        told(
            "Under {n} random increasing transformations of the outcomes (seed {seed}) the option of largest "
            "expectation stays in {expected}, that of least policy regret in {regret}.",
            n=found.draws,
            seed=str(found.seed),
            expected=_of(found.expected_kept, found.draws),
            regret=_of(found.policy_regret_kept, found.draws),
        ),
    ]
    if found.dominating:
        lines.append(
            told(
                "Dominates every other option, first order, and so is of largest expectation whatever the magnitudes: "
                "{option}.",
                option=tied(choice, found.dominating),
            )
        )
    else:
        template = "No option dominates all others, first order; {n} are undominated."
        lines.append(told(template, n=len(found.undominated)))
    if game.by_margin is not None:
        say, actions = spoken(cast), cast.profiles[game.by_margin]
        replies = ", ".join(
            f"{say.does(player, action)} {_of(sure, game.draws)}"
            for player, (action, sure) in enumerate(zip(actions, game.sure_replies, strict=True))
        )
        redrawn = (
            "The scenario's game with magnitudes redrawn {n} times (seed {seed}): {profile} stays the pick of margins "
            "in {kept}. Best reply also to others who act at random: {replies}."
            if len(game.equilibria) > 1
            else "The scenario's game with magnitudes redrawn {n} times (seed {seed}): {profile} is the only "
            "equilibrium throughout, as it must be. Best reply also to others who act at random: {replies}."
        )
        lines.append(
            told(
                redrawn,
                n=game.draws,
                seed=str(game.seed),
                profile=say.profile(actions),
                kept=_of(game.margin_kept, game.draws),
                replies=replies,
            )
        )
    else:
        lines.append(told("The scenario's game has no pure equilibrium of which the same could be asked."))
    return [Text(f"\n{lines[0]}", style="bold"), *(Text(line) for line in lines[1:])]
