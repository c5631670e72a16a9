"""Shops made once for all tests of the generator: the size of the demo, and a larger one."""

from datetime import UTC, date, datetime

import pytest

from measureplan.demo import Shop, shop
from tests.demo_reference import Derived, derive, planted_channels

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo() -> Shop:
    """The shop as the demo shows it."""
    return shop(until=TODAY, now=NOW)


@pytest.fixture(scope="session")
def large() -> Shop:
    """Five times the visitors of the demo, so that planted effects stand out from chance."""
    return shop(until=TODAY, scale=5, seed=11)


@pytest.fixture(scope="session")
def derived(demo: Shop) -> Derived:
    """What the reference makes of the demo's raw events."""
    return derive(demo.events, planted_channels(demo.planted))
