"""The TC string of the IAB's Transparency and Consent Framework, version 2: bits to facts, and nothing judged.

Segments are base64url, divided by dots. The core comes first; each other one begins with three bits for its kind.
"""

import base64
import binascii
from dataclasses import dataclass

MAX_CHARS = 16_384  # a string with every vendor of the list disclosed has about 4,000
_DISCLOSED = 1  # the kind of the segment that lists the vendors who were shown


class NotTcf(ValueError):
    """The text is no TC string of version 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TcString:
    """What a TC string says.

    created_us, updated_us   microseconds since the epoch; the string counts in tenths of a second
    purposes, interests      purposes with consent, and with a legitimate interest that was not objected to
    vendors, vendor_interests  the same of vendors
    disclosed                vendors that were shown to the visitor; None where the string has no such segment
    """

    created_us: int
    updated_us: int
    cmp_id: int
    policy_version: int
    purposes: frozenset[int]
    interests: frozenset[int]
    vendors: frozenset[int]
    vendor_interests: frozenset[int]
    disclosed: frozenset[int] | None


def read(text: str) -> TcString:
    """Decode a TC string; raise NotTcf where it is none."""
    if len(text) > MAX_CHARS:
        message = f"a TC string of {len(text)} characters; {MAX_CHARS} at most"
        raise NotTcf(message)
    core, *others = text.strip().split(".")
    bits = _Bits(core)
    if (version := bits.number(6)) != 2:
        message = f"a TC string of version {version}; 2 is read"
        raise NotTcf(message)
    created_us, updated_us = bits.moment_us(), bits.moment_us()
    cmp_id = bits.number(12)
    bits.skip(12 + 6 + 12 + 12)  # version of the banner, its screen and language, version of the vendor list
    policy_version = bits.number(6)
    bits.skip(1 + 1 + 12)  # whether of this site alone, of own stacks; special features
    purposes, interests = bits.field(24), bits.field(24)
    bits.skip(1 + 12)  # how purpose 1 was shown; the publisher's country
    return TcString(
        created_us=created_us,
        updated_us=updated_us,
        cmp_id=cmp_id,
        policy_version=policy_version,
        purposes=purposes,
        interests=interests,
        vendors=bits.vendors(),
        vendor_interests=bits.vendors(),
        disclosed=_disclosed(others),
    )


def _disclosed(segments: list[str]) -> frozenset[int] | None:
    for segment in segments:
        bits = _Bits(segment)
        if bits.number(3) == _DISCLOSED:
            return bits.vendors()
    return None


class _Bits:
    """A segment's bits, read from the first on."""

    def __init__(self, segment: str) -> None:
        try:
            packed = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as fault:
            message = "a segment is not base64url"
            raise NotTcf(message) from fault
        self._value, self._left = int.from_bytes(packed), len(packed) * 8

    def number(self, length: int) -> int:
        """Take the next bits as a number."""
        self._left -= length
        if self._left < 0:
            message = "the string breaks off"
            raise NotTcf(message)
        return (self._value >> self._left) & ((1 << length) - 1)

    def skip(self, length: int) -> None:
        """Pass over bits that say nothing here."""
        self.number(length)

    def moment_us(self) -> int:
        """Take a time, which is in tenths of a second."""
        return self.number(36) * 100_000

    def field(self, length: int) -> frozenset[int]:
        """Take a bit for each of the ids from 1 on."""
        value = self.number(length)
        return frozenset(at for at in range(1, length + 1) if value >> (length - at) & 1)

    def vendors(self) -> frozenset[int]:
        """Take vendor ids: as a bit for each up to the highest, or as ranges."""
        highest = self.number(16)
        if not self.number(1):
            return self.field(highest)
        found: set[int] = set()
        for _ in range(self.number(12)):
            is_range = self.number(1)
            first = self.number(16)
            last = self.number(16) if is_range else first
            if last < first or last > highest:
                message = f"vendors from {first} to {last} of {highest}"
                raise NotTcf(message)
            found.update(range(first, last + 1))
        return frozenset(found)
