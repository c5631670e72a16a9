"""Question: what is asked of the figures, as one frozen value read from the address and printed back into it."""

from dataclasses import dataclass, replace
from datetime import date

from analysis.windows import LONGEST_DAYS as LONGEST_WINDOW
from reports import periods
from reports.periods import Span
from reports.ranged import Windowed

NAMES = (
    "period", "from", "to", "interval", "metric", "by", "model",
    "view", "engagement", "click", "keep_direct", "per", "compare",
)  # fmt: skip
INTERVALS = ("day", "week", "month")
AUTO = "auto"
OFF = "off"
WINDOW_CHOICES = (0, 1, 7, 30, 60, 90)  # days that the page offers; any number up to 90 can be asked
COMPARISONS = ("none", "previous", "year")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a question takes where the address says nothing; the goal and its plan know.

    goal                    its slug
    plan                    the plan's whole period, None without one
    view, engagement, click days; 0 is off
    """

    goal: str
    today: date
    plan: Span | None
    model: str
    view_days: int
    engagement_days: int
    click_days: int
    metric: str = "conversions"
    per: str = "visitors"


@dataclass(frozen=True, slots=True)
class Question(Windowed):
    """One goal over one range of local days.

    period                  a key of PERIODS, or "custom"
    since, until            local days [since, until)
    interval                day, week or month; `is_auto` where the range's length chose it
    metric, breakdown       keys of METRICS and DIMENSIONS
    model                   a key of analysis' MODELS that needs no parameters
    view, engagement, click days a touch of the type stays eligible; 0 is off
    keep_direct             True leaves direct touches their credit
    per                     a key of PER: the denominator
    compare                 none, previous or year
    """

    goal: str
    period: str
    since: date
    until: date
    interval: str
    is_auto: bool
    metric: str
    breakdown: str
    model: str
    view_days: int
    engagement_days: int
    click_days: int
    keep_direct: bool
    per: str
    compare: str

    @property
    def comparison(self) -> "Question | None":
        """Give the question of the range that this one is compared with."""
        if self.compare == "none":
            return None
        span = periods.previous(self.span) if self.compare == "previous" else periods.year_before(self.span)
        return replace(self, period=periods.CUSTOM, since=span.since, until=span.until, compare="none")

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `asking.read` reads the same question from them."""
        return {
            **self.days,
            "interval": AUTO if self.is_auto else self.interval,
            "metric": self.metric,
            "by": self.breakdown,
            "model": self.model,
            **{name: str(days) if days else OFF for name, days in self.window_days.items()},
            "keep_direct": "1" if self.keep_direct else "0",
            "per": self.per,
            "compare": self.compare,
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter."""

    code: str
    field: str
    value: str
    message: str


class BadQuestion(ValueError):
    """The parameters ask nothing that can be answered; `faults` says why, one each."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


def as_window(text: str) -> int | None:
    """Read the days of a window, 0 where it is off; None where the text is neither."""
    if text == OFF:
        return 0
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
    return days if 1 <= days <= LONGEST_WINDOW else None
