"""A shop with histories worth following, questions about its paths, and what they come to by a slow reference."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports import filling
from reports.flows import question
from reports.flows.answer import LEFT, OTHERS, Answer, answer
from reports.flows.usual import known_of
from tests.reports.lake import AD_KINDS, NOW, Hit, hit, sittings, store
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}
EVENTS = {"show": "events"}
NAMES = ("page_view", "view_item", "add_to_cart", "search", "purchase")


def histories() -> list[Hit]:
    """Give forty people who look around, choose and buy, or do not, over six weeks."""
    hits = []
    for n in range(120):
        person, day = f"p{n % 40}", n / 3 - 20
        steps = range(2 + n % 4)
        hits += [hit(person, days=day, minutes=step * 3, name=NAMES[(n + step * step) % 4]) for step in steps]
        if n % 5 == 0:
            hits.append(hit(person, days=day + n % 4, minutes=25, name="purchase", value=100))
    return hits


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
class Start:
    """Where one path begins: at `hit`, or with the whole visit."""

    unit: object
    at: datetime
    sitting: tuple[Hit, ...]
    hit: Hit | None


def columns_of(result: Answer) -> list[dict[str, int]]:
    """Give each column's counts by name."""
    return [{node.text or node.kind: node.count for node in column.nodes} for column in result.columns]


def expected(
    shop: Workspace,
    hits: Sequence[Hit],
    *,
    point: str = "",
    before: bool = False,
    window: int = 0,
    per: str = "sessions",
    collapse: bool = True,
    steps: int = 3,
    span: tuple[date, date] = (date(2026, 10, 1), date(2026, 11, 22)),
) -> list[Counter[tuple[str, ...]]]:
    """Follow every start hit by hit; give for each number of steps how many have which trail, ended by "left"."""
    everything = sorted({each for each in hits if not each.refund}, key=lambda each: (each.at, each.event_id))
    trails = [
        _trail(start, everything, before=before, window=window, collapse=collapse, steps=steps)
        for start in _starts(shop, everything, point=point, before=before, per=per, span=span)
    ]
    return [Counter(trail[:step] for trail in trails if len(trail) >= step) for step in range(1, steps + 1)]


def _starts(
    shop: Workspace, everything: Sequence[Hit], *, point: str, before: bool, per: str, span: tuple[date, date]
) -> list[Start]:
    found = []
    visits = [tuple(each) for each in sittings(everything)]
    visit_of = {each: visit for visit in visits for each in visit}
    if not point:
        found = [Start(visit, visit[0].at, visit, None) for visit in visits]
    else:
        for each in everything:
            if each.name == point:
                visit = visit_of.get(each, (each,))
                found.append(Start(visit, each.at, visit, each))
    inside = [each for each in found if span[0] <= day_of(each.at, shop.zone) < span[1]]
    chosen: dict[object, Start] = {}
    for each in sorted(inside, key=lambda start: (start.at, start.hit.event_id if start.hit else ""), reverse=before):
        unit = each.sitting[0].person if per == "persons" else each.unit
        chosen.setdefault(unit, each)
    return list(chosen.values())


def _trail(
    start: Start, everything: Sequence[Hit], *, before: bool, window: int, collapse: bool, steps: int
) -> tuple[str, ...]:
    reached = list(start.sitting)
    if window:
        reached = [each for each in everything if each.person == start.sitting[0].person]
    moment = start.hit.at if start.hit else (start.sitting[-1].at if before else start.sitting[0].at)
    order = everything.index
    if start.hit:
        reached = [each for each in reached if (order(each) < order(start.hit)) == before and each != start.hit]
    elif before:
        reached = [each for each in reached if each.at <= moment]
    else:
        reached = [each for each in reached if each.at >= moment]
    if window:
        reached = [each for each in reached if abs(each.at - moment) <= timedelta(days=window)]
    names: list[str] = []
    last = start.hit.name if start.hit else ""
    for each in sorted(reached, key=order, reverse=before):
        if each.name in AD_KINDS:
            continue
        if not (collapse and each.name == last):
            names.append(each.name)
        last = each.name
    trail = [f"event {name}" for name in names[:steps]]
    return tuple(trail if len(names) >= steps else [*trail, LEFT])


__all__ = ["EVENTS", "LEFT", "NAMES", "OTHERS", "RANGE", "answered", "columns_of", "expected", "filled", "histories"]
