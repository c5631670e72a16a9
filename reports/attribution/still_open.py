"""What of a range can still change: touches whose windows are open, so that a conversion may yet credit them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.windows import Windows
from reports import figures
from reports.attribution.blocks import Stored
from reports.attribution.question import Asked
from reports.periods import Span
from tracking.lake.query import connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot
from tracking.times import us_of
from workspaces.models import Workspace

OPEN = (Path(__file__).parent.parent / "sql" / "touches.open.sql").read_text()
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
    return counted(stored.snapshot, asked.span, asked.windows, with_direct=asked.direct != "never")


def counted(snapshot: Snapshot, span: Span, windows: Windows, *, with_direct: bool = True) -> StillOpen | None:
    """Do what `still_open` does, of any state and range."""
    through = snapshot.derived_through
    if through is None:
        return None
    return _counted(snapshot, span, tuple(windows.reach_us().tolist()), with_direct, us_of(through))


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


@lru_cache(maxsize=256)  # of one state of the lake, so it is never stale; the same for all goals
def _counted(
    snapshot: Snapshot,
    span: Span,
    reach: tuple[int, int, int],
    with_direct: bool,
    through_us: int,
) -> StillOpen:
    params: dict[str, object] = dict(zip(("view_us", "engagement_us", "click_us"), reach, strict=True))
    params |= {"since": span.since, "until": span.until, "through_us": through_us, "with_direct": with_direct}
    with connected(snapshot, only=(Table.TOUCHES,)) as lake:
        ((touches, is_open, until_us),) = lake.sql(OPEN, params=params).fetchall()
    return StillOpen(touches, is_open, EPOCH + timedelta(microseconds=until_us) if is_open else None)
