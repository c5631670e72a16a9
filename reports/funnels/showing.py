"""What a funnel is shown from: the same on its own page and on a link that shares it."""

from typing import Any

from reports.funnels import page as shown
from reports.funnels.answer import Answer
from reports.funnels.method import method
from reports.funnels.segments import SEGMENTS
from reports.funnels.trend import chart_of
from workspaces.models import Workspace


def context(workspace: Workspace, result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what templates/reports/funnel_steps.html and funnel_segments.html show, the trend and the method."""
    by = result.asked.by
    return {
        "answer": result,
        "lines": shown.lines(result),
        "segment_label": SEGMENTS[by].label if by in SEGMENTS else result.asked.groups.names.get(result.asked.told_by),
        "segments": shown.segment_lines(result),
        "trend": chart_of(result),
        "method": method(result, workspace),
    }
