"""All goals on one page: cards, with the micro goals under the macro goals that they support."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from analysis.rates import Rate
from goals.coverage import Coverage, Tracking, coverage
from goals.models import Goal, Level
from reports import publishing
from reports.answer import READY, state_of
from reports.daily import Figures, figures
from reports.goal_page import counting, trigger
from reports.kept import kept
from reports.periods import Span
from reports.publishing import Published
from reports.standing import standing
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

DAYS = 28  # whole weeks, up to yesterday
WEEKS = 12


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal in the list: its figures of the last four weeks.

    tracking   whether its events arrive
    figures    None where they are not computed
    weeks      conversions of the last twelve whole weeks
    """

    goal: Goal
    trigger: str
    counting: str
    tracking: Tracking
    figures: Figures | None
    before: Figures | None
    weeks: tuple[float | None, ...]
    is_tracked: bool = True  # whether anybody has said how it is noticed

    @property
    def rate(self) -> Rate | None:
        """Give the share of visitors who converted."""
        return self.figures.rate("visitors") if self.figures else None


@dataclass(frozen=True, slots=True)
class Family:
    """A macro goal with the micro goals that support it; no macro goal for those that support none."""

    macro: GoalCard | None
    micros: tuple[GoalCard, ...]


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def goals(request: MemberRequest) -> HttpResponse:
    """Show all goals."""
    now = timezone.now()
    workspace = request.workspace
    known = list(_live(request))
    today = day_of(now, workspace.zone)
    span = Span(today - timedelta(days=DAYS), today)
    published = publishing.read(
        workspace.pk, [goal.pk for goal in known], since=today - timedelta(days=7 * WEEKS), until=today
    )
    found = coverage(workspace)
    cards = [_card(goal, published, span, found) for goal in known]
    context = {
        "families": _families(cards),
        "span": span,
        "coverage": found,
        "standing": standing(published, has_goals=bool(known), has_kpis=True),
    }
    return page(request, "reports/goals.html", part="figures", context=context)


def _live(request: MemberRequest) -> Iterable[Goal]:
    goals = request.workspace.goals.filter(archived_at=None).select_related("owner__user", "workspace")
    return goals.prefetch_related("rules", "supports")


def _card(goal: Goal, published: Published, span: Span, covered: Coverage) -> GoalCard:
    is_ready = state_of(published, goal) == READY
    days = published.days[goal.pk]
    before = span.back(span.days)
    return GoalCard(
        goal=goal,
        trigger=trigger(goal),
        counting=counting(goal),
        tracking=covered.of(goal.pk),
        figures=figures(days, published.visits, since=span.since, until=span.until) if is_ready else None,
        before=figures(days, published.visits, since=before.since, until=before.until) if is_ready else None,
        weeks=_weeks(goal, published, span.until) if is_ready else (),
        is_tracked=goal.pk not in published.untracked,
    )


def _weeks(goal: Goal, published: Published, until: date) -> tuple[float | None, ...]:
    days = published.days[goal.pk]
    starts = [until - timedelta(days=7 * back) for back in range(WEEKS, 0, -1)]
    ranges = [(since, since + timedelta(days=7)) for since in starts]
    return tuple(
        float(sum(row.conversions for day, row in days.items() if since <= day < end)) for since, end in ranges
    )


def _families(cards: Sequence[GoalCard]) -> list[Family]:
    """Put each micro goal under the first macro goal that it supports."""
    macros = [card for card in cards if card.goal.level == Level.MACRO]
    under: dict[int, list[GoalCard]] = {card.goal.pk: [] for card in macros}
    alone: list[GoalCard] = []
    for card in cards:
        if card.goal.level == Level.MACRO:
            continue
        first = next((macro.pk for macro in card.goal.supports.all() if macro.pk in under), None)
        (under[first] if first is not None else alone).append(card)
    families = [Family(card, tuple(under[card.goal.pk])) for card in macros]
    return [*families, Family(None, tuple(alone))] if alone else families
