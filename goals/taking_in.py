"""Takes a spreadsheet into the plan: read once, tried as often as its matching is corrected, applied on a word."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from goals.applying import Applied, Tell, apply, untold
from goals.columns import TABLES
from goals.differing import Difference, differences, name_of
from goals.document import Document, document_of
from goals.models import FileState, Plan, PlanFile
from goals.planning import PlanDraft, create_plan, current_plan, quarter_of
from goals.sheets.book import Book
from goals.sheets.faults import Reject
from goals.sheets.filling import Filled
from goals.sheets.matching import LEFT_OUT, OUTLINE_KIND, Match, match_book
from goals.sheets.opening import read_file
from goals.sheets.reading import Reading, read
from goals.sheets.trying import Trial, try_out
from workspaces.hints import hint
from workspaces.models import Membership, Workspace
from workspaces.refusal import Refusal
from workspaces.zones import day_of

# What a file waits for, by its state: tasks, known here by name only.
TASKS: Final = {FileState.WAITS: "goals.check_file", FileState.ORDERED: "goals.take_in_file"}
MOST_SHOWN: Final = 1_000  # changes and rejects that are kept to be shown
AT_ONCE: Final = 300  # rows that are tried or written within a request: a second; the others are a worker's
_ROWS_OF_A_LINE: Final = {OUTLINE_KIND: 3, LEFT_OUT: 0}  # a line of the outline has a goal, a KPI and a target


class HasRejects(Refusal):
    """Some rows can't be taken, and nobody said that the others may go without them."""

    code = "file_has_rejects"


class PlanMoved(Refusal):
    """The plan was changed since the dry run, which therefore tells of another one."""

    code = "plan_changed"


class UnderWay(Refusal):
    """A worker has the file."""

    code = "file_under_way"


