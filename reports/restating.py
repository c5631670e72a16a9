"""What publishing changes of months that were closed: each becomes an entry with before, after and why.

A month is closed once it has been over for three days and figures were published since. What comes within these days is
ordinary lateness; what changes a total later changes what people have read, reported and decided on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from goals.models import Goal
from reports.extent import Extent
from reports.goal_filling import FilledGoal
from reports.models import Cause, FillState, Publication, Restatement, Rollup
from reports.periods import bucket_start
from tracking.models import Erasure
from workspaces.zones import day_of

SETTLING = timedelta(days=3)  # browsers and servers send again for as long; ad platforms correct for longer
MOST_TOLD = 24  # entries on a goal's page; the API has all
Months = Mapping[tuple[int, date], "Total"]


@dataclass(frozen=True, slots=True)
class Total:
    """A month's sums: conversions, and micros before refunds and of refunds."""

    conversions: int = 0
    value: int = 0
    refund: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What was published of the goals' closed months [since, until), and by which states."""

    publication: Publication
    states: Mapping[int, FillState]
    since: date
    until: date
    months: Months


def before(workspace_id: int, goals: Sequence[FilledGoal]) -> Before | None:
    """Read what publishing these goals may change; None where no closed month is among it.

    Call it in the transaction of the publishing, before anything is replaced.
    """
    publication = Publication.objects.filter(workspace_id=workspace_id, serial__gt=0).first()
    if publication is None or publication.published_at is None or publication.first_day is None or not goals:
        return None
    until = closed_until(publication.published_at, ZoneInfo(publication.zone_name or "UTC"))
    # A month that began before there was anything was never told of as a whole.
    first = bucket_start(publication.first_day, "month")
    since = first if any(goal.is_whole for goal in goals) else max(first, bucket_start(_first_changed(goals), "month"))
    if since >= until:
        return None
    states = {row.goal_id: row for row in FillState.objects.filter(goal_id__in=[goal.goal_id for goal in goals])}
    told = {goal_id: row for goal_id, row in states.items() if row.filled_at is not None}
    return Before(publication, told, since, until, _months(told, since, until))


def record(was: Before | None, extent: Extent, goals: Iterable[FilledGoal], *, now: datetime) -> None:
    """Write an entry for each closed month that says something else now; call it after the goals were replaced."""
    if was is None:
        return
    after = _months(was.states, was.since, was.until)
    told = [goal for goal in goals if goal.goal_id in was.states]
    shared = _shared_causes(was.publication, extent) if told else ()
    Restatement.objects.bulk_create(
        entry for goal in told for entry in _entries(was, goal, after, extent, shared=shared, now=now)
    )


def told(goal: Goal) -> list[Restatement]:
    """Give the goal's newest entries, as its page lists them."""
    return list(Restatement.objects.filter(workspace_id=goal.workspace_id, goal=goal)[:MOST_TOLD])


def closed_until(moment: datetime, zone: ZoneInfo) -> date:
    """Give the first day of the oldest month that was not closed at the moment."""
    return bucket_start(day_of(moment - SETTLING, zone), "month")


def _entries(
    was: Before, goal: FilledGoal, after: Months, extent: Extent, *, shared: tuple[Cause, ...], now: datetime
) -> Iterator[Restatement]:
    state = was.states[goal.goal_id]
    month = was.since
    while month < was.until:
        until = bucket_start(month + timedelta(days=32), "month")
        one = was.months.get((goal.goal_id, month), Total())
        other = after.get((goal.goal_id, month), Total())
        if one != other:
            yield Restatement(
                workspace_id=extent.snapshot.workspace_id, goal_id=goal.goal_id, since=month, until=until,
                conversions_before=one.conversions, conversions_after=other.conversions,
                value_before=one.value, value_after=other.value,
                refund_before=one.refund, refund_after=other.refund,
                currency_before=state.currency, currency_after=goal.currency,
                causes=[*_own_causes(state, goal, one, other), *shared],
                definition_version=goal.version,
                data_version=f"{extent.snapshot.revision}.{goal.paths_version}",
                made_at=now,
            )  # fmt: skip
        month = until


def _own_causes(state: FillState, goal: FilledGoal, one: Total, other: Total) -> Iterator[Cause]:
    if not state.is_of(goal.version, goal.definition_at):
        yield Cause.DEFINITION
    if state.currency != goal.currency:
        yield Cause.CURRENCY
    elif one.refund != other.refund:
        yield Cause.REFUND


def _shared_causes(publication: Publication, extent: Extent) -> tuple[Cause, ...]:
    """Say what of the workspace changed between what was published and what is now."""
    snapshot = extent.snapshot
    erased = Erasure.objects.filter(
        workspace_id=snapshot.workspace_id, revision__gt=publication.revision, revision__lte=snapshot.revision
    )
    differs = {
        Cause.ZONE: publication.zone_name != str(extent.zone),
        Cause.ERASURE: erased.exists(),
        Cause.PERSONS: publication.people_version != snapshot.people_version,
        Cause.EVENTS: publication.events_version != snapshot.events_version,
    }
    return tuple(cause for cause, is_so in differs.items() if is_so)


def _first_changed(goals: Iterable[FilledGoal]) -> date:
    return min(min(goal.days, default=date.max) if goal.is_listed else goal.since for goal in goals)


def _months(goals: Iterable[int], since: date, until: date) -> dict[tuple[int, date], Total]:
    rows = Rollup.objects.filter(goal_id__in=list(goals), day__gte=since, day__lt=until)
    sums = rows.annotate(month=TruncMonth("day")).order_by("goal_id", "month").values("goal_id", "month").annotate(
        n=Sum("conversions"), value=Sum("value_micros"), refund=Sum("refund_micros")
    )  # fmt: skip
    return {(row["goal_id"], row["month"]): Total(int(row["n"]), int(row["value"]), int(row["refund"])) for row in sums}
