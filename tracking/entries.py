"""The catalogue: each event that is planned or arrives, and what is to be said of it. Reads tallies, never the lake."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Min, QuerySet, Sum, TextChoices
from django.utils.translation import gettext_lazy as _

from tracking.models import EventDay, EventType, FaultKind, PlannedEvent, PropertyFault, Source
from tracking.planned import OWN_EVENTS
from tracking.tallies import COUNTED, OTHERS
from workspaces.models import Workspace

DAYS = 30
SILENT = timedelta(days=7)  # without one, of an event that came before
# From which share of the events on a state is worth a look; a few retries and offline queues are everybody's.
DUPLICATED_FROM, LATE_FROM, CONSENT_FROM = 0.05, 0.01, 0.05


class State(TextChoices):
    """What may be said of an event; several at a time, those that need somebody first."""

    VIOLATING = "violating", _("Not as agreed")
    UNPLANNED = "unplanned", _("Unplanned")
    SILENT = "silent", _("Silent")
    WAITING = "waiting", _("Waiting for the first")
    DUPLICATED = "duplicated", _("Many duplicates")
    LATE = "late", _("Late")
    CONSENT = "consent", _("Consent unknown")
    PLANNED = "planned", _("Planned")


_ORDER = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event name: in all time, and in DAYS days.

    name         "" stands for all names beyond those that are kept
    planned      None: nobody asked for it
    first_at, last_at   of the events' own time; None where none came
    events       in the lake; late, unknown_consent and violating are parts of them
    refused      held back by a strict source
    """

    name: str
    planned: PlannedEvent | None
    sources: tuple[Source, ...]
    first_at: datetime | None
    last_at: datetime | None
    events: int
    late: int
    unknown_consent: int
    violating: int
    duplicates: int
    refused: int
    states: tuple[State, ...]

    @property
    def is_own(self) -> bool:
        """Say whether tag and product send it of their own accord."""
        return self.name in OWN_EVENTS

    @property
    def is_other(self) -> bool:
        """Say whether it stands for many names."""
        return self.name == OTHERS

    @property
    def state(self) -> State:
        """Give what needs somebody most."""
        return self.states[0]

    @property
    def shown_states(self) -> tuple[State, ...]:
        """Give what is worth a word: that it is planned goes without saying beside anything else."""
        return tuple(each for each in self.states if each is not State.PLANNED) or self.states

    @property
    def duplicate_share(self) -> float | None:
        """Give how many of what came were there before."""
        return _share(self.duplicates, self.events + self.duplicates)

    @property
    def unknown_consent_share(self) -> float | None:
        """Give how many say nothing of analytics."""
        return _share(self.unknown_consent, self.events)

    @property
    def violating_share(self) -> float | None:
        """Give how many are not as agreed."""
        return _share(self.violating, self.events)


@dataclass(frozen=True, slots=True)
class Fault:
    """How often a property was not as agreed, with the days between which it was."""

    key: str
    kind: str
    events: int
    last_day: date

    @property
    def words(self) -> str:
        """Say what was wrong."""
        return str(FaultKind(self.kind).label)


def entries(workspace: Workspace, *, now: datetime, names: Iterable[str] | None = None) -> list[Entry]:
    """Give the workspace's events, those that need somebody first; call it inside the workspace.

    names   the only ones to look at; None: all
    """
    chosen = None if names is None else list(names)
    planned = {row.name: row for row in _chosen(workspace.planned_events.all(), chosen)}
    types = _types(workspace, chosen)
    counts = _counts(workspace, chosen, since=_since(now))
    sources = {source.pk: source for source in workspace.sources.all()}
    found = [
        _entry(name, planned.get(name), types.get(name), counts.get(name, {}), sources, now=now)
        for name in {*planned, *types, *counts}
    ]
    return sorted(found, key=lambda each: (_ORDER[each.state], -each.events, each.name))


def entry(workspace: Workspace, name: str, *, now: datetime) -> Entry | None:
    """Give one event; None where it is neither planned nor ever came."""
    found = entries(workspace, now=now, names=[name])
    return found[0] if found else None


