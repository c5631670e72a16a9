"""The balance: received = accepted + duplicate + rejected + filtered + limited, at any moment."""

from collections import Counter
from datetime import datetime, timedelta

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import health, inbox
from tracking.derive import derive
from tracking.lake.writer import IN_THE_DOOR, drain
from workspaces import scope
from workspaces.models import Membership, Workspace

SENT = Counter({"rejected:name_required": 2, "filtered:bot": 3, "limited:rate": 4})


def test_the_balance_is_the_same_before_and_after_the_drain(shop: Workspace, outsider: Membership) -> None:
    source = make_source(shop)
    for workspace, sender in ((shop, source), (outsider.workspace, make_source(outsider.workspace))):
        with scope.in_workspace(workspace.pk):
            for event in (make_event("a"), make_event("a"), make_event("a", name="other")):
                inbox.append(origin_of(sender), [event], counts=SENT, now=NOON)
    seen = []
    for _ in range(2):
        with scope.in_workspace(shop.pk):
            seen.append(health.balances(shop.pk, since=NOON.date()))
        drain(shop.pk, NOON)
    assert seen[0] == seen[1]
    (balance,) = seen[0].values()
    assert (balance.accepted, balance.duplicate, balance.rejected, balance.filtered, balance.limited) == (
        1,
        2,
        6,
        9,
        12,
    )
    assert balance.received == 30
    assert balance.reasons[("duplicate", "conflict")] == 1


def test_days_are_told_apart(shop: Workspace) -> None:
    source = make_source(shop)
    with scope.in_workspace(shop.pk):
        for days in (0, 1, 9):
            inbox.append(origin_of(source), [make_event(str(days))], counts=Counter(), now=NOON - timedelta(days=days))
        found = health.daily(source, since=NOON.date() - timedelta(days=6))
    assert [(day.day, balance.accepted) for day, balance in found.items()] == [(21, 1), (20, 1)]


def test_what_waits_holds_back_how_far_things_are_computed(shop: Workspace) -> None:
    lake = Lake(make_source(shop))

    def complete(now: datetime) -> datetime | None:
        with scope.in_workspace(shop.pk):
            return health.complete_through(shop.pk, now=now)

    assert complete(NOON) is None
    lake.take(make_event("a"))
    later = NOON + timedelta(hours=2)
    assert complete(later) == later - IN_THE_DOOR
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(lake.source), [make_event("b")], counts=Counter(), now=NOON)
    assert complete(later) == NOON - IN_THE_DOOR
    drain(shop.pk, later)
    assert complete(later) == NOON - IN_THE_DOOR
    derive(shop.pk, later)
    assert complete(later) == later - IN_THE_DOOR
