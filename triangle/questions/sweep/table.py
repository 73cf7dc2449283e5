"""What a sweep found, for reading: shares of games by configuration, counts, intervals."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.batch.takeover import VERDICTS
from triangle.games.bitboards import profiles_of
from triangle.measures.cautions import Cautions
from triangle.players.sets import configuration_masks
from triangle.questions.sweep.answer import by_size, interval_kind, share_interval
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.tables import new_table
from triangle.showing.worded import caution_sentences, cautions_in_words, configuration_title
from triangle.sweeps.job import Job
from triangle.sweeps.run import Run
from triangle.sweeps.tally import Tally

#: Most sets of equilibria that are listed.
MOST_SETS = 12


def sweep_tables(run: Run) -> RenderableType:
    """Tables for people: configurations, then the most frequent sets of equilibria."""
    design, say = run.job.design, spoken(run.job.cast)
    parts: list[RenderableType] = []
    kind = interval_kind(design, of_one=True)
    for sentence in caution_sentences(cautions_in_words(Cautions({}, design.correlation), say)):
        parts.append(Text(sentence, style="yellow"))
    for (name, tally), hold in zip(run.tallies.items(), run.job.holds, strict=True):
        for sentence in caution_sentences(cautions_in_words(Cautions(run.job.cast.named_some(hold)), say)):
            parts.append(Text(f"{name}: {sentence}", style="yellow"))
        if tally.means is not None and run.job.takeover.method != "pure":
            parts.append(_means_table(name, tally, run.job, kind))
        parts.append(_configuration_table(name, tally, kind, design.samples))
        parts.append(_set_table(name, tally))
        if tally.agreement_proof is not None:
            trust = written(run.job.takeover.trust or 0.0, "g")
            said = told("{scenario}, agreement-proof at trust {trust}", scenario=name, trust=trust)
            plain = kind if kind == "wilson" else None
            parts.append(_configuration_table(said, tally.agreement_proof, plain, design.samples))
            parts.append(_set_table(said, tally.agreement_proof))
    return Group(*parts)


def _means_table(name: str, tally: Tally, job: Job, kind: str | None) -> RenderableType:
    """Mean probability of each configuration, or its range over the equilibria."""
    means, takeover = tally.means, job.takeover
    assert means is not None
    if takeover.method == "logit":
        title = told(
            "{scenario}: logit equilibria, λ = {lam} over the payoff range"
            if takeover.normalised
            else "{scenario}: logit equilibria, λ = {lam} per {unit}",
            scenario=name,
            lam=written(takeover.lam, "g"),
        )
        groups = {"probability": "mean probability"}
        of = "configuration"
    else:
        title = told("{scenario}: pure equilibria, mixed ones where there are none", scenario=name)
        # Short headings, since the four columns of numbers shall leave room for the names on a narrow terminal.
        of, groups = "mean probability of", {"low": "at least", "high": "at most"}
    found = {text: tally.notes.get(text, 0) for text in VERDICTS}
    counts = ", ".join(f"{written(count, ',')} {word(text)}" for text, count in found.items() if count)
    title += f" ({counts or told('none asked for')})"
    columns = [of]
    for heading in groups.values():
        columns += [f">{heading}"] + ([">95 % interval"] if kind else [])
    shown = new_table(*columns, title=title)
    for key in configuration_masks(tally.cast):
        cells = [configuration_title(key, tally.cast)]
        for group in groups:
            low, high = means.interval((group, key), job.design.samples)
            cells += [written(means.mean((group, key)), ".2%")] + ([_span(low, high)] if kind else [])
        shown.add_row(*cells)
    return shown


def _configuration_table(name: str, tally: Tally, kind: str | None, draws: int) -> RenderableType:
    columns = ["has a pure equilibrium of", ">games", ">share"] + ([">95 % interval"] if kind else [])
    keys = configuration_masks(tally.cast)
    rows = [(configuration_title(key, tally.cast), key, tally.count(key)) for key in keys]
    rows.append((told("no pure equilibrium"), "none", int(tally.numbers[0])))
    rows.append((told("several pure equilibria"), "several", int(tally.numbers[2:].sum())))
    games = "{scenario}: {n} game" if tally.games == 1 else "{scenario}: {n} games"
    shown = new_table(*columns, title=told(games, scenario=name, n=int(tally.games)))
    for title, pattern, count in rows:
        interval = []
        if kind is not None:
            low, high = share_interval(tally, pattern, count, kind, draws)
            interval = [_span(low, high)]
        shown.add_row(title, written(count, ","), written(count / max(tally.games, 1), ".2%"), *interval)
    return shown


def _set_table(name: str, tally: Tally) -> RenderableType:
    title = told("{scenario}: the most frequent sets", scenario=name)
    shown = new_table("set of pure equilibria", ">games", ">share", title=title)
    say = spoken(tally.cast)
    for mask, count in by_size(tally)[:MOST_SETS]:
        profiles = [tally.cast.profiles[profile] for profile in profiles_of(mask)]
        shown.add_row(say.profiles(profiles), written(count, ","), written(count / tally.games, ".2%"))
    return shown


def _span(low: float, high: float) -> str:
    return f"{written(low, '.2%')} – {written(high, '.2%')}"
