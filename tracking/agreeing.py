"""Which events are planned: written by those who know goals, and by hand.

Tracking knows no goals. Whoever does says what they ask for, and this keeps it in rows that the door can read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking import gate
from tracking.models import PlannedEvent
from tracking.models.catalogue import MAX_EVENT_NAME_CHARS
from tracking.planned import Property
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event that goals ask for; goals are pairs of short name and name."""

    name: str
    properties: tuple[Property, ...] = ()
    goals: tuple[tuple[str, str], ...] = ()


class NotAnEventName(Refusal):
    """A planned event needs a name that an event can have."""

    code = "name_required"
    field = "name"


@transaction.atomic
def agree(workspace_id: int, wanted: Iterable[Wanted], *, now: datetime) -> int:
    """Bring the planned events to what goals ask for; say how many changed. What was planned by hand stays."""
    asked = {each.name: each for each in wanted if _is_name(each.name)}
    held = {row.name: row for row in PlannedEvent.objects.filter(workspace_id=workspace_id)}
    made = [_row(workspace_id, each, now) for name, each in asked.items() if name not in held]
    PlannedEvent.objects.bulk_create(made, ignore_conflicts=True)  # another worker may be at it
    changed = [row for name, row in held.items() if _differs(row, asked.get(name))]
    for row in changed:
        each = asked.get(row.name)
        if each is None and not row.is_by_hand:
            row.delete()
            continue
        row.properties, row.goals = _columns(each) if each else ([], [])
        row.save(update_fields=["properties", "goals"])
    if made or changed:
        transaction.on_commit(gate.forget)
    return len(made) + len(changed)


@transaction.atomic
def plan_by_hand(workspace: Workspace, name: str, *, by: Membership | str, now: datetime) -> PlannedEvent:
    """Plan an event without a goal; planning it again changes nothing. Raise NotAnEventName."""
    if not _is_name(name):
        raise NotAnEventName(
            _("Write the event's name, in at most %(most)s characters.") % {"most": MAX_EVENT_NAME_CHARS}
        )
    row, is_new = PlannedEvent.objects.get_or_create(
        workspace=workspace, name=name, defaults={"is_by_hand": True, "created_at": now}
    )
    if is_new or not row.is_by_hand:
        row.is_by_hand = True
        row.save(update_fields=["is_by_hand"])
        AuditEntry.record(by, "created", row, workspace=workspace, now=now, after={"name": name})
        transaction.on_commit(gate.forget)
    return row


@transaction.atomic
def unplan(row: PlannedEvent, *, by: Membership | str, now: datetime) -> bool:
    """Take back what was planned by hand; what goals ask for stays planned. Say False where it was not by hand."""
    if PlannedEvent.objects.filter(pk=row.pk, is_by_hand=True).update(is_by_hand=False) != 1:
        return False
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before={"name": row.name})
    if not row.goals:
        row.delete()
    transaction.on_commit(gate.forget)
    return True


def merged(each: Iterable[Property]) -> tuple[Property, ...]:
    """Put together what several goals say of one event: what any of them takes will do, what any needs is needed."""
    by_name: dict[str, list[Property]] = {}
    for one in each:
        by_name.setdefault(one.name, []).append(one)
    return tuple(_one(name, said) for name, said in by_name.items())


def _one(name: str, said: Sequence[Property]) -> Property:
    is_limited = all(each.allowed for each in said)
    return Property(
        name,
        types=frozenset().union(*(each.types for each in said)),
        is_required=any(each.is_required for each in said),
        allowed=frozenset().union(*(each.allowed for each in said)) if is_limited else frozenset(),
    )


def _is_name(name: str) -> bool:
    return bool(name.strip()) and len(name) <= MAX_EVENT_NAME_CHARS and name.isprintable()


def _columns(each: Wanted) -> tuple[list[Mapping[str, object]], list[list[str]]]:
    return [one.as_json() for one in each.properties], [list(goal) for goal in each.goals]


def _row(workspace_id: int, each: Wanted, now: datetime) -> PlannedEvent:
    properties, goals = _columns(each)
    return PlannedEvent(workspace_id=workspace_id, name=each.name, properties=properties, goals=goals, created_at=now)


def _differs(row: PlannedEvent, each: Wanted | None) -> bool:
    return (row.properties, row.goals) != (_columns(each) if each else ([], [])) or (
        each is None and not row.is_by_hand
    )
