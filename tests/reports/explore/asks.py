"""A shop whose visits differ in many ways, and questions about them."""

from collections.abc import Iterable

from reports import filling
from reports.explore import question
from reports.explore.answer import Answer, answer
from reports.explore.usual import known_of
from tests.reports.explore.reference import on_plan
from tests.reports.lake import NOW, Hit, hit, store
from workspaces import scope
from workspaces.models import Workspace

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}
CHANNELS = ("", "email", "paid_search", "organic_search", "referral")
PATHS = ("/", "/products/a", "/products/b", "/blog/one", "/cart", None)
NAMES = ("page_view", "view_item", "add_to_cart", "search", "purchase", "ad_click")
REFERRERS = (None, "https://www.news.example/a?b=c", "https://blog.example:8080/x")
PLANS = ("pro", "free", None)


def histories() -> list[Hit]:
    """Give forty people who come by several ways on several devices, over six weeks and a change of the clocks."""
    return [each for n in range(120) for each in _visit(n)]


def _visit(n: int) -> Iterable[Hit]:
    person, day = f"p{n % 40}", n / 3 - 20
    told = {
        "device": ("mobile", "desktop", None)[n % 3],
        "browser": ("Firefox", "Safari")[n % 2],
        "referrer": REFERRERS[n % 3],
        "os": ("iOS", "Windows", "<b>", None)[n % 4],
        "language": ("nb-NO", None)[n % 2],
    }
    came = {
        "source": (None, "news.example", "insta")[n % 3],
        "medium": ("cpc", "organic", None)[n % 3],
        "campaign": ("autumn", None)[n % 2],
        "content": (None, "boots", "tent")[n % 3],
        "term": ("winter shoes", None, None, "tent")[n % 4],
        "landing": ("/", "/products/a", "/blog/one")[n % 3],
    }
    for step in range(1 + n % 5):
        seen = {
            "path": PATHS[(n + step) % 6],
            "properties": on_plan(PLANS[step % 3]),
            "channel": "" if step else CHANNELS[n % 5],
            **({} if step else came),
        }
        yield hit(person, days=day, minutes=step * 9, name=NAMES[(n * step) % 4], **seen, **told)
    if n % 4 == 0:
        paid = {"value": 100 + n, "currency": "EUR" if n % 8 else "NOK", "path": "/receipt"}
        yield hit(person, days=day, minutes=45, name="purchase", **paid)
    if n % 7 == 0:
        yield hit(person, days=day + 1, name="ad_click")


def filled(shop: Workspace, hits: Iterable[Hit]) -> None:
    """Put the hits into the lake and publish."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)


def answered(shop: Workspace, **params: str) -> Answer:
    """Answer from what is published, over all days by default."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        return answer(shop, question.read(RANGE | params, known), known, now=NOW)
