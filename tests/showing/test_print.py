"""Pictures for print: fonts that publishers take, widths of columns, areas that stay apart without colour."""

from __future__ import annotations

import io
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import click
import numpy as np
import pytest
from budgets import LARGE, in_turn, tries
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread
from strategies import shipped

import triangle
from triangle.base.errors import BadInput, UnknownName
from triangle.cli import main
from triangle.players.cast import SHIPPED
from triangle.questions import COMMANDS
from triangle.questions.bid import plot as bid
from triangle.questions.claims import plot as claims
from triangle.questions.compare.plot import margins_plot
from triangle.questions.contrast import plot as contrast
from triangle.questions.decompose import plot as decompose
from triangle.questions.flip import plot as flips
from triangle.questions.sensitivity import plot as sensitivity
from triangle.questions.solve import plot as solve
from triangle.scenarios.scenario import read_scenario
from triangle.showing import plots
from triangle.showing.maps import APART, BAR_LOOKS, looks_of
from triangle.showing.plots import SIZES, fill, luminance, sized
from triangle.study.study import Study, study

INCH = 25.4


@pytest.fixture(scope="module")
def baseline() -> Study:
    return study(shipped(), read_scenario("baseline", shipped()))


def drawn(s: Study, name: str) -> plots.Plot:
    if name == "bars":
        return margins_plot([s], [s.solve()])
    return plots.solution_plot(s, s.solve()) if name == "solution" else plots.payoff_plot(s, (0, 1, 1))


def small_plot() -> plots.Plot:
    """Of which it matters only how it is written."""
    plot = plots.new_plot(6.0, 3.0)
    plot.subplots().set_xlabel("billion US dollars per year")
    return plot


# ----- letters


def test_a_picture_that_a_notebook_saves_by_itself_has_letters_that_stay_letters(baseline: Study):
    page, drawing = io.BytesIO(), io.StringIO()
    plot = drawn(baseline, "bars")
    (plot if LARGE else small_plot()).savefig(page, format="pdf")
    plot.savefig(drawing, format="svg")
    assert (
        b"/FontFile2" in page.getvalue()
        and b"/Type3" not in page.getvalue()
        and ">Nearest to giving way is “The default world of 2024”: there Russia would lose 4.2 bn USD"
        in drawing.getvalue()
    )


def test_letters_of_an_svg_are_text_that_can_be_edited(tmp_path: Path):
    married = study(shipped(), read_scenario("baseline" if LARGE else "europe_joins", shipped()))
    plot = plots.solution_plot(married, married.solve())
    root = ElementTree.fromstring(plots.save(plot, tmp_path / "f.svg").read_bytes())
    words = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "stable marriage RU–CN" in words and "payoff by term, billion US dollars per year" in words


# ----- sizes


@pytest.fixture(scope="module", params=in_turn(list(SIZES), ["solution" if LARGE else "payoff", "bars"]), ids="-".join)
def printed(
    request: pytest.FixtureRequest, baseline: Study, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, plots.Plot, bytes]:
    """A picture at a size: the size, the picture as it was saved, and the PDF."""
    size, name = request.param
    with sized(size):
        plot = drawn(baseline, name)
        page = plots.save(plot, tmp_path_factory.mktemp("print") / "f.pdf").read_bytes()
    plot.set_layout_engine("none")  # it stays as it was laid out to be saved
    plot.draw_without_rendering()
    return size, plot, page


def test_a_picture_is_exactly_as_wide_as_its_column_with_truetype_letters(printed: tuple[str, plots.Plot, bytes]):
    size, _, page = printed
    (box,) = set(re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) [\d.]+ \]", page))
    millimetres = {"one-column": 89, "two-column": 183}[size]
    assert float(box) / 72 * INCH == pytest.approx(millimetres, abs=0.5)
    assert b"/FontFile2" in page and b"/Type3" not in page


def test_letters_in_a_column_are_legible_and_nothing_runs_over_its_edge(printed: tuple[str, plots.Plot, bytes]):
    _, plot, _ = printed
    texts = [text for text in plot.findobj(plots.mpl.text.Text) if text.get_text().strip() and text.get_visible()]
    assert len(texts) > 15 and min(text.get_fontsize() for text in texts) >= 5.0
    for axes in (axes for axes in plot.axes if axes.axison):
        for text in (axes.xaxis.label, axes._left_title, *axes.get_yticklabels()):  # type: ignore[attr-defined]
            box = text.get_window_extent()
            assert not text.get_text() or (box.x0 >= -1 and box.x1 <= plot.bbox.x1 + 1), text.get_text()


def test_without_a_size_a_picture_has_its_own(baseline: Study):
    with sized("one-column"):
        assert drawn(baseline, "bars").get_figwidth() == 3.5
    assert drawn(baseline, "bars").get_figwidth() == 12.5


def test_every_command_that_draws_takes_a_size():
    for name in COMMANDS:
        options = {option for p in main.get_command(None, name).params for option in p.opts}  # type: ignore[arg-type, union-attr]
        assert ("--plot" in options) <= ("--size" in options), name


#: A command that draws; by default a small picture.
DRAWING = ["trace", "baseline", "--player", "RU"] if LARGE else ["tipping", "baseline", "--over", "relief"]


