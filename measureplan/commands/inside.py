"""What the commands share that work inside an installation: its place, its database, Django."""

import argparse
import contextlib
from collections.abc import Iterator

import django

from measureplan import database, embedded, env
from measureplan.bad_input import BadInput
from measureplan.place import Place, place, with_database


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        metavar="FOLDER",
        help="the installation's folder; default MP_DATA_DIR, or var/data beside the code",
    )


@contextlib.contextmanager
def installation(options: argparse.Namespace, *, migrated: bool = True) -> Iterator[Place]:
    """Give the place with its database running and Django ready; refuse in one line what stands in the way.

    migrated   bring the database to today's shape first, so that a command works before the first `up`
    """
    where = place(options.data_dir)
    try:
        with with_database(where) as address:
            if migrated:
                database.migrate(address, broker=env.text("CELERY_BROKER_URL", default="pgmq"))
            django.setup()
            yield where
    except (embedded.NoPostgres, embedded.NotStarted, database.NotMigrated) as fault:
        raise BadInput(str(fault)) from fault
