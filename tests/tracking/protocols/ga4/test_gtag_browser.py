"""The ways that Google's tag has to send a hit, in real Chromium on a page of another origin."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.builders import make_workspace
from tests.tracking.measured_site import Site, serving, visiting
from tests.tracking.protocols.senders import answering_to
from tracking.models import Source
from workspaces import scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STREAM = "G-TEST123"
WAYS = {
    "fetch": "([url, body]) => fetch(url, {method: 'POST', body, keepalive: true, credentials: 'include'})"
    ".then(answer => answer.status)",
    "beacon": "([url, body]) => navigator.sendBeacon(url, body)",
    "pixel": "([url, body]) => Boolean(Object.assign(new Image(), {src: `${url}&${body}`}))",
}
ANSWERS = {"fetch": 204, "beacon": True, "pixel": True}


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Iterator[Site]:
    site = Site(live_server.url, answering_to(make_workspace(), "ga4", STREAM))
    site.head = "<meta charset=utf-8>"
    with serving(site) as served:
        with scope.in_workspace(site.source.workspace_id):
            Source.objects.update(origins=[served.url])
        yield served


@pytest.mark.parametrize("way", WAYS)
def test_a_hit_arrives_and_its_answer_is_let_through(site: Site, way: str) -> None:
    with visiting(site, "/tea") as page:
        shared = {"v": "2", "tid": STREAM, "_p": "1", "_s": "1", "cid": "1.2", "gcs": "G111", "dl": page.url}
        hit = [f"{site.door}/g/collect?{urlencode(shared, quote_via=quote)}", "en=page_view&ep.way=" + way]
        assert page.evaluate(WAYS[way], hit) == ANSWERS[way]
        (view,) = site.until_named(page, "page_view")
    assert (view.path, view.visitor_id, view.browser) == ("/tea", "1.2", "Chrome")