def test_the_command_draws_at_the_size_and_the_next_one_does_not(tmp_path: Path):
    def width(*more: str) -> int:
        path = tmp_path / "f.png"
        done = CliRunner().invoke(main, [*DRAWING, "--plot", str(path), *more])
        assert done.exit_code == 0, done.stderr
        return int(imread(path).shape[1])

    size, pixels = ("two-column", 2880) if LARGE else ("one-column", 1400)  # of which there are half as many to draw
    assert width("--size", size) == pixels
    assert width() != pixels
    refused = CliRunner().invoke(main, ["solve", "baseline", "--size", "three-column"])
    assert refused.exit_code == 2 and "'three-column' is not one of" in refused.stderr
    assert isinstance(main.get_command(None, "solve"), click.Command)  # type: ignore[arg-type]


# ----- grey

FAMILIES = {
    "terms": plots.TERM_LOOKS,
    "configurations": [(c, plots.CONFIGURATION_HATCHES[n]) for n, c in plots.CONFIGURATION_COLOURS.items()],
    "actions": solve.ACTION_LOOKS,
    "kinds of backing": [look for kind, look in sensitivity.KIND_LOOKS.items() if kind],
    "verdicts": list(claims.VERDICT_LOOKS.values()),
    "who holds the lot": bid.HOLDER_LOOKS,
    "scenarios": BAR_LOOKS,
    "up and down": [decompose.UP, decompose.DOWN],
    "gains and losses": [contrast.GAIN, contrast.LOSS],
    "signs": [(plots.BLUE, ""), (plots.ORANGE, "")],
}


def texture(hatch: str) -> str:
    """What a hatch looks like: how dense it is does not count."""
    return "".join(sorted(set(hatch)))


@pytest.mark.parametrize("family", FAMILIES)
def test_any_two_classes_of_a_picture_differ_in_lightness_or_hatch(family: str):
    for (colour, hatch), (other, another) in combinations(FAMILIES[family], 2):
        apart = abs(luminance(colour) - luminance(other)) >= APART
        assert apart or texture(hatch) != texture(another), f"{colour} {hatch!r} and {other} {another!r}"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_hatch_is_seen_on_its_colour(family: str):
    for colour, hatch in FAMILIES[family]:
        look = fill(colour, hatch)
        assert not hatch or abs(luminance(look["facecolor"]) - luminance(look["edgecolor"])) > 35, colour


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 63).map(lambda bit: 1 << bit), min_size=1, max_size=20))
def test_any_sets_of_equilibria_of_a_map_stay_apart_in_grey(masks: list[int]):
    looks, _ = looks_of(np.array(masks, dtype=np.uint64), SHIPPED)
    for a, b in combinations(looks.values(), 2):
        assert a.hatch != b.hatch or abs(luminance(a.fill) - luminance(b.fill)) >= APART


def test_lightness_is_that_of_the_commission():
    """CIE 1976: mid grey #777777 is at L* = 50.0, the primaries of sRGB at 53.2, 87.7 and 32.3."""
    known = {"#777777": 50.0, "#FF0000": 53.2, "#00FF00": 87.7, "#0000FF": 32.3}
    assert {colour: round(luminance(colour), 1) for colour in known} == pytest.approx(known, abs=0.1)


# ----- the same in Python


def test_python_draws_and_saves_at_a_size_as_the_command_does(baseline: Study, tmp_path: Path):
    nodes = 5 if LARGE else 3
    over = {"relief": np.linspace(0, 1, nodes), "stake_ru_cn": np.linspace(1, 12, nodes)}
    games = triangle.sweep("baseline", over=over)
    path = triangle.sweep("baseline", over={"stake_ru_cn": np.linspace(1, 12, 3)}, samples=8)
    drawers = games.triangle.plot, path.triangle.ternary
    sizes = in_turn([("one-column", 89), ("two-column", 183)], drawers)
    for name in SIZES:
        assert games.triangle.plot(baseline, size=name).get_figwidth() == SIZES[name].width
    for (name, millimetres), draw in sizes * LARGE:  # a command's picture that is saved at a size has a test above
        file = tmp_path / f"{draw.__name__}.png"
        draw(baseline, size=name).savefig(file)
        assert imread(file).shape[1] / 400 * INCH == pytest.approx(millimetres, abs=1)
    assert games.triangle.plot(baseline).get_figwidth() > SIZES["two-column"].width
    with pytest.raises(UnknownName, match="did you mean 'one-column'"):
        games.triangle.plot(baseline, size="one_column")
    for draw in drawers:
        with pytest.raises(BadInput, match="expected the studies that were swept"):
            draw()


def test_no_text_of_a_narrow_picture_runs_into_another(study_flip, auction):
    """Labels of ticks and texts beside them, in the two pictures that have most of them."""
    for draw in (lambda: flips.flip_plot(*study_flip), lambda: bid.bidding_plot(auction)):
        with sized("one-column"):
            plot = draw()
            plots._fit(plot)
        plot.draw_without_rendering()
        for axes in plot.axes:
            labels = [t for t in (*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts) if t.get_text()]
            boxes = [label.get_window_extent() for label in labels]
            for (one, a), (other, b) in combinations(zip(labels, boxes, strict=True), 2):
                assert not a.overlaps(b), f"{one.get_text()!r} runs into {other.get_text()!r}"


@pytest.fixture(scope="module")
def study_flip(baseline: Study):
    return baseline, triangle.flip(baseline, away=True, starts=1)


@pytest.fixture(scope="module")
def auction():
    return triangle.bid("baseline", samples=4 if LARGE else 2)
