"""An event of Google Analytics 4, name and parameters, in the words of our own JSON.

The Measurement Protocol sends such events as they are; a hit of gtag is written as one first.
source  PROTOCOLS A.1
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tracking.campaign import CLICK_IDS
from tracking.event import MAX_EXACT_INTEGER, Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.translating import id_text, object_of, order_line, order_lines, plain, said, text_in

NAMES = {"user_engagement": "engagement"}  # as our own tag calls it
CAMPAIGN_DETAILS = "campaign_details"  # the event that says nothing but where the visitor came from
_MONEY = frozenset({"purchase", "refund"})
_CAMPAIGN = {
    "utm_source": ("source", "campaign_source"),
    "utm_medium": ("medium", "campaign_medium"),
    "utm_campaign": ("campaign", "campaign_name"),
    "utm_term": ("term", "campaign_term"),
    "utm_content": ("content", "campaign_content"),
    "utm_id": ("campaign_id",),
}
_CAMPAIGN_WORDS = frozenset(word for words in _CAMPAIGN.values() for word in words)
_TOLD_ELSEWHERE = frozenset({
    "page_location", "page_referrer", "page_title", "language", "session_id", "ga_session_id", "engagement_time_msec",
    "currency", "transaction_id", "items", *CLICK_IDS,
})  # fmt: skip
# What Google matches people by, hashed or not: it is dropped wherever it stands.
_ABOUT_PEOPLE = "user_data"
_LINE = {  # of an order, with the words of Google's tags before GA4
    "id": ("item_id", "id"), "name": ("item_name", "name"), "brand": ("item_brand", "brand"),
    "category": ("item_category", "category"), "variant": ("item_variant", "variant"),
}  # fmt: skip
_LINE_AS_IT_IS = (
    "item_category2", "item_category3", "item_category4", "item_category5", "price", "quantity", "discount", "coupon",
)  # fmt: skip


def fields_of(event: Json) -> Json | Drop:
    """Translate an event; who did it and when, the request says."""
    name = text_in(event, "name")
    if name is None:
        return Drop(DropReason.NAME_REQUIRED, "an event needs a name", "/name")
    params = object_of(event.get("params"))
    campaign = _campaign(name, params)
    money = _money(name, params)
    told = _TOLD_ELSEWHERE | (_CAMPAIGN_WORDS if campaign else frozenset()) | ({"value"} if "value" in money else set())
    return said(
        name=NAMES.get(name, name),
        url=text_in(params, "page_location"),
        referrer=text_in(params, "page_referrer"),
        title=text_in(params, "page_title"),
        language=text_in(params, "language"),
        session_id=id_text(params.get("session_id")) or id_text(params.get("ga_session_id")),
        **campaign,
        **{kind: text_in(params, kind) for kind in CLICK_IDS if kind in params},
        **money,
        properties=_kept(params, told) or None,
    )


def _campaign(name: str, params: Json) -> dict[str, str | None]:
    """Give the campaign; beside `campaign_details`, only where it is whole: `source` alone may be anything."""
    found = {
        tag: next((text for word in words if (text := text_in(params, word))), None) for tag, words in _CAMPAIGN.items()
    }
    is_campaign = name == CAMPAIGN_DETAILS or (found["utm_source"] and found["utm_medium"])
    return found if is_campaign and any(found.values()) else {}


def _money(name: str, params: Json) -> Json:
    """Give the value where it is money: without a currency it is as often a length or a score."""
    currency = params.get("currency")
    money = said(
        transaction_id=id_text(params.get("transaction_id")),
        items=order_lines(params.get("items"), _line),
        type="refund" if name == "refund" else None,
    )
    if params.get("value") is None or (currency in (None, "") and name not in _MONEY):
        return money
    return money | said(value=params["value"], currency=currency)


def _line(item: Json) -> Json:
    named = {part: next((item[word] for word in words if word in item), None) for part, words in _LINE.items()}
    parts = named | {word: item.get(word) for word in _LINE_AS_IT_IS}
    return order_line(**{part: plain(value) for part, value in parts.items()})


def _kept(params: Json, told: frozenset[str]) -> Json:
    """Give the parameters that are properties, and for how long the page was looked at."""
    kept = {
        name: value
        for name, value in params.items()
        if name not in told and not name.startswith(_ABOUT_PEOPLE) and plain(value) not in (None, "")
    }
    return kept | said(engaged_seconds=_engaged_seconds(params))


def _engaged_seconds(params: Mapping[str, Any]) -> Decimal | None:
    spent = id_text(params.get("engagement_time_msec")) or ""
    is_count = spent.isascii() and spent.isdecimal() and len(spent) <= len(str(MAX_EXACT_INTEGER))
    return Decimal(spent) / 1_000 if is_count and spent != "0" else None
