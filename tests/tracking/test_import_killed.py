"""A worker that is killed in the middle of an import leaves nothing of the file, and the next one stores it whole."""

import os
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.db import connection

from tests.tracking.importers import again, checked, log_line
from tests.tracking.makers import NOON, make_source
from tracking import importing
from tracking.imports import uploads
from tracking.locks import Work
from tracking.models import EventKey, Import, ImportState, InboxRow, Kind
from workspaces import scope
from workspaces.models import Workspace

LINES = 5_000  # two chunks are stored, the third is begun
DEADLINE_SECONDS = 60

# The worker's part, in a process of its own.
WORKER = """
import sys
import django
django.setup()
from tests.tracking.makers import NOON
from tracking import importing
importing.apply(int(sys.argv[1]), int(sys.argv[2]), now=NOON)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_the_next_stores_all(shop: Workspace, upload_folder: Path):
    start = datetime(2015, 5, 17, tzinfo=UTC)
    log = b"".join(log_line(f"/{n}", at=start + timedelta(seconds=n)) for n in range(LINES))
    source = make_source(shop, slug="files", kind=Kind.IMPORT)
    row = checked(source, log, name="access.log")
    with scope.in_workspace(shop.pk):
        importing.order(row, good_rows_only=False, by="system", now=NOON)
    _kill_in_the_middle(row, log, upload_folder)
    _wait_for_the_lock(row.pk)
    with scope.in_workspace(shop.pk):
        assert (InboxRow.objects.count(), EventKey.objects.count()) == (0, 0)
    assert again(row).state == ImportState.APPLYING
    assert again(row).rows_done >= 2_000  # was seen from outside while the transaction was open

    importing.apply(shop.pk, row.pk, now=NOON)
    assert again(row).state == ImportState.DONE
    with scope.in_workspace(shop.pk):
        assert EventKey.objects.count() == LINES


def _kill_in_the_middle(row: Import, log: bytes, upload_folder: Path) -> None:
    """Give the worker the file through a pipe that stays open, so that it waits in the middle; kill it there."""
    path = uploads.path_of(row.stored_as)
    path.unlink()
    os.mkfifo(path)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": database.geturl(), "MP_UPLOAD_DIR": str(upload_folder)}
    command = [sys.executable, "-c", WORKER, str(row.workspace_id), str(row.pk)]
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # does not wait for the worker to open its end
    with subprocess.Popen(command, env=environment, cwd=configured.BASE_DIR) as worker:
        _feed(pipe, log, worker)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(DEADLINE_SECONDS) == -signal.SIGKILL
    os.close(pipe)
    path.unlink()
    path.write_bytes(log)


def _feed(pipe: int, content: bytes, worker: "subprocess.Popen[bytes]") -> None:
    """Write until all but what the pipe itself holds (64 KB) was read."""
    while content:
        _, ready, _ = select.select([], [pipe], [], DEADLINE_SECONDS)
        assert ready, "the worker does not read its file"
        assert worker.poll() is None, "the worker has ended"
        content = content[os.write(pipe, content[:4_096]) :]


def _wait_for_the_lock(import_id: int) -> None:
    """Wait until the server has undone the dead worker's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = %s", [DEADLINE_SECONDS * 1_000])
        cursor.execute("select pg_advisory_lock(%s, %s)", [int(Work.IMPORT), import_id])
        cursor.execute("select pg_advisory_unlock(%s, %s)", [int(Work.IMPORT), import_id])
        cursor.execute("reset statement_timeout")
