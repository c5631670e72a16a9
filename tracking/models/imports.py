"""Import: one file of events on its way into the lake, dry run first."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracking.models.source import Source
from workspaces.models import FileWork


class Format(models.TextChoices):
    ACCESS_LOG = "access-log", _("Web server log (combined)")
    CSV = "csv", _("CSV")
    AD_REPORT = "ad-report", _("Ad costs")
    CONVERSIONS = "conversions", _("Conversions from a CRM")
    GA4 = "ga4", _("GA4 export from BigQuery")
    MATOMO = "matomo", _("Matomo's visits log")
    NDJSON = "ndjson", _("NDJSON")
    PARQUET = "parquet", _("Parquet")
    PLAUSIBLE = "plausible", _("Plausible's export (daily sums)")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Waiting for its dry run")
    CHECKING = "checking", _("Dry run going on")
    CHECKED = "checked", _("Ready to import")
    ORDERED = "ordered", _("Waiting to be imported")
    APPLYING = "applying", _("Importing")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


# A worker has it, or will have it: its page asks again, and the sweep looks for it.
UNDER_WAY = frozenset(
    {ImportState.UPLOADED, ImportState.CHECKING, ImportState.ORDERED, ImportState.APPLYING, ImportState.UNDOING}
)


class Import(FileWork):
    """One file, or what a source was sent over HTTP on one day that can be taken back as a file can."""

    under_way = UNDER_WAY

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    stored_as = models.CharField(max_length=255, blank=True)  # below the upload folder; empty: removed by now
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file; empty: there is none, it came over HTTP
    format = models.CharField(_("format"), max_length=12, choices=Format.choices)
    mapping = models.JSONField(default=dict)  # what its owner says of it; see tracking.imports.reading.Wish
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True)  # during the dry run an estimate by bytes
    result = models.JSONField(default=dict)  # see tracking.imports.findings.Findings
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(FileWork.Meta):
        default_related_name = "imports"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def has_file(self) -> bool:
        """Say whether it came as a file."""
        return bool(self.digest)

    def get_absolute_url(self) -> str:
        return reverse("tracking:import", args=[self.workspace.slug, self.pk])
