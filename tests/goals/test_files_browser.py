"""Files and specifications in real Chromium: taken in, copied, accessible at every width."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from goals import specs, taking_in
from goals.models import Goal, Level
from goals.specifying import ParameterDraft, SpecDraft
from tests.browsing import NARROW, WIDE, faults_at, opened
from tests.builders import make_member, make_workspace
from tests.goals.makers import NOW, make_goal, make_kpi, make_plan, make_target, rules_for
from tests.goals.sheets.files import NORWEGIAN, csv, xlsx
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/w/fjellsport/plan/"
SHEET = [
    ["Objective", "Macro goal", "Micro goal", "KPI", "Measure", "Target", "Responsible", "Noted by"],
    ["Sell more", "Order", "", "Orders", "", 500, "per@example.com", "Kari"],
    ["", "", "Size guide", "Guides used", "", "many", "", ""],
    ["", "", "Newsletter", "Sign-ups", "Value", 1200, "", ""],
]


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    plan = make_plan(shop)
    order = make_goal(plan, "Order", value_rule="event")
    make_target(make_kpi(order, "Orders"), 412)
    signup = make_goal(plan, "Sign-up", level=Level.MICRO, supports=[order], rules=rules_for("newsletter_signup"))
    with scope.in_workspace(shop.pk):
        draft = SpecDraft("newsletter_signup", "When the form was sent.", owner=lead, state="ready", place="#signup")
        parameters = [
            ParameterDraft("place", allowed=("footer", "popup"), is_required=True),
            ParameterDraft("email_domain", is_personal=True, about="What stands behind the @."),
        ]
        specs.write(signup, draft, parameters, by=lead, now=NOW)
        specs.write(order, SpecDraft("session_start"), [], by=lead, now=NOW)
        taking_in.receive(shop, name="plan of marketing.xlsx", content=xlsx(("Plan", SHEET)), by=lead, now=NOW)
    return lead


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    with scope.in_workspace(lead.workspace_id):
        number = lead.workspace.plan_files.get().pk
    pages = {
        "export": f"{PLAN}export/",
        "file-new": f"{PLAN}files/new/",
        "file": f"{PLAN}files/{number}/",
        "specs": f"{PLAN}tracking/",
        "specs-print": f"{PLAN}tracking/files/",
        "spec": f"{PLAN}goal/sign-up/tracking/",
        "spec-hints": f"{PLAN}goal/order/tracking/",
        "spec-edit": f"{PLAN}goal/sign-up/tracking/edit/",
    }
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, pages, look=str(width["width"])) == []


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_spreadsheet_is_sent_corrected_and_taken_in(
    lead: Membership, live_server: Any, tmp_path: Path, has_scripts: bool
) -> None:
    file = tmp_path / "måleplan.csv"
    rows = [[*NORWEGIAN[0][:-1], "Notert"], *NORWEGIAN[1:]]
    file.write_bytes(csv(rows, encoding="cp1252"))
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=has_scripts) as page:
        page.goto(f"{PLAN}files/new/")
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Read and compare").click()
        page.get_by_text("cp1252").wait_for()
        expect(page.get_by_text("decimal comma")).to_be_visible()
        page.get_by_text("Its columns").click()
        page.get_by_label("Notert").select_option(label="Where it is tracked")
        page.get_by_role("button", name="Check again").click()
        expect(page.get_by_label("Notert")).to_have_value("where")
        page.get_by_role("button", name="Take it in").click()
        page.wait_for_url(f"**{PLAN}")
        expect(page.get_by_text("Størrelsesguide").first).to_be_visible()
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get(name="Nyhetsbrev").supports.get().name == "Kjøp"


def test_code_is_copied_and_a_parameter_added(lead: Membership, live_server: Any) -> None:
    options = {"viewport": WIDE, "permissions": ["clipboard-read", "clipboard-write"]}
    with opened(live_server.url, member=lead, **options) as page:
        page.goto(f"{PLAN}tracking/")
        page.get_by_label("State").select_option(label="Ready to build")
        page.wait_for_url("**state=ready**")
        page.get_by_role("link", name="Sign-up").click()
        page.get_by_role("button", name="Copy").first.click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("curl ")
        assert '"place": "footer"' in copied
        page.get_by_role("link", name="Edit").click()
        page.get_by_role("button", name="Add a parameter").click()
        page.get_by_label("Name").last.fill("step")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("rowheader", name="step").wait_for()
