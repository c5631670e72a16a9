"""Versions, signatures, print and copies in real Chromium: accessible, at every width, in light and dark."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from goals import signing
from goals.applying import apply
from goals.models import Plan, PlanVersion
from tests.browsing import NARROW, WIDE, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.goals.makers import make_plan
from tests.goals.sample_plan import SAMPLE
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/w/fjellsport/plan/"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead of a plan that was signed, then changed; its second version waits for two people."""
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    head = make_member(shop, "head.of.sales@example.com", Role.VIEWER, department="Sales")
    plan = make_plan(shop)
    with scope.in_workspace(shop.pk):
        apply(SAMPLE, plan, by=lead, now=NOW)
        first = signing.request_sign_off(plan, [lead], note="The first winter", by=lead, now=NOW)
        signing.sign(first, by=lead, now=NOW)
        micro = replace(SAMPLE.goals[2], department="Sales", name="Newsletter")
        later = replace(SAMPLE, goals=(*SAMPLE.goals[:2], micro), kpis=SAMPLE.kpis[:1], targets=SAMPLE.targets[:1])
        apply(later, Plan.objects.get(), by=lead, now=NOW, remove_missing=True)
        second = signing.request_sign_off(plan, [lead, head], note="After the first weeks", by=lead, now=NOW)
        signing.sign(second, by=head, now=NOW)
    other = make_workspace("Second shop", slug="second")
    with scope.in_workspace(other.pk):
        Membership.objects.create(workspace=other, user=lead.user, role=Role.LEAD)
    return lead


def pages(lead: Membership) -> dict[str, str]:
    with scope.in_workspace(lead.workspace_id):
        second, first = PlanVersion.objects.values_list("pk", flat=True)
    return {
        "versions": f"{PLAN}versions/",
        "signed version": f"{PLAN}versions/{first}/",
        "waiting version": f"{PLAN}versions/{second}/",
        "compare": f"{PLAN}versions/compare/?from={first}&to={second}",
        "sign": f"{PLAN}versions/{second}/sign/",
        "decline": f"{PLAN}versions/{second}/decline/",
        "withdraw": f"{PLAN}versions/{second}/withdraw/",
        "ask": f"{PLAN}sign-off/",
        "archive plan": f"{PLAN}archive/",
        "print": f"{PLAN}print/",
        "copy": f"{PLAN}copy/",
    }


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    found = pages(lead)  # before the browser: its loop lets nobody ask the database
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, found, look=str(width["width"])) == []


def test_every_page_fits_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, lead, pages(lead)) == []


def test_a_lead_signs_without_a_script(lead: Membership, live_server: Any) -> None:
    waiting = pages(lead)["waiting version"]
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=False) as page:
        page.goto(waiting)
        page.get_by_role("link", name="Sign", exact=True).click()
        page.get_by_role("button", name="Sign", exact=True).click()
        page.get_by_text("You signed version 2.").wait_for()
    with scope.in_workspace(lead.workspace_id):
        assert Plan.objects.get().state == "approved"
