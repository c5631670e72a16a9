"""A visit as a row of moments: a page opened, a search made, a cart filled, an order placed."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from measureplan.demo.arrivals import PAGE_PRODUCT, Landings, draw_pages, is_product
from measureplan.demo.behaviour import Acts
from measureplan.demo.catalogue import PAGES, PageKind
from measureplan.demo.draws import Codes, Flags, pick
from measureplan.demo.orders import Orders
from measureplan.demo.truth import MICRO_KEYS
from measureplan.demo.visits import Visits

MORE_PAGES = 0.95  # mean number of pages looked at for their own sake, after the landing
RELOAD_SHARE = 0.015  # landings opened twice, tags and all
DIRECTIONS_SHARE = 0.4  # store finder users who then ask the way
ASKS_AFTERWARDS = 0.07  # buyers who contact customer service after the order: what comes after cannot have caused it
SECOND_ORDER_SHARE = 0.02  # buyers who forgot the socks


class Moment(IntEnum):
    """A kind of moment; TEMPLATES of `rows` says which events it sends."""

    PAGE = 0
    PRODUCT = 1
    SEARCH = 2
    FILTER = 3
    SIZE_GUIDE = 4
    STORE = 5
    STORE_DIRECTIONS = 6
    CONTACT = 7
    DOWNLOAD = 8
    NEWSLETTER = 9
    CART = 10
    CHECKOUT = 11
    PURCHASE = 12


class Origin(IntEnum):
    """Where a page was opened from."""

    INSIDE = 0
    LANDING = 1
    PAYMENT = 2
    NOWHERE = 3  # a tab brought back by the browser: no referrer


@dataclass(frozen=True, slots=True)
class Groups:
    """Moments in no particular order; every array is (moments,).

    visit    place in Visits (or beyond: a visit made of the dirt alone)
    rank     orders the moments of a visit
    moment   a Moment
    page     place in PAGES
    order    place in Orders, or -1
    origin   an Origin
    """

    visit: Codes
    rank: NDArray[np.float32]
    moment: Codes
    page: Codes
    order: Codes
    origin: Codes

    def sorted(self) -> "Groups":
        """Give the moments by visit and rank."""
        order = np.lexsort((self.rank, self.visit))
        return Groups(*(getattr(self, name)[order] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Some:
    """Moments of one kind, before they are put together; scalars stand for every one of them."""

    visit: Codes
    rank: NDArray[np.float64] | float
    moment: Codes | Moment
    page: Codes | int
    order: Codes | int = -1
    origin: Origin = Origin.INSIDE


def joined(pieces: list[Some]) -> Groups:
    """Put moments of several kinds together."""

    def column(name: str, kind: type[np.generic]) -> NDArray[np.generic]:
        parts = [np.broadcast_to(np.asarray(getattr(piece, name)), piece.visit.shape) for piece in pieces]
        return np.concatenate(parts).astype(kind)

    kinds = {"rank": np.float32}
    return Groups(**{name: column(name, kinds.get(name, np.int32)) for name in Groups.__slots__})  # type: ignore[arg-type]  # names and kinds are those of Groups


def one_page(kind: PageKind) -> int:
    """Give the place of the only page of a kind."""
    return next(n for n, page in enumerate(PAGES) if page.kind == kind)


def groups_of(
    rng: np.random.Generator,
    visits: Visits,
    landings: Landings,
    acts: Acts,
    orders: Orders,
    *,
    count_orders: int,
) -> Groups:
    """Draw the moments of all visits; `count_orders` of `orders` are first orders, the others second ones."""
    pieces = [*_looks(rng, visits, landings), *_micros(rng, acts)]
    pieces += [*_funnel(acts, orders, count_orders), *_afterwards(rng, acts)]
    return joined(pieces).sorted()


def _looks(rng: np.random.Generator, visits: Visits, landings: Landings) -> list[Some]:
    every = np.arange(len(visits), dtype=np.int32)
    again = every[rng.random(len(every)) < RELOAD_SHARE]
    looked = np.repeat(every, rng.poisson(MORE_PAGES, len(every)))
    kinds = np.array([PageKind.HOME, PageKind.CATEGORY, PageKind.PRODUCT])[pick(rng, (0.12, 0.36, 0.52), len(looked))]
    page = np.empty(len(looked), dtype=np.int32)
    for kind in (PageKind.HOME, PageKind.CATEGORY, PageKind.PRODUCT):
        page[kinds == kind] = draw_pages(rng, kind, int((kinds == kind).sum()))
    return [
        Some(every, 0.0, _page_moment(landings.page), landings.page, origin=Origin.LANDING),
        Some(again, 0.01, _page_moment(landings.page[again]), landings.page[again], origin=Origin.LANDING),
        Some(looked, rng.uniform(0.05, 0.68, len(looked)), _page_moment(page), page),
    ]


def _page_moment(page: Codes) -> Codes:
    return np.where(is_product(page), np.int32(Moment.PRODUCT), np.int32(Moment.PAGE))


def _micros(rng: np.random.Generator, acts: Acts) -> list[Some]:
    moments = {
        "search": (Moment.SEARCH, PageKind.SEARCH),
        "filter_used": (Moment.FILTER, PageKind.CATEGORY),
        "size_guide_used": (Moment.SIZE_GUIDE, PageKind.SIZE_GUIDE),
        "newsletter_signup": (Moment.NEWSLETTER, PageKind.HOME),
        "contact": (Moment.CONTACT, PageKind.SERVICE),
        "file_download": (Moment.DOWNLOAD, PageKind.CATALOGUE),
        "article_read": (Moment.PAGE, PageKind.ARTICLE),
    }
    pieces = []
    for key, (moment, page_kind) in moments.items():
        visit = np.flatnonzero(acts.uses[:, MICRO_KEYS.index(key)]).astype(np.int32)
        page = draw_pages(rng, page_kind, len(visit))
        pieces.append(Some(visit, rng.uniform(0.1, 0.66, len(visit)), moment, page))
    visit = np.flatnonzero(acts.uses[:, MICRO_KEYS.index("store_finder_used")]).astype(np.int32)
    moment_of = np.where(rng.random(len(visit)) < DIRECTIONS_SHARE, Moment.STORE_DIRECTIONS, Moment.STORE)
    page = draw_pages(rng, PageKind.STORE, len(visit))
    return [*pieces, Some(visit, rng.uniform(0.1, 0.66, len(visit)), moment_of.astype(np.int32), page)]


def _funnel(acts: Acts, orders: Orders, count_orders: int) -> list[Some]:
    adds = np.flatnonzero(acts.adds).astype(np.int32)
    checks = np.flatnonzero(acts.checks).astype(np.int32)
    thanks, checkout = one_page(PageKind.THANKS), one_page(PageKind.CHECKOUT)
    number = np.arange(len(orders), dtype=np.int32)
    rank = np.where(number < count_orders, 0.90, 0.93)
    product_page = np.array([n for n, page in enumerate(PAGES) if page.product >= 0], dtype=np.int32)
    return [
        Some(adds, 0.70, Moment.CART, product_page[_cart_product(orders, adds)]),
        Some(checks, 0.80, Moment.CHECKOUT, checkout),
        Some(orders.visit, rank, Moment.PURCHASE, thanks, number, Origin.PAYMENT),
    ]


def _cart_product(orders: Orders, adds: Codes) -> Codes:
    """Give what goes into each cart: the product of the visit's order, else a popular one."""
    bought = np.full(int(adds.max(initial=0)) + 1, -1, dtype=np.int32)
    bought[orders.visit[::-1]] = orders.product[::-1, 0]
    products = int(PAGE_PRODUCT.max()) + 1
    return np.where(bought[adds] >= 0, bought[adds], (adds * 7) % products)


def _afterwards(rng: np.random.Generator, acts: Acts) -> list[Some]:
    buyers = np.flatnonzero(acts.buys).astype(np.int32)
    asks = buyers[rng.random(len(buyers)) < ASKS_AFTERWARDS]
    return [Some(asks, 0.96, Moment.CONTACT, one_page(PageKind.SERVICE))]


def second_orders(rng: np.random.Generator, buys: Flags) -> Codes:
    """Draw the visits in which a second order follows the first."""
    buyers = np.flatnonzero(buys).astype(np.int32)
    return buyers[rng.random(len(buyers)) < SECOND_ORDER_SHARE]
