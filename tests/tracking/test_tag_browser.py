"""The tag in real Chromium, on pages of another origin: what visitors do arrives, each thing once, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders import make_workspace
from tests.tracking.makers import make_source
from tests.tracking.measured_site import Site, consent_of, properties_of, serving, visiting
from tracking.event import is_cookieless
from tracking.snippets import WAYS, snippets_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUSH = "path => history.pushState({}, '', path)"
TALL = '<div style="height: 4000px"></div>'


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Iterator[Site]:
    with serving(Site(live_server.url, make_source(make_workspace(), currency="NOK"))) as site:
        yield site


def test_a_view_arrives_with_its_page_and_where_it_was_found(site: Site) -> None:
    with visiting(site, "/shoes?utm_source=avisa&utm_medium=email") as page:
        (view,) = site.until_named(page, "page_view")
    assert (view.name, view.path, view.title, view.utm_source) == ("page_view", "/shoes", "Page /shoes", "avisa")
    assert is_cookieless(view.visitor_id), "a visitor without an id is a hash of the day"


def test_pages_that_are_drawn_without_loading_are_views(site: Site) -> None:
    with visiting(site) as page:
        site.until_named(page, "page_view")
        page.evaluate(PUSH, "/a")
        site.until(page, lambda events: "/a" in [event.path for event in events])
        page.evaluate("history.replaceState({}, '', '/a?tidy=1')")
        page.evaluate("history.replaceState({}, '', '/a?tidy=1#below')")
        # In one go: what stands for a tenth of a second is a view.
        page.evaluate("history.pushState({}, '', '/redirected'); history.pushState({}, '', '/b')")
        site.until(page, lambda events: "/b" in [event.path for event in events])
        page.evaluate("history.go(-2)")
        found = site.until(page, lambda events: [event.name for event in events].count("page_view") >= 4)
    views = [(event.path, event.referrer) for event in found if event.name == "page_view"]
    at = site.url
    assert views == [("/", None), ("/a", f"{at}/"), ("/b", f"{at}/a"), ("/a", f"{at}/b")]


def test_hashes_are_pages_where_the_site_says_so(site: Site) -> None:
    site.tag = "data-hash"
    site.bodies["/"] = '<a href="#/basket">Basket</a>'
    with visiting(site) as page:
        site.until_named(page, "page_view")
        page.get_by_text("Basket").click()
        found = site.until(page, lambda events: [event.name for event in events].count("page_view") >= 2)
    assert [event.url for event in found if event.name == "page_view"] == [f"{site.url}/", f"{site.url}/#/basket"]


def test_the_time_that_a_page_is_looked_at_and_its_depth_arrive_when_it_is_left(site: Site) -> None:
    site.bodies["/"] = TALL
    with visiting(site, "about:blank", viewport={"width": 1000, "height": 1000}) as page:
        page.clock.install()
        page.goto("/")
        site.until_named(page, "page_view")
        page.clock.fast_forward(20_000)
        page.mouse.wheel(0, 1000)
        page.wait_for_function("scrollY === 1000")
        page.goto("/next")
        found = site.until_named(page, "engagement")
    (read,) = [event for event in found if event.name == "engagement"]
    assert read.path == "/"
    assert 20 <= properties_of(read)["engaged_seconds"] <= 60
    assert properties_of(read)["scroll"] == 50


def test_a_page_that_is_read_to_its_end_is_noticed_once(site: Site) -> None:
    site.bodies["/"] = TALL
    with visiting(site) as page:
        page.mouse.wheel(0, 9000)
        site.until_named(page, "scroll")
        page.mouse.wheel(0, -9000)
        page.mouse.wheel(0, 9000)
        page.goto("/next")
        found = site.until(page, lambda events: "/next" in [event.path for event in events])
    assert [properties_of(event) for event in found if event.name == "scroll"] == [{"percent_scrolled": 90}]


def test_clicks_that_lead_away_and_downloads_arrive_without_their_query(site: Site) -> None:
    site.bodies["/"] = (
        '<a href="https://partner.example/offer?token=secret">Partner</a> <a href="/katalog.PDF?u=kari">Catalogue</a>'
        '<a href="/inside">Inside</a> <a href="mailto:kari@shop.example">Mail</a>'
        '<a href="https://sister.example/x">Sister</a>'
        "<script>addEventListener('click', event => event.preventDefault())</script>"
    )
    site.tag = 'data-hosts="sister.example, other.example"'
    with visiting(site) as page:
        site.until_named(page, "page_view")
        for name in ("Inside", "Mail", "Sister", "Partner", "Catalogue"):
            page.get_by_text(name).click()
        found = site.until_named(page, "outbound_click", "file_download")
    kept = {event.name: properties_of(event) for event in found if event.name != "page_view"}
    assert kept == {
        "outbound_click": {"link_url": "https://partner.example/offer", "link_domain": "partner.example"},
        "file_download": {
            "file_name": "katalog.PDF", "file_extension": "PDF", "link_url": f"{site.url}/katalog.PDF",
        },
    }  # fmt: skip


def test_a_form_is_named_and_nothing_that_was_typed_arrives(site: Site) -> None:
    site.bodies["/"] = (
        '<form id="signup" name="newsletter" method="post" action="/thanks">'
        '<input name="id" aria-label="E-mail" value="kari@example.com"><button>Send</button></form>'
    )
    with visiting(site) as page:
        site.until_named(page, "page_view")
        page.get_by_text("Send").click()
        found = site.until(page, lambda events: "/thanks" in [event.path for event in events])
    (form,) = [event for event in found if event.name == "form_submit"]
    assert properties_of(form) == {"form_id": "signup", "form_name": "newsletter"}
    assert "kari" not in repr(found)


@pytest.mark.parametrize(
    ("tag", "path", "term"),
    [("", "/?q=tent", "tent"), ('data-search="finn, s"', "/?finn=sko", "sko"), ('data-search=""', "/?q=tent", None)],
    ids=["usual name", "own name", "off"],
)
def test_a_search_arrives_with_its_words(site: Site, tag: str, path: str, term: str | None) -> None:
    site.tag = tag
    with visiting(site, path) as page:
        found = site.until_named(page, "page_view")
    assert [properties_of(event)["search_term"] for event in found if event.name == "search"] == (
        [term] if term else []
    )


def test_an_order_arrives_with_its_value_though_it_was_said_before_the_tag_came(site: Site) -> None:
    site.bodies["/"] = """<script>measureplan("purchase", {
      value: 149.5, currency: "SEK", transaction_id: "O-1", items: [{item_id: "SKU", price: 74.75, quantity: 2}],
      delivery: "home", properties: {step: 2},
    })</script>"""
    with visiting(site) as page:
        found = site.until_named(page, "purchase")
    view, order = found
    assert (view.name, order.value_micros, order.currency, order.transaction_id) == (
        "page_view",
        149_500_000,
        "SEK",
        "O-1",
    )
    assert '"SKU"' in (order.items or "")
    assert properties_of(order) == {"delivery": "home", "step": 2}
    assert order.sequence > view.sequence


def test_markup_alone_sends_an_event(site: Site) -> None:
    site.bodies["/"] = (
        '<button data-mp-event="size_guide_used" data-mp-shoe-type="boot" data-mp-value="2.50"><b>Guide</b></button>'
        '<form data-mp-event="signup" data-mp-place="footer" onsubmit="return false"><button>Join</button></form>'
    )
    with visiting(site) as page:
        page.get_by_text("Guide").click()
        page.get_by_text("Join").click()
        found = site.until_named(page, "size_guide_used", "signup")
    by_name = {event.name: event for event in found}
    assert properties_of(by_name["size_guide_used"]) == {"shoe_type": "boot"}
    assert by_name["size_guide_used"].value_micros == 2_500_000
    assert properties_of(by_name["signup"]) == {"place": "footer"}
    assert [event.name for event in found].count("signup") == 1


def test_what_is_turned_off_is_not_noticed(site: Site) -> None:
    site.tag = 'data-off="outbound_click, search" data-views="manual"'
    site.bodies["/"] = '<a href="https://partner.example/" onclick="return false">Partner</a>'
    with visiting(site, "/?q=tent") as page:
        page.get_by_text("Partner").click()
        page.evaluate(PUSH, "/a")
        page.evaluate("measureplan('page_view', {title: 'By hand'})")
        page.evaluate("measureplan('done')")
        found = site.until_named(page, "done")
    assert [(event.name, event.title) for event in found] == [("page_view", "By hand"), ("done", None)]


def test_a_value_that_cannot_be_written_harms_nothing_else(site: Site) -> None:
    with visiting(site) as page:
        page.evaluate("measureplan('broken', {element: window, big: 1n}); measureplan(); measureplan('after', null)")
        page.evaluate("measureplan('consent'); measureplan('whole')")
        found = site.until_named(page, "whole")
    assert "broken" not in [event.name for event in found]
    assert consent_of(found[-1]) == {}


@pytest.mark.parametrize("name", ["tag", "gtm"])
def test_what_the_sources_page_shows_works_as_it_is_copied(site: Site, settings: Any, name: str) -> None:
    settings.BASE_URL = site.door
    ways = {way.name: [snippet.text for snippet in snippets_of(site.source, way)] for way in WAYS}
    site.head = ways[name][0]
    _, order, consent = ways["tag"]
    site.bodies["/"] = f"<script>{order}{consent}</script>"
    with visiting(site) as page:
        view, bought = site.until_named(page, "purchase")
    assert (bought.value_micros, bought.transaction_id) == (499_000_000, "1001")
    assert consent_of(view) == {"analytics": True, "ads": False}
