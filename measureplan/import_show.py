"""What an import found, as lines for reading at the terminal."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from measureplan.importing import Imported
from tracking.imports import words
from tracking.imports.reading import MAPPED
from tracking.models import Format
from tracking.tabular_rows import RowError

SHOWN_ERRORS = 10
SHOWN_KINDS = 6


def lines(done: Imported) -> list[str]:
    """Say how the file was read, what its rows are, what is wrong with some, and what to do next."""
    return [*_file(done), *_faults(done), *_rows(done), *_errors(done.found.errors, done.found.rejected), _next(done)]


def _file(done: Imported) -> Iterator[str]:
    said = done.wish
    if done.format == Format.ACCESS_LOG:
        yield f"{done.asked.path.name}: {done.format.label}"
        host = done.found.likely_host
        if host and not done.has_hosts:
            yield f"Most of its pictures are asked for by {host}; if that is the site itself, add --host {host}"
        return
    if done.format not in MAPPED:
        yield f"{done.asked.path.name}: {done.format.label}"
        return
    layout = words.layout(said.encoding, said.delimiter, has_decimal_comma=said.has_decimal_comma)
    yield f"{done.asked.path.name}: {done.format.label}" + (f", {layout}" if done.format == Format.CSV else "")
    yield "Fields: " + ", ".join(f"{field} from {expression}" for field, expression in said.in_order())


def _faults(done: Imported) -> Iterator[str]:
    for fault in done.found.faults:
        yield f"It cannot be read like this: {fault}{_help_with(fault)}"
    if done.found.faults and done.found.columns:
        yield "Its columns: " + ", ".join(done.found.columns)


def _help_with(fault: str) -> str:
    field, is_missing, _ = fault.partition(" is not mapped")
    return f" (--map {field}=COLUMN)" if is_missing else ""


def _rows(done: Imported) -> Iterator[str]:
    found = done.found
    if found.faults:
        return
    span = f", {_moment(found.first)} to {_moment(found.last)} UTC" if found.first and found.last else ""
    yield f"{found.rows:,} rows{span}"
    what = "stored" if done.is_applied else "new"
    yield _line(what, found.new, sorted(found.names.items(), key=lambda each: -each[1]))
    if found.changed:
        yield f"  {found.changed:,} of them in the place of the same events with other content"
    if found.removed:
        yield _line("removed" if done.is_applied else "would go", found.removed, [("not in the file", found.removed)])
    yield _line("already there", found.repeated, [("with other content, which stays", found.conflicts)])
    if found.left_out:
        yield _line("left out", found.left_out, words.reasons(found.left_out_as))
    yield _line("with errors", found.rejected, words.reasons(found.rejected_as))
    for note, rows in words.notes(found.notes):
        yield f"  note: {note}, {rows:,} times"


def _line(what: str, rows: int, kinds: Iterable[tuple[str, int]]) -> str:
    named = [(kind, count) for kind, count in kinds if count]
    shown = ", ".join(f"{kind} {count:,}" for kind, count in named[:SHOWN_KINDS])
    more = f" and {len(named) - SHOWN_KINDS} more" if len(named) > SHOWN_KINDS else ""
    return f"  {what:14} {rows:>10,}  {shown}{more}".rstrip()


def _errors(errors: list[RowError], rejected: int) -> Iterator[str]:
    for error in errors[:SHOWN_ERRORS]:
        column = f", {error.column}" if error.column else ""
        yield f"  line {error.line}{column}: {error.message}" + (f' ("{error.value}")' if error.value else "")
    if rejected > SHOWN_ERRORS:
        yield f"  and {rejected - SHOWN_ERRORS:,} more"


def _next(done: Imported) -> str:
    found = done.found
    if done.is_applied:
        if not found.changes_anything:
            return "Every event was there already; nothing has changed."
        what = {Format.AD_REPORT: "daily costs", Format.PLAUSIBLE: "daily sums"}.get(done.format, "events")
        return f"{found.new:,} {what} were stored, and the reports are filled."
    if found.faults or done.keeps_out:
        return "Nothing was stored."
    if not found.changes_anything:
        return "Every event is there already; an import would change nothing."
    return f"This was a dry run; nothing was stored. --apply stores the {found.new:,} new ones."


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
