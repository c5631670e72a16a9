"""The canary: a task whose only effect is a fresh time stamp, so that a deaf worker is noticed."""

from celery import shared_task
from django.conf import settings

CANARY = "canary"  # the file's name in the run folder


@shared_task(name="measureplan.canary")
def canary() -> None:
    folder = settings.DATA_DIR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CANARY).touch()
