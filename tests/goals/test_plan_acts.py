"""The plan's page as forms and as htmx asks it: cells, rows, undo and paste, each with what is refused."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from goals.models import Goal, Kpi, Level, Objective, Plan, PlanEdit, Target
from tests.goals.makers import make_goal, make_kpi, make_plan, make_target
from workspaces import scope
from workspaces.models import Membership, Workspace

BrowserOf = Callable[[Membership], Client]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/w/fjellsport/plan/"}


def at(name: str, shop: Workspace, *args: Any) -> str:
    return reverse(f"goals:{name}", args=[shop.slug, *args])


def cell(goal: Goal, field: str = "name") -> str:
    return at("plan-cell", goal.workspace, f"goal-{goal.pk}", field)


def saved(goal: Goal) -> Goal:
    with scope.in_workspace(goal.workspace_id):
        return Goal.objects.get(pk=goal.pk)


def test_without_a_script_a_cell_is_a_form_that_leads_back(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    browser = browser_of(lead)
    asked = browser.get(cell(order)).content.decode()
    assert 'value="Order"' in asked
    answer = browser.post(cell(order), {"value": "Purchase", "before": "Order", "form_token": str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, f"{at('plan', order.workspace)}#goal-{order.pk}")
    assert saved(order).name == "Purchase"


def test_the_answer_to_htmx_is_the_row_and_what_can_be_undone(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    answer = browser_of(lead).post(cell(order), {"value": "Purchase", "before": "Order"}, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'<tr id="goal-{order.pk}"' in shown
    assert "Undo: renamed Order" in shown
    assert "<html" not in shown


def test_what_cannot_be_read_is_said_at_the_cell_and_the_text_stays(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    browser = browser_of(lead)
    for headers in (HTMX, {}):
        answer = browser.post(cell(order, "target"), {"value": "plenty", "before": ""}, headers=headers)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="plenty"' in shown
        assert "can&#x27;t be read" in shown
    with scope.in_workspace(lead.workspace_id):
        assert not Kpi.objects.exists()


def test_two_people_in_one_cell_see_both_texts(
    lead: Membership, owner: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    theirs = {"value": "Theirs", "before": "Order"}
    assert browser_of(owner).post(cell(order), theirs, headers=HTMX).status_code == 200
    for headers in (HTMX, {}):
        answer = browser_of(lead).post(cell(order), {"value": "Mine", "before": "Order"}, headers=headers)
        shown = answer.content.decode()
        assert answer.status_code == 409
        for text in ("Owner wrote", "Theirs", "Mine", "Use mine", "Keep theirs", 'name="before" value="Theirs"'):
            assert text in shown
    assert saved(order).name == "Theirs"
    assert browser_of(lead).post(cell(order), {"value": "Mine", "before": "Theirs"}, headers=HTMX).status_code == 200
    assert saved(order).name == "Mine"


def test_two_people_in_two_cells_of_a_row_do_not_meet(
    lead: Membership, owner: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    assert (
        browser_of(owner).post(cell(order, "why"), {"value": "It pays.", "before": ""}, headers=HTMX).status_code == 200
    )
    written = {"value": "Sales", "before": ""}
    assert browser_of(lead).post(cell(order, "department"), written, headers=HTMX).status_code == 200
    kept = saved(order)
    assert (kept.rationale, kept.department) == ("It pays.", "Sales")


@pytest.mark.parametrize(
    ("row", "field"),
    [("goal-999999", "name"), ("goal-x", "name"), ("nonsense", "name"), ("goal-{}", "now"), ("goal-{}", "kind")],
)
def test_a_cell_that_cannot_be_written_is_not_there(
    lead: Membership, order: Goal, browser_of: BrowserOf, row: str, field: str
) -> None:
    address = at("plan-cell", order.workspace, row.format(order.pk), field)
    assert browser_of(lead).get(address).status_code == 404
    assert browser_of(lead).post(address, {"value": "x", "before": ""}).status_code == 404


def test_another_workspaces_rows_are_not_there(
    lead: Membership, outsider: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    theirs = make_goal(make_plan(outsider.workspace), "Theirs")
    browser = browser_of(lead)
    for name, args in (("plan-cell", (f"goal-{theirs.pk}", "name")), ("plan-row", (f"goal-{theirs.pk}",))):
        assert browser.post(at(name, lead.workspace, *args), {"value": "x", "act": "remove"}).status_code == 404
    added = browser.post(
        at("plan-add", lead.workspace), {"name": "x", "kind": "kpi", "at": f"goal-{theirs.pk}"}, headers=HTMX
    )
    assert added.status_code == 422
    assert saved(theirs).name == "Theirs"


def test_a_row_is_added_moved_taken_out_and_brought_back_by_forms(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    browser, shop = browser_of(lead), lead.workspace
    new = {"name": "Cart", "kind": "micro", "at": f"goal-{order.pk}", "form_token": str(uuid4())}
    assert browser.post(at("plan-add", shop), new).status_code == 302
    with scope.in_workspace(shop.pk):
        cart = Goal.objects.get(name="Cart")
        assert (cart.level, list(cart.supports.all()), cart.rules.count()) == (Level.MICRO, [order], 0)
    row = at("plan-row", shop, f"goal-{cart.pk}")
    asked = browser.get(row).content.decode()
    for said in ("One level out", "Move up", "Archive", "All fields"):
        assert said in asked
    assert browser.post(row, {"act": "out"}).status_code == 302
    assert saved(cart).level == Level.MACRO
    assert browser.post(row, {"act": "remove"}).status_code == 302
    assert saved(cart).archived_at is not None
    for _act in range(2):
        assert browser.post(at("plan-undo", shop), {"act": "undo"}).status_code == 302
    kept = saved(cart)
    assert (kept.archived_at, kept.level) == (None, Level.MICRO)
    assert browser.post(at("plan-undo", shop), {"act": "redo"}).status_code == 302
    assert saved(cart).level == Level.MACRO


def test_a_refused_act_is_said_and_changes_nothing(
    lead: Membership, order: Goal, newsletter: Goal, browser_of: BrowserOf
) -> None:
    browser, row = browser_of(lead), at("plan-row", lead.workspace, f"goal-{order.pk}")
    answer = browser.post(row, {"act": "remove"}, headers=HTMX)
    assert (answer.status_code, "micro goal Newsletter" in answer.content.decode()) == (422, True)
    assert browser.post(row, {"act": "nonsense"}, headers=HTMX).status_code == 400
    led = browser.post(row, {"act": "remove"}, follow=True)
    assert "micro goal Newsletter" in led.content.decode()
    assert browser.post(at("plan-undo", lead.workspace), {"act": "undo"}, headers=HTMX).status_code == 422
    with scope.in_workspace(lead.workspace_id):
        assert (Goal.objects.live().count(), PlanEdit.objects.count()) == (2, 0)


def test_a_goal_is_archived_with_its_kpis(lead: Membership, order: Goal, browser_of: BrowserOf) -> None:
    make_target(make_kpi(order))
    row = at("plan-row", lead.workspace, f"goal-{order.pk}")
    assert browser_of(lead).post(row, {"act": "remove"}, headers=HTMX).status_code == 200
    with scope.in_workspace(lead.workspace_id):
        assert (Goal.objects.live().count(), Kpi.objects.live().count(), Target.objects.count()) == (0, 0, 1)


def test_rows_are_pasted_by_a_form(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("plan-paste", lead.workspace)
    text = "Goal\tTarget\nOrder\t500\nCart\tplenty"
    assert "textarea" in browser.get(address).content.decode()
    seen = browser.post(address, {"text": text})
    assert [row["outcome"].verdict for row in seen.context["outcomes"]] == ["new", "rejected"]
    assert "plenty" in seen.content.decode()
    sent = {"text": text, "column": ["name", "target"], "write": "1", "seen": seen.context["seen"]}
    led = browser.post(address, sent | {"form_token": str(uuid4())}, follow=True)
    assert "1 row was written. 1 was left out." in led.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert list(Goal.objects.values_list("name", flat=True)) == ["Order"]


def test_a_preview_that_is_out_of_date_writes_nothing(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("plan-paste", lead.workspace)
    seen = browser.post(address, {"text": "Name\tWhy\nOrder\tIt pays."}, headers=HTMX).context["seen"]
    make_goal(plan, "Order")
    sent = {"text": "Name\tWhy\nOrder\tIt pays.", "write": "1", "seen": seen}
    answer = browser.post(address, sent, headers=HTMX)
    assert "Look at the rows once more." in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get().rationale == ""


def test_a_viewer_sees_every_view_and_no_way_to_write(
    viewer: Membership, newsletter: Goal, browser_of: BrowserOf
) -> None:
    make_target(make_kpi(newsletter), 500)
    browser, plan = browser_of(viewer), at("plan", viewer.workspace)
    for view in ("", "?view=tree", "?view=departments", "?columns=why,stage,kind,until,baseline,owner,department"):
        shown = browser.get(f"{plan}{view}").content.decode()
        assert "Newsletter" in shown
        assert "500" in shown
        for written in ("plan-grid", "/plan/cell/", "/plan/row/", "plan-history"):
            assert written not in shown, (view, written)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?level=macro", ["Order"], ["Newsletter", "Sign-ups"]),
        ("?level=micro", ["Order", "Newsletter"], ["Sign-ups"]),
        ("?department=CRM", ["Order", "Newsletter", "Sign-ups"], ["Cart"]),
        ("?level=nonsense&view=nonsense&columns=nonsense", ["Order", "Newsletter", "Cart"], ["Nonsense"]),
    ],
    ids=["macro", "micro with what it stands under", "department", "nonsense"],
)
def test_the_address_says_which_rows_are_shown(
    viewer: Membership, order: Goal, newsletter: Goal, browser_of: BrowserOf, query: str, shown: list[str],
    hidden: list[str],
) -> None:  # fmt: skip
    make_goal(order.plan, "Cart", level=Level.MICRO, supports=[])
    make_kpi(newsletter, "Sign-ups")
    with scope.in_workspace(viewer.workspace_id):
        Goal.objects.filter(pk=newsletter.pk).update(department="CRM")
        Objective.objects.create(workspace=viewer.workspace, plan=order.plan, slug="o", name="Nonsense away")
    page = browser_of(viewer).get(f"{at('plan', viewer.workspace)}{query}").content.decode()
    assert [name for name in shown if f">{name}<" not in page] == []
    assert [name for name in hidden if f">{name}<" in page] == []
