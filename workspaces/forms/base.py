"""What every form here has: a token, a status, a summary of its faults; for edits, the version it was made from."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workspaces.forms.fields import field_for

TOKEN = "form_token"  # noqa: S105  # a field's name
REVISION = "revision"
_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the summary: what is wrong, and the id of the field to go to ("" for the whole form)."""

    target: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else saved with another value meanwhile."""

    label: str
    theirs: str
    yours: str


class Base(forms.BaseForm):
    """The shared part of `Form` and `ModelForm`."""

    clashes: tuple[Clash, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
        self.fields[TOKEN] = forms.UUIDField(
            label=_("This form"),
            widget=forms.HiddenInput,
            initial=uuid.uuid4,
            required=False,
            error_messages={"invalid": _STALE},
        )

    @property
    def values(self) -> dict[str, Any]:
        """Give what the form asked for, without its token and revision."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {TOKEN, REVISION}}

    @property
    def status(self) -> int:
        """Give the status of the page that shows the form: 200 fresh, 422 with faults, 409 in conflict."""
        if self.clashes:
            return 409
        return 422 if self.is_bound and self.errors else 200

    @property
    def summary(self) -> list[Fault]:
        """Give the faults in the order of the fields, those of the whole form first."""
        faults = [fault for fault in self.errors.as_data().get(NON_FIELD_ERRORS, ()) if fault.code != _ROWS]
        whole = [Fault("", "", message) for fault in faults for message in fault.messages]
        fields = [self[name] for name in self.fields if name in self.errors]
        return whole + [Fault(one.id_for_label, str(one.label), str(text)) for one in fields for text in one.errors]

    def is_valid(self) -> bool:
        """Check the form; the first field at fault asks for the focus."""
        valid = super().is_valid()
        self._focus_first_fault()
        return valid

    def refuse_rows(self) -> None:
        """Refuse the form for its rows, forms of their own; its summary names their faults and not this one."""
        self.add_error(None, ValidationError(_("Mend what is marked below."), code=_ROWS))

    def refuse(self, message: str, *, field: str | None = None) -> None:
        """Show that a rule refused the act."""
        self.add_error(field if field in self.fields else None, message)
        self._focus_first_fault()

    def _focus_first_fault(self) -> None:
        first = next((name for name in self.fields if name in self.errors), None)
        if first is not None:
            self.fields[first].widget.attrs["autofocus"] = True


class Form(Base, forms.Form):
    """A form of its own fields."""


class ModelForm(Base, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """A form over a row; where the model has `revision`, saving over somebody else's change is refused."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Let numbers of the model be read in people's own way of writing, unless Meta says otherwise."""
        super().__init_subclass__(**options)
        meta = cls.__dict__.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(field_for)

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
        if self._is_edit():
            self.fields[REVISION] = forms.IntegerField(
                label=_("This form"),
                widget=forms.HiddenInput,
                initial=self.instance.revision,
                error_messages={"required": _STALE},
            )

    def clean(self) -> dict[str, Any]:
        """Refuse to save over a newer version; its row stays locked until the request's transaction ends."""
        cleaned = super().clean() or self.cleaned_data
        if self._is_edit() and (seen := cleaned.get(REVISION)) is not None:
            model = type(self.instance)
            rows = model._default_manager  # noqa: SLF001  # a documented name of Django
            saved = rows.select_for_update().filter(pk=self.instance.pk).first()
            if saved is None:
                raise forms.ValidationError(_("This was deleted meanwhile; nothing was saved."))
            if saved.revision != seen:
                self._clash_with(saved, cleaned)
            self.instance.revision = saved.revision  # the act counts on from what is locked now
        return cleaned

    def _is_edit(self) -> bool:
        # `revision` among the Meta fields would be the person's to write.
        return self.instance.pk is not None and hasattr(self.instance, REVISION)

    def _clash_with(self, saved: Model, cleaned: Mapping[str, Any]) -> None:
        theirs = forms.model_to_dict(saved)
        shown = [name for name in self.fields if name in theirs and name in cleaned and name != REVISION]
        self.clashes = tuple(
            Clash(str(self[name].label), _shown(saved, name, theirs[name]), _written(self, name, cleaned[name]))
            for name in shown
            if not _same(theirs[name], cleaned[name])
        )
        if not self.clashes:
            return  # both wrote the same: nothing would be lost
        # What is sent next is meant to replace the version that is shown now.
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(REVISION)] = str(cast(Any, saved).revision)
        self.data = data
        self.add_error(NON_FIELD_ERRORS, _CONFLICT)


def _same(kept: Any, written: Any) -> bool:
    if isinstance(written, Model):
        return bool(kept == written.pk)
    if hasattr(written, "__iter__") and not isinstance(written, str | dict):
        return {getattr(one, "pk", one) for one in kept or ()} == {getattr(one, "pk", one) for one in written}
    return (kept if kept is not None else "") == (written if written is not None else "")


def _shown(row: Model, name: str, value: Any) -> str:
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or gettext("nothing")
    field = row._meta.get_field(name)
    return str(getattr(row, name)) if value not in (None, "") and field.concrete else gettext("nothing")


def _written(form: forms.BaseForm, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", ()))
    if not isinstance(value, Model) and isinstance(value, str) and value in choices:
        return str(choices[value])
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return ", ".join(str(one) for one in value) or gettext("nothing")
    return str(value) if value not in (None, "") else gettext("nothing")


_STALE = _("This form is incomplete; open the page again.")
_CONFLICT = _(
    "Somebody else saved this meanwhile, so yours was not saved. Compare the two; save again to replace theirs."
)
