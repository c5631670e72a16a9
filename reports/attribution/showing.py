"""What the attribution table is shown from: the same on its own page and on a link that shares it."""

from typing import Any

from goals.models import Goal
from reports import goal_page
from reports.asked import has_value
from reports.attribution import of_a_day, still_open
from reports.attribution import page as shown
from reports.attribution.answer import Answer
from reports.dimensions import DIMENSIONS
from workspaces.models import Workspace


def context(workspace: Workspace, goal: Goal, result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/attribution_table.html and the cards and parts around it show."""
    found, worth = result.found, has_value(goal)
    parts = goal_page.parts_of(found.parts, result.totals.conversions) if found else []
    return {
        "goal": goal,
        "answer": result,
        "found": found,
        "has_value": worth,
        "dimension": DIMENSIONS[result.asked.breakdown],
        "columns": shown.columns(result),
        "lines": shown.lines(result, found) if found else [],
        "cards": shown.cards(result, found, has_value=worth) if found else [],
        "parts": parts,
        "slices": shown.slices(parts),
        "still_open": still_open.sentence(result.still_open, workspace) if result.still_open else "",
        "of_a_day": of_a_day.sentence(found.of_a_day, of=found.conversions) if found else "",
        "is_learning": any(each.is_under_way for each in result.learning),
        "method": shown.method(result, goal),
    }
