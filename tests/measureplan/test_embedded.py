"""The embedded database: a server that outlived its supervisor is taken over."""

import os
from pathlib import Path

import pytest

from measureplan import embedded


def test_a_server_that_runs_already_is_taken_over() -> None:
    cluster = embedded.cluster_in(Path(os.environ["MP_TEST_FOLDER"]))
    running = embedded.server_pid(cluster)
    if running is None:
        pytest.skip("DATABASE_URL names the server of this run")
    assert embedded.start(cluster) == os.environ["DATABASE_URL"]
    assert embedded.server_pid(cluster) == running


def test_the_number_of_another_accounts_process_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_ours(_pid: int, _signal: int) -> None:
        raise PermissionError

    cluster = embedded.Cluster(tmp_path, tmp_path, None)
    cluster.data.mkdir()
    (cluster.data / "postmaster.pid").write_text("1\n")
    monkeypatch.setattr(os, "kill", not_ours)
    assert embedded.server_pid(cluster) is None
