"""Celery's door to reports: each task is safe to run twice, and takes ids."""

from celery import shared_task
from django.utils import timezone

from reports import filling, forgetting, running
from reports.alerts import watching
from reports.attribution import working
from reports.evidence import keeping
from reports.mailed import due, sending
from reports.upkeep import keep_up
from workspaces.hints import hint
from workspaces.models import Workspace


@shared_task(name="reports.fill")
def fill(workspace_id: int) -> None:
    """Bring every goal of the workspace up to what is in the lake."""
    filling.fill(workspace_id, now=timezone.now())


@shared_task(name="reports.fill_goal")
def fill_goal(workspace_id: int, goal_id: int) -> None:  # noqa: ARG001  # the address of the work, in logs
    """Bring one goal up to its definition; the others too, where the lake has moved on: they are published together."""
    filling.fill(workspace_id, now=timezone.now())


@shared_task(name="reports.learn")
def learn(workspace_id: int, run_id: int) -> None:
    """Compute one data-driven model's answer."""
    working.work(workspace_id, run_id, now=timezone.now())


@shared_task(name="reports.forget")
def forget(workspace_id: int) -> None:
    """Bring erasures to their end: figures without the person, and no file that has them."""
    again = forgetting.forget(workspace_id, now=timezone.now())
    if again is not None:
        hint(forget, workspace_id, after_seconds=again)


@shared_task(name="reports.weigh")
def weigh(workspace_id: int) -> None:
    """Compute the evidence that somebody wants to see."""
    keeping.compute_all(workspace_id, now=timezone.now())


@shared_task(name="reports.mail")
def mail(workspace_id: int) -> None:
    """Mail the reports that are due, and those that wait."""
    now = timezone.now()
    due.make_deliveries(workspace_id, now=now)
    sending.send_due(workspace_id, now=now)


@shared_task(name="reports.watch_alerts")
def watch_alerts() -> None:
    """Have alerts looked at where a full day is new to one."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        if watching.waits(workspace_id, now=timezone.now()):
            hint(watch_alerts_of, workspace_id)


@shared_task(name="reports.watch_alerts_of")
def watch_alerts_of(workspace_id: int) -> None:
    """Look at one workspace's alerts."""
    watching.watch(workspace_id, now=timezone.now())


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Give again the hints that were lost; have mailed what is due now."""
    for workspace_id in filling.waiting(now=timezone.now()):
        hint(fill, workspace_id)
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        for run_id in running.waiting(workspace_id, now=timezone.now()):
            hint(learn, workspace_id, run_id)
    for workspace_id in keeping.waiting():
        hint(weigh, workspace_id)
    for workspace_id in due.waiting(now=timezone.now()):
        hint(mail, workspace_id)


@shared_task(name="reports.upkeep")
def upkeep() -> None:
    """Tidy what every workspace's reports keep in the lake."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        keep_up(workspace_id)
        running.purge(workspace_id, now=timezone.now())
        due.purge(workspace_id, now=timezone.now())
