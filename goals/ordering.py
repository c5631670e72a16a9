"""Numbers a plan's rows in the order in which a document has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from goals.columns import TABLES
from goals.document import Document, document_of
from goals.models import Kpi, Parameter, Plan, Question
from goals.revising import By
from goals.rows import Row
from goals.tables import Table
from workspaces.models import AuditEntry


@dataclass(frozen=True, slots=True)
class _Placed:
    """The saved rows of one list, and the columns that make up a row's address."""

    rows: "Callable[[Plan], QuerySet[Any]]"
    address: tuple[str, ...] = ("slug",)


# Targets stand by their days, and a specification by its goal: neither has a place of its own.
_PLACED: Final[dict[str, _Placed]] = {
    "objectives": _Placed(lambda plan: plan.objectives.all()),
    "questions": _Placed(lambda plan: Question.objects.filter(objective__plan=plan), ("objective__slug", "slug")),
    "segments": _Placed(lambda plan: plan.segments.all()),
    "goals": _Placed(lambda plan: plan.goals.live()),
    "kpis": _Placed(lambda plan: Kpi.objects.live().filter(goal__plan=plan)),
    "parameters": _Placed(
        lambda plan: Parameter.objects.filter(spec__goal__plan=plan), ("spec__goal__slug", "name")
    ),
    "reportings": _Placed(lambda plan: plan.reportings.all()),
}  # fmt: skip


def reorder(plan: Plan, wanted: Document, *, by: By, now: datetime) -> bool:
    """Bring the rows that the document names into its order, others keep their places; say whether any moved."""
    found = document_of(plan)
    moved = {}
    for key, placed in _PLACED.items():
        rows = getattr(found, key)
        ordered = _ordered(TABLES[key], rows, getattr(wanted, key))
        if ordered != rows:
            addresses = [TABLES[key].address_of(row) for row in ordered]
            _number(placed, plan, addresses)
            moved[key] = ["/".join(address) for address in addresses]
    if moved:
        AuditEntry.record(by, "reordered", plan, workspace=plan.workspace, now=now, after=moved)
    return bool(moved)


def _ordered(table: Table, rows: Sequence[Row], wanted: Sequence[Row]) -> tuple[Row, ...]:
    """Put the rows that are wanted into that order, in the places that they hold among those beside them."""
    places = {table.address_of(row): place for place, row in enumerate(wanted)}
    named: dict[tuple[Any, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: places.get(table.address_of(row), -1)):
        if table.address_of(row) in places:
            named.setdefault(table.group_of(row), []).append(row)
    turns = {group: iter(own) for group, own in named.items()}
    return tuple(next(turns[table.group_of(row)]) if table.address_of(row) in places else row for row in rows)


def _number(placed: _Placed, plan: Plan, addresses: list[tuple[str, ...]]) -> None:
    places = {address: place for place, address in enumerate(addresses)}
    for pk, position, *address in placed.rows(plan).values_list("pk", "position", *placed.address):
        place = places.get(tuple(address), len(places))
        if place != position:
            placed.rows(plan).filter(pk=pk).update(position=place)
