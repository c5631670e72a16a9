"""Paths outside of their page: the point, the steps and the way that was chosen are fixed; no step leads on."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.flows import exporting, showing
from reports.flows.answer import answer
from reports.flows.method import method
from reports.flows.page import DIRECTIONS, point_label
from reports.flows.question import USUAL, Asked, Known, read_leniently
from reports.flows.usual import known_of
from reports.sharing import wording
from reports.sharing.of_visits import has_figures, inquiry_of, of_whom
from reports.sharing.shareable import Inquiry, Params, Shareable, Told, of_what_is_there
from workspaces.models import Workspace

NAMING = {"saved", "point"}


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the page; raise NotThere where its point names a goal that is gone."""
    known = known_of(workspace, now=now)
    # Of itself alone: saved paths may be changed or removed.
    asked = replace(of_what_is_there(read_leniently(params, known), NAMING), saved="", usual=USUAL)
    title = of_whom(f"{DIRECTIONS[asked.direction]}: {point_label(asked)}", asked)
    tell = partial(_tell, workspace, asked, known, now)
    return inquiry_of(asked, title=title, page="reports:paths", workspace=workspace, tell=tell)


def _tell(workspace: Workspace, asked: Asked, known: Known, now: datetime) -> Told:
    result = answer(workspace, asked, known.goals, now=now)
    return Told(
        is_ready=has_figures(result),
        name=_("Paths"),
        made=result.stamp,
        method=method(result, workspace),
        context=lambda: showing.context(workspace, result),
        sentences=lambda: wording.of_paths(result),
        tables=lambda: {_("Steps"): exporting.node_rows(result), _("Moves"): exporting.move_rows(result)},
    )


PATHS = Shareable(gettext_lazy("Paths"), "reports/shared/paths.html", ask)
