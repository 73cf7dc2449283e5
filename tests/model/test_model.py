"""The model as a whole: ledger, catalogue and terms belong together."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.model.forms import FORMS
from triangle.model.model import inspect_model, read_model
from triangle.model.parameters import Values
from triangle.model.terms import TERMS
from triangle.players.axes import RU, US
from triangle.players.cast import SHIPPED
from triangle.players.stances import pure_stances


def test_every_parameter_is_read_by_a_term_and_every_term_reads_parameters_that_exist():
    model = shipped()
    for form in FORMS.values():
        seen: set[str] = set()
        for name, term in form.terms.items():
            values, read = Values(model.catalogue.defaults(), SHIPPED).recording()
            term(pure_stances(), values)
            assert read and read <= set(model.catalogue.parameters), name
            seen |= read
        assert seen == {p.name for p in model.catalogue if p.form in (None, form.name) and not p.auxiliary}
    auxiliary = {p.name for p in model.catalogue if p.auxiliary}
    assert auxiliary <= {name for p in model.catalogue for name in p.reads}, "an auxiliary that nothing reads"


def test_a_model_takes_the_form_that_is_asked_for_and_keeps_a_users_own_terms():
    def prestige(s, v):
        """Own.

        **Who gains**: no one. **From what**: a. **Mechanism**: b. **Left out**: c. **Literature**: d.
        """
        return {US: 0.0 * s[US, RU]}

    model = shipped().with_term(prestige).with_form("second")
    assert model.form.name == "second" and model.terms["prestige"] is prestige
    assert all(model.terms[name] is term for name, term in FORMS["second"].terms.items())
    assert model.with_form("first").terms["contest"] is TERMS["contest"]
    with pytest.raises(BadInput, match="second"):
        shipped().with_form("secnd")


def test_the_terms_are_ten_and_in_the_order_of_the_specification():
    names = "contest rivalry exchange relief alliance order balance autonomy dual_use pipeline"
    assert list(shipped().terms) == list(TERMS) == names.split()


def test_every_figure_that_a_parameter_names_exists_and_stands_somewhere():
    model = shipped()
    for p in model.catalogue:
        for figure in model.figures_behind(p.name):
            assert figure.place and model.ledger.source_of(figure).title


def test_a_model_from_an_empty_folder_reports_evidence_and_parameters_together(tmp_path: Path):
    model, faults = inspect_model(evidence=tmp_path, parameters=tmp_path / "parameters.toml")
    assert len(model.ledger.figures) == len(model.catalogue) == 0
    assert len({fault.file for fault in faults}) == 3
    with pytest.raises(BadInput):
        read_model(evidence=tmp_path)
