"""Tells people that tracking broke, and that it heals: once for each outage, and once for a source as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal, Outage
from tracking.models import Source
from workspaces.languages import long_day
from workspaces.models import Membership, Workspace
from workspaces.notices import notify
from workspaces.roles import Role

BROKEN, HEALED = "tracking_broken", "tracking_healed"


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is about: a goal's outage, or with `goals` above 0 a source's, which so many goals share."""

    outage: Outage
    name: str
    goals: int
    zone: ZoneInfo

    @property
    def since(self) -> str:
        """Write when the last event came."""
        return _written(self.outage.started_at, self.zone)

    @property
    def until(self) -> str:
        """Write when the first one came again; "" where the outage was none after all."""
        ended_at = self.outage.ended_at if self.outage.pk else None
        return _written(ended_at, self.zone) if ended_at else ""


Say = tuple[Callable[[Told], str], Callable[[Told], str]]  # title and text


def tell(
    workspace: Workspace, goals: Mapping[int, Goal], *, begun: Sequence[Outage], healed: Sequence[Outage], now: datetime
) -> None:
    """Tell owners, and leads of goals without one, inside the transaction that changed the outages.

    goals    the live ones by id; nobody hears of an archived goal
    healed   outages that lasted; those without an id were none, since the events arrived late
    """
    _tell_each(workspace, goals, begun, _BROKEN, kind=BROKEN, now=now)
    _tell_each(workspace, goals, healed, _HEALED, kind=HEALED, now=now)


def _tell_each(
    workspace: Workspace, goals: Mapping[int, Goal], outages: Sequence[Outage], say: Say, *, kind: str, now: datetime
) -> None:
    sources = Source.objects.in_bulk({each.source_id for each in outages if each.source_id})
    for group in _groups([each for each in outages if each.goal_id in goals]):
        first, touched = group[0], [goals[each.goal_id] for each in group]
        source = sources.get(first.source_id or 0)
        said = Told(first, source.name if source else touched[0].name, len(group) if source else 0, workspace.zone)
        path = reverse("goals:tracking", args=[workspace.slug])
        notify(
            _recipients(workspace, touched),
            kind=kind,
            title=_later(partial(say[0], said)),
            text=_later(partial(say[1], said)),
            path=path if source else f"{path}#goal-{first.goal_id}",
            # The row may go and its id with it; when it was found stays.
            key=f"{kind} {first.source_id or ''} {first.goal_id} {first.found_at.isoformat()}",
            now=now,
        )


def _groups(outages: Iterable[Outage]) -> list[list[Outage]]:
    """Put the outages of one source together: twelve goals that fell silent with it are one notice."""
    groups: dict[tuple[str, int], list[Outage]] = defaultdict(list)
    for each in outages:
        groups["source" if each.source_id else "goal", each.source_id or each.goal_id].append(each)
    return list(groups.values())


def _recipients(workspace: Workspace, goals: Iterable[Goal]) -> list[Membership]:
    """Give the goals' owners; where a goal has none, the leads, and without leads the workspace's owners."""
    known = list(goals)
    people = {goal.owner for goal in known if goal.owner}
    if any(goal.owner is None for goal in known):
        members = list(workspace.memberships.filter(role__in=(Role.LEAD, Role.OWNER)))
        people |= {each for each in members if each.role == Role.LEAD} or set(members)
    return sorted(people, key=lambda each: each.pk)


def _broken_title(told: Told) -> str:
    if told.goals:
        return _("No events arrive from %(source)s") % {"source": told.name}
    return _("Tracking of %(goal)s is broken") % {"goal": told.name}


def _broken_text(told: Told) -> str:
    if not told.goals:
        words = _(
            "Its last event came on %(since)s. By its habit the next one was due long since, and other events of the"
            " same source still come."
        )
        return words % {"since": told.since}
    words = ngettext(
        "The source as a whole is silent since %(since)s; %(n)s goal is not tracked. This one notice is for it, too.",
        "The source as a whole is silent since %(since)s; %(n)s goals are not tracked. This one notice is for all of"
        " them.",
        told.goals,
    )
    return words % {"since": told.since, "n": told.goals}


def _healed_title(told: Told) -> str:
    return _("Events of %(name)s arrive again") % {"name": told.name}


def _healed_text(told: Told) -> str:
    if not told.until:
        return _("What was missing arrived late, or the definition was changed. Nothing is marked as an outage.")
    words = _("Nothing was counted from %(since)s to %(until)s. Charts mark that time.")
    return words % {"since": told.since, "until": told.until}


def _written(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{long_day(local.date())} {local:%H:%M}"


def _later(words: Callable[[], str]) -> Promise:
    """Have the words said in each reader's language."""
    return cast(Promise, lazy(words, str)())


_BROKEN: Say = (_broken_title, _broken_text)
_HEALED: Say = (_healed_title, _healed_text)
