"""InboxRow and EventKey: what was accepted and is not in the lake yet, and every id that ever was."""

from django.db import models
from django.db.models import Q

from tracking.event import Event
from tracking.models.source import Source
from tracking.packed import Packed, events_in
from workspaces.models import Owned


class InboxRow(Owned):
    """One request's accepted events and its counts, durable before its sender hears 202."""

    # Its source vouches for its workspace; and it lives for a second, too short to be found by more than `inbox_next`.
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, db_constraint=False, db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    events = models.BinaryField()  # msgpack of a list of Event; empty where none was accepted
    size = models.IntegerField(null=True)  # of that in bytes, where `events` has it compressed; None: it has not
    counts = models.JSONField(default=dict)  # "accepted", "duplicate", "rejected:reason", "filtered:reason" -> n
    by_name = models.JSONField(null=True)  # "duplicate" and "refused" -> event name -> n, where there are any
    batch = models.BigIntegerField(null=True)  # the lake transaction that took it; None: unclaimed
    import_id = models.BigIntegerField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "inbox_rows"
        indexes = (models.Index(fields=("workspace", "batch", "id"), name="inbox_next"),)

    def __str__(self) -> str:
        return f"request {self.pk}"

    def accepted(self) -> list[Event]:
        """Give the accepted events."""
        return events_in(Packed(bytes(self.events), self.size))


class EventKey(Owned):
    """An event id that was accepted once: the reason why it never counts twice."""

    # One row an event for ever: the key is the only index it carries. It enters with its request's inbox row, in one
    # transaction; that row's foreign key vouches for the source once, where the keys' own would be asked 500 times.
    pk = models.CompositePrimaryKey("source_id", "digest")
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, db_constraint=False, db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    digest = models.UUIDField()  # no UUID: 16 bytes of the event id's BLAKE2b, in the type that an index has cheapest
    fingerprint = models.BinaryField()  # 8 bytes of the event's content; tells a repeat from a conflict

    class Meta(Owned.Meta):
        default_related_name = "event_keys"

    def __str__(self) -> str:
        return self.digest.hex


class Counter(Owned):
    """How many events a source sent on a day, by what became of them. Sums to what was received."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="counters")
    day = models.DateField()  # UTC day of receipt
    outcome = models.CharField(max_length=12)  # accepted, duplicate, rejected, filtered, limited
    reason = models.CharField(max_length=40, blank=True)
    events = models.BigIntegerField(default=0)

    class Meta(Owned.Meta):
        default_related_name = "counters"
        constraints = (models.UniqueConstraint(fields=("source", "day", "outcome", "reason"), name="counter_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.outcome} {self.reason}: {self.events}"


class Quarantined(Owned):
    """An event or request that was refused, with its reason; kept 30 days, to be mended and sent again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="quarantined")
    received_at = models.DateTimeField()
    code = models.CharField(max_length=40)
    pointer = models.CharField(max_length=200, blank=True)  # JSON pointer to what was wrong
    message = models.CharField(max_length=500)
    raw = models.BinaryField()  # the first 2 KB
    name = models.CharField(max_length=128, blank=True)  # of the event, where it has one
    held = models.BinaryField(null=True)  # all that is needed to take it in after all; see tracking.held
    asked_at = models.DateTimeField(null=True)  # somebody wants it taken in; None: nobody does, or it was tried
    tried_at = models.DateTimeField(null=True)  # it was, and refused again

    class Meta(Owned.Meta):
        default_related_name = "quarantined"
        ordering = ("-received_at",)
        indexes = (
            models.Index(fields=("source", "-received_at"), name="quarantined_newest"),
            # Used by replaying.replay(); holds what waits for it.
            models.Index(fields=("workspace", "id"), condition=Q(asked_at__isnull=False), name="quarantined_asked"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.pointer}"
