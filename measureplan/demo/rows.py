"""Moments become events: rows of numbers, one an event, from which the columns are written."""

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from measureplan.demo.arrivals import ARRIVAL_CHANNEL, ARRIVAL_REFERRER, PAYMENT_REFERRER, Landings
from measureplan.demo.draws import Codes, Flags, Times
from measureplan.demo.groups import Groups, Moment, Origin
from measureplan.demo.truth import DIRECT

NOTHING = np.iinfo(np.int64).min  # no value, no order number


class Kind(IntEnum):
    """An event's name, as a number; NAMES has the names."""

    PAGE_VIEW = 0
    VIEW_ITEM = 1
    ADD_TO_CART = 2
    BEGIN_CHECKOUT = 3
    PURCHASE = 4
    NEWSLETTER_SIGNUP = 5
    SEARCH = 6
    FILTER_USED = 7
    SIZE_GUIDE_USED = 8
    STORE_FINDER_USED = 9
    CONTACT = 10
    FILE_DOWNLOAD = 11
    AD_IMPRESSION = 12
    AD_ENGAGEMENT = 13
    REFUND = 14
    STORE_DIRECTIONS = 15  # the store finder's second use: also named store_finder_used


NAMES = tuple("store_finder_used" if kind == Kind.STORE_DIRECTIONS else kind.name.lower() for kind in Kind)

TEMPLATES = {
    Moment.PAGE: (Kind.PAGE_VIEW,),
    Moment.PRODUCT: (Kind.PAGE_VIEW, Kind.VIEW_ITEM),
    Moment.SEARCH: (Kind.PAGE_VIEW, Kind.SEARCH),
    Moment.FILTER: (Kind.PAGE_VIEW, Kind.FILTER_USED),
    Moment.SIZE_GUIDE: (Kind.PAGE_VIEW, Kind.SIZE_GUIDE_USED),
    Moment.STORE: (Kind.PAGE_VIEW, Kind.STORE_FINDER_USED),
    Moment.STORE_DIRECTIONS: (Kind.PAGE_VIEW, Kind.STORE_FINDER_USED, Kind.STORE_DIRECTIONS),
    Moment.CONTACT: (Kind.PAGE_VIEW, Kind.CONTACT),
    Moment.DOWNLOAD: (Kind.PAGE_VIEW, Kind.FILE_DOWNLOAD),
    Moment.NEWSLETTER: (Kind.NEWSLETTER_SIGNUP,),
    Moment.CART: (Kind.PAGE_VIEW, Kind.VIEW_ITEM, Kind.ADD_TO_CART),
    Moment.CHECKOUT: (Kind.PAGE_VIEW, Kind.BEGIN_CHECKOUT),
    Moment.PURCHASE: (Kind.PAGE_VIEW, Kind.PURCHASE),
}
_KINDS = np.array([[*TEMPLATES[moment], -1, -1][:3] for moment in Moment], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Rows:
    """Events as numbers; every array is (events,), and -1 stands for none.

    person, visit   places in People and Visits; a visit of -1 is an event from a server
    kind, page      a Kind; the page it happened on
    order           place in Orders, for purchases
    arrival, token  the campaign in the page's address: place in ARRIVALS and in the click ids' texts
    referrer        place in REFERRERS
    time_us         when it happened
    sequence        the client's count of events in the visit
    opens           whether it begins a session: the planted truth
    touch           planted touch: 0 view, 1 engagement, 2 click
    number, value   order number, and value in micros; NOTHING for none
    """

    person: Codes
    visit: Codes
    kind: Codes
    page: Codes
    order: Codes
    arrival: Codes
    token: Codes
    referrer: Codes
    time_us: Times
    sequence: Codes
    opens: Flags
    touch: Codes
    number: Times
    value: Times

    def __len__(self) -> int:
        """Count the events."""
        return len(self.kind)

    def kept(self, which: Flags | Times) -> "Rows":
        """Give the rows that are flagged, or the rows at the given places in that order."""
        return Rows(**{field.name: getattr(self, field.name)[which] for field in fields(self)})

    @property
    def channel(self) -> Codes:
        """Give the planted channel of each touch, and -1 for what is no touch."""
        brought = np.where(self.arrival >= 0, ARRIVAL_CHANNEL[self.arrival], np.int32(DIRECT))
        return np.where(self.touch >= 0, brought, np.int32(-1))


def none(count: int) -> Codes:
    """Give -1 for each row."""
    return np.full(count, -1, dtype=np.int32)


def nothing(count: int) -> Times:
    """Give NOTHING for each row."""
    return np.full(count, NOTHING, dtype=np.int64)


def together(parts: list[Rows]) -> Rows:
    """Put rows below each other."""
    return Rows(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Rows)})


@dataclass(frozen=True, slots=True)
class Expanded:
    """Rows without times, and which moment each came from: `moment` a Moment, `leads` its first event."""

    rows: Rows
    moment: Codes
    leads: Flags


def expanded(groups: Groups, *, person: Codes, landings: Landings, token: Codes) -> Expanded:
    """Write each moment's events, each on the page that was open then.

    groups          sorted by visit and rank
    person          (visits,) places in People, the visits of the dirt included
    landings, token (visits,) how the planned visits arrived, and their click ids
    """
    kinds = _KINDS[groups.moment]
    sends = kinds >= 0
    group = np.repeat(np.arange(len(groups.visit)), sends.sum(axis=1))
    count = len(group)
    visit = groups.visit[group]
    empty = none(count)
    rows = Rows(
        person=person[visit], visit=visit, kind=kinds[sends],
        page=groups.page[group], order=groups.order[group],
        arrival=empty, token=empty, referrer=empty, time_us=nothing(count), sequence=empty,
        opens=np.zeros(count, dtype=np.bool_), touch=empty, number=nothing(count), value=nothing(count),
    )  # fmt: skip
    leads = np.diff(group, prepend=-1) != 0
    arrived = _with_arrivals(rows, groups.origin[group], landings, token)
    return Expanded(rows=on_open_page(arrived), moment=groups.moment[group], leads=leads)


def _with_arrivals(rows: Rows, origin: Codes, landings: Landings, token: Codes) -> Rows:
    """Say of each page view where it came from; events between page views are seen to by on_open_page."""
    landed = origin == Origin.LANDING
    visit = np.where(landed, rows.visit, 0)
    arrival = np.where(landed, landings.arrival[visit], np.int32(-1))
    inside = np.roll(_open_pages(rows), 1)  # the page that was open before; the first row of all is a landing
    referrer = np.select(
        [landed, origin == Origin.PAYMENT, origin == Origin.INSIDE],
        [ARRIVAL_REFERRER[arrival], np.int32(PAYMENT_REFERRER), inside],
        default=np.int32(-1),
    )
    return replace(
        rows,
        arrival=arrival,
        token=np.where(landed, token[visit], np.int32(-1)),
        referrer=referrer.astype(np.int32),
    )


def page_rows(rows: Rows) -> Times:
    """Give the place of the page view that was open at each row."""
    return np.maximum.accumulate(np.where(rows.kind == Kind.PAGE_VIEW, np.arange(len(rows)), 0))


def _open_pages(rows: Rows) -> Codes:
    return rows.page[page_rows(rows)]


def on_open_page(rows: Rows) -> Rows:
    """Give each event the address and referrer of the page that was open: that is what a browser sends."""
    opened = page_rows(rows)
    names = ("page", "arrival", "token", "referrer")
    return replace(rows, **{name: getattr(rows, name)[opened] for name in names})
