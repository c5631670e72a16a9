"""PlanStart: what has been answered on the way to the workspace's first plan; nothing of it is in a plan yet."""

from django.db import models

from goals.models.plan import Plan
from workspaces.models import Owned


class PlanStart(Owned):
    """One row a workspace: the answers so far, the plan that was made of them, whether the checklist was put away."""

    answers = models.JSONField(default=dict)  # goals.starting.Answers
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="+")  # None until it is made
    checklist_hidden_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)  # guards against two people answering at once

    class Meta(Owned.Meta):
        default_related_name = "plan_starts"
        constraints = (models.UniqueConstraint(fields=("workspace",), name="plan_start_once"),)

    def __str__(self) -> str:
        return f"start of {self.workspace_id}"
