"""Reference pages made of the package's own data: parameters, figures, sources, scenarios, terms, commands.

They are written anew at every build, so that nothing in them is typed twice.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from triangle.cli import COMMANDS, main
from triangle.evidence.figure import Figure
from triangle.model.model import Model, read_model
from triangle.questions.catalogue.table import VERIFIED_WORDS
from triangle.questions.catalogue.uses import count_by_kind, uses_of_documents
from triangle.scenarios.scenario import read_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def write_pages(folder: Path) -> None:
    """Write every generated page into a folder."""
    model = read_model()
    pages: dict[str, Callable[[Model], Iterable[str]]] = {
        "parameters": parameters,
        "figures": figures,
        "verified": verified,
        "uses": uses_page,
        "sources": sources,
        "scenarios": scenarios,
        "terms": terms,
        "commands": commands,
    }
    texts = {name: "\n".join(page(model)) + "\n" for name, page in pages.items()}
    texts |= {
        f"scenarios/{slug(theme)}": "\n".join(theme_page(theme, names, model)) + "\n"
        for theme, names in themes().items()
    }
    for name, text in texts.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # an unchanged page is not built again
            path.write_text(text, encoding="utf-8")


def cell(text: object) -> str:
    """A text in one cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*") or "–"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    """A Markdown table."""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(cell(part) for part in row) + " |"
    yield ""


def parameters(model: Model) -> Iterable[str]:
    """Every parameter with its range and what stands behind it."""
    yield "# Parameters\n"
    yield (
        f"The {len(model.catalogue)} parameters of the model. *Backing* says what stands behind the default: a "
        "documented figure, a formula, an estimate, an interval whose middle is taken, or a judgement. The range is "
        "that of sweeps.\n"
    )
    for role, heading in (("lever", "Levers"), ("uncertainty", "Uncertainties"), ("fact", "Facts")):
        yield f"## {heading}\n"
        yield from table(
            ("parameter", "meaning, and why this value", "default", "range", "backing"),
            (
                (
                    f"`{p.name}` ({p.symbol})",
                    f"{p.meaning}. Why: {p.because or p.chooses}" if p.because or p.chooses else p.meaning,
                    f"{p.default:.6g} {p.unit}",
                    f"{p.low:.4g} to {p.high:.4g}" + ("" if p.prior == "uniform" else f", {p.prior}"),
                    p.backing + (f": {', '.join(p.figures)}" if p.figures else ""),
                )
                for p in model.catalogue
                if p.role == role
            ),
        )


def figures(model: Model) -> Iterable[str]:
    """Every figure, document by document."""
    yield "# Figures\n"
    yield "Documented numbers, each with its document and line (or, for external series, its place in the series).\n"
    for key, source in model.ledger.sources.items():
        own = [figure for figure in model.ledger.figures.values() if figure.source == key]
        if not own:
            continue
        yield f"## {cell(source.by)}: {cell(source.title)}\n"
        yield from table(
            ("figure", "value", "what it says", "place"),
            ((f"`{f.id}`", f"{f} ({f.period})", _says(f), f.place) for f in own),
        )


def verified(model: Model) -> Iterable[str]:
    """Every external figure: where it was found, and what the look-up found that differs."""
    yield "# External figures looked up\n"
    external = [f for f in model.ledger if model.ledger.source_of(f).kind != "document"]
    count = Counter(f.verified for f in external)
    counted = ", ".join(f"{count[how]} {VERIFIED_WORDS[how]}" for how in count)
    yield (
        f"Of the {len(external)} figures that stand in no document: {counted}. Each matches what it was held against; "
        "where that gives less, rounds, or other editions differ, the last column says so. What was not found did not "
        "enter. The data sets behind what was computed here are named in `benchmarks/estimates.py`.\n"
    )
    for how in count:
        yield f"## {VERIFIED_WORDS[how].capitalize()}\n"
        yield from table(
            ("figure", "value", "found where", "what differs, and cautions"),
            (
                (f"`{f.id}`", f, f"{_source(f, model)}; {f.place}", f.caution or "nothing")
                for f in external
                if f.verified == how
            ),
        )


def _source(figure: Figure, model: Model) -> str:
    source = model.ledger.source_of(figure)
    return f"{source.by}, {source.title} ({source.date})"


def uses_page(model: Model) -> Iterable[str]:
    """Every figure of the documents: what it does, or why nothing."""
    yield "# What each figure of the documents does\n"
    told = uses_of_documents(model)
    counted = ", ".join(f"{count} {kind}" for kind, count in count_by_kind(told).items())
    yield f"`triangle list figure --unused`. Each counted by the first thing that it does: {counted}.\n"
    yield from table(
        ("figure", "value", "what it does"),
        (
            (f"`{name}`", model.ledger[name], "; ".join(f"nothing: {t}" if k == "none" else t for k, t in does.items()))
            for name, does in told.items()
        ),
    )


def _says(figure: Figure) -> str:
    parts = [f"{figure.subject}: {figure.paraphrase}"]
    if figure.conflicts_with:
        parts.append(f"Conflicts with {', '.join(figure.conflicts_with)}.")
    if figure.caution:
        parts.append(f"Caution: {figure.caution}")
    return " ".join(parts)


def sources(model: Model) -> Iterable[str]:
    """The documents and the external series."""
    yield "# Sources\n"
    yield from table(
        ("key", "author", "title", "publisher", "date", "kind", "reference"),
        (
            (f"`{key}`", s.author, s.title, s.publisher, s.date, s.kind, s.reference)
            for key, s in model.ledger.sources.items()
        ),
    )


def scenarios(model: Model) -> Iterable[str]:
    """An index of the shipped scenarios by theme."""
    yield "# Scenarios\n"
    yield "Each is a departure from its base, with a reason for every change. `triangle solve NAME` solves it.\n"
    yield from table(
        ("scenario", "question", "theme"),
        (
            (f"[{name}](scenarios/{slug(theme)}.md#{name})", read_scenario(name, model).question, theme)
            for theme, names in themes().items()
            for name in names
        ),
    )


def themes() -> dict[str, list[str]]:
    """The shipped scenarios by theme, as ``scenarios/README.md`` groups them."""
    text = (SCENARIOS / "README.md").read_text(encoding="utf-8").partition("## Shipped scenarios")[2]
    parts = (part.partition("\n") for part in text.partition("\n## ")[0].split("\n### ")[1:])
    return {title: names for title, _, body in parts if (names := re.findall(r"^\| \[`(\w+)`\]", body, re.MULTILINE))}


def slug(theme: str) -> str:
    """The name of a theme's page."""
    return "_".join(re.findall(r"[a-z0-9]+", theme.lower()))


