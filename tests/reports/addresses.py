"""What the addresses of reports need."""

from reports.models import Flow, Funnel, Run
from tests.goals.addresses import SAMPLES as OF_GOALS
from tests.reports.lake import NOW, make_goal
from workspaces.models import Membership


def _run(owner: Membership) -> int:
    goal = make_goal(owner.workspace, "Asked of")
    return Run.objects.create(workspace=owner.workspace, goal=goal, digest="d", created_at=NOW).pk


def _funnel(owner: Membership) -> str:
    steps = ["event view_item", "event purchase"]
    known = {"workspace": owner.workspace, "slug": "to-buy"}
    funnel, _is_new = Funnel.objects.get_or_create(**known, defaults={"name": "To buy", "steps": steps})
    return funnel.slug


def _flow(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "from-search"}
    flow, _is_new = Flow.objects.get_or_create(**known, defaults={"name": "From search"})
    return flow.slug


SAMPLES = {"goal": OF_GOALS["goal"], "kpi": OF_GOALS["kpi"], "run": _run, "funnel": _funnel, "flow": _flow}
