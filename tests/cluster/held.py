"""The command, with buckets that wait for a file: so that a machine can be taken away in the middle of a run.

python -m tests.cluster.held FOLDER attribute EVENTS --goal purchase --runner spark ...
"""

import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from measureplan import attribute_spark
from measureplan.attribute_buckets import Adding, Job
from measureplan.attribute_events import Events
from measureplan.cli import main

GO = "go"
PATIENCE = 600  # seconds that a bucket waits at most


def held(events: Events, *, adding: Adding, folder: str) -> list[dict[str, Any]]:
    """Say in which folder a bucket is worked on, wait for GO, then do what is to be done."""
    Path(folder, f"{uuid4()}.begun").write_text(str(Path.cwd()))
    until = time.monotonic() + PATIENCE
    while not Path(folder, GO).exists() and time.monotonic() < until:
        time.sleep(0.05)
    return adding(events)


def run_held(folder: str) -> int:
    """Run the command with every bucket held."""
    given = attribute_spark.run

    def run(job: Job, *, master: str | None, buckets: int | None = None) -> Any:
        from tests.cluster.held import held as by_name  # noqa: PLC0415  # not of __main__: other processes import it

        return given(
            replace(job, adding=partial(by_name, adding=job.adding, folder=folder)), master=master, buckets=buckets
        )

    attribute_spark.run = run
    return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run_held(sys.argv[1]))
