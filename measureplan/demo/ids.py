"""Ids and tokens for millions of rows at once, the same for the same seed."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint8).reshape(256, 2)
_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8)


def scattered(numbers: Numbers, *, salt: int) -> Numbers:
    """Mix 64-bit numbers so that they look random; different numbers stay different.

    source   Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators": SplitMix64's finisher,
             a bijection, so that ids are unique by construction and not by luck
    """
    mixed = numbers + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hex_ids(numbers: Numbers) -> Any:
    """Write numbers as 16 hexadecimal digits each; text order is number order. Give an Arrow string array."""
    octets = numbers.astype(">u8").view(np.uint8)
    return _fixed_width(_HEX[octets].reshape(len(numbers), 16))


def tokens(rng: np.random.Generator, count: int, *, length: int) -> Any:
    """Draw `count` random texts of URL-safe letters. Give an Arrow string array."""
    return _fixed_width(_ALPHABET[rng.integers(0, 64, size=(count, length), dtype=np.uint8)])


def _fixed_width(letters: NDArray[np.uint8]) -> Any:
    count, length = letters.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters)))
