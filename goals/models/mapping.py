"""MappingRule: which tracked event, under which conditions, counts as the goal."""

from django.db import models

from goals.models.goal import Goal
from workspaces.models import Owned


class MappingRule(Owned):
    """One of a goal's rules: an event counts that meets any rule, and a rule asks all of its conditions."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    # A list of {"field", "operator", "value", "key"?}; parsed and checked by goals.conditions.
    conditions = models.JSONField()

    class Meta(Owned.Meta):
        default_related_name = "mapping_rules"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"rule {self.position} of {self.goal}"
