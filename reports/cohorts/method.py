"""How cohorts were computed, term by term."""

from django.utils.translation import gettext as _

from reports import figures
from reports.cohorts.answer import Answer
from reports.cohorts.labels import did_label, first_label
from reports.cohorts.question import Asked, Known
from reports.dimensions import label_of
from reports.goal_page import Fact
from workspaces.models import Workspace


def method(answer: Answer, workspace: Workspace, known: Known) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked = answer.asked
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    return [
        Fact(first_label(asked, known), _first(answer)),
        Fact(did_label(asked, known), _did(asked)),
        Fact(_("Periods"), _periods(asked)),
        Fact(_("Shares"), _shares()),
        Fact(_("All together"), _together()),
        Fact(_("Persons"), _persons()),
        *([Fact(_("Only"), _only(asked))] if asked.only else []),
        *([Fact(_("Channel"), _channel(asked))] if asked.channel else []),
        Fact(
            _("Days"), _("They joined on %(days)s, whole local days in %(zone)s; what is counted may lie after.") % days
        ),
        Fact(_("Data version"), answer.stamp.data_version),
    ]


def _first(answer: Answer) -> str:
    if answer.asked.first_goal:
        first = _(
            "The person's first conversion of the goal in all time; who reached it before the range is in no cohort."
        )
    else:
        first = _(
            "The beginning of the person's first session in all time; who was there before the range is in no cohort."
        )
    if answer.kept_since is None:
        return first
    kept = _("Events before %(day)s were removed: who was there only before that counts as new.")
    return f"{first} {kept % {'day': figures.day(answer.kept_since)}}"


def _did(asked: Asked) -> str:
    if not asked.did_goal:
        return _("Had a session that began after the one, or after the moment, with which they joined.")
    if asked.did_goal == asked.first_goal:
        return _("Reached the goal once more, at a later moment, counted as on the goal's own page.")
    return _("Reached the goal when they joined or later, counted as on the goal's own page; nothing earlier counts.")


def _periods(asked: Asked) -> str:
    whole = _("Calendar days, weeks from Monday, or months; 0 is the one in which they joined.")
    if asked.is_cumulative:
        return whole + " " + _("Each holds those before it: who did it up to its end.")
    return whole + " " + _("A session that goes on past midnight lies in both periods.")


def _shares() -> str:
    own = _("Of the cohort's persons, each counted once.")
    marked = _("A period that is not over is marked; one that has not begun is empty.")
    return own + " " + marked + " " + _("Below 30 persons it is little data; intervals hold 95 of 100 times (Wilson).")


def _together() -> str:
    return _(
        "The sums of the cohorts for whom the period is over, divided: no average of shares, and nothing unfinished."
    )


def _persons() -> str:
    linked = _("Linked with consent alone, as in all reports.")
    return linked + " " + _("Without consent a person is a visitor of one day.")


def _only(asked: Asked) -> str:
    name = asked.groups.names.get(asked.only, asked.only)
    return _("Persons in the segment %(name)s at the end of the range; nobody else counts.") % {"name": name}


def _channel(asked: Asked) -> str:
    name = label_of("channel", asked.channel)
    return _("Persons whose first session in all time came by %(name)s.") % {"name": name}
