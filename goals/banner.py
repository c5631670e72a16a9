"""The lines above a plan that say where it is in its life: waiting for signatures, approved, changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from goals.models import Answer, Plan, PlanStage, PlanVersion, SignOff, VersionState
from goals.signing import Since, since_approval
from workspaces.models import Membership


@dataclass(frozen=True, slots=True)
class Banner:
    """What templates/goals/plan_banner.html shows.

    waiting    the version that waits for signatures, with the answers to it; None where none does
    is_asked   whether the reader has yet to answer
    since      what changed since the version that was approved last; None where none was
    declined   the newest version where that was declined: its reasons are what has to change
    """

    stage: PlanStage
    waiting: PlanVersion | None
    answers: Sequence[SignOff]
    is_asked: bool
    since: Since | None
    declined: PlanVersion | None

    @property
    def signed(self) -> int:
        """Count the signatures given."""
        return sum(each.answer == Answer.SIGNED for each in self.answers)

    @property
    def awaited(self) -> list[str]:
        """Name who has yet to answer."""
        return [each.name for each in self.answers if each.answer == Answer.PENDING]


def banner_of(plan: Plan, member: Membership, *, today: date) -> Banner:
    """Say where the plan is in its life; `today` is the workspace's day."""
    newest = plan.versions.first()
    waiting = newest if newest and newest.state == VersionState.IN_REVIEW else None
    answers = list(waiting.sign_offs.order_by("pk")) if waiting else []
    return Banner(
        stage=plan.stage(today),
        waiting=waiting,
        answers=answers,
        is_asked=any(each.member_id == member.pk and each.answer == Answer.PENDING for each in answers),
        since=since_approval(plan),
        declined=newest if newest and newest.state == VersionState.DECLINED else None,
    )
