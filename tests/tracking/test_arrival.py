"""What is said to whoever waits for a source's first event."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import inbox
from tracking.arrival import Answer, answer_of
from tracking.event import Event
from tracking.models import Source
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def source(shop: Workspace) -> Source:
    return make_source(shop)


def append(source: Source, *events: Event, **counts: int) -> None:
    named = Counter({name.replace("__", ":"): n for name, n in counts.items()})
    with scope.in_workspace(source.workspace_id):
        inbox.append(origin_of(source), list(events), counts=named, now=NOON)


def ask(source: Source) -> Answer:
    with scope.in_workspace(source.workspace_id):
        return answer_of(source, now=NOON)


def test_where_nothing_came_it_is_asked_again(source: Source) -> None:
    assert ask(source) == Answer(asks_again=True)


def test_the_newest_event_is_told_before_it_is_in_the_lake(source: Source) -> None:
    older = make_event("a", name="sign_up", at=NOON - timedelta(minutes=2))
    append(source, make_event("b", url="https://shop.example/tea"), older)
    newest = ask(source).newest
    assert newest is not None
    assert (newest.name, newest.page, newest.at, newest.protocol) == ("sign_up", None, NOON, "own")
    assert not ask(source).asks_again


def test_it_is_told_after_it_came_into_the_lake(source: Source) -> None:
    event = make_event("a", url="https://shop.example/tea")
    append(source, event)
    before = ask(source)
    Lake(source).take()
    after = ask(source)
    assert after.newest == before.newest
    assert (after.last_day, after.asks_again) == (date(2026, 11, 21), False)


def test_another_sources_events_are_not_told(source: Source, shop: Workspace) -> None:
    other = make_source(shop, slug="other")
    append(other, make_event("a"))
    Lake(other).take(make_event("b"))
    assert ask(source) == Answer(asks_again=True)


def test_what_was_refused_is_told_with_its_reason(source: Source) -> None:
    append(source, rejected__origin_not_allowed=2, filtered__bot=1, limited=3)
    answer = ask(source)
    assert [(str(why.reason.label), why.items) for why in answer.refused] == [
        ("Sent from a page that may not", 2),
        ("A crawler or another program", 1),
    ]
    assert answer.asks_again


def test_what_is_not_published_yet_is_asked_for_again(source: Source) -> None:
    Lake(source).store(make_event("a"))
    answer = ask(source)
    assert (answer.newest, answer.last_day, answer.asks_again) == (None, date(2026, 11, 21), True)
