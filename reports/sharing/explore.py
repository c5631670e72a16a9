"""An exploration outside of its page: its columns, rows and conditions are fixed; nothing opens further."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.explore import exporting, showing
from reports.explore.answer import answer
from reports.explore.method import method
from reports.explore.page import levels
from reports.explore.question import SEGMENT_NAMES, USUAL, Asked, Known, read_leniently
from reports.explore.usual import known_of
from reports.sharing import wording
from reports.sharing.of_visits import has_figures, inquiry_of
from reports.sharing.shareable import Inquiry, Params, Shareable, Told, of_what_is_there
from workspaces.models import Workspace

NAMING = {"saved", "by", "metrics", "where", *SEGMENT_NAMES}


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the page; raise NotThere where it names a goal or a metric that is gone."""
    known = known_of(workspace, now=now)
    # Of itself alone: a saved question may be changed or removed.
    asked = replace(of_what_is_there(read_leniently(params, known), NAMING), saved="", usual=USUAL)
    title = _("Sessions by %(rows)s") % {"rows": levels(asked)} if asked.by else _("Sessions in all")
    tell = partial(_tell, workspace, asked, known, now)
    return inquiry_of(asked, title=title, page="reports:explore", workspace=workspace, tell=tell)


def _tell(workspace: Workspace, asked: Asked, known: Known, now: datetime) -> Told:
    result = answer(workspace, asked, known, now=now)
    return Told(
        is_ready=has_figures(result),
        name=_("Explore"),
        made=result.stamp,
        method=method(result, workspace, known),
        context=lambda: showing.context(workspace, result, known),
        sentences=lambda: wording.of_exploration(result, known),
        tables=lambda: {_("Exploration"): exporting.rows(result, known)},
    )


EXPLORE = Shareable(gettext_lazy("Explore"), "reports/shared/explore.html", ask)
