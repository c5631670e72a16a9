"""What gunicorn does beyond its command line: a client that stalls gives its thread back.

A thread reads its request, body and all, and writes its answer itself. Without a bound, sixteen phones that lost their
network in the middle of a request hold all threads of both processes until somebody restarts them.
"""

import socket
import struct
from typing import Any

STALL_MS = 10_000  # without a byte read or written; a slow line is seldom silent for so long, and senders try again
sendfile = False  # gunicorn's setting; Python's own waits for a reader without end


def when_ready(arbiter: Any) -> None:  # Any: gunicorn has no types
    """Have reads and writes of all connections end: they take this over from the socket that they come through."""
    wait = struct.pack("ll", STALL_MS // 1_000, STALL_MS % 1_000 * 1_000)  # as timeval of sys/time.h
    for listener in arbiter.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, wait)
