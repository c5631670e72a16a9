"""Rows of goals: plans and their versions, goals and how they are tracked, KPIs and targets, proposals."""

from goals.models.audience import Cadence, Channel, Reporting, Segment
from goals.models.file import FileState, PlanFile
from goals.models.goal import Counting, Goal, GoalVersion, Level, MicroKind, Stage, Support, ValueRule
from goals.models.kpi import FORMATS, Direction, Format, Kpi, Measure, Per, Target, Timing, Weight
from goals.models.mapping import MappingRule
from goals.models.plan import Objective, Plan, PlanKind, PlanStage, PlanState, Question
from goals.models.proposal import Comment, Lane, Proposal, ProposalSupport, Vote
from goals.models.start import PlanStart
from goals.models.tracking import (
    Method,
    Outage,
    Parameter,
    ParameterType,
    Platform,
    Purpose,
    SpecState,
    Tracked,
    TrackingSpec,
    Watch,
)
from goals.models.version import Answer, PlanEdit, PlanVersion, SignOff, VersionState

__all__ = [
    "FORMATS", "Answer", "Cadence", "Channel", "Comment", "Counting", "Direction", "FileState", "Format", "Goal",
    "GoalVersion", "Kpi", "Lane", "Level", "MappingRule", "Measure", "Method", "MicroKind", "Objective", "Outage",
    "Parameter", "ParameterType", "Per", "Plan", "PlanEdit", "PlanFile", "PlanKind", "PlanStage", "PlanStart",
    "PlanState", "PlanVersion", "Platform", "Proposal", "ProposalSupport", "Purpose", "Question", "Reporting",
    "Segment", "SignOff", "SpecState", "Stage", "Support", "Target", "Timing", "Tracked", "TrackingSpec", "ValueRule",
    "VersionState", "Vote", "Watch", "Weight",
]  # fmt: skip
