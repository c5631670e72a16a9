"""`measureplan import`: said before it is done, and the figures there when it ends."""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.db import connection

from measureplan import import_show, importing
from measureplan.commands import import_file
from measureplan.importing import Imported, Refused
from measureplan.importing import import_file as run
from tests.tracking.importers import ACCESS_LOG, FAULTY, ORDERS, SNOWPLOW, log_line
from tracking.lake.query import query
from tracking.models import EventKey, Import, ImportState, Source
from workspaces import scope
from workspaces.models import AuditEntry, Workspace

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def import_it(path: Path, *arguments: str) -> Imported:
    """Run what the command runs, in this process's own installation."""
    parser = argparse.ArgumentParser()
    import_file.add_arguments(parser)
    options = parser.parse_args([str(path), "--workspace", "fjellsport", "--source", "Shop", *arguments])
    return run(import_file.asked(options), now=NOW)


def wrote(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def left_behind(shop: Workspace) -> tuple[int, int, int, int]:
    with scope.in_workspace(shop.pk):
        return Import.objects.count(), Source.objects.count(), EventKey.objects.count(), AuditEntry.objects.count()


def test_a_dry_run_leaves_no_trace(shop: Workspace, tmp_path: Path, upload_folder: Path):
    done = import_it(wrote(tmp_path / "orders.csv", ORDERS))
    assert (done.is_applied, done.found.new) == (False, 3)
    assert left_behind(shop) == (0, 0, 0, 0)
    assert [path for path in upload_folder.rglob("*") if path.is_file()] == []
    assert import_show.lines(done) == [
        "orders.csv: CSV, utf-8, commas, decimal point",
        (
            "Fields: name from name, time from time, visitor_id from visitor_id, value from revenue,"
            " currency from currency, transaction_id from order_id"
        ),
        "3 rows, 2026-11-01 09:00 to 2026-11-01 11:00 UTC",
        "  new                     3  purchase 2, page_view 1",
        "  already there           0",
        "  with errors             0",
        "This was a dry run; nothing was stored. --apply stores the 3 new ones.",
    ]


def test_applied_its_events_are_in_sessions_when_it_ends(shop: Workspace, tmp_path: Path):
    path = wrote(tmp_path / "orders.csv", ORDERS)
    done = import_it(path, "--apply")
    assert done.is_applied
    sessions = query(shop.pk, "select count(*) as n, sum(events) as events from sessions").to_pylist()
    assert sessions == [{"n": 3, "events": 3}]
    with scope.in_workspace(shop.pk):
        row = Import.objects.get()
        assert (row.state, row.source.name, row.source.kind) == (ImportState.DONE, "Shop", "import")
        acts = [(entry.actor_name, entry.act) for entry in AuditEntry.objects.order_by("pk")]
    assert acts[:3] == [(importing.BY, "created"), (importing.BY, "uploaded"), (importing.BY, "ordered")]
    again = import_it(path, "--apply")
    assert (again.found.new, again.found.duplicates) == (0, 3)
    assert import_show.lines(again)[-1] == "Every event was there already; nothing has changed."


def test_errors_keep_the_file_out_until_the_good_rows_are_asked_for(shop: Workspace, tmp_path: Path):
    path = wrote(tmp_path / "orders.csv", FAULTY)
    kept_out = import_it(path, "--apply")
    assert kept_out.keeps_out == "2 rows have errors, so nothing was stored; mend them, or add --good-rows-only"
    assert left_behind(shop) == (0, 0, 0, 0)
    lines = import_show.lines(kept_out)
    assert [line for line in lines if line.startswith("  line 6, time: ")], lines
    assert import_it(path, "--apply", "--good-rows-only").found.new == 3


def test_columns_are_mapped_by_the_arguments(shop: Workspace, tmp_path: Path):
    path = wrote(tmp_path / "salg.csv", "hva;når;sum\nsalg;01.11.2026 10:00;1 234,50\n".encode("cp1252"))
    arguments = ["--map", "name=hva", "--map", "time=når", "--map", "value=sum", "--map", "currency==NOK"]
    done = import_it(path, *arguments, "--time-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Oslo")
    (sample,) = done.as_dict()["samples"]
    assert (sample["name"], sample["time"]) == ("salg", "2026-11-01T09:00:00+00:00")
    assert (sample["value_micros"], sample["currency"]) == (1_234_500_000, "NOK")
    assert done.as_dict()["mapping"]["encoding"] == "cp1252"
    assert json.dumps(done.as_dict())


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        (ORDERS, ["--workspace", "nowhere"], 'no workspace "nowhere"'),
        (ORDERS, ["--map", "value"], '"value" is not field=column'),
        (ORDERS, ["--source", "!"], "The source needs a name"),
        (ORDERS, ["--host", "no host"], "is not a host name"),
        (b"PK\x03\x04" + b"\x00" * 40, [], "save the sheet as CSV"),
        (b"name,time\n" + b"\xe6,2026-11-01T10:00:00Z\n", ["--encoding", "utf-8"], "is not utf-8"),
    ],
    ids=["workspace", "map", "source", "host", "spreadsheet", "encoding"],
)
def test_what_cannot_be_done_is_said_in_one_line(
    shop: Workspace, tmp_path: Path, content: bytes, arguments: list[str], says: str
):
    path = wrote(tmp_path / "file.csv", content)
    with pytest.raises(Refused) as refusal:
        import_it(path, *arguments)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_mapping_that_does_not_fit_names_the_columns(shop: Workspace, tmp_path: Path):
    done = import_it(wrote(tmp_path / "odd.csv", b"what,when\nsale,2026-11-01T10:00:00Z\n"))
    lines = import_show.lines(done)
    assert "It cannot be read like this: name is not mapped (--map name=COLUMN)" in lines
    assert "Its columns: what, when" in lines


