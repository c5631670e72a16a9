"""A report of costs comes in: its dry run, and the costs that it changes, in one transaction.

Has the shape of tracking.imports.running, which does the same for files of events.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, BinaryIO

import msgspec

from tracking.ads import report as reports
from tracking.ads.facts import Change, Facts, Figures, Key
from tracking.ads.report import Asked, LeftOut, Report, Spend
from tracking.ads.words import Field, Platform
from tracking.import_file import UnreadableFileError
from tracking.imports import counting, uploads
from tracking.imports.findings import MOST_SAMPLES, Findings
from tracking.imports.reading import Settled, Wish
from tracking.imports.rejects import Rejects
from tracking.imports.running import imported_before, require_readable, require_whole, wish_of
from tracking.locks import Work, take_turn
from tracking.models import AdCost, AdWord, Import
from workspaces.telling import Progress

MAX_FILE_BYTES = 20_000_000
AT_ONCE = 2_000  # rows written by one statement
_KEY = tuple(field.name for field in fields(Key))
_FIGURES = tuple(field.name for field in fields(Figures))


def rehearse(row: Import, progress: Progress, *, now: datetime) -> tuple[Settled, Findings]:  # noqa: ARG001  # as others
    """Say what storing the report would change; call it inside the workspace's transaction."""
    found = Findings()
    with uploads.opened(row.stored_as) as (counted, stream):
        report = _settled(stream, row)
        wish = _wish(wish_of(row), report)
        found.faults = list(report.faults)
        if report.written is not None:
            found.columns = list(report.written.headers)
        if report.faults:
            return Settled(wish=wish, faults=report.faults), found
        with Rejects(uploads.rejects_of(row.stored_as)) as rejects:
            facts = _read(reports.read(stream, report), found, rejects, counted.telling(progress))
    _tally(found, facts.against(_stored(row, report, facts)))
    found.imported_before = imported_before(row)
    return Settled(wish=wish), found


def store(row: Import, progress: Progress, *, now: datetime) -> Findings:  # noqa: ARG001  # as others
    """Put the report's costs in the place of those of its days and campaigns.

    Call it inside the workspace's one transaction, which must be undone where this raises: CannotBeRead, HasErrors,
    UnreadableFileError.
    """
    found = Findings()
    with uploads.opened(row.stored_as) as (counted, stream):
        report = _settled(stream, row)
        require_readable(report.faults)
        facts = _read(reports.read(stream, report), found, None, counted.telling(progress))
    require_whole(row, found.rejected, good_rows_only=row.good_rows_only)
    # Two reports at once, each without the other's rows in sight, would count a day twice.
    take_turn(Work.COSTS, row.workspace_id)
    change = facts.against(_stored(row, report, facts))
    _write(row, report, change)
    _tally(found, change)
    before = Findings.of(row.result)
    found.columns, found.imported_before = before.columns, before.imported_before
    return found


def own_words(workspace_id: int) -> dict[str, Field]:
    """Give what the workspace's reports call their columns, by words.key_of; call it inside the workspace."""
    return {row.key: Field(row.field) for row in AdWord.objects.filter(workspace_id=workspace_id)}


def _settled(stream: BinaryIO, row: Import) -> Report:
    if row.size > MAX_FILE_BYTES:
        raise UnreadableFileError(f"the report has more than {MAX_FILE_BYTES // 10**6} MB; split it by time")
    wish = wish_of(row)
    asked = Asked(
        platform=Platform(wish.platform) if wish.platform else None,
        currency=wish.currency or row.source.currency or None,
        day_format=wish.time_format,
        has_decimal_comma=wish.has_decimal_comma,
        encoding=wish.encoding,
        delimiter=wish.delimiter,
        own=own_words(row.workspace_id),
    )
    return reports.settle(stream, asked)


def _wish(wish: Wish, report: Report) -> Wish:
    """Put what was found into what the file's owner said, except where a better word would find something else."""
    if report.written is None or report.faults:
        return wish
    return msgspec.structs.replace(
        wish,
        platform=str(report.platform) if report.platform else None,
        has_decimal_comma=report.has_decimal_comma,
        encoding=report.written.encoding,
        delimiter=report.written.delimiter,
        time_format=report.day_format,
    )


def _read(
    outcomes: Iterable[reports.Outcome], found: Findings, rejects: Rejects | None, tell: Callable[[int], None]
) -> Facts:
    facts = Facts()
    taken: Iterator[Spend | LeftOut] = counting.facts(outcomes, found, rejects, tell)
    for fact in taken:
        if isinstance(fact, LeftOut):
            found.left_out += 1
            found.left_out_as[fact.reason] = found.left_out_as.get(fact.reason, 0) + 1
        else:
            facts.add(fact)
            _show(found, fact)
    return facts


def _show(found: Findings, spend: Spend) -> None:
    if len(found.samples) < MOST_SAMPLES:
        shown = {name: value for name, value in asdict(spend).items() if value not in ("", None) and name != "line"}
        found.samples.append(shown | {"day": spend.day.isoformat()})


def _tally(found: Findings, change: Change) -> None:
    found.new = len(change.new) + len(change.changed)
    found.changed, found.removed, found.duplicates = len(change.changed), len(change.removed), change.unchanged


def _stored(row: Import, report: Report, facts: Facts) -> dict[Key, Figures]:
    """Give the stored costs of the report's platform on its days."""
    days = {key.day for key in facts.of}
    if not days:
        return {}
    rows = AdCost.objects.filter(workspace_id=row.workspace_id, platform=report.platform, day__in=days)
    return {
        Key(**{name: each[name] for name in _KEY}): Figures(**{name: each[name] for name in _FIGURES})
        for each in rows.values(*_KEY, *_FIGURES)
    }


def _write(row: Import, report: Report, change: Change) -> None:
    leaving = set(change.removed) | set(change.changed)
    days = {key.day for key in leaving}
    stored = AdCost.objects.filter(workspace_id=row.workspace_id, platform=report.platform, day__in=days)
    stored.filter(key__in=[key.digest for key in leaving]).delete()
    shared: dict[str, Any] = {  # of a model
        "workspace_id": row.workspace_id,
        "source_id": row.source_id,
        "import_row": row,
        "platform": str(report.platform),
    }
    entering = {**change.new, **change.changed}
    AdCost.objects.bulk_create(
        [AdCost(**shared, key=key.digest, **asdict(key), **asdict(figures)) for key, figures in entering.items()],
        batch_size=AT_ONCE,
    )
