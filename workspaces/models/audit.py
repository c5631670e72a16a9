"""AuditEntry: who changed what, when, from what to what; written once, never edited."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from workspaces.models.owned import Owned
from workspaces.models.workspace import Membership, Workspace


class AuditEntry(Owned):
    """One act. The application's role may insert and read these rows, and nothing else."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=200)  # as it was then; "API token x" or "system" where no person acted
    act = models.CharField(max_length=60)  # a verb in the past: "created", "changed", "invited"
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    subject_name = models.CharField(max_length=300)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # the changed fields only
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "audit_entries"
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("workspace", "-at"), name="audit_newest"),)

    def __str__(self) -> str:
        return f"{self.actor_name} {self.act} {self.subject_name}"

    @classmethod
    def record(
        cls,
        by: "Membership | str",
        act: str,
        subject: models.Model,
        *,
        workspace: Workspace,
        now: datetime,
        before: dict[str, Any] | None = None,  # any JSON value of a field
        after: dict[str, Any] | None = None,
    ) -> "AuditEntry":
        """Write the entry; call it inside the transaction of the change that it tells of.

        by   the member who acted, or the name of what acted: "API token nightly", "system"

        Within `gathered` the entry is written at the block's end.
        """
        person = by.user if isinstance(by, Membership) else None
        entry = cls(
            workspace=workspace,
            actor=person,
            actor_name=str(person or by),
            act=act,
            subject_type=subject._meta.model_name or "",
            subject_id=str(subject.pk),
            subject_name=str(subject)[:300],
            before=before,
            after=after,
            at=now,
        )
        waiting = _WAITING.get()
        if waiting is None:
            entry.save(force_insert=True)
        else:
            waiting.append(entry)
        return entry


_WAITING: ContextVar[list[AuditEntry] | None] = ContextVar(
    "audit entries that wait for their block's end", default=None
)
_AT_ONCE = 1_000  # entries in one statement


@contextmanager
def gathered(*, kept: bool = True) -> Iterator[None]:
    """Write the entries of the block's acts together, in their order, in the block's own transaction.

    For many acts that are done as a whole or not at all: a block that raises leaves no entry, as it leaves no act.

    kept   False for acts that are only tried and taken back, entries and all
    """
    around = _WAITING.get()
    waiting: list[AuditEntry] = []
    token = _WAITING.set(waiting)
    try:
        yield
    finally:
        _WAITING.reset(token)
    if kept and around is not None:
        around += waiting
    elif kept:
        AuditEntry.objects.bulk_create(waiting, batch_size=_AT_ONCE)