def theme_page(theme: str, names: Sequence[str], model: Model) -> Iterable[str]:
    """The scenarios of a theme with their changes."""
    yield f"---\norphan: true\n---\n\n# {theme}\n"
    yield "[All scenarios](../scenarios.md)\n"
    for name in names:
        scenario = read_scenario(name, model)
        yield f"## {name}\n"
        yield f"**{cell(scenario.title)}.** {cell(scenario.question)}\n"
        rows = [(f"`{c.parameter}`", f"{c.base:g}", f"{c.value:g}", c.because) for c in scenario.all_changes]
        if rows:
            yield from table(("parameter", "from", "to", "because"), rows)


def terms(model: Model) -> Iterable[str]:
    """The payoff terms as their docstrings define them."""
    yield "# Payoff terms\n"
    yield f"Payoffs of {', '.join(model.cast.countries)} are the sums of these terms, in billion US dollars a year.\n"
    for name, term in model.terms.items():
        yield f"## {name}\n"
        yield inspect.cleandoc(term.__doc__ or "") + "\n"


def commands(model: Model) -> Iterable[str]:
    """What every command answers to ``--help``."""
    yield "# Commands\n"
    context = click.Context(main, info_name="triangle")
    yield f"```text\n{main.get_help(context)}\n```\n"
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=f"triangle {name}", max_content_width=100)
        yield f"## triangle {name}\n"
        yield f"```text\n{command.get_help(inner)}\n```\n"
