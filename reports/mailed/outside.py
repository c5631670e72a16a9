"""What of a record leaves the workspace: what a shared link shows as well, since a mail is forwarded as easily."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from reports.snapshots.record import Record, Sheet

IN_THE_PLAN: Final = 1  # the place of the column in reports.evidence.exporting


def for_readers(report: str, record: Record) -> Record:
    """Give the record without what members alone may see."""
    return NARROWED[report](record) if report in NARROWED else record


def _planned(record: Record) -> Record:
    """Leave out what no goal counts: it names pages and events."""
    return replace(record, sheets=tuple(map(_planned_rows, record.sheets)))


def _planned_rows(sheet: Sheet) -> Sheet:
    head, *rows = sheet.rows
    return replace(sheet, rows=(head, *(row for row in rows if row[IN_THE_PLAN])))


NARROWED: Final[Mapping[str, Callable[[Record], Record]]] = {"evidence": _planned}
