"""What people read for the parts of a question about cohorts."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.cohorts.question import Asked, Known


def first_label(asked: Asked, known: Known) -> str:
    """Say what makes a person one of a cohort."""
    if not asked.first_goal:
        return _("First seen")
    return _("First reached: %(goal)s") % {"goal": known.goals[asked.first_goal].name}


def did_label(asked: Asked, known: Known) -> str:
    """Say what is counted of the persons later."""
    if not asked.did_goal:
        return _("Came back")
    if asked.did_goal == asked.first_goal:
        return _("Reached again: %(goal)s") % {"goal": known.goals[asked.did_goal].name}
    return _("Reached: %(goal)s") % {"goal": known.goals[asked.did_goal].name}


def period_label(every: str, later: int) -> str:
    """Name a period by how much later it is than the cohort's own, which is 0."""
    labels = {"day": _("Day %(n)s"), "week": _("Week %(n)s"), "month": _("Month %(n)s")}
    return labels[every] % {"n": later}


def later_label(every: str, later: int) -> str:
    """Say how far cohorts are followed."""
    forms = {
        "day": ngettext("%(n)s day after", "%(n)s days after", later),
        "week": ngettext("%(n)s week after", "%(n)s weeks after", later),
        "month": ngettext("%(n)s month after", "%(n)s months after", later),
    }
    return forms[every] % {"n": later}
