"""Rows as GA4 exports them to BigQuery, for tests: int64 as text, parameters beside four columns."""

import json
from typing import Any

START_US = 1_795_168_800_000_000  # 2026-11-20 10:00 UTC


def param(key: str, value: object) -> dict[str, Any]:
    kind = {int: "int_value", float: "double_value"}.get(type(value), "string_value")
    return {"key": key, "value": {kind: str(value) if isinstance(value, int) else value}}


def row(
    name: str = "page_view",
    *,
    day: str = "20261120",
    at_us: int = START_US,
    visitor: str | None = "1234.5678",
    params: dict[str, object] | None = None,
    index: int = 1,
    **columns: Any,
) -> dict[str, Any]:
    said = {"ga_session_id": 1_795_168_800, "page_location": "https://shop.example/tea"} | (params or {})
    return {
        "event_date": day,
        "event_timestamp": str(at_us),
        "event_name": name,
        "event_params": [param(key, value) for key, value in said.items()],
        "user_pseudo_id": visitor,
        "batch_page_id": "1795168799000",
        "batch_ordering_id": "1",
        "batch_event_index": str(index),
        "device": {
            "category": "mobile",
            "language": "nb-no",
            "operating_system": "iOS",
            "web_info": {"browser": "Safari"},
        },
    } | columns


PURCHASE = row(
    "purchase",
    at_us=START_US + 60_000_000,
    index=3,
    params={"currency": "EUR", "transaction_id": "O1", "value": 99.5, "coupon": "NOV"},
    user_id="u1",
    ecommerce={"purchase_revenue": 99.499999999999986, "purchase_revenue_in_usd": 108.0, "transaction_id": "O1"},
    items=[
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": "2", "item_category": "(not set)"},
        {"item_id": "SKU-2", "item_name": "Tea", "price": 50.0, "quantity": "1"},
    ],
    privacy_info={"analytics_storage": "Yes", "ads_storage": "No", "uses_transient_token": "No"},
    user_properties=[param("plan", "gold")],
)
DAY = [
    row("session_start", index=0),
    row(params={"page_referrer": "https://www.google.com/"}),
    row("user_engagement", at_us=START_US + 10_000_000, params={"engagement_time_msec": 9_000}),
    PURCHASE,
]


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)
