"""One of PostHog's events in the words of our own JSON; what people are like ($set) is not kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tracking.campaign import CLICK_IDS, UTM_TAGS
from tracking.consent import PURPOSES
from tracking.event import Drop, DropReason
from tracking.identity import is_nobody, person_of_user
from tracking.protocols.json_items import Json
from tracking.protocols.translating import fitted_id, id_text, object_of, order_line, order_lines, plain, said, text_in

_NAMES = {
    "$pageview": "page_view",
    "$screen": "screen_view",
    "$identify": "identify",
    "$create_alias": "alias",
    "$groupidentify": "group",
    "purchase": "purchase",
    "order completed": "purchase",
    "refund": "refund",
    "order refunded": "refund",
}
# The first one that is there; the latter two are money only beside a currency: they are as often a length or a score.
_REVENUES, _AMOUNTS = ("revenue", "$revenue"), ("value", "price")
_TOLD_ELSEWHERE = {
    *("token", "distinct_id", "alias", "title", "timestamp", "consent"),
    *(*_REVENUES, *_AMOUNTS, "currency", "order_id", "transaction_id", "products"),
    *(*UTM_TAGS, *CLICK_IDS),
}
# PostHog's own properties that say what the visitor did, by the names that they are kept under.
_KEPT_AS = {
    "$group_type": "group_type",
    "$group_key": "group_id",
    "$event_type": "event_type",
    "$el_text": "element_text",
    "$prev_pageview_duration": "page_seconds",
}
_LONGEST_AGO_MS = 10**11  # three years; what is longer is no offset
_COOKIELESS = "$posthog_cookieless"  # everybody's id where the site stores none
# The new protocol's options, by the properties that say the same in the old one.
_OPTIONS = {
    "cookieless_mode": "$cookieless_mode",
    "process_person_profile": "$process_person_profile",
    "disable_skew_correction": "$ignore_sent_at",
}


def of_v1(event: Json) -> Json:
    """Tell an event of the new protocol as the old one does."""
    properties = object_of(event.get("properties")) | said(
        **{"$session_id": text_in(event, "session_id"), "$window_id": text_in(event, "window_id")}
    )
    options = object_of(event.get("options"))
    properties |= {old: options[new] for new, old in _OPTIONS.items() if options.get(new) is not None}
    return event | {"properties": properties}


def fields_of(event: Json) -> Json | Drop:
    """Translate an event."""
    called = text_in(event, "event")
    if called is None and "$set" not in event:
        return Drop(DropReason.NAME_REQUIRED, "an event needs its name", "/event")
    properties = object_of(event.get("properties"))
    called = called or "$set"  # to /engage/, which is only about people
    name = _NAMES.get(called, _NAMES.get(called.strip().lower(), called))
    told: Json = {
        "event_id": _event_id(event, properties),
        "name": name,
        "time": event.get("timestamp") or properties.get("$time"),
        "session_id": text_in(properties, "$session_id"),
    }
    told |= _who(event, properties, name) | _place(properties) | _money(properties, name)
    return said(**told, consent=_consent(properties), properties=_kept(properties, told) or None)


def is_time_exact(event: Json) -> bool:
    """Tell whether the event's time is to be taken as it is."""
    return _is_yes(object_of(event.get("properties")).get("$ignore_sent_at"))


def offset_ms(event: Json) -> int | None:
    """Give how long before it was sent an event happened, for older libraries that say it so."""
    offset = event.get("offset")
    if event.get("timestamp") or isinstance(offset, bool) or not isinstance(offset, int | Decimal):
        return None
    return int(offset) if 0 <= offset <= _LONGEST_AGO_MS else None


def token_in(event: Json) -> str | None:
    """Give the project's key where an event says it itself."""
    stated = (text_in(event, key) for key in ("api_key", "token", "$token"))
    return next((key for key in stated if key), None) or text_in(event, "properties", "token")


def uuid_in(event: Json) -> str | None:
    """Give the client's id of an event."""
    return text_in(event, "uuid")


def _event_id(event: Json, properties: Json) -> str | None:
    ids = (event.get("uuid"), event.get("messageId"), properties.get("$insert_id"), event.get("$insert_id"))
    return next((found for found in map(fitted_id, ids) if found), None)


