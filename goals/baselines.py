"""Over which days "what it was before" is measured: before a period, lately, and a year earlier."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

RECENT_DAYS: Final = 90
YEAR: Final = timedelta(weeks=52)  # the same weekdays


class Stretch(models.TextChoices):
    BEFORE = "before", _("As long, right before")
    RECENT = "recent", _("The last 90 days")
    YEAR = "year", _("A year before")


@dataclass(frozen=True, slots=True)
class Days:
    """The local days [since, until) that a baseline is measured over."""

    stretch: Stretch
    since: date
    until: date

    @property
    def last(self) -> date:
        """Give the last day inside."""
        return self.until - timedelta(days=1)

    @property
    def count(self) -> int:
        """Give the number of days."""
        return (self.until - self.since).days

    def is_covered(self, first_day: date | None) -> bool:
        """Say whether anything was measured before these days began: then all of them were measured whole."""
        return first_day is not None and first_day < self.since


def stretches(first: date, last: date, *, today: date) -> tuple[Days, ...]:
    """Give the days to look at for a period with these first and last days; only whole days that are over."""
    end = min(first, today)
    length = last - first + timedelta(days=1)
    found = [Days(Stretch.BEFORE, end - length, end), Days(Stretch.RECENT, today - timedelta(days=RECENT_DAYS), today)]
    year = Days(Stretch.YEAR, first - YEAR, last - YEAR + timedelta(days=1))
    return (*found, year) if year.until <= today else tuple(found)
