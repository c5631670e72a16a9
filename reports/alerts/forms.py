"""The form of an alert: what it watches, and who hears of it."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import Goal, Kpi
from reports.alerts.setting import AlertDraft
from reports.models import Alert
from reports.models.alert import AlertKind
from workspaces.forms import ModelForm
from workspaces.models import Membership

OF_KIND = {AlertKind.RATE_FALLS: "goal", AlertKind.TARGET_AT_RISK: "kpi"}  # the field that says what it is about


class AlertForm(ModelForm):
    kind = forms.ChoiceField(
        label=_("What happens"), choices=AlertKind.choices, widget=forms.RadioSelect, initial=AlertKind.RATE_FALLS
    )
    readers = forms.ModelMultipleChoiceField(
        Membership.objects.none(), label=_("Who hears of it"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person who hears of it.")},
    )  # fmt: skip

    class Meta:
        model = Alert
        fields = ("kind", "goal", "per", "width_days", "fall_percent", "kpi", "stay_days")
        help_texts: ClassVar = {
            "fall_percent": _("Of the rate of the same weekdays of the 4 weeks before, and by more than chance."),
            "stay_days": _("Days in a row, at whose end the target is at risk or behind."),
            "kpi": _("Of its targets, those that run."),
        }

    def __init__(self, *args: Any, member: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        workspace = member.workspace
        for name, rows in (("goal", workspace.goals.live()), ("kpi", workspace.kpis.live().select_related("goal"))):
            field = cast("forms.ModelChoiceField[Goal | Kpi]", self.fields[name])
            field.queryset, field.required, field.is_asked_later = rows, False, True  # type: ignore[attr-defined]
            field.empty_label = "–"
        readers = cast("forms.ModelMultipleChoiceField[Membership]", self.fields["readers"])
        readers.queryset = workspace.memberships.select_related("user").order_by("user__name", "user__email")
        readers.label_from_instance = lambda each: str(each.user)  # type: ignore[method-assign,assignment]  # Django's hook
        kept = [reader.member_id for reader in self.instance.readers.all()] if self.instance.pk else [member.pk]
        readers.initial = kept

    def clean(self) -> dict[str, Any]:
        """Ask for the goal or KPI of the kind, and drop the other's."""
        wanted = OF_KIND.get(self.cleaned_data.get("kind"))  # type: ignore[arg-type]  # None where it was refused
        for name in OF_KIND.values():
            if name != wanted:
                self.cleaned_data[name] = None
            elif not self.errors.get(name) and self.cleaned_data.get(name) is None:
                self.add_error(name, _("Choose what it is about."))
        return super().clean() or self.cleaned_data

    @property
    def draft(self) -> AlertDraft:
        """Give what was written, after `is_valid`."""
        return AlertDraft(**{name: self.cleaned_data[name] for name in self.Meta.fields})
