"""What the shipped files say in English and a report shows, by the place of its translation.

To translate a text, write ``key = "…"`` in ``triangle/showing/catalogues/de/`` and run this file as a program.
It writes the digest beside each translation that has none, and lists what is not translated or was changed since.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import triangle
from triangle.base.files import read_toml
from triangle.model.calibration import FORMULAS, meaning
from triangle.model.model import read_model
from triangle.scenarios.scenario import read_scenario
from triangle.showing.translations import FOLDER, digest, translation

ROOT = Path(triangle.__file__).parents[1]
PACKAGE = ROOT / "triangle"
GERMAN = FOLDER / "de"

#: The tables of a scenario or path whose entries, or entries' entries, say why.
REASONED = ("changes", "player", "types", "state", "move", "path", "patience", "instruments", "screening", "gesture")

#: Names that a source has in every language: works, journals, houses, persons.
KEPT = (
    "2024 Index of U.S. Military Strength",
    "Alexander Gabuev",
    "American Action Forum",
    "American Economic Review",
    "An exorbitant privilege? Implications of reserve currencies for competitiveness",
    "Bloomberg",
    "Bloomberg Economics",
    "Bown",
    "Burden-sharing with allies: examining the budgetary realities",
    "Christian Osthold",
    "Correlates of War Project",
    "Correlates of War Trade Data Set",
    "Defence Data",
    "Defending Europe without the US: first estimates of what is needed",
    "Euroclear",
    "Eurostat",
    "Foreign Affairs",
    "Groningen Growth and Development Centre",
    "Gross Domestic Product: Implicit Price Deflator",
    "Guseinova",
    "Heritage Foundation",
    "Journal of Conflict Resolution",
    "Journal of Economic Perspectives",
    "Journal of International Economics",
    "Maddison Project Database 2023",
    "McKinsey Global Institute",
    "Peterson Institute for International Economics",
    "NATO",
    "National Material Capabilities",
    "Reassessing the fulfillment of alliance commitments in war",
    "Reevaluating alliance reliability: specific threats, specific promises",
    "Research and Politics",
    "Review.uz",
    "Rosstat",
    "SIPRI",
    "The US and its NATO allies: costs and value",
    "The US gains from trade: valuation using the demand for foreign factor services",
    "The elasticity of trade: estimates and evidence",
    "The long and short (run) of trade elasticities",
    "Transatlantic Dialogue Center",
    "Trends in World Military Expenditure, 2024",
    "Trump",
    "US-China trade war tariffs: an up-to-date chart",
    "Ukraine Support Tracker",
    "Ukraine: Fourth Rapid Damage and Needs Assessment",
    "Unequal Partnership",
    "WELT",
    "Wales Summit Declaration",
    "World Development Indicators",
    "World Economic Outlook Database",
    "blue News",
    "triangle",
)

Texts = dict[str, str]


def scenario_texts() -> Iterator[tuple[str, Texts]]:
    """What each scenario and each path says."""
    yield "any", {"author": "The triangle authors"}
    for file in sorted([*(ROOT / "scenarios").glob("*.toml"), *(ROOT / "scenarios" / "paths").glob("*.toml")]):
        table = read_toml(file)
        texts = {key: table[key] for key in ("title", "question", "narrative", "yardstick") if key in table}
        if "expect" in table:
            texts |= {"expect": table["expect"]["statement"], "expect_source": table["expect"]["source"]}
        for key in REASONED:
            texts |= dict(_reasons(table.get(key, {}), key))
        if "instruments" in table:
            # The reader of scenarios says behind the reason of which instruments the package is.
            changes = read_scenario(file.stem, read_model()).changes
            texts["instruments"] = next(c.because for c in changes if c.because.startswith(texts["instruments"]))
        for code, types in table.get("types", {}).items():
            texts |= {f"names.{code}.{name}": name for name in types}
        yield file.stem, texts


def _reasons(table: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    if isinstance(table.get("because"), str):
        yield place, table["because"]
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _reasons(value, f"{place}.{key}")


def claim_texts() -> Iterator[tuple[str, Texts]]:
    """What the documents claim, in our words, and on what the model is silent."""
    for file in sorted((PACKAGE / "questions" / "claims" / "entries").glob("*.toml")):
        if file.stem == "index":
            continue
        for name, table in read_toml(file).items():
            texts = {key: table[key] for key in ("question", "paraphrase", "silent_because") if key in table}
            texts |= {side: table[side]["paraphrase"] for side in ("first", "second") if side in table}
            yield name, texts


def parameter_texts() -> Iterator[tuple[str, Texts]]:
    """Why each parameter has the value that it has, and what each formula computes."""
    for file in ("parameters", "third_parameters"):
        for name, table in read_toml(PACKAGE / "model" / f"{file}.toml").items():
            texts = {key: table[key] for key in ("because", "chooses") if key in table}
            if texts:
                yield name, texts
    yield "formulas", {name: meaning(name) for name in sorted(FORMULAS)}


def figure_texts() -> Iterator[tuple[str, Texts]]:
    """What each figure says, of when, from which place, and what is odd about it."""
    for file in sorted((PACKAGE / "evidence" / "figures").glob("*.toml")):
        for name, table in read_toml(file).items():
            if not isinstance(table, dict):
                continue
            shown = ("period", "locator", "paraphrase", "caution")
            texts = {key: table[key] for key in shown if re.search("[a-z]{2}", table.get(key, ""))}
            yield name, texts


def source_texts() -> Iterator[tuple[str, Texts]]:
    """How each source is named, but for names that are the same in every language."""
    for name, table in read_toml(PACKAGE / "evidence" / "sources.toml").items():
        yield name, {key: table[key] for key in ("title", "author", "publisher") if table[key] not in KEPT}


KINDS = {
    "scenarios": scenario_texts,
    "claims": claim_texts,
    "parameters": parameter_texts,
    "figures": figure_texts,
    "sources": source_texts,
}


def untranslated(kind: str) -> list[str]:
    """Places of texts of this kind that have no German, or whose German is of what they no longer say."""
    return [
        f"{name}.{key}: {text[:80]}"
        for name, texts in KINDS[kind]()
        for key, text in texts.items()
        if translation(text, "de") is None
    ]


def flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of nested tables by their places."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def renewed(kind: str) -> str:
    """The German file of a kind with a digest beside each translation that has none yet."""
    file = GERMAN / f"{kind}.toml"
    head = "".join(line for line in file.read_text(encoding="utf-8").splitlines(True) if line.startswith("#"))
    known = {name: dict(flat(table)) for name, table in read_toml(file).items()}
    parts = [head]
    for name, texts in KINDS[kind]():
        own = known.pop(name, {})
        lines = []
        for key, text in texts.items():
            if (entry := own.pop(key, None)) is not None:
                pair = entry if isinstance(entry, list) else [digest(text), _spaced(entry)]
                lines.append(f"{key} = {json.dumps(pair, ensure_ascii=False)}\n")
        if own:
            sys.exit(f"{file.name}: nothing in English for {name}: {', '.join(own)}")
        if lines:
            parts.append(f"\n[{name}]\n{''.join(lines)}")
    if known:
        sys.exit(f"{file.name}: nothing in English for {', '.join(known)}")
    return "".join(parts)


def _spaced(text: str) -> str:
    """A translation with narrow spaces that break no line before per cent signs."""
    return re.sub(r"(?<=\d) (?=%)", "\u202f", text)


if __name__ == "__main__":
    for kind in KINDS:
        if (GERMAN / f"{kind}.toml").is_file():
            (GERMAN / f"{kind}.toml").write_text(renewed(kind), encoding="utf-8")
    for kind in KINDS:
        for place in untranslated(kind):
            print(f"{kind}: {place}")
