"""What Snowplow's trackers tell of orders: its e-commerce actions, and the hits tr and ti of older trackers."""

from collections import defaultdict
from collections.abc import Iterable

from tracking.protocols.json_items import Json
from tracking.protocols.snowplow.hits import Hit
from tracking.protocols.translating import id_text, order_line, plain, said, text_in
from tracking.uncounted import ORDER_LINE

ECOMMERCE = "com.snowplowanalytics.snowplow.ecommerce"

Lines = dict[tuple[str | None, str | None], list[Json]]  # by app and order


def lines_in(hits: Iterable[Hit]) -> Lines:
    """Give the order lines that are among a request's hits: older trackers send them behind their order."""
    lines: Lines = defaultdict(list)
    for hit in hits:
        if hit.text("e") == "ti":
            lines[hit.text("aid"), hit.text("ti_id")].append(_line(hit))
    return lines


def of_order(hit: Hit, lines: Lines) -> Json:
    """Tell of an order (e=tr), with the lines that came in the same request."""
    return {
        "name": "purchase",
        "transaction_id": hit.text("tr_id"),
        "value": hit.number("tr_tt"),
        "currency": hit.text("tr_cu"),
        "items": lines.get((hit.text("aid"), hit.text("tr_id"))) or None,
        "properties": said(tax=hit.number("tr_tx"), shipping=hit.number("tr_sh"), affiliation=hit.text("tr_af")),
    }


def of_line(hit: Hit) -> Json:
    """Tell of an order's line (e=ti), which is no order."""
    return {"name": ORDER_LINE, "transaction_id": hit.text("ti_id"), "items": [_line(hit)]}


def of_action(hit: Hit, action: Json) -> Json:
    """Tell of an e-commerce action: an order, a refund, or one that is named by its type."""
    kind = text_in(action, "type") or "ecommerce_action"
    told = {"name": kind, "items": _products(hit), "properties": {k: v for k, v in action.items() if k != "type"}}
    if kind == "transaction":
        return told | _amount(hit.attached(ECOMMERCE, "transaction"), "purchase", "revenue")
    if kind == "refund":
        return told | _amount(hit.attached(ECOMMERCE, "refund"), "refund", "refund_amount")
    return told


def _amount(stated: Json, name: str, worth: str) -> Json:
    kept = {key: value for key, value in stated.items() if key not in {"transaction_id", worth, "currency"}}
    return {
        "name": name,
        "transaction_id": id_text(stated.get("transaction_id")),
        "value": plain(stated.get(worth)),
        "currency": stated.get("currency"),
        "properties": kept,
    }


def _products(hit: Hit) -> list[Json] | None:
    products = [each.data for each in hit.contexts if each.vendor == ECOMMERCE and each.name == "product"]
    parts = ("id", "name", "brand", "category", "variant", "price", "quantity")
    return [order_line(**{part: plain(product.get(part)) for part in parts}) for product in products] or None


def _line(hit: Hit) -> Json:
    return order_line(
        id=hit.text("ti_sk"),
        name=hit.text("ti_nm"),
        category=hit.text("ti_ca"),
        price=hit.number("ti_pr"),
        quantity=hit.number("ti_qu"),
    )
