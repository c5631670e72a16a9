"""A snapshot of a funnel: its steps, and how it changed over time."""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from analysis.funnels import FEWEST_STEPS
from reports.abouts import about
from reports.answer import READY
from reports.funnels import exporting
from reports.funnels.answer import answer
from reports.funnels.method import method
from reports.funnels.question import STEP_NAMES, read_leniently
from reports.funnels.usual import known_of
from reports.sharing import wording
from reports.sharing.funnel import title_of
from reports.sharing.shareable import NotThere
from reports.snapshots.record import Record, sheet
from reports.snapshots.recorder import NothingYet, Params, on_days
from workspaces.models import Workspace


def record(workspace: Workspace, params: Params, now: datetime) -> Record:
    """Keep the steps, written out: a saved funnel may be changed; raise NotThere, NothingYet."""
    asked, faults = read_leniently(params, known_of(workspace, now=now))
    # Where a step's goal is gone, what is left would be another funnel.
    if len(asked.steps) < FEWEST_STEPS or any(fault.field in STEP_NAMES for fault in faults):
        raise NotThere
    asked = replace(asked.with_steps(asked.steps), funnel="")
    result = answer(workspace, asked, now=now)
    if result.state != READY:
        raise NothingYet
    fixed = on_days(asked.params(), asked.span)
    told = about(
        workspace, _("Funnel"), path=reverse("reports:funnels", args=[workspace.slug]), params=fixed,
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    sheets = [sheet(_("Steps"), exporting.step_rows(result))]
    return Record(
        title=title_of(asked),
        params=fixed,
        sentences=wording.of_funnel(result),
        sheets=(*sheets, sheet(_("Trend"), exporting.trend_rows(result))),
        method=tuple(told),
        computed_through=result.stamp.computed_through,
    )
