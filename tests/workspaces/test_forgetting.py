"""What is kept for a while goes when its time is over, and not before."""

import uuid
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tests.builders import make_token
from workspaces import scope, tokens
from workspaces.forgetting import Forgotten, forget
from workspaces.models import IdempotentReply, Membership, Notification, Submission
from workspaces.notice_kinds import Mail
from workspaces.roles import Scope


def test_only_what_has_outlived_its_time_goes(owner: Membership, now: datetime) -> None:
    bearer = tokens.find(make_token(owner, Scope.MANAGE), now=now)
    assert bearer is not None
    with scope.in_workspace(owner.workspace_id):
        for hours in (71, 73):
            IdempotentReply.objects.create(
                workspace=owner.workspace, token=bearer.token, route="POST x", key=str(hours), fingerprint="",
                status=200, body=b"", created_at=now - timedelta(hours=hours),
            )  # fmt: skip
        for days, is_read, in_product in ((89, True, True), (91, True, True), (91, False, True), (91, False, False)):
            at = now - timedelta(days=days)
            Notification.objects.create(
                workspace=owner.workspace, membership=owner, kind="mention", title="x", path="/", mail=Mail.OFF,
                in_product=in_product, created_at=at, read_at=at if is_read else None,
            )  # fmt: skip
    for days in (2, 4):
        made = Submission.objects.create(user=owner.user, token=uuid.uuid4())
        Submission.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=days))
    assert forget(now=now) == Forgotten(replies=1, notices=2, submissions=1, attempts=0)
    assert forget(now=now) == Forgotten(replies=0, notices=0, submissions=0, attempts=0)
    with scope.in_workspace(owner.workspace_id):
        left = [(now - notice.created_at).days for notice in Notification.objects.filter(in_product=True)]
    assert left == [89, 91], "what was not read stays"


def test_counted_attempts_go_when_they_no_longer_count(db: None) -> None:
    cache.clear()  # its table is no model's, so that tests with real commits leave their attempts in it
    cache.set("attempt", 1, timeout=60)
    later = timezone.now() + timedelta(seconds=61)
    assert forget(now=later - timedelta(seconds=30)).attempts == 0
    assert forget(now=later).attempts == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from measureplan_cache")
        assert cursor.fetchone() == (0,)
