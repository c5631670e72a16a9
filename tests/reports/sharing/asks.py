"""A shop with figures worth sharing, and links to them."""

import re
from typing import Any

from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports import filling
from reports.attribution import blocks
from reports.sharing import links
from reports.sharing.registry import REPORTS
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces import scope
from workspaces.models import Membership, Workspace

CHANNELS = ["email", "paid_search", "organic_search", "", "display"]
RANGE = {"period": "custom", "from": "2026-11-02", "to": "2026-11-20"}


def open_shop(shop: Workspace) -> Goal:
    """Fill a shop of two goals, the sale's with a KPI; give the sale. Campaigns and pages are named by the unkind."""
    sale = make_goal(shop)
    make_goal(shop, "Secret plan", event="sign_up")
    make_kpi(sale, "Sales <b>per</b> quarter")
    hits = []
    for n in range(60):
        campaign = ["=1+1", "<script>alert(1)</script>", "spring"][n // 3 % 3]
        named = {"channel": CHANNELS[n % 5], "campaign": campaign, "content": campaign, "path": f"/{campaign}"}
        hits.append(hit(f"p{n % 31}", days=n / 4, **named))
        if n % 3 == 0:
            hits.append(hit(f"p{n % 31}", days=n / 4, minutes=9, name="purchase", value=100 + n, transaction=f"t{n}"))
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()
    return sale


def make_link(by: Membership, report: str = "goal", params: dict[str, str] | None = None, **wish: Any) -> str:
    """Share a report as its page would; give the link's path."""
    now = timezone.now()
    with scope.in_workspace(by.workspace_id):
        asked = {"goal": "sale", **RANGE} | (params or {})
        inquiry = REPORTS[report].ask(by.workspace, asked, now)
        known = {"report": report, "params": inquiry.kept, "name": "The board", "language": "en"}
        _link, secret = links.share(links.Wish(**known | wish), by=by, now=now)
    return f"/shared/{secret}/"


def read(path: str, **headers: str) -> str:
    """Open a link as somebody without an account; give the page."""
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def leads(page: str) -> list[str]:
    """Give every address that the page leads or sends to, those of its styles, scripts and pictures left out."""
    found = re.findall(r"""(?:href|action|hx-\w+|formaction|src|data-\w*url)=["']([^"']*)["']""", page)
    return [address for address in found if not address.startswith("/static/")]
