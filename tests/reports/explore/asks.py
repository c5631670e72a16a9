"""A shop whose visits differ in many ways, questions about them, and what they come to by a slow reference."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reports import filling
from reports.explore import question
from reports.explore.answer import Answer, answer
from reports.explore.usual import known_of
from tests.reports.lake import AD_KINDS, NOW, Hit, hit, sittings, store
from workspaces import scope
from workspaces.models import Workspace

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}
CHANNELS = ("", "email", "paid_search", "organic_search", "referral")
PATHS = ("/", "/products/a", "/products/b", "/blog/one", "/cart", None)
NAMES = ("page_view", "view_item", "add_to_cart", "search", "purchase", "ad_click")
Key = tuple[str, ...]
Figures = dict[str, float]


def histories() -> list[Hit]:
    """Give forty people who come by several ways on several devices, over six weeks and a change of the clocks."""
    hits = []
    for n in range(120):
        person, day, device = f"p{n % 40}", n / 3 - 20, ("mobile", "desktop", None)[n % 3]
        told = {"device": device, "browser": ("Firefox", "Safari")[n % 2], "referrer": _referrer(n)}
        for step in range(1 + n % 5):
            hits.append(
                hit(
                    person, days=day, minutes=step * 9, path=PATHS[(n + step) % 6], plan=("pro", "free", None)[step % 3],
                    name=NAMES[(n * step) % 4], channel="" if step else CHANNELS[n % 5], **told,
                )
            )  # fmt: skip
        if n % 4 == 0:
            currency = "EUR" if n % 8 else "NOK"
            hits.append(
                hit(person, days=day, minutes=45, name="purchase", value=100 + n, currency=currency, path="/receipt")
            )
        if n % 7 == 0:
            hits.append(hit(person, days=day + 1, name="ad_click"))
    return hits


def _referrer(n: int) -> str | None:
    return (None, "https://www.news.example/a?b=c", "https://blog.example:8080/x")[n % 3]


def filled(shop: Workspace, hits: Iterable[Hit]) -> None:
    """Put the hits into the lake and publish."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)


