"""Fields that fold: the first screen asks little, the rest opens where something stands in it or is wrong."""

from typing import Any, ClassVar, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, User, Workspace


class Folding(forms.BaseForm):
    """A form that names the fields behind its fold."""

    folded: ClassVar[tuple[str, ...]] = ()
    fold_label: ClassVar[str | Promise] = _("More")

    @property
    def plain_fields(self) -> list[BoundField]:
        """Give the fields of the first screen, the hidden ones too."""
        return [self[name] for name in self.fields if name not in self.folded]

    @property
    def folded_fields(self) -> list[BoundField]:
        """Give the fields behind the fold."""
        return [self[name] for name in self.folded if name in self.fields]

    @property
    def is_unfolded(self) -> bool:
        """Say whether something behind the fold was written, or is wrong."""
        return any(field.errors or self._is_said(field) for field in self.folded_fields)

    def _is_said(self, field: BoundField) -> bool:
        usual = self.fields[field.name].initial
        if usual is None:
            model = getattr(getattr(self, "_meta", None), "model", None)
            names = {each.name for each in model._meta.fields} if model else set()
            usual = model._meta.get_field(field.name).get_default() if model and field.name in names else None
        return field.value() not in {None, "", usual}


def choose_member(form: forms.BaseForm, name: str, workspace: Workspace) -> None:
    """Let a field choose among the workspace's members, by their names."""
    field = cast("forms.ModelChoiceField[Membership]", form.fields[name])
    field.queryset = workspace.memberships.select_related("user").order_by("user__name", "user__email")
    field.label_from_instance = lambda member: str(member.user)  # type: ignore[method-assign,assignment]  # Django's hook
    field.empty_label = str(_("Nobody yet"))


def choose_person(form: forms.BaseForm, name: str, workspace: Workspace) -> None:
    """Let a field choose among the people of the workspace."""
    field = cast("forms.ModelChoiceField[User]", form.fields[name])
    field.queryset = User.objects.filter(memberships__workspace=workspace).order_by("name", "email")
    field.empty_label = str(_("Nobody yet"))


def offer_departments(form: forms.BaseForm) -> None:
    """Let the browser offer the departments of the workspace; the page has the list `departments`."""
    form.fields["department"].widget.attrs["list"] = "departments"


def departments_of(workspace: Workspace) -> list[str]:
    """Give the departments that members have, and those that goals name."""
    members = workspace.memberships.exclude(department="").values_list("department", flat=True)
    goals: Any = workspace.goals.filter(archived_at=None).exclude(department="").values_list("department", flat=True)
    return sorted({*members, *goals}, key=str.casefold)
