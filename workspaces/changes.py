"""That somebody changed something in a workspace, by a page or the API: no page of before is shown again."""

from functools import partial
from typing import Final
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

READ: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # as Django's protection of forms has them
REMEMBERED_SECONDS: Final = 600  # longer than any page is kept


def note(workspace_id: int) -> None:
    """Note a change as of the running transaction's end: until then others see what was before."""
    transaction.on_commit(partial(_note, workspace_id))


def newest(workspace_id: int) -> str:
    """Name the newest change; "" where none is remembered."""
    return cache.get(_key(workspace_id)) or ""


def _note(workspace_id: int) -> None:
    cache.set(_key(workspace_id), uuid4().hex, timeout=REMEMBERED_SECONDS)


def _key(workspace_id: int) -> str:
    return f"changed:{workspace_id}"
