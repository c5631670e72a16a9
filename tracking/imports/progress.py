"""Tells how far an import has come while its one transaction is still open: through a connection of its own."""

import time
from types import TracebackType
from typing import Self

import structlog
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from workspaces.scope import WORKSPACE

EVERY_SECONDS = 1.0  # as often as the page asks
# A worker that said nothing for so long is taken for dead by the sweep. Being wrong costs nothing: whoever comes second
# finds the import's lock held.
SILENT_SECONDS = 15

log = structlog.get_logger(__name__)


class Progress:
    """The line to the import's row. The import goes on without it: a lost line costs sight, never rows."""

    telling = (
        "update tracking_import set rows_done = %s, rows_total = %s, heartbeat_at = clock_timestamp() where id = %s"
    )

    def __init__(self, workspace_id: int, import_id: int) -> None:
        self._workspace_id = workspace_id
        self._import_id = import_id
        self._line: BaseDatabaseWrapper | None = None
        self._told = float("-inf")

    def tell(self, done: int, total: int | None) -> None:
        """Write the figures, at most once a second; the caller must not hold the row's lock."""
        now = time.monotonic()
        if self._line is None or now < self._told + EVERY_SECONDS:
            return
        self._told = now
        try:
            with self._line.cursor() as cursor:
                cursor.execute(self.telling, [done, total, self._import_id])
        except OperationalError as fault:
            self._lose(fault)

    def __enter__(self) -> Self:
        self._line = connection.copy()
        try:
            with self._line.cursor() as cursor:
                # For the session: nobody else will use this connection.
                cursor.execute("select set_config(%s, %s, false)", [WORKSPACE, str(self._workspace_id)])
                cursor.execute("set lock_timeout = '1s'")
        except OperationalError as fault:
            self._lose(fault)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _lose(self, fault: OperationalError) -> None:
        log.warning("import_progress_lost", import_id=self._import_id, fault=repr(fault))
        if self._line is not None:
            self._line.close()
            self._line = None
