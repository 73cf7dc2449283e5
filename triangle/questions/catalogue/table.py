"""Cards and lists of figures, parameters, scenarios, terms and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from triangle.evidence.figure import Figure
from triangle.model.instruments import Number
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.questions.catalogue.answer import InstrumentCard
from triangle.scenarios.scenario import Change, Scenario, themed
from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import Phrases, noted, shipped, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, cite, figure_text, place_text
from triangle.showing.worded import quoted


def figure_card(figure: Figure, model: Model) -> RenderableType:
    """Everything known about a figure."""
    source = model.ledger.source_of(figure)
    say = spoken(model.cast)
    users = [named(p.name, say) for p in model.catalogue if figure.id in p.figures]
    anchored = [named(p.name, say) for p in model.catalogue if figure.id in p.anchors]
    bounded = [named(p.name, say) for p in model.catalogue if figure.id in p.ends]
    date = (
        told("{date} (inferred: {source})", date=source.date, source=word(source.inferred_from))
        if source.date_inferred
        else source.date
    )
    rows = {
        word("value"): figure_text(figure, model) + (f" ({word(figure.of)})" if figure.of else ""),
        word("period"): word(figure.period),
        word("about"): figure.subject,
        word("says"): word(figure.paraphrase),
        word("kind"): word(figure.kind),
        word("interval"): _interval_of(figure),
        word("sample"): word(figure.sample),
        word("reference"): figure.reference,
        word("source"): ", ".join(map(shipped, (source.author, source.title, source.publisher))),
        word("dated"): date,
        word("where"): (f"{source.file}, " if source.file else "") + place_text(figure, model),
        word("standing"): word(
            "figure of a document" if source.kind == "document" else "external, not from the documents"
        ),
        word("verified"): word(VERIFIED_WORDS[figure.verified]),
        word("conflicts"): _others(figure.conflicts_with, model),
        word("rivals"): _others(figure.rivals, model),
        word("caution"): word(figure.caution),
        word("parameters"): ", ".join(users) or ("" if anchored or bounded else told("none: context only")),
        word("bounds"): ", ".join(bounded),
        word("anchors"): ", ".join(anchored),
    }
    return _card(figure.id, rows)


#: How an external figure was checked, in words.
VERIFIED_WORDS = {
    "": "",
    "copy": "read in the source, or in a copy or abstract of it",
    "report": "read in a report of the source",
    "computed": "computed here from a public data set",
    "no": "not checked",
}


def _others(names: Sequence[str], model: Model) -> str:
    """Other figures with their values."""
    return "; ".join(f"{name}: {figure_text(model.ledger[name], model)}" for name in names)


def _interval_of(figure: Figure) -> str:
    """An estimate's interval and what it means; empty where there is none."""
    if figure.interval is None:
        return ""
    low, high = figure.interval
    level = written(figure.level, ".0%") if isinstance(figure.level, float) else word(str(figure.level))
    return told("{low} to {high} ({level})", low=written(low, "g"), high=written(high, "g"), level=level)


def parameter_card(p: Parameter, model: Model) -> RenderableType:
    """Everything known about a parameter."""
    from triangle.model.calibration import meaning

    say = spoken(model.cast)
    rows = {
        word("called"): say.known("parameter", p.name),
        word("symbol"): p.symbol,
        word("meaning"): word(p.meaning),
        word("value"): f"{_six(p.default)} {say.unit(p.unit)}",
        word("range"): told(
            "none of its own: moves with {parameters}", parameters=", ".join(named(name, say) for name in p.reads)
        )
        if p.follows
        else told("{low} to {high} ({prior})", low=_six(p.low), high=_six(p.high), prior=word(p.prior)),
        word("hard bounds"): noted(p.hard_text),
        word("role"): say.word(f"role.{p.role}"),
        word("backing"): say.word(f"backing.{p.backing}"),
        word("bridge"): word(p.bridge),
        word("measured"): word(p.measures),
        word("formula"): f"{p.formula}: {word(meaning(p.formula))}" if p.formula else "",
        word("because"): word(p.because),
        word("chosen"): word(p.chooses),
        word("figures"): "\n".join(cite(model.ledger[name], model) for name in p.figures),
        word("computed from"): "\n".join(
            f"{named(name, say)}: {_six(model.catalogue[name].default)} {say.unit(model.catalogue[name].unit)}"
            for name in p.reads
        ),
        word("rivals"): "\n".join(rival_line(name, p, model) for name in p.rivals),
        word("range from"): "\n".join(cite(model.ledger[name], model) for name in p.ends),
        word("leans on"): "\n".join(cite(model.ledger[name], model) for name in p.anchors),
    }
    return _card(p.name, rows)


