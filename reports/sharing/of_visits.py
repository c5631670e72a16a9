"""What questions have in common that are answered from visits: funnels, paths, cohorts, explorations."""

from datetime import date
from typing import Protocol

from reports.answer import READY
from reports.explore.answer import MISSING
from reports.segments.saved import Saved
from reports.sharing.shareable import NotThere


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


def has_figures(result: OfVisits) -> bool:
    """Say whether there are figures to keep; raise NotThere where a segment or a metric that it names is gone."""
    if result.state == MISSING:
        raise NotThere
    return result.state == READY and result.rows_since is None


def of_whom(title: str, asked: OfSome) -> str:
    """Give the title, with whose figures they are where these are not everybody's."""
    return f"{title} ({asked.groups.names.get(asked.only, asked.only)})" if asked.only else title
