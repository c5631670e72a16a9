"""The goal's page."""

import pytest
from django.test import Client

from reports import filling
from tests.reports.lake import NOW, hit, make_goal, store
from workspaces.models import Membership, Workspace

SALE = {"name": "purchase", "value": 500}


@pytest.fixture
def page(client: Client, shop: Workspace, viewer: Membership) -> Client:
    make_goal(shop)
    client.force_login(viewer.user)
    return client


def test_the_page_shows_count_rate_and_channels(page: Client, shop: Workspace) -> None:
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, **SALE), hit("b", days=1)])
    filling.fill(shop.pk, now=NOW)
    answer = page.get("/w/fjellsport/goals/sale/?from=2026-11-01&to=2026-11-20")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "E-mail" in body
    assert "1\u00a0/\u00a02" in body
