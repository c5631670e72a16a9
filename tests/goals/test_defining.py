"""Goals: versions, traces, hints and refusals of the verbs."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from celery import current_app

from goals import defining
from goals.definition import Definition
from goals.models import Counting, Goal, GoalVersion, Level, Plan, ValueRule
from goals.revising import Stale
from tests.goals.makers import NOW, TEST, make_goal, make_plan, rules_for
from workspaces import scope
from workspaces.models import AuditEntry, Membership

LATER = NOW + timedelta(hours=1)


def change(goal: Goal, **parts: Any) -> Goal:
    with scope.in_workspace(goal.workspace_id):
        draft = defining.draft_of(Goal.objects.get(pk=goal.pk))
        definition = parts.pop("definition", {})
        wanted = replace(draft, **parts, definition=replace(draft.definition, **definition))
        return defining.change_goal(goal, wanted, by=TEST, now=LATER)


def test_a_version_keeps_the_definition_as_it_was(order: Goal) -> None:
    was = Definition(rules_for("purchase"))
    changed = change(order, definition={"counting": Counting.PERSON, "rules": rules_for("order")})
    with scope.in_workspace(order.workspace_id):
        kept = {version.number: version for version in GoalVersion.objects.filter(goal=order)}
        assert Definition.from_json(kept[1].definition) == was
        assert Definition.from_json(kept[2].definition) == Definition.of(Goal.objects.get(pk=order.pk))
        assert (kept[2].changes, changed.version, changed.changed_at) == (["rules", "counting"], 2, LATER)


def test_a_change_of_nothing_leaves_no_trace(order: Goal) -> None:
    with scope.in_workspace(order.workspace_id):
        before = AuditEntry.objects.count()
    assert (change(order).revision, change(order).version) == (1, 1)
    with scope.in_workspace(order.workspace_id):
        assert AuditEntry.objects.count() == before


def test_what_changed_is_recorded_with_what_it_was(order: Goal) -> None:
    change(order, name="Sale", definition={"rules": rules_for("sale")})
    with scope.in_workspace(order.workspace_id):
        entries = list(AuditEntry.objects.filter(act="changed").order_by("pk").values_list("before", "after"))
    assert entries[0] == ({"name": "Order"}, {"name": "Sale"})
    assert [each["rules"][0][0]["value"] for each in entries[1]] == ["purchase", "sale"]


def test_figures_are_filled_anew_when_the_definition_changes_and_only_then(
    order: Goal, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as renamed:
        change(order, name="Sale")
    assert renamed == []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.conf.task_default_queue)
        queue.clear()  # of what other tests left
        with django_capture_on_commit_callbacks(execute=True):
            change(order, definition={"counting": Counting.SESSION})
        hint = queue.get(block=False)
    assert hint.headers["task"] == "reports.fill_goal"
    assert hint.payload[0] == [order.workspace_id, order.pk]


def test_a_thread_of_the_web_server_knows_where_hints_go(order: Goal) -> None:
    seen: list[str] = []
    thread = Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()
    assert seen == ["measureplan"]


def test_a_goal_changed_since_it_was_read_is_not_overwritten(order: Goal) -> None:
    change(order, name="Theirs")
    with scope.in_workspace(order.workspace_id), pytest.raises(Stale, match="revision 2, not 1"):
        defining.change_goal(order, defining.draft_of(order), by=TEST, now=LATER, seen=1)


def test_a_goal_supports_macro_goals_of_its_own_plan_alone(
    plan: Plan, order: Goal, newsletter: Goal, outsider: Membership
) -> None:
    foreign = make_goal(make_plan(outsider.workspace), "Foreign")
    for supports in ([newsletter], [foreign]):
        with pytest.raises(defining.SupportsNotMacro):
            make_goal(plan, "Wrong", level=Level.MICRO, supports=supports)
    with pytest.raises(defining.SupportsNotMacro):
        make_goal(plan, "Wrong", supports=[order])


def test_a_macro_goal_that_is_supported_stays_one(order: Goal, newsletter: Goal) -> None:
    with pytest.raises(defining.GoalInUse, match="micro goal Newsletter"):
        change(order, level=Level.MICRO)


def test_a_fixed_value_needs_amount_and_currency(plan: Plan) -> None:
    with pytest.raises(defining.ValueIncomplete):
        make_goal(plan, "Wrong", value_rule=ValueRule.FIXED, value_micros=1)


def test_goals_of_one_name_have_their_own_addresses(plan: Plan) -> None:
    assert [make_goal(plan, name).slug for name in ("Kjøp", "Kjøp", "Køp", "%")] == ["kjop", "kjop-2", "kop", "x"]
