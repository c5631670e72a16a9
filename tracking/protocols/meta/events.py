"""One event of Meta's Conversions API in the words of our own JSON."""

import re
from decimal import Decimal
from typing import Any

from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.translating import fitted_id, id_text, object_of, order_line, order_lines, plain, said, text_in

# What is read of user_data; the rest are hashes of what names a person.
IDS = ("fbp", "external_id", "fbc", "client_ip_address", "client_user_agent")
NAMES = {"pageview": "page_view", "purchase": "purchase"}
# Meta's cookie of the last click: fb, a level, when it was in milliseconds, and what stood in the address.
_CLICK = re.compile(r"fb\.\d{1,2}\.(\d{13})\.(.{1,1000})", re.DOTALL)
# The cookie stays for 90 days. A click that is older than a session's gap did not bring the visitor this time, and
# would give each later visit to Facebook.
_CLICK_MS = 30 * 60 * 1_000
_TOLD_ELSEWHERE = {"value", "currency", "order_id", "contents"}


def fields_of(event: Json) -> Json | Drop:
    """Translate an event; it is Meta's name and id together that tell it from others there, so it is here."""
    name = text_in(event, "event_name")
    if name is None:
        return Drop(DropReason.NAME_REQUIRED, "an event needs its event_name", "/event_name")
    person = object_of(event.get("user_data"))
    bought = object_of(event.get("custom_data"))
    own_id = fitted_id(event.get("event_id"))
    when = _whole(event.get("event_time"))
    return said(
        event_id=fitted_id(f"{name}:{own_id}") if own_id else None,
        name=NAMES.get(name.lower(), name),
        time=event.get("event_time") if when is None else when,
        url=text_in(event, "event_source_url"),
        referrer=text_in(event, "referrer_url"),
        **_person(person, when),
        **_money(bought),
        consent=_consent(event),
        properties=_kept(event, bought) or None,
    )


def _person(person: Json, when: int | None) -> Json:
    return {
        "visitor_id": text_in(person, "fbp"),
        "user_id": _first(person.get("external_id")),
        "fbclid": _click(text_in(person, "fbc"), when),
        "ip": text_in(person, "client_ip_address"),
        "user_agent": text_in(person, "client_user_agent"),
    }


def _click(cookie: str | None, when: int | None) -> str | None:
    """Give the click id of Meta's cookie, where the click brought the visitor this time; `when` in seconds."""
    found = _CLICK.fullmatch(cookie or "")
    if found is None or when is None:
        return None
    return found[2] if abs(when * 1_000 - int(found[1])) <= _CLICK_MS else None


def _money(bought: Json) -> Json:
    return {
        "value": plain(bought.get("value")),
        "currency": bought.get("currency") if bought.get("value") is not None else None,
        "transaction_id": id_text(bought.get("order_id")),
        "items": order_lines(bought.get("contents"), _line),
    }


def _line(content: Json) -> Json:
    return order_line(
        id=plain(content.get("id") or content.get("product_id")),
        name=plain(content.get("title")),
        brand=plain(content.get("brand")),
        category=plain(content.get("category")),
        price=plain(content.get("item_price")),
        quantity=plain(content.get("quantity")),
    )


def _consent(event: Json) -> Json | None:
    """Read Limited Data Use as no ads at all, and Meta's opt-out as no advertising to this person."""
    options = event.get("data_processing_options")
    if isinstance(options, list) and "LDU" in options:
        return {"ads": False, "ad_user_data": False, "ad_personalization": False}
    return {"ad_personalization": False} if event.get("opt_out") is True else None


def _kept(event: Json, bought: Json) -> Json:
    kept = {name: value for name, value in bought.items() if name not in _TOLD_ELSEWHERE and value is not None}
    return kept | said(action_source=text_in(event, "action_source"))


def _first(value: Any) -> str | None:
    """Give an id, or the first of several."""
    return id_text(value[0] if isinstance(value, list) and value else value)


def _whole(value: Any) -> int | None:
    """Give seconds that were sent as a number or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < 10**12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
