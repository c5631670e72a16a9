"""Why a figure may be missing or old: before the first day, removed, tracking broken, still being built, stale."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.answer import Provenance
from reports.attribution import of_a_day
from reports.gaps import Gap, days_out
from reports.periods import DAY
from reports.publishing import Published
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot, days_of_files, files
from workspaces.models import Workspace

BEFORE, REMOVED, BROKEN, BUILDING, STALE = "before", "removed", "broken", "building", "stale"
OF_A_DAY = "of_a_day"  # visitors whose earlier days cannot be known
KINDS = (BEFORE, REMOVED, BROKEN, BUILDING, STALE, OF_A_DAY)
FRESH_FOR = timedelta(days=1)  # computing takes minutes: what is a day behind is late
STALE_FOR = timedelta(days=7)  # as long as Pinterest shows figures of an older day with a notice


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know before reading.

    kind      of KINDS
    is_fault  somebody has to act; else it passes, or is as it has to be
    """

    kind: str
    words: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class First:
    """The first day that has figures, and why none before it has; kind of KINDS."""

    day: date
    kind: str
    words: str


def began_on(snapshot: Snapshot) -> date | None:
    """Give the first local day with a visit or an event about an ad; None before any."""
    days = days_of_files(files(snapshot.workspace_id, Table.TOUCHES, snapshot.touches_version))
    return days[0] if days else None


def first_of(published: Published, gaps: Iterable[Gap]) -> First | None:
    """Give the first healthy day of the tag; None before anything came."""
    began = began_on(published.snapshot) if published.publication else None
    if began is None:
        return None
    kept, out, day = published.lake.kept_since if published.lake else None, days_out(gaps), began
    if kept is not None and kept > began:
        words = _("Nothing is shown before %(day)s: older events were removed, as this workspace has set.")
        return First(kept, REMOVED, words % {"day": figures.day(kept)})
    while day in out:
        day += DAY
    if day > began:
        words = _("Nothing is shown before %(day)s: tracking was broken from the first event on.")
        return First(day, BROKEN, words % {"day": figures.day(day)})
    words = _("Nothing is shown before %(day)s: the first events came then.")
    return First(day, BEFORE, words % {"day": figures.day(day)})


def diagnosed(
    made: Provenance,
    gaps: Iterable[Gap],
    first: First | None,
    *,
    asked_since: date,
    workspace: Workspace,
    now: datetime,
) -> tuple[Notice, ...]:
    """Give what has to be known before reading, the worst first."""
    found = [Notice(BROKEN, words, is_fault=True) for words in dict.fromkeys(gap.words for gap in gaps)]
    if first is not None and asked_since < first.day:
        found.append(Notice(first.kind, first.words))
    if not made.is_complete and made.computed_through is not None:
        found.append(_late(made.computed_through, workspace, now))
    return tuple(found)


def seen_for_a_day(checkouts: int, *, of: int) -> tuple[Notice, ...]:
    """Say of how many checkouts nobody knows what came before their day."""
    words = of_a_day.sentence(checkouts, of=of)
    return (Notice(OF_A_DAY, words),) if words else ()


def _late(through: datetime, workspace: Workspace, now: datetime) -> Notice:
    late, moment = now - through, figures.moment(through, workspace.zone)
    if late <= FRESH_FOR:
        words = _("The report is still being built: events that came after %(moment)s are being added.")
        return Notice(BUILDING, words % {"moment": moment})
    words = ngettext(
        "The figures are %(n)s day old: they hold what came until %(moment)s, and newer events wait.",
        "The figures are %(n)s days old: they hold what came until %(moment)s, and newer events wait.",
        late.days,
    )
    return Notice(STALE, words % {"n": late.days, "moment": moment}, is_fault=late > STALE_FOR)
