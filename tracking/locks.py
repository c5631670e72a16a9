"""One drain and one derivation at a time in a workspace, among all processes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import IntEnum

from django.db import OperationalError, connection


class Work(IntEnum):
    """The first half of an advisory lock's key; numbers of no other meaning."""

    DRAIN = 0x6D70_0001
    DERIVE = 0x6D70_0002
    IMPORT = 0x6D70_0003  # its second half is the import's id
    COSTS = 0x6D70_0041
    SUMS = 0x6D70_0043
    CONVERSIONS = 0x6D70_0044


def take_turn(work: IntEnum, workspace_id: int) -> None:
    """Wait until nobody else is at this work in the workspace; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [int(work), workspace_id % 2**31])


@contextmanager
def alone(work: IntEnum, workspace_id: int, *, patience_seconds: int = 0) -> Iterator[bool]:
    """Give True where nobody else is at this work in the workspace; the server frees it when its holder dies.

    work  a number that no other work has; storeys above have works of their own
    patience_seconds  wait so long for whoever is at it; who waits goes before those that only try

    The lock spares double work. It need not be trusted for exactness: a process that lost its connection, and with it
    the lock, is stopped by Delta's own check of the batch number (tracking.lake.table.append_once).
    """
    key = [int(work), workspace_id % 2**31]
    held = _wait(key, patience_seconds) if patience_seconds else _try(key)
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", key)


@contextmanager
def alone_with_lake(workspace_id: int, *others: IntEnum, patience_seconds: int = 0) -> Iterator[bool]:
    """Give True where nobody else writes the workspace's tables, nor is at the other works; as `alone` otherwise."""
    with ExitStack() as held:
        works = (Work.DRAIN, Work.DERIVE, *others)
        yield all(held.enter_context(alone(each, workspace_id, patience_seconds=patience_seconds)) for each in works)


def _try(key: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", key)
        return bool(cursor.fetchone()[0])


def _wait(key: list[int], seconds: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [f"{seconds}s"])
        try:
            cursor.execute("select pg_advisory_lock(%s, %s)", key)
        except OperationalError:  # the time is over
            return False
        finally:
            if connection.is_usable():
                cursor.execute("reset lock_timeout")
    return True