class AppliedAlready(Refusal):
    """The file is in the plan."""

    code = "applied_already"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What taking the file in would do.

    filled   what the file says; trial what the plan would make of it
    before   what the plan says now
    """

    filled: Filled
    trial: Trial
    before: Document
    decimal: str

    @property
    def rejects(self) -> list[Reject]:
        """Give the rows that are not taken, in the order of the file."""
        refused = [self._refused(address, reason) for address, reason in self.trial.refused.items()]
        return sorted([*self.filled.rejects, *refused], key=lambda reject: (reject.sheet, reject.line))

    def _refused(self, address: Any, reason: str) -> Reject:
        sheet, line = self.filled.places.get(address, ("", 0))
        table, named = TABLES[address[0]], address[1]
        row = next((row for row in table.rows_of(self.filled.document) if table.address_of(row) == named), None)
        name = name_of(row, self.filled.document) if row is not None else ""
        return Reject(sheet, line, str(table.label), name, reason)


@transaction.atomic
def receive(
    workspace: Workspace, *, name: str, content: bytes, by: Membership, now: datetime, reading: Reading | None = None
) -> PlanFile:
    """Read the file, match its columns and try it; a big one waits for a worker to be tried.

    raises   UnsupportedFile, FileTooLarge, DamagedFile, and for a small one TooManyChanges
    """
    book = read_file(name, content)
    row = PlanFile(
        workspace=workspace,
        plan=current_plan(workspace),
        member=by,
        file_name=name[:255],
        digest=hashlib.sha256(content).hexdigest(),
        tables=book.as_json(),
        created_at=now,
    )
    return _checked(row, book, reading or Reading(match_book(book)), by=by, now=now)


@transaction.atomic
def check_again(file: PlanFile, reading: Reading, *, by: Membership | None = None, now: datetime) -> PlanFile:
    """Try the file with another matching."""
    row = _free(file)
    return _checked(row, Book.from_json(row.tables), reading, by=by or row.member, now=now)


@transaction.atomic
def take_in(file: PlanFile, *, by: Membership, now: datetime, good_rows_only: bool = False) -> Applied | None:
    """Bring the plan to what the file says: all of it or nothing; None where a worker will, since it is much.

    good_rows_only   leave out the rows that are rejected, instead of refusing the file for them
    raises           HasRejects, PlanMoved, AppliedAlready, UnderWay, and what `goals.applying.apply` raises
    """
    row = _free(file)
    if row.state == FileState.FAILED:
        raise PlanMoved(_("The plan was changed since the file was checked. Check it again, then take it in."))
    row.good_rows_only = good_rows_only
    _refuse_rejects(row)
    if sum(row.result[key] for key in ("new", "changed", "removed")) <= AT_ONCE:
        return apply_file(row, by=by, now=now)
    _give_to_a_worker(row, FileState.ORDERED, by=by, now=now)
    return None


def apply_file(file: PlanFile, *, by: Membership, now: datetime, tell: Tell = untold) -> Applied:
    """Write what the file says; call it in a transaction that is undone where this raises, as `take_in` does."""
    reading = reading_of(file)
    found_plan = current_plan(file.workspace)
    plan = _plan_for(file, by=by, now=now)
    Plan.objects.select_for_update().get(pk=plan.pk)
    is_same = (found_plan.pk if found_plan else None) == file.plan_id
    if not is_same or (found_plan and fingerprint(document_of(plan)) != file.result["before"]):
        raise PlanMoved(_("The plan was changed since the file was checked. Check it again, then take it in."))
    document = _wanted(file, reading, plan, by=by, now=now)
    applied = apply(document, plan, by=by, now=now, remove_missing=reading.remove_missing, tell=tell)
    file.plan, file.applied_at, file.used_at, file.state, file.fault = plan, now, now, FileState.DONE, ""
    file.result |= {"removed": len(applied.removed), "written": len(applied.added + applied.changed + applied.removed)}
    file.save(update_fields=["plan", "applied_at", "used_at", "state", "fault", "result", "good_rows_only"])
    return applied


def try_file(file: PlanFile, *, now: datetime, tell: Tell = untold) -> PlanFile:
    """Say what taking the file in would do, and keep that with it; nothing of it stays in the plan."""
    reading, by = reading_of(file), file.asker
    file.plan = current_plan(file.workspace)
    with transaction.atomic():
        plan = _plan_for(file, by=by, now=now)
        found = dry_run(file, reading, plan, by=by, now=now, tell=tell)
        if file.plan is None:
            transaction.set_rollback(True)  # the plan was made to be tried on
    file.result, file.state, file.fault = _result(found), FileState.CHECKED, ""
    file.save()
    return file


def _checked(row: PlanFile, book: Book, reading: Reading, *, by: Membership, now: datetime) -> PlanFile:
    matching = {"matches": [match.as_json() for match in reading.matches], "decimal": reading.decimal}
    row.matching = matching | {"remove_missing": reading.remove_missing}
    row.used_at, row.asked_by = now, by
    if _weight(book, reading) <= AT_ONCE:
        return try_file(row, now=now)
    row.result = {}
    _give_to_a_worker(row, FileState.WAITS, by=by, now=now)
    return row


def _weight(book: Book, reading: Reading) -> int:
    """Guess how many rows the file is about."""
    pairs = zip(book.sheets, reading.matches, strict=True)
    return sum(len(sheet.lines) * _ROWS_OF_A_LINE.get(match.kind, 1) for sheet, match in pairs)


def _give_to_a_worker(row: PlanFile, state: FileState, *, by: Membership, now: datetime) -> None:
    row.state, row.asked_by, row.used_at, row.fault = state, by, now, ""
    row.attempts, row.rows_done, row.rows_total, row.heartbeat_at = 0, 0, None, None
    row.save()
    hint(current_app.signature(TASKS[state]), row.workspace_id, row.pk)


def _free(file: PlanFile) -> PlanFile:
    """Give the file as it is saved, locked; raise AppliedAlready, UnderWay."""
    rows = PlanFile.objects.select_for_update(of=("self",)).select_related("workspace", "member__user")
    row = rows.get(pk=file.pk)
    if row.applied_at is not None:
        raise AppliedAlready(_("The file is in the plan already; send it again to compare it anew."))
    if row.is_under_way:
        raise UnderWay(_("The file is being worked on; wait until that is done."))
    return row


def _wanted(file: PlanFile, reading: Reading, plan: Plan, *, by: Membership, now: datetime) -> Document:
    """Give what the plan is to say; a file without rejects, of a plan that is the same still, is not tried again."""
    if not file.result["rejected"]:
        return _filled(file, reading, document_of(plan))[0].document
    found = dry_run(file, reading, plan, by=by, now=now)
    if found.trial.fault:
        raise HasRejects(found.trial.fault)
    return found.trial.document


def _refuse_rejects(file: PlanFile) -> None:
    if file.result["fault"]:
        raise HasRejects(file.result["fault"])
    if file.result["rejected"] and not file.good_rows_only:
        raise HasRejects(_("Some rows can't be taken in. Mend them, or take in the good rows only."))


def dry_run(
    file: PlanFile,
    reading: Reading,
    plan: Plan,
    *,
    by: Any,
    now: datetime,
    tell: Tell = untold,  # By
) -> DryRun:
    """Give what the file would do to the plan; nothing of it stays."""
    before = document_of(plan)
    filled, decimal = _filled(file, reading, before)
    trial = try_out(filled.document, plan, by=by, now=now, remove_missing=reading.remove_missing, tell=tell)
    return DryRun(filled, trial, before, decimal)


def _filled(file: PlanFile, reading: Reading, before: Document) -> tuple[Filled, str]:
    members = {each.user.email.lower(): each.user.name for each in _members(file.workspace)}
    return read(Book.from_json(file.tables), reading, before, members=members)


def reading_of(file: PlanFile) -> Reading:
    """Give how the file is read."""
    kept = file.matching
    matches = tuple(Match.from_json(each) for each in kept["matches"])
    return Reading(matches, kept["decimal"], kept["remove_missing"])


def fingerprint(document: Document) -> str:
    """Give what differs where two documents do."""
    kept = json.dumps(document.as_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()


def _plan_for(file: PlanFile, *, by: Membership, now: datetime) -> Plan:
    """Give the plan at work, or start one; the file's own head, where it has one, is written into it."""
    found = current_plan(file.workspace)
    if found is not None:
        return found
    first, last = quarter_of(day_of(now, file.workspace.zone))
    return create_plan(file.workspace, PlanDraft(_("Measurement plan"), first, last), by=by, now=now)


