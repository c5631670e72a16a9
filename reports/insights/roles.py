"""Which goals have the roles of conversion insights where the address names none."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from goals.conditions import names_asked
from goals.definition import Definition
from goals.models import Goal, ValueRule
from goals.models.goal import Level
from reports.asked import defaults_of
from reports.insights.metrics import CART, CHECKOUT, VISIT
from reports.insights.question import NONE, Known
from workspaces.models import Workspace

# The names that the vendors' protocols give these events, told in our own words.
VISITED = frozenset({"view_item", "page_view", "view_content", "page_visit"})
CARTED = frozenset({"add_to_cart", "added_to_cart"})


def known_of(workspace: Workspace, *, now: datetime) -> Known | None:
    """Give what a question about the workspace can name; None where it has no goal."""
    live = list(workspace.goals.live().select_related("plan", "workspace").prefetch_related("rules", "versions"))
    if not live:
        return None
    goals = {goal.slug: goal for goal in live}
    return Known(
        goals=goals,
        usual={CHECKOUT: _checkout(live).slug, VISIT: _asking(live, VISITED), CART: _asking(live, CARTED)},
        defaults=lambda slug: defaults_of(workspace, goals[slug], now=now),
    )


def _checkout(live: Sequence[Goal]) -> Goal:
    """Give the first macro goal that is worth money and noticed, or what comes nearest to one."""

    def far(goal: Goal) -> tuple[bool, bool, bool]:
        return goal.level != Level.MACRO, goal.value_rule == ValueRule.NONE, not goal.rules.all()

    return min(live, key=far)  # of several the plan's first


def _asking(live: Iterable[Goal], wanted: frozenset[str]) -> str:
    """Give the first goal whose rules ask for such events and no others."""
    for goal in live:
        rules = Definition.of(goal).rules
        names = names_asked(rules) if rules else None
        if names and set(names) <= wanted:
            return goal.slug
    return NONE
