"""System checks: settings that would lose events, leak data or skip mail."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from workspaces.sealing import APPLICATION_ROLE


@checks.register()
def database_is_postgresql(**_: Any) -> list[checks.CheckMessage]:  # Django's signature
    """Row level security, advisory locks and the queue are PostgreSQL's."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "django.db.backends.postgresql":
        return []
    return [checks.Error(f"DATABASE_URL leads to {engine}; set a postgresql:// address", id="measureplan.E001")]


@checks.register()
def role_is_the_applications(**_: Any) -> list[checks.CheckMessage]:  # Django's signature
    """As the tables' owner the application would still be bound, but could lift its own seals."""
    if settings.DATABASE_ROLE in {APPLICATION_ROLE, "owner"}:
        return []
    return [
        checks.Error(
            f'MP_DATABASE_ROLE="{settings.DATABASE_ROLE}" is not the role that migrations grant rights to; unset it',
            id="measureplan.E002",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def mail_leaves_the_machine(**_: Any) -> list[checks.CheckMessage]:  # Django's signature
    """Invitations and resets are mails."""
    if settings.EMAIL_URL:
        return []
    return [
        checks.Warning(
            f"MP_EMAIL_URL is not set: mails are written to {settings.EMAIL_FILE_PATH} and reach nobody",
            id="measureplan.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def lake_outlives_the_container(**_: Any) -> list[checks.CheckMessage]:  # Django's signature
    """A lake in a temporary folder is gone with the next start."""
    if not str(Path(settings.LAKE_URL)).startswith("/tmp"):  # noqa: S108  # this is what is refused
        return []
    return [checks.Error(f'MP_LAKE_URL="{settings.LAKE_URL}" is temporary; set a lasting one', id="measureplan.E003")]
