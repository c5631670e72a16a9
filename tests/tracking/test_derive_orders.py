"""Same events, same tables: for any order, chunking and repetition of arrival, and beside an independent count."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from tests.builders import make_workspace
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import derive
from tracking.event import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2026, 10, 23, 21, 0, tzinfo=UTC)  # Oslo's clock change of 25 October lies within
MINUTE = timedelta(minutes=1)
# Around the gap and around days, so that chance meets the edges.
GAPS = [MINUTE, 10 * MINUTE, 29 * MINUTE, 30 * MINUTE, 31 * MINUTE, timedelta(hours=5), timedelta(hours=26)]
CAMPAIGNS = [{}, {}, {"utm_source": "google", "utm_medium": "cpc"}, {"utm_source": "news", "utm_medium": "email"}]


def made_up(seed: int) -> list[Event]:
    """Give about 60 events of six persons over a week, in order of time."""
    chance = random.Random(seed)
    events = []
    for person in range(6):
        at = START + timedelta(minutes=chance.randrange(600))
        for n in range(10):
            name = chance.choice(["page_view", "page_view", "add_to_cart", "ad_click", "engagement", "engagement"])
            events.append(
                make_event(f"{person}-{n}", name=name, at=at, visitor=f"v{person}", **chance.choice(CAMPAIGNS))
            )
            at += chance.choice(GAPS)
    return sorted(events, key=lambda event: (event.time_us, event.event_id))


def chunks_of(events: list[Event], chance: random.Random) -> Iterator[list[Event]]:
    """Shuffle the events, repeat some, and cut them into a few requests."""
    shuffled = events + chance.sample(events, 10)
    chance.shuffle(shuffled)
    cuts = sorted(chance.sample(range(len(shuffled)), 3))
    for since, until in zip([0, *cuts], [*cuts, len(shuffled)], strict=True):
        yield shuffled[since:until]


def tables_of(lake: Lake) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    return (
        lake.rows("select * exclude (source_id) from sessions order by all"),
        lake.rows("select * exclude (source_id) from touches order by all"),
    )


@pytest.mark.parametrize("seed", range(6))
def test_any_way_of_arrival_gives_the_same_tables(db: None, seed: int) -> None:
    events = made_up(seed)
    at_once = Lake(make_source(make_workspace("At once", slug="at-once")))
    at_once.take(*events)
    in_parts = Lake(make_source(make_workspace("In parts", slug="in-parts")))
    for chunk in chunks_of(events, random.Random(seed)):
        in_parts.take(*chunk)
    assert at_once.sessions(), "needs sessions"
    assert tables_of(in_parts) == tables_of(at_once)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("part_events", [1, 15], ids=["some persons of a day at a time", "a few days at a time"])
def test_deriving_in_parts_gives_the_same_tables_as_in_one_go(db: None, seed: int, part_events: int) -> None:
    events = [*made_up(seed), *night_owl()]
    at_once = Lake(make_source(make_workspace("At once", slug="at-once")))
    at_once.take(*events)
    in_parts = Lake(make_source(make_workspace("In parts", slug="in-parts")))
    for half in (events[::2], events[1::2]):  # the second half meets what the first one published
        in_parts.store(*half)
        derive(in_parts.workspace_id, NOON, part_events=part_events)
    nights = at_once.rows(
        "select 1 as n from touches join sessions using (session_id) where touches.day > sessions.day"
    )
    assert nights, "needs touches on a later day than their session's"
    assert tables_of(in_parts) == tables_of(at_once)


def night_owl() -> list[Event]:
    """Give one session of three days, with another campaign every hour, and another visit two days later."""
    times = [START + n * 20 * MINUTE for n in range(200)] + [START + timedelta(days=5)]
    return [make_event(f"owl-{n:03}", at=at, visitor="owl", **CAMPAIGNS[2 + n // 3 % 2]) for n, at in enumerate(times)]


def counted_by_hand(events: list[Event], zone: ZoneInfo) -> list[tuple[date, str, str, int, bool]]:
    """Give day, person, session, events and newness of each session, by plain loops."""
    found = []
    on_site = sorted(
        (event for event in events if not event.name.startswith("ad_")),
        key=lambda event: (event.visitor_id, event.time_us, event.event_id),
    )
    for person, theirs in groupby(on_site, key=lambda event: event.visitor_id):
        sessions: list[list[Event]] = []
        for event in theirs:
            if not sessions or event.time_us - sessions[-1][-1].time_us >= 30 * 60 * 1_000_000:
                sessions.append([])
            sessions[-1].append(event)
        visits = [acts for acts in map(acts_of, sessions) if acts]
        for n, acts in enumerate(visits):
            day = (EPOCH + timedelta(microseconds=acts[0].time_us)).astimezone(zone).date()
            found.append((day, person, acts[0].event_id, len(acts), n == 0))
    return sorted(found)


def acts_of(session: list[Event]) -> list[Event]:
    return [event for event in session if event.name != "engagement"]


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Australia/Lord_Howe", "America/Havana"])
def test_sessions_agree_with_a_count_by_plain_loops(db: None, zone: str) -> None:
    events = made_up(99)
    lake = Lake(make_source(make_workspace(zone=zone)))
    lake.take(*events)
    found = [(row["day"], row["person_id"], row["session_id"], row["events"], row["is_new"]) for row in lake.sessions()]
    assert sorted(found) == counted_by_hand(events, ZoneInfo(zone))


def test_days_of_23_and_25_hours_are_whole_days(db: None) -> None:
    zone = ZoneInfo("Europe/Oslo")
    hours = [datetime(2026, 3, 27, tzinfo=UTC) + timedelta(hours=n) for n in range(96)]
    hours += [datetime(2026, 10, 23, tzinfo=UTC) + timedelta(hours=n) for n in range(96)]
    lake = Lake(make_source(make_workspace()))
    lake.take(*(make_event(f"{n:03}", at=at) for n, at in enumerate(hours)))
    per_day = {row["day"]: row["n"] for row in lake.rows("select day, count(*) as n from sessions group by day")}
    expected: dict[date, int] = {}
    for at in hours:
        expected[at.astimezone(zone).date()] = expected.get(at.astimezone(zone).date(), 0) + 1
    assert per_day == expected
    assert (per_day[date(2026, 3, 29)], per_day[date(2026, 10, 25)]) == (23, 25)
