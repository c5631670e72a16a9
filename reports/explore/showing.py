"""What an exploration is shown from: the same on its own page and on a link that shares it."""

from typing import Any

from reports.explore import page as shown
from reports.explore.answer import Answer
from reports.explore.method import method
from reports.explore.question import Known
from workspaces.models import Workspace


def context(workspace: Workspace, result: Answer, known: Known) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/explore_table.html shows, and the method."""
    name_url, name_sort = shown.name_sorting(result)
    return {
        "answer": result,
        "asked": result.asked,
        "columns": shown.columns(result, known),
        "lines": shown.lines(result, known),
        "total": shown.total(result, known) if result.total else (),
        "levels": shown.levels(result.asked),
        "name_url": name_url,
        "name_sort": name_sort,
        "does_not_add": shown.does_not_add(result),
        "method": method(result, workspace, known),
    }