def counted(found: Iterable[Entry]) -> dict[State, int]:
    """Count the events by what is said of them."""
    counts = dict.fromkeys(State, 0)
    for each in found:
        for state in each.states:
            counts[state] += 1
    return counts


def daily(workspace: Workspace, names: Iterable[str], *, now: datetime) -> dict[str, list[int]]:
    """Give each name's events of the last DAYS UTC days, oldest first, today the last."""
    since = _since(now)
    found: dict[str, list[int]] = defaultdict(lambda: [0] * DAYS)
    rows = EventDay.objects.filter(workspace=workspace, name__in=list(names), day__gte=since)
    for name, day, events in rows.values_list("name", "day").annotate(n=Sum("events")):
        if 0 <= (day - since).days < DAYS:  # a clock that runs ahead is tomorrow's
            found[name][(day - since).days] = events
    return found


def faults(workspace: Workspace, name: str, *, now: datetime) -> list[Fault]:
    """Give what was not as agreed of an event, the most frequent first."""
    rows = PropertyFault.objects.filter(workspace=workspace, name=name, day__gte=_since(now))
    found = rows.values_list("property", "kind").annotate(n=Sum("events"), last=Max("day")).order_by("-n", "property")
    return [Fault(*row) for row in found]


def by_source(workspace: Workspace, name: str) -> list[EventType]:
    """Give where an event came from, in all time."""
    return list(EventType.objects.filter(workspace=workspace, name=name).select_related("source").order_by("-events"))


def _since(now: datetime) -> date:
    return now.astimezone(UTC).date() - timedelta(days=DAYS - 1)


def _chosen(rows: "QuerySet[Any]", names: Sequence[str] | None) -> "QuerySet[Any]":
    return rows if names is None else rows.filter(name__in=names)


@dataclass(frozen=True, slots=True)
class _Type:
    """A name in all time."""

    first_at: datetime | None
    last_at: datetime | None
    sources: tuple[int, ...]


def _types(workspace: Workspace, names: Sequence[str] | None) -> dict[str, _Type]:
    rows = _chosen(EventType.objects.filter(workspace=workspace), names).values_list("name")
    found = rows.annotate(Min("first_at"), Max("last_at"), came_from=ArrayAgg("source_id"))
    return {name: _Type(first, last, tuple(sorted(sources))) for name, first, last, sources in found}


def _counts(workspace: Workspace, names: Sequence[str] | None, *, since: date) -> dict[str, dict[str, int]]:
    rows = _chosen(EventDay.objects.filter(workspace=workspace, day__gte=since), names).values_list("name")
    found = rows.annotate(*(Sum(column) for column in COUNTED))
    return {name: dict(zip(COUNTED, counts, strict=True)) for name, *counts in found}


def _entry(
    name: str,
    planned: PlannedEvent | None,
    known: _Type | None,
    counts: Mapping[str, int],
    sources: Mapping[int, Source],
    *,
    now: datetime,
) -> Entry:
    given = {column: counts.get(column, 0) for column in COUNTED}
    last_at = known.last_at if known else None
    return Entry(
        name=name,
        planned=planned,
        sources=tuple(sources[pk] for pk in known.sources if pk in sources) if known else (),
        first_at=known.first_at if known else None,
        last_at=last_at,
        **given,
        states=tuple(_states(name, planned, last_at, given, now=now)),
    )


def _states(
    name: str, planned: PlannedEvent | None, last_at: datetime | None, counts: Mapping[str, int], *, now: datetime
) -> Iterator[State]:
    is_planned = planned is not None or name in OWN_EVENTS
    if counts["violating"]:
        yield State.VIOLATING
    if not is_planned:
        yield State.UNPLANNED
    elif planned is not None and last_at is None:
        yield State.WAITING
    elif planned is not None and last_at is not None and now - last_at > SILENT:
        yield State.SILENT
    if (_share(counts["duplicates"], counts["events"] + counts["duplicates"]) or 0) >= DUPLICATED_FROM:
        yield State.DUPLICATED
    if (_share(counts["late"], counts["events"]) or 0) >= LATE_FROM:
        yield State.LATE
    if (_share(counts["unknown_consent"], counts["events"]) or 0) >= CONSENT_FROM:
        yield State.CONSENT
    if is_planned:
        yield State.PLANNED


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
