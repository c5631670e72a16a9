"""UnmatchedConversion: what a CRM says was sold, and nobody known bought."""

from django.db import models

from tracking.models.imports import Import
from tracking.models.source import Source
from workspaces.models import Owned


class UnmatchedConversion(Owned):
    """A conversion that waits for its visitor; matched later it becomes an event, after KEPT it goes."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    # The conversions of an import go with it; what came over HTTP is the import of its day.
    import_row = models.ForeignKey(Import, on_delete=models.CASCADE, null=True, related_name="unmatched")
    digest = models.BinaryField()  # of the event's id, as in the ledger
    reason = models.CharField(max_length=24)  # a tracking.conversions.matching.Missed
    event = models.BinaryField()  # msgpack of a list of the one Event
    received_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "unmatched_conversions"
        constraints = (models.UniqueConstraint(fields=("source", "digest"), name="unmatched_conversion_once"),)

    def __str__(self) -> str:
        return f"{self.reason} of {self.source_id}"
