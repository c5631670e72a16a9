"""What cohorts are shown from: the same on their own page and on a link that shares them."""

from typing import Any

from reports.cohorts import page as shown
from reports.cohorts.answer import Answer
from reports.cohorts.labels import did_label, first_label
from reports.cohorts.method import method
from reports.cohorts.question import Known
from workspaces.models import Workspace


def context(workspace: Workspace, result: Answer, known: Known) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/cohorts_table.html shows, and the method."""
    asked = result.asked
    return {
        "answer": result,
        "asked": asked,
        "first": first_label(asked, known),
        "did": did_label(asked, known),
        "heads": shown.heads(result),
        "lines": shown.lines(result),
        "together": shown.together(result),
        "greatest": shown.greatest_share(result),
        "daily_url": shown.daily_url(asked),
        "method": method(result, workspace, known),
    }
