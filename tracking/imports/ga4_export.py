"""One row of GA4's export to BigQuery in the words of our own JSON. Pure.

The export writes int64 as text, money as floating point in the event's currency, and each parameter as a key beside
four columns for its value. What a row says of its visitor's first source ever (`traffic_source`) and what Google
computed of the session's (`session_traffic_source_last_click`) is left out: touches are made of events here.
source  https://support.google.com/analytics/answer/7029846, read in PROTOCOLS A.10
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tracking.campaign import CLICK_IDS
from tracking.digests import digest_of
from tracking.event import MAX_PROPERTIES, Drop, DropReason
from tracking.imports.values import number, short, text, whole
from tracking.protocols.ga4.events import NAMES
from tracking.protocols.translating import order_line, order_lines, plain, said, text_in, value_in

Json = dict[str, Any]  # Any: what stands in the file

MARKS = frozenset({"event_date", "event_timestamp", "event_name"})  # columns by which a file is known
NEXT_TO_EVENT = ("batch_page_id", "batch_ordering_id", "batch_event_index")
_DAY = re.compile("[0-9]{8}")
_VALUES = ("string_value", "int_value", "double_value", "float_value")
_ABOUT_PEOPLE = "user_data"  # what Google matches people by, hashed or not: it is dropped wherever it stands
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}  # "Unset" is: nothing was said
_ORDERINGS = 10_000  # more events than a page sends in one request
# Parameters that have a place of their own among an event's fields, or that only Google's own reports need.
_TOLD_ELSEWHERE = frozenset(
    {"page_location", "page_referrer", "page_title", "ga_session_id", "value", "currency", "transaction_id"}
    | {"source", "medium", "campaign", "campaign_id", "term", "content", "batch_page_id", "batch_ordering_id"}
    | {
        "engagement_time_msec",
        "engaged_session_event",
        "ga_session_number",
        "ignore_referrer",
        "entrances",
        "session_engaged",
        *CLICK_IDS,
    }
)
_CAMPAIGN = {
    "utm_source": "manual_source",
    "utm_medium": "manual_medium",
    "utm_campaign": "manual_campaign_name",
    "utm_id": "manual_campaign_id",
    "utm_term": "manual_term",
    "utm_content": "manual_content",
}


def day_of(row: Mapping[str, Any]) -> str | None:
    """Give the row's day as the property's zone has it, YYYYMMDD: the table that it is from; None for none."""
    day = str(row.get("event_date", ""))
    if not _DAY.fullmatch(day):
        return None
    try:
        datetime.strptime(day, "%Y%m%d")  # noqa: DTZ007  # a date alone
    except ValueError:
        return None
    return day


def fields_of(row: Json) -> Json | Drop:
    """Give the event's fields by docs/reference/collect-api.md; what is wrong with one its reader says later."""
    day, time_us = day_of(row), whole(row.get("event_timestamp"))
    if day is None:
        return Drop(DropReason.TIME_FORMAT, "event_date must be a date such as 20261121", "/event_date")
    if time_us is None:
        return Drop(DropReason.TIME_FORMAT, "event_timestamp must be microseconds since 1970", "/event_timestamp")
    params = values_of(row.get("event_params"))
    return said(
        event_id=_id_of(row),
        name=_name(row.get("event_name")),
        time=Decimal(time_us) / 1_000,  # milliseconds, as the door takes them
        type="refund" if row.get("event_name") == "refund" else None,
        visitor_id=text_in(row, "user_pseudo_id"),
        user_id=text_in(row, "user_id"),
        session_id=text(params.get("ga_session_id")),
        sequence=_sequence(row),
        device=text_in(row, "device", "category"),
        language=text_in(row, "device", "language"),
        **_page(params),
        **_arrival(row, params),
        **_money(row, params),
        items=order_lines(row.get("items"), _line) or None,
        properties=_properties(day, params, row),
    )


def values_of(listed: Any) -> Json:
    """Give `event_params` by key; of a key that comes twice the first."""
    found: Json = {}
    for each in listed if isinstance(listed, list) else ():
        key, value = (each.get("key"), each.get("value")) if isinstance(each, dict) else (None, None)
        if isinstance(key, str) and isinstance(value, dict):
            said_value = next((value[kind] for kind in _VALUES if value.get(kind) is not None), None)
            number = whole(value.get("int_value"))  # int64 comes as text
            found.setdefault(key, number if number is not None and said_value == value["int_value"] else said_value)
    return found


