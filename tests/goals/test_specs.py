"""Tracking specifications: what developers see, copy and take away; written whole, escaped everywhere."""

import json
import shlex
from typing import Any

import pytest

from goals import spec_files, specs
from goals.conditions import from_text
from goals.definition import Definition
from goals.document import Document, document_of
from goals.event_names import hints_on
from goals.models import Goal, Parameter, TrackingSpec
from goals.rows import GoalRow, ParameterRow, PlanRow, SpecRow
from goals.snippets import event_name, event_of, snippets_of
from goals.specifying import ParameterDraft, SpecDraft
from goals.specs import SpecSheet
from tests.goals.makers import NOW, TEST
from workspaces import scope
from workspaces.models import AuditEntry, Membership

HOSTILE = "</script><script>alert('x')</script>"
GOAL = GoalRow("sign-up", "Sign-up", "micro", definition=Definition(from_text("event newsletter_signup")))


def sheet(*parameters: ParameterRow, **spec: Any) -> SpecSheet:
    return SpecSheet(GOAL, SpecRow("sign-up", **spec), parameters)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("newsletter_signup", 0), ("", 0), ("NewsletterSignup", 1), ("newsletter-signup", 1), ("a" * 41, 1),
        ("session_start", 1), ("ga_thing", 1), ("2_steps", 1),
    ],
)  # fmt: skip
def test_names_get_hints_where_they_will_not_do(name: str, count: int) -> None:
    assert len(hints_on(name)) == count


def test_the_event_has_the_name_of_the_specification_else_of_the_rules() -> None:
    assert event_name(sheet(event_name="signup")) == "signup"
    assert event_name(sheet()) == "newsletter_signup"
    assert event_name(SpecSheet(GoalRow("a", "Read «About us»", "micro"), None)) == "read_about_us"


def test_the_event_has_example_values_and_the_consent_that_it_needs() -> None:
    made = event_of(
        sheet(
            ParameterRow("sign-up", "place", allowed=("footer", "popup")),
            ParameterRow("sign-up", "step", type="integer"),
            ParameterRow("sign-up", "value", type="number"),
            purpose="ads",
        ),
        currency="NOK",
    )
    assert made == {
        "name": "newsletter_signup", "value": 9.5, "properties": {"place": "footer", "step": 3},
        "consent": {"ads": True},
    }  # fmt: skip


def test_snippets_can_be_pasted_whatever_people_wrote() -> None:
    hostile = sheet(ParameterRow("sign-up", "p", allowed=(HOSTILE,)), event_name="it's")
    server, tag, browser, manager = snippets_of(hostile, address="https://mp.example", key="wk_1", currency="NOK")
    words = shlex.split(server.text.replace("\\\n", " "))
    assert json.loads(words[-1])["properties"] == {"p": HOSTILE}
    assert words[:2] == ["curl", "https://mp.example/api/v1/collect"]
    assert "</script" not in tag.text + browser.text + manager.text
    assert tag.text.startswith('measureplan("it\'s", {')
    assert '"event": "it\'s"' in manager.text


def test_the_files_hold_every_goal_and_start_no_formula() -> None:
    goals = (GOAL, GoalRow("order", "=cmd|' /C calc'!A0", "macro"))
    document = Document(
        PlanRow("Winter", "2026-10-01", "2026-12-31"),
        goals=goals,
        specs=(SpecRow("sign-up", "signup", about="a | b *c*", state="ready"),),
        parameters=(ParameterRow("sign-up", "place", about="<b>"),),
    )
    kept = json.loads(spec_files.as_json(document))
    assert [(each["goal"], each["spec"] is None) for each in kept["specs"]] == [("sign-up", False), ("order", True)]
    lines = spec_files.as_csv(document).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("'=cmd")
    text = spec_files.as_markdown(document).decode()
    assert "a \\| b \\*c\\*" in text
    assert "| place |" in text
    assert "\\<b\\>" in text


def written(goal: Goal, *parameters: ParameterDraft, **draft: Any) -> TrackingSpec:
    with scope.in_workspace(goal.workspace_id):
        return specs.write(goal, SpecDraft(**draft), parameters, by=TEST, now=NOW)


