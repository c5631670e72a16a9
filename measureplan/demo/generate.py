"""The demo shop: every event of Fjellsport in a range of days, the same for the same seed and last day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from measureplan.demo import columns, dirt, timing
from measureplan.demo.ads import draw_ads, edge_ads
from measureplan.demo.arrivals import HAS_CLICK_ID, PAGE_PRODUCT, Landings, draw_landings, draw_tokens
from measureplan.demo.behaviour import Acts, act
from measureplan.demo.draws import Flags, Times
from measureplan.demo.groups import Groups, groups_of, joined, second_orders
from measureplan.demo.orders import MICROS, PRICES, Orders, Refunds, draw_orders, draw_refunds
from measureplan.demo.rows import NOTHING, Kind, Rows, expanded, none, together
from measureplan.demo.seasons import Clock, clock, instant_us
from measureplan.demo.truth import Truth, planted
from measureplan.demo.visits import Visits, draw_people, draw_visits

VISITORS_A_DAY = 122
EVENTS_AT_SCALE_1 = 200_000  # in 180 days, within a few per cent
PEOPLE_A_CHUNK = 25_000  # about 230,000 events: 110 MB as a table, and 600 MB while it is made
STAGES = (
    "people",
    "visits",
    "landings",
    "acts",
    "orders",
    "moments",
    "dirt",
    "times",
    "ads",
    "edges",
    "refunds",
    "columns",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's events, and what was planted in them.

    events   a table of EVENT_SCHEMA, by time, then sequence, then event id
    planted  a table of PLANTED_SCHEMA: row by row what was meant by the event
    truth    the effects, shares and dates behind them all
    """

    events: pa.Table
    planted: pa.Table
    truth: Truth


def shop(
    *,
    until: date,
    now: datetime | None = None,
    seed: int = 7,
    days: int = 180,
    visitors: int | None = None,
    scale: float = 1.0,
) -> Shop:
    """Make a shop of `days` local days that ends with the day `until`.

    now       events that had not been received by then are left out; None keeps the whole last day. A later
              `now` on the same day adds events and changes none
    visitors  how many visitors; by default `scale` times 122 a day, at 180 days about 200,000 events
    raises    ValueError for a range too short for what is planted, or for no visitors
    """
    parts = list(shop_in_chunks(until=until, now=now, seed=seed, days=days, visitors=visitors, scale=scale))
    events = pa.concat_tables([part.events for part in parts])
    order = pc.sort_indices(events, [("time", "ascending"), ("sequence", "ascending"), ("event_id", "ascending")])
    beside = pa.concat_tables([part.planted for part in parts])
    return Shop(events.take(order).combine_chunks(), beside.take(order).combine_chunks(), parts[0].truth)


def shop_in_chunks(
    *,
    until: date,
    now: datetime | None = None,
    seed: int = 7,
    days: int = 180,
    visitors: int | None = None,
    scale: float = 1.0,
) -> Iterator[Shop]:
    """Make the same shop in parts of bounded memory: each has all events, in order, of some visitors."""
    truth = planted(seed=seed, until=until, days=days)
    count = round(VISITORS_A_DAY * days * scale) if visitors is None else visitors
    if days < 30 or count < 1:
        raise ValueError(f"a shop needs 30 days and a visitor, not days={days} and visitors={visitors}")
    the_clock = clock(until=until, days=days)
    ends_us = the_clock.closes_us if now is None else min(instant_us(now), the_clock.closes_us)
    for chunk, first in enumerate(range(0, count, PEOPLE_A_CHUNK)):
        making = Making(truth, the_clock, chunk, min(PEOPLE_A_CHUNK, count - first))
        yield _chunk(making, ends_us=ends_us)


@dataclass(frozen=True, slots=True)
class Making:
    """What every stage of one chunk needs."""

    truth: Truth
    clock: Clock
    chunk: int
    people: int

    def rng(self, stage: str) -> np.random.Generator:
        """Give the stage's own stream, so that a change in one stage leaves the draws of the others alone."""
        return np.random.default_rng([self.truth.seed, self.chunk, STAGES.index(stage)])


def _chunk(making: Making, *, ends_us: int) -> Shop:
    people = draw_people(making.rng("people"), making.people)
    visits = draw_visits(making.rng("visits"), making.people, clock=making.clock, kiosk=making.chunk == 0)
    landings = draw_landings(making.rng("landings"), visits.channel)
    initiative_us = instant_us(making.truth.initiative.started_at)
    acts = act(making.rng("acts"), visits, people, landings, clock=making.clock, initiative_us=initiative_us)
    rng = making.rng("orders")
    firsts = np.flatnonzero(acts.buys).astype(np.int32)
    orders = draw_orders(rng, np.concatenate((firsts, second_orders(rng, acts.buys))), chunk=making.chunk)
    rows, clicks = _visit_rows(making, visits, landings, acts, orders)
    refunds = draw_refunds(making.rng("refunds"), orders, _ordered_us(rows, orders))
    ads = draw_ads(making.rng("ads"), visits, people, clock=making.clock)
    edges = edge_ads(making.rng("edges"), rows, people, opens_us=making.clock.opens_us)
    rows = together([_priced(rows, orders), ads, edges, _refund_rows(refunds, orders, visits)])
    context = columns.Context(making.truth.seed, making.chunk, people, orders, clicks)
    return _written(making, rows, context, ends_us=ends_us)


