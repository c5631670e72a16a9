"""Ids look random, never collide, and sort as their numbers do."""

import numpy as np

from measureplan.demo.ids import hex_ids, scattered, tokens


def test_different_numbers_stay_different() -> None:
    mixed = scattered(np.arange(100_000, dtype=np.uint64), salt=3)
    assert len(np.unique(mixed)) == 100_000
    assert abs(float(np.mean(mixed / 2.0**64)) - 0.5) < 0.01


def test_another_salt_gives_other_ids() -> None:
    numbers = np.arange(1_000, dtype=np.uint64)
    assert not set(scattered(numbers, salt=1).tolist()) & set(scattered(numbers, salt=2).tolist())


def test_text_order_is_number_order() -> None:
    numbers = np.array([0, 9, 10, 255, 256, 2**63, 2**64 - 1], dtype=np.uint64)
    texts = hex_ids(numbers).to_pylist()
    assert texts == sorted(texts) == [f"{number:016x}" for number in numbers.tolist()]


def test_tokens_have_their_length_and_are_the_same_for_the_same_seed() -> None:
    one, other = (tokens(np.random.default_rng(5), 20, length=36).to_pylist() for _ in range(2))
    assert one == other
    assert {len(token) for token in one} == {36}
    assert len(set(one)) == 20


def test_no_rows_make_an_empty_array() -> None:
    assert len(tokens(np.random.default_rng(5), 0, length=36)) == 0
    assert len(hex_ids(np.array([], dtype=np.uint64))) == 0
