"""Rows of goals: plans, goals, what counts as one, KPIs and targets."""

from goals.models.goal import Counting, Goal, GoalVersion, Level, MicroKind, Support, ValueRule
from goals.models.kpi import Direction, Kpi, Measure, Per, Target
from goals.models.mapping import MappingRule
from goals.models.plan import Objective, Plan

__all__ = [
    "Counting", "Direction", "Goal", "GoalVersion", "Kpi", "Level", "MappingRule", "Measure", "MicroKind", "Objective",
    "Per", "Plan", "Support", "Target", "ValueRule",
]  # fmt: skip
