"""KeptEvidence: what a macro goal's evidence came to, of which state of lake and plan, and how far a computing is."""

from django.db import models

from goals.models import Goal
from workspaces.models import Owned


class KeptEvidence(Owned):
    """One macro goal under one design; sums and no person."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    landmark_days = models.PositiveSmallIntegerField()
    follow_days = models.PositiveSmallIntegerField()
    past_days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(null=True)  # it is to be computed; None when that is done
    steps = models.PositiveSmallIntegerField(default=0)  # of the computing that runs; 0 before it begins
    done = models.PositiveSmallIntegerField(default=0)  # of them
    found = models.JSONField(null=True)  # reports.evidence.found.Found.as_json
    plan_state = models.CharField(max_length=64, blank=True)  # a digest of the definitions that `found` answers to
    revision = models.BigIntegerField(default=0)  # of the lake's snapshot that it is of
    computed_through = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=500, blank=True)  # why the newest computing failed; empty where it did not
    failed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "kept_evidence"
        constraints = (
            models.UniqueConstraint(fields=("goal", "landmark_days", "follow_days", "past_days"), name="evidence_once"),
        )

    def __str__(self) -> str:
        return f"evidence of goal {self.goal_id}"
