"""What a person saves of a segment."""

from dataclasses import dataclass

from reports.saving import Draft
from workspaces.models import Membership


@dataclass(frozen=True, slots=True)
class SegmentDraft(Draft):
    """Its name, what it is for, whose it is, and its lines as text."""

    name: str
    description: str
    owner: Membership | None
    text: str
