"""Snapshot: a report as it was. SnapshotSignOff: who put their name to it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, Owned


class Snapshot(Owned):
    """A report as it was when it was taken. The database lets nobody change a row; one that nobody signed may go."""

    name = models.CharField(max_length=120)
    report = models.CharField(max_length=20)  # a key of reports.sharing.registry.REPORTS
    language = models.CharField(max_length=10)  # in which its words are
    content = models.TextField()  # reports.snapshots.record.as_text
    taken_by = models.CharField(max_length=200)  # the name, which stays when the member has left
    taken_at = models.DateTimeField()

    class Meta(Owned.Meta):
        verbose_name = _("snapshot")
        default_related_name = "snapshots"
        ordering = ("-taken_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:snapshot", args=[self.workspace.slug, self.pk])


class SnapshotSignOff(Owned):
    """One member's name under a snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="sign_offs")
    member = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)  # stays when the member has left
    comment = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "snapshot_sign_offs"
        ordering = ("signed_at", "pk")
        constraints = (models.UniqueConstraint(fields=("snapshot", "member"), name="snapshot_signed_once"),)

    def __str__(self) -> str:
        return self.name
