"""How an exploration was computed, term by term."""

from django.utils.translation import gettext as _

from reports import figures
from reports.explore.answer import Answer
from reports.explore.labels import segment_label
from reports.explore.page import adds
from reports.explore.question import Known
from reports.goal_page import Fact
from workspaces.models import Workspace


def method(answer: Answer, workspace: Workspace, known: Known) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked = answer.asked
    is_several = any(each.is_several for each in asked.by)
    columns = [
        Fact(
            metric.label,
            f"{metric.figure.formula} {'' if adds(metric, is_several=is_several) else _not_added()}".strip(),
        )
        for metric in answer.columns
    ]
    chosen = [
        Fact(_("Segment %(n)s") % {"n": n}, segment_label(each, known)) for n, each in enumerate(asked.segments, 1)
    ]
    where = [Fact(_("Sessions that count"), segment_label(asked.where, known))] if asked.where else []
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    return [
        *columns,
        *where,
        *chosen,
        *([Fact(_("Conditions"), _conditions())] if asked.conditions else []),
        *([Fact(_("Segments"), _groups())] if asked.groups else []),
        Fact(_("Rows"), _rows(is_several=is_several)),
        *([Fact(_("Goals"), _goals(is_several=is_several))] if asked.goals else []),
        Fact(_("Rates"), _rates()),
        Fact(_("Nothing is left out"), _("What is not shown of a level is one row: so many values more.")),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s.") % days),
        Fact(_("Data version"), answer.stamp.data_version),
    ]  # fmt: skip


def _rates() -> str:
    own = _("Each row's own sums are divided, and never averaged.")
    return own + " " + _("Below 30 it is little data; intervals hold 95 of 100 times (Wilson).")


def _not_added() -> str:
    return _("Rows do not add up; the total is counted anew.")


def _conditions() -> str:
    chosen = _("Conditions choose sessions, with all that was in them, for every column alike.")
    return chosen + " " + _("One on a page, an event or a property holds where it was there at least once.")


def _groups() -> str:
    whose = _("A segment chooses the sessions of its persons, also those outside of what made them belong to it.")
    return (
        whose + " " + _("Who is in the segment is decided at the end of the range, or of today where that comes first.")
    )


def _rows(*, is_several: bool) -> str:
    of_visit = _("Where a session came from, its device and its first page are those of the session.")
    if not is_several:
        return of_visit
    several = _(
        "A session with several pages, events or values of a property is in the row of each; page views and events are "
        "those of the row alone."
    )
    return f"{of_visit} {several}"


def _goals(*, is_several: bool) -> str:
    own = _("A conversion belongs to the session it happened in: nothing is credited to earlier ones.")
    if not is_several:
        return own
    where = _("Conversions and values stand where they happened; people and rates are of the sessions of the row.")
    return f"{own} {where}"
