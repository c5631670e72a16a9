"""What the API's description calls the choices that several of its parts share; two of one name would be numbered."""

from collections.abc import Mapping
from typing import Final

ENUMS: Final[Mapping[str, str]] = {
    "AdField": "tracking.models.AdField",
    "AdPlatform": "tracking.models.AdPlatform",
    "AlertKind": "reports.models.AlertKind",
    "ComparedModel": "reports.attribution.question.COMPARED_MODELS",
    "DirectionEnum": "goals.models.Direction",
    "ExploredKind": "reports.explore.rows.KINDS",
    "ExploreState": "reports.explore.answer.STATES",
    "FunnelState": "reports.funnels.answer.STATES",
    "GoalModel": "reports.asking.OFFERED_MODELS",
    "ImportFormat": "tracking.models.Format",
    "InsightsMetric": "reports.insights.metrics.NAMES",
    "Interval": "reports.question.INTERVALS",
    "ParameterType": "goals.models.ParameterType",
    "PathDirection": "reports.flows.question.DIRECTIONS",
    "PathState": "reports.flows.answer.STATES",
    "PathUnit": "reports.flows.question.UNITS",
    "Per": "goals.models.Per",
    "PlanKind": "goals.models.PlanKind",
    "PlanState": "goals.models.PlanState",
    "ReportState": "reports.answer.STATES",
    "Role": "workspaces.roles.Role",
    "RunKind": "reports.models.RunKind",
    "RunReason": "reports.models.Why",
    "Scope": "workspaces.roles.Scope",
    "SourceKind": "tracking.models.Kind",
    "SpecificationState": "goals.models.SpecState",
    "StepOrder": "reports.models.funnel.StepOrder",
    "TrackedPlatform": "goals.models.Platform",
    "TrackingState": "goals.models.Tracked",
    "VersionState": "goals.models.VersionState",
}
