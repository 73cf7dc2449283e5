"""Sliders in notebooks move what they show."""

from __future__ import annotations

import sys

import pytest

import triangle
from triangle.base.errors import BadInput
from triangle.showing.widgets import explore, moved


def test_a_slider_that_moves_changes_the_equilibrium_shown():
    study = triangle.load("baseline", {"relief": 1.0, "reversal_hazard": 0.02}, {"US": "court_russia", "CN": "align"})
    widget = explore(study, ["europe_joins", "reversal_hazard"])
    *sliders, shown = widget.children
    before = shown.value
    sliders[0].value = sliders[0].max
    assert "hedge" in shown.value and shown.value != before
    expected = moved(study, {"europe_joins": sliders[0].max})
    assert [f.profile for f in expected.solve().findings] == [(2, 3, 1)]


def test_without_widgets_the_study_itself_is_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    study = triangle.load("baseline")
    assert explore(study) is study


def test_a_parameter_that_does_not_exist_is_answered():
    with pytest.raises(BadInput, match="relief"):
        explore(triangle.load("baseline"), ["relif"])
