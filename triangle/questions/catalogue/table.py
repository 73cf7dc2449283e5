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
from triangle.scenarios.scenario import Change, Scenario
from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, cite


def figure_card(figure: Figure, model: Model) -> RenderableType:
    """Everything known about a figure."""
    source = model.ledger.source_of(figure)
    say = in_english(model.cast)
    users = [named(p.name, say) for p in model.catalogue if figure.id in p.figures]
    anchored = [named(p.name, say) for p in model.catalogue if figure.id in p.anchors]
    bounded = [named(p.name, say) for p in model.catalogue if figure.id in p.ends]
    date = f"{source.date} (inferred: {source.inferred_from})" if source.date_inferred else source.date
    rows = {
        "value": f"{figure}" + (f" ({figure.of})" if figure.of else ""),
        "period": figure.period,
        "about": figure.subject,
        "says": figure.paraphrase,
        "kind": figure.kind,
        "interval": _interval_of(figure),
        "sample": figure.sample,
        "reference": figure.reference,
        "source": f"{source.author}, {source.title}, {source.publisher}",
        "dated": date,
        "where": (f"{source.file}, " if source.file else "") + figure.place,
        "standing": "figure of a document" if source.kind == "document" else "external, not from the documents",
        "verified": VERIFIED_WORDS[figure.verified],
        "conflicts": "; ".join(f"{o}: {model.ledger[o]}" for o in figure.conflicts_with),
        "rivals": "; ".join(f"{o}: {model.ledger[o]}" for o in figure.rivals),
        "caution": figure.caution,
        "parameters": ", ".join(users) or ("" if anchored or bounded else "none: context only"),
        "bounds": ", ".join(bounded),
        "anchors": ", ".join(anchored),
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


def _interval_of(figure: Figure) -> str:
    """An estimate's interval and what it means; empty where there is none."""
    if figure.interval is None:
        return ""
    low, high = figure.interval
    level = f"{figure.level:.0%}" if isinstance(figure.level, float) else figure.level
    return f"{low:g} to {high:g} ({level})"


def parameter_card(p: Parameter, model: Model) -> RenderableType:
    """Everything known about a parameter."""
    from triangle.model.calibration import meaning

    say = in_english(model.cast)
    rows = {
        "called": say.known("parameter", p.name),
        "symbol": p.symbol,
        "meaning": p.meaning,
        "value": f"{p.default:.6g} {p.unit}",
        "range": f"none of its own: moves with {', '.join(named(name, say) for name in p.reads)}"
        if p.follows
        else f"{p.low:.6g} to {p.high:.6g} ({p.prior})",
        "hard bounds": p.hard_text,
        "role": p.role,
        "backing": p.backing,
        "bridge": p.bridge,
        "measured": p.measures,
        "formula": f"{p.formula}: {meaning(p.formula)}" if p.formula else "",
        "because": p.because,
        "chosen": p.chooses,
        "figures": "\n".join(cite(model.ledger[name], model) for name in p.figures),
        "computed from": "\n".join(
            f"{named(name, say)}: {model.catalogue[name].default:.6g} {model.catalogue[name].unit}" for name in p.reads
        ),
        "rivals": "\n".join(rival_line(name, p, model) for name in p.rivals),
        "range from": "\n".join(cite(model.ledger[name], model) for name in p.ends),
        "leans on": "\n".join(cite(model.ledger[name], model) for name in p.anchors),
    }
    return _card(p.name, rows)


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
    return f"{name}: {number:.6g} {p.unit} — {meaning(name)}"


def scenario_card(scenario: Scenario, model: Model) -> RenderableType:
    """Everything a scenario says."""
    say = in_english(model.joined_by(scenario.players).cast)
    rows = {
        "title": scenario.title,
        "question": scenario.question,
        "author": f"{scenario.author}, {scenario.date.isoformat()}",
        "base": scenario.base or "none: the parameters as they stand",
        "narrative": " ".join(scenario.narrative.split()),
        "changes": "\n".join(_change_line(change, model, say) for change in scenario.changes),
        "inherits": "\n".join(_change_line(change, model, say) for change in scenario.inherited),
        "held": ", ".join(f"{player} at “{say.action_of(player, action)}”" for player, action in scenario.hold.items()),
        "order": " → ".join(" and ".join(stage) for stage in scenario.order or ()),
        "figures": "\n".join(cite(model.ledger[name], model) for name in scenario.figures),
        "claims": ", ".join(scenario.claims),
        "the documents expect": scenario.expect + (f" ({scenario.expect_source})" if scenario.expect_source else ""),
    }
    return _card(scenario.name, rows)


def _change_line(change: Change, model: Model, say: Phrases) -> str:
    unit = model.catalogue[change.parameter].unit
    ends = f", {change.low:g} to {change.high:g} in sweeps" if change.low is not None else ""
    name = named(change.parameter, say)
    return f"{name} {change.base:g} → {change.value:g} {unit}{ends}: {change.because}"


def term_card(name: str, model: Model, parameters: Sequence[str]) -> RenderableType:
    """A payoff term's definition and the parameters it reads."""
    import inspect

    say = in_english(model.cast)
    reads = ", ".join(named(parameter, say) for parameter in parameters)
    definition = inspect.getdoc(model.terms[name]) or ""
    return _card(name, {"called": say.known("term", name), "definition": definition, "parameters": reads})


def source_card(key: str, model: Model) -> RenderableType:
    """Everything known about a source."""
    source = model.ledger.sources[key]
    figures = [figure.id for figure in model.ledger if figure.source == key]
    rows = {field: str(value) for field, value in vars(source).items() if value not in ("", False)}
    return _card(key, {**rows, "figures": f"{len(figures)}: {', '.join(figures)}"})


def instrument_card(card: InstrumentCard, model: Model) -> RenderableType:
    """What an instrument costs Russia, who lifts it, and what that rests on."""
    it = card.instrument
    rows = {
        "meaning": it.meaning,
        "costs Russia": f"{it.cost:.3g} bn USD/yr, {it.share:.1%} of all instruments ({_rests(it.table.cost)})",
        "because": it.table.cost.because,
        "Washington alone": f"{it.us:.3g} of it ({_rests(it.table.us)}): {it.table.us.because}",
        "figures": "\n".join(cite(model.ledger[source.figure.id], model) for source in card.sources),
    }
    return _card(it.name, rows)


def _rests(number: Number) -> str:
    """What stands behind a number of an instrument."""
    return f"{number.backing} {number.formula or number.figure or number.parameter or ''}".strip()


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
    table = new_table("figure", "value", "period", "where", title="Figures")
    for figure in model.ledger:
        table.add_row(figure.id, str(figure), figure.period, f"{figure.source}, {figure.place}")
    documents, external = model.ledger.count("document"), model.ledger.count("external")
    return Group(table, Text(f"{documents} figures of the documents, {external} external"))


def use_list(told: Mapping[str, Mapping[str, str]], model: Model) -> RenderableType:
    """What each figure does, or why nothing, and how many do what first of all."""
    from triangle.questions.catalogue.uses import count_by_kind

    table = new_table("figure", "value", "what it does", title="Figures of the documents and what they do")
    for name, does in told.items():
        words = "; ".join(f"nothing: {text}" if kind == "none" else text for kind, text in does.items())
        table.add_row(name, str(model.ledger[name]), words)
    counted = ", ".join(f"{count} {kind}" for kind, count in count_by_kind(told).items())
    return Group(table, Text(f"{len(told)} figures, each counted by the first thing it does: {counted}"))


def parameter_list(model: Model) -> RenderableType:
    """All parameters with what stands behind each, and how many rest on what."""
    say = in_english(model.cast)
    table = new_table("parameter", TYPED, ">default", ">low", ">high", "unit", "role", "backing", "rests on")
    for p in model.catalogue:
        rests = ", ".join((*p.figures, *(f"“{say.known('parameter', name)}”" for name in p.reads))) or p.because
        numbers = (f"{number:.5g}" for number in (p.default, p.low, p.high))
        table.add_row(say.known("parameter", p.name), p.name, *numbers, p.unit, p.role, p.backing, rests)
    total = ", ".join(f"{count} by {kind}" for kind, count in model.catalogue.backings.items())
    return Group(table, Text(f"{len(model.catalogue)} parameters are backed: {total}"))


def scenario_list(scenarios: Iterable[Scenario]) -> RenderableType:
    """All shipped scenarios and the questions they ask."""
    table = new_table("scenario", "base", ">changes", "question", title="Shipped scenarios")
    for scenario in scenarios:
        table.add_row(scenario.name, scenario.base or "", str(len(scenario.changes)), scenario.question)
    return table


def term_list(model: Model) -> RenderableType:
    """All payoff terms, one line each."""
    import inspect

    say = in_english(model.cast)
    table = new_table("term", TYPED, "what it is", title="Payoff terms")
    for name, term in model.terms.items():
        table.add_row(say.known("term", name), name, (inspect.getdoc(term) or "").split(":")[0])
    return table


def source_list(model: Model) -> RenderableType:
    """All sources."""
    table = new_table("source", "kind", "author", "title", "date", ">figures", title="Sources")
    for key, source in model.ledger.sources.items():
        count = sum(figure.source == key for figure in model.ledger)
        date = f"{source.date} (inferred)" if source.date_inferred else source.date
        table.add_row(key, source.kind, source.by, source.title, date, str(count))
    return table


def instrument_list(model: Model) -> RenderableType:
    """All instruments of the sanctions: what each costs Russia, and who lifts it."""
    from triangle.model.instruments import read_instruments

    table = new_table(
        "instrument", "what it is", ">costs, bn USD/yr", ">of all", ">Washington alone", "rests on", title="Instruments"
    )
    for it in read_instruments(model.ledger, model.cast, model.catalogue.defaults()).values():
        rests = f"{_rests(it.table.cost)}; {_rests(it.table.us)}"
        table.add_row(it.name, it.meaning, f"{it.cost:.3g}", f"{it.share:.1%}", f"{it.us:.3g}", rests)
    return table
