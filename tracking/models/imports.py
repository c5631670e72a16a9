"""Import: one file of events on its way into the lake, dry run first."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracking.models.source import Source
from workspaces.models import Owned


class Format(models.TextChoices):
    ACCESS_LOG = "access-log", _("Web server log (combined)")
    CSV = "csv", _("CSV")
    NDJSON = "ndjson", _("NDJSON")
    PARQUET = "parquet", _("Parquet")


class State(models.TextChoices):
    UPLOADED = "uploaded", _("Waiting for its dry run")
    CHECKING = "checking", _("Dry run going on")
    CHECKED = "checked", _("Ready to import")
    APPLYING = "applying", _("Importing")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")


class Import(Owned):
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    stored_as = models.CharField(max_length=255)  # below the upload folder
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    format = models.CharField(_("format"), max_length=12, choices=Format.choices)
    mapping = models.JSONField(default=dict)  # event field -> column, constant or template; see tracking.tabular
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    fault = models.TextField(blank=True)  # why it failed, in words
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)  # counts by outcome, first error rows, detected encoding, sample
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "imports"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("tracking:import", args=[self.workspace.slug, self.pk])
