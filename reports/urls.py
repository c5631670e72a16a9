"""Addresses of reports: pages, and the API below /api/v1/."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from reports.api import GoalReport, KpiReport, OverviewReport
from reports.api_alerts import Alerts, OneAlert
from reports.api_annotations import Annotations, OneAnnotation
from reports.api_attribution import AttributionReport
from reports.api_cohorts import CohortsList, CohortsReport
from reports.api_evidence import EvidenceReport
from reports.api_explore import ExplorationList, ExploreReport
from reports.api_flows import PathList, PathReport
from reports.api_funnels import FunnelList, FunnelReport
from reports.api_insights import InsightsReport
from reports.api_metrics import MetricList, OneMetric
from reports.api_reconciliation import CostReport, ReconciliationReport
from reports.api_restatements import Restatements
from reports.api_runs import RunAgain, RunCancel, Runs
from reports.api_segments import GoalSegments, SegmentList, SegmentReport
from reports.files import CSV, FORMATS
from reports.views.alerts import alert, alert_edit, alert_mute, alert_new, alert_pause, alert_remove, alerts
from reports.views.annotations import annotation_edit, annotation_new, annotation_remove, annotations
from reports.views.attribution import (
    attribution,
    attribution_again,
    attribution_file,
    attribution_progress,
)
from reports.views.baseline import baseline
from reports.views.cohorts import cohorts, cohorts_edit, cohorts_file, cohorts_new, cohorts_remove
from reports.views.evidence import evidence, evidence_file, evidence_value
from reports.views.explore import explore, explore_edit, explore_file, explore_new, explore_remove
from reports.views.flows import path_edit, path_moves, path_new, path_remove, paths, paths_file
from reports.views.funnels import (
    funnel_edit,
    funnel_file,
    funnel_new,
    funnel_next,
    funnel_remove,
    funnel_trend,
    funnels,
)
from reports.views.goal import goal, rows_file, trend_file
from reports.views.goal_segments import goal_segments, goal_segments_file
from reports.views.goals import goals
from reports.views.insights import insights, insights_file
from reports.views.leaving import leave
from reports.views.live import live_figures
from reports.views.metrics import (
    metric_edit,
    metric_new,
    metric_preview,
    metric_remove,
    metrics,
    metrics_file,
)
from reports.views.overview import kpis, kpis_file, overview
from reports.views.reconciliation import costs_file, reconciliation, reconciliation_file
from reports.views.runs import again, cancel, listing
from reports.views.schedules import (
    listed,
    schedule_edit,
    schedule_new,
    schedule_pause,
    schedule_remove,
    schedule_resume,
    schedule_test,
)
from reports.views.segments import (
    segment,
    segment_edit,
    segment_file,
    segment_new,
    segment_preview,
    segment_remove,
    segments,
    segments_file,
)
from reports.views.shared import shared
from reports.views.sharing import share, share_revoke, shares
from reports.views.snapshots import (
    snapshot,
    snapshot_file,
    snapshot_new,
    snapshot_remove,
    snapshot_sign,
    snapshots,
)
from reports.views.windows import make_default

app_name = "reports"


def _files(route: str, view: Callable[..., HttpResponse], *, name: str) -> list[URLPattern]:
    """Give the addresses of a table's files, one for each format: `name` is the CSV's, `name-xlsx` the workbook's."""
    names = {kind: name if kind == CSV else f"{name}-{kind}" for kind in FORMATS}
    return [path(f"{route}.{kind}", view, {"kind": kind}, name=each) for kind, each in names.items()]


