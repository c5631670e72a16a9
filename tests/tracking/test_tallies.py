"""What is kept by event name: the same as a count of the lake, whatever arrives and in whatever batches."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import inbox, tallies
from tracking.agreeing import Wanted, agree
from tracking.event import Event
from tracking.lake.writer import drain
from tracking.models import EventDay, EventType, PropertyFault
from tracking.planned import Property
from tracking.quarantine import Example
from tracking.recounting import recount, recount_if_never
from workspaces import scope
from workspaces.models import Workspace

NAMES = ("page_view", "signup", "purchase")


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


def day(lake: Lake, name: str, on: date | None = None) -> EventDay:
    with scope.in_workspace(lake.workspace_id):
        rows = EventDay.objects.filter(name=name)
        return rows.get(day=on) if on else rows.get()


@pytest.mark.django_db
def test_an_event_type_knows_when_it_came_first_and_last(lake: Lake) -> None:
    lake.store(make_event("a", at=NOON - timedelta(days=3)), make_event("b", at=NOON - timedelta(hours=2)))
    lake.store(make_event("c", at=NOON - timedelta(days=5)))
    with scope.in_workspace(lake.workspace_id):
        (row,) = EventType.objects.all()
        assert (row.name, row.events) == ("page_view", 3)
        assert (row.first_at, row.last_at) == (NOON - timedelta(days=5), NOON - timedelta(hours=2))


@pytest.mark.django_db
def test_late_events_and_those_without_a_word_on_consent_are_counted_apart(lake: Lake) -> None:
    lake.store(
        make_event("a", consent='{"analytics":true}'),
        make_event("b", consent='{"ads":true}'),
        make_event("c", at=NOON - timedelta(hours=25)),
    )
    today, before = day(lake, "page_view", NOON.date()), day(lake, "page_view", NOON.date() - timedelta(days=1))
    assert (today.events, today.late, today.unknown_consent) == (2, 0, 1)
    assert (before.events, before.late, before.unknown_consent) == (1, 1, 1)


@pytest.mark.django_db
def test_what_comes_again_is_counted_by_its_name(lake: Lake) -> None:
    for _ in range(3):
        lake.store(make_event("a"), make_event("b", name="signup"))
    assert (day(lake, "page_view").events, day(lake, "page_view").duplicates) == (1, 2)


@pytest.mark.django_db
def test_a_batch_of_refused_events_alone_is_counted_too(lake: Lake) -> None:
    examples = [Example("unplanned", "/0", "", b"{}", "wishlist", b"held")] * 2
    with scope.in_workspace(lake.workspace_id):
        inbox.append(origin_of(lake.source), [], counts=Counter({"rejected:unplanned": 2}), examples=examples, now=NOON)
    drain(lake.workspace_id, NOON)
    assert (day(lake, "wishlist").events, day(lake, "wishlist").refused) == (0, 2)


@pytest.mark.django_db
def test_properties_that_are_not_as_agreed_are_counted_by_kind(lake: Lake) -> None:
    agreed = (Property("tier", frozenset({"text"}), is_required=True), Property("seats", frozenset({"integer"})))
    with scope.in_workspace(lake.workspace_id):
        agree(lake.workspace_id, [Wanted("signup", agreed)], now=NOON)
    lake.store(
        make_event("a", name="signup", properties='{"tier":"gold","seats":2}'),
        make_event("b", name="signup", properties='{"seats":"2"}'),
        make_event("c", name="signup"),
    )
    assert (day(lake, "signup").events, day(lake, "signup").violating) == (3, 2)
    with scope.in_workspace(lake.workspace_id):
        faults = set(PropertyFault.objects.values_list("property", "kind", "events"))
    assert faults == {("tier", "missing", 2), ("seats", "type", 1)}


@pytest.mark.django_db
def test_names_without_end_are_counted_together_and_planned_ones_never(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "MOST_NAMES", 3)
    with scope.in_workspace(lake.workspace_id):
        agree(lake.workspace_id, [Wanted("signup")], now=NOON)
    for part in range(2):
        lake.store(*(make_event(f"{part}-{n}", name=f"order_{part}{n}") for n in range(5)))
    lake.store(make_event("s", name="signup"), make_event("again", name="order_00"))
    with scope.in_workspace(lake.workspace_id):
        counts = dict(EventType.objects.values_list("name", "events"))
    assert counts == {"order_00": 2, "order_01": 1, "order_02": 1, "": 7, "signup": 1}


def events(draw_ids: st.SearchStrategy[int]) -> st.SearchStrategy[Event]:
    made = {"number": draw_ids, "name": st.sampled_from(NAMES), "hours": st.integers(0, 60), "says": st.booleans()}
    return st.fixed_dictionaries(made).map(
        lambda said: make_event(
            f"e{said['number']}",
            name=said["name"],
            at=NOON - timedelta(hours=said["hours"]),
            consent='{"analytics":true}' if said["says"] else None,
        )
    )


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(events(st.integers(0, 30)), min_size=1, max_size=12), max_size=4))
def test_the_tallies_say_what_a_count_of_the_lake_says(shop: Workspace, batches: list[list[Event]]) -> None:
    with scope.in_workspace(shop.pk):
        n = shop.sources.count()
    lake = Lake(make_source(shop, slug=f"site-{n}"))
    for batch in batches:
        lake.store(*batch)
    stored, duplicates = by_hand(batches)
    with scope.in_workspace(shop.pk):
        rows = EventDay.objects.filter(source=lake.source)
        assert {
            (row.name, row.day): (row.events, row.late, row.unknown_consent) for row in rows if row.events
        } == stored
        assert sum(row.duplicates for row in rows) == duplicates
        before = everything(shop)
    assert recount(shop.pk, now=NOON)
    with scope.in_workspace(shop.pk):
        assert everything(shop) == before


def everything(shop: Workspace) -> list[tuple[object, ...]]:
    """Give all that is counted; a day of nothing is as good as none."""
    days = EventDay.objects.values_list("source_id", "name", "day", *tallies.COUNTED)
    types = EventType.objects.values_list("source_id", "name", "events", "first_at", "last_at")
    return sorted([*(row for row in days if any(row[3:])), *types], key=str)


@pytest.mark.django_db
def test_a_lake_older_than_its_tallies_is_counted_once(lake: Lake) -> None:
    lake.store(make_event("a"), make_event("b", name="signup"))
    with scope.in_workspace(lake.workspace_id):
        before = everything(lake.source.workspace)
        EventType.objects.all().delete()
        EventDay.objects.all().delete()
    assert recount_if_never(lake.workspace_id, now=NOON)
    assert not recount_if_never(lake.workspace_id, now=NOON)
    with scope.in_workspace(lake.workspace_id):
        assert everything(lake.source.workspace) == before


def by_hand(batches: list[list[Event]]) -> tuple[dict[tuple[str, date], tuple[int, int, int]], int]:
    """Count: of each id the first stands."""
    seen: dict[str, Event] = {}
    sent = 0
    for event in (event for batch in batches for event in batch):
        seen.setdefault(event.event_id, event)
        sent += 1
    found: dict[tuple[str, date], tuple[int, int, int]] = {}
    for event in seen.values():
        at = timedelta(microseconds=event.time_us)
        place = (event.name, date(1970, 1, 1) + timedelta(days=at.days))
        events, late, unknown = found.get(place, (0, 0, 0))
        is_late = event.received_us - event.time_us > 86_400_000_000
        found[place] = (events + 1, late + is_late, unknown + (event.consent is None))
    return found, sent - len(seen)