def _six(number: float) -> str:
    return written(number, ".6g")


def named(parameter: str, say: Phrases) -> str:
    """A parameter by what it is called, and behind it what is typed."""
    return words_of(say.parameter(parameter))


def rival_line(name: str, p: Parameter, model: Model) -> str:
    """Another value for the same parameter, which it can be set to, and where that comes from."""
    from triangle.model.calibration import meaning
    from triangle.model.parameters import formula_number

    if name in model.ledger.figures:
        return cite(model.ledger[name], model)
    number = formula_number(name, model.ledger, model.cast, model.catalogue.defaults())
    return f"{name}: {_six(number)} {spoken(model.cast).unit(p.unit)} — {word(meaning(name))}"


def scenario_card(scenario: Scenario, model: Model) -> RenderableType:
    """Everything a scenario says."""
    say = spoken(model.joined_by(scenario.players).cast)
    rows = {
        word("title"): word(scenario.title),
        word("question"): word(scenario.question),
        word("author"): f"{word(scenario.author)}, {scenario.date.isoformat()}",
        word("base"): scenario.base or told("none: the parameters as they stand"),
        word("narrative"): word(" ".join(scenario.narrative.split())),
        word("changes"): "\n".join(_change_line(change, model, say) for change in scenario.changes),
        word("inherits"): "\n".join(_change_line(change, model, say) for change in scenario.inherited),
        word("held"): ", ".join(
            told("{player} at “{action}”", player=player, action=say.action_of(player, action))
            for player, action in scenario.hold.items()
        ),
        word("order"): " → ".join(told(" and ").join(stage) for stage in scenario.order or ()),
        word("figures"): "\n".join(cite(model.ledger[name], model) for name in scenario.figures),
        word("claims"): ", ".join(scenario.claims),
        word("the documents expect"): word(scenario.expect)
        + (f" ({word(scenario.expect_source)})" if scenario.expect_source else ""),
    }
    return _card(scenario.name, rows)


def _change_line(change: Change, model: Model, say: Phrases) -> str:
    unit = say.unit(model.catalogue[change.parameter].unit)
    base, value = (written(number, "g") for number in (change.base, change.value))
    ends = ""
    if change.low is not None and change.high is not None:
        low, high = (written(number, "g") for number in (change.low, change.high))
        ends = told(", {low} to {high} in sweeps", low=low, high=high)
    return f"{named(change.parameter, say)} {base} → {value} {unit}{ends}: {word(change.because)}"


def term_card(name: str, model: Model, parameters: Sequence[str]) -> RenderableType:
    """A payoff term's definition and the parameters it reads."""
    import inspect

    say = spoken(model.cast)
    reads = ", ".join(named(parameter, say) for parameter in parameters)
    definition = inspect.getdoc(model.terms[name]) or ""
    rows = {word("called"): say.known("term", name), word("definition"): definition, word("parameters"): reads}
    return _card(name, rows)


def source_card(key: str, model: Model) -> RenderableType:
    """Everything known about a source."""
    source = model.ledger.sources[key]
    figures = [figure.id for figure in model.ledger if figure.source == key]
    rows = {word(field): shipped(str(value)) for field, value in vars(source).items() if value not in ("", False)}
    return _card(key, {**rows, word("figures"): f"{len(figures)}: {', '.join(figures)}"})


def instrument_card(card: InstrumentCard, model: Model) -> RenderableType:
    """What an instrument costs Russia, who lifts it, and what that rests on."""
    it, say = card.instrument, spoken(model.cast)
    rows = {
        word("meaning"): shipped(it.meaning),
        word("costs Russia"): told(
            "{cost} {unit}, {share} of all instruments ({rests})",
            cost=written(it.cost, ".3g"),
            share=written(it.share, ".1%"),
            rests=_rests(it.table.cost, say),
        ),
        word("because"): shipped(it.table.cost.because),
        word("Washington alone"): told(
            "{share} of it ({rests}): {because}",
            share=written(it.us, ".3g"),
            rests=_rests(it.table.us, say),
            because=shipped(it.table.us.because),
        ),
        word("figures"): "\n".join(cite(model.ledger[source.figure.id], model) for source in card.sources),
    }
    return _card(it.name, rows)


def _rests(number: Number, say: Phrases) -> str:
    """What stands behind a number of an instrument."""
    return (
        f"{say.word(f'backing.{number.backing}')} {number.formula or number.figure or number.parameter or ''}".strip()
    )


