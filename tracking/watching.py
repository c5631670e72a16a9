"""Who is told of a derivation while it goes: whoever `settings.DERIVATIONS_ARE_KEPT_BY` names.

Those who keep what runs stand above, and imports point down; so they are named in the wiring, as tasks are.
"""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tracking.lake.table import Snapshot
from tracking.models import Erasure
from workspaces import scope

LATE = timedelta(days=1)  # events of so long before what was derived through are told as late


class Reason(StrEnum):
    """What brought a derivation about."""

    FIRST = "first"
    EVENTS = "events"
    LATE = "late"  # as EVENTS, of earlier days
    PERSONS = "persons"
    ERASURE = "erasure"
    BASIS = "basis"  # what is derived by, as own hosts and the time zone are


class Watch(Protocol):
    """The line of one derivation to whoever watches it. Each but `covers` may raise, to have it end unpublished."""

    def covers(self, *, since: date, until: date, persons: int | None = None) -> None:
        """Say which local days [since, until) are derived, and of how many persons; None of everybody."""

    def tell(self, done: int, of: int) -> None:
        """Say how many days are done."""

    def last_word(self) -> None:
        """Hear for the last time whether it is to end: from here on it publishes."""


class Keeper(Protocol):
    """Who keeps derivations; called by the one that has the workspace's lock."""

    def may_begin(self, workspace_id: int, *, now: datetime) -> bool:
        """Say whether nobody wants derivations to wait."""

    def going(
        self, workspace_id: int, reasons: list[Reason], *, version: str, now: datetime
    ) -> AbstractContextManager[Watch]:
        """Note that one begins, and at the block's end how it ended; what `Watch` raises goes no further.

        version   of the lake that it makes
        """

    def nothing_to_do(self, workspace_id: int, *, now: datetime) -> None:
        """Note that nothing is to be derived."""


def keeper() -> Keeper:
    """Give who keeps derivations."""
    found: Keeper = import_string(settings.DERIVATIONS_ARE_KEPT_BY)()
    return found


def reasons(published: Snapshot, newest: Snapshot, *, since: datetime, is_whole: bool) -> list[Reason]:
    """Say what brings a derivation about.

    published, newest   the states that it leads from and to
    since               time of the earliest event that differs
    is_whole            everything is derived anew, whatever events came
    """
    if published.revision == 0:
        return [Reason.FIRST]
    with scope.in_workspace(newest.workspace_id):
        erases = Erasure.is_under_way()
    found = [Reason.ERASURE] if erases else []
    if is_whole:
        found.append(Reason.BASIS)
    elif published.events_version != newest.events_version:
        through = published.derived_through
        found.append(Reason.LATE if through is not None and since < through - LATE else Reason.EVENTS)
    if published.people_version != newest.people_version:
        found.append(Reason.PERSONS)
    return found
