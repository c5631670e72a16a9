"""Starts a PostgreSQL for the test run where DATABASE_URL names none; loaded before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from measureplan import embedded

FOLDER = "MP_TEST_FOLDER"  # set for the workers of pytest-xdist, which share the controller's server


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="measureplan-test-"))
    folder.chmod(0o755)  # the account that runs the server passes through
    (folder / "static").mkdir()
    os.environ[FOLDER] = str(folder)
    os.environ["MP_DATA_DIR"] = str(folder)
    os.environ["MP_SECRET_KEY"] = "tests-only-and-long-enough-to-sign-a-session-with-00"
    # Hints go nowhere: tests call what a worker would. The queue of the default is not in a test's database.
    os.environ.setdefault("CELERY_BROKER_URL", "memory://")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded.start(embedded.cluster_in(folder), durable=False)


if FOLDER not in os.environ:
    _start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server when the run ends, in the process that started it."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ[FOLDER])
    cluster = embedded.cluster_in(folder)
    embedded.stop(cluster)
    for leftover in {folder, cluster.folder.parent}:
        shutil.rmtree(leftover, ignore_errors=True)