def _visit_rows(
    making: Making, visits: Visits, landings: Landings, acts: Acts, orders: Orders
) -> tuple[Rows, pa.StringArray]:
    """Give the rows of all visits with their times and touches, and the random parts of their click ids."""
    rng = making.rng("dirt")
    firsts = int(acts.buys.sum())
    reloads = dirt.draw_reloads(rng, orders, visits, first_orders=firsts)
    person = np.concatenate((visits.person, reloads.person))
    begun_us = np.concatenate((visits.time_us, reloads.begun_us))
    moments = groups_of(making.rng("moments"), visits, landings, acts, orders, count_orders=firsts)
    token, texts = draw_tokens(rng, HAS_CLICK_ID[landings.arrival])
    rows = expanded(_with(moments, reloads), person=person, landings=landings, token=token)
    landed = np.append(landings.arrival, none(len(reloads.person)))[rows.rows.visit]
    clicked_rows, clicked, clicks = dirt.with_second_clicks(rng, rows, landed, texts)
    starts = np.diff(rows.rows.visit, prepend=-1) != 0
    gaps, cut = dirt.with_idle(rng, rows, timing.gaps_us(making.rng("times"), rows, starts))
    timed = replace(clicked_rows, time_us=timing.times_us(gaps, starts, begun_us[rows.rows.visit]))
    seen, kept = dirt.without_consent_before(rng, timed, visits, acts.buys)
    return _with_touches(seen, cut=cut[kept], clicked=clicked[kept]), clicks


def _with(moments: Groups, reloads: dirt.Reloads) -> Groups:
    more = joined(reloads.moments)
    both = {name: np.concatenate((getattr(moments, name), getattr(more, name))) for name in Groups.__slots__}
    return Groups(**both).sorted()


def _with_touches(rows: Rows, *, cut: Flags, clicked: Flags) -> Rows:
    """Number the events of each visit, and say which begin a session and which are touches."""
    starts = np.diff(rows.visit, prepend=-1) != 0
    first = np.flatnonzero(starts)
    sequence = np.arange(len(rows)) - np.repeat(first, np.diff(np.append(first, len(rows))))
    opens = starts | cut
    touch = np.where(opens | clicked, np.int32(2), np.int32(-1))
    return replace(rows, sequence=sequence.astype(np.int32), opens=opens, touch=touch)


def _ordered_us(rows: Rows, orders: Orders) -> Times:
    """Give when each order was first seen."""
    bought = np.flatnonzero(rows.kind == Kind.PURCHASE)
    ordered = np.full(len(orders), np.iinfo(np.int64).max)
    np.minimum.at(ordered, rows.order[bought], rows.time_us[bought])
    return ordered


def _priced(rows: Rows, orders: Orders) -> Rows:
    """Put prices on carts and checkouts, and order numbers and values on purchases."""
    bought = rows.kind == Kind.PURCHASE
    place = np.where(bought, rows.order, -1)
    number = np.append(orders.number, NOTHING)[place]
    value = np.append(orders.value_micros, NOTHING)[place]
    filled = rows.kind == Kind.ADD_TO_CART
    price = PRICES[PAGE_PRODUCT[rows.page]] * MICROS
    return replace(rows, number=number, value=np.where(filled, price, value))


def _refund_rows(refunds: Refunds, orders: Orders, visits: Visits) -> Rows:
    """Give refunds as a server sends them, and one that matches no order in sight."""
    stray = refunds.order[:1]
    order = np.concatenate((refunds.order, stray))
    count = len(order)
    number = orders.number[order].copy()
    number[len(refunds.order) :] -= 90_000_000  # an order of years ago
    return Rows(
        person=visits.person[orders.visit[order]], visit=none(count),
        kind=np.full(count, Kind.REFUND, dtype=np.int32), page=none(count), order=none(count),
        arrival=none(count), token=none(count), referrer=none(count),
        time_us=np.concatenate((refunds.time_us, refunds.time_us[:1] + 60_000_000)), sequence=none(count),
        opens=np.zeros(count, dtype=np.bool_), touch=none(count), number=number,
        value=np.concatenate((refunds.value_micros, refunds.value_micros[:1])),
    )  # fmt: skip


def _written(making: Making, rows: Rows, context: columns.Context, *, ends_us: int) -> Shop:
    """Write the rows that had been received by `ends_us`, without those that the outage swallowed."""
    rng = making.rng("columns")
    numbers = columns.event_numbers(len(rows), context)
    received = columns.received_us(rng, rows)
    kept = (received < ends_us) & ~_silent(rows, making.truth)
    events = columns.events_table(rng, rows, numbers, received, context)
    beside = columns.planted_table(rows, numbers)
    by_time = np.lexsort((numbers, rows.sequence, rows.time_us))
    order = pa.array(by_time[kept[by_time]])
    return Shop(events.take(order), beside.take(order), making.truth)


def _silent(rows: Rows, truth: Truth) -> Flags:
    since, until = instant_us(truth.outage.since), instant_us(truth.outage.until)
    silent: Flags = (rows.kind == Kind.BEGIN_CHECKOUT) & (rows.time_us >= since) & (rows.time_us < until)
    return silent
