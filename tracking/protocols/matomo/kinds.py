"""What one of Matomo's requests says happened: its name in our words, its worth, and what it is about.

A request may have the marks of several kinds; the first in KINDS that knows it wins, as in Matomo.
"""

import re
from collections.abc import Callable, Mapping

from tracking.campaign import host_of
from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.matomo.values import lines_of, number
from tracking.protocols.translating import said

Told = Mapping[str, str]
Kind = Callable[[Told], Json | Drop | None]
_GOAL = re.compile(r"[0-9]{1,9}")
_TOTALS = {"ec_st": "subtotal", "ec_tx": "tax", "ec_sh": "shipping", "ec_dt": "discount"}
_PRODUCT = {"_pks": "product_sku", "_pkn": "product_name", "_pkc": "product_category", "_pkp": "product_price"}
_AMOUNTS = {*_TOTALS, "_pkp"}
_CONTENT = {"c_n": "content_name", "c_p": "content_piece", "c_t": "content_target", "c_i": "content_interaction"}


def kind_of(told: Told, url: str | None) -> Json | Drop:
    """Give name, value, transaction_id, items and properties of what happened."""
    found = next((kind for each in KINDS if (kind := each(told)) is not None), None)
    if found is not None:
        return found
    if url is None and not told.get("action_name"):
        return Drop(DropReason.INVALID_SHAPE, "a page view needs its url, or an action_name", "/url")
    return {"name": "page_view", "properties": _named(told, _PRODUCT)}


def _heartbeat(told: Told) -> Json | None:
    return {"name": "engagement"} if told.get("ping") == "1" else None


def _goal(told: Told) -> Json | None:
    """Read a goal that the page says was reached; number 0 is the shop: an order, or what is in the cart."""
    goal = told.get("idgoal", "").strip()
    if not _GOAL.fullmatch(goal):
        return None
    worth = said(value=told.get("revenue", "").strip())
    if int(goal):
        return worth | {"name": f"matomo_goal_{int(goal)}"}
    lines, order = told.get("ec_items", ""), told.get("ec_id", "").strip()
    items = lines_of(lines)
    unread = {"ec_items": lines} if lines and items is None else {}
    properties = _named(told, _TOTALS) | unread
    return worth | said(
        name="purchase" if order else "cart_update", transaction_id=order, items=items, properties=properties
    )


def _event(told: Told) -> Json | Drop | None:
    category, action = told.get("e_c", "").strip(), told.get("e_a", "").strip()
    if not category and not action:
        return None
    if not category or not action:
        return Drop(DropReason.NAME_REQUIRED, "an event needs its category and its action", "/e_a")
    properties = {"event_category": category, **_named(told, {"e_n": "event_name"})}
    value = told.get("e_v", "").strip()
    return {"name": action, "properties": properties | ({"event_value": number(value)} if value else {})}


def _search(told: Told) -> Json | None:
    if not told.get("search"):
        return None
    properties = {"search_term": told["search"], **_named(told, {"search_cat": "search_category"})}
    count = told.get("search_count", "").strip()
    return {"name": "search", "properties": properties | ({"search_count": number(count)} if count else {})}


def _download(told: Told) -> Json | None:
    address = told.get("download")
    if not address:
        return None
    file = address.partition("?")[0].rpartition("/")[2]
    extension = file.rpartition(".")[2].lower() if "." in file else None
    return {
        "name": "file_download",
        "properties": said(link_url=address.partition("?")[0], file_name=file, file_extension=extension),
    }


def _link(told: Told) -> Json | None:
    address = told.get("link")
    if not address:
        return None
    without_query = address.partition("?")[0]
    return {"name": "outbound_click", "properties": said(link_url=without_query, link_domain=host_of(address))}


def _content(told: Told) -> Json | None:
    if not told.get("c_n"):
        return None
    name = "content_interaction" if told.get("c_i") else "content_impression"
    return {"name": name, "properties": _named(told, _CONTENT)}


def _plugin(told: Told) -> Json | None:
    """Read what Matomo's plugins send of their own (forms, media, crashes): it happened, and is no page view."""
    return {"name": "custom_action"} if told.get("ca") == "1" else None


KINDS: tuple[Kind, ...] = (_heartbeat, _goal, _event, _search, _download, _link, _content, _plugin)


def _named(told: Told, names: Mapping[str, str]) -> Json:
    """Give what is there of some parameters by our names; amounts as numbers."""
    there = {name: told[name] for name in names if told.get(name)}
    return {names[name]: number(value) if name in _AMOUNTS else value for name, value in there.items()}
