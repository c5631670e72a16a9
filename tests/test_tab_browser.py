"""Tab on every page that a member can open: it reaches each control, shows where it is, and leads out again.

The addresses are walked (tests/addresses.py), so that a page of tomorrow is asked as well.
"""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from reports import filling
from tests.addresses import addresses
from tests.browsing import NARROW, WIDE, opened
from tests.builders import make_member, make_workspace
from tests.hands import MOST_TABS
from tests.reports.funnels.asks import histories
from tests.reports.lake import NOW, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = [each for each in addresses() if each.route.startswith("w/") and not each.is_api]
AT_ONCE = 12  # pages a test, so that tests share the walk between processes

NAMED = """() => {
    globalThis.named = control => {
        const bare = control.cloneNode(true);
        for (const mark of ["data-seen", "data-last", "tabindex"]) bare.removeAttribute(mark);
        return bare.outerHTML.slice(0, 120);
    };
}"""

# What Tab would reach: shown, not taken out, and of a group of choices one.
REACHABLE = """() => [...document.querySelectorAll("a[href], button, summary, select, textarea, input, [tabindex]")]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true})
        && !each.closest("[inert]") && each.type !== "hidden" && each.type !== "radio" && !each.matches("[data-seen]"))
    .map(named)"""

# Where the focus is: what is wrong with how it is shown there, or null once it left the page.
WHERE = """() => {
    const control = document.activeElement;
    if (!control || control === document.body || control === document.documentElement) return null;
    // Tab stops several times in a field of a date.
    const again = control.matches("[data-seen]") && !control.matches("[data-last]");
    document.querySelector("[data-last]")?.removeAttribute("data-last");
    control.dataset.seen = control.dataset.last = "";
    const name = named(control);
    // A hidden box shows its focus at its label, a link over a whole card at the card, a drawn one at its shape.
    const shown = [control, control.nextElementSibling, control.closest("label"), control.closest(".panel"),
                   control.querySelector("rect")].filter(Boolean);
    const rings = shown.flatMap(each => [null, "::before", "::after"].map(part => getComputedStyle(each, part)));
    const isRinged = rings.some(({outlineStyle, outlineWidth, boxShadow}) =>
        /inset|0px 0px 0px/.test(boxShadow) || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2))
        || (shown.at(-1).matches("rect") && parseFloat(getComputedStyle(shown.at(-1)).strokeWidth) >= 2);
    const {left, right, top, bottom} = control.getBoundingClientRect();
    const isInside = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
    const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
                    (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    const over = isInside ? document.elementFromPoint(x, y) : null;
    const isCovered = over && !control.contains(over) && !over.contains(control)
        && [over, over.closest("header") ?? over].some(each => /fixed|sticky/.test(getComputedStyle(each).position));
    return {again, name, isRinged, isInside, isCovered, over: isCovered ? over.outerHTML.slice(0, 100) : ""};
}"""


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and a KPI."""
    shop = make_workspace()
    goal = make_goal(shop)
    make_kpi(goal, "Sales of the year", target=500)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


def wrong_with_tab(page: Page, route: str) -> list[str]:
    """Press Tab until it leaves the page, and give what is wrong on the way."""
    found: list[str] = []
    reached = set()  # by name: what refreshes itself is another element afterwards
    page.evaluate(NAMED)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(WHERE)
        if at is None or at["again"]:
            break
        reached.add(at["name"])
        found += [] if at["isRinged"] else [f"{route}: no frame around {at['name']}"]
        found += [] if at["isInside"] else [f"{route}: outside of the window is {at['name']}"]
        found += [f"{route}: {at['name']} is covered by {at['over']}"] if at["isCovered"] else []
    else:
        found.append(f"{route}: Tab does not leave the page; last is {at}")
    missed = set(page.evaluate(REACHABLE)) - reached
    return found + [f"{route}: Tab does not reach {each}" for each in sorted(missed)]


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("first", range(0, len(ADDRESSES), AT_ONCE))
def test_tab_reaches_every_control_and_shows_where_it_is(
    first: int, width: Any, owner: Membership, live_server: Any
) -> None:
    client, paths = Client(), {}
    client.force_login(owner.user)
    for each in ADDRESSES[first : first + AT_ONCE]:
        path = each.path(owner)
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            paths[str(each)] = path
    found = []
    with opened(live_server.url, member=owner, viewport=width) as page:
        for route, path in paths.items():
            page.goto(path)
            if page.locator("main").count():  # a part of a page stands in one that is walked
                found += wrong_with_tab(page, route)
    assert found == []
