"""Waits until processes have ended, others' children too (Linux)."""

import os
import select
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

WAIT_SECONDS = 120  # a bound for a crowded machine: a web process looks for its master only when it has loaded


@contextmanager
def ends(*pids: int) -> Iterator[None]:
    """Fail unless every process, all running when the block begins, ends within the wait after the block."""
    with ExitStack() as open_handles:
        handles = {pid: _handle(pid, open_handles) for pid in pids}
        yield
        for pid, handle in handles.items():
            assert _is_over(handle, WAIT_SECONDS), f"process {pid} goes on"


def ended(pid: int, *, within: float) -> bool:
    """Say whether the process, running now, ends within so many seconds."""
    with ExitStack() as open_handles:
        return _is_over(_handle(pid, open_handles), within)


def _handle(pid: int, open_handles: ExitStack) -> int:
    handle = os.pidfd_open(pid)
    open_handles.callback(os.close, handle)
    return handle


def _is_over(handle: int, seconds: float) -> bool:
    return bool(select.select([handle], [], [], seconds)[0])
