"""The overview outside of its page: every KPI against its target."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import overview
from reports.boards import Section
from reports.exports import board_rows
from reports.sharing.shareable import Inquiry, Params, Shareable, Told
from reports.standing import READY
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:  # noqa: ARG001  # as every report's
    """Give the question: the overview has but one."""
    path = reverse("reports:overview", args=[workspace.slug])
    return Inquiry(_("How are we doing against the plan?"), path, {}, partial(_tell, workspace, now))


def _tell(workspace: Workspace, now: datetime) -> Told:
    shown = overview.context(workspace, now=now)
    sections = shown["sections"]
    return Told(
        is_ready=shown["standing"].state == READY,
        name=_("KPIs against target"),
        made=shown["standing"],
        method=shown["method"],
        context=lambda: {**shown, "sections": unlinked(sections)},
        sentences=lambda: shown["sentences"],
        tables=lambda: {_("KPIs"): board_rows(sections)},
        has_lede=False,
    )


def unlinked(sections: Iterable[Section]) -> list[Section]:
    """Give the board without the ways to its goals."""
    return [replace(each, rows=tuple(replace(row, url="") for row in each.rows)) for each in sections]


OVERVIEW = Shareable(gettext_lazy("Overview"), "reports/shared/overview.html", ask)
