"""What a workbook says of its table: the question, its address, how it was computed, and through when."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from reports import figures
from reports.goal_page import Fact
from workspaces.models import Workspace


class Stamped(Protocol):
    """What figures were made of: a Provenance or a Standing."""

    @property
    def computed_through(self) -> datetime | None: ...
    @property
    def data_version(self) -> str: ...


def about(
    workspace: Workspace, title: str, *, path: str, params: Mapping[str, str], method: Iterable[Fact], made: Stamped
) -> list[Fact]:
    """Give the lines.

    path, params   of the page that shows the same
    method         as the page says it under "How is this computed?"
    """
    query = f"?{urlencode(params)}" if params else ""
    through = made.computed_through
    return [
        Fact(_("Report"), title),
        Fact(_("Workspace"), workspace.name),
        Fact(_("Address"), f"{settings.BASE_URL}{path}{query}"),
        *(Fact(name, value) for name, value in params.items()),
        Fact(_("Computed through"), figures.moment(through, workspace.zone) if through else _("Nothing computed yet")),
        Fact(_("Data version"), made.data_version),
        *(fact for fact in method if fact.term != _("Data version")),
    ]
