"""Goals are watched: what stops is broken and told once, what comes again heals, what never stopped stays quiet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from goals.defining import archive_goal, change_goal, draft_of
from goals.definition import Definition
from goals.models import Goal, Outage, Plan, Tracked, Watch
from goals.watching import is_waited_for, watch
from tests.goals.arriving import HISTORY, NOW, append, hourly, make_source
from tests.goals.makers import TEST, make_goal, make_plan, rules_for
from tracking.models import InboxRow, Kind, Source
from workspaces import scope
from workspaces.models import Membership, Notification, Workspace

pytestmark = pytest.mark.django_db
LOOK = timedelta(minutes=5)
Look = Callable[[datetime], Watch]


@pytest.fixture
def plan(shop: Workspace) -> Plan:
    return make_plan(shop)


@pytest.fixture
def source(shop: Workspace) -> Source:
    return make_source(shop)


@pytest.fixture
def goal(plan: Plan, contributor: Membership) -> Goal:
    goal = make_goal(plan, "Order")
    with scope.in_workspace(goal.workspace_id):
        Goal.objects.filter(pk=goal.pk).update(owner=contributor)
    return goal


@pytest.fixture
def look(goal: Goal) -> Look:
    """Look at the shop's goals at a moment; give what was found of the order."""

    def at(now: datetime) -> Watch:
        assert watch(goal.workspace_id, now=now)
        with scope.in_workspace(goal.workspace_id):
            return Watch.objects.get(goal=goal)

    return at


def visits(source: Source, until: datetime) -> None:
    append(source, hourly(NOW - HISTORY, until, minutes=20), name="page_view")


def orders(source: Source, until: datetime, since: datetime = NOW - HISTORY) -> None:
    append(source, hourly(since, until))


def outages(goal: Goal) -> list[Outage]:
    with scope.in_workspace(goal.workspace_id):
        return list(Outage.objects.filter(goal=goal))


def told(member: Membership, kind: str = "tracking_broken") -> list[str]:
    with scope.in_workspace(member.workspace_id):
        return list(Notification.objects.filter(membership=member, kind=kind).values_list("title", flat=True))


def test_events_that_come_are_verified(look: Look, source: Source) -> None:
    visits(source, NOW)
    orders(source, NOW)
    found = look(NOW)
    assert found.state == Tracked.VERIFIED
    assert found.first_seen_at == found.since == NOW - HISTORY + timedelta(minutes=7)
    assert found.last_seen_at == NOW - timedelta(minutes=53)
    assert found.last_week == 7 * 24
    assert found.daily == [24, 25, *[24] * 26], "clocks went back on the second day"


def test_a_goal_without_an_event_waits_and_one_without_rules_is_not_defined(look: Look, goal: Goal) -> None:
    assert look(NOW).state == Tracked.WAITING
    with scope.in_workspace(goal.workspace_id):
        goal.rules.all().delete()
    assert look(NOW + LOOK).state == Tracked.UNDEFINED


def test_what_stops_is_broken_since_its_last_event_and_told_once(
    look: Look, goal: Goal, source: Source, contributor: Membership, lead: Membership
) -> None:
    stopped = NOW - timedelta(days=1)
    visits(source, NOW)
    orders(source, stopped)
    found = look(NOW)
    assert found.state == Tracked.BROKEN
    assert found.since == stopped - timedelta(minutes=53)
    [outage] = outages(goal)
    assert (outage.started_at, outage.ended_at, outage.source_id) == (found.since, None, None)
    assert told(contributor) == ["Tracking of Order is broken"]
    assert told(lead) == [], "the goal has an owner"
    for n in range(1, 11):
        look(NOW + n * LOOK)
    assert len(told(contributor)) == 1


