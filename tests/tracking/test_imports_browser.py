"""Files of other tools, from the upload to what they changed, in real Chromium: light and dark, wide and narrow."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, opened, wrong_with
from tests.builders import make_member, make_workspace
from tests.tracking.ads.reports import GOOGLE, META, PINTEREST
from tests.tracking.conversions.test_conversions import HEADER
from tests.tracking.importers import applied, checked
from tests.tracking.imports.ga4_rows import DAY, lines
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.models import Import, ImportState, Kind
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead whose site had visitors of one campaign, with a file of every kind on its way."""
    member = make_member(make_workspace(), "kari@example.com", Role.LEAD)
    site = make_source(member.workspace, slug="site")
    tags = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "brand", "click_id": "Cj1"}
    Lake(site).take(make_event("e1", at=NOON - timedelta(hours=30), click_id_type="gclid", **tags))
    files = make_source(member.workspace, slug="files", kind=Kind.IMPORT, currency="")
    applied(files, GOOGLE.encode(), name="google.csv")
    applied(files, META.encode(), name="meta.csv")
    applied(files, lines(*DAY), name="events_20261120.json")
    checked(files, lines(DAY[1]), name="events_20261120_late.json")
    checked(files, PINTEREST.encode(), name="lacking.csv")
    checked(files, PINTEREST.encode(), name="complete.csv", currency="NOK")
    deals = "signed,2026-11-20T18:00:00Z,1500,NOK,Cj1,,,\nsigned,2026-11-20T18:00:00Z,90,NOK,Cj9,,,\n"
    applied(files, (HEADER + deals).encode(), name="deals.csv")
    return member


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_report_is_uploaded_told_what_it_lacks_and_shown(
    lead: Membership, live_server: Any, tmp_path: Path, width: Any
) -> None:
    name, file = str(width["width"]), tmp_path / "pins.csv"
    file.write_text(PINTEREST)
    with opened(live_server.url, member=lead, viewport=width) as page:
        page.goto("/w/fjellsport/costs/words/")
        found = wrong_with(page, f"words-none-{name}")
        page.get_by_role("link", name="Add a word").click()
        page.get_by_label("Header").fill("Mediekost")
        page.get_by_label("What the column holds").select_option("Cost")
        found += wrong_with(page, f"word-{name}")
        page.get_by_role("button", name="Add").click()
        page.get_by_text("Reports are read with this word from now on.").wait_for()
        found += wrong_with(page, f"words-{name}")
        page.goto("/w/fjellsport/imports/new/")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_label("Source").fill("Pinterest")
        found += wrong_with(page, f"upload-{name}")
        page.get_by_role("button", name="Upload and check").click()
        page.get_by_text("Waiting for its dry run").wait_for()
        page.goto("/w/fjellsport/imports/")
        page.get_by_role("link", name="lacking.csv").click()
        page.get_by_text("the report names no currency").wait_for()
        found += wrong_with(page, f"report-lacks-{name}")
        page.get_by_label("Currency").fill("NOK")
        page.get_by_role("button", name="Check again").click()
        page.get_by_text("Waiting for its dry run").wait_for()
        page.goto("/w/fjellsport/imports/")
        page.get_by_role("link", name="complete.csv").click()
        page.get_by_text("An import would add 1 daily cost").wait_for()
        found += wrong_with(page, f"report-checked-{name}")
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("Waiting to be imported").wait_for()
        page.goto("/w/fjellsport/costs/?from=2026-11-01&to=2026-11-30")
        page.get_by_text("Visitors came by the campaigns of 2 of 5 daily costs.").wait_for()
        found += wrong_with(page, f"costs-{name}")
    assert found == []
    with scope.in_workspace(lead.workspace_id):
        assert Import.objects.get(file_name="lacking.csv").mapping["currency"] == "NOK"
        assert Import.objects.get(file_name="complete.csv").state == ImportState.ORDERED


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_files_say_what_goes_and_what_is_nobodys(lead: Membership, live_server: Any, width: Any) -> None:
    name = str(width["width"])
    with opened(live_server.url, member=lead, viewport=width) as page:
        page.goto("/w/fjellsport/imports/")
        found = wrong_with(page, f"imports-{name}")
        page.get_by_role("link", name="events_20261120_late.json").click()
        page.get_by_text("an import would remove them").wait_for()
        found += wrong_with(page, f"replacing-{name}")
        page.goto("/w/fjellsport/imports/")
        page.get_by_role("link", name="deals.csv").click()
        page.get_by_text("1 kept: matched once their visitor is seen").wait_for()
        found += wrong_with(page, f"deals-{name}")
    assert found == []


def test_costs_are_read_without_scripts(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, java_script_enabled=False) as page:
        page.goto("/w/fjellsport/costs/")
        page.get_by_label("From").fill("2026-11-20")
        page.get_by_label("To").fill("2026-11-20")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("Visitors came by the campaigns of 2 of 3 daily costs.")).to_be_visible()
