"""AuditEntry: who changed what, when, from what to what; written once, never edited."""

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
        """
        person = by.user if isinstance(by, Membership) else None
        return cls.objects.create(
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