def answered(shop: Workspace, **params: str) -> Answer:
    """Answer from what is published, over all days by default."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        return answer(shop, question.read(RANGE | params, known), known.goals, now=NOW)


@dataclass(frozen=True)
class Visit:
    """One sitting, and what is said of it."""

    hits: tuple[Hit, ...]

    @property
    def first(self) -> Hit:
        return self.hits[0]


# What each dimension says of a visit, of a hit in it, or of a local moment.
OF_VISIT: Mapping[str, Callable[[Hit], str | None]] = {
    "channel": lambda first: first.channel or "direct",
    "campaign": lambda first: first.campaign,
    "device": lambda first: first.device,
    "browser": lambda first: first.browser,
    "referrer": lambda first: {None: None, "h": "news.example"}.get(
        first.referrer and "h" if "news" in (first.referrer or "") else first.referrer and "b", "blog.example"
    ),
}
OF_HIT: Mapping[str, Callable[[Hit], str | None]] = {
    "page": lambda each: each.path,
    "event": lambda each: each.name,
    "folder": lambda each: (
        None if each.path is None else ("/" + each.path.split("/")[1] + "/") * (each.path.count("/") > 1) or "/"
    ),
    "property:plan": lambda each: each.plan,
}
OF_TIME: Mapping[str, Callable[[Hit, ZoneInfo], str]] = {
    "day": lambda each, zone: f"{each.at.astimezone(zone):%Y-%m-%d}",
    "month": lambda each, zone: f"{each.at.astimezone(zone):%Y-%m}-01",
    "weekday": lambda each, zone: str(each.at.astimezone(zone).isoweekday()),
    "hour": lambda each, zone: f"{each.at.astimezone(zone):%H}",
    "week": lambda each, zone: str((local := each.at.astimezone(zone).date()) - timedelta(days=local.weekday())),
}


def expected(
    shop: Workspace,
    hits: Sequence[Hit],
    by: Sequence[str] = (),
    *,
    goal: str = "purchase",
    keeps: Callable[[Visit], bool] | None = None,
    span: tuple[date, date] = (date(2026, 10, 1), date(2026, 11, 22)),
) -> dict[Key, Figures]:
    """Count visit by visit, hit by hit.

    by      dimensions, the outermost first
    goal    the event that a goal counts every time
    keeps   which visits count; None: all, and conversions outside of visits, too
    """
    zone = shop.zone
    visits = [Visit(tuple(each)) for each in sittings(list(dict.fromkeys(hits)))]
    inside = lambda each: span[0] <= each.at.astimezone(zone).date() < span[1]  # noqa: E731
    found: dict[Key, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    sums: dict[Key, Figures] = defaultdict(lambda: defaultdict(float))
    lain = set()
    for visit in visits:
        lain |= set(visit.hits)
        if keeps and not keeps(visit):
            continue
        began = inside(visit.first)
        reached = any(each.name == goal for each in visit.hits)
        for key in _keys(visit, visit.hits, by, at=(visit.first,), zone=zone):
            if began:
                sums[key]["sessions"] += 1
                sums[key]["bounces"] += len(visit.hits) == 1
                sums[key]["lasted"] += (visit.hits[-1].at - visit.first.at).total_seconds()
                sums[key]["reached"] += reached
        if began:
            for each in visit.hits:
                for key in _keys(visit, (each,), by, at=(visit.first,), zone=zone):
                    sums[key]["events"] += 1
                    sums[key]["pageviews"] += each.name == "page_view"
        for key in _keys(visit, visit.hits, by, at=[each for each in visit.hits if inside(each)], zone=zone):
            if any(inside(each) for each in visit.hits):
                found[key]["visitors"].add(visit.first.person)
        for each in visit.hits:
            if each.name == goal and inside(each):
                _convert(sums, found, each, _keys(visit, (each,), by, at=(each,), zone=zone), worth=True)
                for key in _keys(visit, visit.hits, by, at=(each,), zone=zone):
                    found[key]["converters"].add(each.person)
                    found[key]["participation"].add(each)
    for each in set(hits) - lain:
        if each.name == goal and inside(each) and keeps is None:
            keys = _keys(None, (each,), by, at=(each,), zone=zone)
            _convert(sums, found, each, keys, worth=True)
            for key in keys:
                if not any(part in OF_HIT for part in by):
                    found[key]["converters"].add(each.person)
                    found[key]["participation"].add(each)
    return {
        key: dict(sums[key]) | {name: len(each) for name, each in found[key].items()}
        for key in sums.keys() | found.keys()
    }


def _convert(
    sums: dict[Key, Figures], found: dict[Key, dict[str, set[object]]], each: Hit, keys: set[Key], *, worth: bool
) -> None:
    for key in keys:
        sums[key]["conversions"] += 1
        if worth and each.value is not None:
            sums[key][f"value {each.currency or 'NOK'}"] += each.value


def _keys(
    visit: Visit | None, hits: Sequence[Hit], by: Sequence[str], *, at: Sequence[Hit], zone: ZoneInfo
) -> set[Key]:
    """Give the paths of values: what hits say together in one of them, at each of the moments."""
    found = set()
    for moment in at:
        for each in hits:
            key = []
            for name in by:
                if name in OF_TIME:
                    key.append(OF_TIME[name](moment, zone))
                elif name in OF_HIT:
                    key.append(OF_HIT[name](each) or "(not set)")
                elif visit is None:
                    key.append("(no visit)")
                else:
                    key.append(OF_VISIT[name](visit.first) or "(not set)")
            found.add(tuple(key))
    return found


__all__ = ["AD_KINDS", "CHANNELS", "NAMES", "PATHS", "RANGE", "Visit", "answered", "expected", "filled", "histories"]
