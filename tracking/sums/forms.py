"""Which days of the imported sums are shown."""

from tracking.ads.forms import DaysForm
from tracking.sums.history import MOST_DAYS


class SpanForm(DaysForm):
    """History is looked at as a whole: it has more days than a report."""

    most_days = MOST_DAYS
