"""What happened to a proposal, oldest first: its acts from the audit trail, and what was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.mentions import Piece, pieces
from goals.models import Comment, Proposal
from workspaces.models import AuditEntry, Membership

# Acts that people tell each other; votes and edits of a draft are left to the audit trail.
ACTS: dict[str, Promise] = {
    "created": _("began the proposal"),
    "submitted": _("submitted it"),
    "withdrawn": _("withdrew it"),
    "asked about": _("asked for information"),
    "answered": _("answered, and submitted it again"),
    "approved": _("approved it"),
    "merged": _("approved it as covered by another goal"),
    "declined": _("declined it"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the story: an act in words, or a comment in pieces."""

    who: str
    at: datetime
    act: str | Promise = ""
    pieces: tuple[Piece, ...] = ()
    comment_id: int | None = None


def story_of(proposal: Proposal, members: Iterable[Membership]) -> list[Happening]:
    """Give the story for two queries; members come with their user."""
    known = list(members)
    acts = AuditEntry.objects.filter(
        workspace_id=proposal.workspace_id,
        subject_type=Proposal._meta.model_name,  # Django's documented name
        subject_id=str(proposal.pk),
        act__in=list(ACTS),
    )
    told = [Happening(entry.actor_name, entry.at, ACTS[entry.act]) for entry in acts.order_by("at", "pk")]
    told += [_said(comment, known) for comment in proposal.comments.all()]
    # An act and its words are of one moment: the sort is stable, so the act, which stands first, stays first.
    return sorted(told, key=lambda each: each.at)


def _said(comment: Comment, members: list[Membership]) -> Happening:
    cut = tuple(pieces(comment.text, members))
    return Happening(comment.author_name, comment.at, pieces=cut, comment_id=comment.pk)
