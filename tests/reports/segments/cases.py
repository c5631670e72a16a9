"""Segments as text, and what each means to the slow reference."""

from collections.abc import Callable, Mapping
from datetime import date

from tests.reports.explore.reference import Visit, plan_of
from tests.reports.lake import Hit
from tests.reports.segments.reference import Person


def _named(name: str) -> Callable[[Hit], bool]:
    return lambda each: each.name == name


BUYS, ADDS, LOOKS, SEARCHES = (_named(name) for name in ("purchase", "add_to_cart", "view_item", "search"))


def _blog(visit: Visit) -> bool:
    return visit[0].channel == "email" and any((each.path or "").startswith("/blog/") for each in visit)


CASES: Mapping[str, Callable[[Person], bool]] = {
    "did: event purchase": lambda p: bool(p.done(BUYS)),
    "did: goal sale": lambda p: bool(p.done(BUYS)),
    "did at least 3 times: goal sale": lambda p: len(p.done(BUYS)) >= 3,
    "did at most 1 time in the last 30 days: event view_item": lambda p: len(p.done(LOOKS, p.lately(30))) <= 1,
    "did not: event purchase": lambda p: not p.done(BUYS),
    'did not since 2026-11-01: event purchase; or where property plan is "pro"': lambda p: (
        not p.done(lambda each: BUYS(each) or plan_of(each) == "pro", lambda day: day >= date(2026, 11, 1))
    ),
    "did between 2026-10-20 and 2026-11-05: page /products/*": lambda p: bool(
        p.done(
            lambda each: each.name == "page_view" and (each.path or "").startswith("/products/"),
            lambda day: date(2026, 10, 20) <= day <= date(2026, 11, 5),
        )
    ),
    "did before 2026-11-01: goal sale\ndid not since 2026-11-01: goal sale": lambda p: (
        bool(p.done(BUYS, lambda day: day < date(2026, 11, 1)))
        and not p.done(BUYS, lambda day: day >= date(2026, 11, 1))
    ),
    "did: event purchase\ndid not in the last 5 days: event purchase": lambda p: (
        bool(p.done(BUYS)) and not p.done(BUYS, p.lately(5))
    ),
    "did: event add_to_cart\nnot then within 7 days: event purchase": lambda p: p.lacks(p.done(ADDS), BUYS, 7),
    "did more than 7 days ago: event add_to_cart\nnot then: goal sale": lambda p: p.lacks(p.done(ADDS, p.ago(7)), BUYS),
    "did: event view_item\nthen within 14 days: event add_to_cart": lambda p: bool(
        p.followed(p.done(LOOKS), [(ADDS, 14)])
    ),
    "did: event view_item\nthen: event search\nthen within 20 days: goal sale\nnot then: event add_to_cart": lambda p: (
        p.lacks(p.followed(p.done(LOOKS), [(SEARCHES, 0), (BUYS, 20)]), ADDS)
    ),
    "visited at least 2 times in the last 40 days": lambda p: p.came(lambda _visit: True, p.lately(40)) >= 2,
    "did not visit in the last 14 days": lambda p: not p.came(lambda _visit: True, p.lately(14)),
    "visited: channel is email & page starts with /blog/": lambda p: p.came(_blog) >= 1,
    "did not visit: goal is sale & device is not mobile": lambda p: (
        not p.came(lambda visit: any(map(BUYS, visit)) and visit[0].device != "mobile")
    ),
    "visited at most 1 time: hour is 10": lambda p: (
        p.came(lambda visit: visit[0].at.astimezone(p.zone).hour == 10) <= 1
    ),
    "first seen in the last 45 days": lambda p: p.lately(45)(p.first()),
    "first seen before 2026-10-20": lambda p: p.first() < date(2026, 10, 20),
    "any of\ndid at least 2 times: goal sale\nfirst seen since 2026-10-25\ndid not: event search": lambda p: (
        len(p.done(BUYS)) >= 2 or p.first() >= date(2026, 10, 25) or not p.done(SEARCHES)
    ),
    "did since 2030-01-01: event purchase": lambda _person: False,
    "did not since 2030-01-01: event purchase": lambda _person: True,
}