def _who(event: Json, properties: Json, name: str) -> Json:
    """Say whose event it is.

    In browsers `$device_id` is the visitor's first id, and stays; `distinct_id` becomes the user's. Where there is no
    `$device_id`, PostHog's rule holds: an event is an identified user's unless it says otherwise.
    """
    distinct = _id(event.get("distinct_id")) or _id(properties.get("distinct_id")) or _id(event.get("$distinct_id"))
    if name == "alias":
        return {"visitor_id": _id(properties.get("distinct_id")) or distinct, "user_id": _id(properties.get("alias"))}
    if _is_yes(properties.get("$cookieless_mode")):
        return {"user_id": None if distinct == _COOKIELESS else distinct}
    device = _id(properties.get("$device_id"))
    if name == "identify":
        device = device or _id(properties.get("$anon_distinct_id"))
    if distinct is None or (device != distinct and _is_user(properties, name, device)):
        known = person_of_user(distinct) if distinct else None
        return {"visitor_id": device or known, "user_id": distinct}
    return {"visitor_id": device or distinct}


def _is_user(properties: Json, name: str, device: str | None) -> bool:
    """Tell whether the distinct id is a user's."""
    said_so = properties.get("$is_identified")
    if name == "identify" or said_so is True:
        return True
    if said_so is False:
        return False
    return device is not None or properties.get("$process_person_profile") is not False


def _place(properties: Json) -> Json:
    url, referrer = text_in(properties, "$current_url"), text_in(properties, "$referrer")
    told: Json = {
        "url": url,
        "title": text_in(properties, "title") or text_in(properties, "$title") or text_in(properties, "$screen_name"),
        "referrer": None if referrer == "$direct" else referrer,
        "language": text_in(properties, "$browser_language") or text_in(properties, "$locale"),
        "ip": text_in(properties, "$ip"),
        "user_agent": text_in(properties, "$raw_user_agent") or text_in(properties, "$user_agent"),
    }
    if url is None:
        # With an address its own tags hold: browsers go on sending those of the visit before.
        told |= {tag: text_in(properties, tag) for tag in (*UTM_TAGS, *CLICK_IDS)}
    return told


def _money(properties: Json, name: str) -> Json:
    wanted = (*_REVENUES, *_AMOUNTS) if properties.get("currency") is not None else _REVENUES
    value = next((properties[each] for each in wanted if properties.get(each) is not None), None)
    orders = (_id(properties.get(each)) for each in ("order_id", "transaction_id"))
    return {
        "value": value,
        "currency": properties.get("currency") if value is not None else None,
        "transaction_id": next((order for order in orders if order), None),
        "items": order_lines(properties.get("products"), _line),
        "type": "refund" if name == "refund" else None,
    }


def _line(product: Json) -> Json:
    ids = (plain(product.get(each)) for each in ("product_id", "sku", "id"))
    parts = ("name", "brand", "category", "variant", "price", "quantity", "coupon")
    return order_line(
        id=next((each for each in ids if each is not None), None), **{part: plain(product.get(part)) for part in parts}
    )


def _consent(properties: Json) -> Json | None:
    """Give the purposes that the site answered for; PostHog itself knows no consent, and `consent` may be anything."""
    consent = object_of(properties.get("consent"))
    return consent if consent.keys() & set(PURPOSES) else None


def _kept(properties: Json, told: Mapping[str, Any]) -> Json:
    """Keep the site's own properties; PostHog's say what the event says already, or how its library is doing."""
    own = {name: value for name, value in properties.items() if not name.startswith("$") and value is not None}
    kept = {name: value for name, value in own.items() if name not in _TOLD_ELSEWHERE}
    if told.get("value") is None:
        kept |= {name: own[name] for name in _AMOUNTS if name in own}
    if "consent" in own and _consent(properties) is None:
        kept["consent"] = own["consent"]
    kept |= said(**{ours: plain(properties.get(theirs)) for theirs, ours in _KEPT_AS.items()})
    scrolled = properties.get("$prev_pageview_max_scroll_percentage")
    if isinstance(scrolled, int | Decimal) and 0 <= scrolled <= 1:
        kept["scroll"] = round(100 * scrolled)
    return kept


def _id(value: Any) -> str | None:
    """Give an id as text; None for what programs send where they have none."""
    text = id_text(value)
    return None if text is None or is_nobody(text) else text


def _is_yes(value: Any) -> bool:
    return value is True or value in (1, "1", "true")
