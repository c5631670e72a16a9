"""What came over HTTP as an import: one a source and UTC day, so that it can be taken back as a file can.

Its events carry no import id in the lake: they arrive live, and are looked for there by when they were received.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from tracking.event import Status
from tracking.imports.findings import Findings
from tracking.locks import Work, take_turn
from tracking.models import Format, Import, ImportState, Source
from workspaces.models import AuditEntry, User


def row_of(source: Source, *, by: str, person: User | None, now: datetime) -> Import:
    """Give the day's row, made where there is none or where it was taken back; call it in the request's transaction.

    Whoever comes at the same time waits, also to take it back: what is stored until the end of the transaction is
    in what goes, or in another row.
    """
    take_turn(Work.CONVERSIONS, source.workspace_id)
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    of_day = Import.objects.filter(
        source=source, digest="", created_at__gte=day, created_at__lt=day + timedelta(days=1)
    )
    row = of_day.filter(state=ImportState.DONE).select_for_update(of=("self",)).order_by("-pk").first()
    if row is not None:
        return row
    row = Import.objects.create(
        workspace=source.workspace,
        source=source,
        file_name=f"Sent over HTTP, {day:%Y-%m-%d}",
        size=0,
        format=Format.CONVERSIONS,
        state=ImportState.DONE,
        result=Findings().as_json(),
        by=person,
        created_at=now,
        finished_at=now,
    )
    AuditEntry.record(by, "imported", row, workspace=source.workspace, now=now)
    return row


def count(row: Import, results: Iterable[Mapping[str, str]], *, now: datetime) -> None:
    """Add a request's results to what the row says of its day."""
    found, told = Findings.of(row.result), list(results)
    said = Counter(each["status"] for each in told)
    found.rows += len(told)
    found.new += said[Status.ACCEPTED]
    found.duplicates += said[Status.DUPLICATE]
    found.conflicts += said[Status.DUPLICATE_CONFLICT]
    found.rejected += said[Status.REJECTED]
    found.left_out += said["unmatched"]
    for each in told:
        by_code = {Status.REJECTED: found.rejected_as, "unmatched": found.left_out_as}.get(each["status"])
        if by_code is not None:
            by_code[each["code"]] = by_code.get(each["code"], 0) + 1
    row.result = found.as_json()
    row.rows_done = row.rows_total = found.rows
    # Of two requests at once the one that began first may be the second to have its turn.
    row.created_at, row.finished_at = min(row.created_at, now), max(row.finished_at or now, now)
    row.save(update_fields=["result", "rows_done", "rows_total", "created_at", "finished_at"])
