"""The history of a source in real Chromium: accessible, at every width, in light and dark."""

from typing import Any

import pytest

from tests.browsing import NARROW, WIDE, faults_at, opened
from tests.builders import make_member, make_workspace
from tests.tracking.importers import applied, checked
from tests.tracking.makers import make_source
from tests.tracking.sums.exports import ALL, VISITORS, archive
from tracking.models import Kind
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HISTORY = "/w/fjellsport/sources/old/history/"


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1440", "320"])
def test_the_pages_can_be_used_by_everybody(live_server: Any, window: Any) -> None:
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    old = make_source(shop, slug="old", kind=Kind.IMPORT)
    make_source(shop, slug="quiet")
    years = VISITORS + "".join(f'"2026-{n:02}-03",{n},{n * 30},5,{n * 11},100\n' for n in range(1, 11))
    done = applied(old, archive({**ALL, "visitors": years}))
    rehearsed = checked(old, archive())
    pages = {
        "done": done.get_absolute_url(),
        "rehearsed": rehearsed.get_absolute_url(),
        "undo": f"{done.get_absolute_url()}undo/",
        "months": HISTORY,
        "days": f"{HISTORY}?from=2025-12-25&to=2026-01-20&of=sources",
        "nothing": "/w/fjellsport/sources/quiet/history/",
        "wrong days": f"{HISTORY}?from=x",
    }
    with opened(live_server.url, member=lead, viewport=window) as page:
        assert faults_at(page, pages, look=str(window["width"])) == []