def _id_of(row: Json) -> str:
    """Hash what makes a row what it is, by PROTOCOLS A.10.

    Exports of before July 2024 lack the three numbers of the place within a request, and there several events of a
    request share their time: their own parameters tell them apart.
    """
    parts = [row.get(name) for name in ("user_pseudo_id", "event_timestamp", "event_name", *NEXT_TO_EVENT)]
    if all(row.get(name) is None for name in NEXT_TO_EVENT):
        parts += [row.get("event_bundle_sequence_id"), row.get("event_params"), row.get("items")]
    # Numbers are text in one export and numbers in another.
    return digest_of("ga4_export", *("" if part is None else str(part) for part in parts))


def _name(name: Any) -> Any:
    """Give the name that the event has when Google's tag sends it here."""
    return NAMES.get(name, name) if isinstance(name, str) else name


def _sequence(row: Json) -> int | None:
    ordering, index = whole(row.get("batch_ordering_id")), whole(row.get("batch_event_index"))
    if ordering is None and index is None:
        return None
    return max(0, min(ordering or 0, _ORDERINGS)) * _ORDERINGS + max(0, min(index or 0, _ORDERINGS - 1))


def _page(params: Json) -> Json:
    named = {"url": "page_location", "referrer": "page_referrer", "title": "page_title"}
    return {field: text(params.get(param)) for field, param in named.items()}


def _arrival(row: Json, params: Json) -> Json:
    """Give what brought the visitor, as the event itself has it; the address' own tags are read beside."""
    collected = row.get("collected_traffic_source")
    found = {tag: text(value_in({"of": collected}, "of", name)) for tag, name in _CAMPAIGN.items()}
    clicks = {name: text(value_in({"of": collected}, "of", name)) or text(params.get(name)) for name in CLICK_IDS}
    return found | clicks


def _money(row: Json, params: Json) -> Json:
    """Give value, currency and order; where no currency is named, the amount that Google converted to dollars."""
    name, currency = row.get("event_name"), text(params.get("currency"))
    column = {"purchase": "purchase_revenue", "in_app_purchase": "purchase_revenue", "refund": "refund_value"}.get(
        str(name)
    )
    value = number(value_in(row, "ecommerce", column)) if column else None
    if value is None:
        value = number(params.get("value"))
    in_usd = number(value_in(row, "ecommerce", f"{column}_in_usd")) if column else None
    if currency is None and in_usd is not None:
        value, currency = in_usd, "USD"
    order = text(value_in(row, "ecommerce", "transaction_id")) or text(params.get("transaction_id"))
    is_money = value is not None and (currency is not None or column is not None)
    return said(transaction_id=order, **({"value": value, "currency": currency} if is_money else {}))


def _line(item: Json) -> Json:
    return order_line(
        **{part: text(item.get(f"item_{part}")) for part in ("id", "name", "brand", "category", "variant")},
        price=short(item.get("price")),
        quantity=short(item.get("quantity")),
        coupon=text(item.get("coupon")),
    )


def answers_of(privacy: Any) -> dict[str, bool]:
    """Give what `privacy_info` says of our purposes; empty where nothing was said."""
    if not isinstance(privacy, dict):
        return {}
    answers = {
        "analytics": _ANSWERS.get(str(privacy.get("analytics_storage")).lower()),
        "ads": _ANSWERS.get(str(privacy.get("ads_storage")).lower()),
    }
    return {purpose: answer for purpose, answer in answers.items() if answer is not None}


def _properties(day: str, params: Json, row: Json) -> Json:
    """Give the table's day, by which it is replaced later, and the site's own parameters; what people are like goes."""
    kept: Json = {"event_date": day}
    spent_ms = whole(params.get("engagement_time_msec"))
    if spent_ms is not None and spent_ms > 0:
        kept["engaged_seconds"] = Decimal(spent_ms) / 1_000
    if "value" not in _money(row, params) and plain(params.get("value")) is not None:
        kept["value"] = params["value"]  # without a currency it is as often a length or a score
    own = {key: value for key, value in params.items() if key not in _TOLD_ELSEWHERE | kept.keys()}
    for key, value in own.items():
        if (
            plain(value) is not None and not key.startswith(_ABOUT_PEOPLE) and len(kept) < MAX_PROPERTIES * 2
        ):  # its reader says what was too many
            kept[key] = value
    return kept
