"""How a proposal moves from lane to lane: once, by somebody who may, with its trace. What moves it is elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from goals.models import Lane, Proposal
from goals.revising import By, Stale
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

MOST_TEXT = 500  # letters of a reason, as long as its column


class NotOpen(Refusal):
    """The proposal is in another lane by now: somebody decided, answered or withdrew it meanwhile."""

    code = "not_open"


class NotYours(Refusal):
    """Only who wrote the proposal may do this."""

    code = "not_yours"
    status = 403


class TextMissing(Refusal):
    """A question, an answer or a decline comes without its text."""

    code = "text_missing"
    field = "text"
    status = 400


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a proposal.

    by      the member, or the name of the program that acts: "API token nightly"
    member  the person behind: the member, or who made the program's token; None where that one has left
    """

    by: By
    member: Membership | None

    @classmethod
    def of(cls, member: Membership) -> "Actor":
        """Give a person who acts in the browser."""
        return cls(member, member)

    @property
    def name(self) -> str:
        """Give the name that stays beside what was done."""
        return str(self.by.user if isinstance(self.by, Membership) else self.by)

    def wrote(self, proposal: Proposal) -> bool:
        """Say whether the proposal is their own, or that of a program of theirs."""
        if proposal.author_id is None:
            return isinstance(self.by, str) and proposal.author_name == self.by
        return self.member is not None and self.member.pk == proposal.author_id


def move(
    proposal: Proposal,
    to: Lane,
    *,
    among: Collection[Lane],
    act: str,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    values: Mapping[str, Any] | None = None,  # further columns
    told: str = "",
) -> None:
    """Bring the proposal into a lane, with its audit entry; call it inside a transaction.

    among    the lanes that it may come from
    seen     the revision that the actor knows; None where it does not matter
    told     the text that goes with the act, for the trail
    raises   NotOpen where it is in another lane by now, Stale where it was changed; the row is locked from here on
    """
    rows = Proposal.objects.filter(pk=proposal.pk, lane__in=among)
    if seen is not None:
        rows = rows.filter(revision=seen)
    # The condition is in the update itself: of two who decide at once the second finds no row in that lane any more.
    columns = {"lane": to, "changed_at": now, "revision": F("revision") + 1} | dict(values or {})
    if rows.update(**columns) != 1:
        raise _refusal(proposal, among, seen)
    before = proposal.lane
    proposal.refresh_from_db()
    after = {"lane": str(to)} | ({"text": told} if told else {})
    AuditEntry.record(
        actor.by, act, proposal, workspace=proposal.workspace, now=now, before={"lane": before}, after=after
    )


def text_given(text: str, missing: str) -> str:
    """Give the text without blanks around it; raise TextMissing with the sentence where nothing is left."""
    written = text.strip()
    if not written:
        raise TextMissing(missing)
    return written


def _refusal(proposal: Proposal, among: Collection[Lane], seen: int | None) -> Refusal:
    saved = Proposal.objects.get(pk=proposal.pk)
    if saved.lane in among and seen is not None:
        return Stale(seen, saved.revision)
    if saved.decided_at is not None:
        words = _("%(name)s decided on this meanwhile: %(lane)s. Nothing was changed.")
        return NotOpen(words % {"name": saved.decided_by_name, "lane": saved.get_lane_display()})
    return NotOpen(
        _('This proposal is in the lane "%(lane)s" now, where this cannot be done. Nothing was changed.')
        % {"lane": saved.get_lane_display()}
    )
