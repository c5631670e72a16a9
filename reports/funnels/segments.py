"""SEGMENTS: what the persons of a funnel can be told apart by, as the visit of their first step says it.

Beside them stand the workspace's saved segments, `segment:NAME`: a person is in one or not, whatever the visit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.dimensions import NOT_SET, label_of

WHOLE = "none"  # nobody is told apart
SAVED = "segment:"  # what a saved segment's short name comes after
INSIDE, OUTSIDE = "in", "out"  # of a saved segment
NO_VISIT = "(no visit)"  # the first step lay in no visit: an event sent by a server, say


@dataclass(frozen=True, slots=True)
class Segment:
    """A column of sessions; `sql` gives its value as text."""

    sql: str
    label: Promise


SEGMENTS: Mapping[str, Segment] = MappingProxyType(
    {
        "channel": Segment("channel", _("Channel")),
        "device": Segment("device", _("Device")),
        "visitor": Segment("case when is_new then 'new' else 'returning' end", _("New or returning")),
    }
)
_LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        NO_VISIT: _("(no visit)"),
        "desktop": _("Desktop"),
        "mobile": _("Mobile"),
        "tablet": _("Tablet"),
        "new": _("New visitors"),
        "returning": _("Returning visitors"),
    }
)


def segment_label(by: str, key: str) -> str:
    """Give what people read for a segment."""
    if key in _LABELS and (by != "channel" or key == NO_VISIT):
        return str(_LABELS[key])
    return label_of(by, key)


__all__ = [
    "INSIDE", "NOT_SET", "NO_VISIT", "OUTSIDE", "SAVED", "SEGMENTS", "WHOLE", "Segment", "segment_label",
]  # fmt: skip
