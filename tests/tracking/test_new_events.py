"""The quick way into the inbox: all of a request that is all new, or nothing of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError
from django.utils import timezone

from tests.builders import make_workspace
from tests.conftest import as_owner
from tests.tracking.makers import make_event, make_source, origin_of
from tracking.models import EventKey, InboxRow, Source
from tracking.new_events import append_new
from tracking.prepared import Prepared
from workspaces import scope
from workspaces.models import Membership, Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return make_source(shop)


def sent(source: Source, ids: Sequence[str], *, marks: Sequence[str] = ()) -> bool:
    events = [make_event(each) for each in ids]
    none = [None] * len(events)
    marks = marks or [""] * len(events)
    return append_new(origin_of(source), events, marks=marks, also=none, now=timezone.now(), wait_ms=1_000)


def stored(source: Source) -> tuple[int, list[tuple[list[str], dict[str, int]]]]:
    """Give how many ids are held, and each request's ids with its counts."""
    with scope.in_workspace(source.workspace_id):
        rows = InboxRow.objects.order_by("pk")
        return EventKey.objects.count(), [([each.event_id for each in row.accepted()], row.counts) for row in rows]


@pytest.mark.parametrize("ids", [["a"], ["a", "b", "c"]], ids=["one", "many"])
def test_a_request_that_is_all_new_is_stored_and_counted(site: Source, ids: list[str]) -> None:
    assert sent(site, ids)
    assert stored(site) == (len(ids), [(ids, {"accepted": len(ids)})])


def test_marks_are_counted_beside(site: Source) -> None:
    assert sent(site, ["a", "b", "c"], marks=["", "unplanned", "unplanned"])
    assert stored(site)[1][0][1] == {"accepted": 1, "accepted:unplanned": 2}


@pytest.mark.parametrize("again", [["a"], ["a", "b"], ["c", "a"], ["x", "y", "b", "z"]])
def test_where_one_id_is_held_nothing_of_the_request_is_stored(site: Source, again: list[str]) -> None:
    assert sent(site, ["a", "b"])
    before = stored(site)
    assert not sent(site, again)
    assert stored(site) == before


def test_an_id_twice_in_one_request_is_for_the_other_way(site: Source) -> None:
    assert not sent(site, ["a", "a"])
    assert stored(site) == (0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [["a"], ["c", "a"]], ids=["one", "many"])
def test_outside_of_a_transaction_it_is_its_own(again: list[str]) -> None:
    source = make_source(make_workspace())
    assert sent(source, ["a", "b"])
    assert not sent(source, again)
    assert not connection.in_atomic_block
    assert stored(source) == (2, [(["a", "b"], {"accepted": 2})])
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('measureplan.workspace', true), current_setting('lock_timeout')")
        assert cursor.fetchone() == ("", "0"), "the next request of this connection is somebody else's"


@pytest.mark.django_db(transaction=True)
def test_a_held_id_in_a_batch_is_no_fault_of_the_databases() -> None:
    source = make_source(make_workspace())
    assert sent(source, ["a", "b"])
    assert not sent(source, ["c", "a"])
    with scope.in_workspace(source.workspace_id), connection.cursor() as cursor:
        assert not sent(source, ["c", "a"])
        cursor.execute("select 1")  # which a transaction refuses in which a statement has failed
    assert sent(source, ["c", "d"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ids", [["a"], ["a", "b"]], ids=["one", "many"])
def test_what_takes_too_long_is_given_up_and_not_stored(ids: list[str]) -> None:
    source = make_source(make_workspace())
    with slow_storing():
        with pytest.raises(OperationalError, match="transaction timeout"):
            sent(source, ids)
        connection.close()
    assert stored(source) == (0, [])
    assert sent(source, ids)


@contextmanager
def slow_storing() -> Iterator[None]:
    """Have the database wait for a minute with each request, as with a disk that does not answer."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "create function wait_a_minute() returns trigger language plpgsql as"
            " $$ begin perform pg_sleep(60); return new; end $$"
        )
        cursor.execute(
            "create trigger wait_a_minute before insert on tracking_inboxrow"
            " for each row execute function wait_a_minute()"
        )
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop function wait_a_minute cascade")


def test_the_seal_holds_for_prepared_statements(site: Source, outsider: Membership) -> None:
    entering = Prepared(
        "test_enters_elsewhere",
        "with set as materialized (select set_config('measureplan.workspace', $1::text, true))"
        " insert into tracking_eventkey (workspace_id, source_id, digest, fingerprint)"
        " select $2::bigint, $3::bigint, gen_random_uuid(), '' from set returning source_id",
    )
    with pytest.raises(ProgrammingError, match="row-level security"):
        entering.row(outsider.workspace_id, site.workspace_id, site.pk)
