"""One drain and one derivation at a time in a workspace, among all processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Work(IntEnum):
    """The first half of an advisory lock's key; numbers of no other meaning."""

    DRAIN = 0x6D70_0001
    DERIVE = 0x6D70_0002
    IMPORT = 0x6D70_0003  # its second half is the import's id
    COSTS = 0x6D70_0041


def take_turn(work: IntEnum, workspace_id: int) -> None:
    """Wait until nobody else is at this work in the workspace; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [int(work), workspace_id % 2**31])


@contextmanager
def alone(work: IntEnum, workspace_id: int) -> Iterator[bool]:
    """Give True where nobody else is at this work in the workspace; the server frees it when its holder dies.

    work  a number that no other work has; storeys above have works of their own

    The lock spares double work. It need not be trusted for exactness: a process that lost its connection, and with it
    the lock, is stopped by Delta's own check of the batch number (tracking.lake.table.append_once).
    """
    key = [int(work), workspace_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", key)
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", key)
