"""The workspace's clock as an expression: local time of instants, by the offsets that hold from each change on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tracking.times import us_of

_STEP = timedelta(hours=12)  # no zone changes its clocks twice within so short a time
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Offsets from UTC in microseconds: (the instant from which on it holds, the offset), ascending."""

    offsets: tuple[tuple[int, int], ...]

    def local(self, us: str) -> str:
        """Give the expression of the local time, without a zone, of an expression of microseconds since 1970."""
        # Numbers of our own, and no text of anybody's.
        (_begin, first), *later = self.offsets
        cases = "".join(f" when {us} >= {since} then {offset}" for since, offset in sorted(later, reverse=True))
        offset = f"case{cases} else {first} end" if cases else str(first)
        return f"make_timestamp({us} + {offset})"


def clock_of(zone: ZoneInfo, since: datetime, until: datetime) -> Clock:
    """Give the clock of a zone that is right in [since, until]."""
    begin = since.astimezone(UTC).replace(microsecond=0)
    offsets = [(us_of(begin), _offset(begin, zone))]
    while begin < until:
        end = begin + _STEP
        if _offset(end, zone) != offsets[-1][1]:
            offsets.append((us_of(_change(begin, end, zone)), _offset(end, zone)))
        begin = end
    return Clock(tuple(offsets))


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Give the first second of the new offset, between two instants of which the second has it."""
    new = _offset(after, zone)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        before, after = (before, middle) if _offset(middle, zone) == new else (middle, after)
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return (offset or timedelta(0)) // timedelta(microseconds=1)
