"""In whom two states of the lake can differ: everybody it concerns, and as a rule nobody else."""

from datetime import timedelta

import pytest

from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import affected
from tracking.event import Event
from tracking.lake import upkeep
from tracking.lake.query import connected
from tracking.lake.table import Snapshot, open_snapshot
from workspaces.models import Workspace

DAY = timedelta(days=1)
YES = '{"analytics":true}'


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    found = Lake(make_source(shop))
    found.take(
        make_event("a", visitor="anna", at=NOON - 9 * DAY),
        order("b", "bo", "t1", days_ago=5),
        order("c", "cyd", "t2", days_ago=4),
    )
    return found


def order(event_id: str, visitor: str, transaction: str, *, days_ago: float, **fields: object) -> Event:
    money = {"value_micros": 10**6, "currency": "NOK", "transaction_id": transaction}
    return make_event(event_id, name="purchase", visitor=visitor, at=NOON - days_ago * DAY, **money, **fields)


def since(before: Snapshot, *, most: int = 100) -> list[str] | None:
    found = affected.between(before, open_snapshot(before.workspace_id), most=most)
    return None if found is None else sorted(found.column("person_id").to_pylist())


def test_who_has_a_new_event_is_affected(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    lake.take(make_event("l", visitor="anna", at=NOON - 6 * DAY))
    assert since(before) == ["anna"]


def test_whose_transaction_has_a_new_event_is_affected(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    lake.take(order("l", "dee", "t1", days_ago=1, refund=True))
    assert since(before) == ["bo", "dee"]


def test_another_sources_transaction_of_the_same_id_is_another_one(lake: Lake, shop: Workspace) -> None:
    before = open_snapshot(lake.workspace_id)
    Lake(make_source(shop, slug="app")).take(order("l", "dee", "t1", days_ago=1))
    assert since(before) == ["dee"]


def test_sessions_and_touches_differ_in_nobody_for_a_transactions_sake(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    lake.take(order("l", "dee", "t1", days_ago=1, refund=True))
    after = open_snapshot(lake.workspace_id)
    with connected(after) as engine:
        found = affected.find(engine, before, after, most=100, with_orders=False)
    assert found is not None
    assert found.column("person_id").to_pylist() == ["dee"]


def test_who_is_found_to_be_somebody_is_affected_under_both_names(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    lake.take(make_event("l", visitor="anna", name="identify", user_id="u", consent=YES))
    assert since(before) == ["anna", "u.u"]


def test_files_that_were_put_together_affect_nobody(lake: Lake) -> None:
    lake.take(make_event("l", visitor="anna", at=NOON - 9 * DAY + timedelta(hours=1)))
    before = open_snapshot(lake.workspace_id)
    assert upkeep.keep_up(lake.workspace_id)
    assert open_snapshot(lake.workspace_id).events_version != before.events_version, "needs a tidied table"
    assert since(before) == []


def test_more_than_are_worth_telling_apart_are_not_told(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    lake.take(*(make_event(f"l{n}", visitor=f"v{n}") for n in range(3)))
    assert since(before, most=3) == ["v0", "v1", "v2"]
    assert since(before, most=2) is None
