"""Numbers are read as people write them."""

import pytest

from workspaces.numbers import plain


@pytest.mark.parametrize(
    ("typed", "decimal", "read"),
    [
        ("1234.5", ".", "1234.5"),
        ("1 234,5", ".", "1234.5"),
        ("1\u00a0234,5", ",", "1234.5"),
        ("1\u202f234\u202f567", ",", "1234567"),
        ("1,234.5", ",", "1234.5"),
        ("1.234,50", ".", "1234.50"),
        ("1'234.5", ".", "1234.5"),
        ("1,234,567", ",", "1234567"),
        ("0,234", ".", "0.234"),
        ("-1 234,5", ",", "-1234.5"),
        ("\u22125", ".", "-5"),
        (" 7 ", ".", "7"),
    ],
)
def test_every_usual_way_of_writing_is_one_number(typed: str, decimal: str, read: str) -> None:
    assert plain(typed, decimal=decimal) == read


@pytest.mark.parametrize(("decimal", "read"), [(".", "1234"), (",", "1.234")], ids=["English", "Norwegian"])
def test_the_form_that_is_two_numbers_is_read_as_the_reader_writes(decimal: str, read: str) -> None:
    assert plain("1,234", decimal=decimal) == read


@pytest.mark.parametrize("typed", ["", "abc", "1 2", "1,,2", "1,23,456.7", "12 34", "-", ",", "1.2.3", "1\x00"])
def test_what_is_no_number_comes_back_to_be_refused(typed: str) -> None:
    assert plain(typed, decimal=".") == typed
