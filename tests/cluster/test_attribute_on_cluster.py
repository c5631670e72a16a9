"""`measureplan attribute` on a real cluster: what one process says, also where a machine goes in the middle."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deltalake import write_deltalake

from measureplan.attribute import NAMES
from measureplan.demo import shop
from measureplan.demo.writer import attribute_rows
from tests.cluster import standalone
from tests.cluster.held import GO
from tests.cluster.standalone import PATIENCE, Cluster, await_that, environment
from tests.measureplan.test_attribute_buckets import alike

pytestmark = pytest.mark.skipif(standalone.why_not() is not None, reason=str(standalone.why_not()))
ROOT = Path(__file__).parents[2]
ASKED = ["--goal", "purchase", "--model", ",".join(NAMES), "--json"]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop's events as a Delta table of six files."""
    address = tmp_path_factory.mktemp("events") / "table"
    rows = attribute_rows(shop(until=date(2026, 11, 21), scale=0.1))
    for n in range(6):
        write_deltalake(address, rows.slice(n * rows.num_rows // 6, rows.num_rows // 6 + 1), mode="append")
    return address


def answered(*command: str) -> Any:
    """Run a command as a process, and read its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, env=environment(), cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected(events: Path) -> Any:
    """What one process says."""
    found = answered("measureplan", "attribute", str(events), *ASKED)
    assert found["totals"]["conversions"] > 100, "the case needs conversions"
    return found


def test_a_cluster_says_what_one_process_says_group_by_group(cluster: Cluster, events: Path, expected: Any) -> None:
    spark = ["--runner", "spark", "--master", cluster.master, "--buckets", "5"]
    assert alike(answered("measureplan", "attribute", str(events), *ASKED, *spark), expected)


def test_a_machine_that_goes_in_the_middle_changes_nothing(events: Path, expected: Any, tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    with standalone.cluster_of(2, tmp_path / "cluster") as cluster:
        lose_a_worker(cluster, events, expected, tmp_path)


def lose_a_worker(cluster: Cluster, events: Path, expected: Any, tmp_path: Path) -> None:
    """Run the command, hold it where both workers are at a bucket, take one away, and let it go on."""
    spark = ["--runner", "spark", "--master", cluster.master, "--buckets", "5"]
    command = [sys.executable, "-m", "tests.cluster.held", str(tmp_path), "attribute", str(events), *ASKED, *spark]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT)
    try:
        gone, left = str(cluster.folder / "worker-1"), str(cluster.folder / "worker-2")

        def both_work() -> bool:
            assert run.poll() is None, "the run ended before it was worked at"
            at_work = [mark.read_text() for mark in tmp_path.glob("*.begun")]
            return all(any(folder.startswith(each) for folder in at_work) for each in (gone, left))

        await_that(both_work, "the two workers never worked at a bucket each")
        cluster.kill("worker-1")
        (tmp_path / GO).touch()
        out, said = run.communicate(timeout=PATIENCE)
    finally:
        run.kill()
    assert run.returncode == 0, said.decode()[-4000:]
    assert alike(json.loads(out), expected)
    begun = [mark.read_text() for mark in tmp_path.glob("*.begun")]
    assert len(begun) > 5, "the bucket of the machine that went was done again"
