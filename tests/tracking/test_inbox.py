"""The inbox: durable, counted, and each id once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from tests.builders import make_workspace
from tests.tracking.makers import NOON, make_event, make_source, origin_of
from tracking import inbox
from tracking.event import Event, Status, former_fingerprint
from tracking.models import EventKey, InboxRow, Quarantined, Source
from tracking.quarantine import Example
from workspaces import scope
from workspaces.models import Membership, Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return make_source(shop)


def sent(source: Source, *events: Event) -> list[Status]:
    with scope.in_workspace(source.workspace_id):
        return inbox.append(origin_of(source), events, counts=Counter(), now=NOON)


class Stopped(Exception):
    """The process ends here."""


def send_and_stop(source: Source, *events: Event) -> None:
    with scope.in_workspace(source.workspace_id):
        inbox.append(origin_of(source), events, counts=Counter(), now=NOON)
        raise Stopped


def test_an_event_is_kept_with_its_counts(site: Source) -> None:
    with scope.in_workspace(site.workspace_id):
        answer = inbox.append(origin_of(site), [make_event("a")], counts=Counter({"filtered:bot": 2}), now=NOON)
        row = InboxRow.objects.get()
    assert answer == [Status.ACCEPTED]
    assert row.counts == {"accepted": 1, "filtered:bot": 2}
    assert (row.received_at, row.batch) == (NOON, None)


def test_the_same_event_again_is_a_duplicate_and_not_kept(site: Source) -> None:
    assert sent(site, make_event("a")) == [Status.ACCEPTED]
    assert sent(site, make_event("a")) == [Status.DUPLICATE]
    with scope.in_workspace(site.workspace_id):
        kept = [row.counts for row in InboxRow.objects.order_by("pk")]
    assert kept == [{"accepted": 1}, {"duplicate": 1}]


def test_the_same_id_with_other_content_is_a_conflict_and_both_are_kept(site: Source) -> None:
    sent(site, make_event("a", name="page_view"))
    assert sent(site, make_event("a", name="purchase")) == [Status.DUPLICATE_CONFLICT]
    with scope.in_workspace(site.workspace_id):
        aside = Quarantined.objects.get()
    assert aside.code == "duplicate_conflict"
    assert b'"purchase"' in bytes(aside.raw)


def test_what_came_before_fingerprints_were_sums_is_still_told_from_a_conflict(site: Source) -> None:
    sent(site, make_event("a", name="page_view"))
    with scope.in_workspace(site.workspace_id):
        EventKey.objects.update(fingerprint=former_fingerprint(make_event("a", name="page_view")))
    assert sent(site, make_event("a", name="page_view")) == [Status.DUPLICATE]
    assert sent(site, make_event("a", name="purchase")) == [Status.DUPLICATE_CONFLICT]


def test_of_an_id_twice_in_one_request_the_first_is_accepted(site: Source) -> None:
    first, repeat, other = make_event("a"), make_event("a"), make_event("a", name="purchase")
    assert sent(site, first, repeat, other) == [Status.ACCEPTED, Status.DUPLICATE, Status.DUPLICATE_CONFLICT]
    assert sent(site, make_event("b"), first) == [Status.ACCEPTED, Status.DUPLICATE]


def test_the_same_id_at_another_source_is_another_event(site: Source, shop: Workspace, outsider: Membership) -> None:
    sent(site, make_event("a"))
    assert sent(make_source(shop, slug="app"), make_event("a")) == [Status.ACCEPTED]
    assert sent(make_source(outsider.workspace), make_event("a")) == [Status.ACCEPTED]


def test_a_transaction_that_fails_forgets_the_ids_too(site: Source) -> None:
    with pytest.raises(Stopped):
        send_and_stop(site, make_event("a"))
    assert sent(site, make_event("a")) == [Status.ACCEPTED]


def test_another_workspaces_inbox_cannot_be_written(site: Source, outsider: Membership) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), scope.in_workspace(outsider.workspace_id):
        inbox.append(origin_of(site), [make_event("a")], counts=Counter(), now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_with_the_same_ids_each_id_is_accepted_once() -> None:
    source = make_source(make_workspace())
    ids = [f"e{n}" for n in range(40)]
    barrier = threading.Barrier(8)

    def send(order: int) -> list[Status]:
        barrier.wait(10)
        try:
            # Each in another order: without the ledger's own order these would wait for each other in a ring.
            mine = ids[order * 5 :] + ids[: order * 5]
            return sent(source, *(make_event(each) for each in mine))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(status for statuses in pool.map(send, range(8)) for status in statuses)
    assert answers == {Status.ACCEPTED: 40, Status.DUPLICATE: 280}
    with scope.in_workspace(source.workspace_id):
        assert EventKey.objects.count() == 40
        assert sum(len(row.accepted()) for row in InboxRow.objects.all()) == 40


def test_examples_are_bounded_and_counts_are_not(site: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.quarantine.MOST_PER_SOURCE", 3)
    with scope.in_workspace(site.workspace_id):
        for _ in range(5):
            example = Example("name_required", "/0", "name is missing\x00", b"{}")
            inbox.append(origin_of(site), [], counts=Counter({"rejected:x": 1}), examples=[example], now=NOON)
        assert Quarantined.objects.count() == 3
        assert InboxRow.objects.count() == 5
