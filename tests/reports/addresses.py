"""What the addresses of reports need."""

import uuid

from goals.models import Goal
from reports.mailed import leaving, schedules
from reports.mailed.clock import Rhythm
from reports.models import (
    Alert,
    Annotation,
    Cadence,
    CalculatedMetric,
    CohortTable,
    Exploration,
    Flow,
    Funnel,
    Run,
    Schedule,
    Segment,
    Snapshot,
)
from reports.sharing import links
from reports.snapshots.record import Record, as_text, sheet
from tests.goals.addresses import SAMPLES as OF_GOALS
from tests.reports.lake import NOW
from workspaces.models import Membership


def _run(owner: Membership) -> int:
    goal = Goal.objects.get(workspace=owner.workspace, slug=OF_GOALS["goal"](owner))
    return Run.objects.create(workspace=owner.workspace, goal=goal, digest=uuid.uuid4().hex, created_at=NOW).pk


def _funnel(owner: Membership) -> str:
    steps = ["event view_item", "event purchase"]
    known = {"workspace": owner.workspace, "slug": "to-buy"}
    funnel, _is_new = Funnel.objects.get_or_create(**known, defaults={"name": "To buy", "steps": steps})
    return funnel.slug


def _flow(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "from-search"}
    flow, _is_new = Flow.objects.get_or_create(**known, defaults={"name": "From search"})
    return flow.slug


def _cohorts(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "buyers"}
    cohorts, _is_new = CohortTable.objects.get_or_create(**known, defaults={"name": "Buyers"})
    return cohorts.slug


def _exploration(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "phones"}
    exploration, _is_new = Exploration.objects.get_or_create(**known, defaults={"name": "Phones"})
    return exploration.slug


def _segment(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "buyers"}
    defaults = {"name": "Buyers", "text": "did: event purchase"}
    segment, _is_new = Segment.objects.get_or_create(**known, defaults=defaults)
    return segment.slug


def _metric(owner: Membership) -> str:
    known = {"workspace": owner.workspace, "slug": "pages-each"}
    defaults = {"name": "Pages each", "formula": "pageviews / visitors"}
    metric, _is_new = CalculatedMetric.objects.get_or_create(**known, defaults=defaults)
    return metric.slug


def _link(owner: Membership) -> int:
    return links.share(links.Wish("overview", {}, "The board", "en"), by=owner, now=NOW)[0].pk


def _annotation(owner: Membership) -> int:
    known = {"text": "Spring campaign begins", "starts_on": NOW.date(), "ends_on": NOW.date(), "author": "Kari"}
    return Annotation.objects.create(workspace=owner.workspace, created_at=NOW, **known).pk


def _alert(owner: Membership) -> int:
    goal = Goal.objects.get(workspace=owner.workspace, slug=OF_GOALS["goal"](owner))
    known = {"kind": "rate_falls", "name": "Watched", "made_by": "Kari", "created_at": NOW}
    return Alert.objects.create(workspace=owner.workspace, goal=goal, **known).pk


def _table(_owner: Membership) -> str:
    return "split"


def _secret(_owner: Membership) -> str:
    return "unknown"


def _snapshot(owner: Membership) -> int:
    known = {"name": "Third quarter", "report": "overview", "language": "en", "taken_by": "Kari Nordmann"}
    content = as_text(Record("KPIs against target", {}, (), (sheet("KPIs", [["KPI"]]),), (), None))
    return Snapshot.objects.create(workspace=owner.workspace, content=content, taken_at=NOW, **known).pk


def _schedule(owner: Membership) -> Schedule:
    wish = schedules.Wish(
        report="overview", params={}, title="The board", language="en", rhythm=Rhythm(Cadence.DAILY), members=[owner.pk]
    )
    return schedules.make(wish, by=owner, now=NOW)


def _signed(owner: Membership) -> str:
    recipient = _schedule(owner).recipients.get()
    return leaving.address_for(recipient).strip("/").rsplit("/", 1)[1]


SAMPLES = {
    "goal": OF_GOALS["goal"],
    "kpi": OF_GOALS["kpi"],
    "run": _run,
    "funnel": _funnel,
    "flow": _flow,
    "cohorts": _cohorts,
    "exploration": _exploration,
    "segment": _segment,
    "metric": _metric,
    "link": _link,
    "secret": _secret,
    "schedule": lambda owner: _schedule(owner).pk,
    "signed": _signed,
    "snapshot": _snapshot,
    "annotation": _annotation,
    "alert": _alert,
    "number": lambda _owner: 1,
    "table": _table,
}
PUBLIC = {
    "shared/<str:secret>/": "whoever has the link may read the one report that it opens",
    "no-more-mail/<str:signed>/": "who gets a report by mail may end that without an account",
}