def _card(name: str, rows: dict[str, str]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    for label, text in rows.items():
        if text:
            table.add_row(label, Text(text))
    return Panel(table, title=Text(name), title_align="left", expand=False)


def figure_list(model: Model) -> RenderableType:
    """All figures, grouped by source."""
    table = new_table("figure", "value", "period", "where", title=told("Figures"))
    for figure in model.ledger:
        place = f"{figure.source}, {place_text(figure, model)}"
        table.add_row(figure.id, figure_text(figure, model), word(figure.period), place)
    documents, external = model.ledger.count("document"), model.ledger.count("external")
    template = "{documents} figures of the documents, {external} external"
    return Group(table, Text(told(template, documents=documents, external=external)))


def use_list(uses: Mapping[str, Mapping[str, str]], model: Model) -> RenderableType:
    """What each figure does, or why nothing, and how many do what first of all."""
    from triangle.questions.catalogue.uses import VERBS, count_by_kind

    title = told("Figures of the documents and what they do")
    table = new_table("figure", "value", "what it does", title=title)
    for name, does in uses.items():
        words = (
            told("nothing: {why}", why=noted(text))
            if kind == "none"
            else f"{word(VERBS[kind])}{text.removeprefix(VERBS[kind])}"
            for kind, text in does.items()
        )
        table.add_row(name, figure_text(model.ledger[name], model), "; ".join(words))
    counted = ", ".join(f"{count} {word(kind)}" for kind, count in count_by_kind(uses).items())
    template = "{n} figures, each counted by the first thing it does: {counted}"
    return Group(table, Text(told(template, n=len(uses), counted=counted)))


def parameter_list(model: Model) -> RenderableType:
    """All parameters with what stands behind each, and how many rest on what."""
    say = spoken(model.cast)
    table = new_table("parameter", TYPED, ">default", ">low", ">high", "unit", "role", "backing", "rests on")
    for p in model.catalogue:
        rests = ", ".join((*p.figures, *(quoted(say.known("parameter", name)) for name in p.reads))) or word(p.because)
        numbers = (written(number, ".5g") for number in (p.default, p.low, p.high))
        kinds = (say.unit(p.unit), say.word(f"role.{p.role}"), say.word(f"backing.{p.backing}"))
        table.add_row(say.known("parameter", p.name), p.name, *numbers, *kinds, rests)
    backings = ((say.word(f"backing.{kind}"), count) for kind, count in model.catalogue.backings.items())
    total = ", ".join(told("{n} by {kind}", n=count, kind=kind) for kind, count in backings)
    return Group(table, Text(told("{n} parameters are backed: {total}", n=len(model.catalogue), total=total)))


def scenario_list(scenarios: Iterable[Scenario]) -> RenderableType:
    """All scenarios that come with a cast and the questions they ask, theme by theme."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    tables = []
    for theme, names in themed(list(by_name)).items():
        table = new_table("scenario", "question", "base", ">changes", title=word(theme))
        for scenario in map(by_name.__getitem__, names):
            changes = written(len(scenario.changes), ",")
            table.add_row(scenario.name, word(scenario.question), scenario.base or "", changes)
        tables.append(table)
    return Group(*tables)


def term_list(model: Model) -> RenderableType:
    """All payoff terms, one line each."""
    import inspect

    say = spoken(model.cast)
    table = new_table("term", TYPED, "what it is", title=told("Payoff terms"))
    for name, term in model.terms.items():
        table.add_row(say.known("term", name), name, word((inspect.getdoc(term) or "").split(":")[0]))
    return table


def source_list(model: Model) -> RenderableType:
    """All sources."""
    table = new_table("source", "kind", "author", "title", "date", ">figures", title=told("Sources"))
    for key, source in model.ledger.sources.items():
        count = sum(figure.source == key for figure in model.ledger)
        date = told("{date} (inferred)", date=source.date) if source.date_inferred else source.date
        table.add_row(key, word(source.kind), shipped(source.by), shipped(source.title), date, str(count))
    return table


def instrument_list(model: Model) -> RenderableType:
    """All instruments of the sanctions: what each costs Russia, and who lifts it."""
    from triangle.model.instruments import read_instruments

    table = new_table(
        *("instrument", "what it is", f">{told('costs, {unit}')}", ">of all", ">Washington alone", "rests on"),
        title=told("Instruments"),
    )
    say = spoken(model.cast)
    for it in read_instruments(model.ledger, model.cast, model.catalogue.defaults()).values():
        rests = f"{_rests(it.table.cost, say)}; {_rests(it.table.us, say)}"
        numbers = (written(it.cost, ".3g"), written(it.share, ".1%"), written(it.us, ".3g"))
        table.add_row(it.name, shipped(it.meaning), *numbers, rests)
    return table
