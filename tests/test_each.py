"""A test asked of many cases in one fails where one of them does, and says which."""

import pytest
from each import of_each


@of_each("number", [1, 2, 3])
def test_one_of_it_is_asked_of_every_case(number: int, tmp_path):
    (tmp_path / str(number)).touch()
    assert len(list(tmp_path.iterdir())) == number


def test_every_case_that_is_not_so_is_named_with_what_is_not_so():
    @of_each(("name", "number"), [("a", 1), ("b", 2), ("c", 3)])
    def check(name: str, number: int):
        assert number % 2 == 0, f"{name} is odd"

    with pytest.raises(AssertionError, match=r"(?s)^\('a', 1\): a is odd.*\n\('c', 3\): c is odd"):
        check()


def test_a_case_that_says_nothing_of_itself_is_not_passed_over():
    @of_each("number", [1], told=lambda number: f"number {number}")
    def check(number: int):
        raise AssertionError

    with pytest.raises(AssertionError, match="number 1: is not so"):
        check()


def test_a_case_that_should_have_been_refused_is_named():
    @of_each("number", [0, 1])
    def check(number: int):
        with pytest.raises(ZeroDivisionError):
            assert 1 / number

    with pytest.raises(AssertionError, match=r"^1: DID NOT RAISE"):
        check()


def test_what_goes_wrong_otherwise_is_no_case_that_is_not_so():
    @of_each("number", [0])
    def check(number: int):
        assert 1 / number

    with pytest.raises(ZeroDivisionError):
        check()


def test_there_is_a_case():
    with pytest.raises(AssertionError, match="there is no"):
        of_each("number", [])
