"""Takes a spreadsheet into the plan: read once, tried as often as its matching is corrected, applied on a word."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from goals.applying import Applied, apply
from goals.columns import TABLES
from goals.differing import Difference, differences, name_of
from goals.document import Document, document_of
from goals.models import Plan, PlanFile
from goals.planning import PlanDraft, create_plan, current_plan, quarter_of
from goals.sheets.book import Book
from goals.sheets.faults import Reject
from goals.sheets.filling import Filled
from goals.sheets.matching import Match, match_book
from goals.sheets.opening import read_file
from goals.sheets.reading import Reading, read
from goals.sheets.trying import Trial, try_out
from workspaces.models import Membership, Workspace
from workspaces.refusal import Refusal
from workspaces.zones import day_of

MOST_SHOWN: Final = 1_000  # changes and rejects that are kept to be shown


class HasRejects(Refusal):
    """Some rows can't be taken, and nobody said that the others may go without them."""

    code = "file_has_rejects"


class PlanMoved(Refusal):
    """The plan was changed since the dry run, which therefore tells of another one."""

    code = "plan_changed"


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
    """Read the file, match its columns and try it; raise UnsupportedFile, FileTooLarge, DamagedFile."""
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
    return _tried(row, reading or Reading(match_book(book)), now)


@transaction.atomic
def check_again(file: PlanFile, reading: Reading, *, now: datetime) -> PlanFile:
    """Try the file with another matching."""
    _refuse_applied(file)
    return _tried(file, reading, now)


@transaction.atomic
def take_in(file: PlanFile, *, by: Membership, now: datetime, good_rows_only: bool = False) -> Applied:
    """Bring the plan to what the file says: all of it or nothing.

    good_rows_only   leave out the rows that are rejected, instead of refusing the file for them
    raises           HasRejects, PlanMoved, AppliedAlready, and what `goals.applying.apply` raises
    """
    file = PlanFile.objects.select_for_update().get(pk=file.pk)
    _refuse_applied(file)
    reading = reading_of(file)
    found_plan = current_plan(file.workspace)
    plan = _plan_for(file, by=by, now=now)
    Plan.objects.select_for_update().get(pk=plan.pk)
    is_same = (found_plan.pk if found_plan else None) == file.plan_id
    if not is_same or (found_plan and fingerprint(document_of(plan)) != file.result["before"]):
        raise PlanMoved(_("The plan was changed since the file was checked. Check it again, then take it in."))
    document = _wanted(file, reading, plan, by=by, now=now, good_rows_only=good_rows_only)
    applied = apply(document, plan, by=by, now=now, remove_missing=reading.remove_missing)
    file.plan, file.applied_at = plan, now
    file.result |= {"removed": len(applied.removed)}
    file.save(update_fields=["plan", "applied_at", "result"])
    return applied


def _wanted(
    file: PlanFile, reading: Reading, plan: Plan, *, by: Membership, now: datetime, good_rows_only: bool
) -> Document:
    """Give what the plan is to say; a file without rejects, of a plan that is the same still, is not tried again."""
    if not file.result["rejected"] and not file.result["fault"]:
        return _filled(file, reading, document_of(plan))[0].document
    found = dry_run(file, reading, plan, by=by, now=now)
    if found.trial.fault:
        raise HasRejects(found.trial.fault)
    if found.rejects and not good_rows_only:
        raise HasRejects(_("Some rows can't be taken in. Mend them, or take in the good rows only."))
    return found.trial.document


def dry_run(file: PlanFile, reading: Reading, plan: Plan, *, by: Any, now: datetime) -> DryRun:  # By
    """Give what the file would do to the plan; nothing of it stays."""
    before = document_of(plan)
    filled, decimal = _filled(file, reading, before)
    trial = try_out(filled.document, plan, by=by, now=now, remove_missing=reading.remove_missing)
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


def _tried(file: PlanFile, reading: Reading, now: datetime) -> PlanFile:
    matching = {"matches": [match.as_json() for match in reading.matches], "decimal": reading.decimal}
    file.matching = matching | {"remove_missing": reading.remove_missing}
    file.plan = current_plan(file.workspace)
    with transaction.atomic():
        plan = _plan_for(file, by=file.member, now=now)
        found = dry_run(file, reading, plan, by=file.member, now=now)
        if file.plan is None:
            transaction.set_rollback(True)  # the plan was made to be tried on
    file.result = _result(found)
    file.save()
    return file


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


def _refuse_applied(file: PlanFile) -> None:
    if file.applied_at is not None:
        raise AppliedAlready(_("The file is in the plan already; send it again to compare it anew."))


def _members(workspace: Workspace) -> Any:  # memberships with their users
    return workspace.memberships.select_related("user")
