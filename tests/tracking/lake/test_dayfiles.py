"""Files of days: each row in its day's folder, and unseen before the commit."""

from datetime import date

import pyarrow as pa

from tracking.lake import dayfiles
from tracking.lake.table import dataset, files, open_or_make, replace_days, replace_files

SCHEMA = pa.schema([pa.field("day", pa.date32(), nullable=False), pa.field("n", pa.int64())])
DAYS = [date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)]


def made(days: list[date], *, start: int = 0) -> pa.Table:
    return pa.table([days, list(range(start, start + len(days)))], schema=SCHEMA)


def stored(version: int) -> list[tuple[date, int]]:
    rows = dataset(7, "paths/3", version).to_table().to_pylist()
    return sorted((row["day"], row["n"]) for row in rows)


def test_each_day_is_one_file_whatever_the_batches() -> None:
    rows = pa.RecordBatchReader.from_batches(SCHEMA, made(DAYS).to_batches(max_chunksize=1))
    written = dayfiles.write(open_or_make(7, "paths/3", SCHEMA), rows)
    assert [action.partition_values["day"] for action in written] == ["2026-11-20", "2026-11-21", "2026-11-23"]


def test_files_are_in_no_version_before_they_are_committed() -> None:
    table = open_or_make(7, "paths/3", SCHEMA)
    before = table.version()
    written = dayfiles.write(table, made(DAYS))
    assert files(7, "paths/3", before) == ()
    version = replace_files(7, "paths/3", written, since=None)
    assert stored(version) == list(zip(DAYS, range(4), strict=True))


def test_days_outside_of_the_range_stay_as_they_are() -> None:
    replace_days(7, "paths/3", made(DAYS), since=None)
    new = made([date(2026, 11, 21), date(2026, 11, 22)], start=10)
    version = replace_days(7, "paths/3", new, since=date(2026, 11, 21), until=date(2026, 11, 23))
    assert [n for _, n in stored(version)] == [0, 1, 10, 11, 3]


def test_no_rows_take_the_days_away() -> None:
    replace_days(7, "paths/3", made(DAYS), since=None)
    assert stored(replace_days(7, "paths/3", made([]), since=date(2026, 11, 21))) == [(DAYS[0], 0), (DAYS[1], 1)]
    assert stored(replace_days(7, "paths/3", made([]), since=None)) == []


def test_a_version_that_was_never_published_is_undone_first() -> None:
    published = replace_days(7, "paths/3", made(DAYS), since=None)
    replace_days(7, "paths/3", made([]), since=date(2026, 11, 20))
    version = replace_days(7, "paths/3", made(DAYS[3:], start=9), since=date(2026, 11, 23), base=published)
    assert [n for _, n in stored(version)] == [0, 1, 2, 9]
