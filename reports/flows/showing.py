"""What paths are shown from: the same on their own page and on a link that shares them."""

from typing import Any

from reports.flows import page as shown
from reports.flows.answer import Answer
from reports.flows.method import method
from workspaces.models import Workspace


def context(workspace: Workspace, result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/paths_picture.html and paths_table.html show, and the method."""
    asked = result.asked
    groups = shown.groups(result, workspace=workspace.slug)
    return {
        "answer": result,
        "asked": asked,
        "groups": groups,
        "picture": shown.picture(result, groups) if result.narrowed else None,
        "units": shown.UNITS[asked.per],
        "begun": shown.units(asked, result.begun),
        "again_url": shown.again(asked),
        "method": method(result, workspace),
    }
