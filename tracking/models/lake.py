"""LakeState: how far a workspace's lake and the tables derived from it have come."""

from django.db import models

from workspaces.models import Owned


class LakeState(Owned):
    """One row a workspace. Derived tables are right up to `derived_version`; from `dirty_since` on they are not."""

    batch = models.BigIntegerField(default=0)  # the newest lake transaction's number
    events = models.BigIntegerField(default=0)  # events in the lake
    first_day = models.DateField(null=True)  # UTC day of the oldest event
    last_event_at = models.DateTimeField(null=True)
    stored_through = models.DateTimeField(null=True)  # every event received before is in the lake
    dirty_since = models.DateTimeField(null=True)  # the earliest time of events that are not derived yet
    derived_at = models.DateTimeField(null=True)  # when sessions and touches were last published
    derived_through = models.DateTimeField(null=True)  # every event received before is in them
    sessions_version = models.BigIntegerField(default=-1)  # Delta version that readers take
    touches_version = models.BigIntegerField(default=-1)

    class Meta(Owned.Meta):
        default_related_name = "lake_states"
        constraints = (models.UniqueConstraint(fields=("workspace",), name="lake_state_once"),)

    def __str__(self) -> str:
        return f"lake of workspace {self.workspace_id}"


class Salt(Owned):
    """The secret of one day's cookieless visitor ids; deleted two days later, so that nobody can undo them."""

    day = models.DateField()
    secret = models.BinaryField()

    class Meta(Owned.Meta):
        default_related_name = "salts"
        constraints = (models.UniqueConstraint(fields=("workspace", "day"), name="salt_once"),)

    def __str__(self) -> str:
        return str(self.day)
