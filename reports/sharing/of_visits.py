"""What questions have in common that are answered from visits: funnels, paths, cohorts, explorations."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from django.urls import reverse

from reports.answer import READY
from reports.explore.answer import MISSING
from reports.ranged import Ranged
from reports.segments.saved import Saved
from reports.sharing.shareable import Inquiry, NotThere, Told
from workspaces.models import Workspace


class OfVisits(Protocol):
    """An answer that is read from visits."""

    @property
    def state(self) -> str: ...
    @property
    def rows_since(self) -> date | None: ...


class OfSome(Protocol):
    """A question that can be about the persons of one saved segment alone."""

    @property
    def only(self) -> str: ...
    @property
    def groups(self) -> Saved: ...


def inquiry_of(asked: Ranged, *, title: str, page: str, workspace: Workspace, tell: Callable[[], Told]) -> Inquiry:
    """Give the inquiry of a question that its page's address says whole; `page` is the address's name."""
    path = reverse(page, args=[workspace.slug])
    return Inquiry(title=title, path=path, params=asked.params(), tell=tell, span=asked.span)


def has_figures(result: OfVisits) -> bool:
    """Say whether there are figures to keep; raise NotThere where a segment or a metric that it names is gone."""
    if result.state == MISSING:
        raise NotThere
    return result.state == READY and result.rows_since is None


def of_whom(title: str, asked: OfSome) -> str:
    """Give the title, with whose figures they are where these are not everybody's."""
    return f"{title} ({asked.groups.names.get(asked.only, asked.only)})" if asked.only else title
