"""Visitors by what touched them: each once a value, however many values there are, and none where nothing touched."""

from datetime import date

from analysis.windows import Windows
from reports.denominators import visitors
from reports.periods import Span
from tests.reports.lake import hit, store
from tracking.lake.table import open_snapshot
from workspaces.models import Workspace

SPAN = Span(date(2026, 10, 1), date(2026, 11, 21))


def counted(shop: Workspace, span: Span = SPAN) -> dict[str, int]:
    return dict(visitors(open_snapshot(shop.pk), span, shop.zone, "campaign", Windows()))


def test_each_visitor_counts_once_for_each_of_many_values(shop: Workspace) -> None:
    told = {f"c{n}": {f"p{person}" for person in range(20) if (person * 7 + n) % 11 < 3} for n in range(150)}
    hits = [
        hit(person, days=n / 10, minutes=40 * again, channel="email", campaign=name)
        for n, (name, persons) in enumerate(told.items())
        for person in sorted(persons)
        for again in range(2)
    ]
    store(shop, hits)
    assert counted(shop) == {name: len(persons) for name, persons in told.items() if persons}


def test_before_anything_happened_nobody_was_there(shop: Workspace) -> None:
    store(shop, [hit("anna", channel="email")])
    assert counted(shop, Span(date(2024, 1, 1), date(2024, 1, 8))) == {}
