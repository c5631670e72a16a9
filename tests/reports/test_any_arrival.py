"""The same events give the same reports, byte for byte: in any order or parts, sent twice, or once more in a year."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from goals.models import Goal
from reports import exports, filling
from reports.upkeep import keep_up
from tests.builders import make_workspace
from tests.reports.asks import answered
from tests.reports.lake import NOW, make_goal
from tests.tracking.makers import make_event, make_source, origin_of
from tracking import inbox, work
from tracking.derive import derive
from tracking.event import Event, Status
from tracking.lake.writer import drain
from tracking.models import Source
from workspaces import scope

START = datetime(2026, 10, 23, 21, 0, tzinfo=UTC)  # Oslo's clock change of 25 October lies within
MINUTE = timedelta(minutes=1)
GAPS = [MINUTE, 29 * MINUTE, 30 * MINUTE, 31 * MINUTE, timedelta(hours=5), timedelta(hours=26)]
CAMPAIGNS = [{}, {}, {"utm_source": "google", "utm_medium": "cpc"}, {"utm_source": "news", "utm_medium": "email"}]
QUESTIONS = [
    {"model": "linear", "by": "channel", "click": "90"},
    {"model": "time_decay", "by": "campaign", "click": "30", "per": "sessions"},
    {"model": "position", "by": "channel", "click": "90", "view": "30", "metric": "value"},
    {"model": "first", "by": "source", "from": "2026-10-24", "to": "2026-10-27", "interval": "day"},
]


def made_up(seed: int) -> list[Event]:
    """Give what ten persons did in about a week: views, ads, orders, and the same order told twice."""
    chance = random.Random(seed)
    events = []
    for person in range(10):
        at = START + timedelta(minutes=chance.randrange(600))
        for n in range(10):
            fields = dict(chance.choice(CAMPAIGNS))
            name = chance.choice(["page_view", "page_view", "ad_click", "purchase"])
            if name == "purchase":
                value = chance.randrange(1, 999) * 1_000_000
                fields = {"transaction_id": f"T{chance.randrange(40)}", "value_micros": value, "currency": "NOK"}
            events.append(make_event(f"{person}-{n}", name=name, at=at, visitor=f"v{person}", **fields))
            at += chance.choice(GAPS)
    return events


def parts_of(events: Sequence[Event], chance: random.Random) -> Iterator[list[Event]]:
    """Shuffle the events, repeat a third of them, and cut them into a few requests."""
    shuffled = [*events, *chance.sample(events, len(events) // 3)]
    chance.shuffle(shuffled)
    cuts = sorted(chance.sample(range(1, len(shuffled)), 4))
    for since, until in zip([0, *cuts], [*cuts, len(shuffled)], strict=True):
        yield shuffled[since:until]


def arrive(source: Source, events: Iterable[Event], *, now: datetime = NOW) -> list[Status]:
    """Take the events in as one request; give what became of each."""
    with scope.in_workspace(source.workspace_id):
        return inbox.append(origin_of(source), list(events), counts=Counter(), now=now)


def compute(source: Source, *, now: datetime = NOW) -> None:
    """Bring the reports up to what has arrived."""
    drain(source.workspace_id, now)
    derive(source.workspace_id, now)
    filling.fill(source.workspace_id, now=now)


def a_shop(slug: str) -> tuple[Source, Goal]:
    shop = make_workspace("Shop", slug=slug)
    return make_source(shop), make_goal(shop)


def reports_of(goal: Goal) -> list[bytes]:
    """Give every report as the bytes of its files."""
    found = []
    for params in QUESTIONS:
        result = answered(goal.workspace, goal, **params)
        tables = (exports.breakdown_rows(result), exports.trend_rows(result))
        found += [exports.as_csv(rows).encode() for rows in tables]
    return found


@pytest.mark.parametrize("seed", range(4))
def test_any_way_of_arrival_gives_the_same_bytes(db: None, seed: int) -> None:
    events = made_up(seed)
    at_once, goal = a_shop("at-once")
    arrive(at_once, events)
    compute(at_once)
    in_parts, other = a_shop("in-parts")
    for part in parts_of(events, random.Random(seed)):
        arrive(in_parts, part)
        compute(in_parts)
    assert answered(goal.workspace, goal).totals.conversions > 5, "needs conversions"
    assert reports_of(other) == reports_of(goal)


def test_what_is_sent_again_a_year_later_counts_once(db: None) -> None:
    events = made_up(7)
    source, goal = a_shop("shop")
    arrive(source, events)
    compute(source)
    before = reports_of(goal)
    later = NOW + timedelta(days=365)
    work.purge(later)  # what is kept for a time only goes; that an event came is kept for ever
    work.keep_up(later)
    keep_up(source.workspace_id)
    told = arrive(source, reversed(events), now=later)
    compute(source, now=later)
    assert told == [Status.DUPLICATE] * len(events)
    assert reports_of(goal) == before
