"""Hints to the workers: something is to be done now, not at the next sweep. A lost hint costs time, never work."""

import contextvars
import math
import threading
import time
from functools import partial

import structlog
from celery import Task
from django.db import transaction

PATIENCE_SECONDS = 0.25  # what a caller waits for the broker; a good one takes a hundredth of it
PAUSE_SECONDS = 10.0  # without hints after one failed: a broker that is away must not slow every request down
SILENCE_SECONDS = 60.0  # without hints while one is not answered, at most: each that waits holds a thread

log = structlog.get_logger(__name__)


def hint(task: Task, *args: int, after_seconds: float = 0, apart_seconds: float = 0) -> None:
    """Have the task run soon after the running transaction has committed; never fails its caller or holds it up.

    args           ids, never rows
    after_seconds  wait so long: one hint then speaks for all that happens meanwhile
    apart_seconds  the first runs at once, the next so long after it, and speaks for all that happens meanwhile
    """
    transaction.on_commit(partial(_LINE.send, task, args, after_seconds, apart_seconds))


class _Line:
    """The way to the broker from this process; interrupted for a while when a hint could not be sent."""

    def __init__(self) -> None:
        self.closed_until = 0.0
        self.unanswered: threading.Thread | None = None
        self.unanswered_until = 0.0
        # When a hint that was sent will run. By the task's identity: its name is asked of Celery's app each time.
        self.promised: dict[tuple[int, tuple[int, ...]], float] = {}

    def send(self, task: Task, args: tuple[int, ...], after_seconds: float, apart_seconds: float = 0) -> None:
        """Send it, or go on without after a moment: a broker may take a connection and never answer."""
        now = time.monotonic()
        promised = self.promised.get((id(task), args), -math.inf)
        if self._is_closed(now) or now < promised:
            return
        after_seconds = max(after_seconds, promised + apart_seconds - now)
        # A thread of its own, since no broker's client promises to give up in time; it ends with the process.
        context = contextvars.copy_context()
        sending = threading.Thread(target=context.run, args=(self._send, task, args, after_seconds), daemon=True)
        sending.start()
        sending.join(PATIENCE_SECONDS)
        if sending.is_alive():
            self.unanswered, self.unanswered_until = sending, now + SILENCE_SECONDS
            log.warning("hint_unanswered", task=task.name)

    def _is_closed(self, now: float) -> bool:
        if now < self.closed_until:
            return True
        # It opens as soon as the answer comes, however late.
        return now < self.unanswered_until and self.unanswered is not None and self.unanswered.is_alive()

    def _send(self, task: Task, args: tuple[int, ...], after_seconds: float) -> None:
        now = time.monotonic()
        try:
            task.apply_async(args, countdown=after_seconds or None, retry=False)
        except Exception as fault:  # noqa: BLE001  # brokers raise what their libraries raise; the sweep finds the rows
            self.closed_until = time.monotonic() + PAUSE_SECONDS
            log.warning("hint_lost", task=task.name, fault=repr(fault))
        else:
            self.promised[id(task), args] = now + after_seconds


_LINE = _Line()
