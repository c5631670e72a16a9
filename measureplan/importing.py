"""`measureplan import`: a file all the way from the disk to the reports' figures, without a worker."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from reports import filling
from tracking import derive, importing
from tracking.imports import running, uploads
from tracking.imports.findings import Findings
from tracking.imports.reading import MAPPED, Wish
from tracking.imports.sources import add_host, find_or_make
from tracking.lake import writer
from tracking.models import Format, Import, ImportState
from tracking.tabular_mapping import parse_mapping
from workspaces import scope
from workspaces.models import Workspace
from workspaces.refusal import Refusal

BY = "the command line"  # in the audit trail
CHUNK_BYTES = 1_000_000


class Refused(ValueError):
    """The file cannot be imported like this; the text says what to do."""


class _NothingStored(Exception):
    """Ends the transaction of a dry run, with everything in it undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for; wish and hosts as in tracking.imports."""

    path: Path
    workspace: str
    source: str
    format_name: str | None
    wish: Wish
    hosts: tuple[str, ...]
    good_rows_only: bool
    applies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the file.

    has_hosts  the source has own host names, so that its pages are no referrers
    keeps_out  why nothing was stored although it was asked for; empty: it was, or it was not asked for
    """

    asked: Asked
    format: Format
    import_id: int | None
    wish: Wish
    has_hosts: bool
    found: Findings
    keeps_out: str = ""

    @property
    def is_applied(self) -> bool:
        return self.import_id is not None

    def as_dict(self) -> dict[str, Any]:  # JSON
        """Give everything that was found, for programs."""
        return {
            "file": str(self.asked.path),
            "workspace": self.asked.workspace,
            "source": self.asked.source,
            "format": str(self.format),
            "applied": self.is_applied,
            "import": self.import_id,
            "mapping": msgspec.to_builtins(self.wish) if self.format in MAPPED else None,
            **self.found.as_json(),
        }


def wish(*, mapped: list[str], **said: Any) -> Wish:  # the other fields of Wish
    """Put the arguments into the importer's words; raises Refused."""
    try:
        return Wish(fields=parse_mapping(mapped), **said)
    except ValueError as fault:
        raise Refused(f"--map {fault}") from fault


def import_file(asked: Asked, *, now: datetime) -> Imported:
    """Read the file through; where it was asked for, store it and bring sessions and reports up to it.

    Everything up to the stored events is one transaction: a file that is not stored leaves no trace.
    """
    workspace = Workspace.objects.filter(slug=asked.workspace).first()
    if workspace is None:
        raise Refused(f'there is no workspace "{asked.workspace}"; `measureplan bootstrap` makes one')
    if asked.applies:
        writer.drain(workspace.pk, now)  # a file that replaces days needs what came of them before in the lake
    done: list[Imported] = []
    stored: list[str] = []
    try:
        with suppress(_NothingStored), scope.in_workspace(workspace.pk):
            row = _received(asked, workspace, now)
            stored.append(row.stored_as)
            done.append(_checked_and_stored(asked, row, now))
            if not done[0].is_applied:
                raise _NothingStored
    except Refusal as refusal:
        raise Refused(str(refusal)) from refusal
    finally:
        if not (done and done[0].is_applied):
            for name in stored:
                uploads.remove(name)
    if done[0].is_applied:
        _bring_up_to_it(workspace.pk, now)
    return done[0]


def _received(asked: Asked, workspace: Workspace, now: datetime) -> Import:
    source = find_or_make(workspace, asked.source, by=BY, now=now)
    for host in asked.hosts:
        add_host(source, host, by=BY, now=now)
    return importing.receive(
        source,
        _chunks(asked.path),
        name=asked.path.name,
        format_name=asked.format_name,
        wish=asked.wish,
        by=BY,
        now=now,
    )


def _checked_and_stored(asked: Asked, row: Import, now: datetime) -> Imported:
    importing.check(row.workspace_id, row.pk, now=now)
    row = _again(row)
    found, said = Findings.of(row.result), running.wish_of(row)
    seen = Imported(
        asked=asked,
        format=Format(row.format),
        import_id=None,
        wish=said,
        has_hosts=bool(row.source.hosts),
        found=found,
    )
    if not asked.applies:
        return seen
    try:
        importing.order(row, good_rows_only=asked.good_rows_only, by=BY, now=now)
    except running.HasErrors:
        rows = f"{found.rejected:,} rows have errors, so nothing was stored"
        return replace(seen, keeps_out=f"{rows}; mend them, or add --good-rows-only")
    importing.apply(row.workspace_id, row.pk, now=now)
    row = _again(row)
    if row.state == ImportState.ORDERED:
        return replace(seen, keeps_out="an earlier file is on its way into the reports; try again in a minute")
    return replace(seen, import_id=row.pk, found=Findings.of(row.result))


def _again(row: Import) -> Import:
    """Read the import anew; one that failed is refused with its reason."""
    row = Import.objects.select_related("source", "workspace").get(pk=row.pk)
    if row.state == ImportState.FAILED:
        raise Refused(f"{row.file_name}: {row.fault}")
    return row


def _bring_up_to_it(workspace_id: int, now: datetime) -> None:
    """Do at once what the workers would do next."""
    writer.drain(workspace_id, now)
    derive.derive(workspace_id, now)
    filling.fill(workspace_id, now=now)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as fault:
        raise Refused(f'"{path}" cannot be read: {fault.strerror}') from fault
