"""The canary: a task whose only effect is a fresh time stamp, so that a deaf worker is noticed."""

from celery import shared_task
from django.conf import settings


@shared_task(name="measureplan.canary")
def canary(worker: str) -> None:
    """Touch the worker's file in the run folder."""
    folder = settings.DATA_DIR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{worker}.canary").touch()
