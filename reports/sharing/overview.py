"""The overview behind a link: every KPI against its target."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import overview
from reports.boards import Section
from reports.goal_page import Fact, counting, trigger
from reports.sharing.shareable import Frozen, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:  # noqa: ARG001  # as every report's
    """Give the question: the overview has but one."""
    return Frozen({}, _title())


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:  # noqa: ARG001  # as every report's
    """Show all KPIs."""
    context = overview.context(workspace, now=now)
    sections = unlinked(context["sections"])
    # The sentences stand with the figures, as on the members' page.
    return Shown(_title(), (), {**context, "sections": sections, "method": method(sections)})


def unlinked(sections: Iterable[Section]) -> list[Section]:
    """Give the board without the ways to its goals."""
    return [replace(each, rows=tuple(replace(row, url="") for row in each.rows)) for each in sections]


def method(sections: Iterable[Section]) -> list[Fact]:
    """Say how the board is computed: each KPI's goal, and what stands beside its figure."""
    goals = list({row.progress.goal.pk: row.progress.goal for section in sections for row in section.rows}.values())
    prefetch_related_objects(goals, "rules")
    return [
        *(Fact(goal.name, f"{trigger(goal)}; {counting(goal)}") for goal in goals),
        Fact(_("Expected to date"), _("the target's part for the days so far, by the weekdays of the weeks before")),
        Fact(_("Forecast"), _("an interval that holds what the period ends at in 80 of 100 cases")),
        Fact(_("Status"), _("actual against expected to date; too early to say in the first fifth of the period")),
    ]


def _title() -> str:
    return _("How are we doing against the plan?")


OVERVIEW = Shareable(gettext_lazy("Overview"), "reports/shared/overview.html", freeze, show)
