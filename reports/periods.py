"""PERIODS: the spans of days that a report can be asked for by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CUSTOM = "custom"
PLAN = "plan"
LONGEST_DAYS = 800  # two years and the comparison's lead-in; longer ranges answer 400
WEEK = 7
DAY = timedelta(days=1)
BY_DAY_DAYS, BY_WEEK_DAYS = 45, 200  # up to these many days a trend is read by day, then by week, then by month


@dataclass(frozen=True, slots=True)
class Span:
    """Local calendar days [since, until)."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """Give the number of days; 0 or less is no span."""
        return (self.until - self.since).days

    @property
    def last(self) -> date:
        """Give the last day inside, which is what people call the end."""
        return self.until - DAY

    def back(self, days: int) -> "Span":
        """Give the span so many days earlier."""
        return Span(self.since - timedelta(days=days), self.until - timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Period:
    """A named span.

    label   what people read
    span    today and the plan's whole period (None without a plan) to the span; None where it has none
    """

    label: Promise
    span: Callable[[date, Span | None], Span | None]


def _last(days: int) -> Callable[[date, Span | None], Span]:
    # Complete days only: today is not over, and would always look like a fall.
    return lambda today, _plan: Span(today - timedelta(days=days), today)


def _month(today: date, _plan: Span | None) -> Span:
    return Span(today.replace(day=1), today + DAY)


def _plan_to_date(today: date, plan: Span | None) -> Span | None:
    if plan is None:
        return None
    until = max(min(plan.until, today + DAY), plan.since + DAY)
    return Span(max(plan.since, until - timedelta(days=LONGEST_DAYS)), until)


PERIODS: Mapping[str, Period] = MappingProxyType(
    {
        PLAN: Period(_("Plan period to date"), _plan_to_date),
        "7d": Period(_("Last 7 days"), _last(7)),
        "28d": Period(_("Last 28 days"), _last(28)),
        "30d": Period(_("Last 30 days"), _last(30)),
        "91d": Period(_("Last 91 days"), _last(91)),
        "month": Period(_("Month to date"), _month),
    }
)
WITHOUT_PLAN = "28d"  # the default where no plan says which days matter


def previous(span: Span) -> Span:
    """Give the span before, moved by whole weeks so that weekdays match."""
    return span.back(-(-span.days // WEEK) * WEEK)


def year_before(span: Span) -> Span:
    """Give the span 52 weeks earlier: the same weekdays."""
    return span.back(52 * WEEK)


def bucket_start(day: date, interval: str) -> date:
    """Give the first day of the bucket that the day falls into; weeks start on Monday."""
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == "month" else day


def months_of(span: Span) -> Iterator[Span]:
    """Give the calendar months that touch the span, whole."""
    first = bucket_start(span.since, "month")
    while first < span.until:
        until = bucket_end(first, "month")
        yield Span(first, until)
        first = until


def bucket_end(day: date, interval: str) -> date:
    """Give the day after the last of the bucket that the day falls into."""
    start = bucket_start(day, interval)
    if interval == "month":
        return bucket_start(start + timedelta(days=32), "month")
    return start + timedelta(days=WEEK if interval == "week" else 1)


def fitting_interval(span: Span) -> str:
    """Give the interval that shows the span in a readable number of buckets."""
    if span.days <= BY_DAY_DAYS:
        return "day"
    return "week" if span.days <= BY_WEEK_DAYS else "month"
