"""Kills web, worker and database at random moments under load, and shows that nothing is lost or counted twice.

    python -m bench.kills [--kills 40] [--seed 1]

Starts an installation of its own in a temporary folder, sends batches of events to it from several threads, kills one
of its processes with signal 9 every few seconds, and lets its supervisor bring it back. Senders repeat what was not
acknowledged, and now and then what was. At the end every acknowledged event must stand in the lake exactly once, and
the counters must add up. Ends the installation by the id of the process that it started.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deltalake import DeltaTable

SENDERS = 4
BATCH = (1, 40)  # events in a batch, from and to
PAUSE_SECONDS = (1.5, 4.0)  # between two kills
VICTIMS = ("web", "web child", "worker", "worker child", "long", "database")
SETTLE_SECONDS = 180  # what the last events get to reach the lake
START_SECONDS = 120


@dataclass
class Load:
    """What the senders sent and were told, shared by the threads."""

    host: str
    port: int
    write_key: str
    acknowledged: set[str] = field(default_factory=set)
    attempts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)


def send_until_stopped(load: Load, number: int, seed: int) -> None:
    """Send batch after batch; repeat each until it is acknowledged."""
    chance = random.Random(f"{seed}-{number}")
    sent: list[list[dict[str, object]]] = []
    made = 0
    while not load.stop.is_set():
        if sent and chance.random() < 0.05:
            batch = chance.choice(sent)  # what was acknowledged is sent again: it must not count twice
        else:
            batch = [event(f"{number}-{made + n}", chance) for n in range(chance.randint(*BATCH))]
            made += len(batch)
            sent.append(batch)
        repeat_until_acknowledged(load, batch)


def event(name: str, chance: random.Random) -> dict[str, object]:
    return {
        "event_id": f"e-{name}",
        "name": chance.choice(("page_view", "page_view", "sign_up")),
        "visitor_id": f"v-{chance.randrange(500)}",
        "url": "https://shop.example/",
    }


def repeat_until_acknowledged(load: Load, batch: list[dict[str, object]]) -> None:
    body = json.dumps({"events": batch})
    for _ in range(400):
        status, answer = post(load, body)
        with load.lock:
            load.attempts[str(status)] += 1
        if status == 202:
            refused = [each for each in answer["results"] if each["status"] not in {"accepted", "duplicate"}]
            assert not refused, refused
            with load.lock:
                load.acknowledged.update(str(each["event_id"]) for each in batch)
            return
        if load.stop.wait(0.2):
            return
    raise RuntimeError("a batch was refused 400 times")


def post(load: Load, body: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Give the status and the answer; status 0 where there was none."""
    connection = http.client.HTTPConnection(load.host, load.port, timeout=15)
    try:
        connection.request(
            "POST",
            "/api/v1/collect/batch",
            body,
            {"Content-Type": "application/json", "X-Write-Key": load.write_key},
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return 0, {}
    finally:
        connection.close()


def kill(victim: str, run: Path, chance: random.Random) -> str | None:
    """Kill one process and say which; None where it was not there."""
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


def measureplan(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "measureplan", *arguments, "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"measureplan {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def stored_ids(folder: Path) -> Counter[str]:
    """Count every event id in every workspace's lake, read without the product's code."""
    found: Counter[str] = Counter()
    for table in (folder / "lake").glob("*/events"):
        ids = DeltaTable(table).to_pyarrow_table(columns=["event_id"]).column("event_id")
        found.update(ids.to_pylist())
    return found


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):
            if condition():
                return True
        time.sleep(0.5)
    return False


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    connection.request("GET", "/readyz")
    return connection.getresponse().status == 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=21900)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="measureplan-kills-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        return endure(folder, options.port, options.kills, chance, options.seed)


def endure(folder: Path, port: int, kills: int, chance: random.Random, seed: int) -> int:
    log = (folder / "up.log").open("wb")
    up = subprocess.Popen(
        [sys.executable, "-m", "measureplan", "up", "--port", str(port), "--data-dir", str(folder)],
        stdout=log,
        stderr=log,
    )
    try:
        if not wait_for(lambda: answers("127.0.0.1", port), START_SECONDS):
            print((folder / "up.log").read_text())
            return 1
        made = json.loads(measureplan("bootstrap", "--json", folder=folder))
        load = Load("127.0.0.1", port, made["write_key"])
        senders = [threading.Thread(target=send_until_stopped, args=(load, n, seed)) for n in range(SENDERS)]
        for sender in senders:
            sender.start()
        killed = kill_at_random(kills, folder / "run", chance)
        wait_for(lambda: answers("127.0.0.1", port), 60)
        time.sleep(3)
        load.stop.set()
        for sender in senders:
            sender.join(60)
        return report(folder, load, killed)
    finally:
        up.send_signal(signal.SIGTERM)
        try:
            up.wait(60)
        except subprocess.TimeoutExpired:
            up.kill()
        log.close()


def kill_at_random(kills: int, run: Path, chance: random.Random) -> Counter[str]:
    killed: Counter[str] = Counter()
    deadline = time.monotonic() + kills * 30
    while killed.total() < kills and time.monotonic() < deadline:
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice(VICTIMS)
        done = kill(victim, run, chance)
        if done:
            killed[victim] += 1
            print(f"kill {killed.total():3d} of {kills}: {done}", flush=True)
    return killed


def report(folder: Path, load: Load, killed: Counter[str]) -> int:
    """Compare what was acknowledged with what is stored; give the exit code."""
    wait_for(lambda: len(stored_ids(folder)) >= len(load.acknowledged), SETTLE_SECONDS)
    stored = stored_ids(folder)
    lost = load.acknowledged - stored.keys()
    twice = [each for each, n in stored.items() if n > 1]
    print(f"kills        {dict(killed)}")
    print(f"answers      {dict(load.attempts)} (0: none)")
    print(f"acknowledged {len(load.acknowledged)} events")
    print(f"stored       {stored.total()} events, {len(stored)} ids")
    print(f"lost         {len(lost)} {sorted(lost)[:5]}")
    print(f"twice        {len(twice)} {twice[:5]}")
    return 1 if lost or twice or not load.acknowledged else 0


if __name__ == "__main__":
    sys.exit(main())
