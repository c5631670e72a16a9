"""Erasure, Tombstone: who asked to be forgotten, how far that is, and what of it stays so that nobody comes back."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class NamedBy(models.TextChoices):
    USER = "user", _("User id")
    VISITOR = "visitor", _("Visitor id")
    TRANSACTION = "transaction", _("Transaction id")


class ErasureState(models.TextChoices):
    ORDERED = "ordered", _("Waiting")
    FOUND = "found", _("Being removed")
    REMOVED = "removed", _("Figures are being recomputed")
    REFILLED = "refilled", _("Old files are being cleared")
    DONE = "done", _("Erased")


class Erasure(Owned):
    """One person to be erased. Their ids stand here while the work goes on, and are gone when it is done."""

    named_by = models.CharField(max_length=11, choices=NamedBy.choices)
    name = models.TextField(blank=True)  # the id that was asked for; empty once done
    subject = models.JSONField(default=dict)  # all that was found, see tracking.rights.subject; empty once done
    state = models.CharField(max_length=8, choices=ErasureState.choices, default=ErasureState.ORDERED)
    removed = models.JSONField(default=dict)  # kind of thing to how many were removed
    revision = models.BigIntegerField(null=True)  # of the lake's first state without the person
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    ordered_at = models.DateTimeField()
    refilled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "erasures"
        ordering = ("-ordered_at", "-pk")

    def __str__(self) -> str:
        return gettext("erasure %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("tracking:erasure", args=[self.workspace.slug, self.pk])

    @classmethod
    def is_under_way(cls) -> bool:
        """Say whether anybody is being erased from the workspace that one is in."""
        return cls.objects.exclude(state=ErasureState.DONE).exists()


class Tombstone(Owned):
    """An id that was erased, as a keyed hash: what carries it is not stored again."""

    digest = models.BinaryField()  # 16 bytes; see tracking.rights.tombstones
    until = models.DateTimeField(null=True)  # what happened before is refused; None: whatever carries it

    class Meta(Owned.Meta):
        default_related_name = "tombstones"
        constraints = (models.UniqueConstraint(fields=("workspace", "digest"), name="tombstone_once"),)

    def __str__(self) -> str:
        return bytes(self.digest).hex()
