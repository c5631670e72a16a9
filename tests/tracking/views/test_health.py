"""The tracking page: everything accounted for."""

from collections import Counter

from django.test import Client
from django.utils import timezone

from tests.tracking.makers import make_event, make_source, origin_of
from tracking import inbox
from workspaces import scope
from workspaces.models import Membership, Workspace


def test_the_balance_of_each_source_is_shown(viewer: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(source), [make_event()], counts=Counter({"filtered:bot": 41}), now=timezone.now())
    client = Client()
    client.force_login(viewer.user)
    page = client.get("/w/fjellsport/tracking/").content.decode()
    assert "42" in page
    assert "bot" in page


def test_without_sources_the_page_says_what_to_do(lead: Membership) -> None:
    client = Client()
    client.force_login(lead.user)
    assert "/w/fjellsport/sources/new/" in client.get("/w/fjellsport/tracking/").content.decode()
