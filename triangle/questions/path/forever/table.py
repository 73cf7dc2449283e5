"""Tables for people of what goes on for ever."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.path.forever.record import Forever
from triangle.questions.path.record import Band
from triangle.questions.path.table import LEAST, certified, heading, spread, worlds_notes
from triangle.showing.phrases import spoken, told, written
from triangle.showing.tables import amount, new_table
from triangle.showing.worded import configuration_title


def forever_tables(found: Forever) -> RenderableType:
    """What ``path --forever`` shows."""
    parts: list[RenderableType] = [*heading(found), Text(_finding(found), style="bold")]
    if found.long_run:
        parts += [_configurations(found), *([_levels(found)] if found.states else [])]
    return Group(*parts, *(Text(line) for line in _notes(found)))


def _finding(found: Forever) -> str:
    year = str(found.year)
    if not found.long_run:
        return told("If the conditions of {year} went on for ever, play would settle in no world.", year=year)
    likely = sorted(zip(found.long_run, found.configurations, strict=True), key=lambda one: -one[0].mean)[:2]
    shares = [
        told("{triangle} {share} of the time", triangle=configuration_title(key, found.cast), share=_part(band))
        for band, key in likely
        if band.mean >= LEAST
    ]
    return told(
        "If the conditions of {year} went on for ever, the long run would be {shares}."
        if found.cycles == 0
        else "If the conditions of {year} went on for ever, the long run would be {shares}, in worlds in which play "
        "settles.",
        year=year,
        shares=told("{a} and {b}", a=shares[0], b=shares[1]) if len(shares) > 1 else shares[0],
    )


def _part(band: Band) -> str:
    return written(band.mean, ".1%")


def _configurations(found: Forever) -> RenderableType:
    many = found.samples > 1
    rows = new_table(
        "configuration", ">in the first year", ">in the long run",
        title=told(
            "Probability in the first year and share of time in the long run, mean over worlds and where the middle "
            "90 % of them lie"
            if many
            else "Probability in the first year and share of time in the long run"
        ),
    )  # fmt: skip
    for key, first, later in zip(found.configurations, found.at_first, found.long_run, strict=True):
        if max(first.mean, later.mean) >= LEAST:
            rows.add_row(configuration_title(key, found.cast), spread(first, many), spread(later, many))
    return rows


def _levels(found: Forever) -> RenderableType:
    say, many = spoken(found.cast), found.samples > 1
    rows = new_table("state variable", ">at the start", ">in the long run", title=told("Mean of each state variable"))
    for name, level, start, later in zip(found.states, found.named, found.starts, found.levels, strict=True):
        state = say.known("state", name)
        title = told("{state}: {level}, probability", state=state, level=say.known("level", level)) if level else state
        rows.add_row(title, written(start, ".3f"), spread(later, many))
    return rows


def _notes(found: Forever) -> list[str]:
    percent = {name: written(getattr(found, name), ".1%") for name in ("certified", "epsilon", "cycles")}
    lines = [
        *worlds_notes(found, found.year),
        told(
            "What is dated and comes again, as elections, happens in any year with its share of a year; what is dated "
            "once is over."
        ),
        told("Stationary play is found and certified in every world.")
        if found.certified == 1
        else told(
            "Stationary play is certified in {certified} of worlds, settled with a gain for somebody in {epsilon}, and "
            "goes on changing in {cycles}, which are left out of the tables.",
            **percent,
        ),
    ]
    if found.followed:
        lines.append(
            told("Worlds in which play cycled and whose logit path was followed to its end: {n}.", n=found.followed)
        )
    elif found.followed is None and found.cycles > 0:
        lines.append(
            told(
                "--follow looks for the equilibrium of worlds that cycle at the end of their logit path, which takes "
                "minutes a world; less with fewer --levels."
            )
        )
    if found.unsettled > 0:
        lines.append(
            told("In {share} of worlds shares of time had not come to rest.", share=written(found.unsettled, ".1%"))
        )
    return [*lines, _certificate(found)] if found.long_run else lines


def _certificate(found: Forever) -> str:
    return told(
        "{checked} Tried in {n} states of all worlds; range of payoffs {range}.",
        checked=certified(found.largest_gain),
        **{"n": found.state_worlds, "range": amount(found.payoff_range)},
    )
