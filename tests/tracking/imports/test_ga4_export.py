"""GA4's export: each row an event with all that it says, or an error with its field."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.imports.ga4_rows import DAY, PURCHASE, START_US, lines, param, row
from tracking.event import Event
from tracking.import_file import UnreadableFileError
from tracking.imports import ga4_export, ga4_reading, reading
from tracking.imports.destination import Destination, Outcome
from tracking.models import Format
from tracking.rules import SourceRules
from tracking.tabular import Imported
from tracking.tabular_rows import RowError

DESTINATION = Destination(
    workspace_id=1,
    rules=SourceRules(source_id=1, currency="NOK"),
    hosts=(),
    salt_of=lambda _day: b"",
    now_us=START_US + 10**12,
)


def outcomes(content: bytes) -> list[Outcome]:
    return list(ga4_reading.outcomes(io.BytesIO(content), DESTINATION))


def event(each: dict[str, Any]) -> Event:
    (outcome,) = outcomes(lines(each))
    assert isinstance(outcome, Imported), outcome
    return outcome.event


def test_a_purchase_brings_its_money_order_lines_consent_and_visitor():
    bought = event(PURCHASE)
    assert (bought.name, bought.visitor_id, bought.user_id) == ("purchase", "1234.5678", "u1")
    assert (bought.value_micros, bought.currency, bought.transaction_id) == (99_500_000, "EUR", "O1")
    assert json.loads(bought.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2},
        {"item_id": "SKU-2", "item_name": "Tea", "price": 50, "quantity": 1},
    ]
    assert json.loads(bought.consent or "") == {
        "analytics": True,
        "ads": False,
        "said": {"analytics": ["consent_mode", bought.time_us], "ads": ["consent_mode", bought.time_us]},
    }
    assert json.loads(bought.properties or "") == {
        "event_date": "20261120",
        "coupon": "NOV",
    }


def test_a_page_view_brings_its_page_its_origin_and_its_device():
    seen = event(
        row(
            params={"page_location": "https://shop.example/tea?utm_content=a", "page_referrer": "https://g.example/"},
            collected_traffic_source={
                "manual_source": "avisa",
                "manual_medium": "(none)",
                "manual_campaign_id": "77",
                "gclid": "Cj0K",
            },
        )
    )
    assert (seen.time_us, seen.session_id, seen.sequence) == (START_US, "1795168800", 10_001)
    assert (seen.host, seen.path, seen.referrer) == ("shop.example", "/tea", "https://g.example/")
    assert (seen.utm_source, seen.utm_medium, seen.utm_id, seen.utm_content) == ("avisa", None, "77", "a")
    assert (seen.click_id_type, seen.click_id) == ("gclid", "Cj0K")
    assert (seen.device, seen.os, seen.browser, seen.language) == ("mobile", "iOS", "Safari", "nb-no")


def test_a_refund_is_negative_and_a_value_without_currency_is_taken_in_dollars():
    back = event(row("refund", params={"currency": "EUR"}, ecommerce={"refund_value": 25.0, "transaction_id": "O1"}))
    assert (back.refund, back.value_micros, back.currency, back.transaction_id) == (True, -25_000_000, "EUR", "O1")
    bought = event(row("purchase", ecommerce={"purchase_revenue": 99.5, "purchase_revenue_in_usd": 108.25}))
    assert (bought.value_micros, bought.currency) == (108_250_000, "USD")


def test_a_value_that_is_no_money_is_a_property():
    scored = event(row("level_end", params={"value": 7}))
    assert (scored.value_micros, json.loads(scored.properties or "")["value"]) == (None, 7)


def test_who_refused_measuring_is_counted_as_nobody_without_click_id():
    seen = event(
        row(
            params={"page_location": "https://shop.example/tea?gclid=abc"},
            user_id="u1",
            privacy_info={"analytics_storage": "No", "ads_storage": "No"},
        )
    )
    assert (seen.user_id, seen.session_id, seen.click_id) == (None, None, None)
    assert seen.visitor_id != "1234.5678"
    assert "gclid" not in (seen.url or "")


def test_what_google_measures_of_engagement_is_kept_as_our_own_tag_sends_it():
    named = [outcome.event.name for outcome in outcomes(lines(*DAY)) if isinstance(outcome, Imported)]
    assert named == ["session_start", "page_view", "engagement", "purchase"]
    spent = event(row("user_engagement", params={"engagement_time_msec": 9_000})).properties
    assert json.loads(spent or "") == {"event_date": "20261120", "engaged_seconds": 9}


def test_the_id_is_of_the_place_in_the_request_and_without_one_of_the_content():
    assert event(row()).event_id == event(row(params={"page_title": "Tea"})).event_id
    assert event(row(index=1)).event_id != event(row(index=2)).event_id
    bare = dict.fromkeys(ga4_export.NEXT_TO_EVENT)
    assert event(row(**bare)).event_id != event(row(params={"page_title": "Tea"}, **bare)).event_id
    numbers = row(batch_page_id=1795168799000, batch_ordering_id=1, batch_event_index=1)
    assert event(numbers).event_id == event(row()).event_id


@pytest.mark.parametrize(
    ("mend", "column", "code"),
    [
        (lambda each: each.pop("event_date"), "event_date", "time_format"),
        (lambda each: each.update(event_date="2026112"), "event_date", "time_format"),
        (lambda each: each.update(event_timestamp="soon"), "event_timestamp", "time_format"),
        (lambda each: each.update(event_timestamp=str(START_US + 10**14)), "time", "time_in_future"),
        (lambda each: each.pop("event_name"), "name", "name_required"),
        (lambda each: each["event_params"].append(param("currency", "ABC")), None, None),
        (
            lambda each: each.update(event_name="purchase", event_params=[param("currency", "ABC"), param("value", 2)]),
            "currency",
            "currency_unknown",
        ),
    ],
    ids=["no day", "bad day", "bad time", "future", "no name", "currency without value", "unknown currency"],
)
def test_a_row_that_is_no_event_says_why(mend: Callable[[dict[str, Any]], object], column: str, code: str):
    each = row()
    mend(each)
    (outcome,) = outcomes(lines(each))
    if code is None:
        assert isinstance(outcome, Imported)
    else:
        assert isinstance(outcome, RowError)
        assert (outcome.line, outcome.column, outcome.code) == (1, column, code)


def test_the_file_is_known_by_its_columns():
    assert reading.detect(io.BytesIO(lines(*DAY))) == Format.GA4
    assert reading.detect(io.BytesIO(lines({"event_name": "a", "time": "2026-11-20"}))) == Format.NDJSON


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_reasons(content: bytes):
    try:
        found = outcomes(content)
    except UnreadableFileError:
        return
    assert all(isinstance(outcome, Imported | RowError) for outcome in found)


# Few texts and shapes, drawn fast: what matters is which kind of value stands where another is meant.
_PLAIN = st.sampled_from([None, True, 0, -5, 2**63, 1e300, "", "x", "12", "-1", "1e999", "NaN", "\x00", "(not set)"])
_JSON = _PLAIN | st.lists(_PLAIN, max_size=2) | st.dictionaries(st.sampled_from(["key", "value", "item_id"]), _PLAIN)


@given(
    st.dictionaries(
        st.sampled_from([*PURCHASE, "collected_traffic_source", "event_bundle_sequence_id"]), _JSON, max_size=6
    )
)
def test_any_values_in_its_columns_give_an_event_or_a_reason(broken: dict[str, Any]):
    (outcome,) = outcomes(lines(PURCHASE | broken))
    assert isinstance(outcome, Imported | RowError)


@given(st.lists(st.tuples(st.sampled_from(["value", "currency", "page_location", "x"]), _JSON), max_size=4))
def test_any_parameters_give_an_event_or_a_reason(pairs: list[tuple[str, Any]]):
    params = [{"key": key, "value": {kind: value}} for key, value in pairs for kind in ("string_value", "int_value")]
    (outcome,) = outcomes(lines(PURCHASE | {"event_params": params, "items": params}))
    assert isinstance(outcome, Imported | RowError)
