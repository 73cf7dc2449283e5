"""Configurations of all 64 profiles, counted by hand, and their names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from triangle.cli import main
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.configurations import NAMES, TITLES, Configuration, configuration, configurations


def profile(us: str, ru: str, cn: str) -> tuple[int, int, int]:
    return SHIPPED.actions[US].index(us), SHIPPED.actions[RU].index(ru), SHIPPED.actions[CN].index(cn)


def test_the_counts_follow_from_three_independent_pairs():
    """Each pair uses two stances of its own, and links in one of their four states, so 64 = (1 + 3)³:

    no link 3·3·3 = 27; one given link 1·3·3 = 9, three of them; two given links 3, three of them; all three 1.
    """
    counts = Counter(found.key for found in configurations(SHIPPED))
    assert counts == {
        "unit_veto": 27,
        "stable_marriage:US-RU": 9,
        "stable_marriage:US-CN": 9,
        "stable_marriage:RU-CN": 9,
        "romantic_triangle:US": 3,
        "romantic_triangle:RU": 3,
        "romantic_triangle:CN": 3,
        "menage_a_trois": 1,
    }


@pytest.mark.parametrize(
    ("actions", "text", "pivot", "pair", "balance"),
    [
        (("engage_both", "hedge", "hedge"), "ménage à trois", None, None, 1),
        (("court_russia", "hedge", "align"), "romantic triangle, pivot RU", RU, None, -1),
        (("engage_both", "distance", "distance"), "romantic triangle, pivot US", US, None, -1),
        (("court_china", "align", "hedge"), "romantic triangle, pivot CN", CN, None, -1),
        (("contain_both", "align", "align"), "stable marriage RU–CN", None, (RU, CN), 1),
        (("court_russia", "distance", "oppose_both"), "stable marriage US–RU", None, (US, RU), 1),
        (("court_china", "oppose_both", "distance"), "stable marriage US–CN", None, (US, CN), 1),
        (("contain_both", "oppose_both", "oppose_both"), "unit veto", None, None, -1),
        (("engage_both", "align", "align"), "stable marriage RU–CN", None, (RU, CN), 1),
        (("court_russia", "align", "distance"), "unit veto", None, None, -1),
    ],
)
def test_a_profile_is_this_triangle(actions, text, pivot, pair, balance):
    found = configuration(profile(*actions), SHIPPED)
    assert (str(found), found.pivot, found.pair, found.balance) == (text, pivot, pair, balance)


def test_the_pivot_is_in_both_links_and_the_pair_is_the_only_one():
    for found in configurations(SHIPPED):
        assert found.name == NAMES[len(found.links)]
        assert (found.pivot is not None) == (len(found.links) == 2)
        assert (found.pair is not None) == (len(found.links) == 1)
        if found.pivot is not None:
            assert all(found.pivot in link for link in found.links)
        if found.pair is not None:
            assert found.links == (found.pair,)


def test_a_triangle_is_balanced_when_the_enemys_enemy_is_a_friend():
    """One link and three links are balanced; none and two are not (Cartwright and Harary 1956)."""
    assert [Configuration(name, ((0, 1), (0, 2), (1, 2))[:n], SHIPPED).balance for n, name in enumerate(NAMES)] == [
        -1,
        1,
        -1,
        1,
    ]


def test_the_names_are_dittmers_and_the_later_one():
    assert list(TITLES.values()) == ["unit veto", "stable marriage", "romantic triangle", "ménage à trois"]
    assert tuple(TITLES) == NAMES


def test_the_table_is_in_order_of_profile():
    for index, found in enumerate(configurations(SHIPPED)):
        assert configuration(SHIPPED.profiles[index], SHIPPED) == found
        assert SHIPPED.index(SHIPPED.profiles[index]) == index


@pytest.mark.parametrize(
    "asked",
    [
        ["solve", "rift_shock", "--method", "mixed"],
        ["contrast", "baseline", "europe_joins", "--samples", "16"],
        ["path", "path_baseline", "--until", "2026", "--levels", "2", "--samples", "1"],
        ["solve", "tactical_or_genuine", "--types", "RU=tactical:0.7,genuine:0.3", "--method", "mixed"],
    ],
    ids=lambda words: " ".join(words[::2]),
)
def test_an_answer_with_a_triangle_that_nobody_knows_is_refused_with_the_nearest(asked: list[str], tmp_path: Path):
    path = tmp_path / "kept.json"
    assert CliRunner().invoke(main, [*asked, "--out", str(path)]).exit_code == 0
    key = next(found.key for found in configurations(SHIPPED) if f'"{found.key}"' in path.read_text(encoding="utf-8"))
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{key}"', f'"{key}x"'), encoding="utf-8")
    done = CliRunner().invoke(main, [asked[0], "--from", str(path)])
    assert done.exit_code == 2
    assert f"unknown configuration '{key}x'; did you mean '{key}'" in done.stderr
