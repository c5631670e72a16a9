"""The worker app, its queues, and the timetable: what runs, when, and why then.

The broker carries hints only. What is to be done stands in rows (the inbox, dirty days, stale goals); a hint makes
it happen at once, and the sweep every 30 seconds finds what a lost hint left behind.
"""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init, worker_process_init
from django.conf import settings
from kombu.entity import Queue

from measureplan import broker, orphans

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measureplan.settings")

TIMETABLE = {
    "sweep tracking": {
        "task": "tracking.sweep",
        "schedule": timedelta(seconds=30),  # the longest that an event waits when its hint was lost
    },
    "sweep goals": {"task": "goals.sweep", "schedule": timedelta(seconds=30)},
    "sweep reports": {
        "task": "reports.sweep",
        "schedule": timedelta(seconds=30),  # also brings the reports by mail, each at its hour
    },
    "sweep notices": {
        "task": "workspaces.sweep",
        "schedule": timedelta(seconds=30),  # also brings the daily mails, each when its workspace's clock says 7
    },
    "watch goals": {
        "task": "goals.watch",
        "schedule": timedelta(
            minutes=settings.WATCH_MINUTES
        ),  # an hour of silence is the least that anybody is told of
    },
    "watch alerts": {
        "task": "reports.watch_alerts",
        "schedule": timedelta(minutes=10),  # a day is looked at when it is over and its figures are there
    },
    "canary": {
        "task": "measureplan.canary",
        "args": ("worker",),
        "schedule": timedelta(seconds=15),  # shows that broker and worker still hear each other
    },
    "long canary": {
        "task": "measureplan.canary",
        "args": ("long",),
        "schedule": timedelta(minutes=1),  # waits behind a running import, so it says less, and is sent less often
        "options": {"queue": "long"},
    },
    "purge": {"task": "tracking.purge", "schedule": crontab(hour=3, minute=10)},  # after midnight in every Nordic zone
    "purge goals": {"task": "goals.purge", "schedule": crontab(hour=3, minute=20)},
    "forget": {"task": "workspaces.forget", "schedule": crontab(minute=25)},  # hourly: what is kept for hours goes
    "upkeep": {"task": "tracking.upkeep", "schedule": crontab(hour=3, minute=40)},  # compacts when few people read
    "upkeep of reports": {"task": "reports.upkeep", "schedule": crontab(hour=3, minute=55)},  # follows the lake's
}

# A file of a million rows or a model with its intervals takes minutes; what drains, derives and fills must not wait for
# it. `measureplan up` has a worker for each queue, and a worker that is started without `--queues` takes both.
QUEUES = [Queue(name) for name in ("celery", "long")]  # type: ignore[no-untyped-call]  # kombu has no types
LONG = (
    "tracking.check_import",
    "tracking.apply_import",
    "goals.check_file",
    "goals.take_in_file",
    "reports.learn",
    "reports.weigh",
    "reports.mail",
)
ROUTES = {task: {"queue": "long"} for task in LONG}


def transport_options(address: str) -> dict[str, object]:
    """Give what the client of the broker at an address is told beside its address."""
    if not address.startswith("pgmq"):
        return {"visibility_timeout": 300}
    return {
        # Without it pgmq takes the variable DATABASE_URL before the broker's own address.
        "conn_string": address.replace("pgmq://", "postgresql://", 1),
        "init_extension": False,  # `measureplan migrate` installs the queue as the database's owner
        "visibility_timeout": 300,  # a hint taken by a killed worker is seen again after this
        "wait_time_seconds": 5,
        "polling_interval": 0.05,
        "pool_timeout": 3,  # a hint that can't be sent must not hold up its request
    }


broker.use()
app = Celery("measureplan")
# Celery remembers the current app per thread; the web server's other threads would send hints to an app without broker.
app.set_default()
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # a broker that is away for an hour is found again
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL),
    task_queues=QUEUES,
    task_default_queue="celery",
    task_routes=ROUTES,
    task_publish_retry=False,  # the sweep finds what a lost hint left behind
    task_acks_late=True,  # a task belongs to its queue until it is done
    task_reject_on_worker_lost=True,  # and goes back there when its worker is killed
    task_ignore_result=True,  # results are rows
    task_time_limit=3_600,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=2_000,  # returns what native libraries keep
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    task_store_errors_even_if_ignored=False,
    beat_schedule=TIMETABLE,
    timezone="UTC",
)
app.autodiscover_tasks(["measureplan", "workspaces", "tracking", "goals", "reports"])


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Stop Celery from replacing the log format of the settings."""


@worker_init.connect
def _tie_the_pool_to_its_worker(**_: object) -> None:
    """Let the pool end with a worker that is killed: a half-done task must not go on beside its repetition."""
    worker = os.getpid()

    def tie(**_: object) -> None:
        if os.getpid() != worker:  # a pool of threads has no processes of its own
            orphans.end_with(worker)

    worker_process_init.connect(tie, weak=False)
