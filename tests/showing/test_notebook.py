"""How records are shown in notebooks: as tables that say what the records say, with hostile texts as texts."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from strategies import former

import triangle
from triangle.base.shown import Shown


class Text(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(shown: Shown) -> Text:
    page = Text()
    page.feed(shown._repr_html_() or "")
    return page


def test_a_study_and_its_answer_show_the_equilibrium():
    study = triangle.load("baseline")
    for shown in (study, study.solve()):
        text = " ".join(read(shown).texts)
        assert "contain both" in text and "stable marriage RU–CN" in text and "140.7" in text


def test_a_study_without_equilibrium_shows_what_to_ask():
    games = triangle.sweep("baseline", samples=3000, seed=1, model=former())
    place = int(np.flatnonzero(games.triangle.number().values == 0)[0])
    point = games["inputs"].isel(sample=place)
    names = point["parameter"].values
    drawn = dict(zip(names.tolist(), point.values.tolist(), strict=True))
    study = triangle.load("baseline", drawn, model=former())
    assert "No posture of all three is stable" in " ".join(read(study).texts)


def test_a_trace_a_figure_and_a_parameter_show_their_source():
    model = triangle.read_model()
    figure = model.ledger["ost_trade_ru_cn_2024"]
    assert "wel_trade_ru_cn_2024" in " ".join(read(figure).texts)
    assert figure.id in " ".join(read(model.catalogue["trade_ru_cn"]).texts)
    assert figure.id in " ".join(read(triangle.trace("baseline", "RU", "5", model=former())).texts)


def test_hostile_texts_are_shown_as_texts():
    study = triangle.load("baseline")
    hostile = "<script>alert(1)</script><img src=x onerror=y>"
    shown = replace(study, scenario=replace(study.scenario, title=hostile, question=hostile))
    page = read(shown)
    assert "script" not in page.tags and "img" not in page.tags
    assert any(hostile in text for text in page.texts)


def test_a_record_without_a_format_is_shown_plainly():
    assert Shown()._repr_html_() is None


def test_the_accessor_reads_the_masks():
    games = triangle.sweep("baseline", over={"relief": [0.0, 0.5, 1.0]})
    assert games.triangle.share("RU=align") == 1.0
    assert games.triangle.only("configuration=stable_marriage:RU-CN|configuration=unit_veto").all()
    assert games.triangle.number().values.tolist() == [2, 2, 2]
    low, high = games.triangle.interval("RU=align")
    assert 0 < low < high == 1.0
    assert "stable marriage:RU-CN" in games.triangle._repr_html_()
    assert games.triangle.plot(triangle.load("baseline")).axes
    with pytest.raises(triangle.base.errors.BadInput, match="hedge"):
        games.triangle.share("RU=hedg")
