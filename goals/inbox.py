"""The proposals of a workspace by lane, as one member sees them; and what awaits their answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from goals.backtest import Backtest
from goals.models import Goal, Lane, Proposal
from goals.proposing import backtest_of
from workspaces.models import Membership
from workspaces.navigation import Badge
from workspaces.roles import MAY, Action, Role

SHOWN: Final = 12  # of each lane, when all are shown beside each other
MOST: Final = 200  # of one lane on its own; older ones are found by department


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal in its lane."""

    proposal: Proposal
    macros: tuple[Goal, ...]
    comments: int
    votes: int
    tested: Backtest | None
    awaits_me: bool


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane: how many it holds, and those that are shown."""

    lane: Lane
    count: int
    cards: tuple[Card, ...]

    @property
    def hidden(self) -> int:
        """Give how many are not shown."""
        return self.count - len(self.cards)


def lanes_of(member: Membership, *, department: str = "", only: Lane | None = None) -> list[LaneView]:
    """Give every lane with its count; cards of all lanes, or of one alone."""
    rows = _seen(member, department)
    counts = {row["lane"]: row["n"] for row in rows.order_by().values("lane").annotate(n=Count("pk"))}
    shown = _cards(rows if only is None else rows.filter(lane=only), member, most=SHOWN if only is None else MOST)
    return [
        LaneView(lane, counts.get(lane, 0), tuple(card for card in shown if card.proposal.lane == lane))
        for lane in Lane
    ]


def departments_of(member: Membership) -> list[str]:
    """Give the departments that have proposed something the member sees."""
    named = _seen(member, "").exclude(department="").order_by("department")
    return list(named.values_list("department", flat=True).distinct())


def awaiting(member: Membership) -> "QuerySet[Proposal]":
    """Give the proposals that wait for this member: to be decided, or with a question to them."""
    mine = Q(author=member, lane=Lane.NEEDS_INFO)
    if Action.EDIT_PLAN not in MAY[Role(member.role)]:
        return Proposal.objects.filter(mine, workspace_id=member.workspace_id)
    others = Q(lane=Lane.SUBMITTED) & (Q(author=None) | ~Q(author=member))
    return Proposal.objects.filter(mine | others, workspace_id=member.workspace_id)


def awaiting_badge(member: Membership) -> Badge:
    """Give how much waits for the member, for the navigation; one query."""
    n = awaiting(member).order_by().count()
    return Badge(n, ngettext("%(n)s waits for you", "%(n)s wait for you", n) % {"n": n})


def _seen(member: Membership, department: str) -> "QuerySet[Proposal]":
    rows = Proposal.objects.filter(workspace_id=member.workspace_id).seen_by(member)
    return rows.filter(department=department) if department else rows


def _cards(rows: "QuerySet[Proposal]", member: Membership, *, most: int) -> list[Card]:
    numbered = rows.prefetch_related("supports").annotate(
        comments_made=Count("comments", distinct=True), votes_given=Count("votes", distinct=True)
    )
    newest = numbered.order_by("-changed_at", "-pk")  # the model's own order does not reach a query that counts
    found: list[Proposal] = []
    for lane in Lane:  # one small query each, so that a full lane does not crowd the others out
        found += newest.filter(lane=lane)[:most]
    waiting = set(awaiting(member).values_list("pk", flat=True))
    return [_card(proposal, waiting) for proposal in found]


def _card(proposal: Proposal, waiting: Iterable[int]) -> Card:
    return Card(
        proposal=proposal,
        macros=tuple(proposal.supports.all()),
        comments=proposal.comments_made,  # type: ignore[attr-defined]  # annotated above
        votes=proposal.votes_given,  # type: ignore[attr-defined]
        tested=backtest_of(proposal),
        awaits_me=proposal.pk in waiting,
    )
