"""Ends processes whose parent is gone, however it went: signal 9 leaves a parent no time to tell its children.

The children of `measureplan up` and the pool of a worker are tied to their parents here; the web server's own
processes look after theirs by themselves, and finish the requests in flight first. The embedded database is not tied:
it goes on, and the next start takes it over.

Killing is right here: nobody is left who would end what does not stop in time, and what is cut off is done again (an
event is acknowledged when it is stored, a task belongs to its queue until it is done).
"""

import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # of linux/prctl.h
_GONE = 1  # the exit code of a process that finds itself alone at its start
# Only Linux ends a child with its parent; elsewhere a child of a killed parent goes on, and is ended by hand.
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def tied_to_this_process() -> Callable[[], None] | None:
    """Give what a child runs between fork and exec so that it ends with this process; None where that can't be had.

    The kernel watches the thread that forks, not the process: only a thread that lives as long as its process may
    start children this way.
    """
    if _PRCTL is None:
        return None
    parent, prctl = os.getpid(), _PRCTL

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _leave_unless_child_of(parent)  # it may have died before the call

    return tie


def end_with(parent: int) -> None:
    """End this process when its parent does, and not before, whichever thread of the parent made it.

    Celery ties its pool as `tied_to_this_process` does, from a thread that ends first at a warm stop: processes that
    replaced others were killed at their task. And one whose worker was killed before the tie went on for ever.
    """
    if _PRCTL is None:
        return
    try:
        handle = os.pidfd_open(parent)
    except ProcessLookupError:
        os._exit(_GONE)
    _leave_unless_child_of(parent)  # it may have died before the call, and its number may be another's by now
    _PRCTL(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
    threading.Thread(target=_end_after, args=(handle,), name="end with parent", daemon=True).start()


def _end_after(handle: int) -> None:
    watch = select.poll()
    watch.register(handle, select.POLLIN)
    watch.poll()
    os.kill(os.getpid(), signal.SIGKILL)


def _leave_unless_child_of(parent: int) -> None:
    if os.getppid() != parent:
        os._exit(_GONE)
