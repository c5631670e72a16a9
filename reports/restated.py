"""Restatements beside a KPI's figure: months of its period that were closed and came to say something else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals.models import Format, Kpi, Measure
from reports import figures
from reports.models import Restatement
from workspaces.models import Workspace
from workspaces.zones import day_of


def restatements_of(
    workspace: Workspace, goals: Iterable[int], *, since: date, until: date
) -> Mapping[int, tuple[Restatement, ...]]:
    """Give the restatements of goals' months that touch [since, until), the newest first, by goal id; in one query."""
    mine = Restatement.objects.filter(workspace=workspace, goal_id__in=set(goals), since__lt=until, until__gt=since)
    rows = mine.select_related("goal")
    found = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(row)
    return {goal: tuple(months) for goal, months in found.items()}


def words(kpi: Kpi, row: Restatement, workspace: Workspace) -> str:
    """Say what a month was and is, in what the KPI is made of; "" where that stayed as it was.

    A metric says so of each of its goals, by name: in money where it is money itself.
    """
    is_worth = Measure(kpi.measure) is Measure.VALUE or (kpi.metric is not None and kpi.format is Format.MONEY)
    if not _differs(row, is_worth=is_worth):
        return ""
    before, after = _amounts(row, is_worth=is_worth)
    text = _("%(month)s was %(before)s until %(day)s, %(after)s since: %(why)s")
    told = text % {
        "month": date_format(row.since, "F Y"),
        "before": before,
        "after": after,
        "day": figures.day(day_of(row.made_at, workspace.zone)),
        "why": row.reasons,
    }
    return f"{row.goal.name}: {told}" if kpi.metric else told


def _differs(row: Restatement, *, is_worth: bool) -> bool:
    if is_worth:
        return (row.value_before, row.currency_before) != (row.value_after, row.currency_after)
    return row.conversions_before != row.conversions_after


def _amounts(row: Restatement, *, is_worth: bool) -> tuple[str, str]:
    if is_worth:
        return (
            figures.money(row.value_before, row.currency_before).exact,
            figures.money(row.value_after, row.currency_after).exact,
        )
    return figures.conversions(row.conversions_before), figures.number(row.conversions_after)
