"""What the shipped files say in English and a report shows, by the place of its translation.

To translate a text, write ``key = "…"`` in ``triangle/showing/catalogues/de/`` and run this file as a program.
It writes the digest beside each translation that has none, and lists what is not translated or was changed since.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import triangle
from triangle.base.files import read_toml
from triangle.model.calibration import FORMULAS, meaning
from triangle.model.model import read_model
from triangle.questions.claims.ground import AS_IT_STANDS
from triangle.questions.claims.table import HELD, LABELS
from triangle.scenarios.scenario import read_scenario
from triangle.showing.translations import FOLDER, digest, spoken_translation, translation
from triangle.solvers.coalitions import TRANSFERABLE_UTILITY

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


#: What an entry of the ledger says.
CLAIMED = ("question", "paraphrase", "expects", "computes", "note", "silent_because")


def claim_texts() -> Iterator[tuple[str, Texts]]:
    """What the documents claim, in our words, and on what the model is silent."""
    for file in sorted((PACKAGE / "questions" / "claims" / "entries").glob("*.toml")):
        if file.stem == "index":
            continue
        for name, table in read_toml(file).items():
            texts = {key: table[key] for key in CLAIMED if key in table}
            texts |= {side: table[side]["paraphrase"] for side in ("first", "second") if side in table}
            yield name, texts


def parameter_texts() -> Iterator[tuple[str, Texts]]:
    """What each parameter and each instrument means, why it has the value that it has, what each formula computes."""
    for file in ("parameters", "third_parameters"):
        for name, table in read_toml(PACKAGE / "model" / f"{file}.toml").items():
            texts = {key: table[key] for key in ("meaning", "measures", "because", "chooses") if key in table}
            if texts:
                yield name, texts
    yield "formulas", {name: meaning(name) for name in sorted(FORMULAS)}
    for name, table in read_toml(PACKAGE / "model" / "instruments.toml").items():
        reasons = {key: table[key]["because"] for key in ("cost", "us")}
        yield f"instrument_{name}", {"meaning": table["meaning"], **reasons}


def figure_texts() -> Iterator[tuple[str, Texts]]:
    """What each figure says, of when, from which place, and what is odd about it."""
    for file in sorted((PACKAGE / "evidence" / "figures").glob("*.toml")):
        for name, table in read_toml(file).items():
            if not isinstance(table, dict):
                continue
            shown = ("of", "period", "locator", "paraphrase", "caution", "sample", "level")
            texts = {key: table[key] for key in shown if re.search("[a-z]{2}", str(table.get(key, "")))}
            yield name, texts


def source_texts() -> Iterator[tuple[str, Texts]]:
    """How each source is named, but for names that are the same in every language, and what is noted of it."""
    shown = ("title", "author", "publisher", "inferred_from", "note")
    for name, table in read_toml(PACKAGE / "evidence" / "sources.toml").items():
        yield name, {key: table[key] for key in shown if table.get(key) and table[key] not in KEPT}


#: What each term is, in the words that its definition begins with.
TERMS = tuple((inspect.getdoc(term) or "").split(":")[0] for term in read_model().terms.values())

#: Words of answers that tables show, where no literal says so: verdicts, kinds, names of rules, keys of cards.
VOCABULARY = (
    *("complete", "degenerate", "undecided", "pure", "mixed", "logit", "none asked for"),
    *("unit veto", "stable marriage", "romantic triangle", "ménage à trois"),
    *("strong", "middle", "weak", "bounded", "judgement", "estimate", "choice", "lever", "uncertainty", "fact"),
    *("uniform", "loguniform", "triangular", "measurement", "count", "forecast", "threat", "external", "True"),
    *("publisher", "date_inferred", "inferred_from", "language", "rival", "years", "reason", "beside"),
    *("self-enforcing", "binding", "both", "rivalry", "reversal hazard", "Europe joins"),
    *("first", "last", "total", "configuration", "mean probability", "mean probability of", "elections"),
    *("snap back", "continue"),
    *(f"take {number} and {way}" for number in (1, 2) for way in ("pocket", "deliver")),
    *(f"{number}: {what}" for number in (1, 2) for what in ("looks delivered", "seen pocketing")),
    *("stays in every equilibrium", "either, as is expected", "leaves in every equilibrium"),
    "moving first, surely leaves",
    *("is an equilibrium", "stops being an equilibrium"),
    *("is an agreement-proof equilibrium", "stops being an agreement-proof equilibrium"),
    *("holds", "mostly", "in part", "mostly not", "contradicted", "by construction", "neither", "between"),
    *("fails at the default", "holds at the default"),
    "it holds in every one of {draws} draws (interval {low} to {high} %)",
    *("separating", "reversed", "bluffing", "parting", "pooling on acceptance", "pooling on refusal"),
    *("pooling on the message", "pooling on silence", "intuitive", "refuse", "pocket", "deliver", "accept"),
    *("Where things stand", "Courting Russia", "War and strength", "Pressure", "The bond of Russia and China"),
    *("Earlier triangles", "Scenarios"),
    *("Documents whose figures {scenario} uses", "Series whose figures {scenario} uses"),
    "Equilibria ({verdict}), with the players' payoffs",
    "draws of an archived sweep, in three parts; seed {seed}; {varying} parameters vary",
    *("all", "all pure", "one", "some", "ok", "timeout", "failed", "absent", "link", "bargaining share"),
    *("in every equilibrium, pure, mixed or correlated", "in no equilibrium, pure, mixed or correlated"),
    *("in some, depends on the rule", "depends on the rule", "same", "depends"),
    *("payoff dominance", "risk dominance", "deviation losses", "limiting logit"),
    "number of equilibria in which every player is better off",
    "number of pure equilibria that risk-dominate it",
    "product of the players' losses by deviating",
    *("basin: replicator", "basin: best response"),
    "largest difference of a probability from the end of the branch",
    "share of uniformly drawn starting points",
    *("the default world", "agreement-proof equilibria", "sobol", "random", "cost", "observe", "watch"),
    *("set by hand, over the scenario", "sufficient: the threat is subgame perfect"),
    TRANSFERABLE_UTILITY,
    *(*LABELS, *HELD, AS_IT_STANDS, "times", "until"),
    *TERMS,
)

#: Functions that say a text of tables and pictures in the language that is spoken: templates, words, heads of columns.
SPEAKERS = ("told", "word", "noted", "new_table")
SPEAKING = re.compile(rf"\b(?:{'|'.join(SPEAKERS)})\(")


def spoken_texts() -> tuple[tuple[str, Texts], ...]:
    """What tables and pictures say by themselves, and the words of answers that they show."""
    codes = [file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))]
    speaking = {code: [*ast.walk(ast.parse(code))] for code in codes if SPEAKING.search(code)}
    # What a name in capitals stands for may be said in another file, of which the statements alone are looked at.
    used = {node.id for nodes in speaking.values() for call in _calls(nodes) for node in _names(call)}
    assigned = re.compile(rf"(?m)^(?:{'|'.join(name for name in sorted(used) if name.strip('_').isupper())}) = ")
    files = [speaking.get(code) or ast.parse(code).body for code in codes if code in speaking or assigned.search(code)]
    constants = {name: value for file in files for name, value in _assigned(file) if name.strip("_").isupper()}
    found = dict.fromkeys(text for file in speaking.values() for text in _said_in(file, constants))
    said = [text for text in (*found, *VOCABULARY) if re.search("[A-Za-z][a-z]|“", re.sub("{[a-z_]+}", "", text))]
    return (("spoken", {text: text for text in said}),)


def _calls(nodes: Iterable[ast.AST]) -> list[ast.Call]:
    """The calls of the `SPEAKERS`."""
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKERS]


def _names(call: ast.Call) -> list[ast.Name]:
    """The names in what a speaker is given to say."""
    return [part for one in _given(call) for part in ast.walk(one) if isinstance(part, ast.Name)]


def _given(call: ast.Call) -> list[ast.expr]:
    """What a speaker is given to say: the template, or the heads of all columns."""
    return call.args if getattr(call.func, "id", "") == "new_table" else call.args[:1]


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Names with what is assigned to them, once for each assignment."""
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _said_in(nodes: Sequence[ast.AST], constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The texts that a file gives to one of the `SPEAKERS`, in this or that case, by themselves or by a name."""
    own: dict[str, list[ast.expr]] = {}
    for name, value in _assigned(nodes):
        own.setdefault(name, []).append(value)
    decorators = {id(one) for node in nodes for one in getattr(node, "decorator_list", ())}
    for call in (call for call in _calls(nodes) if id(call) not in decorators):
        named = [part.id for part in _names(call)]
        meant = [value for one in named for value in own.get(one, [constants[one]] if one in constants else [])]
        yield from (text.lstrip(">=") for one in (*_given(call), *meant) for text in _literals(one))


def _literals(node: ast.AST) -> Iterator[str]:
    """Texts that stand in an expression, but for keys, those given to another call, and parts of formatted ones."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not isinstance(node, ast.Call | ast.JoinedStr | ast.Compare | ast.Subscript):
        for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
            yield from _literals(child)


def _once(texts: Callable[[], Iterable[tuple[str, Texts]]]) -> Callable[[], tuple[tuple[str, Texts], ...]]:
    """The texts as they are found when first asked for."""
    return cache(lambda: tuple(texts()))


KINDS = {
    "spoken": _once(spoken_texts),
    "scenarios": _once(scenario_texts),
    "claims": _once(claim_texts),
    "parameters": _once(parameter_texts),
    "figures": _once(figure_texts),
    "sources": _once(source_texts),
}


def untranslated(kind: str) -> list[str]:
    """Places of texts of this kind that have no German, or whose German is of what they no longer say."""
    return [
        f"{name}.{key}: {text[:80]}"
        for name, texts in KINDS[kind]()
        for key, text in texts.items()
        if (spoken_translation if kind == "spoken" else translation)(text, "de") is None
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
            if (entry := own.pop(key, None)) is not None and key == text:
                lines.append(
                    f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(_spaced(entry), ensure_ascii=False)}\n"
                )
            elif entry is not None:
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
