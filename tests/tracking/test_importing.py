"""An import: said before it is done, done whole or not at all, done once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tracking.importers import (
    ACCESS_LOG,
    FAULTY,
    GOOGLEBOT,
    ORDERS,
    SNOWPLOW,
    again,
    applied,
    checked,
    found,
    log_line,
    receive,
)
from tests.tracking.makers import NOON, make_source
from tracking import importing, limits
from tracking.imports import uploads
from tracking.imports.reading import Wish
from tracking.imports.running import CannotBeRead, HasErrors
from tracking.imports.sources import add_host
from tracking.lake.query import query
from tracking.models import Counter, EventKey, Import, ImportState, InboxRow, Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Workspace


def stored(source: Source) -> tuple[int, int]:
    """Count the requests that wait for the lake, and the ids in the ledger."""
    with scope.in_workspace(source.workspace_id):
        return InboxRow.objects.count(), EventKey.objects.count()


def in_lake(source: Source) -> list[dict[str, Any]]:
    return query(source.workspace_id, "select * from events order by time, event_id").to_pylist()


def test_a_dry_run_says_what_would_come_in_and_stores_nothing(files: Source):
    row = checked(files, ORDERS)
    said = found(row)
    assert (row.state, row.format, row.rows_total) == (ImportState.CHECKED, "csv", 3)
    assert (said.rows, said.new, said.rejected) == (3, 3, 0)
    assert said.names == {"purchase": 2, "page_view": 1}
    assert said.samples[0]["transaction_id"] == "1001"
    assert row.mapping["fields"]["value"] == "revenue"
    assert stored(files) == (0, 0)


def test_an_order_stores_the_file_and_the_second_time_nothing(files: Source):
    first = found(applied(files, ORDERS))
    assert (first.new, first.duplicates) == (3, 0)
    before = in_lake(files)
    second = applied(files, ORDERS)
    assert (found(second).new, found(second).duplicates) == (0, 3)
    assert found(second).imported_before == NOON
    assert in_lake(files) == before
    assert {event["import_id"] for event in before} == {second.pk - 1}


def test_a_file_with_errors_is_stored_only_where_its_good_rows_were_asked_for(files: Source):
    row = checked(files, FAULTY)
    said = found(row)
    assert (said.new, said.rejected) == (3, 2)
    assert [(error.line, error.column, error.value, error.code) for error in said.errors] == [
        (5, "revenue", "12.34.56", "amount_format"),
        (6, "time", "yesterday", "time_format"),
    ]
    with scope.in_workspace(files.workspace_id), pytest.raises(HasErrors, match="2 rows have errors"):
        importing.order(row, good_rows_only=False, by="system", now=NOON)
    assert found(applied(files, FAULTY, good_rows_only=True)).new == 3
    with scope.in_workspace(files.workspace_id):
        counts = {f"{row.outcome}:{row.reason}": row.events for row in Counter.objects.all()}
    assert counts == {"accepted:": 3, "rejected:amount_format": 1, "rejected:time_format": 1}


def test_rejected_rows_stand_in_a_file_in_which_nothing_is_a_formula(files: Source):
    row = checked(files, ORDERS + b"purchase,=cmd(),eve,1005,1,NOK\npurchase,-5,eve,1006,1,NOK\n")
    lines = uploads.rejects_of(row.stored_as).read_text("utf-8-sig").splitlines()
    assert lines[0] == "line,column,value,reason,message"
    assert lines[1].startswith("5,time,'=cmd(),time_format,")
    assert lines[2].startswith("6,time,-5,time_format,")


def test_rows_that_are_there_already_are_known_before_the_import(files: Source):
    applied(files, ORDERS)
    longer = ORDERS + b"purchase,2026-11-02T10:00:00Z,ann,1005,10,NOK\n"
    said = found(checked(files, longer))
    assert (said.new, said.duplicates, said.conflicts) == (1, 3, 0)


def test_an_id_that_comes_twice_in_the_file_counts_once_in_the_dry_run_as_well(files: Source):
    content = (
        b"event_id,name,time\na,one,2026-11-01T10:00:00Z\na,one,2026-11-01T10:00:00Z\na,two,2026-11-01T10:00:00Z\n"
    )
    foreseen = found(checked(files, content))
    done = found(applied(files, content))
    assert (foreseen.new, foreseen.duplicates, foreseen.conflicts) == (1, 1, 1)
    assert (done.new, done.duplicates, done.conflicts) == (1, 1, 1)


def test_a_mapping_that_does_not_fit_is_said_and_can_be_mended(files: Source):
    content = b"what,when\nsale,2026-11-01T10:00:00Z\n"
    row = checked(files, content)
    assert found(row).faults == ["name is not mapped", "time is not mapped"]
    with scope.in_workspace(files.workspace_id):
        with pytest.raises(CannotBeRead, match="name is not mapped"):
            importing.order(row, good_rows_only=True, by="system", now=NOON)
        importing.check_again(row, Wish(fields={"name": "what", "time": "when"}, guesses=False))
    importing.check(row.workspace_id, row.pk, now=NOON)
    assert (again(row).state, found(again(row)).new) == (ImportState.CHECKED, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"\x00" * 40, "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 40, "save the sheet as CSV"),
        (b"\x1f\x8b\x08\x00cut", "cut off or damaged"),
    ],
    ids=["empty", "xlsx", "xls", "half a gzip"],
)
def test_a_file_of_another_kind_is_refused_and_not_kept(files: Source, upload_folder: Path, content: bytes, says: str):
    with pytest.raises(importing.UnsupportedFile, match=says):
        receive(files, content)
    assert [path for path in upload_folder.rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused_and_not_kept(files: Source, upload_folder: Path, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 10)
    with pytest.raises(uploads.TooLarge):
        receive(files, ORDERS)
    assert [path for path in upload_folder.rglob("*") if path.is_file()] == []


def test_no_file_is_taken_while_the_disk_is_nearly_full(files: Source, upload_folder: Path, settings: Any):
    settings.LOW_SPACE_MIB = 10**9
    limits.forget()
    with pytest.raises(uploads.NoRoom):
        receive(files, ORDERS)
    limits.forget()
    assert not upload_folder.exists()


def test_a_name_that_no_column_holds_is_cleaned(files: Source):
    assert receive(files, ORDERS, name="C:\\x\\sal\udce6g\x00.csv").file_name == "sal?g.csv"


def test_a_file_that_breaks_off_later_fails_in_words(files: Source):
    row = checked(files, ORDERS.decode().encode("utf-8") * 5_000 + b"\xe6,\xf8,,,,\n", encoding="utf-8")
    assert row.state == ImportState.FAILED
    assert "is not utf-8; say which encoding" in row.fault


def test_a_file_that_breaks_in_the_middle_stores_nothing(files: Source):
    rows = b"".join(b"view,2026-11-01T10:00:00Z,v%d\n" % number for number in range(5_000))
    row = checked(files, b"name,time,visitor_id\n" + rows)
    with scope.in_workspace(files.workspace_id):
        importing.order(row, good_rows_only=False, by="system", now=NOON)
    path = uploads.path_of(row.stored_as)
    whole = path.read_bytes()
    path.write_bytes(whole + b"\xe6,\xf8,\xe5\n")  # the disk's fault, after two chunks were stored
    importing.apply(row.workspace_id, row.pk, now=NOON)
    assert stored(files) == (0, 0)
    assert again(row).state == ImportState.FAILED
    assert "is not utf-8; say which encoding" in again(row).fault


def test_an_import_that_breaks_off_again_and_again_is_given_up(files: Source):
    row = receive(files, ORDERS)
    path = uploads.path_of(row.stored_as)
    path.unlink()
    path.mkdir()
    for _ in range(3):
        with pytest.raises(IsADirectoryError):
            importing.check(row.workspace_id, row.pk, now=NOON)
    importing.check(row.workspace_id, row.pk, now=NOON)
    assert again(row).state == ImportState.FAILED
    assert "broke off 3 times" in again(row).fault


def test_a_finished_import_is_not_done_twice(files: Source):
    row = applied(files, ORDERS)
    importing.apply(row.workspace_id, row.pk, now=NOON)
    importing.check(row.workspace_id, row.pk, now=NOON)
    assert stored(files)[1] == 3
    assert again(row).state == ImportState.DONE
    with scope.in_workspace(files.workspace_id), pytest.raises(importing.NotReady):
        importing.check_again(row, Wish())


def test_the_sweep_finds_imports_that_nobody_is_at(files: Source):
    row = receive(files, ORDERS)
    with scope.in_workspace(files.workspace_id):
        assert importing.waiting(now=NOON) == [("tracking.check_import", row.pk)]
        Import.objects.update(state=ImportState.APPLYING, heartbeat_at=NOON - timedelta(seconds=5))
        assert importing.waiting(now=NOON) == []
        assert importing.waiting(now=NOON + timedelta(minutes=2)) == [("tracking.apply_import", row.pk)]


def test_each_act_leaves_its_audit_entry(files: Source):
    row = applied(files, ORDERS)
    with scope.in_workspace(files.workspace_id):
        entries = AuditEntry.objects.filter(subject_type="import", subject_id=str(row.pk)).order_by("pk")
        assert [entry.act for entry in entries] == ["uploaded", "ordered", "imported"]
        assert entries[2].after == {"new": 3, "already there": 0, "rejected": 0}


def test_files_go_after_a_week_and_secrets_after_two_months(files: Source, upload_folder: Path):
    row = applied(files, ORDERS)
    stray = upload_folder / str(files.workspace_id) / "stray"
    stray.write_bytes(b"left by a request that was undone")
    with scope.in_workspace(files.workspace_id):
        importing.purge(files.workspace_id, now=NOON + timedelta(days=6))
        assert again(row).stored_as
        importing.purge(files.workspace_id, now=NOON + timedelta(days=8))
        assert again(row).stored_as == ""
        assert not stray.exists() or stray.stat().st_mtime > NOON.timestamp()
        assert Source.objects.get(pk=files.pk).import_secret is not None
        importing.purge(files.workspace_id, now=NOON + timedelta(days=61))
        assert Source.objects.get(pk=files.pk).import_secret is None


# Access logs.


def test_lines_of_a_log_that_are_no_visit_are_left_out_and_counted(files: Source):
    log = (
        log_line("/about")
        + log_line("/about", agent=GOOGLEBOT)
        + log_line("/logo.png", referrer="https://www.shop.example/about")
        + log_line("/gone", status=404)
        + b"garbage\n"
    )
    row = applied(files, log, name="access.log")
    said = found(row)
    assert row.format == "access-log"
    assert (said.rows, said.new, said.left_out, said.rejected) == (5, 1, 3, 1)
    assert said.left_out_as == {"bot": 1, "asset": 1, "error": 1}
    assert said.rejected_as == {"malformed": 1}
    assert said.hosts == {"shop.example": 1}
    assert [event["path"] for event in in_lake(files)] == ["/about"]


def test_a_longer_copy_of_a_log_adds_its_new_lines_to_the_same_visitors(files: Source):
    applied(files, log_line("/one"), name="access.log")
    row = applied(files, log_line("/one") + log_line("/two"), name="access.log")
    assert (found(row).new, found(row).duplicates, found(row).conflicts) == (1, 1, 0)
    events = in_lake(files)
    assert [event["path"] for event in events] == ["/one", "/two"] or len(events) == 2
    assert len({event["visitor_id"] for event in events}) == 1


def test_a_log_is_known_again_when_the_days_secret_is_gone(files: Source):
    applied(files, log_line("/one"), name="access.log")
    with scope.in_workspace(files.workspace_id):
        importing.purge(files.workspace_id, now=NOON + timedelta(days=90))
    row = applied(files, log_line("/one"), name="access.log")
    assert (found(row).new, found(row).duplicates, found(row).conflicts) == (0, 1, 0)


def test_visitors_of_two_sources_cannot_be_joined(files: Source, shop: Workspace):
    applied(files, log_line("/one"), name="access.log")
    other = make_source(shop, slug="other", kind=Kind.IMPORT)
    applied(other, log_line("/one"), name="access.log")
    assert len({event["visitor_id"] for event in in_lake(files)}) == 2


def test_within_one_second_the_order_of_the_log_is_the_order_of_the_visit(files: Source):
    log = b"".join(
        log_line("/landed", ip=f"203.0.113.{n}", referrer="https://www.google.com/")
        + log_line("/went-on", ip=f"203.0.113.{n}", referrer="https://elsewhere.example/")
        for n in range(20)
    )
    applied(files, log, name="access.log")
    rows = query(files.workspace_id, "select distinct landing_path, channel from sessions").to_pylist()
    assert rows == [{"landing_path": "/landed", "channel": "organic_search"}]


def test_a_page_of_the_own_host_is_no_referral(files: Source):
    with scope.in_workspace(files.workspace_id):
        files = Source.objects.select_related("workspace").get(pk=files.pk)
        add_host(files, "https://www.shop.example/", by="system", now=NOON)
    log = log_line("/a", referrer="https://shop.example/b") + log_line(
        "/b", ip="203.0.113.10", referrer="https://www.google.com/"
    )
    applied(files, log, name="access.log")
    rows = query(files.workspace_id, "select landing_path, channel from sessions order by 1").to_pylist()
    assert rows == [
        {"landing_path": "/a", "channel": "direct"},
        {"landing_path": "/b", "channel": "organic_search"},
    ]


# Real files.


@pytest.mark.skipif(not ACCESS_LOG.exists(), reason="needs ../shared/data/access_log")
def test_a_real_log_of_2015_comes_in_whole_and_once(files: Source):
    content = ACCESS_LOG.read_bytes()
    row = applied(files, content, name="access.log.gz")
    said = found(row)
    assert (said.rows, said.rejected_as) == (10_000, {"malformed": 1})
    assert said.new + said.left_out + said.rejected == 10_000
    assert len(in_lake(files)) == said.new
    sessions = query(files.workspace_id, "select count(*) as n, sum(events) as events from sessions").to_pylist()[0]
    assert sessions["events"] == said.new
    second = found(applied(files, content, name="access.log.gz"))
    assert (second.new, second.duplicates, second.conflicts) == (0, said.new, 0)
    assert len(in_lake(files)) == said.new


@pytest.mark.skipif(not SNOWPLOW.exists(), reason="needs ../shared/data/snowplow_events")
def test_a_real_file_of_snowplow_comes_in_by_its_headers(files: Source):
    row = applied(files, SNOWPLOW.read_bytes(), name="events.csv.gz", fields={"currency": "=USD"})
    assert (found(row).new, found(row).rejected) == (98, 0)
    orders = "select count(*) as n, sum(value_micros) as micros from events where value_micros is not null"
    assert query(files.workspace_id, orders).to_pylist() == [{"n": 6, "micros": 500_920_000}]
    assert found(applied(files, SNOWPLOW.read_bytes(), fields={"currency": "=USD"})).new == 0
