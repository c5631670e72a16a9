"""The tag in real Chromium where things go wrong: each event is counted once, and no storage, nor name, is taken."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders import make_workspace
from tests.tracking.makers import make_source
from tests.tracking.measured_site import Site, consent_of, serving, visiting
from tracking import gate, limits
from tracking.event import is_cookieless
from tracking.models import Source
from workspaces import scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORED = """async () => ({cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
                          databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length})"""
NOTHING = {"cookie": "", "local": {}, "session": {}, "databases": 0, "caches": 0}
REMEMBERED = "JSON.parse(localStorage.getItem(Object.keys(localStorage)[0]) || '[]').map(event => event.name)"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Iterator[Site]:
    with serving(Site(live_server.url, make_source(make_workspace(), currency="NOK"))) as site:
        yield site


def named(site: Site) -> Counter[str]:
    return Counter(event.name for event in site.arrived())


def test_nothing_is_stored_on_the_device_unless_the_visitor_agreed(site: Site) -> None:
    with visiting(site) as page:
        page.evaluate("measureplan('purchase', {value: 1, user_id: 'kari'})")
        found = site.until_named(page, "purchase")
        assert page.evaluate(STORED) == NOTHING
        assert page.context.cookies() == []
    assert all(is_cookieless(event.visitor_id) for event in found)
    assert [event.user_id for event in found] == [None, None]


def test_one_name_is_taken_of_the_page(site: Site) -> None:
    with visiting(site) as page:
        site.until_named(page, "page_view")
        with_tag = set(page.evaluate("Object.getOwnPropertyNames(window)"))
        page.route("**/mp.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        site.stub = ""
        page.goto("/without")
        without = set(page.evaluate("Object.getOwnPropertyNames(window)"))
    assert with_tag - without == {"measureplan"}


def test_with_consent_the_visitor_is_one_on_every_page_and_user_until_it_is_withdrawn(site: Site) -> None:
    site.bodies["/"] = "<script>measureplan('consent', {analytics: 'granted', ads: false, odd: true})</script>"
    with visiting(site) as page:
        site.until_named(page, "page_view")
        (cookie,) = page.context.cookies()
        page.goto("/second")
        page.evaluate("measureplan('identify', {user_id: 'u-7'})")
        site.until_named(page, "identify")
        page.evaluate("measureplan('consent', {analytics: false}); measureplan('unseen')")
        assert page.evaluate(STORED) == NOTHING
        page.evaluate("measureplan('consent', {analytics: true}); measureplan('seen')")
        found = site.until_named(page, "seen")
    view, second, user, seen = (event for event in found if event.name != "engagement")
    assert (cookie["name"], cookie["sameSite"], cookie["path"]) == ("measureplan", "Lax", "/")
    assert view.visitor_id == second.visitor_id == user.visitor_id == cookie["value"]
    assert seen.visitor_id != view.visitor_id
    assert [event.user_id for event in (view, user)] == [None, "u-7"]
    assert consent_of(view) == {"analytics": True, "ads": False}


def test_a_tag_that_waits_sends_nothing_before_the_visitor_chose(site: Site) -> None:
    site.tag = 'data-consent="wait"'
    sent: list[str] = []
    with visiting(site, "about:blank") as page:
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.goto("/")
        page.wait_for_function("measureplan.isReady")
        page.evaluate("measureplan('early')")
        page.goto("/again")
        page.wait_for_function("measureplan.isReady")
        assert sent == []
        page.evaluate("measureplan('consent', {analytics: true})")
        found = site.until_named(page, "page_view")
    assert [(event.path, is_cookieless(event.visitor_id)) for event in found] == [("/again", False)]


def test_global_privacy_control_is_passed_on_and_no_user_is_named(site: Site) -> None:
    site.bodies["/"] = "<script>measureplan('consent', {analytics: true, ads: true, ad_user_data: true})</script>"
    with visiting(site, "about:blank") as page:
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {value: true})")
        page.goto("/")
        page.evaluate("measureplan('identify', {user_id: 'u-7'})")
        found = site.until_named(page, "identify")
    refused = {"ads": False, "ad_user_data": False, "ad_personalization": False}
    assert [consent_of(event) for event in found] == [{"analytics": True} | refused] * 2
    assert {event.user_id for event in found} == {None}


def test_do_not_track_is_honoured_where_the_page_says_so(site: Site) -> None:
    sent: list[str] = []
    with visiting(site, "about:blank") as page:
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'doNotTrack', {value: '1'})")
        page.goto("/counted")
        site.until_named(page, "page_view")
        site.tag = "data-dnt"
        page.goto("/not-counted")
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.wait_for_function("measureplan.isReady")
        page.evaluate("measureplan('consent', {analytics: true}); measureplan('unseen')")
        assert page.evaluate(STORED) == NOTHING
        page.goto("/gone")
    assert sent == []
    assert {event.path for event in site.arrived()} == {"/counted"}


def test_what_happens_offline_arrives_once_when_the_line_is_back(site: Site) -> None:
    with visiting(site) as page:
        site.until_named(page, "page_view")
        page.context.set_offline(True)
        with page.expect_event("requestfailed"):
            page.evaluate("measureplan('offline', {n: 1}); measureplan('offline', {n: 2})")
        assert page.evaluate(STORED) == NOTHING
        page.context.set_offline(False)
        site.until(page, lambda events: len(events) >= 3)
    assert named(site) == {"page_view": 1, "offline": 2}


def test_a_server_that_is_unavailable_is_asked_again_when_it_said_and_counts_once(site: Site, settings: Any) -> None:
    answers: list[int] = []
    with visiting(site, "about:blank") as page:
        page.clock.install()
        with page.expect_response("**/collect/batch"):
            page.goto("/")
        # From here no second passes by itself: a busy machine takes as long as it likes between two lines.
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 3600)
        page.on("response", lambda answer: answers.append(answer.status))
        settings.LOW_SPACE_MIB = 10**12  # the door says 503, Retry-After: 5
        limits.forget()
        with page.expect_response("**/collect/batch"):
            page.evaluate("measureplan('purchase', {value: 5, transaction_id: 'O-1'})")
            page.clock.run_for(200)
        settings.LOW_SPACE_MIB = 0
        limits.forget()
        page.clock.run_for(4_000)
        page.evaluate("measureplan('meanwhile')")
        page.clock.run_for(500)
        assert answers == [503], "patience was asked for"
        page.clock.resume()
        # The browser hears of an answer after the database holds what it says.
        site.until(page, lambda _events: len(answers) > 1)
    assert named(site) == {"page_view": 1, "purchase": 1, "meanwhile": 1}
    assert answers == [503, 202]


def test_a_reply_that_is_lost_after_the_commit_is_counted_once(site: Site) -> None:
    site.tag, site.loses = f'data-to="{site.url}/proxy"', 1
    with visiting(site) as page:
        site.until(page, lambda _events: len(site.replies) >= 2)
    assert [(reply["accepted"], reply["duplicates"]) for reply in site.replies] == [(1, 0), (0, 1)]
    assert site.replies[1]["results"][0]["code"] == "duplicate", "a conflict would say that the event had changed"
    assert (site.loses, named(site)) == (0, {"page_view": 1})


def test_what_was_not_delivered_is_delivered_by_the_next_page_where_the_visitor_agreed(site: Site) -> None:
    site.bodies["/"] = "<script>measureplan('consent', {analytics: true})</script>"
    site.tag = 'data-off="engagement"'  # which a page that is open for half a second has too
    with visiting(site) as page:
        site.until_named(page, "page_view")
        page.route("**/collect/batch", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.evaluate("for (let n = 0; n < 120; n++) measureplan('click', {n})")
        assert page.evaluate(REMEMBERED) == ["click"] * 100
        page.close()
        later = page.context.new_page()
        later.goto("/next")
        site.until(later, lambda events: len(events) > 100)
        later.wait_for_function("localStorage.length === 0")
    # A hundred wait at most, the view of the next page among them: the oldest give way.
    assert named(site) == {"page_view": 2, "click": 99}


def test_a_page_that_may_not_send_stops_asking(site: Site) -> None:
    with scope.in_workspace(site.source.workspace_id):
        Source.objects.update(origins=["https://shop.example"])
    gate.forget()
    tried: list[str] = []
    with visiting(site, "about:blank") as page:
        page.clock.install()
        page.on("request", lambda request: tried.append(request.url) if request.method == "POST" else None)
        page.goto("/")
        with page.expect_event("console", lambda message: "may not send" in message.text):
            for _ in range(40):
                page.clock.run_for(1_000)
        before = len(tried)
        page.evaluate("measureplan('later')")
        page.clock.run_for(600_000)
    assert before == len(tried) == 3
    assert named(site) == {}


@pytest.mark.parametrize("key", ["wk_unknown", ""], ids=["unknown key", "no key"])
def test_a_request_that_is_refused_is_not_sent_again(site: Site, key: str) -> None:
    site.source.write_key = key
    tried: list[str] = []
    with visiting(site, "about:blank") as page:
        page.clock.install()
        page.on("response", lambda answer: tried.append(f"{answer.status}") if "/collect" in answer.url else None)
        with page.expect_response("**/collect/batch" if key else "**/mp.js"):
            page.goto("/")
        page.clock.run_for(600_000)
        page.wait_for_timeout(500)
    assert tried == (["401"] if key else [])


def test_it_runs_under_a_strict_policy_that_names_its_host(site: Site) -> None:
    site.stub = ""
    site.headers = {"Content-Security-Policy": f"default-src 'none'; script-src {site.door}; connect-src {site.door}"}
    said: list[str] = []
    with visiting(site, "about:blank") as page:
        page.on("console", lambda message: said.append(message.text))
        page.goto("/")
        (view,) = site.until_named(page, "page_view")
    assert view.path == "/"
    assert [each for each in said if "Content Security Policy" in each and "favicon" not in each] == []


def test_a_page_that_is_drawn_ahead_is_counted_when_it_is_shown(site: Site) -> None:
    ahead = "Object.defineProperty(Document.prototype, 'prerendering', {get: () => !globalThis.shown})"
    with visiting(site, "about:blank") as page:
        page.add_init_script(ahead)
        page.goto("/")
        page.wait_for_function("measureplan.isReady")
        page.evaluate("measureplan('early')")
        assert page.evaluate("shown = 1; document.dispatchEvent(new Event('prerenderingchange'))")
        site.until_named(page, "early")
    assert named(site) == {"page_view": 1, "early": 1}


def test_the_door_decides_on_programs(site: Site) -> None:
    with visiting(site, "about:blank", user_agent="Mozilla/5.0 HeadlessChrome/140.0") as page:
        with page.expect_response("**/collect/batch") as answered:
            page.goto("/")
        assert answered.value.json()["results"][0]["code"] == "bot"


def test_a_tag_that_stands_twice_counts_once(site: Site) -> None:
    site.bodies["/"] = f'<script src="{site.door}/mp.js" data-key="{site.source.write_key}"></script>'
    with visiting(site) as page:
        page.wait_for_load_state("networkidle")
        page.evaluate("measureplan('after')")
        site.until_named(page, "after")
    assert named(site) == {"page_view": 1, "after": 1}
