"""Ordering by one number is ordering by all keys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis.ordering import order_of

DAY_US = 86_400_000_000
FEW = st.sampled_from([0, 1, 2**21, 2**63, 2**63 + 1, 2**64 - 1])  # persons of the same first bits, and of the last
MOMENTS = st.sampled_from([0, 1, 1023, 1024, 1025, DAY_US, 400 * DAY_US]) | st.integers(0, 800 * DAY_US)


@given(data=st.data(), n=st.integers(0, 60), with_source=st.booleans())
def test_it_is_the_order_of_all_keys(data: st.DataObject, n: int, *, with_source: bool) -> None:
    person = data.draw(arrays.arrays(np.uint64, n, elements=FEW | st.integers(0, 2**64 - 1)))
    time_us = data.draw(arrays.arrays(np.int64, n, elements=MOMENTS)) + 1_790_000_000_000_000
    source = data.draw(arrays.arrays(np.int64, n, elements=st.integers(1, 3))) if with_source else None
    keys = (time_us, person) if source is None else (time_us, source, person)
    assert order_of(person, source, time_us).tolist() == np.lexsort(keys).tolist()


@pytest.mark.parametrize("sources", [1, 2])
def test_many_events_are_ordered_as_by_all_keys(sources: int) -> None:
    dice = np.random.default_rng(3)
    person = dice.integers(0, 2**64, 3_000, dtype=np.uint64)[dice.integers(0, 3_000, 60_000)]
    time_us = dice.integers(0, 90 * DAY_US, 60_000) // 7_000 * 7_000 + 1_790_000_000_000_000
    time_us[::50] = time_us[1::50]
    person[::100] = person[1::100]
    source = dice.integers(0, sources, 60_000)
    assert np.array_equal(order_of(person, source, time_us), np.lexsort((time_us, source, person)))
