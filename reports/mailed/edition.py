"""What a mail says, in one language: the sentences, figures and method of the report's record, and a drawing of it.

The record is the one that snapshots keep: page, files and mail come from the same answer. Whatever a mail shows, its
tables, drawing and files, is made of the record alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

from django.utils import translation
from django.utils.translation import gettext as _

from reports.goal_page import Fact
from reports.mailed import picture, tables
from reports.mailed.outside import for_readers
from reports.mailed.picture import Picture
from reports.mailed.tables import Table
from reports.models import Schedule
from reports.sharing.registry import inquire
from reports.snapshots.record import Record
from reports.snapshots.recording import record_of
from tracking import health
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of, start_of


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue of a scheduled report in one language.

    address       of the report in the product, on the days of the record
    method        how it was computed, and through when
    is_complete   False where events of before the due day, or a model, are still to be computed
    """

    schedule: Schedule
    language: str
    record: Record
    tables: tuple[Table, ...]
    picture: Picture | None
    address: str
    method: tuple[Fact, ...]
    is_complete: bool


def edition_of(schedule: Schedule, language: str, *, at: datetime, now: datetime) -> Edition:
    """Ask the schedule's question as of its due time.

    at       the due time: it says which the last 28 days are, however late the mail goes
    raises   NotThere, NothingYet
    """
    workspace = schedule.workspace
    with translation.override(language), scope.in_workspace(workspace.pk):
        inquiry = inquire(schedule.report, workspace, schedule.params, at)
        inquiry.prepare()
    with translation.override(language), scope.reading(workspace.pk):
        record = for_readers(schedule.report, record_of(inquiry, workspace))
        return Edition(
            schedule=schedule,
            language=language,
            record=record,
            tables=tuple(tables.table_of(schedule.report, sheet) for sheet in record.sheets),
            picture=picture.picture_of(record, today=day_of(at, workspace.zone)),
            address=_words(record.method, _("Address")),
            method=tuple(dropwhile(lambda fact: fact.term != _("Computed through"), record.method)),
            is_complete=not inquiry.is_waiting() and _is_complete(workspace, record, at=at, now=now),
        )


def _words(facts: Iterable[Fact], term: str) -> str:
    return next((fact.words for fact in facts if fact.term == term), "")


def _is_complete(workspace: Workspace, record: Record, *, at: datetime, now: datetime) -> bool:
    """Say whether everything that came before the due day is in the record."""
    since = start_of(day_of(at, workspace.zone), workspace.zone)
    through = record.computed_through
    return through is not None and (through >= since or _is_newest(workspace, through, since=since, now=now))


def _is_newest(workspace: Workspace, through: datetime, *, since: datetime, now: datetime) -> bool:
    """Say whether figures are of the newest state, and nothing waits: in a quiet night no event moves them on."""
    state = LakeState.objects.filter(workspace=workspace).first()
    complete = health.complete_through(workspace.pk, now=now)
    return state is not None and state.derived_through == through and complete is not None and complete >= since
