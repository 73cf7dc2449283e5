"""The section of the report on what an acceptance tells, and the numbers of an offer that claims ask of."""

import numpy as np
import pytest
from budgets import LARGE, few
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.players.cast import SHIPPED
from triangle.questions.signal import answer
from triangle.questions.signal.answer import offer_measure, signal
from triangle.questions.signal.section import knows_types, signals
from triangle.questions.signal.table import sentences
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import Paragraph, Picture, Table, words_of
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.load import load
from triangle.study.study import study

#: Draws of how often the types differ.
SAMPLES = 32 if LARGE else 8


def material(name: str, language: str) -> Material:
    one = study(shipped(), read_scenario(name, shipped()))
    return Material((one,), read_phrases(language, SHIPPED), SAMPLES, 0, words=(name,), settings=())


def test_a_report_without_types_has_no_such_section():
    assert not knows_types(material("baseline", "en"))
    assert knows_types(material("tactical_or_genuine", "en"))


@pytest.mark.usefixtures("not_laid_out")
@pytest.mark.parametrize("language", few(["de", "en"], 2))
def test_the_section_says_what_the_question_answers(language: str, monkeypatch: pytest.MonkeyPatch):
    if not LARGE:  # numbers along each axis of a map
        monkeypatch.setattr("triangle.questions.signal.answer.VALUES", 5)
    m = material("tactical_or_genuine", language)
    found = answer.signal(m.studies[0], samples=SAMPLES, seed=0)  # by its module: the section asks the same
    section = signals(m)
    tables = [block for block in section.blocks if isinstance(block, Table)]
    shares, alone, listed = tables
    types = {"en": list(found.types), "de": ["taktisch", "echt"]}[language]
    assert [words_of(row[0].text) for row in alone.rows] == types
    assert len(listed.rows) == len(found.equilibria) and len(shares.rows) == len(found.kinds)
    assert [row[-1].order for row in listed.rows] == sorted((e.payoffs[2] for e in found.equilibria), reverse=True)
    told = " ".join(words_of(block.text) for block in section.blocks if isinstance(block, Paragraph))
    assert m.say.percent(found.differ[0]) in told
    assert all(words_of(one) in told for one in sentences(found, m.say))
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    assert len(pictures) == len(found.maps) + 1
    for picture, one in zip(pictures, found.maps, strict=False):
        for place in range(len(found.kinds)):
            kind = f"{m.say.word(f'signal.kind.{place}')}: {m.say.percent(one.share(place))}"
            assert (kind in words_of(picture.description)) == (one.share(place) > 0)
    assert m.say.value(found.best.belief[0]) in words_of(pictures[-1].description)


MEASURES = ("accepts:tactical", "pockets:genuine", "delivers:genuine", "posterior", "threshold", "offer", "monitoring")


@pytest.mark.usefixtures("offer_alone")
@pytest.mark.parametrize("prior", few([0.3, 0.6], 2))
def test_a_number_of_an_offer_is_that_of_the_answer(prior: float):
    one = load("tactical_or_genuine")
    found = signal(one, prior=prior, samples=4, over=[("prior", 0, 1, 2), ("watch", 1, 8, 2)])
    best = found.best
    expected = {
        "accepts:tactical": 1 - best.answers[0][0], "pockets:genuine": best.answers[1][1],
        "delivers:genuine": best.answers[1][2], "posterior": best.posterior[1], "threshold": found.threshold,
        "offer": found.offer, "monitoring": found.monitoring,
    }  # fmt: skip
    for name in MEASURES:
        at = float(offer_measure(one, name, {"prior": prior}).at(one.scenario.values))
        wanted = expected[name]
        assert np.isnan(at) if wanted is None else at == pytest.approx(wanted)


def test_a_number_of_an_offer_is_taken_at_every_draw():
    one = load("tactical_or_genuine")
    relief = np.linspace(0, 1, 7)
    many = offer_measure(one, "offer", {}).at({**one.scenario.values, "relief": relief})
    for k, value in enumerate(relief):
        alone = offer_measure(one, "offer", {}).at({**one.scenario.values, "relief": value})
        assert many[k] == pytest.approx(float(alone))


def test_no_number_of_an_offer_is_told_the_nearest():
    with pytest.raises(BadInput, match="accepts:tactical"):
        offer_measure(load("tactical_or_genuine"), "accept:tactical", {})
