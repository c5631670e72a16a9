"""Outages as rows: kept true to the events, also to those that arrive late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.arrays import Ints
from analysis.silence import NEVER
from goals.findings import Finding, Found
from goals.models import Goal, Outage
from tracking.times import instant_of, us_of


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a goal's outages: all that are left, those that began to last, those that do so no more."""

    rows: tuple[Outage, ...]
    begun: tuple[Outage, ...]
    healed: tuple[Outage, ...]


def settle(
    goal: Goal, kept: Sequence[Outage], finding: Finding, *, since_us: int, anew: bool, now: datetime
) -> Settled:
    """Bring the goal's rows to what was found; call it inside the workspace.

    kept       its rows
    since_us   begin of the hours that were looked at: what ended before stays as it is, for ever
    anew       whether the definition is another than the one of the rows

    A row that was found again takes the times that were found: late events shorten it. One that was not found again
    stays as long as no event fell into it, since habits change and the past does not; its end is the first event after
    it was found. Otherwise what was missing has arrived, and the row goes.
    """
    past = [row for row in kept if row.ended_at is not None and us_of(row.ended_at) <= since_us]
    left = list(finding.outages)
    lasted = [row for row in kept if row.ended_at is None]
    for row in [*lasted, *(row for row in kept if row not in past and row not in lasted)]:
        match = _match(row, left)
        if match is not None:
            left.remove(match)
            _change(row, match.since_us, match.until_us, match.source_id)
        elif not anew and (wait := _wait(row, finding.waits)) is not None:
            _change(row, us_of(row.started_at), None if wait == NEVER else wait, row.source_id)
        else:
            row.delete()
    made = [_create(goal, each, now=now) for each in left]
    return Settled(
        rows=(*(row for row in kept if row.pk), *made),
        begun=tuple(row for row in made if row.ended_at is None),
        healed=tuple(row for row in lasted if row.pk is None or row.ended_at is not None),
    )


def _match(row: Outage, found: Iterable[Found]) -> Found | None:
    """Give the outage that the row is: among several that meet it, the one that lasts, else the longest."""
    since, until = us_of(row.started_at), us_of(row.ended_at) if row.ended_at else None
    near = [each for each in found if each.meets(since, until)]
    return max(near, key=lambda each: (NEVER if each.until_us is None else each.until_us) - each.since_us, default=None)


def _wait(row: Outage, waits: Ints) -> int | None:
    """Give the end of the wait that the row lies in; None where events came in what was found."""
    needed = us_of(min(row.ended_at or row.found_at, row.found_at))
    begins = us_of(row.started_at)
    since, until = waits
    within = until[(since <= begins) & (begins < until) & (until >= needed)]
    return int(within[0]) if len(within) else None


def _change(row: Outage, since_us: int, until_us: int | None, source_id: int | None) -> None:
    values = {
        "started_at": instant_of(since_us),
        "ended_at": None if until_us is None else instant_of(until_us),
        "source_id": source_id,
    }
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)


def _create(goal: Goal, found: Found, *, now: datetime) -> Outage:
    return Outage.objects.create(
        workspace_id=goal.workspace_id,
        goal=goal,
        started_at=instant_of(found.since_us),
        ended_at=None if found.until_us is None else instant_of(found.until_us),
        found_at=now,
        source_id=found.source_id,
    )
