"""An export of sums takes the place of its own days, and never becomes an event."""

import pytest

from tests.tracking.importers import again, applied, checked, found
from tests.tracking.makers import NOON, Lake
from tests.tracking.sums.exports import ALL, PAGES, VISITORS, archive
from tracking import importing
from tracking.imports import undoing
from tracking.imports.running import HasErrors
from tracking.models import Format, ImportedDay, ImportState, Source
from workspaces import scope
from workspaces.models import AuditEntry

NEWER = VISITORS.replace('"2026-01-01",166', '"2026-01-01",200').encode()


def stored(source: Source) -> list[str]:
    with scope.in_workspace(source.workspace_id):
        days = ImportedDay.objects.order_by("kind", "day")
        return [f"{each.kind} {each.day} {len(each.entries)}" for each in days]


def visitors(source: Source) -> list[int]:
    with scope.in_workspace(source.workspace_id):
        days = ImportedDay.objects.filter(kind="visitors").order_by("day").values_list("entries", flat=True)
        return [entries[0]["visitors"] for entries in days]


SIX = ["custom_events 2025-12-31 1", "pages 2025-12-31 2", "pages 2026-01-01 1", "sources 2025-12-31 2"]
SIX += ["visitors 2025-12-31 1", "visitors 2026-01-01 1"]


def test_an_export_is_checked_stored_and_the_second_time_changes_nothing(old: Source):
    seen = checked(old, archive(), name="shop_example_20260101.zip")
    assert (seen.format, found(seen).rows, found(seen).new, stored(old)) == (Format.PLAUSIBLE, 8, 8, [])
    row = applied(old, archive())
    assert (row.state, found(row).new, stored(old)) == (ImportState.DONE, 8, SIX)
    again_ = found(applied(old, archive()))
    assert (again_.new, again_.duplicates, again_.changed, again_.removed) == (0, 8, 0, 0)
    with scope.in_workspace(old.workspace_id):
        assert set(ImportedDay.objects.values_list("import_row", flat=True)) == {row.pk}
        entry = AuditEntry.objects.filter(act="imported", subject_id=str(row.pk)).get()
        assert entry.after == {"new": 8, "already there": 0, "rejected": 0, "changed": 0, "removed": 0}


def test_sums_never_become_events(old: Source):
    applied(old, archive())
    assert Lake(old).rows("select * from events") == []


def test_a_newer_file_puts_its_days_in_the_place_of_those_that_are_there(old: Source):
    applied(old, archive())
    done = found(applied(old, NEWER, name="imported_visitors_20251231_20260101.csv"))
    assert (done.new, done.changed, done.removed, done.duplicates) == (1, 1, 0, 1)
    assert (visitors(old), stored(old)) == ([119, 200], SIX)
    fewer = found(applied(old, "".join(PAGES.splitlines(keepends=True)[:2]).encode()))
    assert (fewer.new, fewer.removed, fewer.duplicates) == (0, 1, 1)
    assert "pages 2025-12-31 1" in stored(old)
    assert "pages 2026-01-01 1" in stored(old)


def test_rows_with_errors_keep_the_others_out_unless_asked(old: Source):
    broken = VISITORS.replace("119", "many").encode()
    row = checked(old, broken)
    assert found(row).rejected_as == {"amount_format": 1}
    with scope.in_workspace(old.workspace_id), pytest.raises(HasErrors):
        importing.order(row, good_rows_only=False, by="system", now=NOON)
    applied(old, broken, good_rows_only=True)
    assert visitors(old) == [166]


def test_a_table_that_lacks_what_it_is_about_cannot_be_read(old: Source):
    lacking = {**ALL, "pages": '"date","visitors"\n"2026-01-01",1\n'}
    faults = found(checked(old, archive(lacking))).faults
    assert faults == ["imported_pages has no column page", "imported_pages has no column pageviews"]


def test_an_import_of_sums_is_undone_by_its_id(old: Source):
    applied(old, archive())
    newer = applied(old, NEWER)
    with scope.in_workspace(old.workspace_id):
        undoing.order(newer, by="system", now=NOON)
    assert undoing.undo(old.workspace_id, newer.pk, now=NOON)
    assert again(newer).state == ImportState.UNDONE
    assert visitors(old) == [119]
