"""Tables for people of how the triangle goes over the years."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.axes import RU
from triangle.players.configurations import Configuration, configurations
from triangle.questions.path.forever.record import Forever
from triangle.questions.path.record import Against, Band, Certificate, Commitment, Course, Waiting, Year, interval
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.runs import Text as Runs
from triangle.showing.runs import words_of
from triangle.showing.tables import amount, form_text, new_table
from triangle.showing.worded import configuration_title, pattern, quoted

#: The wooed's action of siding with its partner alone.
ALIGN = 1


#: Configurations with a smaller mean probability in every year are neither tabled nor drawn.
LEAST = 0.005


def shown_configurations(course: Course) -> list[tuple[int, Configuration]]:
    """The configurations that are likely enough in some year to be shown, with their places."""
    examples = {one.key: one for one in configurations(course.cast)}
    return [
        (place, examples[key])
        for place, key in enumerate(course.configurations)
        if max(year.configurations[place].mean for year in course.years) >= LEAST
    ]


def course_told(course: Course, say: Phrases) -> Runs:
    """The likeliest configurations of the first and of the last year, in one sentence."""
    first, last = course.years[0], course.years[-1]
    shown = shown_configurations(course)
    return say(
        "course.told", n=course.samples, first=str(first.year), last=str(last.year),
        before=_likeliest(first, shown, say), after=_likeliest(last, shown, say),
    )  # fmt: skip


def _likeliest(year: Year, shown: Sequence[tuple[int, Configuration]], say: Phrases) -> Runs:
    likely = [(k, c) for k, c in shown if year.configurations[k].mean >= LEAST]
    ordered = sorted(likely, key=lambda one: -year.configurations[one[0]].mean)[:2]
    shares = [
        say("course.share", triangle=say.triangle(c), share=say.percent(year.configurations[k].mean))
        for k, c in ordered
    ]
    return say.listed(shares)


def course_tables(course: Course) -> RenderableType:
    """What ``path`` shows."""
    shown, many, say = shown_configurations(course), course.samples > 1, spoken(course.cast)
    titles = [configuration_title(c.key, course.cast) for _, c in shown]
    bounded = course.rule == "bounds"
    aligns = told("{who} aligns", who=say.country(course.cast.codes[RU]))
    rows = new_table(
        *("year", *(f">{title}" for title in titles), f">{aligns}", ">hazard of a split"),
        *((">undecided",) if bounded else ()), *((">judged rates",) if many else ()),
        title=told(
            "Probability of each configuration, mean over {n} worlds, and where the middle 90 % of them and, at 95 %, "
            "the mean lie"
            if many
            else "Probability of each configuration",
            n=course.samples,
        ),
    )  # fmt: skip
    for year in course.years:
        rows.add_row(
            str(year.year),
            *(_chances(year.configurations[k], course.samples) for k, _ in shown),
            _chance(year.actions[RU][ALIGN]),
            "–" if year.hazard is None else written(year.hazard, ".4f"),
            *((_chance(year.undecided),) if bounded else ()),
            *((_chance(year.judged),) if many else ()),
        )
    finding = Text(words_of(course_told(course, say)), style="bold")
    parts: list[RenderableType] = [*heading(course), finding, rows]
    if course.turns:
        parts.append(_turns(course))
    parts += [Text(line) for line in course_notes(course)]
    return Group(*parts)


def heading(course: Course | Forever) -> list[RenderableType]:
    """The path and its question; a course that an earlier version kept has its name alone."""
    if not course.title:
        return [Text(course.path)]
    return [
        Text.assemble((word(course.title), "bold"), f" ({course.path})"),
        Text(word(course.question), style="italic"),
    ]


def _turns(course: Course) -> RenderableType:
    turns = new_table("year", "what happens", "moves most", ">before", ">after", title=told("Years of change"))
    for turn in course.turns:
        # A year in which nothing moves more than by rounding is listed, and not called a turn towards something.
        moves = not math.isclose(turn.before, turn.after, abs_tol=1e-12)
        moved = configuration_title(turn.configuration, course.cast), _chance(turn.before), _chance(turn.after)
        happens = happening(turn.what, course)
        turns.add_row(str(turn.year), happens, *(moved if moves else (told("nothing"), "–", "–")))
    return turns


def happening(what: str, course: Course) -> str:
    """What happens in a year of change, in words: parameters that meet, or how a state turns."""
    say = spoken(course.cast)
    if met := re.fullmatch(r"(\w+) meets (\w+) \(median\)", what):
        first, second = (quoted(say.known("parameter", name)) for name in met.groups())
        return told("{first} meets {second} (median)", first=first, second=second)
    name, _, turn = what.partition(": ")
    state = say.known("state", name)
    level, likelier, _ = turn.partition(" is likelier than not")
    if likelier:
        return told("{state}: {level} is likelier than not", state=state, level=say.known("level", level))
    return f"{state}: {word(turn.replace('_', ' '))}"


def worlds_notes(found: Course | Commitment | Waiting | Forever, last: int) -> list[str]:
    """Of which worlds it is, how one of several equilibria is picked, which year goes on for ever, and who is held."""
    say = spoken(found.cast)
    lines = [
        told(
            "{worlds}, seed {seed}, selection by {rule}, {form}; {last} goes on for ever.",
            worlds=told("the one world of the given values" if found.samples == 1 else "{n} worlds", n=found.samples),
            seed=str(found.seed),
            rule=say.known("rule", found.rule),
            form=form_text(found.form),
            last=str(last),
        )
    ]
    held = ", ".join(_held(one, say) for one in found.holds)
    return [*lines, told("Held: {held}. Held players do not deviate.", held=held)] if held else lines


def _held(text: str, say: Phrases) -> str:
    """Who is held at what, and in which years where it is not in all.

    >>> from triangle.players.cast import SHIPPED
    >>> _held("US=court_russia@2025-2028", spoken(SHIPPED))
    'US court Russia (2025–2028)'
    """
    what, _, years = text.partition("@")
    return f"{pattern(what, say)} ({years.strip().replace('-', '–')})" if years else pattern(what, say)


def course_notes(course: Course) -> list[str]:
    """What is said under the table, and under every picture."""
    lines = worlds_notes(course, course.last)
    if course.split > 0 and course.split_year is not None:
        lines.append(
            told(
                "No two powers are linked with more than even chance, in some year, in {share} of worlds; first in "
                "{year} (median).",
                share=written(course.split, ".1%"),
                year=f"{course.split_year:.0f}",
            )
        )
    else:
        lines.append(told("In no world does the chance that no two powers are linked exceed one half in any year."))
    judged = [year.judged for year in course.years if year.judged is not None]
    if judged:
        lines.append(
            told(
                "Judged rates account for {low} to {high} of the variance of these probabilities, depending on the "
                "year; what is uncertain in the scenario accounts for the rest.",
                low=written(min(judged), ".1%"),
                high=written(max(judged), ".1%"),
            )
        )
    if course.against is not None:
        lines.append(_against(course, course.against))
    if course.rule == "bounds":
        lines.append(
            told("Undecided: worlds in which the configuration depends on which equilibrium is selected somewhere.")
        )
    if course.certificate.none > 0:
        lines.append(
            told(
                "Where a stage game has no pure equilibrium, the {which} mixed one found is played, supports walked "
                "from the smallest.",
                which=word(course.mixed),
            )
        )
    return [*lines, certificate_text(course.certificate)]


def _against(course: Course, found: Against) -> str:
    """What ladders of another fineness do, in one sentence."""
    apart = written(found.apart, ".3f")
    if apart == written(0.0, ".3f"):
        return told(
            "With {levels} levels of every ladder, the same worlds move no probability by as much as {least}.",
            levels=str(found.levels),
            least=written(0.001, "g"),
        )
    return told(
        "With {levels} levels of every ladder, the same worlds move no probability by more than {apart} ({what}, "
        "{year}); none leaves its brackets."
        if found.outside == 0
        else "With {levels} levels of every ladder, the same worlds move probabilities by up to {apart} ({what}, "
        "{year}); {outside} of {all} leave their brackets.",
        levels=str(found.levels),
        apart=apart,
        what=configuration_title(found.configuration, course.cast),
        year=str(found.year),
        outside=str(found.outside),
        all=str(len(course.years) * len(course.configurations)),
    )


def certificate_text(found: Certificate) -> str:
    """What was checked, in one sentence."""
    none, one, several = (written(share, ".1%") for share in (found.none, found.one, found.several))
    return told(
        "Certificate: over {n} states and years no player gains more than {gain} {unit} by deviating once (range of "
        "payoffs {range}). Stage games with no, one and several pure equilibria: {none}, {one}, {several}."
        if found.largest_gain > 0
        else "Certificate: over {n} states and years no player gains anything by deviating once (range of payoffs "
        "{range}). Stage games with no, one and several pure equilibria: {none}, {one}, {several}.",
        **{"n": found.state_years, "range": amount(found.payoff_range), "none": none, "one": one, "several": several},
        gain=written(found.largest_gain, ".1e"),
    )


def certified(gain: float) -> str:
    """What was checked, where the largest gain is all there is to say."""
    return told(
        "Certificate: no player gains more than {gain} {unit} by deviating once."
        if gain > 0
        else "Certificate: no player gains anything by deviating once.",
        gain=written(gain, ".1e"),
    )


def commitment_tables(found: Commitment) -> RenderableType:
    """What ``path --commit`` shows."""
    say = spoken(found.cast)
    giver, pivot = say.named(found.player, "within"), say.country(found.cast.codes[RU])
    title = told("Worth of promises that are never reversed, {unit}")
    gains = new_table("for", ">mean", ">middle 90 % of worlds", title=title)
    for player, band in found.gains:
        gains.add_row(say.country(player), _amount(band.mean), f"{_amount(band.low90)} … {_amount(band.high90)}")
    title = told("Probability of a romantic triangle, pivot {player}", player=pivot)
    course = new_table("year", ">as it is", ">promises bind", title=title)
    for year, before, after in found.years:
        course.add_row(str(year), _chance(before), _chance(after))
    finding = told(
        "If promises of {giver} were never reversed, the course would move by more than {least} somewhere in {share} "
        "of {n} worlds.",
        giver=giver,
        whose=say.whose(found.player),
        least=written(0.01, "g"),
        share=written(found.moved, ".1%"),
        n=found.samples,
    )
    note = told(
        "Worth is at the start; that to {giver} is not compared, since administrations weigh things differently, and a "
        "binding promise means that one of them stays.",
        giver=giver,
        whom=say.named(found.player, "subject"),
    )
    return Group(Text(finding, style="bold"), gains, course, *_of_worlds(found), _checked(note, found))


def waiting_tables(found: Waiting) -> RenderableType:
    """What ``path --wait`` shows."""
    say, player = spoken(found.cast), found.cast.player(found.player)
    waiter, suitor = say.named(found.player, "subject"), say.named(found.suitor, "within")
    best = new_table(
        "action", ">best constant action in", title=told("What flexibility is worth to {player}", player=waiter)
    )
    for action, share in enumerate(found.constant):
        best.add_row(say.action(player, action), written(share, ".1%"))
    window = new_table("year", f">{told('an offer moves {player}', player=waiter)}", title=told("The window"))
    for year, share in found.window:
        window.add_row(str(year), _chance(share))
    last = (
        told("In no world does an offer move {player} with more than even chance in any year.", player=waiter)
        if found.last is None
        else told(
            "The last year in which an offer moves {player} with more than even chance is {low} to {high} in the "
            "middle half of the worlds that have one; {never} have none.",
            player=waiter,
            low=f"{found.last.low50:.0f}",
            high=f"{found.last.high50:.0f}",
            never=written(found.never, ".1%"),
        )
    )
    note = told(
        "An offer: {player} alone is accommodated by {suitor} that year rather than nobody. Value of play less that of "
        "the best constant action: {gain} {unit}; more than one billion in {share} of worlds.",
        player=waiter,
        suitor=suitor,
        gain=_amounts(found.gain),
        share=written(found.above_one, ".1%"),
    )
    return Group(Text(last, style="bold"), best, window, *_of_worlds(found), _checked(note, found))


def _of_worlds(found: Commitment | Waiting) -> list[Text]:
    """Of which worlds it is; an answer that an earlier version kept does not say."""
    return [Text(line) for line in worlds_notes(found, found.horizon)] if found.form else []


def _checked(note: str, found: Commitment | Waiting) -> Text:
    return Text(f"{note} {certified(found.largest_gain)}")


def _amounts(band: Band) -> str:
    low, mean, high = (_amount(x) for x in (band.low90, band.mean, band.high90))
    return told("{mean} in the mean, {low} to {high} in the middle 90 % of worlds,", mean=mean, low=low, high=high)


def _amount(value: float) -> str:
    """An amount for reading; what is rounding shows as nothing."""
    return amount(value if abs(value) > 1e-6 else 0.0)


def _chance(value: float | None) -> str:
    return "–" if value is None else written(value, ".3f")


def spread(band: Band, many: bool) -> str:
    """A mean, and over many worlds where the middle 90 % of them lie."""
    return _between(band.mean, band.low90, band.high90, many)


def _chances(band: Band, worlds: int) -> str:
    """A probability, and over many worlds where they and the mean lie."""
    return _between(band.mean, *interval(band, worlds), worlds > 1)


def _between(mean: float, low: float, high: float, many: bool) -> str:
    shown = written(mean, ".3f")
    return f"{shown} ({written(low, '.2f')}–{written(high, '.2f')})" if many else shown
