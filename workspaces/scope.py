"""Whose rows this transaction may see: the three settings that row level security reads.

All three are local to the transaction. Requests set them in `workspaces.access`, tasks by `in_workspace`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WORKSPACE = "measureplan.workspace"  # the id of the workspace whose rows are shown
USER = "measureplan.user"  # the id of the person whose own memberships are shown as well
PRESENTED = "measureplan.presented"  # the hash of a secret that was shown; its own row is found by it


@contextmanager
def in_workspace(workspace_id: int) -> Iterator[None]:
    """Run the block in one transaction that sees the workspace's rows and no other's."""
    with transaction.atomic(), _set(WORKSPACE, str(workspace_id)):
        yield


@contextmanager
def reading(workspace_id: int) -> Iterator[None]:
    """Run the block as `in_workspace` does, and let it change nothing: PostgreSQL refuses whatever would write."""
    with in_workspace(workspace_id):
        with connection.cursor() as cursor:
            cursor.execute("set transaction read only")  # until the block's own (sub)transaction ends
        yield


@contextmanager
def presenting(secret_hash: str) -> Iterator[None]:
    """Run the block in one transaction that finds the row whose secret has this hash."""
    with transaction.atomic(), _set(PRESENTED, secret_hash):
        yield


@contextmanager
def on_behalf_of(user_id: int) -> Iterator[None]:
    """Run the block in one transaction that sees the person's memberships in every workspace."""
    with transaction.atomic(), _set(USER, str(user_id)):
        yield


def enter(workspace_id: int) -> None:
    """Show the workspace's rows for the rest of the running transaction (a request's)."""
    _assign(WORKSPACE, str(workspace_id))


@contextmanager
def _set(name: str, value: str) -> Iterator[None]:
    before = _assign(name, value)
    yield
    # After an error the transaction is rolled back, which undoes the setting as well.
    _assign(name, before)


def _assign(name: str, value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "with was as materialized (select coalesce(current_setting(%s, true), '') as value)"
            " select was.value, set_config(%s, %s, true) from was",
            [name, name, value],
        )
        return str(cursor.fetchone()[0])
