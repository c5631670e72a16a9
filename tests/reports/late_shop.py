"""A shop whose events come late, and go: from arrival to the figures of goals of each counting."""

from datetime import datetime, timedelta
from typing import Any

from reports import filling
from reports.models import FillState
from tests.reports.lake import make_goal
from tests.reports.test_filling import published, refill
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import derive
from tracking.event import Event
from workspaces import scope
from workspaces.models import Workspace

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
COUNTINGS = ("every", "session", "person", "person_window")


def at(days_ago: float, minutes: float = 0) -> datetime:
    return NOON - days_ago * DAY + minutes * MINUTE


def seen(event_id: str, visitor: str, days_ago: float, **fields: object) -> Event:
    return make_event(event_id, visitor=visitor, at=at(days_ago), **fields)


def bought(event_id: str, visitor: str, days_ago: float, order: str, *, value: int = 100, **fields: object) -> Event:
    money = {"value_micros": value * 10**6, "currency": "NOK", "transaction_id": order}
    return seen(event_id, visitor, days_ago, name="purchase", **money | fields)


# From the first of these days on nothing happens that is not told first: a change from there on redoes everything.
OLD = [seen("old", "old", 40), seen("older", "older", 41, utm_source="news", utm_medium="email")]
HISTORY = [
    *OLD,
    seen("a1", "anna", 20, utm_source="google", utm_medium="cpc"),
    bought("a2", "anna", 19, "t1"),
    seen("b1", "bo", 18),
    bought("b2", "bo", 18 - 0.001, "t2", value=50),
    seen("c1", "cyd", 10),
]


class Shop:
    """A workspace on the whole way from arrival to figures, with a goal of each counting."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.lake = Lake(make_source(workspace))
        self.goals = [make_goal(workspace, each.replace("_", " "), counting=each) for each in COUNTINGS]

    def take(self, *events: Event) -> None:
        self.lake.store(*events)
        self.compute()

    def compute(self) -> None:
        derive(self.workspace.pk, NOON)
        filling.fill(self.workspace.pk, now=NOON)

    def everything(self) -> list[Any]:
        return [published(goal) for goal in self.goals]

    def states(self) -> list[FillState]:
        with scope.in_workspace(self.workspace.pk):
            return list(FillState.objects.order_by("goal_id"))

    def anew(self) -> list[Any]:
        """Give what a fill from nothing gives."""
        refill(self.goals[0])
        return self.everything()
