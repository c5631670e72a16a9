"""FileWork: the base of a file that a worker has, or will have."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q

from workspaces.models.owned import Owned

MOST_ATTEMPTS: Final = 3  # a file that brings its worker down is not given to a fourth
# A worker that said nothing for so long is taken for dead by the sweep. Being wrong costs nothing: whoever comes second
# finds the file's lock held.
SILENT: Final = timedelta(seconds=15)
_OF_A_TURN: Final = ("state", "attempts", "heartbeat_at", "rows_done")


class FileWork(Owned):
    """A file and how far work on it has come. Each kind has states of its own, and two columns for its rows."""

    fault = models.TextField(blank=True)  # why the last work on it came to nothing, in words
    good_rows_only = models.BooleanField(default=False)  # else a row with an error keeps the whole file out
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker took up what it is in the state of
    heartbeat_at = models.DateTimeField(null=True)  # the worker's last sign of life; see workspaces.telling

    state: "models.CharField[Any, str]"
    rows_done: "models.IntegerField[Any, int]"
    rows_total: "models.IntegerField[Any, int | None]"
    under_way: ClassVar[AbstractSet[str]]  # states: a worker has it or will have it, its page asks again

    class Meta(Owned.Meta):
        abstract = True

    @property
    def is_under_way(self) -> bool:
        """Say whether a worker has it, or will have it."""
        return self.state in self.under_way

    @property
    def share(self) -> int | None:
        """Give how far the work is, in whole per cent; None before its first sign."""
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else None

    @staticmethod
    def abandoned(now: datetime) -> Q:
        """Give the condition of rows under way that no worker is known to be at."""
        return Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SILENT)

    def take_up(self, state: str, *, now: datetime) -> bool:
        """Note that a worker is at it; False where it brought down MOST_ATTEMPTS of them."""
        if self.attempts >= MOST_ATTEMPTS:
            return False
        self.state, self.attempts, self.heartbeat_at, self.rows_done = state, self.attempts + 1, now, 0
        self.save(update_fields=_OF_A_TURN)
        return True
