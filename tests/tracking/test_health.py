"""The balance: received = accepted + duplicate + rejected + filtered + limited, at any moment."""

from collections import Counter
from datetime import timedelta

from tests.tracking.makers import NOON, make_event, make_source, origin_of
from tracking import health, inbox
from tracking.lake.writer import drain
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
