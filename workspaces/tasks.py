"""Celery's door: one line each."""

from celery import shared_task
from django.utils import timezone

from workspaces import forgetting


@shared_task(name="workspaces.forget")
def forget() -> None:
    forgetting.forget(now=timezone.now())
