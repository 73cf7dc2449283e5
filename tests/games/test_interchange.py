r"""Gambit's strategic form files: published samples, axis order, both forms there and back, and hostile files."""

import numpy as np
import pytest
from budgets import LARGE
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from named_games import GAMES, MCKELVEY_MCLENNAN, SELTEN_FIGURE_2
from referees import gambit
from strategies import games

from triangle.base.errors import BadInput
from triangle.games import interchange
from triangle.games.interchange import format_nfg, parse_nfg, read_nfg, write_nfg
from triangle.games.normal_form import NormalFormGame

HEAD = 'NFG 1 R "t" { "a" "b" } { 2 2 } '

#: The two sample files of the format's own documentation, the same game in both forms.
SELTEN_PAYOFFS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
SELTEN_OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form" { "Player 1" "Player 2" }

{
{ "1" "2" "3" }
{ "1" "2" }
}

{
{ "" 1, 1 }
{ "" 0, 2 }
{ "" 0, 2 }
{ "" 1, 1 }
{ "" 0, 3 }
{ "" 2, 0 }
}
1 2 3 4 5 6
"""

#: A game in which every payoff is another number and no two players have equally many actions.
ASYMMETRIC = np.arange(72.0).reshape(3, 2, 3, 4)


def fault_of(text: str) -> str:
    with pytest.raises(BadInput) as error:
        parse_nfg(text, "game.nfg")
    return str(error.value)


# --- reading ---


@pytest.mark.parametrize("text", [SELTEN_PAYOFFS, SELTEN_OUTCOMES], ids=["payoff form", "outcome form"])
def test_both_forms_of_seltens_game_give_the_published_payoffs(text):
    found = parse_nfg(text)
    assert np.array_equal(found.game.payoffs, SELTEN_FIGURE_2.payoffs)
    assert found.players == ("Player 1", "Player 2")
    assert found.actions == (("1", "2", "3"), ("1", "2"))
    assert found.title == "Selten (IJGT, 75), Figure 2, normal form"


def test_the_first_players_action_varies_fastest():
    numbers = " ".join(f"{k} {-k}" for k in range(6))
    payoffs = parse_nfg(f'NFG 1 R "" {{ "a" "b" }} {{ 2 3 }} {numbers}').game.payoffs
    assert payoffs[0].tolist() == [[0, 2, 4], [1, 3, 5]]
    assert np.array_equal(payoffs[1], -payoffs[0])


def test_mckelvey_and_mclennans_file_lists_its_third_player_slowest():
    text = """NFG 1 R "nine" { "1" "2" "3" } { { "1" "2" } { "1" "2" } { "1" "2" } } ""
    { { "" 9, 8, 12 } { "" 0, 0, 0 } { "" 9, 8, 2 } { "" 3, 4, 6 } } 1 2 2 3 2 4 4 0"""
    assert np.array_equal(parse_nfg(text).game.payoffs, MCKELVEY_MCLENNAN.payoffs)


def test_decimals_rationals_exponents_and_signs_are_numbers():
    found = parse_nfg(HEAD + '"numbers" 1/3 -7/2 .5 -.25 6. 1e-3 +2 5E+1')
    assert found.game.payoffs.transpose(2, 1, 0).ravel().tolist() == [1 / 3, -3.5, 0.5, -0.25, 6.0, 0.001, 2.0, 50.0]


def test_quotes_inside_names_blank_lines_and_commas_are_read():
    found = parse_nfg('NFG 1 D "the \\"big\\"\ngame" {"a" "b"}{{"x y" "{z}"}{"u" "v"}}"c,\n1 2"\n\n1,2,3 4\t5 6 7,8,')
    assert found.title == 'the "big"\ngame'
    assert found.actions == (("x y", "{z}"), ("u", "v"))
    assert found.comment == "c,\n1 2"
    assert found.game.payoffs[0].tolist() == [[1, 5], [3, 7]]


def test_the_outcome_numbered_zero_pays_nobody():
    found = parse_nfg(HEAD + '{ { "win" 1 2 } { "" -3, 1/2 } } 2 1 0 2')
    assert found.game.payoffs.tolist() == [[[-3, 0], [1, -3]], [[0.5, 0], [2, 0.5]]]


def test_a_file_of_one_player_is_a_choice():
    assert parse_nfg('NFG 1 R "" { "a" } { 3 } 1 5 2').game.payoffs.tolist() == [[1, 5, 2]]


# --- there and back ---


@pytest.mark.parametrize("form", ["payoff", "outcome"])
def test_no_axis_is_swapped_there_and_back(form):
    assert np.array_equal(parse_nfg(format_nfg(NormalFormGame(ASYMMETRIC), form=form)).game.payoffs, ASYMMETRIC)


@pytest.mark.parametrize("form", ["payoff", "outcome"])
def test_named_games_come_back(form):
    for game in GAMES:
        back = parse_nfg(format_nfg(NormalFormGame(game.payoffs), title=game.citation, form=form))
        assert np.array_equal(back.game.payoffs, game.payoffs), game.name
        assert back.title == game.citation


@given(games(), st.sampled_from(["payoff", "outcome"]))
def test_whole_payoffs_come_back_exactly(payoffs, form):
    text = format_nfg(NormalFormGame(payoffs), form=form)
    assert np.array_equal(parse_nfg(text).game.payoffs, payoffs)
    assert parse_nfg(text).comment == "Payoffs have at most 6 decimal places."


@given(
    hnp.arrays(np.float64, (2, 2, 3), elements=st.floats(-1e12, 1e12)),
    st.integers(0, 15),
)
@example(np.full((2, 2, 3), -1e-9), 6)
@example(np.full((2, 2, 3), 1e300), 0)
def test_rounding_stays_within_half_a_unit_of_the_last_place_and_is_confessed(payoffs, places):
    back = parse_nfg(format_nfg(NormalFormGame(payoffs), comment="From us.", places=places))
    origins = np.array(back.origins or (0, 0), dtype=float)
    change = np.abs(back.game.payoffs + origins[:, None, None] - payoffs).max()
    # Half a unit of the last place, and what a float of this size cannot hold anyway.
    assert change <= 0.5 * 10.0**-places + np.abs(payoffs).max() * 1e-15
    assert back.comment.startswith("From us. Payoffs ")
    assert ("rounded" in back.comment) == (change > 0)


#: Of all characters that there are Hypothesis makes tables, which takes seconds.
TEXTS = st.text() if LARGE else st.text(alphabet='ab "\\{}\n\r\t\0\x1b\x85\u2028\ufeffäß→\U0001f600')


@given(TEXTS, TEXTS)
def test_any_title_and_comment_come_back_but_for_backslashes(title, comment):
    back = parse_nfg(format_nfg(NormalFormGame(np.zeros((1, 1))), title=title, comment=comment))
    assert back.title == title.replace("\\", "/")
    assert back.comment.startswith(comment.replace("\\", "/"))


def test_names_come_back():
    players, actions = ["U S", 'R"U'], [["contain_both", "{}"], ["-", "1"]]
    back = parse_nfg(format_nfg(NormalFormGame(np.zeros((2, 2, 2))), players, actions))
    assert back.players == ("U S", 'R"U')
    assert back.actions == (("contain_both", "{}"), ("-", "1"))


def test_a_file_is_written_and_read(tmp_path):
    path = tmp_path / "game.nfg"
    write_nfg(path, format_nfg(NormalFormGame(ASYMMETRIC), title="é"))
    assert np.array_equal(read_nfg(path).game.payoffs, ASYMMETRIC)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_nfg(path).title == "é", "a byte order mark is no part of the game"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"game": NormalFormGame(np.zeros((1, 2, 3)))}, "not a batch"),
        ({"players": ["a"]}, "2 different names are needed for the players"),
        ({"players": ["a", "a"]}, "2 different names"),
        ({"players": ["a", "Россия"]}, "no printable ASCII"),
        ({"players": ["a", " b"]}, "no printable ASCII"),
        ({"actions": [["x", "y"]]}, "1 lists of actions for 2 players"),
        ({"actions": [["x", "y"], ["x", ""]]}, "no printable ASCII"),
        ({"places": 16}, "0 to 15 decimal places"),
    ],
    ids=["batch", "few names", "same names", "Cyrillic", "outer blank", "few lists", "empty name", "places"],
)
def test_what_the_format_cannot_hold_is_refused_before_anything_is_written(change, message):
    arguments = {"game": NormalFormGame(np.zeros((2, 2, 2))), **change}
    with pytest.raises(ValueError, match=message):
        format_nfg(**arguments)


# --- malformed and hostile files ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: found the end of the file; expected 'NFG'"),
        ('EFG 2 R "tree" { "a" }', "line 1, column 1: found 'EFG'; expected 'NFG'"),
        ('NFG 2 R "t"', "column 5: found '2'; expected format version 1"),
        ('NFG 1 X "t"', "column 7: found 'X'; expected 'R'"),
        ("NFG 1 R title", "expected the title of the game in double quotes"),
        ('NFG 1 R "never', "column 9: found a quote that is never closed"),
        ('NFG 1 R "t" "a"', "expected '{' and the names of the players"),
        ('NFG 1 R "t" { }', "expected at least one player"),
        ('NFG 1 R "t" { a b }', "found 'a'; expected the name of a player"),
        ('NFG 1 R "t" { "a" "b" } { 2 }', "found '}'; expected how many actions a player has"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 2 }', "expected '}' after the actions of 2 players"),
        ('NFG 1 R "t" { "a" "b" } { 2 0 }', "found '0'; expected how many actions a player has, from 1 to"),
        ('NFG 1 R "t" { "a" "b" } { 2 -2 }', "found '-2'; expected how many actions"),
        ('NFG 1 R "t" { "a" "b" } { { "x" } { } }', "expected at least one action"),
        ('NFG 1 R "t" { "a" "b" } { { 1 2 } { "y" } }', "found '1'; expected the name of an action"),
        (HEAD + "1 2 3 4 5 6 7", "found the end of the file; expected payoff of player 2 at profile (2, 2)"),
        (HEAD + "1 2 3 4 5 6 7 8 9", "found '9'; expected the end of the file after 4 profiles of 2 players"),
        (
            HEAD + "\n1 2\n3 x 5 6 7 8",
            "game.nfg: line 3, column 3: found 'x'; expected payoff of player 2 at profile (2, 1)",
        ),
        (HEAD + "1 2 3 4 5 6 7 nan", "found 'nan'"),
        (HEAD + "1 2 3 4 5 6 7 inf", "found 'inf'"),
        (HEAD + "1 2 3 4 5 6 7 1e999", "found '1e999'"),
        (HEAD + "1 2 3 4 5 6 7 1/0", "found '1/0'"),
        (HEAD + "1 2 3 4 5 6 7 1_0", "found '1_0'"),
        (HEAD + "1 2 3 4 5 6 7 ٣", "found '٣'"),
        (HEAD + "1 2 3 4 5 6 7 0x1", "found '0x1'"),
        (HEAD + '1 2 3 4 5 6 7 "8"', "expected payoff of player 2"),
        (HEAD + "{ 1 2 } 1 1 1 1", "found '1'; expected '{' and an outcome"),
        (HEAD + "{ { 1 2 } } 1 1 1 1", "expected the name of an outcome"),
        (HEAD + '{ { "" 1 } } 1 1 1 1', "found '}'; expected payoff of player 2 in an outcome"),
        (HEAD + '{ { "" 1 2 3 } } 1 1 1 1', "expected '}' after the 2 payoffs of outcome 1"),
        (HEAD + '{ { "" 1 2 } } 1 1 1 2', "found '2'; expected the number of an outcome, from 0 to 1"),
        (HEAD + '{ { "" 1 2 } } 1 1 1 -1', "expected the number of an outcome, for profile 4 of 4"),
        (HEAD + '{ { "" 1 2 } } 1 1 1', "found the end of the file"),
        (HEAD + '{ { "" 1 2 }', "found the end of the file; expected '{' and an outcome"),
    ],
)
def test_a_malformed_file_is_answered_with_place_finding_and_expectation(text, message):
    answer = fault_of(text)
    assert message in answer
    assert answer.startswith("game.nfg: line ")


def test_several_wrong_numbers_are_reported_together_and_never_more_than_a_few():
    assert fault_of(HEAD + "1 2 a 4 b 6 7 8 9").count("\n") == 2
    many = fault_of('NFG 1 R "t" { "a" "b" } { 30 30 } ' + "x " * 1800)
    assert many.count("\n") == interchange.MOST_FAULTS - 1


@pytest.mark.parametrize(
    "text",
    [
        'NFG 1 R "t" { "a" "b" "c" } { 100000 100000 100000 } 1',
        'NFG 1 R "t" { "a" "b" "c" } { 1000000 1000000 1000000 } 1',
        'NFG 1 R "t" { "a" } { ' + "9" * 1000 + " } 1",
        'NFG 1 R "t" { ' + '"p" ' * 60 + "} { " + "2 " * 60 + "} 1",
        HEAD + "9" * 5000 + " 2 3 4 5 6 7 8",
        HEAD + "1/" + "9" * 5000 + " 2 3 4 5 6 7 8",
        HEAD + "1e-" + "9" * 5000 + " 2 3 4 5 6 7 8",
        '"' * 100_001,
        "{" * 100_000,
        'NFG 1 R "' + "\\" * 100_000,
        'NFG 1 R "' + '\\"' * 100_000,
        "\x00\x01\x02",
        "NFG 1 R \ud800",
    ],
    ids=lambda text: f"{text[:24]!r} {len(text)}",
)
def test_a_hostile_file_is_refused_quickly_and_in_few_words(text):
    assert len(fault_of(text)) < 2000


@given(st.text(alphabet='NFG1R"{}0.-/e\\ \n,2', max_size=60), st.integers(0, 60))
def test_no_text_makes_the_reader_fail_in_another_way(noise, place):
    valid = HEAD + '"c" 1 2 3 4 5 6 7 8'
    for text in (noise, valid[:place] + noise + valid[place:], valid[:place] + noise):
        try:
            parse_nfg(text)
        except BadInput as error:
            assert error.faults


def test_files_that_cannot_be_read_are_answered_without_a_traceback(tmp_path, monkeypatch):
    with pytest.raises(BadInput, match="cannot be read"):
        read_nfg(tmp_path / "absent.nfg")
    with pytest.raises(BadInput, match="cannot be read"):
        read_nfg(tmp_path)
    (tmp_path / "latin.nfg").write_bytes(b'NFG 1 R "\xe9"')
    with pytest.raises(BadInput, match="byte 9 is no UTF-8 text"):
        read_nfg(tmp_path / "latin.nfg")
    monkeypatch.setattr(interchange, "LARGEST_FILE", 100)
    (tmp_path / "large.nfg").write_text(" " * 101)
    with pytest.raises(BadInput, match="larger than 100 bytes"):
        read_nfg(tmp_path / "large.nfg")
    with pytest.raises(BadInput, match="longer than 100 characters"):
        parse_nfg(" " * 101)
    with pytest.raises(BadInput, match="cannot be written"):
        write_nfg(tmp_path / "no" / "such" / "folder.nfg", "")


# --- Gambit reads what we write, and we read what Gambit writes ---


def test_gambit_and_we_read_each_others_files_alike():
    players, actions = ["U", 'V "v"', "W"], [["a", "b"], ["c d", "e", "f"], ["1", "2", "3", "{4}"]]
    game = NormalFormGame(ASYMMETRIC / 8 - 3)
    texts = [format_nfg(game, players, actions, 'a "title"', "a\ncomment", form=form) for form in ("payoff", "outcome")]
    for their_players, their_actions, cells, text in gambit("file", texts, "files"):
        assert their_players == players
        assert their_actions == actions
        assert len(cells) == 24
        for profile, payoffs in cells.items():
            assert game.payoffs[(slice(None), *map(int, profile.split()))].tolist() == payoffs
        back = parse_nfg(text)
        assert np.array_equal(back.game.payoffs, game.payoffs)
        assert back.actions == tuple(map(tuple, actions))


# --- numbers written as elsewhere, other forms, and payoffs that reading cannot keep apart ---

HEAD = 'NFG 1 R "t" { "A" "B" } { 2 2 }\n'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("1,5 2 3 4 5 6 7 8", "line 2, column 1: found '1,5'; expected 1.5 (a decimal comma)"),
        ("1 2 3 4 5 6\n7 -8,25", "line 3, column 3: found '-8,25'; expected -8.25 (a decimal comma)"),
        ("30,000 2 3 4 5 6 7 8", "expected 30000 (thousands set apart) or 30.000 (a decimal comma)"),
        ("1.250.000 2 3 4 5 6 7 8", "found '1.250.000'; expected 1250000 (thousands set apart)"),
        ("2.104,9 2 3 4 5 6 7 8", "found '2.104,9'; expected 2104.9 (a decimal comma)"),
        ("1'000 2 3 4 5 6 7 8", "expected 1000 (thousands set apart)"),
        ("1\u202f000 2 3 4 5 6 7 8", "expected 1000 (thousands set apart); a blank parts two numbers here"),
        ("1\u00a0000,5 2 3 4 5 6 7 8", "expected 1000.5 (a decimal comma)"),
        ('{ { "o" 1,5 2 } { "p" 3 4 } } 1 1 2 2', "found '1,5'; expected 1.5 (a decimal comma)"),
    ],
)
def test_a_number_written_as_elsewhere_is_found_and_explained(body, told):
    with pytest.raises(BadInput) as error:
        parse_nfg(HEAD + body)
    assert told in str(error.value)


def test_commas_that_part_numbers_are_read_as_such():
    plain = parse_nfg(HEAD + "1 2 3 4 5 6 7 8").game.payoffs
    assert np.array_equal(parse_nfg(HEAD + "1,2,3,4,5,6,7,8").game.payoffs, plain)
    assert np.array_equal(parse_nfg(HEAD + "1, 2, 3, 4, 5, 6, 7, 8").game.payoffs, plain)


def test_blanks_of_any_kind_that_part_numbers_are_read_as_such():
    plain = parse_nfg(HEAD + "1 2 3 4 5 6 7 8").game.payoffs
    assert np.array_equal(parse_nfg(HEAD + "1\u00a02\u202f3 4 5 6 7 8").game.payoffs, plain)


def test_a_long_list_parted_by_commas_alone_is_looked_through_once(monkeypatch):
    """A file of 60 kB took 169 seconds of a processor: at each number, all that followed was taken for one number."""
    looked = []
    monkeypatch.setattr(interchange, "_meant", lambda number: looked.append(len(number)) or [])
    with pytest.raises(BadInput):
        parse_nfg('NFG 1 R "t" { "A" } { 2000 } ' + ",".join("7" * 2000) + " x")
    assert 1900 < len(looked) <= 2000 and max(looked) <= 62


def test_without_a_foreign_number_a_file_that_does_not_fit_is_not_blamed_on_one():
    with pytest.raises(BadInput) as error:
        parse_nfg(HEAD + "1 2 3 4 5 6 7 8 9")
    assert "comma" not in str(error.value)


def test_action_graph_games_are_named():
    for text in ("#AGG\n2\n2 2", "#BAGG\n2"):
        with pytest.raises(BadInput, match="action graph game"):
            parse_nfg(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [('EFG 2 R "tree" { "a" "b" }', "extensive form"), ('<?xml version="1.0"?><gambit:document>', "(.gbt)")],
)
def test_other_forms_of_games_are_named_with_the_way_to_this_one(text, what):
    with pytest.raises(BadInput, match=r"strategic form.*to_nfg") as error:
        parse_nfg(text)
    assert what in str(error.value)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("1 2 3 4 5 6 7 8", 0),
        ("1/3 0 0.33333333333333333333333 0 1 0 1 0", 2),
        ("1/3 0 2/6 0 1 0 1.0 1e0", 0),
        ("1e15 0 1000000000000000.01 0 1 0 1 0", 2),
        ("100000000000000000001 0 100000000000000000002 0 1 0 1 0", 2),
        ("1e-99999999999 0 0 0 1 0 1 0", 2),
        ("0.1 0.3 0.3 0.1 0.30000000000000004 1 1 0.1", 2),
    ],
)
def test_payoffs_that_the_file_tells_apart_and_floating_point_does_not_are_counted(body, count):
    found = parse_nfg(HEAD + body)
    assert found.rounded == count
    assert not found.origins
    assert [remark.split(" of")[0] for remark in found.remarks] == [f"{count} payoffs count as equal to others"] * (
        count > 0
    )


def test_names_that_repeat_or_are_empty_are_made_distinct():
    found = parse_nfg('NFG 1 R "" { "A" "A" "" } { { "x" "x" } { "" } { "y" } } 1 2 3 4 5 6')
    assert found.player_labels == ("A", "A (2)", "(3)")
    assert found.action_labels == (("x", "x (2)"), ("(1)",), ("y",))
    assert found.plays([[0.0, 1.0], [1.0], [1.0]]) == {"A": {"x (2)": 1.0}, "A (2)": {"(1)": 1.0}, "(3)": {"y": 1.0}}
