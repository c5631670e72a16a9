"""Audit entries as sentences, with what changed from what to what."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.models import AuditEntry

SENTENCES: Final[dict[str, Promise]] = {
    "created": gettext_lazy("%(who)s created the %(kind)s %(name)s"),
    "changed": gettext_lazy("%(who)s changed the %(kind)s %(name)s"),
    "deleted": gettext_lazy("%(who)s deleted the %(kind)s %(name)s"),
    "archived": gettext_lazy("%(who)s archived the %(kind)s %(name)s"),
    "revoked": gettext_lazy("%(who)s revoked the %(kind)s %(name)s"),
    "removed": gettext_lazy("%(who)s removed the %(kind)s %(name)s"),
    "invited": gettext_lazy("%(who)s invited %(name)s"),
    "sent again": gettext_lazy("%(who)s sent the invitation of %(name)s again"),
    "withdrew": gettext_lazy("%(who)s withdrew the invitation of %(name)s"),
    "joined": gettext_lazy("%(who)s joined"),
    "left": gettext_lazy("%(who)s left"),
    "closed": gettext_lazy("%(who)s closed the %(kind)s %(name)s"),
    "cancelled": gettext_lazy("%(who)s cancelled the %(kind)s %(name)s"),
    "signed": gettext_lazy("%(who)s signed the %(kind)s %(name)s"),
    "started again": gettext_lazy("%(who)s started the %(kind)s %(name)s again"),
    "imported": gettext_lazy("%(who)s imported the %(kind)s %(name)s"),
    "uploaded": gettext_lazy("%(who)s uploaded the %(kind)s %(name)s"),
    "submitted": gettext_lazy("%(who)s submitted the %(kind)s %(name)s"),
    "withdrawn": gettext_lazy("%(who)s withdrew the %(kind)s %(name)s"),
    "asked about": gettext_lazy("%(who)s asked about the %(kind)s %(name)s"),
    "answered": gettext_lazy("%(who)s answered what was asked about the %(kind)s %(name)s"),
    "approved": gettext_lazy("%(who)s approved the %(kind)s %(name)s"),
    "merged": gettext_lazy("%(who)s approved the %(kind)s %(name)s as covered already"),
    "declined": gettext_lazy("%(who)s declined the %(kind)s %(name)s"),
    "commented on": gettext_lazy("%(who)s commented on the %(kind)s %(name)s"),
    "voted for": gettext_lazy("%(who)s voted for the %(kind)s %(name)s"),
    "withdrew vote for": gettext_lazy("%(who)s took the vote for the %(kind)s %(name)s back"),
}
# The same as words of the filter; an act that is not here is shown as it is kept.
ACTS: Final[dict[str, Promise]] = {
    "created": gettext_lazy("created"),
    "changed": gettext_lazy("changed"),
    "deleted": gettext_lazy("deleted"),
    "archived": gettext_lazy("archived"),
    "revoked": gettext_lazy("revoked"),
    "removed": gettext_lazy("removed"),
    "invited": gettext_lazy("invited"),
    "sent again": gettext_lazy("sent again"),
    "withdrew": gettext_lazy("withdrawn"),
    "joined": gettext_lazy("joined"),
    "left": gettext_lazy("left"),
    "closed": gettext_lazy("closed"),
    "cancelled": gettext_lazy("cancelled"),
    "signed": gettext_lazy("signed"),
    "started again": gettext_lazy("started again"),
    "imported": gettext_lazy("imported"),
    "uploaded": gettext_lazy("uploaded"),
    "ordered": gettext_lazy("ordered"),
    "submitted": gettext_lazy("submitted"),
    "withdrawn": gettext_lazy("withdrawn"),
    "asked about": gettext_lazy("asked about"),
    "answered": gettext_lazy("answered"),
    "approved": gettext_lazy("approved"),
    "merged": gettext_lazy("approved as covered already"),
    "declined": gettext_lazy("declined"),
    "commented on": gettext_lazy("commented on"),
    "voted for": gettext_lazy("voted for"),
    "withdrew vote for": gettext_lazy("took the vote back for"),
}
# Fields whose model names no label.
LABELS: Final[dict[str, Promise]] = {
    "scopes": gettext_lazy("scopes"),
    "objective": gettext_lazy("objective"),
    "owner": gettext_lazy("owner"),
    "counting_days": gettext_lazy("days between counts"),
    "value_micros": gettext_lazy("amount"),
    "engagement_days": gettext_lazy("engagement window"),
    "view_days": gettext_lazy("view window"),
    "click_days": gettext_lazy("click window"),
    "rules": gettext_lazy("what counts"),
}
OTHER: Final = gettext_lazy("%(who)s %(act)s the %(kind)s %(name)s")


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its label, and its values as texts; "" where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the audit page shows of one entry."""

    at: datetime
    text: str
    changes: tuple[Change, ...]


def tell(entry: AuditEntry) -> Sentence:
    """Put the entry into words; what this version does not know is told in its own words."""
    model = _model_of(entry.subject_type)
    kind = str(model._meta.verbose_name) if model else entry.subject_type
    act = str(ACTS.get(entry.act, entry.act))
    words = {"who": entry.actor_name, "act": act, "kind": kind, "name": entry.subject_name}
    before, after = entry.before or {}, entry.after or {}
    names = [*after, *(name for name in before if name not in after)]
    changes = tuple(
        Change(_label(model, name), _text(model, name, before.get(name)), _text(model, name, after.get(name)))
        for name in names
        if (before.get(name), after.get(name)) != (None, None)
    )
    return Sentence(entry.at, str(SENTENCES.get(entry.act, OTHER)) % words, changes)


def choices_of(acts: Iterable[str]) -> list[tuple[str, str]]:
    """Give each act with its word, for a filter."""
    return [(act, str(ACTS.get(act, act))) for act in acts]


def _model_of(name: str) -> type[models.Model] | None:
    return next((model for model in apps.get_models() if model._meta.model_name == name), None)


def _field(model: type[models.Model] | None, name: str) -> Any:  # a field of Django, or None
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(model: type[models.Model] | None, name: str) -> str:
    if name in LABELS:
        return capfirst(str(LABELS[name]))
    field = _field(model, name)
    return capfirst(str(getattr(field, "verbose_name", "") or name.replace("_", " ")))


def _text(model: type[models.Model] | None, name: str, value: Any) -> str:  # any JSON value
    if isinstance(value, list):
        return ", ".join(_text(model, name, each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return ""
    field = _field(model, name)
    choices = dict(getattr(getattr(field, "base_field", field), "choices", None) or ())
    return str(choices.get(value, value))
