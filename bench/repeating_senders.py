"""Senders that repeat a batch until it is acknowledged, and note every answer that they hear."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.installation import HOST

SENDERS = 4
BATCH = (1, 40)  # events in a batch, from and to
AGAIN_SHARE = 0.05  # of the batches: what was acknowledged is sent again, and must not count twice
PAUSE_SECONDS = 0.2  # before a batch that was not acknowledged is sent again
MOST_TRIES = 4_000
HEAR_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender heard: status 0 where it heard nothing. `at` is the monotonic clock's at sending."""

    at: float
    seconds: float
    status: int
    retry_after: str | None = None


@dataclass
class Load:
    """What the senders sent and were told, shared by the threads.

    pause   seconds that a sender rests after a batch that was acknowledged
    """

    port: int
    write_key: str
    pause: float = 0.0
    seed: int = 1
    acknowledged: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)

    def statuses(self) -> Counter[int]:
        """Count the answers by status."""
        return Counter(answer.status for answer in list(self.answers))

    def between(self, since: float, until: float) -> list[Answer]:
        """Give the answers to what was sent in [since, until)."""
        return [answer for answer in list(self.answers) if since <= answer.at < until]

    def first_good(self, since: float) -> float | None:
        """Give the seconds from then until the first acknowledgement of what was sent after it."""
        ends = [answer.at + answer.seconds for answer in self.between(since, float("inf")) if answer.status == 202]
        return min(ends) - since if ends else None


@contextmanager
def sending(load: Load) -> Iterator[None]:
    """Send from several threads for the block; what is not acknowledged at its end is repeated no more."""
    threads = [threading.Thread(target=_send_until_stopped, args=(load, n), daemon=True) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(HEAR_SECONDS + 30)


def _send_until_stopped(load: Load, number: int) -> None:
    """Send batch after batch; repeat each until it is acknowledged."""
    chance = random.Random(f"{load.seed}-{number}")
    sent: list[list[dict[str, object]]] = []
    made = 0
    while not load.stop.is_set():
        if sent and chance.random() < AGAIN_SHARE:
            batch = chance.choice(sent)
        else:
            batch = [event(f"{number}-{made + n}", chance) for n in range(chance.randint(*BATCH))]
            made += len(batch)
            sent.append(batch)
        _repeat_until_acknowledged(load, batch)
        load.stop.wait(load.pause)


def event(name: str, chance: random.Random) -> dict[str, object]:
    """Give one event in our own JSON."""
    return {
        "event_id": f"e-{name}",
        "name": chance.choice(("page_view", "page_view", "sign_up")),
        "visitor_id": f"v-{chance.randrange(500)}",
        "url": "https://shop.example/",
    }


def _repeat_until_acknowledged(load: Load, batch: list[dict[str, object]]) -> None:
    body = json.dumps({"events": batch})
    for _ in range(MOST_TRIES):
        answer, results = post(load, body)
        refused = [each for each in results if each["status"] not in {"accepted", "duplicate"}]
        assert not refused, refused
        with load.lock:
            load.answers.append(answer)
            if answer.status == 202:
                load.acknowledged.update(str(each["event_id"]) for each in batch)
        if answer.status == 202 or load.stop.wait(PAUSE_SECONDS):
            return
    raise RuntimeError(f"a batch was refused {MOST_TRIES} times")


def post(load: Load, body: str) -> tuple[Answer, list[dict[str, str]]]:
    """Send a batch on a connection of its own; give the answer and the results in it."""
    connection = http.client.HTTPConnection(HOST, load.port, timeout=HEAR_SECONDS)
    headers = {"Content-Type": "application/json", "X-Write-Key": load.write_key}
    at = time.monotonic()
    try:
        connection.request("POST", "/api/v1/collect/batch", body, headers)
        response = connection.getresponse()
        told = json.loads(response.read() or b"{}")
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return Answer(at, time.monotonic() - at, 0), []
    finally:
        connection.close()
    heard = Answer(at, time.monotonic() - at, response.status, response.headers.get("Retry-After"))
    return heard, told.get("results", [])
