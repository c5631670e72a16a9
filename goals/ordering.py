"""Numbers a plan's rows in the order in which a document has them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from goals.columns import TABLES
from goals.document import Document, document_of
from goals.models import Kpi, Parameter, Plan, Question
from goals.revising import By
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
    """Bring the plan's rows into the document's order, those that it doesn't name last; say whether any moved."""
    found = document_of(plan)
    moved = {}
    for key, placed in _PLACED.items():
        address_of = TABLES[key].address_of
        places = {address_of(row): place for place, row in enumerate(getattr(wanted, key))}
        rows = sorted(getattr(found, key), key=lambda row: places.get(address_of(row), len(places)))
        given: dict[str, Any] = {key: tuple(rows)}
        ordered = getattr(replace(found, **given), key)  # below their own objectives and goals again
        if ordered != getattr(found, key):
            addresses = [address_of(row) for row in ordered]
            _number(placed, plan, addresses)
            moved[key] = ["/".join(address) for address in addresses]
    if moved:
        AuditEntry.record(by, "reordered", plan, workspace=plan.workspace, now=now, after=moved)
    return bool(moved)


def _number(placed: _Placed, plan: Plan, addresses: list[tuple[str, ...]]) -> None:
    places = {address: place for place, address in enumerate(addresses)}
    for pk, position, *address in placed.rows(plan).values_list("pk", "position", *placed.address):
        place = places.get(tuple(address), len(places))
        if place != position:
            placed.rows(plan).filter(pk=pk).update(position=place)
