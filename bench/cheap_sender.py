"""A sender of events that costs little: prepared bodies over raw sockets, one process, its CPU time told apart.

    python -m bench.cheap_sender PORT WRITE_KEY [--batch 1] [--senders 16] [--seconds 5] [--run 0]

Each of the senders keeps one connection and sends its next request when it has read the whole answer to the last. Of
a body only the ids change. Every answer is checked: 202, and as many accepted as sent. Prints one line of JSON.
"""

import argparse
import json
import re
import selectors
import socket
import time
from dataclasses import dataclass, field

HOST = "127.0.0.1"
MOST_BYTES = 1 << 18
ID = b"%-16s"  # of one length, so that a body's length never changes
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Sender:
    """One connection: what it sends, and what it waits for."""

    name: str
    socket: socket.socket
    turn: int = 0
    started: float = 0.0
    waiting: bytes = b""
    heard: bytearray = field(default_factory=bytearray)


@dataclass
class Told:
    """What came of all requests."""

    requests: int = 0
    latencies: list[float] = field(default_factory=list)


def body_of(batch: int) -> bytes:
    """Give a request of page views by a few hundred visitors; where an id begins stands PREFIX in its place."""
    events = [
        {
            "event_id": f"@@@@@@@@@@@@@@@@-{n}",
            "name": "page_view",
            "visitor_id": f"v-{n * 7919 % 997}",
            "url": f"https://shop.example/products/{n % 50}?utm_source=google&utm_medium=cpc&utm_campaign=tents",
            "referrer": "https://www.google.com/",
            "properties": {"list": "spring", "position": n % 20},
        }
        for n in range(batch)
    ]
    return json.dumps({"events": events} if batch > 1 else events[0]).encode()


def request_of(write_key: str, batch: int) -> bytes:
    """Give a whole request; where an id begins stands a mark of its length."""
    body = body_of(batch)
    address = "/api/v1/collect" if batch == 1 else "/api/v1/collect/batch"
    head = (
        f"POST {address} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nX-Write-Key: {write_key}\r\n"
        f"User-Agent: bench\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send_for(seconds: float, *, port: int, request: bytes, expected: bytes, senders: int, run: int) -> Told:
    """Let the senders send one request after the other until the time is over."""
    told = Told()
    with selectors.DefaultSelector() as selector:
        until = time.monotonic() + seconds
        for number in range(senders):
            sender = Sender(f"{run}-{number}", socket.create_connection((HOST, port), timeout=30))
            selector.register(sender.socket, selectors.EVENT_READ, sender)
            _next(sender, request)
        while selector.get_map():
            for key, _ in selector.select(30):
                sender = key.data
                if not _has_answer(sender, expected):
                    continue
                told.requests += 1
                told.latencies.append(time.perf_counter() - sender.started)
                if time.monotonic() < until:
                    _next(sender, request)
                else:
                    selector.unregister(sender.socket)
                    sender.socket.close()
    return told


def _next(sender: Sender, request: bytes) -> None:
    sender.turn += 1
    sender.started = time.perf_counter()
    sender.heard.clear()
    sender.socket.sendall(request.replace(b"@" * 16, ID % f"{sender.name}-{sender.turn}".encode()))


def _has_answer(sender: Sender, expected: bytes) -> bool:
    """Read what is there; say whether the answer is whole, and refuse one that is not as expected."""
    some = sender.socket.recv(MOST_BYTES)
    sender.heard += some
    head, end, body = bytes(sender.heard).partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if some and (not end or (length is not None and len(body) < int(length[1]))):
        return False
    if not head.startswith(b"HTTP/1.1 202") or expected not in body:
        raise RuntimeError(bytes(sender.heard[:500]))
    return True


def main() -> None:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("port", type=int)
    parser.add_argument("write_key")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--run", default="0")
    parser.add_argument("--empty", action="store_true", help="the server answers 202 without looking")
    asked = parser.parse_args()
    request = request_of(asked.write_key, asked.batch)
    expected = b"" if asked.empty else b'"accepted":%d,' % asked.batch
    began, cpu = time.perf_counter(), time.process_time()
    told = send_for(
        asked.seconds, port=asked.port, request=request, expected=expected, senders=asked.senders, run=asked.run
    )
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    latencies = sorted(told.latencies)
    print(
        json.dumps(
            {
                "events": told.requests * asked.batch,
                "seconds": took,
                "cpu_seconds": spent,
                "p50_ms": latencies[len(latencies) // 2] * 1_000,
                "p95_ms": latencies[int(len(latencies) * 0.95)] * 1_000,
            }
        )
    )


if __name__ == "__main__":
    main()
