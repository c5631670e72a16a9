"""Rows of numbers to the Arrow columns of the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from measureplan.demo import ids
from measureplan.demo.arrivals import ARRIVALS, CLICK_ID_STARTS, PAGE_PRODUCT, REFERRERS
from measureplan.demo.catalogue import CURRENCY, HOST, PAGES
from measureplan.demo.draws import Codes, Times
from measureplan.demo.orders import Orders, items_of
from measureplan.demo.properties import draw_properties
from measureplan.demo.rows import NAMES, NOTHING, Kind, Rows
from measureplan.demo.schema import EVENT_SCHEMA, INSTANT, PLANTED_SCHEMA
from measureplan.demo.truth import CHANNEL_KEYS, CHANNELS
from measureplan.demo.visits import LANGUAGES, PROFILES, People

SOURCE_ID = 1
FIRST_CUSTOMER = 100_000  # more than the people of a chunk, so that no two share a number
BROWSER_LATE_US = (80_000, 2_500_000)  # how long an event travels
SERVER_LATE_US = (60_000_000, 3_600_000_000)  # ad platforms report by the hour
_CONSENTS = ('{"analytics":true,"ads":true}', '{"analytics":true,"ads":false}')
# Salts keep the ids of visitors, visits and events apart: the same number gives another id in each.
_EVENT, _VISITOR, _VISIT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Context:
    """What the columns need beside the rows of a chunk; `clicks` are the random parts of click ids."""

    seed: int
    chunk: int
    people: People
    orders: Orders
    clicks: pa.StringArray


def chosen(values: Sequence[object], places: Codes) -> pa.StringArray:
    """Give the value at each place; null for a place of -1, or where the value is None."""
    return pa.array(values, pa.string()).take(pa.array(places, mask=places < 0))


def event_numbers(count: int, context: Context) -> ids.Numbers:
    """Number the rows as they were made, so that what is cut off later changes no id."""
    return ids.scattered(_numbers(np.arange(count), context), salt=_salt(context.seed, _EVENT))


def received_us(rng: np.random.Generator, rows: Rows) -> Times:
    """Draw when each event reaches the collector."""
    browser = rng.integers(*BROWSER_LATE_US, len(rows)) // 1000 * 1000
    server = rng.integers(*SERVER_LATE_US, len(rows))
    return rows.time_us + np.where(rows.visit >= 0, browser, server)


def events_table(rng: np.random.Generator, rows: Rows, numbers: ids.Numbers, received: Times, context: Context) -> Any:
    """Write rows as a table of EVENT_SCHEMA."""
    columns = {
        **_when(rows, received, context.people),
        **_who(rows, numbers, context),
        **_where(rows),
        **_campaign(rows, context.clicks),
        **_money(rows, context.orders),
        **_client(rows, context.people),
        "properties": draw_properties(rng, rows.kind),
    }
    everywhere = {"source_id": pa.scalar(SOURCE_ID, pa.int64()), "protocol": pa.scalar("own")}
    columns |= {name: pa.repeat(value, len(rows)) for name, value in everywhere.items()}
    columns["import_id"] = pa.nulls(len(rows), pa.int64())
    return pa.table([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)


def planted_table(rows: Rows, numbers: ids.Numbers) -> Any:
    """Write what was meant by each row as a table of PLANTED_SCHEMA; rows must be as they were made."""
    event_id = ids.hex_ids(numbers)
    channel = rows.channel
    paid = np.array([c.paid for c in CHANNELS])[channel]
    opened = np.maximum.accumulate(np.where(rows.opens, np.arange(len(rows)), -1)).astype(np.int32)
    columns = [
        event_id,
        pa.array(rows.touch.astype(np.int8), mask=rows.touch < 0),
        chosen(CHANNEL_KEYS, channel),
        pa.array(paid, mask=channel < 0),
        event_id.take(pa.array(opened, mask=rows.visit < 0)),
    ]
    return pa.table(columns, schema=PLANTED_SCHEMA)


def _salt(seed: int, what: int) -> int:
    return seed * 8 + what


def _numbers(places: Codes | Times, context: Context) -> ids.Numbers:
    return places.astype(np.uint64) + (np.uint64(context.chunk) << np.uint64(32))


def _when(rows: Rows, received: Times, people: People) -> dict[str, Any]:
    skew = np.where(rows.visit >= 0, people.skew_us[rows.person], 0)
    time = pa.array(rows.time_us, pa.int64()).cast(INSTANT)
    return {
        "time": time,
        "day": time.cast(pa.date32()),
        "received_at": pa.array(received).cast(INSTANT),
        "client_time": pa.array(rows.time_us + skew, mask=skew == 0).cast(INSTANT),
    }


def _who(rows: Rows, numbers: ids.Numbers, context: Context) -> dict[str, Any]:
    visitors = ids.scattered(_numbers(rows.person, context), salt=_salt(context.seed, _VISITOR))
    visits = ids.scattered(_numbers(np.maximum(rows.visit, 0), context), salt=_salt(context.seed, _VISIT))
    customer = pa.array(FIRST_CUSTOMER * (context.chunk + 1) + rows.person).cast(pa.string())
    known = pc.binary_join_element_wise("kunde-", customer, "")
    buys = pa.array(rows.number != NOTHING)
    client = pa.array(rows.visit >= 0)
    return {
        "event_id": ids.hex_ids(numbers),
        "name": chosen(NAMES, rows.kind),
        "visitor_id": ids.hex_ids(visitors),
        "user_id": pc.if_else(buys, known, None),
        "session_id": pc.if_else(client, ids.hex_ids(visits), None),
        "sequence": pa.array(rows.sequence.astype(np.int64), mask=rows.sequence < 0),
        "refund": pa.array(rows.kind == Kind.REFUND),
    }


def _where(rows: Rows) -> dict[str, Any]:
    return {
        "host": chosen([HOST], np.minimum(rows.page, 0).astype(np.int32)),
        "path": chosen([page.path for page in PAGES], rows.page),
        "title": chosen([page.title for page in PAGES], rows.page),
        "referrer": chosen(REFERRERS, rows.referrer),
    }


def _campaign(rows: Rows, clicks: pa.StringArray) -> dict[str, Any]:
    tags = [row.utm or (None, None, None) for row in ARRIVALS]
    columns = {
        name: chosen([tag[place] for tag in tags], rows.arrival)
        for place, name in enumerate(("utm_source", "utm_medium", "utm_campaign"))
    }
    columns["utm_content"] = chosen([row.content for row in ARRIVALS], rows.arrival)
    columns["utm_term"] = chosen([row.term for row in ARRIVALS], rows.arrival)
    columns["utm_id"] = chosen([row.campaign_id for row in ARRIVALS], rows.arrival)
    clicked = np.where(rows.token >= 0, rows.arrival, np.int32(-1))
    token = clicks.take(pa.array(rows.token, mask=rows.token < 0))
    start = chosen([CLICK_ID_STARTS.get(row.click_id or "") for row in ARRIVALS], clicked)
    columns["click_id_type"] = chosen([row.click_id for row in ARRIVALS], clicked)
    columns["click_id"] = pc.binary_join_element_wise(start, token, "")
    page = chosen([f"https://{HOST}{page.path}" for page in PAGES], rows.page)
    query = chosen([row.query for row in ARRIVALS], rows.arrival).fill_null("")
    columns["url"] = pc.binary_join_element_wise(page, query, token.fill_null(""), "")
    return columns


def _money(rows: Rows, orders: Orders) -> dict[str, Any]:
    worth = rows.value != NOTHING
    ordered = rows.number != NOTHING
    number = pa.array(np.where(ordered, rows.number, 0)).cast(pa.string())
    return {
        "value_micros": pa.array(rows.value, mask=~worth),
        "currency": chosen([CURRENCY], np.where(worth, 0, -1).astype(np.int32)),
        "transaction_id": pc.if_else(pa.array(ordered), pc.binary_join_element_wise("FS-", number, ""), None),
        "items": _items(rows, orders),
    }


def _items(rows: Rows, orders: Orders) -> pa.StringArray:
    shown = np.isin(rows.kind, (Kind.VIEW_ITEM, Kind.ADD_TO_CART))
    bought = rows.kind == Kind.PURCHASE
    one = np.where(shown, PAGE_PRODUCT[rows.page], -1)[:, None]
    # Row by row the lines of the order, or the one product shown; orders may be none at all in a small shop.
    lines = np.concatenate((orders.product, [[-1, -1, -1]]))[np.where(bought, rows.order, -1)]
    lines = np.where(shown[:, None], np.concatenate((one, one * 0 - 1, one * 0 - 1), axis=1), lines)
    quantity = np.append(orders.quantity, 1)[np.where(bought, rows.order, -1)]
    places = np.flatnonzero(shown | bought)
    texts = items_of(lines[places], quantity[places])
    row_to_text = np.full(len(rows), -1, dtype=np.int32)
    row_to_text[places] = np.arange(len(places), dtype=np.int32)
    return texts.take(pa.array(row_to_text, mask=row_to_text < 0))


def _client(rows: Rows, people: People) -> dict[str, Any]:
    client = rows.visit >= 0
    profile = np.where(client, people.profile[rows.person], np.int32(-1))
    language = np.where(client, people.language[rows.person], np.int32(-1))
    refused = (~people.ads_consent[rows.person]).astype(np.int32)
    columns = {
        name: chosen([row[n] for row in PROFILES], profile) for n, name in enumerate(("device", "browser", "os"))
    }
    return columns | {
        "language": chosen([name for name, _ in LANGUAGES], language),
        "consent": chosen(_CONSENTS, refused),
    }
