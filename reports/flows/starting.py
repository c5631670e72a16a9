"""Finds where paths begin in what some persons did: at events that meet the point, or where visits begin or end."""

from dataclasses import dataclass

import numpy as np
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Ints
from analysis.flows import NOTHING, Starts, Things, first_of_each
from reports.flows import reading
from reports.flows.reading import Asking, Marks, Numbers, Rows
from reports.funnels.reading import NO_VISITS, Part, Persons, Visits, visit_of, visits_of

FOREVER = np.iinfo(np.int64).max
NOBODY = NOTHING - 1  # a group that no thing has


@dataclass(frozen=True, slots=True)
class Following:
    """How paths are followed.

    since_us, until_us   a path begins in [since, until)
    window_us            how far it is followed, both ends inside; None: within one visit
    from_visits          paths begin where visits begin, or end where they end
    by_person            each person counts once; otherwise each visit
    """

    since_us: int
    until_us: int
    window_us: int | None
    from_visits: bool
    by_person: bool
    backwards: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """What some persons did, and where their paths begin: one start for each unit that counts."""

    things: Things
    starts: Starts


@dataclass(frozen=True, slots=True)
class _Possible:
    """Starts before one of each unit is chosen, with their units and moments."""

    starts: Starts
    unit: Ints
    time_us: Ints

    def chosen(self, *, backwards: bool) -> Starts:
        taken = first_of_each(self.unit, self.time_us, backwards=backwards)
        starts = self.starts
        return Starts(*(each[taken] for each in (starts.place, starts.group, starts.node, starts.until_us)))


def begun(lake: Connection, asking: Asking, numbers: Numbers, part: Part, following: Following) -> Begun:
    """Read what some persons did, and find where their paths begin."""
    rows = reading.read(lake, asking, numbers, part)
    in_visit = following.window_us is None
    has_visits = in_visit or following.from_visits or not following.by_person
    visits = visits_of(lake, asking.since, asking.until, "''", part) if has_visits else NO_VISITS
    rows, place = reading.in_order(rows, _marks(visits, following), by_source=in_visit, before=not _at_end(following))
    rows = reading.untied(lake, asking, numbers, rows, part, by_source=in_visit)
    find = _in_visits if in_visit else _in_window
    group, possible = find(rows, visits, place, following)
    return Begun(Things(group, rows.time_us, rows.node), possible.chosen(backwards=following.backwards))


def _at_end(following: Following) -> bool:
    """Say whether paths are sought from the end of visits; within them, it is found from their beginning."""
    return following.backwards and following.from_visits and following.window_us is not None


def _marks(visits: Visits, following: Following) -> Marks:
    return Marks(visits.person, visits.source, visits.ended_us if _at_end(following) else visits.started_us)


def _in_visits(rows: Rows, visits: Visits, place: Ints, following: Following) -> tuple[Ints, _Possible]:
    n, seen = len(rows.person), len(visits.person)
    visit = _visits_at(rows, visits, place)
    # Outside of every visit an event is one of its own.
    group = np.where(visit < 0, seen + np.arange(n), visit)
    end = -FOREVER if following.backwards else FOREVER
    if following.from_visits:
        held = np.bincount(visit[visit >= 0], minlength=seen) if following.backwards else np.zeros(seen, np.int64)
        which = _of_range(visits.started_us, following)
        starts = _starts(place[which] + held[which], which, np.full(len(which), NOTHING), np.full(len(which), end))
        unit = _numbers(visits.person[which]) if following.by_person else which
        return group, _Possible(starts, unit, visits.started_us[which])
    at = _points(rows, following)
    starts = _starts(_beside(at, following), group[at], rows.node[at], np.full(len(at), end))
    unit = _numbers(rows.person[at]) if following.by_person else group[at]
    return group, _Possible(starts, unit, rows.time_us[at])


def _in_window(rows: Rows, visits: Visits, place: Ints, following: Following) -> tuple[Ints, _Possible]:
    n, window = len(rows.person), following.window_us or 0
    group = np.zeros(n, np.int64)
    if n:
        np.cumsum(rows.person[1:] != rows.person[:-1], out=group[1:])
    if not following.from_visits:
        at = _points(rows, following)
        until = rows.time_us[at] + (-window if following.backwards else window)
        starts = _starts(_beside(at, following), group[at], rows.node[at], until)
        unit = _numbers(rows.person[at]) if following.by_person else _sittings(rows, visits, at)
        return group, _Possible(starts, unit, rows.time_us[at])
    which = _of_range(visits.started_us, following)
    moment = (visits.ended_us - window if following.backwards else visits.started_us + window)[which]
    # Of a visit in which nothing was a step, the event beside it may be somebody else's.
    beside = place[which] - (1 if following.backwards else 0)
    safe = np.clip(beside, 0, max(n - 1, 0))
    theirs = np.full(len(which), NOBODY, np.int64)
    if n:
        is_theirs = (beside >= 0) & (beside < n) & (rows.person[safe] == visits.person[which])
        theirs = np.where(is_theirs, group[safe], NOBODY)
    starts = _starts(place[which], theirs, np.full(len(which), NOTHING), moment)
    unit = _numbers(visits.person[which]) if following.by_person else which
    return group, _Possible(starts, unit, visits.started_us[which])


def _visits_at(rows: Rows, visits: Visits, place: Ints) -> Ints:
    """Give the visit of each event, -1 for none: the one that began last before it, if it is theirs and not over.

    place   how many events are before each visit's start
    """
    n = len(rows.person)
    if not len(place) or not n:
        return np.full(n, -1, np.int64)
    latest = np.cumsum(np.bincount(place, minlength=n + 1))[:n] - 1
    safe = np.maximum(latest, 0)
    is_theirs = (visits.person[safe] == rows.person) & (visits.source[safe] == rows.source)
    return np.where((latest >= 0) & is_theirs & (rows.time_us <= visits.ended_us[safe]), latest, -1)


def _sittings(rows: Rows, visits: Visits, at: Ints) -> Ints:
    """Number the visits of some events; outside of every visit an event is one of its own."""
    visit = visit_of(rows.taken(at), visits)
    return np.where(visit < 0, len(visits.person) + np.arange(len(at)), visit)


def _of_range(time_us: Ints, following: Following) -> Ints:
    return np.flatnonzero((time_us >= following.since_us) & (time_us < following.until_us))


def _points(rows: Rows, following: Following) -> Ints:
    is_inside = (rows.time_us >= following.since_us) & (rows.time_us < following.until_us)
    return np.flatnonzero(rows.is_point & is_inside)


def _beside(at: Ints, following: Following) -> Ints:
    """Give from where on there are things after these events, or up to where before them."""
    return at if following.backwards else at + 1


def _starts(place: Ints, group: Ints, node: Ints, until_us: Ints) -> Starts:
    return Starts(place, group, node.astype(np.int64), until_us.astype(np.int64))


def _numbers(persons: Persons) -> Ints:
    """Give numbers of the lake as a code that is the same for the same."""
    found: Ints = persons.view(np.int64)
    return found
