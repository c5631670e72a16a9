"""Colleagues by department, asked what they would add."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.answers import Answers
from goals.forms.start import StepForm
from workspaces.joining import Wish
from workspaces.models import Workspace
from workspaces.roles import Role

DEPARTMENTS = (_("Marketing"), _("Sales"), _("Customer service"), _("Product"), _("Management"))


class ColleagueForm(forms.Form):
    """One line: nobody, or a colleague."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )
    department = forms.CharField(
        label=_("Department"), max_length=80, required=False, widget=forms.TextInput({"list": "departments"})
    )
    role = forms.ChoiceField(label=_("Role"), required=False, initial=Role.CONTRIBUTOR)

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]  # a choice field

    @property
    def wish(self) -> Wish | None:
        """Give whom to invite, after `is_valid`; None for an empty line."""
        given = self.cleaned_data
        return (
            Wish(given["email"], Role(given["role"] or Role.CONTRIBUTOR), given["department"])
            if given.get("email")
            else None
        )


class PeopleForm(StepForm):
    title: ClassVar[Any] = _("Colleagues")

    def __init__(self, *args: Any, roles: tuple[Role, ...] = (), **options: Any) -> None:
        """Make the form; `roles` are those that the person may give, none where inviting is not theirs to do."""
        super().__init__(*args, **options)
        choices = [(role.value, role.label) for role in roles]
        self.parts = [
            ColleagueForm(
                self.data if self.is_bound else None, prefix=f"colleague-{place}", roles=choices,
                initial={"department": str(department)},
            )
            for place, department in enumerate(DEPARTMENTS if roles else ())
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse an address that stands in two lines, or that belongs here already."""
        cleaned = super().clean()
        seen: set[str] = set()
        known = _known(self.workspace)
        for part in self.parts:
            email = part.cleaned_data.get("email", "").lower()
            if email in seen:
                part.add_error("email", _("This address stands above already."))
            elif email in known:
                part.add_error("email", _("This person is a member or invited already."))
            seen |= {email} - {""}
        if not self.errors and any(part.errors for part in self.parts):
            self.refuse_rows()
        return cleaned

    @property
    def wishes(self) -> list[Wish]:
        """Give whom to invite, after `is_valid`."""
        found = [part.wish for part in self.parts if isinstance(part, ColleagueForm)]
        return [wish for wish in found if wish is not None]

    def answer(self, said: Answers) -> Answers:
        """Give the answers as they are: colleagues are invited with the plan, and kept nowhere before."""
        return said

    def words(self, said: Answers) -> str:
        """Say what the plan will be made of, so that a colleague's late answer is seen before it is made."""
        goals = ", ".join(each.name for _level, each in said.goals.values())
        aims = ", ".join(f"{aim.name} {aim.value}" for aim in said.aims or () if aim.value)
        return " · ".join(part for part in (said.about, goals, aims) if part)


def _known(workspace: Workspace) -> set[str]:
    members = workspace.memberships.values_list("user__email", flat=True)
    invited = workspace.invitations.filter(accepted_at=None, withdrawn_at=None).values_list("email", flat=True)
    return {email.lower() for email in (*members, *invited)}
