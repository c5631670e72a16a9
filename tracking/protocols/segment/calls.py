"""One of Segment's calls in the words of our own JSON; what people are like (traits) is not kept."""

from typing import Any

from tracking.consents.banners import of_segment
from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.translating import (
    fitted_id,
    id_text,
    object_of,
    order_line,
    order_lines,
    plain,
    said,
    text_in,
    value_in,
)

# The names of Segment's e-commerce specification that are ours by another name.
NAMES = {"order completed": "purchase", "order refunded": "refund"}
_BY_KIND = {"page": "page_view", "screen": "screen_view", "identify": "identify", "alias": "alias", "group": "group"}
# The first one that is there: revenue leaves out tax and shipping, total is what was paid.
_VALUES = ("total", "revenue")
_TOLD_ELSEWHERE = {*_VALUES, "currency", "order_id", "products", "url", "referrer", "title", "path"}
_CAMPAIGN = {
    "source": "source",
    "medium": "medium",
    "campaign": "name",
    "term": "term",
    "content": "content",
    "id": "id",
}


def fields_of(call: Json, kind: str | None = None) -> Json | Drop:
    """Translate a call; `kind` where the address says it and the call does not have to."""
    kind = kind or text_in(call, "type") or ""
    name = _name(call, kind)
    if name is None:
        return Drop(DropReason.NAME_REQUIRED, "a track call needs its event, any other its type", "/event")
    properties = object_of(call.get("properties")) if kind in {"track", "page", "screen"} else {}
    context = object_of(call.get("context"))
    who = {"visitor_id": call.get("anonymousId"), "user_id": call.get("userId")}
    if kind == "alias":
        who = {"visitor_id": call.get("previousId"), "user_id": call.get("userId")}
    return said(
        event_id=fitted_id(call.get("messageId")),
        name=name,
        time=call.get("timestamp"),
        **who,
        **_place(context, properties),
        **_money(properties, name),
        consent=_consent(context),
        properties=_kept(call, properties, kind),
    )


def _name(call: Json, kind: str) -> str | None:
    if kind != "track":
        return _BY_KIND.get(kind)
    event = text_in(call, "event")
    return NAMES.get(event.strip().lower(), event) if event else None


def _place(context: Json, properties: Json) -> Json:
    """Say where it happened, on what, and what brought the visitor."""
    page: dict[str, Any] = {
        part: text_in(properties, part) or text_in(context, "page", part) for part in ("url", "referrer", "title")
    }
    campaign = {f"utm_{ours}": text_in(context, "campaign", theirs) for ours, theirs in _CAMPAIGN.items()}
    session = value_in(context, "sessionId")
    return (
        page
        | campaign
        | {
            "session_id": session if isinstance(session, str | int) and not isinstance(session, bool) else None,
            "language": text_in(context, "locale"),
            "ip": text_in(context, "ip"),
            "user_agent": text_in(context, "userAgent"),
        }
    )


def _money(properties: Json, name: str) -> Json:
    value = next((properties[each] for each in _VALUES if properties.get(each) is not None), None)
    if value is None and properties.get("currency") is not None:
        value = properties.get("value")  # without a currency it is as often a length or a score
    return {
        "value": value,
        "currency": properties.get("currency") if value is not None else None,
        "transaction_id": id_text(properties.get("order_id")),
        "items": order_lines(properties.get("products"), _line),
        "type": "refund" if name == "refund" else None,
    }


def _line(product: Json) -> Json:
    return order_line(
        id=plain(product.get("product_id") or product.get("sku")),
        **{part: plain(product.get(part)) for part in ("name", "brand", "category", "variant", "coupon")},
        price=plain(product.get("price")),
        quantity=plain(product.get("quantity")),
    )


def _consent(context: Json) -> Json | None:
    return next((dict(each.answers) for each in of_segment(context, at_us=0)), None)  # it holds at the call's own time


def _kept(call: Json, properties: Json, kind: str) -> Json | None:
    kept = {name: value for name, value in properties.items() if name not in _TOLD_ELSEWHERE and value is not None}
    if kind in {"page", "screen"}:
        kept |= said(page_name=text_in(call, "name"), page_category=text_in(call, "category"))
    if kind == "group":
        kept |= said(group_id=plain(call.get("groupId")))
    return kept or None
