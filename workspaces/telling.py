"""Tells how far work on a file has come while its one transaction is still open: through a connection of its own."""

import time
from types import TracebackType
from typing import Self

import structlog
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from workspaces.models import FileWork
from workspaces.scope import WORKSPACE

EVERY_SECONDS = 1.0  # as often as the page asks

log = structlog.get_logger(__name__)


class Progress:
    """The line to the file's row. The work goes on without it: a lost line costs sight, never rows."""

    def __init__(self, row: FileWork) -> None:
        self._row = row
        self._telling = (
            f"update {row._meta.db_table} set rows_done = %s, rows_total = %s, heartbeat_at = clock_timestamp()"  # noqa: S608  # the name is ours
            " where id = %s"
        )
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
                cursor.execute(self._telling, [done, total, self._row.pk])
        except OperationalError as fault:
            self._lose(fault)

    def __enter__(self) -> Self:
        self._line = connection.copy()
        try:
            with self._line.cursor() as cursor:
                # For the session: nobody else will use this connection.
                cursor.execute("select set_config(%s, %s, false)", [WORKSPACE, str(self._row.workspace_id)])
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
        log.warning("progress_lost", row=self._row._meta.label, pk=self._row.pk, fault=repr(fault))
        if self._line is not None:
            self._line.close()
            self._line = None
