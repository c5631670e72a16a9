"""One run through an import's file: as a rehearsal that stores nothing, or to store what is new."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from tracking import gate, inbox
from tracking.conversions import keeping
from tracking.event import DropReason, Status
from tracking.imports import reading, uploads, visitors
from tracking.imports.destination import Destination
from tracking.imports.findings import MOST_HOSTS, Chunk, Findings, Tally, chunks
from tracking.imports.reading import REPLACING, Reading, Settled, Wish
from tracking.imports.rejects import Rejects
from tracking.imports.replacing import Replacing, gone, take_turn
from tracking.ledger import Origin, Rehearsal
from tracking.models import Format, Import, ImportState
from tracking.rights import tombstones
from tracking.times import us_of
from workspaces.refusal import Refusal
from workspaces.telling import Progress


class CannotBeRead(Refusal):
    """The mapping does not fit the file."""

    code = "mapping_incomplete"


class HasErrors(Refusal):
    """Rows of the file have errors, and it was to be stored whole or not at all."""

    code = "has_errors"


def wish_of(row: Import) -> Wish:
    """Give what the import's owner said of the file."""
    return msgspec.convert(row.mapping, Wish)


def kept(wish: Wish) -> dict[str, Any]:  # JSON
    """Give the wish as the row keeps it."""
    made: dict[str, Any] = msgspec.to_builtins(wish)
    return made


def rehearse(row: Import, progress: Progress, *, now: datetime) -> tuple[Settled, Findings]:
    """Say what storing the file would do, and write its rejected rows beside it; no event is stored.

    Call it inside the workspace's transaction; raises UnreadableFileError.
    """
    tally = Tally()
    found = tally.findings
    with uploads.opened(row.stored_as) as (counted, stream):
        tell = counted.telling(progress)
        settled = reading.settle(stream, row.format, wish_of(row))
        if settled.layout is not None:
            found.columns = list(settled.layout.columns)
            found.examples = reading.examples(settled.layout)
        found.faults = list(settled.faults)
        if settled.faults:
            return settled, found
        run = reading.read(stream, row.format, settled, _destination(row, now))
        with Rejects(uploads.rejects_of(row.stored_as)) as rejects, _replacing(row) as replacing:
            for chunk in _foreseen(row, run, tally, replacing):
                for error in chunk.errors:
                    rejects.add(error)
                tell(found.rows)
            if replacing and not settled.wish.is_part:
                found.removed = sum(map(len, replacing.missing(tally.days)))
    found.hosts = dict(run.hosts_seen.most_common(MOST_HOSTS))
    found.imported_before = imported_before(row)
    return settled, found


def store(row: Import, progress: Progress, *, now: datetime) -> Findings:
    """Store what is new of the file, and count all of it.

    Call it inside the workspace's one transaction, which must be undone where this raises: CannotBeRead, HasErrors,
    UnreadableFileError, replacing.StillOnItsWay.
    """
    tally = Tally()
    with uploads.opened(row.stored_as) as (_counted, stream), _replacing(row) as replacing:
        if replacing:
            take_turn(_origin(row))
        settled = reading.settle(stream, row.format, wish_of(row))
        require_readable(settled.faults)
        run = reading.read(stream, row.format, settled, _destination(row, now))
        for chunk in chunks(run.outcomes):
            _leave_out_erased(row, chunk)
            require_whole(row, len(chunk.errors), good_rows_only=row.good_rows_only)
            changed = replacing.changed(chunk.events) if replacing else []
            if replacing:
                replacing.make_way(gone(changed))
            statuses = inbox.append(_origin(row), chunk.events, counts=chunk.counts(), now=now)
            keeping.keep(_origin(row), chunk.unmatched, now=now)
            if row.format == Format.CONVERSIONS:
                keeping.forget(_origin(row), chunk.events)
            tally.add(chunk, statuses, changed=len(changed))
            progress.tell(tally.findings.rows, row.rows_total)
        if replacing and not settled.wish.is_part:
            tally.findings.removed = replacing.clear(tally.days)
    found, before = tally.findings, Findings.of(row.result)
    for name in ("columns", "examples", "hosts", "imported_before"):
        setattr(found, name, getattr(before, name))
    return found


def _foreseen(row: Import, run: Reading, tally: Tally, replacing: Replacing | None) -> Iterator[Chunk]:
    """Add each chunk to the tally as if it were stored, and give it."""
    with Rehearsal() as rehearsal:
        for chunk in chunks(run.outcomes):
            _leave_out_erased(row, chunk)
            statuses = rehearsal.foresee(_origin(row), chunk.events)
            changed = {id(event) for event in replacing.changed(chunk.events)} if replacing else set()
            judged = [
                Status.ACCEPTED if id(event) in changed else status
                for event, status in zip(chunk.events, statuses, strict=True)
            ]
            tally.add(chunk, judged, changed=len(changed))
            yield chunk


@contextmanager
def _replacing(row: Import) -> Iterator[Replacing | None]:
    if row.format not in REPLACING:
        yield None
        return
    with Replacing(_origin(row), import_id=row.pk) as replacing:
        yield replacing


def require_readable(faults: "list[str] | tuple[str, ...]") -> None:
    """Raise CannotBeRead where there is a fault."""
    if faults:
        raise CannotBeRead(_("The file cannot be read like this: %(faults)s.") % {"faults": "; ".join(faults)})


def require_whole(row: Import, rejected: int, *, good_rows_only: bool) -> None:
    """Raise HasErrors where rejected rows keep the others out.

    Not those of a log: nobody can mend it, and a line that was cut off says nothing against the others.
    """
    if rejected and not good_rows_only and row.format != Format.ACCESS_LOG:
        message = _("%(rows)s rows have errors. Mend them and send the file again, or import the good rows only.")
        raise HasErrors(message % {"rows": rejected})


def _leave_out_erased(row: Import, chunk: Chunk) -> None:
    others = tombstones.kept_of(row.workspace_id, row.source_id, chunk.events)
    if erased := len(chunk.events) - len(others):
        chunk.left_out[DropReason.ERASED] += erased
        chunk.events = others


def _destination(row: Import, now: datetime) -> Destination:
    return Destination(
        workspace_id=row.workspace_id,
        rules=gate.rules_of(row.source),
        hosts=tuple(row.source.hosts),
        salt_of=visitors.salts_of(row.source),
        now_us=us_of(now),
    )


def _origin(row: Import) -> Origin:
    return Origin(workspace_id=row.workspace_id, source_id=row.source_id, import_id=row.pk)


def imported_before(row: Import) -> datetime | None:
    """Give when the very same file came into this source last."""
    same = Import.objects.filter(source=row.source, digest=row.digest, state=ImportState.DONE).exclude(pk=row.pk)
    return same.order_by("-finished_at").values_list("finished_at", flat=True).first()
