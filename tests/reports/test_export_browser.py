"""The way to a table's files in real Chromium: it leads out of the part of the page that a report swaps."""

from typing import Any

import pytest

from tests.browsing import complaints, opened
from tests.builders import make_member, make_workspace
from tests.reports.sharing.asks import open_shop
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORTS = {
    "/w/fjellsport/goals/sale/": "Breakdown as",
    "/w/fjellsport/attribution/": "Table as",
    "/w/fjellsport/paths/": "Steps as",
}


def test_tables_are_downloaded_from_the_control_row(transactional_db: None, live_server: Any) -> None:
    shop = make_workspace()
    open_shop(shop)
    lead = make_member(shop, "kari.nordmann@example.com", Role.LEAD)
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        for path, words in REPORTS.items():
            page.goto(f"{path}?period=custom&from=2026-11-02&to=2026-11-20")
            for kind in ("CSV", "XLSX"):
                page.locator("summary", has_text="Export").click()
                with page.expect_download() as downloading:
                    page.get_by_role("link", name=f"{words} {kind}", exact=True).click()
                assert downloading.value.suggested_filename.endswith(kind.lower())
        assert said == []
