"""Ternary pictures: what their points are, what they say, and what has no such picture."""

import re

import numpy as np
import pytest
from budgets import LARGE

import triangle
from triangle import api
from triangle.base.errors import BadInput
from triangle.batch.takeover import configuration_probabilities
from triangle.players.cast import SHIPPED
from triangle.players.sets import configuration_masks
from triangle.showing.phrases import speaking
from triangle.showing.plots import save
from triangle.showing.ternary import corners, divisions, ternary_plot

MODEL = api.read_model()
ROMANTIC = corners(SHIPPED)[0][1]


def texts(plot) -> list[str]:
    return [t.get_text() for t in plot.findobj(lambda a: hasattr(a, "get_text"))]


def studies(*names: str):
    return [api.load(name, model=MODEL) for name in names]


def test_corners_are_the_romantic_triangles_the_marriage_and_all_else():
    assert len(ROMANTIC) == 3 and all(key.startswith("romantic_triangle:") for key in ROMANTIC)
    assert corners(SHIPPED)[1] == ("stable marriage RU–CN", ("stable_marriage:RU-CN",)) and corners(SHIPPED)[2][1] == ()


def test_draws_divide_by_whether_all_their_equilibria_are_of_a_kind():
    games = triangle.sweep("rift_courted", {"stake_ru_cn": [1.0, 6.0, 12.0]}, samples=256)
    found = divisions(games)
    assert found.dims == ("corner", "stake_ru_cn") and found.sum("corner").values == pytest.approx(1.0)
    patterns = configuration_masks(SHIPPED)
    united = np.uint64(sum(int(patterns[key]) for key in ROMANTIC))
    masks = games["mask"].values
    expected = [sum(bool(m) and not m & ~united for m in row) / 256 for row in masks]
    assert found.values[0] == pytest.approx(expected) and 0 < max(expected) < 1


def test_probabilities_divide_game_by_game():
    games = triangle.sweep(["baseline", "rift_courted"], samples=16, method="logit")
    found = divisions(games)
    assert found.dims == ("corner", "scenario", "sample") and found.sum("corner").values == pytest.approx(1.0)
    every = configuration_probabilities(games["probability"].values, SHIPPED)
    assert found.values[0] == pytest.approx(sum(every[key] for key in ROMANTIC))
    assert found.values[1] == pytest.approx(every["stable_marriage:RU-CN"])


def test_least_probabilities_leave_the_rest_to_all_else():
    games = triangle.sweep("baseline", {"relief": [0.0, 1.0]}, samples=256, method="mixed")
    found = divisions(games)
    low = games["low"].mean("sample")
    assert found.values[1] == pytest.approx(low.sel(configuration="stable_marriage:RU-CN").values)
    assert found.sum("corner").values == pytest.approx(1.0)


def test_a_path_shows_its_points_and_says_whose_it_is(tmp_path):
    names = ("baseline", "rift_courted")
    games = triangle.sweep(
        list(names), {"stake_ru_cn": [1.0, 4.0, 8.0, 12.0]}, samples=64 if LARGE else 8, method="logit"
    )
    plot = ternary_plot(games, studies(*names))
    said = texts(plot)
    for text in ("romantic triangles", "stable marriage\nRU–CN", "all else", "default (judged)"):
        assert text in said
    assert any("rift_courted" in text for text in said) and "\nThe default world of 2024" in said and "12\n" in said
    (axes,) = plot.findobj(lambda a: getattr(a, "name", "") == "ternary")
    paths = [line for line in axes.lines if len(line.get_xdata()) == 4]
    assert len(paths) == 2 and len({(p.get_color(), p.get_marker()) for p in paths}) == 2
    # On the page: the right corner lies at x = 1/√3 and the left one at −1/√3, the top at y = 2/3.
    means = divisions(games).mean("sample").values[:, 0]
    x, y = paths[0].get_xdata(), paths[0].get_ydata()
    span = axes.transData.transform(np.column_stack([x, y]))
    corners = axes.transAxes.transform([(0.5, 1.0), (0.0, 0.0), (1.0, 0.0)])
    assert span == pytest.approx(means.T @ corners, abs=1.0)
    assert save(plot, tmp_path / "path.png").stat().st_size > 10_000


def test_clouds_have_a_panel_for_each_scenario():
    names = ("baseline", "rift_courted")
    plot = ternary_plot(triangle.sweep(list(names), samples=64, method="logit"), studies(*names))
    panels = plot.findobj(lambda a: getattr(a, "name", "") == "ternary")
    assert len(panels) == 2 and [len(panel.lines[0].get_xdata()) for panel in panels] == [64, 64]
    assert any("a draw: probability" in text for text in texts(plot))


@pytest.mark.parametrize("method", ["pure", "logit"])
def test_what_lies_in_a_corner_is_not_cut_off(method: str):
    hold = {"US": "contain_both", "RU": "align", "CN": "align"}
    games = triangle.sweep("baseline", samples=8, method=method, hold=hold)
    assert divisions(games).values.reshape(3, -1).T == pytest.approx(
        np.tile([0.0, 1.0, 0.0], (8 if method == "logit" else 1, 1))
    )
    (panel,) = ternary_plot(games, studies("baseline")).findobj(lambda a: getattr(a, "name", "") == "ternary")
    assert panel.lines and not any(line.get_clip_on() for line in panel.lines)


def test_draws_alone_are_a_point_for_each_scenario():
    names = ("baseline", "rift_courted")
    plot = ternary_plot(triangle.sweep(list(names), samples=64), studies(*names))
    (panel,) = plot.findobj(lambda a: getattr(a, "name", "") == "ternary")
    assert [len(line.get_xdata()) for line in panel.lines] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"over": {"relief": [0.0, 1.0]}}, "wholly in one corner; add --samples"),
        ({"over": {"relief": [0.0, 1.0], "evasion": [0.2, 0.4]}, "samples": 4}, "one parameter"),
    ],
)
def test_what_has_no_ternary_picture(arguments, message: str):
    with pytest.raises(BadInput, match=message):
        ternary_plot(triangle.sweep("baseline", **arguments), studies("baseline"))


def test_a_picture_in_german_is_german():
    games = triangle.sweep(["baseline"], {}, samples=64, method="logit")
    with speaking("de"):
        said = texts(ternary_plot(games, studies("baseline")))
    for text in ("romantische Dreiecke", "stabile Ehe RU–CN", "alles andere", "Mittel aller Ziehungen"):
        assert text in said
    assert not re.search(r"\b(the|of|all|stable|draws?)\b", "".join(said))