urlpatterns = [
    path("w/<slug:workspace>/", overview, name="overview"),
    path("w/<slug:workspace>/kpis/", kpis, name="kpis"),
    *_files("w/<slug:workspace>/kpis", kpis_file, name="kpis-csv"),
    path("w/<slug:workspace>/goals/", goals, name="goals"),
    path("w/<slug:workspace>/goals/<slug:goal>/", goal, name="goal"),
    path("w/<slug:workspace>/goals/<slug:goal>/segments/", goal_segments, name="goal-segments"),
    *_files("w/<slug:workspace>/goals/<slug:goal>/segments", goal_segments_file, name="goal-segments-csv"),
    *_files("w/<slug:workspace>/goals/<slug:goal>/breakdown", rows_file, name="goal-rows"),
    *_files("w/<slug:workspace>/goals/<slug:goal>/trend", trend_file, name="goal-trend"),
    path("w/<slug:workspace>/attribution/", attribution, name="attribution"),
    *_files("w/<slug:workspace>/attribution", attribution_file, name="attribution-csv"),
    path("w/<slug:workspace>/attribution/again/", attribution_again, name="attribution-again"),
    path("w/<slug:workspace>/attribution/progress/", attribution_progress, name="attribution-progress"),
    *_files("w/<slug:workspace>/attribution/costs", costs_file, name="costs-csv"),
    path("w/<slug:workspace>/attribution/claims/", reconciliation, name="reconciliation"),
    *_files("w/<slug:workspace>/attribution/claims", reconciliation_file, name="reconciliation-csv"),
    path(
        "w/<slug:workspace>/attribution/windows/", make_default, {"report": "attribution"}, name="attribution-windows"
    ),
    path("w/<slug:workspace>/insights/", insights, name="insights"),
    path("w/<slug:workspace>/insights/windows/", make_default, {"report": "insights"}, name="insights-windows"),
    *_files("w/<slug:workspace>/insights/<slug:table>", insights_file, name="insights-csv"),
    path("w/<slug:workspace>/funnels/", funnels, name="funnels"),
    *_files("w/<slug:workspace>/funnels", funnel_file, name="funnel-csv"),
    *_files("w/<slug:workspace>/funnels/trend", funnel_trend, name="funnel-trend"),
    *_files("w/<slug:workspace>/funnels/next", funnel_next, name="funnel-next"),
    path("w/<slug:workspace>/funnels/new/", funnel_new, name="funnel-new"),
    path("w/<slug:workspace>/funnels/saved/<slug:funnel>/", funnel_edit, name="funnel-edit"),
    path("w/<slug:workspace>/funnels/saved/<slug:funnel>/remove/", funnel_remove, name="funnel-remove"),
    path("w/<slug:workspace>/paths/", paths, name="paths"),
    *_files("w/<slug:workspace>/paths", paths_file, name="paths-csv"),
    *_files("w/<slug:workspace>/paths/moves", path_moves, name="path-moves"),
    path("w/<slug:workspace>/paths/new/", path_new, name="path-new"),
    path("w/<slug:workspace>/paths/saved/<slug:flow>/", path_edit, name="path-edit"),
    path("w/<slug:workspace>/paths/saved/<slug:flow>/remove/", path_remove, name="path-remove"),
    path("w/<slug:workspace>/cohorts/", cohorts, name="cohorts"),
    *_files("w/<slug:workspace>/cohorts", cohorts_file, name="cohorts-csv"),
    path("w/<slug:workspace>/cohorts/new/", cohorts_new, name="cohorts-new"),
    path("w/<slug:workspace>/cohorts/saved/<slug:cohorts>/", cohorts_edit, name="cohorts-edit"),
    path("w/<slug:workspace>/cohorts/saved/<slug:cohorts>/remove/", cohorts_remove, name="cohorts-remove"),
    path("w/<slug:workspace>/explore/", explore, name="explore"),
    *_files("w/<slug:workspace>/explore", explore_file, name="explore-csv"),
    path("w/<slug:workspace>/explore/new/", explore_new, name="explore-new"),
    path("w/<slug:workspace>/explore/saved/<slug:exploration>/", explore_edit, name="explore-edit"),
    path("w/<slug:workspace>/explore/saved/<slug:exploration>/remove/", explore_remove, name="explore-remove"),
    path("w/<slug:workspace>/metrics/", metrics, name="metrics"),
    *_files("w/<slug:workspace>/metrics", metrics_file, name="metrics-csv"),
    path("w/<slug:workspace>/metrics/new/", metric_new, name="metric-new"),
    path("w/<slug:workspace>/metrics/preview/", metric_preview, name="metric-preview"),
    path("w/<slug:workspace>/metrics/saved/<slug:metric>/", metric_edit, name="metric-edit"),
    path("w/<slug:workspace>/metrics/saved/<slug:metric>/remove/", metric_remove, name="metric-remove"),
    path("w/<slug:workspace>/segments/", segments, name="segments"),
    *_files("w/<slug:workspace>/segments", segments_file, name="segments-csv"),
    path("w/<slug:workspace>/segments/new/", segment_new, name="segment-new"),
    path("w/<slug:workspace>/segments/preview/", segment_preview, name="segment-preview"),
    path("w/<slug:workspace>/segments/saved/<slug:segment>/", segment, name="segment"),
    *_files("w/<slug:workspace>/segments/saved/<slug:segment>", segment_file, name="segment-csv"),
    path("w/<slug:workspace>/segments/saved/<slug:segment>/edit/", segment_edit, name="segment-edit"),
    path("w/<slug:workspace>/segments/saved/<slug:segment>/remove/", segment_remove, name="segment-remove"),
    path("w/<slug:workspace>/evidence/", evidence, name="evidence"),
    *_files("w/<slug:workspace>/evidence", evidence_file, name="evidence-csv"),
    path("w/<slug:workspace>/evidence/<slug:goal>/value/", evidence_value, name="evidence-value"),
    path("w/<slug:workspace>/kpis/<slug:kpi>/baseline/", baseline, name="baseline"),
    path("w/<slug:workspace>/runs/", listing, name="runs"),
    path("w/<slug:workspace>/runs/<int:run>/cancel/", cancel, name="run-cancel"),
    path("w/<slug:workspace>/runs/<int:run>/again/", again, name="run-again"),
    path("w/<slug:workspace>/shared/", shares, name="shares"),
    path("w/<slug:workspace>/shared/new/", share, name="share"),
    path("w/<slug:workspace>/shared/<int:link>/close/", share_revoke, name="share-revoke"),
    path("w/<slug:workspace>/snapshots/", snapshots, name="snapshots"),
    path("w/<slug:workspace>/snapshots/new/", snapshot_new, name="snapshot-new"),
    path("w/<slug:workspace>/snapshots/<int:snapshot>/", snapshot, name="snapshot"),
    path("w/<slug:workspace>/snapshots/<int:snapshot>/sign/", snapshot_sign, name="snapshot-sign"),
    path("w/<slug:workspace>/snapshots/<int:snapshot>/remove/", snapshot_remove, name="snapshot-remove"),
    *_files("w/<slug:workspace>/snapshots/<int:snapshot>/table-<int:number>", snapshot_file, name="snapshot-table"),
    path("w/<slug:workspace>/scheduled/", listed, name="schedules"),
    path("w/<slug:workspace>/scheduled/new/", schedule_new, name="schedule-new"),
    path("w/<slug:workspace>/scheduled/<int:schedule>/", schedule_edit, name="schedule-edit"),
    path("w/<slug:workspace>/scheduled/<int:schedule>/test/", schedule_test, name="schedule-test"),
    path("w/<slug:workspace>/scheduled/<int:schedule>/pause/", schedule_pause, name="schedule-pause"),
    path("w/<slug:workspace>/scheduled/<int:schedule>/resume/", schedule_resume, name="schedule-resume"),
    path("w/<slug:workspace>/scheduled/<int:schedule>/remove/", schedule_remove, name="schedule-remove"),
    path("no-more-mail/<str:signed>/", leave, name="leave"),
    path("w/<slug:workspace>/annotations/", annotations, name="annotations"),
    path("w/<slug:workspace>/annotations/new/", annotation_new, name="annotation-new"),
    path("w/<slug:workspace>/annotations/<int:annotation>/", annotation_edit, name="annotation"),
    path("w/<slug:workspace>/annotations/<int:annotation>/remove/", annotation_remove, name="annotation-remove"),
    path("w/<slug:workspace>/alerts/", alerts, name="alerts"),
    path("w/<slug:workspace>/alerts/new/", alert_new, name="alert-new"),
    path("w/<slug:workspace>/alerts/<int:alert>/", alert, name="alert"),
    path("w/<slug:workspace>/alerts/<int:alert>/edit/", alert_edit, name="alert-edit"),
    path("w/<slug:workspace>/alerts/<int:alert>/pause/", alert_pause, name="alert-pause"),
    path("w/<slug:workspace>/alerts/<int:alert>/mute/", alert_mute, name="alert-mute"),
    path("w/<slug:workspace>/alerts/<int:alert>/remove/", alert_remove, name="alert-remove"),
    path("shared/<str:secret>/", shared, name="shared"),
    path("w/<slug:workspace>/live-figures/", live_figures, name="live-figures"),
]

