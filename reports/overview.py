"""What the overview is shown from: the same on its own page and on a link that shares it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from goals.coverage import coverage
from reports import boards, figures, sentences, uniques
from reports.asked import fallback_span
from reports.boards import Section
from reports.goal_page import Fact, counting, trigger
from reports.periods import Span, previous
from reports.progress import Board, board
from reports.standing import standing
from workspaces.models import Workspace


def board_of(workspace: Workspace, *, now: datetime) -> Board:
    """Give the progress of every KPI."""
    return board(workspace, boards.live_kpis(workspace), fallback=fallback_span(workspace, now=now), now=now)


def context(workspace: Workspace, *, now: datetime) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/overview_figures.html shows."""
    shown = board_of(workspace, now=now)
    found = coverage(workspace)
    sections = boards.sections(workspace, shown.rows)
    return {
        "sections": sections,
        "method": method(sections),
        "sentences": sentences.summary(shown.rows),
        "measured": [row for row in shown.rows if row.is_judged],
        "on_track": sum(row.is_good for row in shown.rows),
        "coverage": found,
        "standing": standing(shown.published, has_goals=found.total > 0, has_kpis=bool(shown.rows)),
        "tally": sentences.tally(shown.rows),
        "visits": _visits(shown, fallback_span(workspace, now=now)),
    }


def method(sections: Iterable[Section]) -> list[Fact]:
    """Say how the board is computed: each KPI's metric and goals, and what stands beside its figure."""
    rows = [row.progress for section in sections for row in section.rows]
    goals = list({goal.pk: goal for row in rows for goal in row.goals}.values())
    prefetch_related_objects(goals, "rules")
    told = {row.kpi.metric.name: row.told for row in rows if row.kpi.metric and row.told}
    return [
        *(Fact(name, words) for name, words in told.items()),
        *(Fact(goal.name, f"{trigger(goal)}; {counting(goal)}") for goal in goals),
        Fact(_("Expected to date"), _("the target's part for the days so far, by the weekdays of the weeks before")),
        Fact(_("Forecast"), _("an interval that holds what the period ends at in 80 of 100 cases")),
        Fact(_("Status"), _("actual against expected to date; too early to say in the first fifth of the period")),
    ]


def _visits(shown: Board, span: Span) -> dict[str, object]:
    """Give the visitors of the plan's period to date, and of the same weekdays before it."""
    before = previous(span)
    rows = {day: visit.persons for day, visit in shown.published.visits.items()}
    known = shown.published.publication
    reaches = known is not None and known.first_day is not None and known.first_day < before.since
    return {
        "visitors": uniques.distinct(rows, span.since, span.until),
        "before": uniques.distinct(rows, before.since, before.until) if reaches else None,
        "days": figures.days(span.since, span.until),
    }
