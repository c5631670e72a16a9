"""Whether this process is alive, and whether the installation can do its work."""

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from workspaces.sealing import APPLICATION_ROLE


class Unready(Exception):
    """A part that can't do its work; the message says what is wrong and what to do."""


@transaction.non_atomic_requests
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view
    """Say that the process answers; asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@transaction.non_atomic_requests
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view
    """Say of each part whether it can do its work; 503 where one can't."""
    faults = {name: fault for name, check in CHECKS.items() if (fault := _fault_of(check)) is not None}
    answer = {name: faults.get(name, "ok") for name in CHECKS}
    return JsonResponse({"ready": not faults, "checks": answer}, status=503 if faults else 200)


def _fault_of(check: Callable[[], None]) -> str | None:
    try:
        check()
    except Unready as fault:
        return str(fault)
    except DatabaseError as fault:
        return f"the database did not answer: {str(fault).strip().splitlines()[0]}"
    return None


def database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def role_is_bound() -> None:
    """The seals bind a role that owns nothing and may not pass them; anything else would see every workspace."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        name, passes = cursor.fetchone()
    if name != APPLICATION_ROLE or passes:
        raise Unready(f'connections run as "{name}", which row level security does not bind; unset MP_DATABASE_ROLE')


def migrations_are_applied() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Unready(f"{len(missing)} migrations are not applied; run `measureplan migrate`")


def lake_can_be_written() -> None:
    if urlsplit(settings.LAKE_URL).scheme not in {"", "file"}:
        return  # an object store: writing to it at every probe would cost money
    folder = Path(settings.LAKE_URL.removeprefix("file://"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise Unready(
            f'MP_LAKE_URL="{folder}" cannot be written ({fault.strerror}); create it or set another'
        ) from fault


def disk_has_room() -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    if free < settings.LOW_SPACE_MIB:
        raise Unready(f"{free} MiB free in {settings.DATA_DIR}; below {settings.LOW_SPACE_MIB} the door answers 503")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "role": role_is_bound,
    "migrations": migrations_are_applied,
    "lake": lake_can_be_written,
    "disk": disk_has_room,
}
