"""What the figures of a goal are shown from: the same on its own page and on a link that shares it."""

from typing import Any

from goals.models import Goal
from reports import controls, goal_page
from reports.answer import Answer
from reports.asked import has_value
from reports.dimensions import DIMENSIONS
from reports.goalposts import goalpost
from reports.metrics import PER
from reports.trends import chart_of


def context(goal: Goal, result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/goal_figures.html shows."""
    question, totals = result.question, result.totals
    return {
        "goal": goal,
        "answer": result,
        "cards": goal_page.cards(result, has_value=has_value(goal)),
        "trend": chart_of(result, goalpost=goalpost(goal, question)) if result.buckets else None,
        "breakdown": result.breakdown,
        "of_a_day": goal_page.of_a_day_words(result),
        "dimension": DIMENSIONS[question.breakdown],
        "per": PER[question.per],
        "parts": goal_page.paid_split(result),
        "model_label": controls.model_label(question),
        "windows_label": controls.windows_label(question),
        "has_value": has_value(goal),
        "method": goal_page.method(result, goal),
        "total_rate": totals.rate(question.per),
        "total_part": totals.part(question.per),
        "total_whole": totals.whole(question.per),
    }
