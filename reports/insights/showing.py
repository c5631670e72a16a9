"""What conversion insights are shown from: the same on their own page and on a link that shares them."""

from typing import Any

from reports.insights import menus
from reports.insights import page as shown
from reports.insights.answer import Answer
from reports.insights.charting import chart_of
from reports.insights.method import method
from reports.insights.totals import UNTOLD


def context(result: Answer) -> dict[str, Any]:  # whatever the templates show
    """Give what the parts of templates/reports/insights.html show."""
    shared = {"answer": result, "goal": result.checkout, "method": method(result)}
    found = result.found
    if found is None:
        return shared
    return shared | {
        "found": found,
        "is_empty": not any(figure.all for figure in found.figures),
        "cards": shown.cards(result, found),
        "split_heads": shown.split_heads(),
        "split_rows": shown.split_rows(result, found),
        "split_sums": shown.split_rows(result, found, ("total", UNTOLD)),
        "slices": shown.slices(found),
        "chart": chart_of(result, found),
        "chart_menus": menus.over_chart(result.asked),
        "unknown": shown.unknown(result, found),
        "steps": shown.steps(found),
        "without_steps": shown.without_steps(result),
        "sort_menu": menus.of_sort(result.asked),
        "content_heads": shown.content_heads(result),
        "content_rows": shown.content_rows(result, found),
        "content_total": shown.content_total(result, found),
    }
