"""Ad events are counted once a month of the calendar: only months with other files are counted again."""

from datetime import date

from reports.attribution import blocks
from reports.insights.ads import ads_of
from reports.periods import Span
from tests.reports.insights.asks import open_shop
from tests.reports.lake import Hit, hit, store
from tracking.lake.table import open_snapshot
from workspaces.models import Workspace

OCTOBER, NOVEMBER = -25.0, 10.0
SPAN = Span(date(2026, 10, 1), date(2026, 11, 21))


def shown(person: str, days: float, content: str) -> Hit:
    return hit(person, days=days, name="ad_impression", channel="display", content=content)


def counts(shop: Workspace, span: Span = SPAN) -> dict[tuple[str, int], int]:
    """Give the events by content and day."""
    ads = ads_of(open_snapshot(shop.pk), span, "content")
    return {
        (ads.names[key], int(day)): int(events) for key, day, events in zip(ads.key, ads.day, ads.events, strict=True)
    }


def test_a_newer_state_counts_a_month_again_that_has_new_files(shop: Workspace) -> None:
    hits = [shown("anna", OCTOBER, "tent"), shown("anna", NOVEMBER, "boots"), shown("bo", NOVEMBER, "boots")]
    open_shop(shop, hits)
    first = counts(shop)
    assert sorted(first.values()) == [1, 2], first
    store(shop, [*hits, shown("cecilie", NOVEMBER, "stove"), shown("dag", NOVEMBER, "boots")])
    second = counts(shop)
    assert sorted((name, count) for (name, _), count in second.items()) == [("boots", 3), ("stove", 1), ("tent", 1)]
    blocks.kept.forget()
    assert counts(shop) == second


def test_the_same_files_are_counted_once_whatever_days_of_them_are_asked(shop: Workspace) -> None:
    open_shop(shop, [shown("anna", OCTOBER, "tent"), shown("anna", NOVEMBER, "boots")])
    whole = counts(shop)
    kept = set(blocks.kept)
    [(_, october)] = [each for each in whole if each[0] == "tent"]
    day = date.fromordinal(date(1970, 1, 1).toordinal() + october)
    assert list(counts(shop, Span(day, date(2026, 11, 1)))) == [("tent", october)]
    assert counts(shop, Span(date(2026, 10, 1), day)) == {}
    assert set(blocks.kept) == kept
