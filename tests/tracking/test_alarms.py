"""A source in trouble is told of once, and once when it heals."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.tracking.makers import NOON, make_event, make_source, origin_of
from tracking import inbox
from tracking.alarms import Silence, settle_rejections, settle_silences
from tracking.models import Source, SourceAlarm
from workspaces import scope
from workspaces.models import Membership, Notification, Workspace

HOUR = timedelta(hours=1)


@pytest.fixture
def source(shop: Workspace, lead: Membership) -> Source:
    return make_source(shop)


def told(shop: Workspace) -> list[tuple[str, str]]:
    with scope.in_workspace(shop.pk):
        return list(Notification.objects.order_by("created_at").values_list("kind", "title"))


def look(shop: Workspace, *silences: tuple[Source, Silence], told: tuple[int, ...] = (), hours: int = 0) -> None:
    with scope.in_workspace(shop.pk):
        found = {source.pk: each for source, each in silences}
        settle_silences(shop, found, told=told, now=NOON + hours * HOUR)


def sent(source: Source, *, accepted: int, rejected: int, days: int = 0) -> None:
    """Count items of a day, the accepted ones as new events."""
    at = NOON + timedelta(days=days)
    events = [make_event(f"{days}-{rejected}-{n}") for n in range(accepted)]
    with scope.in_workspace(source.workspace_id):
        counts = Counter({"rejected:name_required": rejected}) if rejected else Counter[str]()
        inbox.append(origin_of(source), events, counts=counts, now=at)
        settle_rejections(source.workspace, now=at)


def test_a_silent_source_is_told_of_once_and_heals(shop: Workspace, source: Source) -> None:
    silence = Silence(NOON - 9 * HOUR, None)
    for hours in range(3):
        look(shop, (source, silence), hours=hours)
    assert told(shop) == [("source_broken", "No events arrive from Site")]
    for hours in (4, 5):
        look(shop, (source, Silence(silence.since, NOON + 3 * HOUR)), hours=hours)
    assert [kind for kind, _ in told(shop)] == ["source_broken", "source_healed"]
    with scope.in_workspace(shop.pk):
        row = SourceAlarm.objects.get()
        assert (row.started_at, row.ended_at) == (silence.since, NOON + 3 * HOUR)


def test_who_heard_of_it_by_a_goal_is_not_told_again(shop: Workspace, source: Source) -> None:
    look(shop, (source, Silence(NOON - 9 * HOUR, None)), told=(source.pk,))
    assert told(shop) == []
    with scope.in_workspace(shop.pk):
        assert SourceAlarm.objects.filter(ended_at=None).exists()


def test_a_closed_source_is_silent_by_right(shop: Workspace, source: Source) -> None:
    look(shop, (source, Silence(NOON - 9 * HOUR, None)))
    with scope.in_workspace(shop.pk):
        Source.objects.update(closed_at=NOON)
    look(shop, (source, Silence(NOON - 9 * HOUR, None)), hours=1)
    assert [kind for kind, _ in told(shop)] == ["source_broken"]
    with scope.in_workspace(shop.pk):
        assert not SourceAlarm.objects.filter(ended_at=None).exists()


def test_much_that_is_rejected_is_told_of_once_and_heals(shop: Workspace, source: Source) -> None:
    sent(source, accepted=100, rejected=5)
    assert told(shop) == []
    sent(source, accepted=0, rejected=25)
    sent(source, accepted=0, rejected=5)
    assert told(shop) == [("source_broken", "Much of what Site sends is rejected")]
    sent(source, accepted=3, rejected=1, days=1)
    assert len(told(shop)) == 1, "a morning with four items says nothing"
    sent(source, accepted=60, rejected=0, days=1)
    assert told(shop)[1:] == [("source_healed", "What Site sends is accepted again")]
    sent(source, accepted=10, rejected=40, days=2)
    assert [kind for kind, _ in told(shop)] == ["source_broken", "source_healed", "source_broken"]


def test_a_few_rejected_items_are_no_alarm(shop: Workspace, source: Source) -> None:
    sent(source, accepted=2, rejected=19)
    assert told(shop) == []
