"""Rollup and FillState: a day of a goal, and how far each goal is filled."""

from django.db import models

from goals.models import Goal
from workspaces.models import Owned


class Rollup(Owned):
    """One local day of a goal: additive sums only. Uniques do not add and come from the lake."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="rollups")
    day = models.DateField()  # the workspace's calendar
    conversions = models.BigIntegerField()
    converters = models.BigIntegerField()  # persons who converted that day; not additive over days
    value_micros = models.BigIntegerField()  # gross
    refund_micros = models.BigIntegerField()  # negative; booked on the conversion's day

    class Meta(Owned.Meta):
        default_related_name = "rollups"
        constraints = (models.UniqueConstraint(fields=("goal", "day"), name="rollup_once"),)

    def __str__(self) -> str:
        return f"{self.goal} {self.day}"


class Visits(Owned):
    """One local day of a workspace's visits: the denominators."""

    day = models.DateField()
    sessions = models.BigIntegerField()
    visitors = models.BigIntegerField()  # not additive over days
    pageviews = models.BigIntegerField()
    events = models.BigIntegerField()

    class Meta(Owned.Meta):
        default_related_name = "visits"
        constraints = (models.UniqueConstraint(fields=("workspace", "day"), name="visits_once"),)

    def __str__(self) -> str:
        return str(self.day)


class FillState(Owned):
    """How far a goal's rollups are filled; readers take what the newest finished fill published."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="fill")
    goal_version = models.PositiveIntegerField(default=0)  # the definition that the figures answer to
    paths_version = models.BigIntegerField(default=-1)  # Delta version of the goal's paths
    currencies = models.JSONField(default=list)  # of its values; more than one are never added up
    unmatched_refunds = models.BigIntegerField(default=0)
    dirty_since = models.DateField(null=True)  # local day from which on the figures are stale
    started_at = models.DateTimeField(null=True)  # set while a fill runs
    filled_at = models.DateTimeField(null=True)
    computed_through = models.DateTimeField(null=True)  # every event received before is in the figures
    data_version = models.CharField(max_length=40, blank=True)
    fault = models.CharField(max_length=500, blank=True)  # why the newest fill failed

    class Meta(Owned.Meta):
        default_related_name = "fill_states"

    def __str__(self) -> str:
        return f"fill of {self.goal}"
