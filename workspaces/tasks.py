"""Celery's door: one line each."""

from celery import shared_task
from django.utils import timezone

from workspaces import forgetting, mailing
from workspaces.hints import hint


@shared_task(name="workspaces.forget")
def forget() -> None:
    forgetting.forget(now=timezone.now())


@shared_task(name="workspaces.mail_notices")
def mail_notices(workspace_id: int) -> None:
    mailing.send_due(workspace_id, now=timezone.now())


@shared_task(name="workspaces.sweep")
def sweep() -> None:
    """Have mailed what is due now: the day's notices together, and what a lost hint or the mail server left behind."""
    for workspace_id in mailing.waiting(now=timezone.now()):
        hint(mail_notices, workspace_id)
