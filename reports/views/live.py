"""Small figures for pages of lower storeys, which know the address and nothing else of reports."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.models import Goal
from reports import publishing
from reports.answer import READY, state_of
from reports.coverage import coverage
from reports.daily import figures
from reports.publishing import Published
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

DAYS = 28
MOST_GOALS = 200  # of one request; a plan has dozens


@allow(Action.SEE_REPORTS)
@require_GET
def live_figures(request: MemberRequest) -> HttpResponse:
    """Give each goal's count, rate and tracking state of the last four weeks, as elements to be put in place.

    The address names the goals: `?goals=3,7,12`. Ids that are none of the workspace's are left out. Each element
    has the id `live-<goal id>` and takes the place of the one of that id.
    """
    wanted = [int(text) for text in request.GET.get("goals", "").split(",") if text.isascii() and text.isdecimal()]
    found = list(request.workspace.goals.filter(pk__in=[pk for pk in wanted if pk < 2**63][:MOST_GOALS]))
    today = day_of(timezone.now(), request.workspace.zone)
    since = today - timedelta(days=DAYS)
    published = publishing.read(request.workspace.pk, [goal.pk for goal in found], since=since, until=today)
    states = coverage(request.workspace, found, [], today=today).states

    rows = [_row(goal, published, states[goal.pk], since=since, until=today) for goal in found]
    return page(request, "reports/live_figures.html", context={"rows": rows})


def _row(goal: Goal, published: Published, tracking: str, *, since: date, until: date) -> dict[str, object]:
    if state_of(published, goal) != READY:
        return {"goal": goal, "tracking": tracking}
    totals = figures(published.days[goal.pk], published.visits, since=since, until=until)
    return {"goal": goal, "figures": totals, "rate": totals.rate("visitors"), "tracking": tracking}
