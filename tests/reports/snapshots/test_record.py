"""A record comes back from its text as it was, and what differs today is found row by row."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.exports import Share
from reports.goal_page import Fact
from reports.snapshots import showing
from reports.snapshots.record import Record, Sheet, as_text, fingerprint, from_text, sheet

CELLS = st.one_of(
    st.text(max_size=8), st.none(), st.dates(), st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1).map(Share),
)  # fmt: skip
HEAD = ["Channel", "Conversions", "Share"]


def record(*sheets: Sheet, **said: Any) -> Record:
    known = {"title": "Sale", "params": {}, "sentences": (), "method": (), "computed_through": None}
    return Record(**known | said, sheets=sheets)


@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=4), through=st.none() | st.datetimes(timezones=st.just(UTC)))
def test_a_record_comes_back_as_it_was(rows: list[list[Any]], through: datetime | None) -> None:
    text = as_text(record(sheet("T", rows), method=(Fact("a", "b"),), sentences=("ø",), computed_through=through))
    again = from_text(text)
    assert again.sheets[0].rows == tuple(map(tuple, rows))
    assert [list(map(type, row)) for row in again.sheets[0].rows] == [list(map(type, row)) for row in rows]
    assert (again.method, again.sentences, again.computed_through) == ((Fact("a", "b"),), ("ø",), through)
    assert as_text(record(sheet("T", rows), method=again.method, sentences=("ø",), computed_through=through)) == text
    assert fingerprint(text) != fingerprint(text + " ")


def shown(then: list[list[Any]], now: list[list[Any]]) -> showing.Table:
    kept, again = (from_text(as_text(record(sheet("T", rows)))) for rows in (then, now))
    (found,) = showing.tables(kept, again, language="en")
    return found


def test_what_differs_is_found_by_what_a_row_is_about() -> None:
    then = [HEAD, ["Email", 412, Share(0.25)], ["Direct", 3, Share(0.01)], ["Total", 415, None]]
    now = [HEAD, ["Paid", 7, Share(0.1)], ["Email", 430, Share(0.25)], ["Total", 437, None]]
    table = shown(then, now)
    assert table.differing == 4
    email, direct, total, paid = table.lines
    assert [(cell.then, cell.now) for cell in email.cells] == [("Email", None), ("412", "430"), ("25\u00a0%", None)]
    assert (direct.is_gone, [cell.now for cell in direct.cells]) == (True, [None] * 3)
    assert [cell.now for cell in total.cells] == [None, "437", None]
    assert (paid.is_new, paid.cells[1].then) == (True, "7")


def test_rows_about_the_same_are_told_apart_by_their_order_and_columns_by_their_names() -> None:
    then = [
        ["Day", "To", "Sales"],
        [date(2026, 11, 2), date(2026, 11, 3), 4],
        [date(2026, 11, 3), date(2026, 11, 4), 5],
    ]
    now = [["Day", "To", "Visits", "Sales"], [*then[1][:2], 90, 4], [*then[2][:2], 80, 6]]
    table = shown(then, now)
    assert table.differing == 1
    assert [cell.now for cell in table.lines[1].cells] == [None, None, "6"]
    twice = [HEAD, ["Same", 1, None], ["Same", 2, None]]
    assert shown(twice, twice).differing == 0


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (1284, "1,284"), (1234.5, "1,234.50"), (3.0, "3"), (Share(0.042), "4.2\u00a0%"), ("=1+1", "=1+1")],
)
def test_cells_are_written_as_on_the_report(cell: Any, text: str) -> None:
    (table,) = showing.tables(record(Sheet("T", (("A",), (cell,)))), None, language="en")
    assert table.lines[0].cells[0].then == text
