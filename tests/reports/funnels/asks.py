"""A shop with histories worth a funnel, questions about it, and what they come to by a slow reference."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from reports import filling
from reports.funnels import question
from reports.funnels.answer import Answer, answer
from reports.funnels.usual import known_of
from tests.reports.lake import AD_KINDS, NOW, Hit, hit, sittings, store
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}
STEPS = {"step1": "event view_item", "step2": "event add_to_cart; or event wish", "step3": "event purchase"}
NAMES = (frozenset({"view_item"}), frozenset({"add_to_cart", "wish"}), frozenset({"purchase"}))
CHANNELS = ("email", "paid_search", "", "referral")


def histories() -> list[Hit]:
    """Give fifty people who look, choose and buy, or do not, over six weeks."""
    hits = []
    for n in range(120):
        person, day = f"p{n % 50}", n / 3 - 20
        hits.append(hit(person, days=day, name="view_item", channel=CHANNELS[n % 4]))
        if n % 2 == 0:
            hits.append(hit(person, days=day, minutes=4, name="page_view"))
        if n % 3 == 0:
            hits.append(hit(person, days=day, minutes=9, name="wish" if n % 2 else "add_to_cart"))
        if n % 5 == 0:
            hits.append(hit(person, days=day + n % 4, minutes=20, name="purchase", value=100))
    return hits


def filled(shop: Workspace, hits: Iterable[Hit]) -> None:
    """Put the hits into the lake and publish."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)


def answered(shop: Workspace, **params: str) -> Answer:
    """Answer from what is published, over all days by default."""
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | params, known_of(shop, now=NOW))
        return answer(shop, asked, now=NOW)


@dataclass(frozen=True)
class Expected:
    """What the reference says; persons by step, by segment, by first day of the span; seconds; next things."""

    persons: list[int]
    segments: dict[str, list[int]]
    spans: list[list[int]]
    medians: list[float | None]
    following: list[Counter[tuple[str, str]]]


@dataclass(frozen=True)
class Try:
    hits: tuple[Hit, ...]

    @property
    def start(self) -> datetime:
        return self.hits[0].at


def expected(
    shop: Workspace, hits: Sequence[Hit], *, window: int, strict: bool, spans: Sequence[tuple[date, date]]
) -> Expected:
    """Count by hand: every start of every person is followed hit by hit."""
    everything = sorted({each for each in hits if not each.refund}, key=lambda each: (each.at, each.event_id))
    sitting_of = {each: sitting for sitting in sittings(everything) for each in sitting}
    tried = {
        person: [
            _followed(each, everything, sitting_of, window=window, strict=strict)
            for each in everything
            if each.person == person and each.name in NAMES[0] and spans[0][0] <= _day(shop, each) < spans[-1][1]
        ]
        for person in sorted({each.person for each in everything})
    }
    best = {person: _best(tries) for person, tries in tried.items() if tries}
    segments: dict[str, list[int]] = {}
    for each in best.values():
        sitting = sitting_of.get(each.hits[0])
        key = (sitting[0].channel or "direct") if sitting else "(no visit)"
        row = segments.setdefault(key, [0] * len(NAMES))
        for step in range(len(each.hits)):
            row[step] += 1
    return Expected(
        persons=_counts(best.values()),
        segments=segments,
        spans=[
            _counts(
                _best(inside)
                for tries in tried.values()
                if (inside := [each for each in tries if since <= _day(shop, each.hits[0]) < until])
            )
            for since, until in spans
        ],
        medians=[None, *(_median(best.values(), step) for step in range(1, len(NAMES)))],
        following=[
            Counter(
                _next(each, everything, sitting_of, window=window) for each in best.values() if len(each.hits) == step
            )
            for step in range(1, len(NAMES))
        ],
    )


def _day(shop: Workspace, each: Hit) -> date:
    return day_of(each.at, shop.zone)


def _best(tries: Sequence[Try]) -> Try:
    return max(tries, key=lambda each: (len(each.hits), -each.start.timestamp()))


def _counts(tries: Iterable[Try]) -> list[int]:
    depths = [len(each.hits) for each in tries]
    return [sum(depth > step for depth in depths) for step in range(len(NAMES))]


def _median(tries: Iterable[Try], step: int) -> float | None:
    took = [(each.hits[step].at - each.hits[step - 1].at).total_seconds() for each in tries if len(each.hits) > step]
    return median(took) if took else None


def _after(
    first: Hit, last: Hit, everything: Sequence[Hit], sitting_of: dict[Hit, list[Hit]], window: int
) -> list[Hit]:
    """Give what the person did after a hit, as long as it still counts."""
    mine = [each for each in everything if each.person == first.person]
    later = mine[mine.index(last) + 1 :]
    if window:
        return [each for each in later if each.at - first.at <= timedelta(days=window)]
    return [each for each in later if each in sitting_of.get(first, [])]


def _followed(
    first: Hit, everything: Sequence[Hit], sitting_of: dict[Hit, list[Hit]], *, window: int, strict: bool
) -> Try:
    way = [first]
    for names in NAMES[1:]:
        later = _after(first, way[-1], everything, sitting_of, window)
        done = [each for each in later if each.name not in AD_KINDS or each.name in set().union(*NAMES)]
        candidates = done[:1] if strict else later
        found = next((each for each in candidates if each.name in names), None)
        if found is None:
            break
        way.append(found)
    return Try(tuple(way))


def _next(each: Try, everything: Sequence[Hit], sitting_of: dict[Hit, list[Hit]], *, window: int) -> tuple[str, str]:
    later = _after(each.hits[0], each.hits[-1], everything, sitting_of, window)
    done = [other for other in later if other.name not in AD_KINDS]
    if not done:
        return "", ""
    return ("page", "") if done[0].name == "page_view" else ("event", done[0].name)
