"""Undo and redo on the plan's page: each act keeps its steps, and is taken back only where nobody wrote since.

Each member has a line of acts of their own per plan. An act that is undone can be redone until the next one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goals import arranging, kinds
from goals.kinds import Row, State
from goals.models import Plan, PlanEdit
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

BEHIND = "behind"  # the sibling that a row stands below: its place, which others may move without being in the way
MOST_KEPT = 200  # acts a member can go back; beyond it nobody remembers what they were
STANDS_BY = {"level", "objective", "supports"}  # what else says where a goal stands


class NothingToUndo(Refusal):
    """There is no act to take back, or none to do again."""

    code = "nothing_to_undo"


class ChangedSince(Refusal):
    """Somebody wrote the row after the act that is to be taken back."""

    code = "changed_since"

    def __init__(self, name: str, who: str) -> None:
        text = _('"%(name)s" was changed by %(who)s since, so this can\'t be taken back. Change it by hand.')
        super().__init__(text % {"name": name, "who": who or _("somebody")})


@dataclass(frozen=True, slots=True)
class Step:
    """What an act did to one row.

    row      its address, "goal-12"
    before   its changed values as they were; None where there was no such row
    after    as they are then; None where the row is gone
    """

    row: str
    before: State | None
    after: State | None

    def back(self) -> "Step":
        """Give what takes the step back."""
        return Step(self.row, self.after, self.before)


def made(row: Row) -> Step:
    """Give the step of a row that was made."""
    return Step(kinds.address(row), None, _whole(row))


@contextmanager
def watched(rows: Sequence[Row], steps: list[Step]) -> Iterator[None]:
    """Append to the steps what the block changes of these rows."""
    before = {kinds.address(row): _placed(row) for row in rows}
    yield
    for row in rows:
        row.refresh_from_db()
        address, after = kinds.address(row), _placed(row)
        was = before[address]
        changed = {name for name, value in after.items() if was[name] != value}
        if changed & STANDS_BY:
            changed.add(BEHIND)  # first in one group and first in another are not the same place
        if changed:
            old, new = {name: was[name] for name in changed}, {name: after[name] for name in changed}
            steps.append(Step(address, old, new))


def gone(row: Row) -> Step:
    """Give the step of a row that is about to be taken out."""
    return Step(kinds.address(row), _whole(row), None)


def remember(plan: Plan, member: Membership, label: str, steps: Sequence[Step], *, now: datetime) -> PlanEdit | None:
    """Keep an act, None where it changed nothing; what was undone before it can't be redone any more."""
    if not steps:
        return None
    own = _own(plan, member)
    own.exclude(undone_at=None).delete()
    oldest = own.values_list("pk", flat=True)[MOST_KEPT - 1 : MOST_KEPT].first()
    if oldest:
        own.filter(pk__lte=oldest).delete()
    kept = [asdict(step) for step in steps]
    return PlanEdit.objects.create(
        workspace=plan.workspace, plan=plan, member=member, label=label[:200], steps=kept, at=now
    )


def next_undo(plan: Plan, member: Membership) -> PlanEdit | None:
    """Give the act that `undo` would take back."""
    return _own(plan, member).filter(undone_at=None).first()


def next_redo(plan: Plan, member: Membership) -> PlanEdit | None:
    """Give the act that `redo` would do again."""
    return _own(plan, member).exclude(undone_at=None).last()


@transaction.atomic
def undo(plan: Plan, member: Membership, *, now: datetime) -> PlanEdit:
    """Take the member's last act back, whole; raise ChangedSince where somebody else wrote since."""
    edit = next_undo(plan, member)
    if edit is None:
        raise NothingToUndo(_("There is nothing to undo."))
    for step in reversed(_steps(edit)):
        _apply(plan, step.back(), by=member, now=now)
    _mark(edit, now)
    return edit


@transaction.atomic
def redo(plan: Plan, member: Membership, *, now: datetime) -> PlanEdit:
    """Do the act again that was undone last."""
    edit = next_redo(plan, member)
    if edit is None:
        raise NothingToUndo(_("There is nothing to redo."))
    for step in _steps(edit):
        _apply(plan, step, by=member, now=now)
    _mark(edit, None)
    return edit


def _own(plan: Plan, member: Membership) -> "QuerySet[PlanEdit]":
    return plan.edits.filter(member=member)


def _steps(edit: PlanEdit) -> list[Step]:
    return [Step(**kept) for kept in edit.steps]


def _mark(edit: PlanEdit, undone_at: datetime | None) -> None:
    # Two windows that undo at once: one of them finds the row in another state, and its act is rolled back whole.
    was_open = undone_at is not None
    if PlanEdit.objects.filter(pk=edit.pk, undone_at__isnull=was_open).update(undone_at=undone_at) != 1:
        raise NothingToUndo(_("This was done in another window already; open the page again."))


def _apply(plan: Plan, step: Step, *, by: Membership, now: datetime) -> None:
    if step.before is None and step.after is not None:
        row = kinds.bring_back(plan, step.row, _without_place(step.after), by=by, now=now)
        arranging.put_behind(row, step.after.get(BEHIND), by=by, now=now)
        return
    row = kinds.find(plan, step.row)
    _check(row, step.before or {}, by)
    if step.after is None:
        kinds.take_out(row, by=by, now=now)
        return
    values = _without_place(step.after)
    if values:
        row = kinds.write(row, kinds.load(plan, values), by=by, now=now)
    if BEHIND in step.after:
        arranging.put_behind(row, step.after[BEHIND], by=by, now=now)


def _check(row: Row, expected: State, by: Membership) -> None:
    found = kinds.state_of(row)
    differing = [name for name, value in expected.items() if name in found and found[name] != value]
    if differing:
        raise ChangedSince(str(row), _who_changed(row, differing[0], by))


def _who_changed(row: Row, name: str, by: Membership) -> str:
    entries = AuditEntry.objects.filter(workspace=row.workspace, subject_type=kinds.kind_of(row).key)
    newest = entries.filter(subject_id=str(row.pk), after__has_key=name).select_related("actor").first()
    if newest is None:
        return ""
    return _("you, elsewhere") if newest.actor_id == by.user_id else newest.actor_name


def _placed(row: Row) -> State:
    return kinds.state_of(row) | {BEHIND: arranging.behind(row)}


def _whole(row: Row) -> State:
    return kinds.whole_of(row) | {BEHIND: arranging.behind(row)}


def _without_place(state: State) -> State:
    return {name: value for name, value in state.items() if name != BEHIND}
