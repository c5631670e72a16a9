"""How gunicorn serves the application, wherever it is started: its settings, by the names that it has for them.

A client that stalls gives its thread back. A thread reads its request, body and all, and writes its answer itself.
Without a bound, sixteen phones that lost their network in the middle of a request hold all threads of both processes
until somebody restarts them.
"""

import socket
import struct
from typing import Any

# Imported once, then forked: neither the first visitor nor a worker that takes another's place waits for imports.
preload_app = True
workers = 2
worker_class = "gthread"
threads = 8
graceful_timeout = 10  # seconds
max_requests = 50_000
max_requests_jitter = 5_000
control_socket_disable = True
limit_request_line = 8_190  # trackers that send by GET pack an event with all about it into the address

STALL_MS = 10_000  # without a byte read or written; a slow line is seldom silent for so long, and senders try again
sendfile = False  # Python's own waits for a reader without end


def when_ready(arbiter: Any) -> None:  # Any: gunicorn has no types
    """Have reads and writes of all connections end: they take this over from the socket that they come through."""
    wait = struct.pack("ll", STALL_MS // 1_000, STALL_MS % 1_000 * 1_000)  # as timeval of sys/time.h
    for listener in arbiter.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, wait)
