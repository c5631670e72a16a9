"""When somebody wants no mails: hours of the workspace's clock, and weekends. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

STEP: Final = timedelta(minutes=15)  # quiet hours begin and end on half hours, and every zone's offset is of quarters
TIMES: Final = tuple(time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30))
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Quiet:
    """One person's quiet hours.

    begins, ends   times of the clock, of TIMES: 20:00 to 7:00 goes over midnight; both None: no hours of the day
    weekends       Saturdays and Sundays as a whole
    raises         ValueError for one of the two times without the other, for twice the same, and for other times
    """

    begins: time | None = None
    ends: time | None = None
    weekends: bool = False

    def __post_init__(self) -> None:
        if (self.begins is None) != (self.ends is None):
            raise ValueError("quiet hours have a beginning and an end, or neither")
        if self.begins is not None and (self.begins == self.ends or not {self.begins, self.ends} <= set(TIMES)):
            raise ValueError(f"quiet hours from {self.begins} to {self.ends}: give two different half hours")

    def covers(self, local: datetime) -> bool:
        """Say whether it is quiet while the clock shows this."""
        if self.weekends and local.weekday() >= SATURDAY:
            return True
        if self.begins is None or self.ends is None:
            return False
        clock = local.time()
        if self.begins < self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def first_loud(quiet: Quiet, zone: ZoneInfo, *, since: datetime) -> datetime:
    """Give the first moment from `since` on at which the zone's clock shows no quiet time, in UTC.

    What the clock shows decides, so that an hour that a clock change skips or repeats needs no rule of its own: quiet
    to 2:30 on the night when 2:00 becomes 3:00 ends at 3:00.
    """
    moment = since.astimezone(UTC)
    while quiet.covers(moment.astimezone(zone)):
        # To the next quarter of an hour: nothing begins or ends between two.
        moment += STEP - (moment - datetime.min.replace(tzinfo=UTC)) % STEP
    return moment
