"""What a parameter file may leave to the shipped one (other triads: tests/players/test_triad.py)."""

from __future__ import annotations

import tomllib

from triangle.model.inheritance import completed
from triangle.model.parameters import SHIPPED as PARAMETERS_FILE
from triangle.players.cast import SHIPPED

TABLES = tomllib.loads(PARAMETERS_FILE.read_text(encoding="utf-8"))


def test_a_file_without_base_is_taken_as_it_is_and_what_it_lacks_is_missing():
    """But for what only one form of the payoffs reads, which older files cannot know."""
    of_form = {name: table for name, table in TABLES.items() if "form" in table}
    tables, faults = completed({"relief": {"judged": 1.0}}, TABLES, "f", SHIPPED)
    assert of_form and tables == {"relief": {"judged": 1.0}, **of_form}
    required = {name for name, table in TABLES.items() if not table.get("auxiliary")}
    assert {fault.key for fault in faults} == required - {"relief"} - set(of_form)


def test_a_file_upon_the_shipped_one_has_its_order_and_its_descriptions():
    tables, faults = completed({"base": "shipped", "relief": {"judged": 1.0}}, TABLES, "f", SHIPPED)
    assert not faults and list(tables) == list(TABLES)
    assert tables["relief"]["meaning"] == TABLES["relief"]["meaning"]
    assert "because" not in tables["relief"] and "low" not in tables["relief"]
    assert {name: table for name, table in tables.items() if name != "relief"} == {
        name: table for name, table in TABLES.items() if name != "relief"
    }
