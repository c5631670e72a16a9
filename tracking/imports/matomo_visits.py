"""Visits of Matomo's visits log in the words of our own JSON: each action of a visit is an event. Pure.

The names are those that Matomo's own tracking requests get at the door (tracking.protocols.matomo), so that a goal
counts history and what comes after it alike.
source  Live.getLastVisitsDetails, PROTOCOLS A.10
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tracking.campaign import host_of
from tracking.digests import digest_of
from tracking.event import Drop, DropReason
from tracking.imports.values import number, short, text, whole
from tracking.protocols.translating import order_line, order_lines, said

Json = dict[str, Any]  # Any: what stands in the file

MARKS = frozenset({"idVisit", "actionDetails"})  # members by which a visit is known
_DEVICES = {"desktop": "desktop", "smartphone": "mobile", "phablet": "mobile", "feature phone": "mobile"} | {
    device: device for device in ("tablet", "tv")
}
_CAMPAIGN = {
    "utm_campaign": ("campaignName", "referrerName"),
    "utm_term": ("campaignKeyword", "referrerKeyword"),
    "utm_source": ("campaignSource",),
    "utm_medium": ("campaignMedium",),
    "utm_content": ("campaignContent",),
    "utm_id": ("campaignId",),
}
_TOTALS = {
    "subtotal": "revenueSubTotal",
    "tax": "revenueTax",
    "shipping": "revenueShipping",
    "discount": "revenueDiscount",
}


def events_of(visit: Json) -> Iterator[Json | Drop]:
    """Give the fields of each action's event by docs/reference/collect-api.md, in their order; or why there is none."""
    actions = visit.get("actionDetails")
    number_of_visit = text(visit.get("idVisit"))
    if number_of_visit is None or not isinstance(actions, list):
        yield Drop(DropReason.INVALID_SHAPE, "a visit has idVisit and actionDetails", "/idVisit")
        return
    seen: Counter[tuple[str | None, ...]] = Counter()
    for place, action in enumerate(actions):
        if not isinstance(action, dict):
            yield Drop(DropReason.NOT_AN_OBJECT, "an action is an object", f"/actionDetails/{place}")
            continue
        seconds = whole(action.get("timestamp"))
        if seconds is None:
            yield Drop(DropReason.TIME_FORMAT, "an action has its timestamp in seconds", "/timestamp")
            continue
        known_by = (number_of_visit, str(seconds), *_known_by(action))
        seen[known_by] += 1
        yield said(
            **_kind_of(action, visit),
            event_id=_id_of(visit, (*known_by, str(seen[known_by]))),
            time=seconds,
            sequence=place,
            url=text(action.get("url")),
            title=text(action.get("pageTitle")),
            **_visitor(visit, number_of_visit),
            **(_arrival(visit) if place == 0 else {}),
        )


def agent_of(visit: Json) -> dict[str, str]:
    """Give browser and system as Matomo found them."""
    return said(browser=text(visit.get("browserName")), os=text(visit.get("operatingSystemName")))


def _visitor(visit: Json, number_of_visit: str) -> Json:
    device = str(visit.get("deviceType", "")).lower()
    return {
        "visitor_id": text(visit.get("visitorId")),
        "user_id": text(visit.get("userId")),
        "session_id": number_of_visit,
        "device": _DEVICES.get(device, "other" if device else None),
        "language": text(visit.get("languageCode")),
    }


def _arrival(visit: Json) -> Json:
    """Give what brought the visit, which Matomo keeps beside the actions."""
    kind = visit.get("referrerType")
    if kind == "campaign":
        tags = {tag: _first(visit, names) for tag, names in _CAMPAIGN.items()}
        return tags | {"referrer": text(visit.get("referrerUrl"))}
    if kind in (None, "direct"):
        return {}
    return {"referrer": _first(visit, ("referrerUrl", "referrerSearchEngineUrl", "referrerSocialNetworkUrl"))}


def _first(visit: Json, names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := text(visit.get(name)))), None)


def _known_by(action: Json) -> tuple[str | None, ...]:
    """Give what tells an action from the others of its visit and second."""
    names = ("type", "url", "orderId", "goalId", "eventCategory", "eventAction", "eventName", "siteSearchKeyword")
    return tuple(text(action.get(name)) for name in names)


def _id_of(visit: Json, parts: tuple[str | None, ...]) -> str:
    return digest_of("matomo_visits", text(visit.get("idSite")) or "", *(part or "" for part in parts))


def _kind_of(action: Json, visit: Json) -> Json:
    kind = action.get("type")
    return _KINDS.get(kind if isinstance(kind, str) else "", _other)(action, visit)


def _page(_action: Json, _visit: Json) -> Json:
    return {"name": "page_view"}


def _event(action: Json, _visit: Json) -> Json:
    properties = said(
        event_category=text(action.get("eventCategory")),
        event_name=text(action.get("eventName")),
        event_value=number(action.get("eventValue")),
    )
    return said(name=text(action.get("eventAction")), properties=properties)


def _goal(action: Json, visit: Json) -> Json:
    goal = whole(action.get("goalId"))
    name = f"matomo_goal_{goal}" if goal is not None else None
    return said(name=name, properties=said(goal_name=text(action.get("goalName"))), **_worth(action, visit))


def _order(action: Json, visit: Json) -> Json:
    totals = {name: short(action.get(theirs)) for name, theirs in _TOTALS.items()}
    properties = {name: total for name, total in totals.items() if total}
    order = text(action.get("orderId"))
    is_order = action.get("type") == "ecommerceOrder"
    return said(
        name="purchase" if is_order else "cart_update",
        transaction_id=order if is_order else None,
        items=order_lines(action.get("itemDetails"), _line) or None,
        properties=properties,
        **_worth(action, visit, has_value=is_order),
    )


def _worth(action: Json, visit: Json, *, has_value: bool = False) -> Json:
    """Give the amount; that of a goal is 0 where it has none, an order of 0 was given away."""
    value, currency = short(action.get("revenue")), text(visit.get("siteCurrency"))
    return {"value": value, "currency": currency} if value or (has_value and value is not None) else {}


def _line(item: Json) -> Json:
    return order_line(
        id=text(item.get("itemSKU")),
        name=text(item.get("itemName")),
        category=text(item.get("itemCategory")),
        price=short(item.get("price")),
        quantity=short(item.get("quantity")),
    )


def _download(action: Json, _visit: Json) -> Json:
    address = (text(action.get("url")) or "").partition("?")[0]
    file = address.rpartition("/")[2]
    return {"name": "file_download", "properties": said(link_url=address, file_name=file)}


def _outlink(action: Json, _visit: Json) -> Json:
    address = (text(action.get("url")) or "").partition("?")[0]
    return {"name": "outbound_click", "properties": said(link_url=address, link_domain=host_of(address))}


def _search(action: Json, _visit: Json) -> Json:
    properties = said(
        search_term=text(action.get("siteSearchKeyword")),
        search_category=text(action.get("siteSearchCategory")),
        search_count=whole(action.get("siteSearchCount")),
    )
    return {"name": "search", "properties": properties}


def _other(action: Json, _visit: Json) -> Json:
    """Keep what Matomo's plugins add (forms, media, contents): it happened, and is no page view."""
    return {"name": "custom_action", "properties": said(type=text(action.get("type")))}


_KINDS: Mapping[str, Callable[[Json, Json], Json]] = {
    "action": _page,
    "event": _event,
    "goal": _goal,
    "ecommerceOrder": _order,
    "ecommerceAbandonedCart": _order,
    "download": _download,
    "outlink": _outlink,
    "search": _search,
}
