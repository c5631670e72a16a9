"""Matomo's visits log: each action of a visit an event, or an error with its visit."""

import gzip
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.importers import applied, found
from tests.tracking.imports.matomo_log import SEARCHED, START, VISIT
from tracking.event import Event
from tracking.import_file import UnreadableFileError
from tracking.imports import json_entries, matomo_reading, reading
from tracking.imports.destination import Destination, Outcome
from tracking.lake.query import query
from tracking.models import Format, Source
from tracking.rules import SourceRules
from tracking.tabular import Imported
from tracking.tabular_rows import RowError

DESTINATION = Destination(
    workspace_id=1,
    rules=SourceRules(source_id=1, currency="NOK"),
    hosts=(),
    salt_of=lambda _day: b"",
    now_us=(START + 10**6) * 10**6,
)


def outcomes(content: bytes) -> list[Outcome]:
    return list(matomo_reading.outcomes(io.BytesIO(content), DESTINATION))


def events(*visits: dict[str, Any]) -> list[Event]:
    read = outcomes(json.dumps(visits).encode())
    assert all(isinstance(each, Imported) for each in read), read
    return [each.event for each in read if isinstance(each, Imported)]


def test_each_action_is_an_event_by_the_names_of_the_door():
    assert [event.name for event in events(VISIT)] == [
        *("page_view", "search", "sent", "matomo_goal_3", "matomo_goal_4"),
        *("file_download", "outbound_click", "purchase", "cart_update", "custom_action"),
    ]


def test_a_visit_says_who_it_was_on_what_and_its_first_action_what_brought_it():
    first, *others = events(VISIT)
    assert (first.visitor_id, first.user_id, first.session_id) == ("0123456789abcdef", "u1", "77")
    assert (first.device, first.browser, first.os, first.language) == ("mobile", "Firefox", "Android", "nb-no")
    assert (first.utm_campaign, first.utm_term, first.utm_source, first.utm_medium) == (
        *("winter", "boots"),
        *("avisa", "newsletter"),
    )
    assert (first.url, first.path, first.title) == ("https://shop.example/tea", "/tea", "Tea")
    assert {other.utm_campaign for other in others} == {None}
    assert [other.sequence for other in others] == list(range(1, 10))
    assert events(SEARCHED)[0].referrer == "https://www.google.com/"


def test_an_order_brings_its_money_and_its_lines_a_goal_its_worth_where_it_has_one():
    by_name = {event.name: event for event in events(VISIT)}
    order = by_name["purchase"]
    assert (order.value_micros, order.currency, order.transaction_id) == (99_500_000, "EUR", "O1")
    assert json.loads(order.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "item_category": "Kitchen", "price": 24.75, "quantity": 2},
        {"item_id": "SKU-2", "item_name": "Tea", "price": 50, "quantity": 1},
    ]
    assert json.loads(order.properties or "") == {"tax": 9.5}
    assert (by_name["matomo_goal_3"].value_micros, by_name["matomo_goal_4"].value_micros) == (None, 12_500_000)
    assert by_name["cart_update"].transaction_id is None


def test_ids_stay_when_the_visit_goes_on_and_two_equal_actions_are_two():
    longer = VISIT | {"actionDetails": [*VISIT["actionDetails"], VISIT["actionDetails"][0]]}
    before, after = ([event.event_id for event in events(visit)] for visit in (VISIT, longer))
    assert after[:-1] == before
    assert len(set(after)) == len(after)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([VISIT, SEARCHED]).encode(),
        json.dumps([VISIT], indent=2).encode() + b"\n" + json.dumps([SEARCHED]).encode(),
        json.dumps(VISIT).encode() + b"\n" + json.dumps(SEARCHED).encode() + b"\n",
        gzip.compress(json.dumps([VISIT, SEARCHED]).encode()),
        b"\xef\xbb\xbf" + json.dumps([VISIT, SEARCHED]).encode(),
    ],
    ids=["a list", "pages of the API one after the other", "lines", "gzip", "with a mark"],
)
def test_the_file_may_be_a_list_or_several_or_lines(content: bytes):
    assert len(outcomes(content)) == 11
    assert reading.detect(io.BytesIO(content)) == Format.MATOMO


def test_what_is_no_visit_is_an_error_and_the_others_count():
    broken = [{"result": "error"}, VISIT | {"actionDetails": [{"type": "action"}, 5]}, SEARCHED]
    codes = [each.code if isinstance(each, RowError) else "" for each in outcomes(json.dumps(broken).encode())]
    assert codes == ["invalid_shape", "time_format", "not_an_object", ""]


def test_a_file_that_was_cut_off_is_not_read():
    with pytest.raises(UnreadableFileError, match="cut off"):
        outcomes(json.dumps([VISIT, SEARCHED]).encode()[:-20])


def test_a_visit_that_spans_many_chunks_is_read_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_entries, "CHUNK_BYTES", 7)
    assert len(outcomes(json.dumps([VISIT, SEARCHED]).encode())) == 11


def test_a_log_is_imported_once(files: Source):
    content = json.dumps([VISIT, SEARCHED]).encode()
    assert found(applied(files, content, name="visits.json")).new == 11
    assert found(applied(files, content, name="visits.json")).duplicates == 11
    names = query(files.workspace_id, "select count(*) as events from events where import_id is not null").to_pylist()
    assert names == [{"events": 11}]


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_give_rows_or_reasons(content: bytes, within: bool):
    whole = b"[" + json.dumps(SEARCHED).encode() + b"," + content + b"]" if within else content
    try:
        read = outcomes(whole)
    except UnreadableFileError:
        return
    assert all(isinstance(each, Imported | RowError) for each in read)


_PLAIN = st.sampled_from([None, True, 0, -5, 2**63, 1e300, "", "x", "12", "1e999", "\x00", [], {}, [{}], START])
_ACTION = st.dictionaries(st.sampled_from([*VISIT["actionDetails"][7], "url", "goalId", "eventAction"]), _PLAIN)


@given(st.dictionaries(st.sampled_from(list(VISIT)), _PLAIN, max_size=4), st.lists(_ACTION, max_size=3))
def test_any_values_give_events_or_reasons(broken: dict[str, Any], actions: list[dict[str, Any]]):
    kinds = [action | {"type": kind} for action in actions for kind in ("ecommerceOrder", "goal", "event", "action", 5)]
    read = outcomes(json.dumps([VISIT | {"actionDetails": kinds} | broken]).encode())
    assert all(isinstance(each, Imported | RowError) for each in read)
