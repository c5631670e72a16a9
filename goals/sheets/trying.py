"""Tries a document on a plan and takes everything back: which rows the plan's own rules refuse, and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from goals.applying import Tell, apply, row_count, untold
from goals.columns import TABLES
from goals.document import LISTS, Document, document_of
from goals.fitting import fit
from goals.models import Plan
from goals.revising import By
from goals.rows import Row
from goals.sheets.filling import Address
from goals.writing import WRITE, Writer
from workspaces.models.audit import gathered
from workspaces.refusal import Refusal

MOST_CHANGES = 10_000  # rows that a plan gains or changes by one file; beyond, the file is hardly a plan


class TooManyChanges(Refusal):
    """The file changes more rows than are written at once."""

    code = "too_many_changes"
    field = "file"
    status = 413


@dataclass(slots=True)
class Trial:
    """What became of it.

    document   what the plan would say: without the rows that were refused
    refused    why, by the address of the row
    fault      what speaks against the whole, "" where nothing does
    """

    document: Document
    refused: dict[Address, str] = field(default_factory=dict)
    fault: str = ""


def try_out(
    document: Document, plan: Plan, *, by: By, now: datetime, remove_missing: bool = False, tell: Tell = untold
) -> Trial:
    """Write each row that differs, note which are refused, and undo all of it; `tell` hears how far it is."""
    with transaction.atomic(), gathered(kept=False):
        trial = _trial(document, plan, by, now, tell)
        transaction.set_rollback(True)
    if not remove_missing:
        return trial
    # What is taken out can be in use; only the whole tells.
    with transaction.atomic(), gathered(kept=False):
        try:
            with transaction.atomic():
                apply(trial.document, plan, by=by, now=now, remove_missing=remove_missing)
        except (Refusal, DatabaseError) as refusal:
            trial.fault = reason_of(refusal)
        transaction.set_rollback(True)
    return trial


def _trial(document: Document, plan: Plan, by: By, now: datetime, tell: Tell) -> Trial:
    writer = Writer(plan, by=by, now=now)
    before = document_of(plan)
    trial = Trial(fit(document, plan, members=writer.members).document)
    changes, done, total = 0, 0, row_count(trial.document)
    for key in ("plan", *LISTS):
        table = TABLES[key]
        saved = {table.address_of(row): row for row in table.rows_of(before)}
        kept: list[Row] = []
        for row in table.rows_of(trial.document):
            done += 1
            tell(done, total)
            old = saved.get(table.address_of(row))
            changes += old != row
            if changes > MOST_CHANGES:
                raise TooManyChanges(
                    _("The file changes more than %(most)s rows; split it into several.") % {"most": MOST_CHANGES}
                )
            refusal = "" if old == row else _refusal(partial(WRITE[key], writer, row, is_new=old is None))
            if refusal:
                trial.refused[key, table.address_of(row)] = refusal
            kept += [row] if not refusal else [old] if old is not None else []
        trial.document = _with(trial.document, key, kept)
    return trial


def _refusal(write: Callable[[], None]) -> str:
    try:
        with transaction.atomic():
            write()
    except (Refusal, DatabaseError) as refusal:
        return reason_of(refusal)
    return ""


def _with(document: Document, key: str, rows: Iterable[Any]) -> Document:
    rows = tuple(rows)
    given: dict[str, Any] = {key: rows[0] if key == "plan" else rows}
    return replace(document, **given)


def reason_of(refusal: Exception) -> str:
    """Give a refusal's sentence; of a constraint of the database the one that its model has for it."""
    if isinstance(refusal, Refusal):
        return str(refusal)
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for kind in _constrained():
        for constraint in kind._meta.constraints:  # Django's documented name
            if constraint.name == name:
                return str(constraint.violation_error_message or constraint.get_violation_error_message())
    return _("The row says what can't be kept: %(reason)s.") % {"reason": type(refusal).__name__}


def _constrained() -> Iterable[type[models.Model]]:
    return Plan._meta.apps.get_app_config("goals").get_models()
