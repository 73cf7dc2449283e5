"""The ledger: all faults of a folder together, and which figures are context only."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import shipped

from triangle.base.errors import BadInput, UnknownName
from triangle.evidence.ledger import SHIPPED, inspect_ledger, read_ledger
from triangle.model.calibration import FORMULAS, lineage
from triangle.scenarios.scenario import read_scenario, shipped_names

SOURCES = """
[doc]
title = "An essay"
author = "A. Author"
publisher = "A paper"
date = "2025"
language = "de"
kind = "document"

[ext]
title = "A series"
author = "A bureau"
publisher = "A bureau"
date = "2025"
language = "en"
kind = "external"
"""


def table(name: str, **changes: object) -> str:
    """A figure's table in TOML; None leaves a key out."""
    keys = {
        "value": 1.0,
        "unit": '"count"',
        "period": '"2024"',
        "subject": '"RU"',
        "line": 3,
        "paraphrase": '"One."',
        "kind": '"count"',
        **changes,
    }
    return f"[{name}]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None) + "\n"


def folder(path: Path, **files: str) -> Path:
    (path / "figures").mkdir()
    (path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    for name, text in files.items():
        (path / "figures" / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def test_a_sound_folder_is_read_whole(tmp_path: Path):
    text = 'source = "doc"\n' + table("a", conflicts_with='["b"]') + table("b", value=2.0, conflicts_with='["a"]')
    outside = table("c", source='"ext"', line=None, year=2024, locator='"X1"', verified='"copy"')
    ledger = read_ledger(folder(tmp_path, one=text, two=outside))
    assert [figure.id for figure in ledger] == ["a", "b", "c"]
    assert (ledger.count("document"), ledger.count("external")) == (2, 1)
    assert [ledger.source_of(figure).kind for figure in ledger] == ["document", "document", "external"]
    assert ledger.source_of(ledger["c"]).author == "A bureau"


def test_all_faults_of_a_folder_are_reported_together(tmp_path: Path):
    one = 'source = "doc"\n' + "".join(
        (
            table("sound", conflicts_with='["lonely"]'),
            table("lonely"),
            table("lost", conflicts_with='["sounds"]'),
            table("narcissus", rivals='["narcissus"]'),
            table("no_line", line=None),
            table("no_unit", unit=None),
            table("elsewhere", source='"docs"'),
        )
    )
    sound = table("sound", line=None, year=2024, locator='"X"', verified='"copy"')
    unseen = table("unseen", line=None, year=2024, locator='"X"')
    two = 'source = "ext"\n' + sound + table("placeless", year=2024) + unseen
    with pytest.raises(BadInput) as error:
        read_ledger(folder(tmp_path, one=one, two=two))
    found = {(fault.file, fault.key): fault.message for fault in error.value.faults}
    assert set(found) == {
        ("figures/one.toml", "sound.conflicts_with"),
        ("figures/one.toml", "lost.conflicts_with"),
        ("figures/one.toml", "narcissus.rivals"),
        ("figures/one.toml", "no_line.line"),
        ("figures/one.toml", "no_unit.unit"),
        ("figures/one.toml", "elsewhere.source"),
        ("figures/two.toml", "sound"),
        ("figures/two.toml", "placeless"),
        ("figures/two.toml", "unseen.verified"),
    }
    assert "lonely does not list sound in return" in found["figures/one.toml", "sound.conflicts_with"]
    assert "did you mean 'sound'" in found["figures/one.toml", "lost.conflicts_with"]
    assert "against itself" in found["figures/one.toml", "narcissus.rivals"]
    assert "names its line" in found["figures/one.toml", "no_line.line"]
    assert "required" in found["figures/one.toml", "no_unit.unit"]
    assert "did you mean 'doc'" in found["figures/one.toml", "elsewhere.source"]
    assert "already used in figures/one.toml" in found["figures/two.toml", "sound"]
    assert "locator" in found["figures/two.toml", "placeless"]


def test_a_folder_without_figures_is_a_fault(tmp_path: Path):
    _, faults = inspect_ledger(folder(tmp_path))
    assert [fault.message for fault in faults] == ["no figure files (*.toml) here"]


def test_an_unknown_figure_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'ost_trade_ru_cn_2024'"):
        shipped().ledger["ost_trade_ru_cn_2042"]


def test_the_shipped_evidence_has_no_fault_and_the_promised_counts():
    ledger, faults = inspect_ledger(SHIPPED)
    assert faults == []
    assert (ledger.count("document"), ledger.count("external")) == (161, 148)


def test_every_source_is_used_and_every_document_has_figures():
    ledger = shipped().ledger
    assert {figure.source for figure in ledger} == set(ledger.sources)


def test_conflicts_and_rivals_of_the_shipped_figures_are_symmetric():
    ledger = shipped().ledger
    pairs = [(figure.id, other) for figure in ledger for other in figure.conflicts_with + figure.rivals]
    assert pairs and {(b, a) for a, b in pairs} == set(pairs)


def test_a_ledger_cannot_be_changed():
    with pytest.raises(TypeError):
        shipped().ledger.figures["new"] = None  # type: ignore[index]


def test_figures_that_nothing_uses_are_context_and_are_counted():
    """Habit 7: a figure that no parameter uses is context, in the open. A change of these counts is to be noticed."""
    model = shipped()
    backing = {name for p in model.catalogue for name in p.figures}
    anchors = {name for p in model.catalogue for name in p.anchors}
    ends = {name for p in model.catalogue for name in p.ends}
    in_formulas = {name for formula in FORMULAS for name in lineage(formula)} - set(model.catalogue.parameters)
    scenarios = [read_scenario(name, model) for name in shipped_names(model.cast)]
    in_scenarios = {name for s in scenarios for name in s.figures}
    used = backing | anchors | ends | in_formulas | in_scenarios
    context = [figure.id for figure in model.ledger if figure.id not in used]
    assert used <= set(model.ledger.figures)
    documented = {figure.id for figure in model.ledger if model.ledger.source_of(figure).kind == "document"}
    assert [len(named & documented) for named in (backing, ends - backing, anchors - backing - ends)] == [27, 6, 8]
    assert 0 < len(context) < len(model.ledger.figures) / 2, f"{len(context)} figures are used by nothing"
