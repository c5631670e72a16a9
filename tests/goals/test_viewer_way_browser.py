"""A viewer reads everything about the plan and can change nothing: no control that would, no address that does."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from goals.models import Plan
from tests.addresses import Address, addresses
from tests.browsing import NARROW, WIDE, opened, wrong_with
from tests.builders import make_member, make_workspace
from tests.goals.makers import make_proposal
from workspaces import scope
from workspaces.models import AuditEntry, Membership
from workspaces.roles import MAY, Action, Role

GUARDED = [address for address in addresses() if not address.is_api and hasattr(address.view, "action")]
SEEN = [address for address in GUARDED if Action(address.view.action) in MAY[Role.VIEWER]]  # type: ignore[attr-defined]
HIDDEN = [address for address in GUARDED if address not in SEEN]

# What a viewer does send: each is about the viewer alone.
OWN = {
    "w/<slug:workspace>/plan/versions/<int:version>/sign/": "whoever was asked to sign may, whatever their role",
    "w/<slug:workspace>/plan/versions/<int:version>/decline/": "whoever was asked to sign may decline",
    "w/<slug:workspace>/snapshots/<int:snapshot>/sign/": "one's own name, whatever the role",
    "w/<slug:workspace>/alerts/<int:alert>/mute/": "what one hears of oneself",
    "w/<slug:workspace>/members/leave/": "everybody may leave",
    "w/<slug:workspace>/notifications/read/": "one's own notifications",
    "w/<slug:workspace>/notifications/settings/": "one's own settings",
}
# Not pages: files, parts of pages, and what leads on.
NOT_PAGES = re.compile(
    r"\.(csv|xlsx)$|<uuid:|/(pdf|files|live-figures|first-event|coverage|now|baseline|sign|decline|read|progress|mute)/$"
)
PAGES = [address for address in SEEN if not NOT_PAGES.search(address.route)]
VIEWS = ("plan/?view=tree", "plan/?view=departments", "plan/?level=macro", "proposals/?lane=submitted")

# Gives the controls of a page: what its forms send and how, where its links lead, and whatever else writes.
CONTROLS = """() => ({
    forms: [...document.forms].filter(form => form.method === "post").map(form => form.action),
    links: [...document.links].map(link => link.href),
    writing: [...document.querySelectorAll("[hx-post], [hx-put], [hx-patch], [hx-delete], [contenteditable]")]
        .map(each => each.outerHTML.slice(0, 120)),
})"""


@pytest.mark.parametrize("address", HIDDEN, ids=str)
@pytest.mark.django_db
def test_what_changes_something_is_forbidden(address: Address, owner: Membership, viewer: Membership) -> None:
    path = address.path(owner)
    with scope.in_workspace(owner.workspace_id):
        before = AuditEntry.objects.count()
    assert post(path, viewer) == 403
    with scope.in_workspace(owner.workspace_id):
        assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("address", SEEN, ids=str)
@pytest.mark.django_db
def test_what_is_read_takes_nothing(address: Address, owner: Membership, viewer: Membership) -> None:
    if str(address) in OWN:
        return
    assert post(address.path(owner), viewer) == 405


@pytest.mark.django_db
def test_who_was_not_asked_signs_nothing(owner: Membership, viewer: Membership) -> None:
    for address in GUARDED:
        if "/versions/" in address.route and address.route.endswith(("/sign/", "/decline/")):
            assert post(address.path(owner), viewer) == 422, address
    with scope.in_workspace(owner.workspace_id):
        assert Plan.objects.get().state == "in_review"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_viewer_reads_every_page_and_finds_nothing_to_change_it(
    transactional_db: None, live_server: Any, width: Any
) -> None:
    shop = make_workspace()
    owner = make_member(shop, "owner@example.com", Role.OWNER)
    viewer = make_member(shop, "per@example.com", Role.VIEWER)
    paths = {address.route: address.path(owner) for address in PAGES}
    with scope.in_workspace(shop.pk):
        plan = shop.plans.get()
    make_proposal(plan, "Parking looked up", by=owner)
    paths |= {view: f"/w/{shop.slug}/{view}" for view in VIEWS}
    assert len(paths) > 20
    found = []
    with opened(live_server.url, member=viewer, viewport=width) as page:
        for route, path in paths.items():
            answer = page.goto(path)
            assert answer is not None
            found += [f"{route}: {answer.status}"] if answer.status != 200 else []
            found += [f"{route}: {control}" for control in changing(page, live_server.url)]
            found += wrong_with(page, f"{route}-viewer-{width['width']}")
        page.goto(f"/w/{shop.slug}/proposals/")
        expect(page.get_by_role("link", name="Parking looked up")).to_be_visible()
    assert found == []


def changing(page: Page, base: str) -> list[str]:
    """Give the controls of the page that a viewer could not use, or that would change what others see."""
    page.wait_for_load_state("networkidle")
    controls = page.evaluate(CONTROLS)
    found = [f"form {url}" for url in controls["forms"] if not is_own(url.removeprefix(base))]
    found += [
        f"link {url}" for url in controls["links"] if url.startswith(base) and not is_open(url.removeprefix(base))
    ]
    return found + controls["writing"]


def is_own(path: str) -> bool:
    """Say whether a form sends to what is the viewer's own: sign-out, language, profile, and OWN."""
    route = resolve(path.partition("?")[0]).route
    return route in OWN or route.startswith(("accounts/", "language/", "profile/"))


def is_open(path: str) -> bool:
    """Say whether a link leads where a viewer may go."""
    try:
        view = resolve(path.partition("?")[0].partition("#")[0]).func
    except Resolver404:
        return False
    return not hasattr(view, "action") or Action(view.action) in MAY[Role.VIEWER]


def post(path: str, member: Membership) -> int:
    client = Client()
    client.force_login(member.user)
    return client.post(path, {"name": "Forged", "act": "remove"}).status_code
