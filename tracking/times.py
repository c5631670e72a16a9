"""When an event happened: reads the times that clients send, and corrects clocks that are off."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from tracking.event import (
    DAY_US,
    MAX_AHEAD_US,
    MAX_SKEW_US,
    MINUTE_US,
    SECOND_US,
    Drop,
    DropReason,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# The range rule: both ranges hold every date from 1973 to 5138 and neither touches the other.
_SECONDS = range(10**8, 10**11)
_MILLISECONDS = range(10**11, 10**14)

# Before the web there are no events; without this floor an import would accept year 1 for a broken date.
EARLIEST_US = 631_152_000 * SECOND_US  # 1990-01-01

# ISO 8601 as clients write it. What datetime.fromisoformat takes beyond it is a guess.
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def us_of(when: datetime) -> int:
    """Give an instant in microseconds since 1970, exactly."""
    return (when - _EPOCH) // _MICROSECOND


def instant_of(us: int) -> datetime:
    """Give the instant of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=us)


class Moment(msgspec.Struct, frozen=True):
    """A point in time as it was said; `has_zone` is False for ISO text without one, which is taken as UTC."""

    us: int
    has_zone: bool = True


class Timing(msgspec.Struct, frozen=True):
    """When an event happened, and what the client's clock said where that was corrected."""

    time_us: int
    client_time_us: int | None = None


def moment_of(value: object, *, pointer: str = "/time") -> Moment | Drop:
    """Read ISO 8601 text, or a number of seconds or milliseconds since the epoch; else Drop time_format."""
    if isinstance(value, str):
        return _moment_of_text(value, pointer=pointer)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if isinstance(value, Decimal) and value.adjusted() > 14:
            return _format(value, pointer)  # int() of 1E+300 would take long
        whole = int(value)
        if whole in _SECONDS:
            return Moment(int(value * SECOND_US))
        if whole in _MILLISECONDS:
            return Moment(int(value * 1_000))
    return _format(value, pointer)


def timing_of(
    moment: Moment | None,
    *,
    received_us: int,
    sent_us: int | None,
    max_age_us: int | None,
    max_ahead_us: int = MAX_AHEAD_US,
) -> Timing | Drop:
    """Place an event in time: correct a clock that is off, then refuse what cannot be true.

    moment       what the client said; None: it happened when it was received
    received_us  the server's clock
    sent_us      the client's clock when it sent the request; None: the clock is trusted
    max_age_us   None: an import of old events, no age limit
    returns      Timing, or Drop with time_in_future or too_old, pointer /time
    source       PROTOCOLS A.0 (Segment and PostHog do the same), SEMANTICS 8
    """
    if moment is None:
        return Timing(received_us)
    time_us, said_us = moment.us, None
    if sent_us is not None and abs(received_us - sent_us) > MAX_SKEW_US:
        said_us = time_us
        time_us += received_us - sent_us
    if time_us > received_us + max_ahead_us:
        minutes = (time_us - received_us) // MINUTE_US
        return Drop(DropReason.TIME_IN_FUTURE, f"the time is {minutes} minutes ahead of the server", "/time")
    floor_us = EARLIEST_US if max_age_us is None else received_us - max_age_us
    if time_us < floor_us:
        days = (received_us - time_us) // DAY_US
        return Drop(DropReason.TOO_OLD, f"the event is {days} days old; import history as a file", "/time")
    return Timing(time_us, said_us)


def _moment_of_text(text: str, *, pointer: str) -> Moment | Drop:
    found = _ISO.fullmatch(text)
    if found is None:
        return _format(text, pointer)
    has_zone = found[1] is not None
    try:
        when = datetime.fromisoformat(text if has_zone else text + "Z")
        return Moment(us_of(when), has_zone)
    except (ValueError, OverflowError):  # the 30th of February, hour 25, year 9999 west of Greenwich
        return _format(text, pointer)


def _format(value: object, pointer: str) -> Drop:
    shown = str(value)[:40]
    advice = "use ISO 8601 such as 2026-11-21T21:47:56Z, or seconds or milliseconds since 1970"
    return Drop(DropReason.TIME_FORMAT, f'"{shown}" is not a time; {advice}', pointer)
