"""Checks the installation and says what is wrong in words."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.utils import timezone

from measureplan import assets, catalogues
from measureplan.backlog import Backlog
from measureplan.celery import app
from measureplan.health import CHECKS, Unready
from measureplan.version import VERSION

OLDEST_POSTGRES = 150_000  # what the seals and the queue are tested with
LONG_WAIT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fault` is what is wrong and what to do, empty where all is well."""

    name: str
    fault: str = ""
    detail: str = ""


def examine() -> Iterator[Finding]:
    """Look at one part after the other, so that the first answers show at once."""
    yield Finding("measureplan", detail=f"{VERSION} on Python {sys.version.split()[0]}")
    for name, check in {**CHECKS, "postgres": _postgres_is_new_enough, "broker": _broker_answers}.items():
        yield _found(name, check)
    yield _found("settings", _system_checks_pass)
    yield _found("bundle", _bundle_is_built)
    yield _found("mail", _mail_leaves)
    yield _found("backlog", _backlog_moves)


def _found(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except Unready as fault:
        return Finding(name, str(fault))
    except DatabaseError as fault:
        return Finding(name, f"the database did not answer: {str(fault).strip()}")
    return Finding(name)


def _postgres_is_new_enough() -> None:
    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        version = int(cursor.fetchone()[0])
    if version < OLDEST_POSTGRES:
        raise Unready(f"PostgreSQL {version // 10_000} is older than {OLDEST_POSTGRES // 10_000}; upgrade it")


def _broker_answers() -> None:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=5)
    except Exception as fault:  # every broker's client raises its own
        raise Unready(f"the broker does not answer ({fault}); look at CELERY_BROKER_URL") from fault


def _system_checks_pass() -> None:
    serious = [each for each in checks.run_checks() if each.level >= checks.ERROR]
    if serious:
        raise Unready("; ".join(f"{each.id} {each.msg}" for each in serious))


def _bundle_is_built() -> None:
    if not assets.is_built():
        raise Unready("the front-end bundle is missing; run `measureplan assets`")
    if stale := catalogues.stale():
        raise Unready(f"translations are not compiled ({', '.join(stale)}); run `measureplan assets`")


def _mail_leaves() -> None:
    if not settings.EMAIL_URL:
        return
    try:
        with get_connection(timeout=5):
            pass
    except OSError as fault:
        raise Unready(f"the mail server of MP_EMAIL_URL does not answer ({fault})") from fault


def _backlog_moves() -> None:
    found = Backlog.read(now=timezone.now())
    if found.oldest_seconds > LONG_WAIT_SECONDS:
        raise Unready(
            f"{found.requests} accepted requests wait for the lake, the oldest for {found.oldest_seconds:.0f} s: "
            "is a worker running? `measureplan up` starts one"
        )
