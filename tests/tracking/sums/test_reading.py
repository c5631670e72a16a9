"""Rows of Plausible's tables become entries of days, or errors that say what is wrong."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.sums.exports import PAGES
from tracking.import_file import UnreadableFileError
from tracking.sums.reading import Entry, days, read
from tracking.tabular_rows import RowError

TODAY = date(2026, 11, 21)
HEADER = "date,page,visitors,pageviews\n"


def rows(text: str) -> list[Entry | RowError]:
    return list(read(io.BytesIO(text.encode()), "pages", today=TODAY))


def entries(text: str) -> list[Entry]:
    return [row for row in rows(text) if isinstance(row, Entry)]


def test_rows_of_a_day_are_put_together():
    found = list(days(entries(PAGES)))
    assert [(each.day, sorted(of[0] for of in each.entries)) for each in found] == [
        (date(2025, 12, 31), ["/", "/tea"]),
        (date(2026, 1, 1), ["/tea"]),
    ]
    assert found[0].entries["/tea", "shop.example"] == (25, 30, 60)


def test_rows_of_the_same_are_added_up_and_a_count_that_the_file_lacks_stays_unknown():
    (day,) = days(entries(HEADER + "2026-01-01,/tea,1,2\n2026-01-01,/tea,3,4\n"))
    assert day.entries == {("/tea", ""): (4, None, 6)}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("yesterday,/,1,1", "date", "time_format"),
        ("2026-11-23,/,1,1", "date", "time_in_future"),
        ("2026-01-01,/,-1,1", "visitors", "amount_format"),
        ("2026-01-01,/,1,1.5", "pageviews", "amount_format"),
        ("2026-01-01,/,1,1_0", "pageviews", "amount_format"),
        (f"2026-01-01,/{'x' * 2000},1,1", "page", "field_too_long"),
        ("2026-01-01,/", "", "row_length"),
    ],
)
def test_a_row_that_is_wrong_says_where(row: str, column: str, code: str):
    (error,) = rows(HEADER + row + "\n")
    assert isinstance(error, RowError)
    assert (error.line, error.column, error.code) == (2, column, code)


def test_a_day_whose_rows_stand_apart_is_an_error_where_it_comes_again():
    found = rows(HEADER + "2026-01-01,/a,1,1\n2026-01-02,/a,1,1\n2026-01-01,/b,1,1\n2026-01-02,/b,1,1\n")
    assert [row.code if isinstance(row, RowError) else row.of[0] for row in found] == ["/a", "/a", "day_apart", "/b"]


def test_nothing_is_no_visitors():
    assert entries(HEADER + "2026-01-01,\\N,\\N,\n")[0].counts == (0, None, 0)


@given(st.binary(max_size=200))
def test_any_bytes_give_entries_or_a_reason(content: bytes):
    try:
        found = list(read(io.BytesIO(HEADER.encode() + content), "pages", today=TODAY))
    except UnreadableFileError:
        return
    assert all(isinstance(row, Entry | RowError) for row in found)
