"""How a segment was computed, term by term."""

from django.utils.translation import gettext as _

from reports import figures
from reports.goal_page import Fact
from reports.segments.answer import Answer
from reports.segments.of_goal import Answer as OfGoal
from workspaces.models import Workspace


def method(answer: Answer, workspace: Workspace) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked = answer.asked
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    as_of = answer.size.as_of if answer.size else asked.until
    return [
        Fact(_("Persons"), _persons()),
        Fact(_("As of"), _("The beginning of %(day)s: nothing later has a part.") % {"day": figures.day(as_of)}),
        Fact(_("Did"), _did()),
        Fact(_("Rates"), _rates()),
        Fact(_("Difference"), _difference()),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s.") % days),
        Fact(_("Data version"), answer.stamp.data_version),
    ]


def of_goal(answer: OfGoal, workspace: Workspace) -> list[Fact]:
    """Say how one goal's figures by segment were computed, term by term."""
    asked = answer.asked
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    as_of = _("Who is in the segment is decided at the end of the range, or of today where that comes first.")
    return [
        Fact(_("Segments"), f"{as_of} {_did()}"),
        Fact(
            _("Conversions"), _("Those in sessions of the persons; what lies in no session is in the last row alone.")
        ),
        Fact(_("Rates"), _rates()),
        Fact(_("Difference"), _difference()),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s.") % days),
        Fact(_("Data version"), answer.stamp.data_version),
    ]


def _persons() -> str:
    there = _("Everybody who was there before the segment's day, as far back as events are kept.")
    return there + " " + _("Without consent a person is a visitor of one day.")


def _did() -> str:
    goals = _("A goal counts as on its own page: a transaction once, once per session where the goal says so.")
    return goals + " " + _("Events count each time. Later means at a later moment. Refunds are nothing that was done.")


def _rates() -> str:
    own = _("People who reached the goal in the range, divided by visitors of the range, in the segment and out of it.")
    return own + " " + _("Below 30 it is little data; intervals hold 95 of 100 times (Wilson).")


def _difference() -> str:
    points = _("Percentage points between the two rates; intervals hold 95 of 100 times (Newcombe).")
    because = _("A segment that is made of those who reached a goal differs because of that: no cause is shown.")
    return points + " " + because
