"""What evidence is shown from: the same on its own page and on a link that shares it."""

from typing import Any

from goals.models import Goal
from reports.evidence import page as shown
from reports.evidence.answer import Answer


def context(macro: Goal, result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/evidence_edges.html shows, and the method."""
    return {
        "goal": macro,
        "answer": result,
        "found": result.found,
        "lines": shown.lines(result, macro, macro.workspace.slug),
        "chart": shown.chart_of(result),
        "has_worth": any(edge.worth for _goal, edge in result.edges),
        "method": shown.method(result, macro),
    }
