"""Removes what is kept for a while only: replayed answers, form tokens, sessions, counted attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection

from workspaces import scope
from workspaces.idempotency import KEPT as REPLIES_KEPT
from workspaces.models import IdempotentReply, Submission, Workspace

SUBMISSIONS_KEPT = timedelta(days=3)  # as long as somebody may leave a form open


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind went."""

    replies: int
    submissions: int
    attempts: int


def forget(*, now: datetime) -> Forgotten:
    """Remove what has outlived its time; a second run finds nothing."""
    replies = sum(_forget_replies(each, now) for each in Workspace.objects.values_list("pk", flat=True))
    submissions, _ = Submission.objects.filter(created_at__lt=now - SUBMISSIONS_KEPT).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return Forgotten(replies, submissions, _forget_attempts(now))


def _forget_replies(workspace_id: int, now: datetime) -> int:
    with scope.in_workspace(workspace_id):
        return IdempotentReply.objects.filter(created_at__lt=now - REPLIES_KEPT).delete()[0]


def _forget_attempts(now: datetime) -> int:
    if settings.CACHE_URL:
        return 0  # that cache forgets by itself
    with connection.cursor() as cursor:
        cursor.execute("delete from measureplan_cache where expires < %s", [now])
        return int(cursor.rowcount)
