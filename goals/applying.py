"""Brings a plan to what a document says: rows that are equal are left alone, all others go through their verbs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from goals.columns import TABLES
from goals.document import LISTS, Document, document_of
from goals.fitting import Fit, fit
from goals.models import Goal, Kpi, Level, Plan
from goals.ordering import reorder
from goals.planning import Archived
from goals.refilling import hint_refill
from goals.revising import By
from goals.rows import GoalRow, Row
from goals.writing import REMOVE, WRITE, Writer
from workspaces.models import AuditEntry
from workspaces.models.audit import gathered

_ARCHIVED: Final = ("goals", "kpis")
# What goes into the archive with its goal or KPI and comes back with it, rather than being deleted.
_KEPT_WITH: Final = {"targets": ("kpis", "kpi"), "specs": ("goals", "goal"), "parameters": ("goals", "goal")}
Address = tuple[str, tuple[str, ...]]  # a table's key, and what names the row in it


@dataclass(slots=True)
class Applied:
    """What was done, by the rows' addresses; how the document was fitted to the workspace."""

    fit: Fit
    added: list[Address] = field(default_factory=list)
    changed: list[Address] = field(default_factory=list)
    removed: list[Address] = field(default_factory=list)
    is_reordered: bool = False

    @property
    def is_nothing(self) -> bool:
        """Say whether the plan said all of it before."""
        return not (self.added or self.changed or self.removed or self.is_reordered)


Tell = Callable[[int, int], None]  # hears how many rows were looked at, and of how many


def untold(_done: int, _total: int) -> None:
    """Tell nobody."""


def row_count(document: Document) -> int:
    """Count the document's rows, its head among them."""
    return 1 + sum(len(getattr(document, key)) for key in LISTS)


@transaction.atomic
def apply(
    document: Document, plan: Plan, *, by: By, now: datetime, remove_missing: bool = False, tell: Tell = untold
) -> Applied:
    """Bring the plan to what the document says: all of it or, where a verb refuses, nothing.

    remove_missing   take out, too, what the plan has and the document doesn't; goals and KPIs are archived
    tell             hears how far it is

    raises   Archived, writing.Dangling, and what the verbs raise: SupportsNotMacro, MeasureUnfit, GoalInUse ...
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)  # two appliers follow each other
    if plan.archived_at is not None:
        raise Archived  # its goals would be at work without it
    writer = Writer(plan, by=by, now=now)
    applied = Applied(fit(document, plan, members=writer.members))
    wanted = applied.fit.document
    with gathered():
        _bring_back(writer, wanted)
        before = document_of(plan)
        _write_all(writer, before, wanted, applied, tell)
        if remove_missing:
            _remove(writer, before, wanted, applied)
        applied.is_reordered = reorder(plan, wanted, by=by, now=now)
    return applied


def _write_all(writer: Writer, before: Document, wanted: Document, applied: Applied, tell: Tell) -> None:
    done, total = 0, row_count(wanted)
    for key in ("plan", *LISTS):
        saved = {TABLES[key].address_of(row): row for row in TABLES[key].rows_of(before)}
        for row in TABLES[key].rows_of(wanted):
            done += 1
            tell(done, total)
            _write(writer, key, saved.get(TABLES[key].address_of(row)), row, applied)


def _write(writer: Writer, key: str, saved: Row | None, row: Row, applied: Applied) -> None:
    if saved != row:
        WRITE[key](writer, row, is_new=saved is None)
        kept = applied.added if saved is None else applied.changed
        kept.append((key, TABLES[key].address_of(row)))


def _remove(writer: Writer, before: Document, wanted: Document, applied: Applied) -> None:
    gone = {key: _slugs(before, key) - _slugs(wanted, key) for key in _ARCHIVED}
    for key in reversed(LISTS):
        kept = {TABLES[key].address_of(row) for row in TABLES[key].rows_of(wanted)}
        missing = [row for row in TABLES[key].rows_of(before) if TABLES[key].address_of(row) not in kept]
        for row in _micros_first(missing):
            if key in _KEPT_WITH and getattr(row, _KEPT_WITH[key][1]) in gone[_KEPT_WITH[key][0]]:
                continue
            REMOVE[key](writer, row)
            applied.removed.append((key, TABLES[key].address_of(row)))


def _slugs(document: Document, key: str) -> set[str]:
    return {row.slug for row in getattr(document, key)}


def _micros_first(rows: Iterable[Row]) -> list[Row]:
    # A macro goal that micro goals support can't be archived before them.
    return sorted(rows, key=lambda row: isinstance(row, GoalRow) and row.level == Level.MACRO)


def _bring_back(writer: Writer, wanted: Document) -> None:
    """Take goals and KPIs out of the archive that the document names: they keep their history."""
    for rows, saved in ((wanted.goals, writer.goals), (wanted.kpis, writer.kpis)):
        for row in rows:
            archived: Goal | Kpi | None = saved.get(row.slug)
            if archived is not None and archived.archived_at is not None:
                restore(archived, by=writer.by, now=writer.now)


def restore(row: Goal | Kpi, *, by: By, now: datetime) -> None:
    """Take a goal or a KPI out of the archive."""
    row.archived_at = None
    row.revision += 1
    row.save(update_fields=["archived_at", "revision"])
    AuditEntry.record(by, "restored", row, workspace=row.workspace, now=now)
    if isinstance(row, Goal):
        hint_refill(row)
