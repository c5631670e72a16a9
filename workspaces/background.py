"""Work behind a request's back, in the web process: one piece at a time, so that readers come first."""

import copy
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

import structlog
from django.db import close_old_connections
from django.http import HttpRequest

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Line:
    """What this process still has to do; a fork begins anew."""

    process: int = 0
    worker: ThreadPoolExecutor | None = None
    waiting: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, name: str, work: Callable[[], None]) -> None:
        with self.lock:
            if self.worker is None or self.process != os.getpid():
                self.process, self.waiting = os.getpid(), set()
                self.worker = ThreadPoolExecutor(1, thread_name_prefix="background")
            if name in self.waiting:
                return
            self.waiting.add(name)
            self.worker.submit(self._run, name, work)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as fault:  # nobody waits for it; the next reader renders, and is told
            log.warning("background_failed", exc_info=fault)
        finally:
            close_old_connections()
            with self.lock:
                self.waiting.discard(name)


_LINE = _Line()


def do(name: str, work: Callable[[], None]) -> None:
    """Do the work after what waits already, in this reader's language; not twice at a time under one name."""
    _LINE.put(name, partial(copy_context().run, work))


def copy_of(request: HttpRequest) -> HttpRequest:
    """Give the request for work that goes on when it is answered: what is put on one is not on the other."""
    own = copy.copy(request)
    own.META = dict(request.META)
    return own
