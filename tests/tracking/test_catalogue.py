"""Names and pages seen, for look-ups while somebody types."""

import pytest

from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import catalogue
from tracking.models import Seen, SeenKind
from tracking.uncounted import NOT_COUNTED
from workspaces import scope
from workspaces.models import Membership, Workspace


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop))
    lake.store(
        make_event("a", path="/tents"),
        make_event("b", path="/tents/Small"),
        make_event("c", name="add_to_cart", path="/tents"),
    )
    return lake


def found(lake: Lake, search: str = "", *, pages: bool = False) -> list[tuple[str, int]]:
    ask = catalogue.seen_pages if pages else catalogue.seen_events
    with scope.in_workspace(lake.workspace_id):
        return [(seen.text, seen.events) for seen in ask(lake.workspace_id, search)]


def test_what_came_most_often_comes_first(lake: Lake) -> None:
    assert found(lake) == [("page_view", 2), ("add_to_cart", 1)]
    assert found(lake, pages=True) == [("/tents", 2), ("/tents/Small", 1)]


def test_a_search_finds_parts_of_names_in_any_case(lake: Lake) -> None:
    assert found(lake, "CART") == [("add_to_cart", 1)]
    assert found(lake, "small", pages=True) == [("/tents/Small", 1)]
    assert found(lake, "%") == []
    assert found(lake, "\x00") == found(lake)


def test_each_event_counts_once_however_often_it_arrives(lake: Lake) -> None:
    lake.store(make_event("a", path="/tents"))
    assert found(lake) == [("page_view", 2), ("add_to_cart", 1)]
    with scope.in_workspace(lake.workspace_id):
        assert Seen.objects.get(text="page_view").last_at < NOON


def test_what_nobody_counts_is_no_event_to_choose(lake: Lake) -> None:
    assert {"engagement", "transaction_item", "$autocapture", "$pageleave"} <= set(NOT_COUNTED)
    lake.store(
        *(make_event(f"{name}{path}", name=name, path=path) for name in NOT_COUNTED for path in ("/tents", "/x"))
    )
    assert found(lake) == [("page_view", 2), ("add_to_cart", 1)]
    assert found(lake, pages=True) == [("/tents", 2), ("/tents/Small", 1)]


def test_names_without_end_are_not_remembered_without_end(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.MOST, SeenKind.EVENT, 2)
    lake.store(make_event("d", name="order_1001"), make_event("e"), make_event("f", path="/" + "x" * 600))
    assert found(lake) == [("page_view", 4), ("add_to_cart", 1)]
    assert len(found(lake, pages=True)) == 2


def test_another_workspaces_names_are_not_found(lake: Lake, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        assert catalogue.seen_events(lake.workspace_id) == []
