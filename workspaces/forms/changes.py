"""What a form changed, as the audit trail keeps it."""

from typing import Any

from django.db.models import Model
from django.forms import ModelForm

Values = dict[str, Any]  # any JSON value of a field, and what Django's encoder makes one


def changes_of(form: "ModelForm[Any]") -> tuple[Values, Values]:
    """Give the changed fields of a valid form before and after; both empty where nothing changed.

    Works before and after the instance was saved: "before" is what the form was opened with.
    """
    names = [name for name in form.changed_data if name in form.cleaned_data and name in form.initial]
    before = {name: _kept(form.initial[name]) for name in names}
    after = {name: _kept(form.cleaned_data[name]) for name in names}
    changed = [name for name in names if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _kept(value: Any) -> Any:
    """Give rows as their ids, and lists of rows as lists of ids."""
    if isinstance(value, Model):
        return value.pk
    if hasattr(value, "__iter__") and not isinstance(value, str | dict):
        return sorted((_kept(one) for one in value), key=str)
    return value
