"""Brings a database to today's shape: migrations as its owner, and the queue of hints."""

import os
import subprocess
import sys

import psycopg
from pgmq import install_pgmq_from_sql

LOCK = 7_301_998  # two starts at once take turns


class NotMigrated(RuntimeError):
    """The migration failed; the message carries what it printed."""


def migrate(address: str, *, broker: str) -> None:
    """Migrate the database at the address, and put the queue into it where the broker is this database.

    address   a DATABASE_URL whose login owns the database
    raises    NotMigrated with the output of the command that failed
    """
    with psycopg.connect(address, autocommit=True, connect_timeout=10) as guard:
        guard.execute("select pg_advisory_lock(%s)", [LOCK])
        _run_migrations(address)
        if broker.startswith("pgmq"):
            _install_queue(address)


def _run_migrations(address: str) -> None:
    # A process of its own: the role is settled when the settings are read, and here it must be the owner.
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity=0"],
        env={
            **os.environ,
            "DATABASE_URL": address,
            "MP_DATABASE_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "measureplan.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotMigrated(f"the migration of the database failed:\n{done.stderr[-4000:] or done.stdout[-4000:]}")


def _install_queue(address: str) -> None:
    with psycopg.connect(address, connect_timeout=10) as connection:
        found = connection.execute("select 1 from pg_namespace where nspname = 'pgmq'").fetchone()
        connection.rollback()
        if not found:
            install_pgmq_from_sql(conn=connection)
            connection.commit()
