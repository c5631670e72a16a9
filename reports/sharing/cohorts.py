"""Cohorts outside of their page: what makes them and what is counted of them is fixed."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.cohorts import exporting, showing
from reports.cohorts.answer import answer
from reports.cohorts.labels import did_label, first_label
from reports.cohorts.method import method
from reports.cohorts.question import USUAL, Asked, Known, read_leniently
from reports.cohorts.usual import known_of
from reports.sharing import wording
from reports.sharing.of_visits import has_figures, inquiry_of, of_whom
from reports.sharing.shareable import Inquiry, Params, Shareable, Told, of_what_is_there
from workspaces.models import Workspace

NAMING = {"saved", "first", "did"}


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the page; raise NotThere where it names a goal that is gone."""
    known = known_of(workspace, now=now)
    # Of itself alone: a saved question may be changed or removed.
    asked = replace(of_what_is_there(read_leniently(params, known), NAMING), saved="", usual=USUAL)
    title = of_whom(f"{first_label(asked, known)} → {did_label(asked, known)}", asked)
    tell = partial(_tell, workspace, asked, known, now)
    return inquiry_of(asked, title=title, page="reports:cohorts", workspace=workspace, tell=tell)


def _tell(workspace: Workspace, asked: Asked, known: Known, now: datetime) -> Told:
    result = answer(workspace, asked, known, now=now)
    return Told(
        is_ready=has_figures(result),
        name=_("Cohorts"),
        made=result.stamp,
        method=method(result, workspace, known),
        context=lambda: showing.context(workspace, result, known),
        sentences=lambda: wording.of_cohorts(result),
        tables=lambda: {_("Cohorts"): exporting.rows(result, known)},
    )


COHORTS = Shareable(gettext_lazy("Cohorts"), "reports/shared/cohorts.html", ask)