def test_a_specification_is_written_whole(order: Goal) -> None:
    written(order, ParameterDraft("size"), ParameterDraft("colour"), event_name="purchase")
    spec = written(order, ParameterDraft("size", type="integer"), ParameterDraft("shop"), event_name="purchase")
    with scope.in_workspace(order.workspace_id):
        assert [(each.name, each.type) for each in spec.parameters.all()] == [("size", "integer"), ("shop", "text")]
        acts = list(AuditEntry.objects.filter(subject_type="parameter").order_by("pk").values_list("act", flat=True))
    assert acts == ["created", "created", "deleted", "changed", "created"]


def test_what_is_to_be_built_comes_first(order: Goal, newsletter: Goal) -> None:
    written(order, state="implemented", owner=None)
    written(newsletter, state="ready", platform="app")
    with scope.in_workspace(order.workspace_id):
        document = document_of(order.plan)
    assert [each.goal.slug for each in specs.sheets_of(document)] == ["newsletter", "order"]
    assert [each.goal.slug for each in specs.sheets_of(document, specs.Asked(state="open"))] == ["newsletter"]
    assert [each.goal.slug for each in specs.sheets_of(document, specs.Asked(platform="web"))] == ["order"]


def form(**typed: str) -> dict[str, str]:
    usual = {
        "event_name": "newsletter_signup", "platform": "web", "method": "tag", "purpose": "analytics", "state": "ready",
        "parameters-TOTAL_FORMS": "1", "parameters-INITIAL_FORMS": "0", "parameters-0-name": "place",
        "parameters-0-type": "text", "parameters-0-allowed": "footer; popup",
    }  # fmt: skip
    return usual | typed


def test_a_lead_specifies_a_goal_without_a_script(lead: Membership, newsletter: Goal, browser_of: Any) -> None:
    browser, address = browser_of(lead), "/w/fjellsport/plan/goal/newsletter/tracking/"
    more = browser.post(f"{address}edit/", form(add="row")).content.decode()
    assert 'name="parameters-1-name"' in more
    assert 'value="footer; popup"' in more
    assert browser.post(f"{address}edit/", form(ticket="no address")).status_code == 422
    assert browser.post(f"{address}edit/", form(**{"parameters-0-name": ""})).status_code == 422
    assert browser.post(f"{address}edit/", form()).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        assert Parameter.objects.get().allowed == ["footer", "popup"]
    shown = browser.get(address).content.decode()
    assert "crypto.randomUUID()" in shown
    assert "agreed to analytics" in shown
    again = browser.get(f"{address}edit/").content.decode()
    assert 'name="revision" value="1"' in again or 'name="revision" value="2"' in again


def test_whoever_sees_a_stale_form_sees_both(lead: Membership, newsletter: Goal, browser_of: Any) -> None:
    written(newsletter, event_name="mine")
    sent = form(revision="1", event_name="yours")
    written(newsletter, event_name="theirs")
    answer = browser_of(lead).post("/w/fjellsport/plan/goal/newsletter/tracking/edit/", sent)
    assert answer.status_code == 409
    assert "theirs" in answer.content.decode()


def test_the_list_and_its_files_answer(viewer: Membership, newsletter: Goal, browser_of: Any) -> None:
    browser, address = browser_of(viewer), "/w/fjellsport/plan/tracking/"
    assert "newsletter_signup" in browser.get(address).content.decode()
    assert "Choose another state" in browser.get(f"{address}?state=deprecated").content.decode()
    for kind, mime in (("md", "text/markdown"), ("csv", "text/csv"), ("json", "application/json")):
        assert browser.get(f"{address}files/?as={kind}")["Content-Type"].startswith(mime)
    assert "newsletter_signup" in browser.get(f"{address}files/").content.decode()
    assert browser.get(f"{address}files/?as=exe").status_code == 404
    assert browser.get("/w/fjellsport/plan/goal/nothing/tracking/").status_code == 404
