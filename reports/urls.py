"""Addresses of reports: pages, and the API below /api/v1/."""

from django.urls import path

from reports.api import GoalReport, KpiReport, OverviewReport
from reports.api_attribution import AttributionReport
from reports.api_evidence import EvidenceReport
from reports.api_funnels import FunnelList, FunnelReport
from reports.api_reconciliation import CostReport, ReconciliationReport
from reports.api_restatements import Restatements
from reports.api_runs import RunAgain, RunCancel, Runs
from reports.views.attribution import (
    attribution,
    attribution_again,
    attribution_csv,
    attribution_progress,
    attribution_windows,
)
from reports.views.baseline import baseline
from reports.views.evidence import evidence, evidence_csv, evidence_value
from reports.views.funnels import (
    funnel_csv,
    funnel_edit,
    funnel_new,
    funnel_next,
    funnel_remove,
    funnel_trend,
    funnels,
)
from reports.views.goal import goal, rows_csv, trend_csv
from reports.views.goals import goals
from reports.views.live import live_figures
from reports.views.overview import kpis, kpis_csv, overview
from reports.views.reconciliation import costs_csv, reconciliation, reconciliation_csv
from reports.views.runs import again, cancel, listing

app_name = "reports"

urlpatterns = [
    path("w/<slug:workspace>/", overview, name="overview"),
    path("w/<slug:workspace>/kpis/", kpis, name="kpis"),
    path("w/<slug:workspace>/kpis.csv", kpis_csv, name="kpis-csv"),
    path("w/<slug:workspace>/goals/", goals, name="goals"),
    path("w/<slug:workspace>/goals/<slug:goal>/", goal, name="goal"),
    path("w/<slug:workspace>/goals/<slug:goal>/breakdown.csv", rows_csv, name="goal-rows"),
    path("w/<slug:workspace>/goals/<slug:goal>/trend.csv", trend_csv, name="goal-trend"),
    path("w/<slug:workspace>/attribution/", attribution, name="attribution"),
    path("w/<slug:workspace>/attribution.csv", attribution_csv, name="attribution-csv"),
    path("w/<slug:workspace>/attribution/again/", attribution_again, name="attribution-again"),
    path("w/<slug:workspace>/attribution/progress/", attribution_progress, name="attribution-progress"),
    path("w/<slug:workspace>/attribution/costs.csv", costs_csv, name="costs-csv"),
    path("w/<slug:workspace>/attribution/claims/", reconciliation, name="reconciliation"),
    path("w/<slug:workspace>/attribution/claims.csv", reconciliation_csv, name="reconciliation-csv"),
    path("w/<slug:workspace>/attribution/windows/", attribution_windows, name="attribution-windows"),
    path("w/<slug:workspace>/funnels/", funnels, name="funnels"),
    path("w/<slug:workspace>/funnels.csv", funnel_csv, name="funnel-csv"),
    path("w/<slug:workspace>/funnels/trend.csv", funnel_trend, name="funnel-trend"),
    path("w/<slug:workspace>/funnels/next.csv", funnel_next, name="funnel-next"),
    path("w/<slug:workspace>/funnels/new/", funnel_new, name="funnel-new"),
    path("w/<slug:workspace>/funnels/saved/<slug:funnel>/", funnel_edit, name="funnel-edit"),
    path("w/<slug:workspace>/funnels/saved/<slug:funnel>/remove/", funnel_remove, name="funnel-remove"),
    path("w/<slug:workspace>/evidence/", evidence, name="evidence"),
    path("w/<slug:workspace>/evidence.csv", evidence_csv, name="evidence-csv"),
    path("w/<slug:workspace>/evidence/<slug:goal>/value/", evidence_value, name="evidence-value"),
    path("w/<slug:workspace>/kpis/<slug:kpi>/baseline/", baseline, name="baseline"),
    path("w/<slug:workspace>/runs/", listing, name="runs"),
    path("w/<slug:workspace>/runs/<int:run>/cancel/", cancel, name="run-cancel"),
    path("w/<slug:workspace>/runs/<int:run>/again/", again, name="run-again"),
    path("w/<slug:workspace>/live-figures/", live_figures, name="live-figures"),
]

api_patterns = [
    path("reports/goals/<slug:goal>", GoalReport.as_view(), name="api-report-goal"),
    path("reports/goals/<slug:goal>/restatements", Restatements.as_view(), name="api-restatements"),
    path("reports/attribution/<slug:goal>", AttributionReport.as_view(), name="api-report-attribution"),
    path("reports/reconciliation/<slug:goal>", ReconciliationReport.as_view(), name="api-report-reconciliation"),
    path("reports/costs/<slug:goal>", CostReport.as_view(), name="api-report-costs"),
    path("reports/runs", Runs.as_view(), name="api-report-runs"),
    path("reports/runs/<int:run>/cancel", RunCancel.as_view(), name="api-report-run-cancel"),
    path("reports/runs/<int:run>/again", RunAgain.as_view(), name="api-report-run-again"),
    path("reports/funnel", FunnelReport.as_view(), name="api-report-funnel"),
    path("funnels", FunnelList.as_view(), name="api-funnels"),
    path("reports/evidence/<slug:goal>", EvidenceReport.as_view(), name="api-report-evidence"),
    path("reports/kpis", KpiReport.as_view(), name="api-report-kpis"),
    path("reports/overview", OverviewReport.as_view(), name="api-report-overview"),
]
