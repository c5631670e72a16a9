"""Rollup, Visits, FillState, Publication: figures by day, and how far they are filled."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from goals.models import Goal
from workspaces.models import Owned

PATHS_LAYOUT = 3  # of the goals' paths in the lake and of how they are counted; older ones are filled again
RETRY_AFTER = timedelta(minutes=5)  # a definition that failed is tried again after this, or once it is changed


class Rollup(Owned):
    """One local day of a goal: sums that add up over days, and its persons in the form that does (reports.uniques)."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="rollups")
    day = models.DateField()  # the workspace's calendar
    conversions = models.BigIntegerField()
    sessions = models.BigIntegerField()  # that began this day and reached the goal
    value_micros = models.BigIntegerField()  # gross, of the fill's currency
    refund_micros = models.BigIntegerField()  # negative; booked on the conversion's day
    gaps = ArrayField(models.PositiveSmallIntegerField())  # days since the persons' previous converting day
    persons = ArrayField(models.BigIntegerField())  # how many persons have that gap

    class Meta(Owned.Meta):
        default_related_name = "rollups"
        constraints = (models.UniqueConstraint(fields=("goal", "day"), name="rollup_once"),)

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day}"


class Visits(Owned):
    """One local day of a workspace's visits: the denominators."""

    day = models.DateField()
    sessions = models.BigIntegerField()  # that began this day
    pageviews = models.BigIntegerField()  # of these sessions
    events = models.BigIntegerField()
    gaps = ArrayField(models.PositiveSmallIntegerField())  # days since the visitors' previous day
    persons = ArrayField(models.BigIntegerField())

    class Meta(Owned.Meta):
        default_related_name = "visits"
        constraints = (models.UniqueConstraint(fields=("workspace", "day"), name="visits_once"),)

    def __str__(self) -> str:
        return str(self.day)


class Publication(Owned):
    """One row a workspace: the state of the lake that every published figure is of.

    All goals are published together, in one transaction, so that no answer mixes two states.
    """

    serial = models.BigIntegerField(default=0)  # counts the publishings
    revision = models.BigIntegerField(default=0)  # of the lake's snapshot
    events_version = models.BigIntegerField(default=-1)
    sessions_version = models.BigIntegerField(default=-1)
    touches_version = models.BigIntegerField(default=-1)
    people_version = models.BigIntegerField(default=-1)  # whose the events were then
    first_day = models.DateField(null=True)  # the first local day that may have figures
    zone_name = models.CharField(max_length=60, blank=True)  # whose days the figures are in
    computed_through = models.DateTimeField(null=True)  # every event received before is in the figures
    published_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "publications"
        constraints = (models.UniqueConstraint(fields=("workspace",), name="publication_once"),)

    def __str__(self) -> str:
        return f"publication {self.serial} of workspace {self.workspace_id}"


class FillState(Owned):
    """How far a goal is filled; readers take its paths at the version it names."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="fill")
    goal_version = models.PositiveIntegerField(default=0)  # the definition that the figures answer to
    definition_at = models.DateTimeField(null=True)  # its `changed_at`, for edits that keep the version
    revision = models.BigIntegerField(default=0)  # of the lake's snapshot that the figures are of
    paths_version = models.BigIntegerField(default=-1)  # Delta version of the goal's paths
    amended_version = models.BigIntegerField(default=-1)  # of the rows that stand in the place of some persons' paths
    paths_layout = models.PositiveSmallIntegerField(default=1)  # which columns they have
    currency = models.CharField(max_length=3, blank=True)  # that values are summed in
    currencies = models.JSONField(default=dict)  # of all conversions' values: code to how many conversions
    unmatched_refunds = models.BigIntegerField(default=0)
    filled_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=500, blank=True)  # why the newest fill failed; empty where it did not
    failed_at = models.DateTimeField(null=True)
    failed_definition_at = models.DateTimeField(null=True)  # `changed_at` of the definition that failed

    class Meta(Owned.Meta):
        default_related_name = "fill_states"

    def __str__(self) -> str:
        return f"fill of goal {self.goal_id}"

    def is_resting(self, changed_at: datetime, *, now: datetime) -> bool:
        """Say whether this definition failed so lately that another try would fail as well."""
        return (
            self.failed_at is not None
            and self.failed_definition_at == changed_at
            and now - self.failed_at < RETRY_AFTER
        )

    @property
    def is_readable(self) -> bool:
        """Say whether its paths have the columns that today's reports read."""
        return self.paths_layout == PATHS_LAYOUT

    def is_of(self, version: int, changed_at: datetime) -> bool:
        """Say whether the figures answer to this definition."""
        return self.paths_version >= 0 and self.goal_version == version and self.definition_at == changed_at
