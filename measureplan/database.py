"""Brings a database to today's shape: migrations as its owner, and the queue of hints."""

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from pgmq import install_pgmq_from_sql
from psycopg import sql

LOCK = 7_301_998  # two starts at once take turns
HERE = Path(__file__).resolve().parent.parent


class NotMigrated(RuntimeError):
    """The migration failed; the message carries the end of what it printed."""


def migrate(address: str, *, broker: str) -> bool:
    """Migrate the database at the address, and put the queue where the broker says that hints wait.

    address   a DATABASE_URL whose login owns the database
    broker    "pgmq" for a queue in it, or the broker's own address
    returns   False where the database had today's shape already, which costs milliseconds
    raises    NotMigrated with the end of what the failing command printed
    """
    with psycopg.connect(address, autocommit=True, connect_timeout=10) as guard:
        guard.execute("select pg_advisory_lock(%s)", [LOCK])
        if _noted(guard) == _shape(broker):
            return False
        _run_migrations(address)
        if broker.startswith("pgmq"):
            _install_queue(broker.replace("pgmq://", "postgresql://", 1) if "://" in broker else address)
        _note(guard, _shape(broker))
    return True


def _shape(broker: str) -> str:
    """Give a digest of all migrations, ours and the packages', and of where the queue is."""
    digest = hashlib.sha256(f"{broker.partition(':')[0]} {broker.rpartition('@')[2]}".encode())
    files = [*sorted(HERE.glob("*/migrations/*.py")), HERE / "requirements" / "runtime.txt"]
    for file in files:
        digest.update(file.read_bytes())
    return f"measureplan {digest.hexdigest()}"


def _noted(guard: "psycopg.Connection[tuple[object, ...]]") -> object:
    found = guard.execute("select obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    return found[0] if found else None


def _note(guard: "psycopg.Connection[tuple[object, ...]]", shape: str) -> None:
    # Kept in the database, so that a copy of an older one is migrated. Who may not note it migrates every time.
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        guard.execute(sql.SQL("comment on schema public is {}").format(sql.Literal(shape)))


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
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = (done.stderr or done.stdout).strip()
        # The last lines of a trace say what failed.
        raise NotMigrated(f"the migration of the database failed: {told[-1_000:]}")


def _install_queue(address: str) -> None:
    with psycopg.connect(address, connect_timeout=10) as connection:
        found = connection.execute("select 1 from pg_namespace where nspname = 'pgmq'").fetchone()
        connection.rollback()
        if not found:
            install_pgmq_from_sql(conn=connection)
            connection.commit()
