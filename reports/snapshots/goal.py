"""A snapshot of a goal: its KPIs, where its conversions came from, its trend."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import boards, exports, goal_page
from reports.abouts import about
from reports.answer import READY, answer
from reports.asked import fallback_span, from_page
from reports.progress import board
from reports.sharing import wording
from reports.sharing.goal import find
from reports.snapshots.record import Record, plain, sheet
from reports.snapshots.recorder import NothingYet, Params, on_days
from workspaces.models import Workspace


def record(workspace: Workspace, params: Params, now: datetime) -> Record:
    """Keep the goal under the question of its page; raise NotThere, NothingYet."""
    goal = find(workspace, params)
    question, _faults = from_page(params, workspace, goal, now=now)
    result = answer(workspace, goal, question, now=now)
    if result.state != READY:
        raise NothingYet
    kpis = [kpi for kpi in boards.live_kpis(workspace) if kpi.goal_id == goal.pk]
    rows = board(workspace, kpis, fallback=fallback_span(workspace, now=now), now=now).rows if kpis else ()
    sheets = [sheet(_("KPIs"), exports.board_rows(boards.sections(workspace, rows)))] if rows else []
    asked = on_days(question.params(), question.span)
    told = about(
        workspace, goal.name, path=reverse("reports:goal", args=[workspace.slug, goal.slug]), params=asked,
        method=goal_page.method(result, goal), made=result.provenance,
    )  # fmt: skip
    return Record(
        title=goal.name,
        params={"goal": goal.slug, **asked},
        sentences=plain(wording.of_goal(goal, result, rows)),
        sheets=(
            *sheets,
            sheet(_("Breakdown"), exports.breakdown_rows(result)),
            sheet(_("Trend"), exports.trend_rows(result)),
        ),
        method=tuple(told),
        computed_through=result.provenance.computed_through,
    )
