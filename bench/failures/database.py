"""The database is stopped without notice, and started again: senders hear 503 meanwhile, and nothing is lost.

The installation gets the database by DATABASE_URL, so that nobody but this script brings it back.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from bench.installation import running
from bench.repeating_senders import Load, sending
from bench.verdict import Check, all_said, conclude, nothing_lost_or_twice, slowest
from measureplan import embedded

BEFORE_SECONDS = 5.0
ANSWER_SECONDS = 3.0  # promised: what a sender waits for its 503
BACK_SECONDS = 5.0  # promised: from the database's return to the first acknowledgement


def run(options: argparse.Namespace) -> int:
    """Show it three times; give the exit code."""
    with tempfile.TemporaryDirectory(prefix="measureplan-database-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = embedded.cluster_in(folder)
        address = embedded.start(cluster)
        try:
            with running(folder, options.port, environment={"DATABASE_URL": address}) as installation:
                load = Load(options.port, installation.write_key)
                with sending(load):
                    checks = [each for _ in range(options.times) for each in outage(load, cluster, options.seconds)]
                    time.sleep(BEFORE_SECONDS)
                return conclude("database down", [*checks, *nothing_lost_or_twice(load, folder)])
        finally:
            embedded.stop(cluster)


def outage(load: Load, cluster: embedded.Cluster, seconds: float) -> list[Check]:
    """Take the database away for so long, and say what the senders heard."""
    port = int((cluster.data / "postmaster.pid").read_text().splitlines()[3])
    time.sleep(BEFORE_SECONDS)
    stop_at_once(cluster)
    try:
        since = time.monotonic()
        time.sleep(seconds)
        until = time.monotonic()
    finally:  # whoever interrupts it leaves senders that can end
        embedded.start(cluster, port=port)
    started = time.monotonic()
    time.sleep(BACK_SECONDS + 1)
    back = load.first_good(started)
    # A request that was sent before the end may have found the database back.
    meanwhile = [answer for answer in load.between(since, until) if answer.at + answer.seconds < until]
    words, are_all = all_said(meanwhile, 503)
    hasty = [answer for answer in meanwhile if not (answer.retry_after or "").isdigit()]
    late = load.between(started + BACK_SECONDS, float("inf"))
    return [
        Check(f"{seconds:.0f} s without: every answer is 503", words, are_all),
        Check("each with Retry-After", f"{len(hasty)} without", not hasty),
        Check(
            f"within {ANSWER_SECONDS:.0f} s",
            f"slowest {slowest(meanwhile):.2f} s",
            slowest(meanwhile) <= ANSWER_SECONDS,
        ),
        Check(
            f"back within {BACK_SECONDS:.0f} s",
            f"{back:.2f} s" if back else "never",
            bool(back and back <= BACK_SECONDS),
        ),
        Check("and from then on 2xx alone", *all_said(late, 202)),
    ]


def stop_at_once(cluster: embedded.Cluster) -> None:
    """Stop the server in the middle of what it does; it recovers when it starts."""
    account = cluster.account
    subprocess.run(
        [cluster.programs / "pg_ctl", "stop", "-D", str(cluster.data), "-m", "immediate", "-w"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
