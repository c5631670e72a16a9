"""Conversions from a CRM become events of the visitors whose they are, once; the others are kept with their reason."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tracking.importers import again, applied, checked, found
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import work
from tracking.conversions.keeping import KEPT, retry
from tracking.derive import derive
from tracking.imports import reading
from tracking.lake.writer import drain
from tracking.models import Format, ImportState, Kind, Source, UnmatchedConversion
from workspaces import scope
from workspaces.models import Workspace

CLICK, SALE = NOON - timedelta(days=3), NOON - timedelta(days=1)
HEADER = (
    "Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Google Click ID,Order ID,Customer ID,Email\n"
)
GRANTED = '{"analytics":true,"ads":true}'


@pytest.fixture
def site(shop: Workspace) -> Lake:
    """A site that a click, an order and a signed-in visitor came to."""
    lake = Lake(make_source(shop, slug="site"))
    lake.take(
        make_event("c1", at=CLICK, visitor="ann", click_id_type="gclid", click_id="Cj1", consent=GRANTED),
        make_event("p1", name="purchase", at=CLICK, visitor="bob", user_id="b7", transaction_id="O1"),
        make_event("l1", name="login", at=CLICK, visitor="cat", user_id="c9", consent=GRANTED),
    )
    return lake


@pytest.fixture
def crm(shop: Workspace) -> Source:
    return make_source(shop, slug="crm", kind=Kind.SERVER)


def rows(*texts: str) -> bytes:
    return (HEADER + "".join(f"{text}\n" for text in texts)).encode()


def row(name: str, *, click: str = "", order: str = "", user: str = "", email: str = "", at: datetime = SALE) -> str:
    return f"{name},{at.isoformat()},1500.00,NOK,{click},{order},{user},{email}"


def sold(lake: Lake) -> dict[str, dict[str, Any]]:
    return {event["name"]: event for event in lake.rows("select * from events where protocol = 'conversions'")}


def test_each_is_given_to_the_visitor_of_its_click_its_order_or_its_user(site: Lake, crm: Source):
    content = rows(row("signed", click="Cj1"), row("paid", order="O1"), row("renewed", user="c9"))
    done = applied(crm, content)
    assert (done.format, done.state, found(done).new, found(done).left_out) == (
        Format.CONVERSIONS,
        ImportState.DONE,
        3,
        0,
    )
    events = sold(site)
    assert {name: (each["visitor_id"], each["user_id"]) for name, each in events.items()} == {
        "signed": ("ann", None),
        "paid": ("bob", "b7"),
        "renewed": ("cat", "c9"),
    }
    signed = events["signed"]
    assert (signed["value_micros"], signed["currency"], signed["time"]) == (1_500_000_000, "NOK", SALE)
    assert (signed["click_id"], signed["consent"], signed["import_id"]) == (None, GRANTED, done.pk)
    assert json.loads(signed["properties"]) == {"matched_by": "click_id"}


def test_the_click_keeps_its_credit_the_conversion_is_no_click(site: Lake, crm: Source):
    applied(crm, rows(row("signed", click="Cj1")))
    paid = [touch for touch in site.touches() if touch["paid"]]
    assert [(touch["event_id"], touch["person_id"]) for touch in paid] == [("c1", "ann")]


UNKNOWN = {
    "click_not_seen": row("a", click="Cj9"),
    "before_click": row("b", click="Cj1", at=CLICK - timedelta(hours=1)),
    "transaction_not_seen": row("c", order="O9"),
    "user_not_seen": row("d", user="nobody9"),
    "email_not_stored": row("e", email="ann@example.com"),
    "nothing_to_match": row("f"),
}


def test_those_that_are_nobodys_are_kept_and_counted_by_their_reason(site: Lake, crm: Source):
    done = applied(crm, rows(*UNKNOWN.values(), row("signed", click="Cj1")))
    said = found(done)
    assert (said.rows, said.new, said.left_out, said.rejected) == (7, 1, 6, 0)
    assert said.left_out_as == dict.fromkeys(UNKNOWN, 1)
    with scope.in_workspace(crm.workspace_id):
        kept = UnmatchedConversion.objects.values_list("reason", "import_row")
        assert set(kept) == {(reason, done.pk) for reason in UNKNOWN}
    assert b"ann@example.com" not in b"".join(_kept(crm))
    assert set(sold(site)) == {"signed"}


def test_what_the_first_clue_does_not_find_the_next_one_may(site: Lake, crm: Source):
    applied(crm, rows(row("signed", click="Cj9", order="O1", user="c9")))
    assert sold(site)["signed"]["visitor_id"] == "bob"


def test_the_same_file_again_and_a_corrected_value_count_nothing_twice(site: Lake, crm: Source):
    content = rows(row("signed", click="Cj1"), row("lost", click="Cj9"))
    applied(crm, content)
    second = found(applied(crm, content))
    assert (second.new, second.duplicates, second.conflicts, second.left_out) == (0, 1, 0, 1)
    corrected = found(applied(crm, content.replace(b"1500.00", b"1700.00")))
    assert (corrected.new, corrected.conflicts) == (0, 1)
    assert sold(site)["signed"]["value_micros"] == 1_500_000_000
    with scope.in_workspace(crm.workspace_id):
        assert UnmatchedConversion.objects.count() == 1


def test_what_waits_is_matched_by_night_when_its_click_has_come(site: Lake, crm: Source):
    first = applied(crm, rows(row("signed", click="Cj9")))
    site.take(make_event("c9", at=CLICK, visitor="dan", click_id_type="gclid", click_id="Cj9"))
    work.purge(NOON)
    drain(crm.workspace_id, NOON)
    derive(crm.workspace_id, NOON)
    signed = sold(site)["signed"]
    assert (signed["visitor_id"], signed["import_id"]) == ("dan", first.pk)
    with scope.in_workspace(crm.workspace_id):
        assert not UnmatchedConversion.objects.exists()
        assert retry(crm.workspace_id, now=NOON) == 0


def test_what_waited_too_long_goes(site: Lake, crm: Source):
    applied(crm, rows(row("signed", click="Cj9")))
    with scope.in_workspace(crm.workspace_id):
        retry(crm.workspace_id, now=NOON + KEPT + timedelta(seconds=1))
        assert not UnmatchedConversion.objects.exists()


def test_the_file_is_known_and_its_row_key_is_what_does_not_change(crm: Source):
    assert reading.detect(io.BytesIO(rows(row("a")))) == Format.CONVERSIONS
    checked_row = checked(crm, rows(row("signed", click="Cj1", order="O1")))
    assert checked_row.mapping["id_from"] == ["Conversion Name", "Conversion Time", "Google Click ID", "Order ID"]
    assert found(again(checked_row)).faults == []


def _kept(source: Source) -> list[bytes]:
    with scope.in_workspace(source.workspace_id):
        return [bytes(event) for event in UnmatchedConversion.objects.values_list("event", flat=True)]
