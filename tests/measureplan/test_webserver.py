"""A client that stalls does not keep a thread of the web server."""

import socket
from types import SimpleNamespace

import pytest

from measureplan import webserver

MORE_THAN_IS_BUFFERED = bytes(64 << 20)


def test_reads_and_writes_of_a_client_that_stalls_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webserver, "STALL_MS", 50)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        webserver.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as served:
            served.setblocking(True)  # as gunicorn's threads have it
            with pytest.raises(BlockingIOError):
                served.recv(1)
            with pytest.raises(BlockingIOError):
                served.sendall(MORE_THAN_IS_BUFFERED)
