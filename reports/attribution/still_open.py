"""What of a range can still change: touches whose windows are open, so that a conversion may yet credit them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.attribution.blocks import Stored
from reports.attribution.crediting import Direct
from reports.attribution.question import Asked
from reports.breakdown import OPEN
from reports.periods import Span
from tracking.lake.query import connected
from tracking.times import us_of
from workspaces.models import Workspace

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Touches of the range of the types that count, and those of them that a conversion from now on may credit.

    until   when the last of these windows closes; None where all are closed
    """

    touches: int
    open: int
    until: datetime | None

    @property
    def share(self) -> float | None:
        """Give the share of the touches; None where there are none."""
        return self.open / self.touches if self.touches else None


def still_open(stored: Stored, asked: Asked) -> StillOpen | None:
    """Count the range's touches by whether their window was open when the figures were computed, to the second.

    Direct touches are left out where they earn nothing. None before anything was computed.
    """
    through = stored.snapshot.derived_through
    if through is None:
        return None
    return _counted(stored, asked.span, tuple(asked.windows.reach_us().tolist()), asked.direct, us_of(through))


def sentence(found: StillOpen, workspace: Workspace) -> str:
    """Say it with the numbers."""
    if not found.touches:
        return _("No touch that counts lies on these days.")
    if found.until is None:
        words = ngettext(
            "The window of the one touch on these days is closed; only late events, refunds and erasures change it.",
            "The windows of all %(touches)s touches on these days are closed; only late events, refunds and erasures "
            "change what they earn.",
            found.touches,
        )
        return words % {"touches": figures.number(found.touches)}
    words = ngettext(
        "%(open)s of %(touches)s touch on these days (%(share)s) can still earn credit from conversions to come; the "
        "last window closes %(moment)s.",
        "%(open)s of %(touches)s touches on these days (%(share)s) can still earn credit from conversions to come; "
        "the last window closes %(moment)s.",
        found.touches,
    )
    return words % {
        "open": figures.number(found.open),
        "touches": figures.number(found.touches),
        "share": figures.percent(found.share).text,
        "moment": figures.moment(found.until, workspace.zone),
    }


@lru_cache(maxsize=256)  # of one state of the lake, so it is never stale
def _counted(stored: Stored, span: Span, reach: tuple[int, int, int], direct: Direct, through_us: int) -> StillOpen:
    params: dict[str, object] = dict(zip(("view_us", "engagement_us", "click_us"), reach, strict=True))
    params |= {
        "since": span.since, "until": span.until, "through_us": through_us, "with_direct": direct != "never",
    }  # fmt: skip
    with connected(stored.snapshot) as lake:
        ((touches, is_open, until_us),) = lake.sql(OPEN, params=params).fetchall()
    return StillOpen(touches, is_open, EPOCH + timedelta(microseconds=until_us) if is_open else None)