api_patterns = [
    path("reports/goals/<slug:goal>", GoalReport.as_view(), name="api-report-goal"),
    path("reports/goals/<slug:goal>/segments", GoalSegments.as_view(), name="api-goal-segments"),
    path("reports/goals/<slug:goal>/restatements", Restatements.as_view(), name="api-restatements"),
    path("reports/attribution/<slug:goal>", AttributionReport.as_view(), name="api-report-attribution"),
    path("reports/reconciliation/<slug:goal>", ReconciliationReport.as_view(), name="api-report-reconciliation"),
    path("reports/costs/<slug:goal>", CostReport.as_view(), name="api-report-costs"),
    path("reports/runs", Runs.as_view(), name="api-report-runs"),
    path("reports/runs/<int:run>/cancel", RunCancel.as_view(), name="api-report-run-cancel"),
    path("reports/runs/<int:run>/again", RunAgain.as_view(), name="api-report-run-again"),
    path("alerts", Alerts.as_view(), name="api-alerts"),
    path("alerts/<int:alert>", OneAlert.as_view(), name="api-alert"),
    path("annotations", Annotations.as_view(), name="api-annotations"),
    path("annotations/<int:annotation>", OneAnnotation.as_view(), name="api-annotation"),
    path("reports/insights", InsightsReport.as_view(), name="api-report-insights"),
    path("reports/funnel", FunnelReport.as_view(), name="api-report-funnel"),
    path("reports/paths", PathReport.as_view(), name="api-report-paths"),
    path("reports/cohorts", CohortsReport.as_view(), name="api-report-cohorts"),
    path("reports/explore", ExploreReport.as_view(), name="api-report-explore"),
    path("reports/segments/<slug:segment>", SegmentReport.as_view(), name="api-report-segment"),
    path("person-segments", SegmentList.as_view(), name="api-person-segments"),
    path("metrics", MetricList.as_view(), name="api-metrics"),
    path("metrics/<slug:metric>", OneMetric.as_view(), name="api-metric"),
    path("cohorts", CohortsList.as_view(), name="api-cohorts"),
    path("explorations", ExplorationList.as_view(), name="api-explorations"),
    path("paths", PathList.as_view(), name="api-paths"),
    path("funnels", FunnelList.as_view(), name="api-funnels"),
    path("reports/evidence/<slug:goal>", EvidenceReport.as_view(), name="api-report-evidence"),
    path("reports/kpis", KpiReport.as_view(), name="api-report-kpis"),
    path("reports/overview", OverviewReport.as_view(), name="api-report-overview"),
]
