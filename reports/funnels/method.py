"""How a funnel was computed, term by term."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.funnels.answer import Answer
from reports.funnels.question import Asked
from reports.goal_page import Fact
from reports.models.funnel import StepOrder
from workspaces.models import Workspace


def method(answer: Answer, workspace: Workspace) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked = answer.asked
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    within = _("First steps of %(days)s, whole local days in %(zone)s; later steps may lie after them.")
    return [
        Fact(_("Steps"), "; ".join(f"{n}. {step.label}" for n, step in enumerate(asked.steps, 1))),
        Fact(_("Persons"), _persons()),
        *([Fact(_("Only"), _only(asked))] if asked.only else []),
        Fact(_("Order"), _order(asked)),
        Fact(_("Window"), _window(asked)),
        Fact(_("Rates"), _rates()),
        Fact(_("Biggest drop"), _("Where the greatest share of the persons was lost, not the greatest number.")),
        Fact(_("Median time"), _("From the step before, of those who took both.")),
        Fact(_("Trend"), _("Each point is the funnel of those who began there; a person may be in several.")),
        Fact(_("Segments"), _segments(asked)),
        Fact(_("Days"), within % days),
        Fact(_("Data version"), answer.stamp.data_version),
    ]


def _persons() -> str:
    once = _("Each counts once, with the try that came furthest; of equal ones with the earliest.")
    return once + " " + _("Without consent a person is a visitor of one day.")


def _only(asked: Asked) -> str:
    name = asked.groups.names.get(asked.only, asked.only)
    return _("Persons in the segment %(name)s at the end of the range; nobody else counts.") % {"name": name}


def _segments(asked: Asked) -> str:
    if asked.told_by:
        return _("Who is in the segment is decided at the end of the range, or of today where that comes first.")
    return _("By the visit of the first step; all together are everybody.")


def _rates() -> str:
    whole = _("Of the start: of those who took the first step. Of the step before: of those who took that.")
    return whole + " " + _("Below 30 persons it is little data; intervals hold 95 of 100 times (Wilson).")


def _order(asked: Asked) -> str:
    if asked.order == StepOrder.STRICT:
        return _("Each step is the very next thing that the person did.")
    return _("Each step comes after the one before; anything may lie between.")


def _window(asked: Asked) -> str:
    if not asked.window:
        return _("All steps lie in the visit of the first one.")
    text = ngettext(
        "The last step lies at most %(n)s day after the first, to the second.",
        "The last step lies at most %(n)s days after the first, to the second.",
        asked.window,
    )
    return text % {"n": asked.window}
