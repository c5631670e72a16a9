"""The test run's own PostgreSQL ends with the run, even with one that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from measureplan import embedded
from tests.ends import ends

STARTS = """
import os, sys
from tests import plugin_database
print(os.environ["MP_TEST_FOLDER"], plugin_database.watch.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as Linux does")
def test_a_killed_run_leaves_no_server_behind() -> None:
    alone = {name: value for name, value in os.environ.items() if name not in {"MP_TEST_FOLDER", "DATABASE_URL"}}
    run = subprocess.Popen(
        [sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=alone
    )
    with run:
        assert run.stdout is not None
        folder, watch = run.stdout.readline().split()
        server = embedded.server_pid(embedded.cluster_in(Path(folder)))
        assert server is not None, "needs a server that could be left behind"
        with ends(server, int(watch)):
            run.send_signal(signal.SIGKILL)
    assert not Path(folder).exists()
