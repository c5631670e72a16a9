"""Pages of the plan, as each role sees and changes them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Goal, GoalVersion, Kpi, Level, Measure, Objective, Plan, Target
from tests.goals.makers import make_goal, make_kpi, make_plan, make_target, rules_for
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

BrowserOf = Callable[[Membership], Client]


def at(name: str, shop: Workspace, *args: Any) -> str:
    return reverse(f"goals:{name}", args=[shop.slug, *args])


def goal_data(**changed: Any) -> dict[str, Any]:
    """Give what the goal's form sends."""
    sent = {
        "form_token": str(uuid4()), "name": "Newsletter", "level": "macro", "trigger": "event", "event": "signup",
        "value_rule": "none", "model": "last", "currency": "NOK", "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0",
    }  # fmt: skip
    return sent | changed


def rule_data(*rows: dict[str, str]) -> dict[str, str]:
    """Give what the rule builder sends."""
    sent = {f"rules-{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}
    return sent | {"rules-TOTAL_FORMS": str(len(rows)), "rules-INITIAL_FORMS": "0"}


def test_without_a_plan_a_lead_is_asked_to_start_one(lead: Membership, browser_of: BrowserOf) -> None:
    shown = browser_of(lead).get(at("plan", lead.workspace))
    assert shown.status_code == 200
    assert at("start", lead.workspace) in shown.content.decode()


def test_a_goal_before_the_plan_leads_to_its_start(lead: Membership, browser_of: BrowserOf) -> None:
    answer = browser_of(lead).get(at("goal-new", lead.workspace))
    assert (answer.status_code, answer["Location"]) == (302, at("plan", lead.workspace))


def test_a_lead_starts_the_plan_with_this_quarter(lead: Membership, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("plan-edit", lead.workspace)
    offered = browser.get(address).context["form"].initial
    answer = browser.post(address, {"name": "Winter", "kind": "new", **offered, "form_token": str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, at("plan", lead.workspace))
    with scope.in_workspace(lead.workspace_id):
        plan = Plan.objects.get()
        assert (plan.name, plan.starts_on.day, plan.owner) == ("Winter", 1, lead.user)
        assert [entry.act for entry in AuditEntry.objects.all()] == ["created"]


def test_the_outline_shows_every_goal_once_with_few_queries(
    lead: Membership, plan: Plan, order: Goal, newsletter: Goal, browser_of: BrowserOf
) -> None:
    make_target(make_kpi(order), Decimal(1234))
    for number in range(5):
        make_goal(plan, f"Micro {number}", level=Level.MICRO, supports=[order])
    browser = browser_of(lead)
    # plan, goals, rules, KPIs, targets, supported macro goals, objectives, the newest version and
    # the one in review, what can be undone and redone, the checklist, open proposals, what is watched
    with CaptureQueriesContext(connection) as queries:
        shown = browser.get(at("plan", lead.workspace)).content.decode()
    assert sum('FROM "goals_' in query["sql"] for query in queries) == 14
    assert [shown.count(f">{name}<") for name in ("Order", "Newsletter", "Micro 4")] == [1, 1, 1]
    assert "newsletter_signup" in shown
    assert "1,234" in shown


@pytest.mark.parametrize("event", ['wide"skis', "a;b", "or", "a\\b", " x"])
def test_the_outline_shows_a_rule_of_any_event_s_name(
    lead: Membership, plan: Plan, browser_of: BrowserOf, event: str
) -> None:
    make_goal(plan, "Odd", rules=rules_for(event))
    page = browser_of(lead).get("/w/fjellsport/plan/")
    assert page.status_code == 200
    assert "Odd" in page.content.decode()


def test_a_viewer_reads_the_plan_and_changes_nothing(
    viewer: Membership, newsletter: Goal, browser_of: BrowserOf
) -> None:
    browser = browser_of(viewer)
    shown = browser.get(at("plan", viewer.workspace)).content.decode()
    assert "Newsletter" in shown
    assert "newsletter_signup" in shown
    assert at("goal-new", viewer.workspace) not in shown
    assert at("goal-edit", viewer.workspace, newsletter.slug) not in shown
    for address in (at("goal-new", viewer.workspace), at("goal-edit", viewer.workspace, newsletter.slug)):
        assert browser.get(address).status_code == 403
        assert browser.post(address, goal_data()).status_code == 403


def test_an_outsider_finds_no_such_plan(outsider: Membership, newsletter: Goal, browser_of: BrowserOf) -> None:
    browser = browser_of(outsider)
    assert browser.get(at("plan", newsletter.workspace)).status_code == 404
    assert browser.get(at("goal-edit", newsletter.workspace, newsletter.slug)).status_code == 404
    # In their own workspace, the other's goal does not exist either.
    make_plan(outsider.workspace)
    assert browser.get(at("goal-edit", outsider.workspace, newsletter.slug)).status_code == 404


def test_a_goal_is_written_with_its_rule_version_and_trace(
    lead: Membership, plan: Plan, order: Goal, browser_of: BrowserOf
) -> None:
    sent = goal_data(level="micro", micro_kind="secondary", supports=[order.pk], trigger="page", page="/thanks*")
    answer = browser_of(lead).post(at("goal-new", lead.workspace), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get(slug="newsletter")
        assert (goal.level, goal.counting, goal.version, goal.value_rule) == ("micro", "session", 1, "none")
        assert [rule.conditions for rule in goal.rules.all()] == [
            [
                {"field": "name", "operator": "is", "value": "page_view"},
                {"field": "path", "operator": "matches", "value": "/thanks*"},
            ]
        ]
        assert list(goal.supports.all()) == [order]
        assert GoalVersion.objects.get(goal=goal).number == 1
        assert AuditEntry.objects.filter(act="created", subject_type="goal", subject_name="Newsletter").count() == 1


def test_a_purchase_counts_with_its_own_value(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    sent = goal_data(name="Order", trigger="purchase", purchase="order_placed")
    assert browser.post(at("goal-new", lead.workspace), sent).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get()
        assert (goal.value_rule, goal.counting, goal.rules.get().conditions[0]["value"]) == (
            "event",
            "every",
            "order_placed",
        )
    assert "order_placed" in browser.get(at("plan", lead.workspace)).content.decode()
    form = browser.get(at("goal-edit", lead.workspace, goal.slug)).context["form"]
    assert (form["trigger"].value(), form["purchase"].value()) == ("purchase", "order_placed")


def test_the_same_form_sent_twice_makes_one_goal(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser, sent = browser_of(lead), goal_data()
    for _ in range(2):
        assert browser.post(at("goal-new", lead.workspace), sent).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.count() == 1


def test_rules_of_ones_own_are_ors_of_ands(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    rows = rule_data(
        {"join": "and", "field": "name", "operator": "is", "value": "signup"},
        {"join": "and", "field": "property", "key": "list", "operator": "one_of", "value": "news, offers"},
        {"join": "or", "field": "path", "operator": "starts_with", "value": "/welcome"},
        {"join": "and", "field": "", "operator": "is", "value": ""},
    )
    answer = browser_of(lead).post(at("goal-new", lead.workspace), goal_data(trigger="rules", **rows))
    assert answer.status_code == 302, answer.context["form"].errors
    with scope.in_workspace(lead.workspace_id):
        rules = [rule.conditions for rule in Goal.objects.get().rules.all()]
    assert rules == [
        [
            {"field": "name", "operator": "is", "value": "signup"},
            {"field": "property", "operator": "one_of", "key": "list", "value": ["news", "offers"]},
        ],
        [{"field": "path", "operator": "starts_with", "value": "/welcome"}],
    ]


def test_a_fault_in_a_rule_stands_beside_its_row(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    rows = rule_data(
        {"join": "and", "field": "name", "operator": "is", "value": "signup"},
        {"join": "and", "field": "path", "operator": "regex", "value": "/files/("},
    )
    answer = browser_of(lead).post(at("goal-new", lead.workspace), goal_data(trigger="rules", **rows))
    assert answer.status_code == 422
    row = answer.context["form"].rows.forms[1]
    assert "is not a regular expression" in str(row.errors["value"])
    assert "/files/(" in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("pressed", "left"),
    [({"add": "and"}, ["a", "b", ""]), ({"remove": "0"}, ["b"])],
    ids=["add", "remove"],
)
def test_rows_come_and_go_without_a_script(
    lead: Membership, plan: Plan, browser_of: BrowserOf, pressed: dict[str, str], left: list[str]
) -> None:
    rows = rule_data(
        {"join": "and", "field": "name", "operator": "is", "value": "a"},
        {"join": "or", "field": "name", "operator": "is", "value": "b"},
    )
    sent = goal_data(trigger="rules", name="Typed", **rows, **pressed)
    answer = browser_of(lead).post(at("goal-new", lead.workspace), sent)
    assert answer.status_code == 200
    assert [row["value"].value() or "" for row in answer.context["form"].rows] == left
    assert 'value="Typed"' in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert not Goal.objects.exists()


def test_a_changed_definition_is_a_new_version_and_a_changed_name_is_not(
    lead: Membership, newsletter: Goal, order: Goal, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(lead), at("goal-edit", lead.workspace, newsletter.slug)
    form = {"level": "micro", "micro_kind": "", "supports": [order.pk], "event": "newsletter_signup"}
    same = goal_data(name="Letter", revision="1", **form, counting="session")
    assert browser.post(address, same).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get(pk=newsletter.pk)
        assert (goal.name, goal.version, goal.revision, goal.changed_at) == ("Letter", 1, 2, newsletter.changed_at)
    changed = goal_data(name="Letter", revision="2", **form | {"event": "signup"}, counting="session")
    assert browser.post(address, changed).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get(pk=newsletter.pk)
        assert (goal.version, goal.changed_at > newsletter.changed_at) == (2, True)
        assert next((kept.number, kept.changes) for kept in goal.versions.all()) == (2, ["rules"])


def test_two_people_who_save_at_once_see_both_versions(
    lead: Membership, newsletter: Goal, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(lead), at("goal-edit", lead.workspace, newsletter.slug)
    form = {"level": "micro", "event": "newsletter_signup", "counting": "session", "revision": "1"}
    assert browser.post(address, goal_data(name="Theirs", **form)).status_code == 302
    answer = browser.post(address, goal_data(name="Yours", **form))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Theirs" in shown
    assert "Yours" in shown
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get(pk=newsletter.pk).name == "Theirs"


def test_two_people_who_change_what_counts_at_once_see_both_rules(
    lead: Membership, newsletter: Goal, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(lead), at("goal-edit", lead.workspace, newsletter.slug)
    form = {"name": "Newsletter", "level": "micro", "counting": "session", "revision": "1"}
    assert browser.post(address, goal_data(**form, event="theirs")).status_code == 302
    answer = browser.post(address, goal_data(**form, event="yours"))
    assert answer.status_code == 409
    [clash] = [each for each in answer.context["form"].clashes if each.label == "What counts"]
    assert (clash.theirs, clash.yours) == ("theirs", "yours")
    again = browser.post(address, goal_data(**form | {"revision": "2"}, event="yours"))
    assert again.status_code == 302


def test_a_goal_in_use_is_not_archived_and_names_its_users(
    lead: Membership, order: Goal, newsletter: Goal, browser_of: BrowserOf
) -> None:
    make_kpi(order, "Orders a month")
    browser, address = browser_of(lead), at("goal-archive", lead.workspace, order.slug)
    asked = browser.get(address).content.decode()
    assert "KPI Orders a month" in asked
    assert "micro goal Newsletter" in asked
    answer = browser.post(address, {"form_token": str(uuid4())})
    assert answer.status_code == 409
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get(pk=order.pk).archived_at is None


def test_a_goal_leaves_the_plan_with_a_trace(lead: Membership, newsletter: Goal, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    answer = browser.post(at("goal-archive", lead.workspace, newsletter.slug), {"form_token": str(uuid4())})
    assert answer.status_code == 302
    assert ">Newsletter<" not in browser.get(at("plan", lead.workspace)).content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get(pk=newsletter.pk).archived_at is not None
        assert AuditEntry.objects.filter(act="archived", subject_name="Newsletter").count() == 1


def test_the_preview_counts_what_is_typed(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    answer = browser_of(lead).post(at("preview", lead.workspace), goal_data(name=""), headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Last 28 days: 0 conversions" in shown
    assert "<html" not in shown


def test_the_preview_says_what_is_missing(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    sent = goal_data(event="", name="")
    answer = browser_of(lead).post(at("preview", lead.workspace), sent, headers={"HX-Request": "true"})
    assert "Not countable yet" in answer.content.decode()


def test_a_contributor_tries_a_goal_and_cannot_save_it(
    contributor: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    browser = browser_of(contributor)
    answer = browser.post(at("preview", contributor.workspace), goal_data(preview="1"))
    assert answer.status_code == 200
    assert "Last 28 days: 0 conversions" in answer.content.decode()
    assert answer.context["can_save"] is False
    assert browser.post(at("goal-new", contributor.workspace), goal_data()).status_code == 403


def test_a_target_is_written_in_the_readers_numbers_and_kept_in_the_kpis_unit(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    kpi = make_kpi(order, "Rate", measure=Measure.RATE, per="visitors")
    browser = browser_of(lead)
    sent = {"value": "3,4", "period": "custom", "starts_on": "2026-10-01", "ends_on": "2026-12-31", "baseline": "2.9"}
    answer = browser.post(at("target-new", lead.workspace, kpi.slug), sent | {"form_token": str(uuid4())})
    assert answer.status_code == 302, answer.context["form"].errors
    with scope.in_workspace(lead.workspace_id):
        target = Target.objects.get()
        assert (target.value, target.baseline) == (Decimal("0.034"), Decimal("0.029"))
    shown = browser.get(at("target-edit", lead.workspace, target.pk)).content.decode()
    assert 'value="3.4"' in shown
    assert "3.4" in browser.get(at("plan", lead.workspace)).content.decode()


def test_a_target_that_ends_before_it_starts_is_refused_beside_its_field(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    kpi = make_kpi(order)
    sent = {"value": "1 200", "period": "custom", "starts_on": "2026-10-01", "ends_on": "2026-09-30"}
    answer = browser_of(lead).post(at("target-new", lead.workspace, kpi.slug), sent | {"form_token": str(uuid4())})
    assert answer.status_code == 422
    assert "A target ends after it starts." in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert not Target.objects.exists()


def test_a_kpi_of_value_needs_a_goal_with_a_value(lead: Membership, order: Goal, browser_of: BrowserOf) -> None:
    sent = {"name": "Revenue", "measure": "value", "direction": "up", "form_token": str(uuid4())}
    answer = browser_of(lead).post(at("kpi-new", lead.workspace, order.slug), sent)
    assert answer.status_code == 422
    with scope.in_workspace(lead.workspace_id):
        assert not Kpi.objects.exists()


def test_an_objective_with_goals_stays(lead: Membership, plan: Plan, order: Goal, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    sent = {"name": "Grow", "why": "", "form_token": str(uuid4())}
    assert browser.post(at("objective-new", lead.workspace), sent).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        objective = Objective.objects.get()
        Goal.objects.filter(pk=order.pk).update(objective=objective)
    answer = browser.post(at("objective-delete", lead.workspace, objective.pk), {"form_token": str(uuid4())})
    assert answer.status_code == 422
    with scope.in_workspace(lead.workspace_id):
        assert Objective.objects.count() == 1
