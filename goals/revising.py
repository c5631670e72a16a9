"""Writes a row's changed fields once, with its audit entry, and never over a version that the writer did not see."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar, cast

from django.db import models
from django.utils.translation import gettext as _

from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal

By = Membership | str  # who acts: a member, or the name of what does: "API token nightly"


class Stale(Refusal):
    """Somebody else saved the row since it was read."""

    code = "precondition_failed"
    status = 412

    def __init__(self, seen: int, saved: int) -> None:
        text = _(
            "This was changed meanwhile: it is at revision %(saved)s, not %(seen)s. Read it again, then change it."
        )
        super().__init__(text % {"saved": saved, "seen": seen})


class Revised(Protocol):
    """A row of a workspace that counts its changes."""

    pk: Any
    revision: int
    workspace: Workspace

    def save(self, *, update_fields: list[str]) -> None: ...


Row = TypeVar("Row", bound=models.Model)


def locked(row: Row, *, seen: int | None = None) -> Row:
    """Give the row as it is saved now, locked until the transaction ends.

    seen     the revision that the writer knows; None where the form has compared it
    raises   Stale where another one is saved
    """
    saved = type(row)._default_manager.select_for_update().get(pk=row.pk)  # noqa: SLF001  # Django's documented name
    revision = cast(Revised, saved).revision
    if seen is not None and seen != revision:
        raise Stale(seen, revision)
    return saved


def revise(row: Row, values: Mapping[str, Any], *, by: By, now: datetime, also: list[str] | None = None) -> bool:
    """Save those values that differ on a locked row, and record them; say whether any did.

    also   fields that the caller set on the row itself, saved along without being recorded
    """
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed and not also:
        return False
    before = {name: plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    kept = cast(Revised, row)
    kept.revision += 1
    kept.save(update_fields=[*changed, *(also or []), "revision"])
    if changed:
        after = {name: plain(value) for name, value in changed.items()}
        AuditEntry.record(by, "changed", row, workspace=kept.workspace, now=now, before=before, after=after)
    return True


def plain(value: Any) -> Any:  # any value of a field
    """Give a value as the audit trail keeps it: rows by their name, the rest as JSON can hold it."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, date | Decimal):
        return str(value)
    return value
