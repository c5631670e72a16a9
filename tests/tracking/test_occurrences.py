"""The compact counter agrees with a plain one."""

from collections import Counter
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from tracking.occurrences import Occurrences


def digest(number: int) -> bytes:
    return blake2b(b"%d" % number, digest_size=16).digest()


@given(st.lists(st.integers(min_value=0, max_value=30)))
def test_each_content_is_counted_on_its_own(numbers: list[int]):
    table, plain = Occurrences(), Counter[int]()
    for number in numbers:
        plain[number] += 1
        assert table.count(digest(number)) == plain[number]


def test_counts_outlive_the_growth_of_the_table():
    table = Occurrences()
    assert {table.count(digest(number)) for number in range(20_000)} == {1}
    assert {table.count(digest(number)) for number in range(20_000)} == {2}


def test_a_digest_of_zeros_is_counted_as_well():
    table = Occurrences()
    assert [table.count(bytes(16)), table.count(bytes(16))] == [1, 2]
