"""Ads seen and engaged with, as the ad platforms' servers report them."""

import numpy as np

from measureplan.demo.arrivals import ADS, ARRIVALS
from measureplan.demo.draws import Codes, Flags, Times, pick
from measureplan.demo.rows import Kind, Rows, none, nothing, together
from measureplan.demo.seasons import DAY_US, Clock
from measureplan.demo.visits import People, Visits

AUDIENCE_SHARE = 0.6  # visitors whom the ads reach, of those who allow them
MEAN_ADS = 3.4
AROUND_DAYS = 24.0  # ads fall within this many busy days of a first visit, before or after
ENGAGED_SHARE = 0.07
SERVER_US = 500  # servers report microseconds: a drawn ad never shares its instant with a browser's event
EDGE_SHARE = 0.04  # orders with an ad exactly as old as a window reaches, or a microsecond older
EDGE_DAYS = (0, 1, 7, 30, 60)
SECOND_US = 1_000_000
BEFORE_S, AFTER_S = 45 * 60, 3 * 3600  # no ad falls into a visit, where its order would matter


def draw_ads(rng: np.random.Generator, visits: Visits, people: People, *, clock: Clock) -> Rows:
    """Draw ad events around visits. They have no effect on buying, whatever credit a model gives them."""
    first = np.flatnonzero(visits.is_new & people.ads_consent[visits.person])
    reached = first[rng.random(len(first)) < AUDIENCE_SHARE]
    visit = np.repeat(reached, rng.poisson(MEAN_ADS, len(reached)))
    around = rng.uniform(-AROUND_DAYS, AROUND_DAYS, len(visit))
    busy = clock.busy_at(visits.time_us[visit]) + around
    time_us = clock.times_us(busy) + SERVER_US
    person = visits.person[visit]
    ad = np.array(ADS, dtype=np.int32)[pick(rng, [ARRIVALS[n].weight for n in ADS], len(visit))]
    inside = (busy >= 0) & (busy < clock.busy[-1])
    seen = inside & _away_from_visits(person, time_us, visits, opens_us=clock.opens_us)
    shown = _ad_rows(Kind.AD_IMPRESSION, person[seen], ad[seen], time_us[seen])
    engaged = rng.random(len(shown)) < ENGAGED_SHARE
    later = shown.time_us + rng.integers(3, 41, len(shown)) * 1_000_000
    return together(
        [shown, _ad_rows(Kind.AD_ENGAGEMENT, shown.person[engaged], shown.arrival[engaged], later[engaged])]
    )


def edge_ads(rng: np.random.Generator, rows: Rows, people: People, *, opens_us: int) -> Rows:
    """Draw ads at the very ends of attribution windows: 0, 1, 7, 30 or 60 days of 86,400 s before an order.

    Orders that begin their session are left alone: there an ad at the same instant would have no order to it.
    """
    allowed = people.ads_consent[rows.person]
    orders = np.flatnonzero((rows.kind == Kind.PURCHASE) & ~rows.opens & allowed)
    orders = orders[rng.random(len(orders)) < EDGE_SHARE]
    days = np.array(EDGE_DAYS, dtype=np.int64)[rng.integers(0, len(EDGE_DAYS), len(orders))]
    older_us = np.where(days > 0, rng.integers(0, 2, len(orders)), 0)
    time_us = rows.time_us[orders] - days * DAY_US - older_us
    ad = np.array(ADS, dtype=np.int32)[pick(rng, [ARRIVALS[n].weight for n in ADS], len(orders))]
    seen = time_us >= opens_us
    shown = seen & (rng.random(len(orders)) < 0.5)
    kinds = ((Kind.AD_IMPRESSION, shown), (Kind.AD_ENGAGEMENT, seen & ~shown))
    return together([_ad_rows(kind, rows.person[orders[w]], ad[w], time_us[w]) for kind, w in kinds])


def _away_from_visits(person: Codes, time_us: Times, visits: Visits, *, opens_us: int) -> Flags:
    """Say which instants lie clear of the person's visit before and after."""
    far = np.int64(1) << 30  # seconds: longer than any range, so that one number orders person and time
    begun = visits.person * far + (visits.time_us - opens_us) // SECOND_US
    asked = person * far + (time_us - opens_us) // SECOND_US
    after = np.searchsorted(begun, asked)
    to_next = np.append(begun, begun[-1] + far)[after] - asked
    since_last = asked - np.append(begun, -far)[after - 1]
    away: Flags = (to_next > BEFORE_S) & (since_last > AFTER_S)
    return away


def _ad_rows(kind: Kind, person: Codes, ad: Codes, time_us: Times) -> Rows:
    count = len(person)
    touch = np.int32(0 if kind == Kind.AD_IMPRESSION else 1)
    return Rows(
        person=person, visit=none(count), kind=np.full(count, kind, dtype=np.int32), page=none(count),
        order=none(count), arrival=ad, token=none(count), referrer=none(count), time_us=time_us,
        sequence=none(count), opens=np.zeros(count, dtype=np.bool_),
        touch=np.full(count, touch, dtype=np.int32), number=nothing(count), value=nothing(count),
    )  # fmt: skip
