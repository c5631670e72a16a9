"""Filling by persons: who changed is counted again, nobody else, and what comes out is what counting all gives."""

import random
from collections.abc import Callable, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goals.models import MappingRule
from reports import by_persons, folding, paths, publishing
from reports.attribution import blocks
from reports.models import Rollup
from reports.upkeep import keep_up
from tests.builders import make_workspace
from tests.reports.asks import answered
from tests.reports.attribution.asks import found as attributed
from tests.reports.lake import make_goal
from tests.reports.late_shop import COUNTINGS, HISTORY, MINUTE, OLD, Shop, at, bought, seen
from tests.reports.test_forgetting import KARI, forget, order, traces_in_lake
from tests.tracking.makers import NOON, make_event
from tracking import derive as derivation
from tracking import rederiving, sources
from tracking.event import Event
from tracking.lake import removal, table
from tracking.lake.table import open_table
from tracking.rights import erasing
from workspaces import scope
from workspaces.models import Workspace

YES = '{"analytics":true}'
slugs = (f"shop-{n}" for n in count())


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have sessions and touches derived by persons, too, which is not worth it for so few events."""
    monkeypatch.setattr(rederiving, "WORTH_EVENTS", 0)


@pytest.fixture
def told(shop: Workspace) -> Shop:
    """Give a shop whose history is filled."""
    found = Shop(shop)
    found.take(*HISTORY)
    return found


def amended(shop: Shop) -> int:
    """Count the goals whose paths are amended."""
    return sum(folding.is_amended(state) for state in shop.states())


@pytest.mark.parametrize(
    "late",
    [
        [seen("l1", "anna", 19.5, utm_source="bing", utm_medium="cpc")],
        [bought("l1", "cyd", 9, "t3")],
        [bought("l1", "cyd", 19.5, "t1")],
        [bought("l1", "dee", 5, "t1", value=-30, refund=True)],
        [seen("l1", "anna", 1, name="identify", user_id="u", consent=YES)],
        [
            seen("l1", "anna", 1, name="identify", user_id="u", consent=YES),
            seen("l2", "bo", 1, name="identify", user_id="u", consent=YES),
        ],
        [bought("l1", "anna", 25, "t9"), bought("l2", "anna", 19.0001, "t10", value=7)],
        [bought("l1", "anna", 19.0001, "t8", currency="NOK"), seen("l2", "bo", 18.005)],
    ],
    ids=[
        "a touch before",
        "a first conversion",
        "the same transaction earlier, by another",
        "a refund by another",
        "signed in",
        "two become one",
        "a conversion before the first, and one beside it",
        "a longer session",
    ],
)
def test_what_comes_late_changes_what_counting_all_over_changes(told: Shop, late: list[Event]) -> None:
    before = told.everything()
    told.take(*late)
    assert told.everything() != before, "needs an effect"
    assert amended(told), "needs a fill by persons"
    found = told.everything()
    assert told.anew() == found


def test_who_did_nothing_new_is_not_counted_again(told: Shop) -> None:
    told.take(bought("l1", "cyd", 9, "t3"))
    state = told.states()[0]
    stored = open_table(told.workspace.pk, paths.name_of_amended(state.goal_id))
    assert stored is not None
    rows = pa.table(stored.to_pyarrow_table())
    assert set(rows.column("person_id").to_pylist()) == {"cyd"}


@pytest.mark.parametrize("days_ago", [18.9, 19.1, 25], ids=["later that day", "earlier that day", "days before"])
def test_somebody_elses_event_of_a_persons_order_is_seen_where_only_the_person_changed(
    told: Shop, days_ago: float
) -> None:
    told.take(bought("e1", "eve", days_ago, "t1", value=70))
    told.take(seen("l1", "anna", 19.01, utm_source="bing", utm_medium="cpc"))
    assert amended(told), "needs a fill by persons"
    found = told.everything()
    answers = [answered(told.workspace, goal, model="linear").breakdown for goal in told.goals]
    assert told.anew() == found
    assert [answered(told.workspace, goal, model="linear").breakdown for goal in told.goals] == answers


def test_an_event_that_is_taken_out_takes_its_figures_along(told: Shop) -> None:
    before = told.everything()
    told.take(bought("l1", "cyd", 9, "t3"), seen("l2", "bo", 5))
    _take_out(told, "l1", "l2")
    assert told.everything() == before
    assert told.anew() == before


def test_amendments_end_up_in_the_goals_table_and_change_nothing(told: Shop) -> None:
    told.take(bought("l1", "cyd", 9, "t3"))
    found, answer = told.everything(), answered(told.workspace, told.goals[0], model="linear")
    assert keep_up(told.workspace.pk)
    assert amended(told) == 0
    assert told.everything() == found
    assert answered(told.workspace, told.goals[0], model="linear").breakdown == answer.breakdown
    told.take(bought("l2", "bo", 8, "t4"))
    assert told.everything() == told.anew()


def test_an_amendment_that_grew_is_written_into_the_goals_table(told: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.amending.MOST_ROWS", 1)
    told.take(bought("l1", "cyd", 9, "t3"), bought("l2", "anna", 4, "t4"))
    assert amended(told) == 0
    found = told.everything()
    assert told.anew() == found


def test_many_persons_are_counted_by_days_and_amendments_with_them(told: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    told.take(bought("l1", "cyd", 9, "t3"))
    assert amended(told)
    monkeypatch.setattr(by_persons, "MOST_PERSONS", 1)
    told.take(bought("l2", "anna", 8, "t4"), bought("l3", "bo", 7, "t5"))
    assert amended(told) == 0
    found = told.everything()
    assert told.anew() == found


def test_figures_that_contradict_what_is_taken_off_are_counted_anew(told: Shop) -> None:
    with scope.in_workspace(told.workspace.pk):
        Rollup.objects.update(conversions=0)
    told.take(bought("l1", "anna", 19.0001, "t7"))
    found = told.everything()[0]
    assert told.anew()[0] == found


def test_a_goal_without_rules_that_run_stops_no_other(told: Shop) -> None:
    with scope.in_workspace(told.workspace.pk):
        rule = told.goals[0].rules.get()
        rule.conditions = [{"field": "no such", "operator": "is", "value": ""}]
        rule.save()
    told.take(bought("l1", "cyd", 9, "t3"))
    assert [bool(state.fault) for state in told.states()] == [True, False, False, False]


def test_who_is_erased_leaves_no_trace_in_amendments(told: Shop, lake_folder: Path) -> None:
    before = told.everything()
    told.take(*KARI)
    assert amended(told), "needs amendments that name the person"
    assert traces_in_lake(lake_folder), "needs traces"
    order(told.workspace)
    forget(told.workspace.pk)
    assert traces_in_lake(lake_folder) == []
    assert told.everything() == before
    told.take(bought("l1", "cyd", 9, "t3"))
    assert amended(told), "needs a fill by persons once the erasure is done"
    found = told.everything()
    assert told.anew() == found


class Killed(BaseException):
    """What ends a process, as far as one test can have it."""


def test_killed_between_any_two_writes_it_heals(told: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = 0
    for left in count():
        told.lake.store(bought(f"l{left}", "cyd", 9 - left / 10, f"late {left}"), seen(f"m{left}", "bo", 18.002 + left))
        with monkeypatch.context() as patched:
            _kill_after(patched, left)
            if not _is_killed(told):
                break
        rounds += 1
        told.compute()
    assert rounds >= 8, "needs two tables of the lake, four goals, and two publishings"
    found, sessions, touches = told.everything(), told.lake.sessions(), told.lake.touches()
    derivation.redo_everything(told.workspace.pk)
    told.compute()
    assert (told.lake.sessions(), told.lake.touches()) == (sessions, touches)
    assert told.anew() == found


def _kill_after(patched: pytest.MonkeyPatch, writes: int) -> None:
    """Have what would write next raise once so many writes are done."""
    done = count()

    def guarded(write: Callable[..., Any]) -> Callable[..., Any]:
        def guard(*given: Any, **named: Any) -> Any:
            if next(done) >= writes:
                raise Killed
            return write(*given, **named)

        return guard

    for module, name in ((table, "_commit"), (derivation, "_publish"), (publishing, "publish")):
        patched.setattr(module, name, guarded(getattr(module, name)))


def _is_killed(shop: Shop) -> bool:
    try:
        shop.compute()
    except Killed:
        return True
    return False


def _take_out(shop: Shop, *event_ids: str) -> None:
    condition = removal.Condition(
        sql="event_id in (select event_id from named)", tables={"named": pa.table({"event_id": list(event_ids)})}
    )
    sought = removal.seek(shop.workspace.pk, condition)
    removal.remove(shop.workspace.pk, condition, sought.days)
    with scope.in_workspace(shop.workspace.pk):
        derivation.mark(shop.workspace.pk, sought.first)
    shop.compute()


VISITORS = ("anna", "bo", "cyd")
PARTNERS: dict[str, object] = {"referrer": "https://partner.example/tents"}
PARTNER = seen("e0", "anna", 6, **PARTNERS)


@st.composite
def some_events(draw: st.DrawFn, number: int) -> Event:
    name = draw(st.sampled_from(["page_view", "page_view", "purchase", "purchase", "ad_click", "identify", "refund"]))
    visitor, moment = draw(st.sampled_from(VISITORS)), draw(st.integers(0, 30 * 24 * 6))
    fields: dict[str, object] = {}
    if name in {"purchase", "refund"}:
        order = draw(st.sampled_from([None, "t1", "t2", "t3"]))
        currency = draw(st.sampled_from(["NOK", "NOK", "NOK", "EUR"]))
        fields = {"value_micros": 10**6 * (-3 if name == "refund" else 10), "currency": currency}
        fields |= {"transaction_id": order} if order else {}
    if name == "identify":
        fields = {"user_id": draw(st.sampled_from(["u1", "u2"])), "consent": YES}
    if name in {"page_view", "ad_click"}:
        fields = draw(st.sampled_from([{}, {"utm_source": "google", "utm_medium": "cpc"}, PARTNERS]))
    if name == "refund":
        name, fields["refund"] = "purchase", True
    return make_event(f"e{number}", name=name, visitor=visitor, at=at(31) + 10 * moment * MINUTE, **fields)


ACTS = ("hosts", "erase")  # what beside events changes what there is: own hosts are what channels are judged by


@st.composite
def histories(draw: st.DrawFn) -> list[list[Event] | str]:
    """Give events in the parts in which they arrive, and what else happens between them."""
    events = [draw(some_events(n)) for n in range(draw(st.integers(3, 16)))]
    cuts = sorted(draw(st.sets(st.integers(1, len(events) - 1), min_size=1, max_size=3)))
    steps: list[list[Event] | str] = [events[since:until] for since, until in pairwise([0, *cuts, len(events)])]
    for act in draw(st.lists(st.sampled_from(ACTS), max_size=2, unique=True)):
        steps.insert(draw(st.integers(1, len(steps))), act)
    return steps


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories(), removed=st.sets(st.integers(0, 15), max_size=2))
@example(steps=[[PARTNER, bought("e1", "anna", 5, "t1")], "hosts", [bought("e2", "bo", 4, "t2")]], removed=set())
@example(
    steps=[[PARTNER, bought("e1", "anna", 5, "t1")], [bought("e2", "bo", 4, "t1")], "erase", [seen("e3", "cyd", 6)]],
    removed=set(),
)
def test_parts_in_any_order_give_what_filling_at_once_gives(
    db: None, steps: Sequence[list[Event] | str], removed: set[int]
) -> None:
    shop = Shop(make_workspace("Shop", slug=next(slugs)))
    shop.take(*OLD)
    for step in steps:
        _do(shop, step)
    if removed:
        _take_out(shop, *(f"e{n}" for n in removed))
    found, credited = shop.everything(), _credited(shop)
    sessions, touches = shop.lake.sessions(), shop.lake.touches()
    derivation.redo_everything(shop.workspace.pk)
    shop.compute()
    assert (shop.lake.sessions(), shop.lake.touches()) == (sessions, touches)
    assert shop.everything() == found
    assert shop.anew() == found
    blocks.kept.forget()
    for one, other in zip(credited, _credited(shop), strict=True):
        assert one == pytest.approx(other, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_goals_of_every_kind_are_counted_together_as_each_anew(shop: Workspace, seed: int) -> None:
    chance = random.Random(seed)
    told = Shop(shop)
    fixed = {"value_rule": "fixed", "value_micros": 5 * 10**6, "currency": "NOK"}
    for each in COUNTINGS:
        told.goals.append(make_goal(shop, f"look {each}", event="page_view", counting=each, **fixed))
        told.goals.append(make_goal(shop, f"both {each}", counting=each, counting_days=2))
        with scope.in_workspace(shop.pk):
            conditions = [{"field": "name", "operator": "is", "value": "page_view"}]
            MappingRule.objects.create(workspace=shop, goal=told.goals[-1], conditions=conditions)
    events = [_some(chance, n) for n in range(90)]
    told.take(*OLD, *events[:60])
    for late in (events[60:70], events[70:]):
        told.take(*late)
        assert amended(told) == len(told.goals), "needs a fill by persons of every goal"
    found, credited = told.everything(), _credited(told)
    assert told.anew() == found
    blocks.kept.forget()
    for one, other in zip(credited, _credited(told), strict=True):
        assert one == pytest.approx(other, rel=1e-12, abs=1e-12)


def _some(chance: random.Random, number: int) -> Event:
    """Make a look, an order or a refund of few persons and few transactions, so that they meet each other often."""
    visitor, days_ago = f"v{chance.randrange(12)}", chance.randrange(1, 30_000) / 1_000
    if chance.random() < 0.5:
        return seen(f"e{number}", visitor, days_ago, **chance.choice([{}, PARTNERS, {"utm_source": "bing"}]))
    is_refund = chance.random() < 0.3
    money = {"value": -3 if is_refund else 10, "refund": is_refund, "currency": chance.choice(["NOK", "NOK", "EUR"])}
    return bought(f"e{number}", visitor, days_ago, f"t{chance.randrange(15)}", **money)


def _do(shop: Shop, step: list[Event] | str) -> None:
    if step == "erase":
        with scope.in_workspace(shop.workspace.pk):
            erasing.order(shop.workspace, named_by="visitor", name="bo", by="system", now=NOON)
        forget(shop.workspace.pk)
    elif step == "hosts":
        source = shop.lake.source
        source.hosts = ["partner.example"]
        with scope.in_workspace(shop.workspace.pk):
            sources.change(source, before={"hosts": []}, after={"hosts": source.hosts}, by="system", now=NOON)
        shop.compute()
    else:
        shop.take(*step)


def _credited(shop: Shop) -> list[dict[str, float]]:
    """Give what each channel is credited with, by the goal page's answer and the attribution page's, for each goal."""
    found = []
    for goal in shop.goals:
        rows = answered(shop.workspace, goal, model="linear").breakdown
        assert rows is not None
        found.append(
            {row.key: row.conversions for row in rows.rows} | {f"{row.key} units": row.units for row in rows.rows}
        )
        beside = attributed(shop.workspace, goal, models="position,time_decay")
        found.append({f"{row.key} {cell.model}": cell.conversions for row in beside.rows for cell in row.cells})
    return found


def test_months_that_were_read_stay_read_when_some_persons_paths_are_amended(told: Shop) -> None:
    goal = told.goals[0]
    attributed(told.workspace, goal)
    stored = set(blocks.kept)
    assert stored, "needs months"
    told.take(bought("l1", "anna", 18.5, "t3"))
    assert amended(told)
    found = attributed(told.workspace, goal, models="linear")
    added = set(blocks.kept) - stored
    assert stored <= set(blocks.kept)
    assert len(added) == 2 + 2, "the amendment and its keys, and what it makes of two months"
    told.anew()
    blocks.kept.forget()
    assert attributed(told.workspace, goal, models="linear").rows == found.rows
