"""Orders: what is in them, what they cost, and what is sent back."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from measureplan.demo.catalogue import CURRENCY, PRODUCTS
from measureplan.demo.draws import Codes, Flags, Times, pick
from measureplan.demo.seasons import DAY_US
from measureplan.demo.truth import REFUND_SHARE

MICROS = 1_000_000
FIRST_NUMBER = 100_000_000
NUMBERS_A_CHUNK = 1_000_000
MOST_PRODUCTS = 3
PRICES = np.array([product.price for product in PRODUCTS], dtype=np.int64)
POPULARITY = tuple(float(weight) for weight in 1.0 / (PRICES / 400.0) ** 0.6)  # socks sell more often than tents
PARTIAL_SHARE = 0.35  # refunds that send back one thing of several
LATE_SHARE = 0.08  # refunds after the 30 days of right of return
SERVER_US = 250  # no browser's clock has microseconds: a refund never shares its instant with another event


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a chunk, first orders of a visit first.

    visit      (orders,) place in Visits
    number     (orders,) the shop's order number, the transaction id
    product    (orders, 3) places in PRODUCTS, -1 where the order has fewer lines
    quantity   (orders,) how many of the first product; one of each other
    """

    visit: Codes
    number: Times
    product: Codes
    quantity: Codes

    def __len__(self) -> int:
        """Count the orders."""
        return len(self.visit)

    @property
    def value_micros(self) -> Times:
        """Give what each order costs."""
        lines = np.where(self.product >= 0, PRICES[self.product], 0)
        kroner = lines[:, 0] * self.quantity + lines[:, 1] + lines[:, 2]
        return kroner.astype(np.int64) * MICROS


@dataclass(frozen=True, slots=True)
class Refunds:
    """What was given back; arrays are (refunds,). `order` is a place in Orders; the value is negative."""

    order: Codes
    time_us: Times
    value_micros: Times


def draw_orders(rng: np.random.Generator, visit: Codes, *, chunk: int) -> Orders:
    """Draw what is ordered in each of the given visits."""
    count = len(visit)
    product = np.stack([pick(rng, POPULARITY, count) for _ in range(MOST_PRODUCTS)], axis=1)
    product[rng.random(count) >= 0.40, 1] = -1
    product[(rng.random(count) >= 0.4) | (product[:, 1] < 0), 2] = -1
    cheap = PRICES[product[:, 0]] < 400
    quantity = np.where(cheap, rng.integers(1, 4, count), 1).astype(np.int32)
    number = FIRST_NUMBER + chunk * NUMBERS_A_CHUNK + np.arange(count, dtype=np.int64)
    return Orders(visit=visit, number=number, product=product, quantity=quantity)


def draw_refunds(rng: np.random.Generator, orders: Orders, ordered_us: Times) -> Refunds:
    """Draw which orders are given back, in whole or in part, and when; `ordered_us` is (orders,)."""
    chosen = np.flatnonzero(rng.random(len(orders)) < REFUND_SHARE).astype(np.int32)
    count = len(chosen)
    days = np.where(rng.random(count) < LATE_SHARE, rng.uniform(31, 75, count), rng.uniform(2, 25, count))
    waited = (days * DAY_US).astype(np.int64) // 1000 * 1000
    partial = rng.random(count) < PARTIAL_SHARE
    return Refunds(
        order=chosen,
        time_us=ordered_us[chosen] + waited + SERVER_US,
        value_micros=-np.where(partial, PRICES[orders.product[chosen, 0]] * MICROS, orders.value_micros[chosen]),
    )


def items_of(product: Codes, quantity: Codes) -> pa.StringArray:
    """Write order lines as JSON: `product` (rows, lines) -1 for none, `quantity` (rows,) of the first."""
    wanted: Flags = product >= 0
    lines = [_line(product[:, n], quantity if n == 0 else None, wanted[:, n]) for n in range(product.shape[1])]
    inside = pc.binary_join_element_wise(*lines, ",", null_handling="skip")
    return pc.binary_join_element_wise("[", inside, "]", "")


def _line(product: Codes, quantity: Codes | None, wanted: Flags) -> pa.StringArray:
    many = np.ones(len(product), dtype=np.int32) if quantity is None else quantity
    texts = pa.array([_item(n, count) for n in range(len(PRODUCTS)) for count in (1, 2, 3)])
    places: NDArray[np.int32] = product * 3 + many - 1
    return texts.take(pa.array(np.where(wanted, places, 0), mask=~wanted))


def _item(place: int, count: int) -> str:
    product = PRODUCTS[place]
    return (
        f'{{"item_id":"{product.slug}","item_name":"{product.name}","item_category":"{product.category}",'
        f'"price":{product.price},"quantity":{count},"currency":"{CURRENCY}"}}'
    )
