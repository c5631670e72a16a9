"""Everything that is one person's, from links and stored events."""

from datetime import timedelta

import pytest

from tests.builders import make_workspace
from tests.tracking.makers import Lake, make_event, make_source
from tracking.event import Event
from tracking.rights.finding import NamesNobody, count, find
from tracking.rights.subject import Order, Subject
from workspaces.models import Workspace

DAY = timedelta(days=1)
YES = '{"analytics":true}'


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


def login(event_id: str, visitor: str, user: str, *, consent: str | None = YES, **fields: object) -> Event:
    return make_event(event_id, name="identify", visitor=visitor, user_id=user, consent=consent, **fields)


def order(lake: Lake, transaction_id: str) -> tuple[Order, ...]:
    return (Order(lake.source.pk, transaction_id),)


def test_a_user_is_found_with_devices_servers_and_orders(lake: Lake) -> None:
    lake.store(
        login("1", "phone", "kari"),
        login("2", "desk", "kari"),
        make_event("3", name="purchase", visitor="u.kari", user_id="kari", transaction_id="O1"),
        make_event("4", name="purchase", visitor="other", transaction_id="O2"),
    )
    found = find(lake.workspace_id, "user", "kari")
    assert found == Subject(visitors=("desk", "phone", "u.kari"), users=("kari",), orders=order(lake, "O1"))
    assert find(lake.workspace_id, "visitor", "phone") == found
    assert find(lake.workspace_id, "transaction", "O1") == found
    counted = count(lake.workspace_id, found)
    assert (counted.events, counted.names) == (3, {"identify": 2, "purchase": 1})


def test_a_device_is_found_that_was_never_linked_for_want_of_consent(lake: Lake) -> None:
    lake.store(login("1", "phone", "kari", consent=None), make_event("2", visitor="phone"))
    assert find(lake.workspace_id, "user", "kari").visitors == ("phone", "u.kari")


def test_names_that_aliases_join_are_found_over_several_steps(lake: Lake) -> None:
    lake.store(
        make_event("1", name="alias", visitor="a", user_id="b", consent=YES),
        make_event("2", name="alias", visitor="b", user_id="c"),
        login("3", "phone", "a"),
    )
    assert find(lake.workspace_id, "user", "c").users == ("a", "b", "c")
    assert "phone" in find(lake.workspace_id, "user", "c").visitors


def test_a_refund_by_nobody_belongs_to_the_order_and_a_test_order_to_no_one(lake: Lake) -> None:
    lake.store(
        make_event("1", name="purchase", visitor="phone", transaction_id="O1"),
        make_event("2", name="refund", visitor="d.1", transaction_id="O1", refund=True),
        make_event("3", name="purchase", visitor="phone", transaction_id="test"),
        make_event("4", name="purchase", visitor="somebody", transaction_id="test"),
    )
    found = find(lake.workspace_id, "visitor", "phone")
    assert found.orders == order(lake, "O1")
    assert count(lake.workspace_id, found).names == {"purchase": 2, "refund": 1}


def test_an_order_of_several_people_is_refused(lake: Lake) -> None:
    lake.store(*(make_event(f"{n}", visitor=f"v{n}", transaction_id="test") for n in range(3)))
    with pytest.raises(NamesNobody, match="3 people have this transaction id"):
        find(lake.workspace_id, "transaction", "test")


@pytest.mark.parametrize("name", ["undefined", "null", "", "0"])
def test_what_programs_send_without_an_id_names_nobody(lake: Lake, name: str) -> None:
    with pytest.raises(NamesNobody):
        find(lake.workspace_id, "user", name)


def test_a_name_that_was_never_seen_is_found_as_itself(lake: Lake) -> None:
    found = find(lake.workspace_id, "user", "nobody here")
    assert found == Subject(visitors=("u.nobody here",), users=("nobody here",))
    assert count(lake.workspace_id, found).events == 0


def test_the_same_name_in_another_workspace_is_somebody_else(lake: Lake) -> None:
    elsewhere = Lake(make_source(make_workspace("Elsewhere", slug="elsewhere")))
    elsewhere.store(login("1", "there", "kari"))
    assert find(lake.workspace_id, "user", "kari").visitors == ("u.kari",)