def test_a_logs_host_is_asked_for_until_it_is_known(shop: Workspace, tmp_path: Path):
    log = log_line("/a") + log_line("/a.png", referrer="http://shop.example/a")
    path = wrote(tmp_path / "access.log", log)
    asks = "Most of its pictures are asked for by shop.example; if that is the site itself, add --host shop.example"
    assert asks in import_show.lines(import_it(path))
    assert asks not in import_show.lines(import_it(path, "--host", "shop.example"))


@pytest.mark.skipif(not ACCESS_LOG.exists(), reason="needs ../shared/data/access_log")
def test_the_real_log_comes_in_by_one_command(shop: Workspace):
    done = import_it(ACCESS_LOG, "--host", "semicomplete.com", "--apply")
    assert done.found.rows == 10_000
    first = query(shop.pk, "select min(started_at) as at from sessions").to_pylist()[0]["at"]
    assert (first.year, first.month, first.day) == (2015, 5, 17)


@pytest.mark.skipif(not SNOWPLOW.exists(), reason="needs ../shared/data/snowplow_events")
def test_the_real_snowplow_file_comes_in_by_one_command(shop: Workspace):
    assert import_it(SNOWPLOW, "--map", "currency==USD", "--apply").found.new == 98


@pytest.mark.django_db(transaction=True)
def test_the_command_prints_json_and_fails_where_errors_keep_the_file_out(shop: Workspace, tmp_path: Path):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    path = wrote(tmp_path / "orders.csv", FAULTY)
    command = [sys.executable, "-m", "measureplan", "import", str(path), "--workspace", shop.slug, "--source", "Shop"]
    done = subprocess.run(
        [*command, "--apply", "--json", "--data-dir", str(tmp_path)],
        env=os.environ | {"DATABASE_URL": database.geturl()},
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == import_file.HAS_ERRORS, done.stderr
    assert json.loads(done.stdout)["rejected"] == 2
    assert done.stderr.splitlines()[-1].endswith("mend them, or add --good-rows-only")
    assert left_behind(shop) == (0, 0, 0, 0)
