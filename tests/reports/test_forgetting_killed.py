"""A worker that is killed anywhere in an erasure leaves nothing that the next one does not bring to its end."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.db import connection

from reports import forgetting
from tests.reports.lake import make_goal
from tests.reports.test_forgetting import KARI, OTHERS, again, figures, order, take, traces_in_lake
from tests.tracking.makers import NOON, Lake, make_source
from tracking.models import Erasure, ErasureState
from tracking.rights import erasing
from workspaces import scope
from workspaces.models import Workspace

LATER = NOON + timedelta(minutes=1)
DEADLINE_SECONDS = 60
# From the first look-up to the last file; how far each comes depends on the machine.
AFTER_SECONDS = (0.0, 0.05, 0.15, 0.3, 0.5, 0.8)

WORKER = """
import sys
import django
django.setup()
from datetime import timedelta
from reports import forgetting
from tests.tracking.makers import NOON
from tracking.rights import erasing
print("ready", flush=True)
workspace = int(sys.argv[1])
erasing.erase(workspace, now=NOON)
forgetting.forget(workspace, now=NOON)
forgetting.forget(workspace, now=NOON + timedelta(minutes=1))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_an_erasure_still_ends_as_if_never_disturbed(shop: Workspace, lake_folder: Path) -> None:
    lake = Lake(make_source(shop))
    goal = make_goal(shop)
    take(lake, OTHERS)
    alone = figures(shop, [goal])
    take(lake, KARI)
    row = order(shop)
    states = [_kill(shop.pk, lake_folder, after) and again(row).state for after in AFTER_SECONDS]
    assert states[0] != ErasureState.DONE, "needs a kill before the end"
    assert erasing.erase(shop.pk, now=LATER)
    forgetting.forget(shop.pk, now=LATER)
    assert forgetting.forget(shop.pk, now=LATER + forgetting.GRACE) is None
    assert figures(shop, [goal]) == alone
    assert traces_in_lake(lake_folder) == []
    with scope.in_workspace(shop.pk):
        (done,) = Erasure.objects.all()
    assert (done.state, done.name, done.subject) == (ErasureState.DONE, "", {})
    assert done.removed["events"] == len(KARI)


def _kill(workspace_id: int, lake_folder: Path, after: float) -> bool:
    """Have a worker begin, and kill it so long after; give True once its locks are free."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": database.geturl(), "MP_LAKE_URL": str(lake_folder)}
    command = [sys.executable, "-c", WORKER, str(workspace_id)]
    with subprocess.Popen(command, env=environment, cwd=configured.BASE_DIR, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(after)
        worker.send_signal(signal.SIGKILL)
        worker.wait(DEADLINE_SECONDS)
    return True
