"""One of Umami's payloads in the words of our own JSON; what people are like (data of identify) is not kept.

source  PROTOCOLS A.5
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.translating import object_of, order_line, plain, said, text_in, value_in

NAMES = {"purchase": "purchase", "refund": "refund"}
_VITALS = ("lcp", "inp", "cls", "fcp", "ttfb")
_ORDER_IDS = ("transaction_id", "order_id", "orderId")
_LINE_IDS = ("item_id", "id", "productId", "product_id", "sku")
_WHERE = {"link": "link_click", "pixel": "pixel_view"}  # what Umami's short links and pixels count
DAY_MS = 86_400_000  # the most that Umami takes
_EPOCH = re.compile(r"[0-9]{9,14}")
_HOST = re.compile(r"[^\s/?#\\@]{1,253}")


def fields_of(kind: str, payload: Json, *, belongs_to: str, currency: str | None) -> Json | Drop:
    """Translate a payload.

    kind        the type that stands beside it
    belongs_to  website, link or pixel: the word that its key stands under
    currency    of the source, for revenue without one
    """
    if kind not in KINDS:
        return Drop(DropReason.INVALID_SHAPE, f"the type must be one of {', '.join(KINDS)}", "/type")
    told = KINDS[kind](payload, belongs_to, currency)
    host = text_in(payload, "hostname") or ""
    return said(
        **told,
        time=_time(payload.get("timestamp")),
        user_id=_user(kind, payload),
        url=_whole(text_in(payload, "url"), host),
        referrer=_whole(text_in(payload, "referrer"), host),
        title=text_in(payload, "title"),
        language=text_in(payload, "language"),
        device=text_in(payload, "device"),
        ip=text_in(payload, "ip"),
        user_agent=text_in(payload, "userAgent"),
    )


def _event(payload: Json, belongs_to: str, currency: str | None) -> Json:
    """Read a page view, which has no name, or an event, which has one."""
    name, data = payload.get("name"), dict(object_of(payload.get("data")))
    tag = said(tag=text_in(payload, "tag"))
    if name is None or name == "":
        return said(name=_WHERE.get(belongs_to, "page_view"), properties=data | tag)
    commerce = data.pop("commerce", None)
    if isinstance(commerce, dict):
        return said(**_commerce(commerce, name), properties=data | tag)
    name = NAMES.get(name.lower(), name) if isinstance(name, str) else name
    worth = _worth(data, currency)
    order = _order(data) if name in NAMES.values() else {}
    return said(name=name, **worth, **order, properties=data | tag)


def _identify(_payload: Json, _belongs_to: str, _currency: str | None) -> Json:
    return {"name": "identify"}


def _performance(payload: Json, _belongs_to: str, _currency: str | None) -> Json:
    vitals = {name: plain(payload.get(name)) for name in _VITALS}
    return said(name="performance", properties=said(**vitals))


def _engagement(payload: Json, _belongs_to: str, _currency: str | None) -> Json:
    spent_ms = _exact(payload.get("engagement"))
    properties = {"engaged_seconds": spent_ms / 1_000} if 0 < spent_ms <= DAY_MS else None
    return said(name="engagement", properties=properties)


KINDS: dict[str, Callable[[Json, str, str | None], Json]] = {
    "event": _event,
    "identify": _identify,
    "performance": _performance,
    "engagement": _engagement,
}


def _worth(data: Json, currency: str | None) -> Json:
    """Take revenue out of the data where its currency is known; without one it is a number like any other."""
    if plain(data.get("revenue")) in (None, "") or not (data.get("currency") or currency):
        return {}
    return said(value=data.pop("revenue"), currency=data.pop("currency", None))


def _order(data: Json) -> Json:
    """Take the order's number and its lines out of the data of a purchase."""
    named = next((word for word in _ORDER_IDS if plain(data.get(word)) not in (None, "")), None)
    lines = data.get("items")
    items = None
    if isinstance(lines, list) and all(isinstance(line, dict) for line in lines):
        items = [_line(line) for line in data.pop("items")]
    return said(transaction_id=str(data.pop(named)) if named else None, items=items)


def _commerce(commerce: Json, name: Any) -> Json:
    """Read the structured basket of newer trackers: with `orderId` it is an order, and worth what its lines are."""
    lines = commerce.get("items")
    kept = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    costs = [_exact(commerce.get(part)) for part in ("shipping", "tax")]
    prices = [_exact(line.get("price")) * _exact(line.get("quantity")) for line in kept]
    order = plain(commerce.get("orderId"))
    return said(
        name="purchase" if order else name,
        value=sum(prices, sum(costs, Decimal(0))),
        currency=commerce.get("currency"),
        transaction_id=None if order is None else str(order),
        items=[_line(line) for line in kept],
    )


def _line(line: Json) -> Json:
    parts = {part: plain(line.get(f"item_{part}", line.get(part))) for part in ("name", "brand", "category", "variant")}
    return order_line(
        id=next((plain(line[word]) for word in _LINE_IDS if plain(line.get(word)) is not None), None),
        **parts,
        price=plain(line.get("price")),
        quantity=plain(line.get("quantity")),
        coupon=plain(line.get("coupon")),
    )


def _exact(value: Any) -> Decimal:
    """Give a number that sums stay exact with; anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(0)
    return Decimal(value) if -(10**12) < value < 10**12 else Decimal(0)


def _user(kind: str, payload: Json) -> Any:
    """Give the distinct id; older trackers have it among the data of identify."""
    told = payload.get("id")
    return value_in(payload, "data", "id") if told in (None, "") and kind == "identify" else told


def _time(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _EPOCH.fullmatch(value) else value


def _whole(address: str | None, host: str) -> str | None:
    """Give a path its host: trackers send `/tea` for a page of their own site."""
    if address is None or not address.startswith("/") or address.startswith("//") or not _HOST.fullmatch(host):
        return address
    return f"https://{host}{address}"
