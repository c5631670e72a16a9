"""What stands beside a segment's form: its size as it is written so far, or why there is none yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.explore.question import Known
from reports.segments.forms import SegmentForm
from reports.segments.page import in_words, match_label
from reports.segments.sizing import Sized, sized
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Panel:
    """The size of a form's segment.

    words, text   the definition as people read it, and as it is written
    fault         what is wrong with it; "" for an empty form
    """

    sized: Sized | None = None
    match: str = ""
    words: tuple[tuple[str, str], ...] = ()
    text: str = ""
    fault: str = ""


def panel_of(form: SegmentForm, workspace: Workspace, known: Known, *, now: datetime) -> Panel:
    """Count what the form says, as of the end of today."""
    if form.is_bound:
        form.is_valid()
    definition = form.definition
    if definition is None:
        return Panel(fault=form.fault)
    found = sized(workspace, definition, known, until=known.today + timedelta(days=1), now=now)
    return Panel(found, match_label(definition), tuple(in_words(definition, known)), definition.text)