def _result(found: DryRun) -> dict[str, Any]:  # a JSON value
    changes = differences(found.before, found.trial.document)
    addresses = {(one.table, one.address) for one in changes}
    added = {(one.table, one.address) for one in changes if one.change == "added"}
    removed = {(one.table, one.address) for one in changes if one.change == "removed"}
    rejects = found.rejects
    refused = set(found.trial.refused)
    said = set(found.filled.places) - refused
    return {
        "before": fingerprint(found.before),
        "decimal": found.decimal,
        "new": len(added),
        "changed": len(addresses - added - removed),
        "removed": len(removed),
        "unchanged": len(said - addresses),
        "rejected": len({(reject.sheet, reject.line) for reject in rejects}),
        "changes": [_change(one, found.filled.places) for one in changes[:MOST_SHOWN]],
        "rejects": [reject.as_json() for reject in rejects[:MOST_SHOWN]],
        "strangers": sorted(found.filled.strangers)[:20],
        "fault": found.trial.fault,
    }


def _change(one: Difference, places: Mapping[Any, tuple[str, int]]) -> dict[str, Any]:
    sheet, line = places.get((one.table, one.address), ("", 0))
    shown = {"kind": str(one.kind), "name": one.name, "change": str(one.change), "label": str(one.label)}
    return shown | {"before": one.before, "after": one.after, "sheet": sheet, "line": line}


def _members(workspace: Workspace) -> Any:  # memberships with their users
    return workspace.memberships.select_related("user")
