"""Counts how often the same content came in a file, in 12 bytes a slot: millions of rows fit beside everything else."""

from array import array

_LOAD = 0.6  # share of slots in use, above which the table doubles: longer searches cost more than the room
_FIRST_SLOTS = 1 << 12  # a power of two, so that a mask finds the slot


class Occurrences:
    """A table of hashes with open addressing; a dict takes ten times as much for each row.

    Two contents whose first 64 bits agree are counted as one: among five million, once in a million files. The count
    only tells equal rows apart, so the second of such two gets an id of its own all the same.
    """

    def __init__(self) -> None:
        self._make(_FIRST_SLOTS)

    def count(self, digest: bytes) -> int:
        """Give how often this digest (8 bytes or more, evenly spread) was counted, this time among them."""
        if self._used > self._most:
            self._grow()
        key = int.from_bytes(digest[:8], "little") or 1  # 0 marks a free slot
        slot = self._slot_of(key)
        if self._keys[slot] == 0:
            self._keys[slot] = key
            self._used += 1
        self._counts[slot] += 1
        return self._counts[slot]

    def _slot_of(self, key: int) -> int:
        keys, mask = self._keys, self._mask
        slot = key & mask
        while keys[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        keys, counts = self._keys, self._counts
        self._make(2 * len(keys))
        for key, count in zip(keys, counts, strict=True):
            if key:
                slot = self._slot_of(key)
                self._keys[slot], self._counts[slot] = key, count
                self._used += 1

    def _make(self, slots: int) -> None:
        self._keys = array("Q", bytes(8 * slots))
        self._counts = array("I", bytes(4 * slots))
        self._mask = slots - 1
        self._most = int(slots * _LOAD)
        self._used = 0
