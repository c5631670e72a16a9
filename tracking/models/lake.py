"""LakeState, DerivedChange, Salt: how far a workspace's lake and what is derived from it have come."""

from django.db import models

from workspaces.models import Owned


class LakeState(Owned):
    """One row a workspace; the only place that says which versions of its Delta tables belong together.

    The drain writes `batch` to `dirty_since`; only a derivation, with its lock, writes the rest. A version of -1 is a
    table that does not exist yet. Readers take the four published versions from one read of this row
    (`open_snapshot`), so that all numbers of one answer are of one state; what the drain stored since then is seen at
    the next publishing.
    """

    batch = models.BigIntegerField(default=0)  # the newest lake transaction's number
    events = models.BigIntegerField(default=0)  # events in the lake
    first_day = models.DateField(null=True)  # UTC day of the oldest event
    kept_since = models.DateField(null=True)  # UTC day before which events were removed, their time being over
    last_event_at = models.DateTimeField(null=True)
    stored_through = models.DateTimeField(null=True)  # every event received before is in the lake
    dirty_since = models.DateTimeField(null=True)  # the earliest time of events stored since the last derivation began
    deriving_since = models.DateTimeField(null=True)  # the same of a derivation that has not published yet
    derived_at = models.DateTimeField(null=True)  # when sessions and touches were last published
    derived_through = models.DateTimeField(null=True)  # every event received before is in them: "computed up to"
    derived_zone = models.CharField(max_length=60, blank=True)  # the zone of their days; another one redoes them all
    events_version = models.BigIntegerField(default=-1)  # the events that sessions and touches were derived from
    sessions_version = models.BigIntegerField(default=-1)
    touches_version = models.BigIntegerField(default=-1)
    people_changed = models.BigIntegerField(default=0)  # counts changes of whose events a visitor's are
    people_derived = models.BigIntegerField(default=0)  # the same, as sessions and touches know it
    people_version = models.BigIntegerField(default=-1)  # the people that they were derived with
    revision = models.BigIntegerField(default=0)  # counts publishings that changed something

    class Meta(Owned.Meta):
        default_related_name = "lake_states"
        constraints = (models.UniqueConstraint(fields=("workspace",), name="lake_state_once"),)

    def __str__(self) -> str:
        return f"lake of workspace {self.workspace_id}"


class DerivedChange(Owned):
    """From this local day on, everything derived was last published at this revision.

    Whoever filled something at revision r redoes the days from the least `day` among the rows with a higher
    revision, and nothing where there is none. A publishing removes the later days' rows, which it covers. The epoch's
    day stands where what is derived by may have changed, and not events alone.
    """

    day = models.DateField()
    revision = models.BigIntegerField()

    class Meta(Owned.Meta):
        default_related_name = "derived_changes"
        constraints = (models.UniqueConstraint(fields=("workspace", "day"), name="derived_change_once"),)

    def __str__(self) -> str:
        return f"from {self.day} at revision {self.revision}"


class Salt(Owned):
    """The secret of one day's cookieless visitor ids; deleted two days later, so that nobody can undo them."""

    day = models.DateField()  # UTC
    secret = models.BinaryField()

    class Meta(Owned.Meta):
        default_related_name = "salts"
        constraints = (models.UniqueConstraint(fields=("workspace", "day"), name="salt_once"),)

    def __str__(self) -> str:
        return str(self.day)
