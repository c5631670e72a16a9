"""The overview behind a link: every KPI against its target."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import overview
from reports.boards import Section
from reports.sharing.shareable import Frozen, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:  # noqa: ARG001  # as every report's
    """Give the question: the overview has but one."""
    return Frozen({}, _title())


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:  # noqa: ARG001  # as every report's
    """Show all KPIs."""
    context = overview.context(workspace, now=now)
    # The sentences stand with the figures, as on the members' page.
    return Shown(_title(), (), {**context, "sections": unlinked(context["sections"])})


def unlinked(sections: Iterable[Section]) -> list[Section]:
    """Give the board without the ways to its goals."""
    return [replace(each, rows=tuple(replace(row, url="") for row in each.rows)) for each in sections]


def _title() -> str:
    return _("How are we doing against the plan?")


OVERVIEW = Shareable(gettext_lazy("Overview"), "reports/shared/overview.html", freeze, show)
