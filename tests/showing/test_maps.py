"""Pictures of sweeps: what they show is what was found, and they say what they show."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from budgets import LARGE, few
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch

import triangle
from triangle import api
from triangle.base.errors import BadInput
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configurations
from triangle.scenarios.scenario import shipped_names
from triangle.showing import maps, plots
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.load import load

MODEL = api.read_model()


def picture(names, **arguments):
    games = triangle.sweep(names, **arguments)
    studies = [api.load(name, model=MODEL) for name in names]
    return games, maps.sweep_plot(games, studies)


def texts(plot) -> str:
    """What it says, once it is drawn or saved."""
    return "\n".join(t.get_text() for t in plot.findobj(lambda a: hasattr(a, "get_text")))


def area(patch) -> float:
    """Of its rings, those around holes counted off: they run the other way."""
    rings = patch.get_path().to_polygons(closed_only=True)
    return abs(sum(_signed(np.asarray(ring)) for ring in rings))


def _signed(ring) -> float:
    x, y = ring.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2


def filled(axes) -> list[PathPatch]:
    """The regions of a map, without their outlines."""
    return [patch for patch in axes.patches if isinstance(patch, PathPatch) and patch.get_facecolor()[3] > 0]


def test_a_map_shows_each_set_where_it_is(tmp_path: Path):
    x, y = np.linspace(0, 1, 21), np.linspace(1, 12, 23)
    games, plot = picture(["patient_america"], over={"political_concession": x, "stake_ru_cn": y})
    (axes,) = plot.axes
    regions = filled(axes)
    sets = np.unique(games["mask"].values)
    assert len(regions) == len(sets) == 2
    assert sum(map(area, regions)) == pytest.approx(11.0, rel=1e-3), "the regions cover the map, once"
    marks = maps.marks_for([api.load("patient_america", model=MODEL)])
    looks, numbers = maps.looks_of(games["mask"].values, SHIPPED, marks=marks)
    for i, j in ((0, 0), (20, 22), (3, 2), (10, 11)):
        owners = [r for r in regions if r.get_path().contains_point((x[i] + 1e-6 * (1 - 2 * x[i]), y[j] + 1e-6))]
        if j < 22:
            assert [to_rgb(looks[int(numbers[i, j])].fill)] == [r.get_facecolor()[:3] for r in owners]
    assert plots.save(plot, tmp_path / "map.png").stat().st_size > 10_000
    shown = texts(plot)
    for words in (
        "Political concessions to Russia, fraction",
        "Russian stake against China, % of GDP",
        "romantic triangle, pivot RU",
        "default (judged)",
    ):
        assert words in shown


def test_boundaries_of_a_map_are_those_of_the_model_and_not_of_its_cells():
    """From 21 nodes a side, what is drawn at a 512th of each axis is what the model answers there."""
    study, names, ends = load("full_package"), ("relief", "europe_joins"), [(0.0, 1.0), (0.0, 1.0)]
    drawn = maps.refined(study, names, ends, 21)
    assert drawn.shape == (maps.PARTS + 1, maps.PARTS + 1)
    rng = np.random.default_rng(0)
    at = rng.integers(0, maps.PARTS + 1, (2, 4000))
    asked = maps.masks_at(study, names, [maps.lattice(0, 1)[k] for k in at])
    assert (drawn[at[0], at[1]] == asked).all() and len(np.unique(asked)) > 1
    games, plot = picture(["full_package"], over={name: np.linspace(0, 1, 21) for name in names})
    assert maps.resolved() in plot.get_supxlabel()
    other = games.assign(mask=games["mask"] ^ np.uint64(1))
    assert maps.resolved() not in maps.sweep_plot(other, [study]).get_supxlabel(), "of another model, only its cells"


def test_an_axis_that_runs_downwards_is_the_same_map():
    up, down = np.linspace(1, 12, 12), np.linspace(12, 1, 12)
    areas = []
    for y in (up, down):
        _, plot = picture(["rift_courted"], over={"political_concession": [0.0, 0.5, 1.0], "stake_ru_cn": y})
        areas.append(list(map(area, filled(plot.axes[0]))))
    assert areas[0] == pytest.approx(areas[1])


def test_looks_tell_sets_apart_without_colour():
    one, same, several, none = 1 << 5, 1 << 21, 1 << 5 | 1 << 45, 0
    masks = np.array([one] * 4 + [same] * 3 + [several] * 2 + [none], dtype=np.uint64)
    looks, numbers = maps.looks_of(masks, SHIPPED)
    assert numbers.tolist() == [0] * 4 + [1] * 3 + [2] * 2 + [3]
    assert [look.letter for look in looks.values()] == list("ABCD")
    assert looks[0].fill == plots.CONFIGURATION_COLOURS["stable_marriage"] and looks[1].fill != looks[0].fill
    assert looks[2].hatch == "////" and looks[3].hatch == "xxx" and "no pure" in looks[3].text
    grey = [0.3 * r + 0.59 * g + 0.11 * b for r, g, b in (to_rgb(look.fill) for look in looks.values())]
    assert abs(grey[0] - grey[1]) > 0.1


def test_marks_give_a_profile_its_look_in_every_set_of_it():
    one, other, several = 1 << 37, 1 << 44, 1 << 37 | 1 << 44
    marks = maps.marks_of([44, 37], SHIPPED)
    masks = np.array([several] * 5 + [one] * 3 + [other] * 2 + [0], dtype=np.uint64)
    looks, numbers = maps.looks_of(masks, SHIPPED, marks=marks)
    assert numbers.tolist() == [0] * 5 + [1] * 3 + [2] * 2 + [3]
    assert [look.letter for look in looks.values()] == ["A+B", "B", "A", "–"]
    colours = {mark.letter: mark.colour for mark in (marks.each[37], marks.each[44])}
    assert (looks[0].fill, looks[0].ink) == (colours["A"], colours["B"]) and looks[0].hatch
    assert [looks[place].fill for place in (1, 2)] == [colours["B"], colours["A"]]
    alone, _ = maps.looks_of(masks[masks == other], SHIPPED, marks=marks)
    assert alone[0].hatch == looks[2].hatch, "beside a set that it is part of, it looks as it does alone"


def test_every_profile_has_a_letter_of_its_own_and_the_colour_of_its_triangle():
    marks = maps.marks_of([], SHIPPED)
    assert len({mark.letter for mark in marks.each}) == len(SHIPPED.profiles)
    firsts = {}
    for mark, found in zip(marks.each, configurations(SHIPPED), strict=True):
        firsts.setdefault(found.name, mark.colour)
    assert firsts == plots.CONFIGURATION_COLOURS
    assert marks.letters(1 << 30 | 1 << 2) == "C+AE"


def test_rare_sets_share_a_look():
    looks, numbers = maps.looks_of(np.arange(100, dtype=np.uint64), SHIPPED)
    assert len(looks) == maps.MOST_SETS + 1 and "90 further sets" in looks[maps.MOST_SETS].text
    assert numbers.max() == maps.MOST_SETS


def test_a_strip_names_its_tipping_values(tmp_path: Path):
    nodes = np.linspace(1, 12, 45)
    games, plot = picture(["baseline", "patient_america"], over={"stake_ru_cn": nodes})
    masks = games["mask"].values[1]
    (tip,) = np.flatnonzero(masks[1:] != masks[:-1])
    plots.save(plot, tmp_path / "strip.svg")
    shown = texts(plot)
    assert f"{(nodes[tip] + nodes[tip + 1]) / 2:.3g}" in shown
    assert "patient_america" in shown and "baseline" in shown


def test_curves_and_bars_of_draws():
    games, plot = picture(["baseline"], over={"relief": [0.0, 0.5, 1.0]}, samples=64)
    marriage = ((games["mask"].values & np.uint64(1 << 5)) != 0).mean(axis=1)
    lines = {line.get_label(): line.get_ydata() for line in plot.axes[0].lines}
    assert (np.asarray(lines["stable marriage RU–CN"]) >= marriage).all()
    plot.draw_without_rendering()
    assert "sobol, seed 0" in texts(plot)
    games, plot = picture(["baseline", "rift_courted"], samples=64)
    widths = [bar.get_width() for bar in plot.axes[0].patches]
    assert len(widths) == 18 and max(widths) <= 1
    assert widths[8] == pytest.approx(float((games["mask"].values[0] == 0).mean()))


def test_too_many_axes_for_a_picture():
    over = {"relief": [0.0, 1.0], "evasion": [0.3, 0.5]}
    with pytest.raises(BadInput, match="too many axes for one picture"):
        picture(["baseline"], over=over, samples=4)


def test_the_foot_of_many_scenarios_does_not_widen_the_picture(tmp_path: Path):
    names, widths = few([name for name in shipped_names(SHIPPED) if not load(name).cast.thirds], 6), []
    for some in (names[:1], names):
        _, plot = picture(some, over={"relief": [0.0, 0.5, 1.0] if LARGE else [0.0, 1.0]})
        file = plots.save(plot, tmp_path / "strips.svg").read_bytes()
        widths.append(float(ElementTree.fromstring(file).attrib["width"].removesuffix("pt")))
    assert widths[1] < 1.2 * widths[0]
    assert all(name in plot.get_supxlabel() for name in names)


def test_one_node_and_one_value():
    for over in ({"relief": [0.5], "evasion": [0.5, 0.6]}, {"relief": [0.5]}):
        _, plot = picture(["baseline"], over=over)
        plot.draw_without_rendering()


def test_pictures_and_report_of_the_same_scenario_give_a_profile_the_same_letter_and_colour():
    study = api.load("baseline", model=MODEL)
    marks = maps.marks_for([study])
    stable = [finding.index for finding in study.solve().findings]
    assert [marks.each[profile].letter for profile in stable] == ["A", "B"]
    _, plot = picture(["baseline"], over={"relief": np.linspace(0, 1, 5), "stake_ru_cn": np.linspace(1, 12, 5)})
    assert {text.get_text() for text in plot.axes[0].texts} <= {"A", "B", "A+B"}
    colours = {patch.get_facecolor()[:3] for patch in filled(plot.axes[0])}
    assert colours <= {to_rgb(mark.colour) for mark in marks.each}
    report = Material((study,), read_phrases("en", SHIPPED), 16, 0, words=("baseline",))
    assert report.marks == marks


def test_a_border_between_two_sets_is_drawn_as_the_line_that_it_is():
    _, plot = picture(["europe_joins"], over={"relief": np.linspace(0, 1, 5), "stake_ru_cn": np.linspace(1, 12, 5)})
    corners = [len(patch.get_path().vertices) for patch in filled(plot.axes[0])]
    assert max(corners) < 300, "steps from cell to cell would be thousands"
