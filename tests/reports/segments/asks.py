"""A shop with histories worth a segment, and questions about them."""

from collections.abc import Iterable
from datetime import date, timedelta

from reports import filling
from reports.explore.usual import known_of
from reports.models import Segment
from reports.segments.answer import Answer, answer, asked_of
from reports.segments.parsing import read
from reports.segments.sizing import Size, sized
from tests.reports.explore.asks import histories
from tests.reports.lake import NOW, Hit, store
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}


def filled(shop: Workspace, hits: Iterable[Hit] | None = None) -> None:
    """Put the hits into the lake and publish; a shop of forty people by default."""
    store(shop, histories() if hits is None else hits)
    filling.fill(shop.pk, now=NOW)


def size_of(shop: Workspace, text: str, *, until: date | None = None) -> Size:
    """Count a segment as of a day, the end of today by default."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        definition = read(text, known.goals)
        found = sized(shop, definition, known, until=until or day_of(NOW, shop.zone) + timedelta(days=1), now=NOW)
    assert found.size is not None, found.state
    return found.size


def save(shop: Workspace, text: str, name: str = "Buyers") -> Segment:
    """Save a segment."""
    with scope.in_workspace(shop.pk):
        return Segment.objects.create(workspace=shop, name=name, slug=name.lower(), text=text)


def answered(shop: Workspace, segment: Segment, **params: str) -> Answer:
    """Give the answer of a segment's page."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        return answer(shop, segment, asked_of(segment, RANGE | params, known), known, now=NOW)