def test_it_heals_by_itself_and_the_outage_stays(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    stopped, resumed = NOW - timedelta(days=1), NOW + timedelta(hours=2)
    visits(source, NOW + timedelta(hours=6))
    orders(source, stopped)
    look(NOW)
    orders(source, resumed + timedelta(hours=3), since=resumed)
    found = look(resumed + timedelta(hours=3))
    assert found.state == Tracked.VERIFIED
    [outage] = outages(goal)
    assert outage.ended_at == found.since == resumed + timedelta(minutes=7)
    look(resumed + timedelta(hours=4))
    assert told(contributor, "tracking_healed") == ["Events of Order arrive again"]
    assert len(outages(goal)) == 1


def test_lost_events_that_arrive_late_take_the_outage_away(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    stopped = NOW - timedelta(days=1)
    visits(source, NOW)
    orders(source, stopped)
    look(NOW)
    orders(source, NOW, since=stopped)
    assert look(NOW + LOOK).state == Tracked.VERIFIED
    assert outages(goal) == []
    assert len(told(contributor, "tracking_healed")) == 1


def test_an_import_of_half_of_the_lost_events_shortens_the_outage(look: Look, goal: Goal, source: Source) -> None:
    stopped, resumed = NOW - timedelta(days=4), NOW - timedelta(days=1)
    visits(source, NOW)
    orders(source, stopped)
    orders(source, NOW, since=resumed)
    look(NOW)
    [whole] = outages(goal)
    append(source, hourly(stopped, stopped + timedelta(days=1, hours=12)), import_id=3)
    look(NOW + LOOK)
    [left] = outages(goal)
    assert left.pk == whole.pk
    assert left.ended_at == whole.ended_at
    assert left.started_at == stopped + timedelta(days=1, hours=11, minutes=7)


def test_outages_of_the_past_are_found_and_nobody_is_alarmed(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    stopped, resumed = NOW - timedelta(days=14), NOW - timedelta(days=11)
    visits(source, NOW)
    orders(source, stopped)
    orders(source, NOW, since=resumed)
    assert look(NOW).state == Tracked.VERIFIED
    [outage] = outages(goal)
    assert outage.started_at == stopped - timedelta(minutes=53)
    assert outage.ended_at == resumed + timedelta(minutes=7)
    assert told(contributor) == []


def test_a_source_that_falls_silent_is_one_notice(
    look: Look, goal: Goal, plan: Plan, source: Source, contributor: Membership, lead: Membership
) -> None:
    others = [make_goal(plan, name, rules=rules_for(name)) for name in ("signup", "search")]
    stopped = NOW - timedelta(hours=12)
    visits(source, stopped)
    orders(source, stopped)
    for other in others:
        append(source, hourly(NOW - HISTORY, stopped, minutes=240), name=other.name)
    assert look(NOW).state == Tracked.BROKEN
    for each in (goal, *others):
        [outage] = outages(each)
        assert outage.source_id == source.pk, each
        assert outage.started_at == stopped - timedelta(minutes=13), "when the source's last event came"
    assert told(contributor) == told(lead) == ["No events arrive from Shop"]
    with scope.in_workspace(goal.workspace_id):
        assert "3 goals are not tracked" in Notification.objects.get(membership=lead).text


def test_a_source_that_comes_back_heals_all_its_goals_with_one_notice(
    look: Look, goal: Goal, plan: Plan, source: Source, lead: Membership
) -> None:
    other = make_goal(plan, "Sign-up", rules=rules_for("signup"))
    stopped, resumed = NOW - timedelta(hours=12), NOW + timedelta(hours=1)
    for since, until in ((NOW - HISTORY, stopped), (resumed, resumed + timedelta(hours=2))):
        append(source, hourly(since, until, minutes=20), name="page_view")
        orders(source, until, since=since)
        append(source, hourly(since, until, minutes=30), name="signup")
        look(until + timedelta(hours=12) if until == stopped else until)
    assert {each.ended_at for row in (goal, other) for each in outages(row)} == {resumed + timedelta(minutes=7)}
    assert told(lead, "tracking_healed") == ["Events of Shop arrive again"]


def test_history_that_was_imported_raises_no_alarm(look: Look, source: Source, contributor: Membership) -> None:
    append(source, hourly(NOW - HISTORY, NOW - timedelta(days=2)), import_id=1)
    assert look(NOW).state == Tracked.VERIFIED
    assert look(NOW + timedelta(days=28)).state == Tracked.SILENT
    assert told(contributor) == []


def test_what_ended_long_before_anybody_looked_is_silent_and_not_news(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    visits(source, NOW)
    orders(source, NOW - timedelta(days=20))
    found = look(NOW)
    assert found.state == Tracked.SILENT
    assert found.since == NOW - timedelta(days=20, minutes=53)
    assert outages(goal) == []
    assert told(contributor) == []


def test_what_was_found_broken_stays_so_however_long_it_lasts(look: Look, goal: Goal, source: Source) -> None:
    visits(source, NOW)
    orders(source, NOW)
    for days in (2, 20, 120):
        later = NOW + timedelta(days=days)
        append(source, hourly(later - timedelta(days=1), later, minutes=20), name="page_view")
        if days == 2:
            append(source, hourly(NOW, later, minutes=20), name="page_view")
        assert look(later).state == Tracked.BROKEN, f"after {days} days"
    assert len(outages(goal)) == 1


def test_a_changed_definition_is_looked_at_anew(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    visits(source, NOW)
    orders(source, NOW - timedelta(days=1))
    look(NOW)
    with scope.in_workspace(goal.workspace_id):
        saved = Goal.objects.get(pk=goal.pk)
        draft = draft_of(saved)
        change_goal(saved, replace(draft, definition=Definition(rules_for("page_view"))), by=TEST, now=NOW)
    found = look(NOW + LOOK)
    assert (found.state, found.goal_version) == (Tracked.VERIFIED, 2)
    assert outages(goal) == []


def test_old_events_that_are_imported_later_end_the_wait(look: Look, goal: Goal, source: Source) -> None:
    visits(source, NOW)
    assert look(NOW).state == Tracked.WAITING
    append(source, [NOW - timedelta(days=300)], import_id=2)
    with scope.in_workspace(goal.workspace_id):
        goal.workspace.lake_states.update(derived_at=NOW + timedelta(minutes=1))
    found = look(NOW + LOOK)
    assert found.state == Tracked.SILENT
    assert found.first_seen_at == found.last_seen_at == NOW - timedelta(days=300)


def test_workers_that_are_behind_raise_no_alarm(look: Look, goal: Goal, source: Source) -> None:
    visits(source, NOW)
    orders(source, NOW)
    with scope.in_workspace(goal.workspace_id):
        InboxRow.objects.create(workspace_id=goal.workspace_id, source=source, received_at=NOW, events=b"")
    assert look(NOW + timedelta(days=2)).state == Tracked.VERIFIED


def test_a_sender_that_delivers_at_night_is_verified_by_day(look: Look, source: Source) -> None:
    def next_midnight(time: datetime) -> timedelta:
        return time.replace(hour=0, minute=0) + timedelta(days=1) - time

    today = NOW.replace(hour=0)
    append(source, hourly(today - HISTORY, today, minutes=20), name="page_view", late=next_midnight)
    append(source, hourly(today - HISTORY, today), late=next_midnight)
    assert look(NOW).state == Tracked.VERIFIED
    assert look(NOW + timedelta(hours=11)).state == Tracked.VERIFIED
    assert look(NOW + timedelta(hours=40)).state == Tracked.BROKEN


def test_a_closed_source_and_an_imported_one_alarm_nobody(
    look: Look, goal: Goal, source: Source, contributor: Membership
) -> None:
    visits(source, NOW - timedelta(days=1))
    orders(source, NOW - timedelta(days=1))
    with scope.in_workspace(goal.workspace_id):
        Source.objects.filter(pk=source.pk).update(closed_at=NOW - timedelta(days=1))
    assert look(NOW).state != Tracked.BROKEN
    with scope.in_workspace(goal.workspace_id):
        Source.objects.filter(pk=source.pk).update(closed_at=None, kind=Kind.IMPORT)
    assert look(NOW + LOOK).state != Tracked.BROKEN
    assert told(contributor) == []


def test_a_goal_without_an_owner_is_the_leads(
    goal: Goal, source: Source, lead: Membership, owner: Membership, contributor: Membership
) -> None:
    with scope.in_workspace(goal.workspace_id):
        Goal.objects.filter(pk=goal.pk).update(owner=None)
    visits(source, NOW)
    orders(source, NOW - timedelta(days=1))
    watch(goal.workspace_id, now=NOW)
    assert [len(told(each)) for each in (lead, owner, contributor)] == [1, 0, 0]


def test_an_archived_goal_is_not_watched(look: Look, goal: Goal, source: Source, contributor: Membership) -> None:
    visits(source, NOW)
    orders(source, NOW - timedelta(days=1))
    with scope.in_workspace(goal.workspace_id):
        archive_goal(Goal.objects.get(pk=goal.pk), by=TEST, now=NOW)
    watch(goal.workspace_id, now=NOW)
    with scope.in_workspace(goal.workspace_id):
        assert not Watch.objects.filter(goal=goal).exists()
    assert told(contributor) == []


def test_one_rule_that_the_engine_refuses_keeps_no_other_goal_from_being_seen(
    look: Look, plan: Plan, source: Source
) -> None:
    broken = make_goal(plan, "Broken", rules=rules_for("purchase"))
    with scope.in_workspace(plan.workspace_id):
        conditions = [{"field": "path", "operator": "regex", "value": "^/ok"}]
        broken.rules.all().delete()
        broken.rules.create(workspace_id=plan.workspace_id, conditions=conditions)
    visits(source, NOW)
    orders(source, NOW)
    assert look(NOW).state == Tracked.VERIFIED


def test_eighty_goals_are_told_apart(look: Look, plan: Plan, source: Source) -> None:
    goals = [make_goal(plan, f"Goal {n}", rules=rules_for(f"event {n}")) for n in range(80)]
    for n in (0, 61, 62, 79):
        append(source, [NOW - timedelta(hours=n + 1)], name=f"event {n}")
    look(NOW)
    with scope.in_workspace(plan.workspace_id):
        seen = {row.goal_id: row.last_seen_at for row in Watch.objects.exclude(last_seen_at=None)}
    assert seen == {goals[n].pk: NOW - timedelta(hours=n + 1) for n in (0, 61, 62, 79)}


def test_another_workspace_is_not_seen(look: Look, source: Source, outsider: Membership) -> None:
    orders(source, NOW)
    theirs = make_goal(make_plan(outsider.workspace), "Theirs")
    watch(outsider.workspace_id, now=NOW)
    with scope.in_workspace(outsider.workspace_id):
        assert Watch.objects.get(goal=theirs).state == Tracked.WAITING


def test_new_events_are_worth_a_look_where_somebody_waits_for_them(look: Look, goal: Goal, source: Source) -> None:
    assert is_waited_for(goal.workspace_id), "nobody has looked yet"
    look(NOW)
    assert is_waited_for(goal.workspace_id), "it waits for its first event"
    orders(source, NOW)
    look(NOW + LOOK)
    assert not is_waited_for(goal.workspace_id)


def test_a_source_that_no_goal_stands_on_is_told_of_too(
    plan: Plan, source: Source, shop: Workspace, owner: Membership
) -> None:
    make_goal(plan, "Search", rules=rules_for("search"))
    visits(source, NOW - timedelta(hours=12))
    for hours in range(2):
        assert watch(shop.pk, now=NOW + timedelta(hours=hours))
    assert told(owner, "source_broken") == ["No events arrive from Shop"]
    assert told(owner) == []
