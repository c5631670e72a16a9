"""Removes what is kept for a while only: replayed answers, read notices, form tokens, sessions, counted attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection
from django.db.models import Q

from workspaces import kept, scope
from workspaces.idempotency import KEPT as REPLIES_KEPT
from workspaces.models import IdempotentReply, Notification, Submission, Workspace

SUBMISSIONS_KEPT = timedelta(days=3)  # as long as somebody may leave a form open
NOTICES_KEPT = timedelta(days=90)  # after they were read: as far back as a conversion's path goes; unread ones stay


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind went."""

    replies: int
    notices: int
    submissions: int
    attempts: int


def forget(*, now: datetime) -> Forgotten:
    """Remove what has outlived its time; a second run finds nothing."""
    workspaces = list(Workspace.objects.values_list("pk", flat=True))
    replies = sum(_forget_replies(each, now) for each in workspaces)
    notices = sum(_forget_notices(each, now) for each in workspaces)
    submissions, _ = Submission.objects.filter(created_at__lt=now - SUBMISSIONS_KEPT).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    kept.forget()
    return Forgotten(replies, notices, submissions, _forget_attempts(now))


def _forget_replies(workspace_id: int, now: datetime) -> int:
    with scope.in_workspace(workspace_id):
        return IdempotentReply.objects.filter(created_at__lt=now - REPLIES_KEPT).delete()[0]


def _forget_notices(workspace_id: int, now: datetime) -> int:
    old = now - NOTICES_KEPT
    read = Q(read_at__lt=old)
    mailed_only = Q(in_product=False, mail_due_at=None, created_at__lt=old)  # nobody can read these in the product
    with scope.in_workspace(workspace_id):
        return Notification.objects.filter(read | mailed_only).delete()[0]


def _forget_attempts(now: datetime) -> int:
    if settings.CACHE_URL:
        return 0  # that cache forgets by itself
    with connection.cursor() as cursor:
        cursor.execute("delete from measureplan_cache where expires < %s", [now])
        return int(cursor.rowcount)
