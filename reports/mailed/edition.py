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

from reports.attribution import learned
from reports.goal_page import Fact
from reports.mailed import picture, tables
from reports.mailed.outside import for_readers
from reports.mailed.picture import Picture
from reports.mailed.tables import Table
from reports.models import Schedule
from reports.sharing import attribution
from reports.sharing.registry import REPORTS
from reports.sharing.shareable import NotThere
from reports.snapshots.record import Record
from reports.snapshots.registry import RECORDERS
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
    report, workspace = REPORTS.get(schedule.report), schedule.workspace
    if report is None:  # of a version that had more reports
        raise NotThere
    if report.prepare is not None:
        with scope.in_workspace(workspace.pk):
            report.prepare(workspace, schedule.params, at)
    with translation.override(language), scope.reading(workspace.pk):
        record = for_readers(schedule.report, RECORDERS[schedule.report](workspace, schedule.params, at))
        return Edition(
            schedule=schedule,
            language=language,
            record=record,
            tables=tuple(map(tables.table_of, record.sheets)),
            picture=picture.picture_of(record, today=day_of(at, workspace.zone)),
            address=_words(record.method, _("Address")),
            method=tuple(dropwhile(lambda fact: fact.term != _("Computed through"), record.method)),
            is_complete=_is_complete(schedule, record, at=at, now=now),
        )


def _words(facts: Iterable[Fact], term: str) -> str:
    return next((fact.words for fact in facts if fact.term == term), "")


def _is_complete(schedule: Schedule, record: Record, *, at: datetime, now: datetime) -> bool:
    """Say whether everything that came before the due day, and every model asked for, is in the record."""
    workspace = schedule.workspace
    if schedule.report == "attribution" and learned.under_way(*attribution.asked_of(workspace, schedule.params, at)):
        return False
    since = start_of(day_of(at, workspace.zone), workspace.zone)
    through = record.computed_through
    return through is not None and (through >= since or _is_newest(workspace, through, since=since, now=now))


def _is_newest(workspace: Workspace, through: datetime, *, since: datetime, now: datetime) -> bool:
    """Say whether figures are of the newest state, and nothing waits: in a quiet night no event moves them on."""
    state = LakeState.objects.filter(workspace=workspace).first()
    complete = health.complete_through(workspace.pk, now=now)
    return state is not None and state.derived_through == through and complete is not None and complete >= since
