"""Keeper: what a process keeps of what it read, up to so many bytes; what was not asked for the longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock
from typing import Any, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows the memory it takes."""

    @property
    def nbytes(self) -> int:
        """Give the bytes."""


T = TypeVar("T", bound=Sized)


class Keeper:
    """Values under keys that name them for good: a key's value never changes, so nothing here is ever stale."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()  # web servers answer several requests at once

    def find(self, key: Hashable) -> Any:
        """Give the value, None where it is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Hashable, value: T) -> T:
        """Keep the value, and let go what was not asked for the longest; give the value back."""
        with self._lock:
            before = self._values.pop(key, None)
            self._values[key] = value
            self.bytes += value.nbytes - (before.nbytes if before is not None else 0)
            while self.bytes > self.most_bytes:
                _, gone = self._values.popitem(last=False)
                self.bytes -= gone.nbytes
        return value

    def __iter__(self) -> Iterator[Hashable]:
        """Give the keys that are kept, what was not asked for the longest first."""
        with self._lock:
            return iter(list(self._values))

    def forget(self) -> None:
        """Let everything go."""
        with self._lock:
            self._values.clear()
            self.bytes = 0
