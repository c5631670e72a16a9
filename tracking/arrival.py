"""Does anything arrive? What a source sent last, for whoever has just put a tag into a page and waits for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracking import health
from tracking.event import Event
from tracking.health import Why
from tracking.lake.query import query
from tracking.models import InboxRow, Source
from tracking.times import instant_of

_NEWEST = """
select name, received_at, url, protocol from events
where source_id = $source and day between $since and $until and import_id is null
order by received_at desc, time desc limit 1
"""
# An event enters the partition of the day on which it happened, by its client's clock: mostly that of its receipt. The
# other days' files are left alone, however long the source has been sending.
_AROUND_RECEIPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The newest event as people read it; `page` is its address, None for events that have none."""

    name: str
    at: datetime
    page: str | None
    protocol: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to whoever waits.

    newest      the newest event; None: nothing was accepted yet, or what was is not in the published lake
    last_day    the last UTC day on which something was accepted; None: never
    refused     why items of today did not become events, the most frequent first, where none did
    asks_again  more may be known in a moment
    """

    newest: Arrival | None = None
    last_day: date | None = None
    refused: tuple[Why, ...] = ()
    asks_again: bool = False


def answer_of(source: Source, *, now: datetime) -> Answer:
    """Say what arrived of the source; call it inside the workspace."""
    waiting = InboxRow.objects.filter(source=source, import_id=None).exclude(events=b"").order_by("-pk").first()
    if waiting is not None:
        return Answer(_read(max(waiting.accepted(), key=lambda event: event.time_us)))
    last_day = source.counters.filter(outcome="accepted").order_by("-day").values_list("day", flat=True).first()
    if last_day is not None:
        newest = _stored(source, last_day)
        # What was taken out of the inbox is on its way into the lake for a moment.
        return Answer(newest, last_day, asks_again=newest is None and last_day == now.date())
    today = health.daily(source, since=now.date()).get(now.date())
    return Answer(refused=tuple(health.whys([today] if today else [])), asks_again=True)


def _read(event: Event) -> Arrival:
    return Arrival(event.name, instant_of(event.received_us), event.url, event.protocol)


def _stored(source: Source, day: date) -> Arrival | None:
    around: dict[str, object] = {"since": day - _AROUND_RECEIPT, "until": day + _AROUND_RECEIPT}
    found = query(source.workspace_id, _NEWEST, {"source": source.pk} | around).to_pylist()
    return Arrival(found[0]["name"], found[0]["received_at"], found[0]["url"], found[0]["protocol"]) if found else None
