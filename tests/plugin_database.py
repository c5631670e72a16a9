"""Starts a PostgreSQL for the test run where DATABASE_URL names none, and compiles the catalogues.

Loaded before Django reads its settings.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from measureplan import catalogues, embedded

ROOT = Path(__file__).parent.parent
FOLDER = "MP_TEST_FOLDER"  # set for the workers of pytest-xdist, which share the controller's server
STOP_SECONDS = 60


def _start() -> "subprocess.Popen[bytes]":
    """Start the server, and before it the process that stops it: this one may be killed at any moment."""
    folder = Path(tempfile.mkdtemp(prefix="measureplan-test-"))
    folder.chmod(0o755)  # the account that runs the server passes through
    (folder / "static").mkdir()
    os.environ[FOLDER] = str(folder)
    os.environ["MP_DATA_DIR"] = str(folder)
    os.environ["MP_SECRET_KEY"] = "tests-only-and-long-enough-to-sign-a-session-with-00"
    # Hints go nowhere: tests call what a worker would. The queue of the default is not in a test's database.
    os.environ.setdefault("CELERY_BROKER_URL", "memory://")
    watch = subprocess.Popen(
        [sys.executable, "-m", "tests.database_watch", str(folder)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,  # a Ctrl-C in the terminal is for the tests alone
    )
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded.start(embedded.cluster_in(folder), durable=False)
    return watch


watch = _start() if FOLDER not in os.environ else None
if watch is not None:  # once, in the controller
    catalogues.compile_changed()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server when the run ends, in the process that started it."""
    if watch is not None:
        watch.communicate(b"over\n", timeout=STOP_SECONDS)
