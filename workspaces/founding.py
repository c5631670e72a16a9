"""A workspace begins, and changes its name, zone, currency and default windows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from workspaces import scope
from workspaces.models import AuditEntry, Membership, User, Workspace
from workspaces.roles import Role

LONGEST_ADDRESS = 50  # leaves room for a number within the column's 60
# What Unicode does not split into a letter and its mark.
LETTERS = str.maketrans({"æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ß": "ss", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th"})
FIGURES = frozenset({"zone_name", "view_days", "engagement_days", "click_days"})  # what the figures are computed with

Values = dict[str, Any]  # fields as JSON values


@transaction.atomic
def found(user: User, *, name: str, zone_name: str, currency: str, language: str = "en", now: datetime) -> Workspace:
    """Make a workspace that the person owns."""
    workspace = _with_free_address(name, zone_name=zone_name, currency=currency, language=language)
    with scope.in_workspace(workspace.pk):
        owner = Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
        AuditEntry.record(owner, "created", workspace, workspace=workspace, now=now)
    return workspace


@transaction.atomic
def change(workspace: Workspace, *, before: Values, after: Values, by: Membership, now: datetime) -> Workspace:
    """Save the changed fields, which the instance holds already; nothing changed leaves no trace."""
    if not after:
        return workspace
    fields = [*after, "revision"]
    workspace.revision += 1
    if FIGURES & set(after):
        workspace.figures_changed_at = now
        fields.append("figures_changed_at")
    workspace.save(update_fields=fields)
    AuditEntry.record(by, "changed", workspace, workspace=workspace, now=now, before=before, after=after)
    return workspace


@transaction.atomic
def set_windows(workspace: Workspace, *, days: Mapping[str, int], by: Membership, now: datetime) -> None:
    """Make these the default windows.

    days   by field, such as "click_days"; 0 turns a type of touch off
    """
    row = Workspace.objects.select_for_update().get(pk=workspace.pk)
    before = {name: getattr(row, name) for name, each in days.items() if getattr(row, name) != each}
    after = {name: days[name] for name in before}
    for name, each in after.items():
        setattr(row, name, each)
    change(row, before=before, after=after, by=by, now=now)


def address_from(name: str) -> str:
    """Give the part of the address that a name makes: "Ærlig Øl & Mat" makes "aerlig-ol-mat"."""
    return slugify(name.translate(LETTERS))[:LONGEST_ADDRESS].strip("-") or "workspace"


def _with_free_address(name: str, **fields: str) -> Workspace:
    base = address_from(name)
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        number += 1
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Workspace.objects.create(name=name, slug=slug, **fields)
        except IntegrityError:  # another took the address between our look and now
            taken.add(slug)
