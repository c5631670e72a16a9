"""Addresses of goals: pages, and the API below /api/v1/."""

from django.urls import path

from goals.api import archive as archive_api
from goals.api import documents as documents_api
from goals.api import goals as goals_api
from goals.api import lists as lists_api
from goals.api import plans as plans_api
from goals.api import proposals as proposals_api
from goals.api import specs as specs_api
from goals.api import targets as targets_api
from goals.api import tracking as tracking_api
from goals.api import versions as versions_api
from goals.coverage import broken_badge
from goals.inbox import awaiting_badge
from goals.views import (
    cells,
    copying,
    deciding,
    details,
    files,
    goals,
    pastes,
    plans,
    printing,
    proposals,
    proposing,
    rows,
    signing,
    specs,
    start,
    targets,
    tracking,
    versions,
)
from workspaces.navigation import BADGES

app_name = "goals"
BADGES["goals:proposals"] = awaiting_badge
BADGES["goals:tracking"] = broken_badge

urlpatterns = [
    path("w/<slug:workspace>/plan/", plans.plan, name="plan"),
    path("w/<slug:workspace>/plan/start/", start.start, name="start"),
    path("w/<slug:workspace>/plan/start/done/", start.done, name="start-done"),
    path("w/<slug:workspace>/plan/start/<slug:step>/", start.step, name="start-step"),
    path("w/<slug:workspace>/plan/checklist/hide/", start.hide_checklist, name="checklist-hide"),
    path("w/<slug:workspace>/plan/edit/", plans.plan_edit, name="plan-edit"),
    path("w/<slug:workspace>/plan/cell/<slug:row>/<slug:field>/", cells.plan_cell, name="plan-cell"),
    path("w/<slug:workspace>/plan/row/<slug:row>/", rows.plan_row, name="plan-row"),
    path("w/<slug:workspace>/plan/add/", rows.plan_add, name="plan-add"),
    path("w/<slug:workspace>/plan/paste/", pastes.plan_paste, name="plan-paste"),
    path("w/<slug:workspace>/plan/undo/", rows.plan_undo, name="plan-undo"),
    path("w/<slug:workspace>/plan/export/", files.export, name="plan-export"),
    path("w/<slug:workspace>/plan/files/new/", files.file_new, name="plan-file-new"),
    path("w/<slug:workspace>/plan/files/<int:plan_file>/", files.file_show, name="plan-file"),
    path("w/<slug:workspace>/plan/files/<int:plan_file>/check/", files.file_check, name="plan-file-check"),
    path("w/<slug:workspace>/plan/files/<int:plan_file>/apply/", files.file_apply, name="plan-file-apply"),
    path("w/<slug:workspace>/plan/files/<int:plan_file>/rejects/", files.file_rejects, name="plan-file-rejects"),
    path("w/<slug:workspace>/plan/details/", details.details, name="plan-details"),
    path("w/<slug:workspace>/plan/details/segments/new/", details.segment, name="segment-new"),
    path("w/<slug:workspace>/plan/details/segments/<int:segment>/", details.segment, name="segment-edit"),
    path(
        "w/<slug:workspace>/plan/details/segments/<int:segment>/remove/", details.segment_remove, name="segment-remove"
    ),
    path("w/<slug:workspace>/plan/details/reports/new/", details.reporting, name="reporting-new"),
    path("w/<slug:workspace>/plan/details/reports/<int:reporting>/", details.reporting, name="reporting-edit"),
    path(
        "w/<slug:workspace>/plan/details/reports/<int:reporting>/remove/",
        details.reporting_remove,
        name="reporting-remove",
    ),
    path("w/<slug:workspace>/plan/objectives/new/", plans.objective_edit, name="objective-new"),
    path("w/<slug:workspace>/plan/objectives/<int:objective>/", plans.objective_edit, name="objective-edit"),
    path("w/<slug:workspace>/plan/objectives/<int:objective>/delete/", plans.objective_delete, name="objective-delete"),
    path("w/<slug:workspace>/plan/print/", printing.plan_print, name="plan-print"),
    path("w/<slug:workspace>/plan/archive/", signing.archive, name="plan-archive"),
    path("w/<slug:workspace>/plan/sign-off/", signing.request_sign_off, name="sign-off-new"),
    path("w/<slug:workspace>/plan/copy/", copying.copy_plan, name="plan-copy"),
    path("w/<slug:workspace>/plan/versions/", versions.versions, name="versions"),
    path("w/<slug:workspace>/plan/versions/compare/", versions.compare, name="compare"),
    path("w/<slug:workspace>/plan/versions/<int:version>/", versions.version, name="version"),
    path("w/<slug:workspace>/plan/versions/<int:version>/pdf/", printing.version_pdf, name="version-pdf"),
    path("w/<slug:workspace>/plan/versions/<int:version>/sign/", signing.sign, name="version-sign"),
    path("w/<slug:workspace>/plan/versions/<int:version>/decline/", signing.decline, name="version-decline"),
    path("w/<slug:workspace>/plan/versions/<int:version>/withdraw/", signing.withdraw, name="version-withdraw"),
    path("w/<slug:workspace>/plan/archived/<slug:plan>/reopen/", signing.reopen, name="plan-reopen"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/copy/", copying.copy_goal, name="goal-copy"),
    path("w/<slug:workspace>/plan/tracking/", specs.listing, name="specs"),
    path("w/<slug:workspace>/plan/tracking/files/", specs.files, name="specs-files"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/tracking/", specs.spec, name="spec"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/live/", tracking.live, name="goal-live"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/tracking/edit/", specs.spec_edit, name="spec-edit"),
    path("w/<slug:workspace>/plan/goals/new/", goals.goal_new, name="goal-new"),
    path("w/<slug:workspace>/plan/goals/try/", goals.preview, name="preview"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/", goals.goal_edit, name="goal-edit"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/archive/", goals.goal_archive, name="goal-archive"),
    path("w/<slug:workspace>/plan/goal/<slug:goal>/kpis/new/", targets.kpi_new, name="kpi-new"),
    path("w/<slug:workspace>/plan/kpi/<slug:kpi>/", targets.kpi_edit, name="kpi-edit"),
    path("w/<slug:workspace>/plan/kpi/<slug:kpi>/archive/", targets.kpi_archive, name="kpi-archive"),
    path("w/<slug:workspace>/plan/kpi/<slug:kpi>/targets/new/", targets.target_new, name="target-new"),
    path("w/<slug:workspace>/plan/targets/<int:target>/", targets.target_edit, name="target-edit"),
    path("w/<slug:workspace>/plan/targets/<int:target>/delete/", targets.target_delete, name="target-delete"),
    path("w/<slug:workspace>/plan/coverage/", tracking.header, name="coverage"),
    path("w/<slug:workspace>/goal-tracking/", tracking.tracking, name="tracking"),
    path("w/<slug:workspace>/proposals/", proposals.proposals, name="proposals"),
    path("w/<slug:workspace>/proposals/new/", proposing.proposal_new, name="proposal-new"),
    path("w/<slug:workspace>/proposals/try/", proposing.proposal_try, name="proposal-try"),
    path("w/<slug:workspace>/proposals/picks/", proposing.proposal_picks, name="proposal-picks"),
    path("w/<slug:workspace>/proposals/<int:proposal>/", proposals.proposal, name="proposal"),
    path("w/<slug:workspace>/proposals/<int:proposal>/edit/", proposing.proposal_edit, name="proposal-edit"),
    path("w/<slug:workspace>/proposals/<int:proposal>/now/", proposals.proposal_now, name="proposal-now"),
    path("w/<slug:workspace>/proposals/<int:proposal>/submit/", deciding.proposal_submit, name="proposal-submit"),
    path("w/<slug:workspace>/proposals/<int:proposal>/withdraw/", deciding.proposal_withdraw, name="proposal-withdraw"),
    path("w/<slug:workspace>/proposals/<int:proposal>/answer/", deciding.proposal_answer, name="proposal-answer"),
    path("w/<slug:workspace>/proposals/<int:proposal>/vote/", deciding.proposal_vote, name="proposal-vote"),
    path("w/<slug:workspace>/proposals/<int:proposal>/comment/", deciding.proposal_comment, name="proposal-comment"),
    path("w/<slug:workspace>/proposals/<int:proposal>/decide/", deciding.proposal_decide, name="proposal-decide"),
]

api_patterns = [
    path("plans", plans_api.Plans.as_view(), name="api-plans"),
    path("plans/<slug:plan>", plans_api.Plan.as_view(), name="api-plan"),
    path("plans/<slug:plan>/document", documents_api.Whole.as_view(), name="api-plan-document"),
    path("plans/<slug:plan>/file", documents_api.Files.as_view(), name="api-plan-file"),
    path("plans/<slug:plan>/archive", archive_api.Archiving.as_view(), name="api-plan-archive"),
    path("plans/<slug:plan>/reopen", archive_api.Reopening.as_view(), name="api-plan-reopen"),
    path("plans/<slug:plan>/differences", versions_api.Differences.as_view(), name="api-plan-differences"),
    path("plans/<slug:plan>/versions", versions_api.Versions.as_view(), name="api-plan-versions"),
    path("plans/<slug:plan>/versions/<int:number>", versions_api.Version.as_view(), name="api-plan-version"),
    path(
        "plans/<slug:plan>/versions/<int:number>/file", versions_api.VersionFile.as_view(), name="api-plan-version-file"
    ),
    path(
        "plans/<slug:plan>/versions/<int:number>/withdraw",
        versions_api.Withdrawal.as_view(),
        name="api-plan-version-withdraw",
    ),
    path(
        "plans/<slug:plan>/versions/<int:number>/sign", versions_api.Signature.as_view(), name="api-plan-version-sign"
    ),
    path("questions", lists_api.Questions.as_view(), name="api-questions"),
    path("questions/<int:question>", lists_api.Question.as_view(), name="api-question"),
    path("segments", lists_api.Segments.as_view(), name="api-segments"),
    path("segments/<int:segment>", lists_api.Segment.as_view(), name="api-segment"),
    path("reportings", lists_api.Reportings.as_view(), name="api-reportings"),
    path("reportings/<int:reporting>", lists_api.Reporting.as_view(), name="api-reporting"),
    path("specs", specs_api.Specs.as_view(), name="api-specs"),
    path("specs-file", specs_api.Files.as_view(), name="api-specs-file"),
    path("specs/<slug:goal>", specs_api.Spec.as_view(), name="api-spec"),
    path("objectives", plans_api.Objectives.as_view(), name="api-objectives"),
    path("objectives/<int:objective>", plans_api.Objective.as_view(), name="api-objective"),
    path("goals", goals_api.Goals.as_view(), name="api-goals"),
    path("goal-previews", goals_api.Previews.as_view(), name="api-goal-previews"),
    path("goals/<slug:goal>", goals_api.Goal.as_view(), name="api-goal"),
    path("goals/<slug:goal>/tracking", tracking_api.GoalTracking.as_view(), name="api-goal-tracking"),
    path("coverage", tracking_api.Coverage.as_view(), name="api-coverage"),
    path("kpis", targets_api.Kpis.as_view(), name="api-kpis"),
    path("kpis/<slug:kpi>", targets_api.Kpi.as_view(), name="api-kpi"),
    path("targets", targets_api.Targets.as_view(), name="api-targets"),
    path("targets/<int:target>", targets_api.Target.as_view(), name="api-target"),
    path("proposals", proposals_api.Proposals.as_view(), name="api-proposals"),
    path("proposal-backtests", proposals_api.Backtests.as_view(), name="api-proposal-backtests"),
    path("proposals/<int:proposal>", proposals_api.Proposal.as_view(), name="api-proposal"),
    path("proposals/<int:proposal>/submit", proposals_api.Submission.as_view(), name="api-proposal-submit"),
    path("proposals/<int:proposal>/withdraw", proposals_api.Withdrawal.as_view(), name="api-proposal-withdraw"),
    path("proposals/<int:proposal>/answer", proposals_api.Answer.as_view(), name="api-proposal-answer"),
    path("proposals/<int:proposal>/decision", proposals_api.Decision.as_view(), name="api-proposal-decision"),
    path("proposals/<int:proposal>/comments", proposals_api.Comments.as_view(), name="api-proposal-comments"),
]
