"""The library of named games keeps its own promises, judged by sums written in the library and not by the package."""

import itertools

import numpy as np
import pytest
from named_games import GAMES, NamedGame, mixed_regret
from strategies import pure_by_definition

every_game = pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)


def test_the_library_has_at_least_25_games_of_which_12_have_three_players():
    assert len(GAMES) >= 25
    assert sum(game.n_players == 3 for game in GAMES) >= 12
    assert len({game.name for game in GAMES}) == len(GAMES)
    for players in (2, 3):
        kinds = {game.kind for game in GAMES if game.n_players == players}
        assert {"generic", "continuum"} <= kinds


@every_game
def test_a_record_is_frozen_cited_and_of_the_right_shape(game: NamedGame):
    assert len(game.actions) == game.n_players
    assert not game.payoffs.flags.writeable
    assert any(character.isdigit() for character in game.citation), "a citation has at least a year"
    for mixed in (*game.equilibria, *itertools.chain.from_iterable(game.segments)):
        assert tuple(map(len, mixed)) == game.actions
        for player in mixed:
            assert min(player) >= 0.0
            assert sum(player) == pytest.approx(1.0, abs=1e-12)


@every_game
def test_the_pure_equilibria_listed_are_all_there_are(game: NamedGame):
    assert sorted(game.pure) == pure_by_definition(game.payoffs)


@every_game
def test_nobody_gains_by_leaving_a_listed_mixed_equilibrium(game: NamedGame):
    scale = np.ptp(game.payoffs)
    for mixed in game.equilibria:
        assert mixed_regret(game.payoffs, mixed) <= 1e-12 * scale


@every_game
def test_listed_mixed_equilibria_are_not_pure_and_differ(game: NamedGame):
    points = [np.concatenate(mixed) for mixed in game.equilibria]
    assert all(max(map(max, mixed)) > 0 and any(max(p) < 1 for p in mixed) for mixed in game.mixed)
    for first, second in itertools.combinations(points, 2):
        assert np.abs(first - second).max() > 1e-3


@every_game
def test_a_generic_game_has_an_odd_number_of_equilibria(game: NamedGame):
    if game.generic:
        assert len(game.equilibria) % 2 == 1
        assert not game.segments
    assert game.equilibria or game.segments, "every finite game has an equilibrium (Nash 1951)"


@pytest.mark.parametrize("game", [g for g in GAMES if g.continuum], ids=lambda game: game.name)
def test_every_point_of_a_segment_is_an_equilibrium(game: NamedGame):
    assert game.segments
    for start, end in game.segments:
        one, two = (np.array(list(itertools.chain.from_iterable(point))) for point in (start, end))
        cuts = np.cumsum(game.actions)[:-1]
        for share in (0.0, 0.1, 0.37, 0.5, 0.9, 1.0):
            point = tuple(tuple(player) for player in np.split((1 - share) * one + share * two, cuts))
            assert mixed_regret(game.payoffs, point) <= 1e-12 * np.ptp(game.payoffs)
