"""Conversions over a stored lake, and the preview beside the goal's form."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from goals.conversions import find, unmatched_refunds
from goals.counting import CONVERSIONS
from goals.definition import Definition
from goals.models import ValueRule
from goals.preview import preview
from tests.goals.makers import NOW, fill_lake, make_goal, make_plan, rules_for
from tracking.models import Source
from workspaces import scope
from workspaces.models import Workspace

YESTERDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
WHOLE = (date(2026, 11, 1), date(2026, 12, 1))


def event(event_id: str, **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "visitor_id": "kari", "time": YESTERDAY, "name": "purchase"} | more


def test_a_goal_of_today_counts_what_was_stored_before_it(shop: Workspace) -> None:
    fill_lake(shop, [event("a"), event("b", visitor_id="ola"), event("c", name="page_view")])
    goal = make_goal(make_plan(shop))
    with scope.in_workspace(shop.pk):
        found = find(shop, Definition.of(goal), *WHOLE)
    assert found.schema.names == CONVERSIONS.names
    assert found.schema.types == CONVERSIONS.types
    assert found["event_id"].to_pylist() == ["a", "b"]


def test_a_rule_names_a_source_by_its_short_name(shop: Workspace) -> None:
    with scope.in_workspace(shop.pk):
        app = Source.objects.create(workspace=shop, name="App", slug="app")
        fill_lake(shop, [event("web", source_id=app.pk + 1), event("app", source_id=app.pk)])
        rules = rules_for("purchase", {"field": "source", "operator": "is", "value": "app"})
        assert find(shop, Definition(rules), *WHOLE)["event_id"].to_pylist() == ["app"]


def test_another_workspaces_events_never_count(shop: Workspace, outsider: Any) -> None:
    fill_lake(shop, [event("a")])
    with scope.in_workspace(outsider.workspace_id):
        assert find(outsider.workspace, Definition(rules_for("purchase")), *WHOLE).num_rows == 0


def test_a_refund_that_matches_nothing_is_listed(shop: Workspace) -> None:
    refund = {"refund": True, "name": "refund", "value_micros": -5, "currency": "NOK"}
    fill_lake(
        shop,
        [
            event("order", transaction_id="A", value_micros=10, currency="NOK"),
            event("matched", transaction_id="A", **refund),
            event("nameless", **refund),
            event("unknown", transaction_id="B", **refund),
            event("other money", transaction_id="A", **refund | {"currency": "EUR"}),
        ],
    )
    with scope.in_workspace(shop.pk):
        listed = unmatched_refunds(shop, *WHOLE)
    assert listed["event_id"].to_pylist() == ["nameless", "other money", "unknown"]
    assert set(listed["day"].to_pylist()) == {date(2026, 11, 20)}


def test_the_preview_counts_whole_days_up_to_yesterday(shop: Workspace) -> None:
    fill_lake(
        shop,
        [
            event("today", time=NOW),
            event("kari", value_micros=100, currency="NOK"),
            event("kari again", time=YESTERDAY + timedelta(hours=2), value_micros=50, currency="EUR"),
            event("ola looks", visitor_id="ola", name="page_view"),
            event("first day", visitor_id="per", time=datetime(2026, 10, 23, 22, 0, tzinfo=UTC)),
            event("too early", visitor_id="eva", time=datetime(2026, 10, 23, 21, 59, tzinfo=UTC)),
        ],
    )
    with scope.in_workspace(shop.pk):
        seen = preview(shop, Definition(rules_for("purchase"), value_rule=ValueRule.EVENT), now=NOW)
    assert (seen.since, seen.until, seen.days) == (date(2026, 10, 24), date(2026, 11, 21), 28)
    assert (seen.conversions, seen.converters, seen.visitors, seen.sessions) == (3, 2, 3, 4)
    assert seen.rate == 2 / 3
    assert (seen.daily[0], seen.daily[-1], sum(seen.daily)) == (1, 2, 3)
    assert seen.value_micros == {"NOK": 100, "EUR": 50}
    assert [sample.time for sample in seen.samples] == sorted((sample.time for sample in seen.samples), reverse=True)
    assert len(seen.samples) == 3


def test_a_visit_over_midnight_keeps_its_person_among_the_visitors(shop: Workspace) -> None:
    midnight = datetime(2026, 10, 23, 22, 0, tzinfo=UTC)  # of Oslo, where the range begins
    fill_lake(
        shop,
        [
            event("before", name="page_view", time=midnight - timedelta(minutes=5)),
            event("after", time=midnight + timedelta(minutes=5)),
        ],
    )
    with scope.in_workspace(shop.pk):
        seen = preview(shop, Definition(rules_for("purchase")), now=NOW)
    assert (seen.converters, seen.visitors, seen.sessions, seen.rate) == (1, 1, 0, 1.0)


def test_without_visits_there_is_no_rate(shop: Workspace) -> None:
    with scope.in_workspace(shop.pk):
        seen = preview(shop, Definition(rules_for("purchase")), now=NOW)
    assert (seen.conversions, seen.visitors, seen.rate, seen.samples) == (0, 0, None, ())
