"""Kills web, workers, beat, broker and database at random moments, and shows that nothing is lost or counted twice.

    python -m bench.kills [--kills 40] [--seed 1]

Starts an installation of its own in a temporary folder, sends batches of events to it from several threads, kills one
of its processes with signal 9 every few seconds, and lets its supervisor bring it back. The broker is a database of its
own, started again by this script. Senders repeat what was not acknowledged, and now and then what was. At the end every
acknowledged event must stand in the lake exactly once, and the counters must add up. Ends the installation by the id of
the process that it started.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.brokers import own_broker, port_of
from bench.installation import is_ready, running, wait_for
from bench.repeating_senders import Load, sending
from bench.verdict import Check, conclude, nothing_lost_or_twice
from measureplan import embedded

PAUSE_SECONDS = (1.5, 4.0)  # between two kills
VICTIMS = ("web", "web child", "worker", "worker child", "long", "beat", "broker", "database")
BACK_SECONDS = 30  # what a killed broker gets to come back: its old processes have to be gone first


def kill(victim: str, run: Path, queue: embedded.Cluster, chance: random.Random) -> str | None:
    """Kill one process and say which; None where it was not there."""
    if victim == "broker":
        return kill_broker(queue)
    name, _, child = victim.partition(" ")
    try:
        pid = int((run / f"{name}.pid").read_text())
        if child:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pid = int(chance.choice(children))
        os.kill(pid, signal.SIGKILL)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return None
    return f"{victim} ({pid})"


def kill_broker(queue: embedded.Cluster) -> str | None:
    """Kill the broker's server, and start it again on its port."""
    port, pid = port_of(queue), embedded.server_pid(queue)
    if pid is None:
        return None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: embedded.server_pid(queue) is None, BACK_SECONDS, every=0.1)
    if not wait_for(lambda: bool(embedded.start(queue, port=port)), BACK_SECONDS):
        raise RuntimeError(queue.log.read_text()[-3_000:])
    return f"broker ({pid})"


def kill_at_random(kills: int, run: Path, queue: embedded.Cluster, chance: random.Random) -> Counter[str]:
    killed: Counter[str] = Counter()
    deadline = time.monotonic() + kills * 30
    while killed.total() < kills and time.monotonic() < deadline:
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice(VICTIMS)
        done = kill(victim, run, queue, chance)
        if done:
            killed[victim] += 1
            print(f"kill {killed.total():3d} of {kills}: {done}", flush=True)
    return killed


def endure(folder: Path, port: int, kills: int, seed: int) -> int:
    """Run an installation under load and kills; give the exit code."""
    with own_broker(folder) as (queue, settings), running(folder, port, environment=settings) as installation:
        load = Load(port, installation.write_key, seed=seed)
        with sending(load):
            killed = kill_at_random(kills, installation.run, queue, random.Random(seed))
            wait_for(lambda: is_ready(port), 60)
            time.sleep(3)
        print(f"kills    {dict(killed)}")
        print(f"answers  {dict(load.statuses())} (0: none)")
        faults = queue.log.read_text().count(" ERROR: ")
        checks = [
            Check("processes killed", f"{killed.total()} of {kills}", killed.total() == kills),
            Check("statements that the broker refused: 0", str(faults), not faults),
        ]
        return conclude("kills", [*checks, *nothing_lost_or_twice(load, folder)])


def main() -> int:
    """Read the options, and do it in a folder that goes afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=21900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-kills-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        return endure(folder, options.port, options.kills, options.seed)


if __name__ == "__main__":
    sys.exit(main())
