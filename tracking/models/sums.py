"""ImportedDay: what another tool summed up of a source's day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.imports import Import
from tracking.models.source import Source
from workspaces.models import Owned


class SumKind(models.TextChoices):
    """What a day is broken down by; the keys are Plausible's names of its tables, without "imported_"."""

    VISITORS = "visitors", _("All visits")
    PAGES = "pages", _("Pages")
    ENTRY_PAGES = "entry_pages", _("Entry pages")
    EXIT_PAGES = "exit_pages", _("Exit pages")
    SOURCES = "sources", _("Sources")
    LOCATIONS = "locations", _("Countries")
    DEVICES = "devices", _("Devices")
    BROWSERS = "browsers", _("Browsers")
    SYSTEMS = "operating_systems", _("Operating systems")
    EVENTS = "custom_events", _("Events")


class ImportedDay(Owned):
    """One day of one breakdown, whole: a newer file puts another in its place."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="imported_days")
    import_row = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="imported_days")  # wrote it last
    kind = models.CharField(max_length=20, choices=SumKind.choices)
    day = models.DateField()  # of the other tool's calendar
    entries = models.JSONField()  # objects by tracking.sums.tables.TABLES: what it is of as texts, how much as numbers

    class Meta(Owned.Meta):
        default_related_name = "imported_days"
        ordering = ("-day", "kind")
        constraints = (models.UniqueConstraint(fields=("source", "kind", "day"), name="imported_day_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
