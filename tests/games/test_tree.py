"""Games in extensive form: what is refused, and Gambit's format both ways."""

import pytest
from named_trees import beer_quiche, chain_store, kuhn_poker, random_tree, selten_horse

from triangle.base.errors import BadInput
from triangle.games.efg import format_efg, parse_efg
from triangle.games.tree import Chance, Leaf, Move, Tree


def test_a_player_that_forgets_what_it_did_is_refused():
    later = {x: Move("A", "later", {"l": Leaf(1), "r": Leaf(0)}) for x in "ab"}
    with pytest.raises(ValueError, match="A forgets at 'later'"):
        Tree.of(("A",), Move("A", "first", later))


def test_a_player_that_comes_by_the_same_set_twice_is_refused():
    again = Move("A", "crossing", {"on": Leaf(1), "off": Leaf(4)})
    with pytest.raises(ValueError, match="forgets"):
        Tree.of(("A",), Move("A", "crossing", {"on": again, "off": Leaf(0)}))


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        (Chance({"a": 0.5, "b": 0.6}, {"a": Leaf(1), "b": Leaf(0)}), "sum of one"),
        (Chance({"a": 1.0}, {"b": Leaf(0)}), "branches"),
        (Move("B", "s", {"l": Leaf(1)}), "none of the players"),
        (Leaf(1, 2), "expected 1 finite"),
        (Leaf(float("nan")), "finite"),
        (Move("A", "s", {}), "no branch"),
    ],
)
def test_what_is_no_game_is_refused_with_the_reason(branch, message: str):
    with pytest.raises(ValueError, match=message):
        Tree.of(("A",), branch)


def test_nodes_that_can_be_told_apart_are_no_set():
    draw = Chance(
        {"x": 0.5, "y": 0.5}, {"x": Move("A", "s", {"l": Leaf(1)}), "y": Move("A", "s", {"l": Leaf(1), "r": Leaf(0)})}
    )
    with pytest.raises(ValueError, match="can be told apart"):
        Tree.of(("A",), draw)


SELDOM = Tree.of(("A",), Chance({"x": 1.0 - 3e-10, "y": 2e-10, "z": 1e-10}, dict.fromkeys("xyz", Leaf(1.0))))
TREES = [SELDOM, beer_quiche(), selten_horse(), kuhn_poker(), chain_store(0.3), *map(random_tree, range(8))]


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_comes_back_from_its_file(tree: Tree):
    back = parse_efg(format_efg(tree, "title", 9)).tree
    assert back.players == tree.players
    assert [(s.player, s.name, s.actions, s.nodes) for s in back.sets] == [
        (s.player, s.name, s.actions, s.nodes) for s in tree.sets
    ]
    assert back.payoffs == pytest.approx(tree.payoffs, abs=1e-8)
    assert back.chances == pytest.approx(tree.chances, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NFG 1 R", "found 'NFG'; expected 'EFG'"),
        ('EFG 2 R "t" { "A" } t "" 1 "" { 1, 2 }', "1 payoffs, one for each player"),
        ('EFG 2 R "t" { "A" } p "" 2 1 "" { "l" } 0 t "" 0', "the number of a player, 1 to 1"),
        ('EFG 2 R "t" { "A" } p "" 1 1 "" { "l" "r" } 0 t "" 0', "the end of the file; expected 'c', 'p' or 't'"),
        ('EFG 2 R "t" { "A" } c "" 1 "" { "l" 1/0 } 0 t "" 0', "a finite number"),
        ('EFG 2 R "t" { "A" } t "" 0 t "" 0', "the end of the file after the last node"),
        ('EFG 2 R "t" { "A" } c "" 1 "" { "l" 0.4 "r" 0.4 } 0 t "" 0 t "" 0', "sum of one"),
        ('EFG 2 R "t" { "A" } t "" 1', "payoffs of the outcome"),
        ('EFG 2 R "t" { "A', "expected"),
        ('EFG 2 R "t" { "A" } t "" 1 "" { 1e291 }', "found '1e291'; expected a number of at most 1e.290"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(text: str, message: str):
    with pytest.raises(BadInput, match=message):
        parse_efg(text, "a.efg")


def test_payoffs_on_the_way_are_added_as_the_format_says():
    text = 'EFG 2 R "t" { "A" } p "" 1 1 "s" { "l" "r" } 1 "" { 10 } t "" 2 "" { 1 } t "" 0'
    assert parse_efg(text).tree.payoffs.tolist() == [[11.0, 10.0]]


MOVE = 'EFG 2 R "t" { "A" "B" } p "" 1 1 "I" { "l" "r" } 0 '


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MOVE + 't "" 1 "" { 1 2 } t "" 1 "" { 3 4 }', "column 80: found '{'; expected the payoffs of outcome 1 as"),
        (MOVE + 'p "" 1 1 "I" { "a" "b" } 0', "the actions of set 1 of player 1 as they were given first"),
        (
            'EFG 2 R "t" { "A" } c "" 1 "" { "x" 1/2 "y" 1/2 } 0 c "" 1 "" { "x" 1/4 "y" 3/4 } 0',
            "the branches of draw 1",
        ),
        ('EFG 2 R "t" { "A" } c "" 1 "" { "x" 0 "y" 1 } 0', "found '0'; expected a probability above 0"),
        ('EFG 2 R "t" { "A" } c "" 1 "" { "x" 0,5 "y" 0,5 } 0', r"'0,5' may mean 0\.5 \(a decimal comma\)"),
        (MOVE + 't "" 1 "" { 1.000,5 2 }', r"'1\.000,5' may mean 1000\.5 \(a decimal comma\); a comma parts two"),
        (MOVE + 't "" 1 "" { 1\u202f000 2 }', r"may mean 1000 \(thousands set apart\); a blank parts two numbers"),
        ('EFG 2 R "t" { "A" } p "" 1.5 1 "" { "l" } 0', "found '1.5'; expected the number of a player"),
    ],
)
def test_what_would_be_lost_or_mistaken_is_refused_with_the_place(text: str, message: str):
    with pytest.raises(BadInput, match=message):
        parse_efg(text, "a.efg")


def test_sets_are_told_apart_by_their_numbers_whatever_they_are_called():
    """Named I, and I (2:1) as the first one's label would be: they were merged, with a false list called complete."""
    ends = ['t "" 1 "" { 1 2 } t "" 2 "" { 3 4 }', 't "" 3 "" { 2 9 } t "" 4 "" { 0 4 }']
    apart = MOVE + f'p "" 2 1 "I" {{ "a" "b" }} 0 {ends[0]} p "" 2 2 "I (2:1)" {{ "a" "b" }} 0 {ends[1]}'
    one = MOVE + f'p "" 2 1 "J" {{ "a" "b" }} 0 {ends[0]} p "" 2 01 "J" {{ "a" "b" }} 00 {ends[1]}'
    assert [s.nodes for s in parse_efg(apart).tree.sets] == [(0,), (1,), (2,)]
    assert [s.nodes for s in parse_efg(one).tree.sets] == [(0,), (1, 2)]


def test_players_of_one_name_are_told_apart():
    assert parse_efg('EFG 2 R "t" { "A" "A" "" } t "" 1 "" { 1 2 3 }').tree.players == ("A", "A (2)", "(3)")
