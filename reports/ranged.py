"""What all questions about a range of days have: the range, its days as parameters, and for some the touch windows."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from analysis.windows import KIND_NAMES, Windows
from reports import periods
from reports.periods import Span


class Ranged:
    """A question over the local days [since, until).

    period   a key of PERIODS, or "custom"
    """

    __slots__ = ()

    period: str
    since: date
    until: date

    @property
    def span(self) -> Span:
        """Give the range of days."""
        return Span(self.since, self.until)

    @property
    def days(self) -> dict[str, str]:
        """Print the range as the address's parameters: by its name, and by its days where it has none."""
        named = {"period": self.period}
        if self.period != periods.CUSTOM:
            return named
        return {**named, "from": self.since.isoformat(), "to": self.span.last.isoformat()}

    @property
    def window_days(self) -> dict[str, int]:
        """Give no window of a touch type: nothing is credited."""
        return {}

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; its module's `read` reads the same question from them."""
        raise NotImplementedError

    def query(self, changes: Mapping[str, str] | None = None) -> str:
        """Print the address's query, with some parameters changed."""
        return urlencode({**self.params(), **(changes or {})})


class Windowed(Ranged):
    """A question that credits touches; view, engagement, click days a touch of the type stays eligible, 0 is off."""

    __slots__ = ()

    view_days: int
    engagement_days: int
    click_days: int

    @property
    def window_days(self) -> dict[str, int]:
        """Give the days of each touch type, by its name."""
        return dict(zip(KIND_NAMES, (self.view_days, self.engagement_days, self.click_days), strict=True))

    @property
    def windows(self) -> Windows:
        """Give the windows as the arithmetic takes them."""
        return Windows(*(float(days) if days else None for days in self.window_days.values()))
