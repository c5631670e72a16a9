"""How paths were computed, term by term."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.flows.answer import Answer
from reports.flows.nodes import GOALS, SHOWN
from reports.flows.page import point_label
from reports.flows.question import PERSONS, Asked
from reports.goal_page import Fact
from workspaces.models import Workspace


def method(answer: Answer, workspace: Workspace) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked = answer.asked
    days = {"days": figures.days(asked.since, asked.until), "zone": workspace.zone_name}
    within = _("The start lies on %(days)s, whole local days in %(zone)s; what comes after may lie after them.")
    back = _("The end lies on %(days)s, whole local days in %(zone)s; what came before may lie before them.")
    return [
        Fact(_("End") if asked.is_backwards else _("Start"), point_label(asked)),
        Fact(_("Steps"), _steps(asked)),
        Fact(_("Counted"), _counted(asked)),
        *([Fact(_("Only"), _only(asked))] if asked.only else []),
        Fact(_("Window"), _window(asked)),
        Fact(_("Repeats"), _repeats(asked)),
        Fact(_("Share"), _share(asked)),
        Fact(_("Nothing is left out"), _whole(asked)),
        Fact(_("Days"), (back if asked.is_backwards else within) % days),
        Fact(_("Data version"), answer.stamp.data_version),
    ]


def _steps(asked: Asked) -> str:
    if asked.show == GOALS:
        return _(
            "Events that meet a goal's rules; what meets several is a step of its own. Other events are passed over."
        )
    words = [_("%(what)s; other events are passed over.") % {"what": SHOWN[asked.show]}]
    if asked.folders.patterns:
        words.append(_("Paths of %(patterns)s are one each.") % {"patterns": ", ".join(asked.folders.patterns)})
    if depth := asked.folders.depth:
        text = ngettext(
            "Other paths are cut after their first %(n)s folder.",
            "Other paths are cut after their first %(n)s folders.",
            depth,
        )
        words.append(text % {"n": depth})
    return " ".join(words)


def _counted(asked: Asked) -> str:
    if asked.per == PERSONS:
        once = (
            _("Each person counts once, with their last end in these days.")
            if asked.is_backwards
            else _("Each person counts once, with their first start in these days.")
        )
        return once + " " + _("Without consent a person is a visitor of one day.")
    once = (
        _("Each session counts once, with its last end.")
        if asked.is_backwards
        else _("Each session counts once, with its first start.")
    )
    return once + " " + _("What lies in no session is one of its own.")


def _only(asked: Asked) -> str:
    name = asked.groups.names.get(asked.only, asked.only)
    return _("Persons in the segment %(name)s at the end of the range; nobody else counts.") % {"name": name}


def _window(asked: Asked) -> str:
    if not asked.window:
        return _("All steps lie in one session.")
    text = ngettext(
        "Steps lie at most %(n)s day away, to the second; sessions may lie between.",
        "Steps lie at most %(n)s days away, to the second; sessions may lie between.",
        asked.window,
    )
    return text % {"n": asked.window}


def _repeats(asked: Asked) -> str:
    if asked.collapse:
        return _("The same several times in a row is one step.")
    return _("The same several times in a row is a step each time.")


def _share(asked: Asked) -> str:
    if asked.per == PERSONS:
        return _("Of the persons that are shown.")
    return _("Of the sessions that are shown.")


def _whole(asked: Asked) -> str:
    rest = _("All that is not among the %(top)s most frequent of a step is counted as one.") % {"top": asked.top}
    return rest + " " + _("So each step adds up to those who went on at the one before.")
