"""What real data has: reloaded receipts, sessions cut to the millisecond, second clicks, late consent."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from measureplan.demo.arrivals import ARRIVAL_REFERRER, BRAND_AD, HAS_CLICK_ID, NEWSLETTER, draw_tokens
from measureplan.demo.catalogue import PageKind
from measureplan.demo.draws import Codes, Flags, Times
from measureplan.demo.groups import Moment, Origin, Some, one_page
from measureplan.demo.orders import Orders
from measureplan.demo.rows import Expanded, Kind, Rows, on_open_page
from measureplan.demo.timing import IDLE_US
from measureplan.demo.truth import DIRECT, DUPLICATE_SHARE
from measureplan.demo.visits import Visits

NEXT_DAY_SHARE = 0.3  # duplicates from a tab that the browser brings back the next day, as a visit of its own
SECOND_CLICK_SHARE = 0.006  # pages opened from another campaign in the middle of a visit
IDLE_SHARE = 0.002  # pages opened exactly 30 minutes after the event before: a new session
ALMOST_IDLE_SHARE = 0.002  # a millisecond less: the same session
LATE_CONSENT_SHARE = 0.05  # direct buyers who consent at the receipt: the purchase is all that was seen


@dataclass(frozen=True, slots=True)
class Reloads:
    """Receipts seen twice: in the same visit, and the next day as visits of their own.

    moments            the moments they add
    person, begun_us   (new visits,) who comes back and when; their places follow those of the planned visits
    """

    moments: list[Some]
    person: Codes
    begun_us: Times


def draw_reloads(rng: np.random.Generator, orders: Orders, visits: Visits, *, first_orders: int) -> Reloads:
    """Draw which first orders' receipts are reloaded; the next day's only where nobody comes in between."""
    chosen = np.flatnonzero(rng.random(first_orders) < DUPLICATE_SHARE).astype(np.int32)
    last = visits.is_last()[orders.visit[chosen]] & (rng.random(len(chosen)) < NEXT_DAY_SHARE * 2)
    later, now = chosen[last], chosen[~last]
    again = len(visits) + np.arange(len(later), dtype=np.int32)
    thanks = one_page(PageKind.THANKS)
    begun = visits.time_us[orders.visit[later]] + rng.integers(18 * 3600, 30 * 3600, len(later)) * 1_000_000
    return Reloads(
        moments=[
            Some(orders.visit[now], 0.91, Moment.PURCHASE, thanks, now, Origin.PAYMENT),
            Some(again, 0.0, Moment.PURCHASE, thanks, later, Origin.NOWHERE),
        ],
        person=visits.person[orders.visit[later]],
        begun_us=begun,
    )


def with_second_clicks(
    rng: np.random.Generator, expanded: Expanded, landed: Codes, texts: pa.StringArray
) -> tuple[Rows, Flags, pa.StringArray]:
    """Let some pages be opened from another campaign; give the rows, which ones those are, and all click ids.

    landed  (rows,) the arrival of the row's visit: the second campaign differs from it
    texts   the click ids so far
    """
    rows = expanded.rows
    clicked = _firsts(_browsed(expanded) & (rng.random(len(rows)) < SECOND_CLICK_SHARE), rows.visit)
    by_mail = (rng.random(len(rows)) < 0.5) & (landed != NEWSLETTER)
    arrival = np.where(by_mail, np.int32(NEWSLETTER), np.int32(BRAND_AD))
    place, more = draw_tokens(rng, clicked & HAS_CLICK_ID[arrival])
    token = np.where(place >= 0, place + len(texts), -1).astype(np.int32)
    changed = replace(
        rows,
        arrival=np.where(clicked, arrival, rows.arrival),
        token=np.where(clicked, token, rows.token),
        referrer=np.where(clicked, ARRIVAL_REFERRER[arrival], rows.referrer),
    )
    return on_open_page(changed), clicked, pa.concat_arrays([texts, more])


def _firsts(flags: Flags, visit: Codes) -> Flags:
    """Keep each visit's first flag: the same newsletter twice in a row would be no second touch."""
    places = np.flatnonzero(flags)
    _, first = np.unique(visit[places], return_index=True)
    kept = np.zeros(len(flags), dtype=np.bool_)
    kept[places[first]] = True
    return kept


def _browsed(expanded: Expanded) -> Flags:
    """Say which rows are pages opened from within the shop for their own sake."""
    looked = np.isin(expanded.moment, (Moment.PAGE, Moment.PRODUCT))
    return looked & expanded.leads & (expanded.rows.arrival < 0)


def with_idle(rng: np.random.Generator, expanded: Expanded, gaps: Times) -> tuple[Times, Flags]:
    """Make some gaps 30 minutes, or a millisecond less; give the gaps, and where a session is cut."""
    draw = np.where(_browsed(expanded), rng.random(len(gaps)), 1.0)
    cut = draw < IDLE_SHARE
    almost = ~cut & (draw < IDLE_SHARE + ALMOST_IDLE_SHARE)
    return np.where(cut, IDLE_US, np.where(almost, IDLE_US - 1000, gaps)), cut


def without_consent_before(rng: np.random.Generator, rows: Rows, visits: Visits, buys: Flags) -> tuple[Rows, Flags]:
    """Take away what some direct buyers did before their receipt; give the rows, and which were kept."""
    late = buys & (visits.channel == DIRECT) & (rng.random(len(visits)) < LATE_CONSENT_SHARE)
    of_late = np.append(late, False)[np.minimum(rows.visit, len(visits))]
    kept = ~of_late | (rows.kind == Kind.PURCHASE)
    referrer = np.where(of_late, np.int32(-1), rows.referrer)  # the banner reloads the page
    return replace(rows, referrer=referrer).kept(kept), kept
