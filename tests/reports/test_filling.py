"""Fills: torn, repeated, piece by piece; always the same figures."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.models import Goal, MappingRule
from reports import attribute, filling, goal_filling, paths, publishing
from reports.extent import opened
from reports.models import FillState, Publication, Rollup, Visits
from tests.reports.asks import answered
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from tracking.lake.query import connected
from tracking.lake.table import open_table
from tracking.models import Source
from workspaces import scope
from workspaces.models import Workspace

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 1)
HITS_SOURCE = 1  # what store() says of every event
SALE = {"name": "purchase", "value": 500}
HITS = [
    hit("anna", channel="paid_search"),
    hit("anna", days=3, channel="email"),
    hit("anna", days=3, minutes=5, name="purchase", value=500, transaction="t1"),
    hit("bo", days=1, channel="organic_search"),
    hit("bo", days=1, minutes=2, name="purchase", value=300, transaction="t2"),
    hit("bo", days=4, minutes=2, name="purchase", value=200, transaction="t3"),
    hit("cyd", days=2),
]


def published(goal: Goal) -> tuple[Any, Any, list[dict[str, Any]]]:
    """Give everything that readers of the goal can see: its days, the visits, its paths."""
    read = publishing.read(goal.workspace_id, [goal.pk], since=FIRST, until=LAST)
    return read.days[goal.pk], read.visits, paths_of(goal, read)


def paths_of(goal: Goal, read: publishing.Published) -> list[dict[str, Any]]:
    with connected(read.snapshot, {"paths": paths.published(read.fills[goal.pk])}) as lake:
        ordered = "select * exclude (number) from paths order by day, time, source_id, event_id, place"
        table: pa.Table = lake.sql(ordered).to_arrow_table()
    return table.select([name for name in paths.SCHEMA.names if name != "number"]).to_pylist()


def refill(goal: Goal) -> None:
    """Forget what was filled, and fill from nothing."""
    with scope.in_workspace(goal.workspace_id):
        for model in (Rollup, Visits, FillState, Publication):
            model.objects.all().delete()
    filling.fill(goal.workspace_id, now=NOW)


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def test_conversions_and_visits_are_summed_by_local_day(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS)
    assert filling.fill(shop.pk, now=NOW) == 1
    days, visits, _ = published(goal)
    assert {day: (row.conversions, row.value // 10**6, row.sessions) for day, row in days.items()} == {
        date(2026, 11, 3): (1, 300, 1),
        date(2026, 11, 5): (1, 500, 1),
        date(2026, 11, 6): (1, 200, 1),
    }
    assert {day.day: (row.sessions, row.persons.total) for day, row in visits.items()} == dict.fromkeys(
        range(2, 7), (1, 1)
    )


def test_a_goal_of_one_source_is_filled_with_its_conversions(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        Source.objects.create(pk=HITS_SOURCE, workspace=shop, name="Web", slug="web")
        named = [{"field": "source", "operator": "is", "value": "web"}]
        MappingRule.objects.filter(goal=goal).update(conditions=named)
    store(shop, HITS)
    filling.fill(shop.pk, now=NOW)
    days, _, _ = published(goal)
    assert sum(row.conversions for row in days.values()) == len(HITS)


def test_a_path_has_every_touch_of_its_person_before_the_conversion(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS)
    filling.fill(shop.pk, now=NOW)
    rows = paths_of(goal, publishing.read(shop.pk, [goal.pk], since=FIRST, until=LAST))
    annas = [(row["place"], row["channel"], row["same_session"]) for row in rows if row["person_id"] == "anna"]
    assert annas == [(0, "paid_search", False), (1, "email", True)]


def test_a_conversion_without_a_touch_has_one_row_of_none(shop: Workspace, goal: Goal) -> None:
    ad_goal = make_goal(shop, "Ad clicks", event="ad_click", value_rule="none")
    store(shop, [hit("a", days=-95, channel="email"), hit("a", name="ad_click", channel="display")])
    filling.fill(shop.pk, now=NOW)
    read = publishing.read(shop.pk, [ad_goal.pk], since=FIRST, until=LAST)
    assert [(row["channel"], row["session_id"]) for row in paths_of(ad_goal, read)] == [("display", None)]


@pytest.mark.parametrize("part", [1, 2, 3])
def test_conversions_joined_part_by_part_have_the_paths_that_they_have_at_once(
    shop: Workspace, goal: Goal, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    store(shop, [*HITS, hit("anna", days=6, name="purchase", value=100, transaction="t4")])
    filling.fill(shop.pk, now=NOW)
    at_once = published(goal)
    monkeypatch.setattr(attribute, "PART_CONVERSIONS", part)
    refill(goal)
    assert published(goal) == at_once
    assert {row["person_id"] for row in at_once[2]} == {"anna", "bo"}


def test_filling_twice_changes_nothing(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS)
    filling.fill(shop.pk, now=NOW)
    before = published(goal)
    assert filling.fill(shop.pk, now=NOW + timedelta(hours=1)) == 0
    assert published(goal) == before


def test_a_fill_that_died_before_publishing_is_redone_and_was_never_seen(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS[:3])
    filling.fill(shop.pk, now=NOW)
    before = published(goal)
    store(shop, HITS, new=HITS[3:])
    due = filling.stale(shop.pk, now=NOW)
    assert due is not None
    ((stale, state, since),) = due.goals
    with scope.in_workspace(shop.pk), opened(due.extent, shop) as lake:
        torn = goal_filling.fill_goal(stale, state, lake, since=since, currency="NOK")
    table = open_table(shop.pk, paths.name_of(goal.pk))
    assert table is not None
    assert table.version() == torn.paths_version > stale.fill.paths_version
    assert published(goal) == before
    filling.fill(shop.pk, now=NOW)
    redone = published(goal)
    refill(goal)
    assert published(goal) == redone


def test_a_fill_that_was_overtaken_publishes_nothing(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS)
    due = filling.stale(shop.pk, now=NOW)
    assert due is not None
    serial = publishing.serial_of(shop.pk)
    filling.fill(shop.pk, now=NOW)
    before = published(goal)
    with pytest.raises(publishing.Superseded):
        publishing.publish(due.extent, serial=serial, visits=None, goals=[], now=NOW)
    assert published(goal) == before


def test_a_changed_definition_fills_all_days_again(shop: Workspace, goal: Goal) -> None:
    store(shop, [*HITS, hit("cyd", days=2, minutes=1, name="signup")])
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        MappingRule.objects.filter(goal=goal).update(
            conditions=[{"field": "name", "operator": "is", "value": "signup"}]
        )
        Goal.objects.filter(pk=goal.pk).update(version=2, changed_at=NOW)
    assert filling.fill(shop.pk, now=NOW) == 1
    days, _, _ = published(goal)
    assert [(day.day, row.conversions) for day, row in days.items()] == [(4, 1)]


def test_one_changed_goal_leaves_the_others_as_they_are(shop: Workspace, goal: Goal) -> None:
    other = make_goal(shop, "Pages", event="page_view", value_rule="none")
    store(shop, HITS)
    assert filling.fill(shop.pk, now=NOW) == 2
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(pk=other.pk).update(version=2, changed_at=NOW)
        version = FillState.objects.get(goal=goal).paths_version
    assert filling.fill(shop.pk, now=NOW) == 1
    with scope.in_workspace(shop.pk):
        assert FillState.objects.get(goal=goal).paths_version == version


def test_a_goal_that_cannot_be_asked_says_why_and_stops_no_other(shop: Workspace, goal: Goal) -> None:
    broken = make_goal(shop, "Broken", event="x")
    with scope.in_workspace(shop.pk):
        MappingRule.objects.filter(goal=broken).update(conditions=[{"field": "no such", "operator": "is", "value": ""}])
    store(shop, HITS)
    assert filling.fill(shop.pk, now=NOW) == 1
    assert answered(shop, goal).state == "ready"
    found = answered(shop, broken)
    assert (found.state, bool(found.fault)) == ("faulty", True)
    assert filling.fill(shop.pk, now=NOW) == 0, "it rests before the next try"


def test_a_late_refund_reaches_back_to_the_day_of_its_conversion(shop: Workspace, goal: Goal) -> None:
    store(shop, HITS)
    filling.fill(shop.pk, now=NOW)
    refund = hit("anna", days=12, name="refund", value=-100, transaction="t1", refund=True)
    store(shop, [*HITS, refund], new=[refund])
    filling.fill(shop.pk, now=NOW)
    piecewise = published(goal)
    assert piecewise[0][date(2026, 11, 5)].refund == -100_000_000
    refill(goal)
    assert published(goal) == piecewise


persons = st.sampled_from(["a", "b", "c"])
moments = st.integers(0, 20 * 24 * 12)  # steps of five minutes over twenty days


@st.composite
def some_hits(draw: st.DrawFn) -> Hit:
    name = draw(st.sampled_from(["page_view", "page_view", "purchase", "ad_impression", "refund"]))
    transaction = draw(st.sampled_from([None, "t1", "t2"])) if name in {"purchase", "refund"} else None
    is_refund = name == "refund"
    return hit(
        draw(persons),
        minutes=5 * draw(moments),
        name=name,
        channel=draw(st.sampled_from(["", "email", "paid_search"])) if name != "refund" else "",
        value=-20 if is_refund else 100 if name == "purchase" else None,
        transaction=transaction or ("t1" if is_refund else None),
        refund=is_refund,
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hits=st.lists(some_hits(), min_size=1, max_size=24, unique_by=lambda each: each.event_id),
    cuts=st.lists(st.integers(1, 23), max_size=2),
    counting=st.sampled_from(["every", "session", "person", "person_window"]),
)
def test_filling_piece_by_piece_gives_what_filling_at_once_gives(
    shop: Workspace, hits: list[Hit], cuts: list[int], counting: str
) -> None:
    slug = "Goal"
    goal = make_goal(shop, slug, counting=counting)
    try:
        known: list[Hit] = []
        for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(hits)], strict=True):
            new = hits[begin:end]
            known += new
            if new:
                store(shop, known, new=new)
                filling.fill(shop.pk, now=NOW)
        piecewise = published(goal)
        refill(goal)
        assert published(goal) == piecewise
    finally:
        with scope.in_workspace(shop.pk):
            for model in (Rollup, Visits, FillState, Publication):
                model.objects.all().delete()
            goal.delete()


def test_a_person_of_very_many_touches_costs_a_bounded_number_of_rows(shop: Workspace, goal: Goal) -> None:
    touches = [hit("robot", minutes=40 * n, channel="email") for n in range(400)]
    sales = [hit("robot", days=12, minutes=n, name="purchase", value=1) for n in range(20)]
    store(shop, [*touches, *sales])
    filling.fill(shop.pk, now=NOW)
    rows = paths_of(goal, publishing.read(shop.pk, [goal.pk], since=FIRST, until=LAST))
    assert len(rows) == 20 * 250
    found = answered(shop, goal)
    assert found.breakdown is not None
    assert found.breakdown.capped == 20
    assert sum(row.conversions for row in found.breakdown.rows) == pytest.approx(20)
