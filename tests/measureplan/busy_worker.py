"""The product's worker with one task that goes on for ten minutes, begun as soon as the worker is ready.

    CELERY_BROKER_URL=memory:// MP_BUSY=FILE celery -A tests.measureplan.busy_worker worker

The task writes its process id to the file. A worker at rest hears that its master is gone; one at work does not.
"""

import os
import threading
from pathlib import Path

from celery.signals import worker_ready

from measureplan.celery import app


@app.task  # type: ignore[untyped-decorator]
def stay_busy() -> None:
    Path(os.environ["MP_BUSY"]).write_text(str(os.getpid()))
    threading.Event().wait(600)


@worker_ready.connect  # type: ignore[untyped-decorator]
def _begin(**_: object) -> None:
    stay_busy.delay()
