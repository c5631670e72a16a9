"""SharedLink: opens one report, as it was asked, to whoever has the link."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class LinkState(StrEnum):
    WORKS = "works"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ORPHANED = "orphaned"  # who made it may not share any more, and knows the secret


class SharedLink(Owned):
    name = models.CharField(max_length=120)
    report = models.CharField(max_length=20)  # a key of reports.sharing.registry.REPORTS
    params = models.JSONField(default=dict)  # the question, as its address's parameters; fixed when it was shared
    language = models.CharField(max_length=10)  # of the reader
    secret_hash = models.CharField(max_length=64, unique=True)  # the secret itself is shown once and kept nowhere
    password = models.CharField(max_length=128, blank=True)  # hashed; "" where none is asked for
    frame_origin = models.CharField(max_length=200, blank=True)  # the one site that may show it inside its pages
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)  # times that the report was shown, prefetching programs included

    class Meta(Owned.Meta):
        verbose_name = _("shared link")
        default_related_name = "shared_links"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def state(self, *, now: datetime, is_backed: bool) -> LinkState:
        """Say whether it opens; `is_backed` says whether who made it may still share."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return LinkState.EXPIRED
        return LinkState.WORKS if is_backed else LinkState.ORPHANED
