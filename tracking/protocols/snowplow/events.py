"""One of Snowplow's hits in the words of our own JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.snowplow.hits import Entity, Hit
from tracking.protocols.snowplow.orders import ECOMMERCE, Lines, of_action, of_line, of_order
from tracking.protocols.translating import fitted_id, said, text_in

_SNOWPLOW = "com.snowplowanalytics.snowplow"
# Schemas of Snowplow's own attachments, which describe the tracker, and of browsers' interfaces.
_TRACKERS_OWN = ("com.snowplowanalytics.", "org.w3", "org.ietf", "com.google.analytics", "com.google.tag-manager")
# What a visitor typed into a form is nobody's business here.
_TYPED = {"change_form": {"value"}, "focus_form": {"value"}, "submit_form": {"elements"}}
_NOBODY = "00000000-0000-0000-0000-000000000000"  # the visitor of trackers that were told to know none


def fields_of(hit: Hit, lines: Lines) -> Json | Drop:
    """Translate a hit.

    lines  the order lines among the hits of the same request
    """
    translate = _KINDS.get(hit.text("e") or "")
    if translate is None:
        return Drop(DropReason.NAME_REQUIRED, f"e is one of {', '.join(_KINDS)}", "/e")
    told = translate(hit, lines)
    if isinstance(told, Drop):
        return told
    properties = _custom(hit) | (told.get("properties") or {})
    common = {"event_id": fitted_id(hit.text("eid")), "time": _time(hit)} | _who(hit) | _place(hit)
    return said(**(common | told | {"properties": properties or None}))


def sent_at(hits: list[Hit]) -> Any:  # Any: JSON that is read as a time
    """Give the client's clock when it sent, in milliseconds; None where it does not say."""
    stated = [text for hit in hits if (text := hit.text("stm"))]
    return max((int(text) for text in stated if _is_count(text)), default=None)


def is_time_exact(hit: Hit) -> bool:
    """Tell whether the hit has its true time, which the tracker's owner gave and no clock."""
    return hit.text("ttm") is not None


def _time(hit: Hit) -> int | str | None:
    text = hit.text("ttm") or hit.text("dtm")
    return int(text) if text is not None and _is_count(text) else text


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16


def _who(hit: Hit) -> Json:
    session = hit.attached(_SNOWPLOW, "client_session")
    visitors = (hit.text("duid"), text_in(session, "userId"), hit.text("tnuid"), hit.text("nuid"))
    return {
        "visitor_id": next((each for each in visitors if each and each != _NOBODY), None),
        "user_id": hit.text("uid"),
        "session_id": text_in(session, "sessionId") or hit.text("sid"),
    }


def _place(hit: Hit) -> Json:
    names = {"url": "url", "page": "title", "refr": "referrer", "lang": "language", "ip": "ip", "ua": "user_agent"}
    return {ours: hit.text(theirs) for theirs, ours in names.items()}


def _view(_hit: Hit, _lines: Lines) -> Json:
    return {"name": "page_view"}


def _ping(hit: Hit, _lines: Lines) -> Json:
    """Tell that the page is still looked at, and how much of its height was seen."""
    offset, seen, whole = hit.text("pp_may"), _height(hit, "vp"), _height(hit, "ds")
    if not offset or not _is_count(offset) or not seen or not whole:
        return {"name": "engagement"}
    return {"name": "engagement", "properties": {"scroll": min(100, round(100 * (int(offset) + seen) / whole))}}


def _height(hit: Hit, name: str) -> int | None:
    """Give the height of a size, "1280x800"."""
    height = (hit.text(name) or "").partition("x")[2]
    return int(height) if _is_count(height) else None


def _structured(hit: Hit, _lines: Lines) -> Json:
    names = {"se_ca": "category", "se_la": "label", "se_pr": "property"}
    properties = {ours: hit.text(theirs) for theirs, ours in names.items()} | {"value": hit.number("se_va")}
    return {"name": hit.text("se_ac"), "properties": said(**properties)}


def _unstructured(hit: Hit, _lines: Lines) -> Json | Drop:
    event = hit.event
    if event is None or not event.name:
        return Drop(DropReason.INVALID_SHAPE, "an unstructured event needs its schema and data", "/ue_pr")
    if event.vendor == ECOMMERCE and event.name == "snowplow_ecommerce_action":
        return of_action(hit, event.data)
    typed = _TYPED.get(event.name, ())
    return {"name": event.name, "properties": {k: v for k, v in event.data.items() if k not in typed}}


def _custom(hit: Hit) -> Json:
    """Give what the site itself attached, each thing by its name; of several of one name the first."""
    kept: Json = {}
    for each in hit.contexts:
        if each.name and not _is_trackers_own(each):
            kept.setdefault(each.name, each.data)
    return kept


def _is_trackers_own(entity: Entity) -> bool:
    return entity.vendor.startswith(_TRACKERS_OWN)


_KINDS: Mapping[str, Callable[[Hit, Lines], Json | Drop]] = {
    "pv": _view,
    "pp": _ping,
    "se": _structured,
    "ue": _unstructured,
    "tr": of_order,
    "ti": lambda hit, _lines: of_line(hit),
}
