"""The forms of the way to the first plan, one for each step: each reads the answers so far and gives them anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from goals.answers import Answers, Period
from goals.models import PlanStart
from goals.starters import STARTERS
from tracking.sources import host_of
from workspaces.forms import Clash, ModelForm
from workspaces.forms.base import Fault

ABOUT_CHARS = 380  # together with the domain they fit the plan's 500


class StepForm(ModelForm):
    """A step. Two people who answer at once see both versions: the answers are a row with a revision."""

    class Meta:
        model = PlanStart
        fields: ClassVar = ()

    title: ClassVar[Any] = ""  # a lazy text
    said: Answers

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        """Make the form for the workspace's PlanStart, its `instance`."""
        super().__init__(*args, **options)
        self.today = today
        self.workspace = self.instance.workspace
        self.said = Answers.from_json(self.instance.answers)
        self.parts: list[forms.Form] = []  # rows below the step's own fields

    def clean(self) -> dict[str, Any]:
        """Check the rows before the answers are compared with what others saved."""
        if [part for part in self.parts if not part.is_valid()]:  # each of them is asked, not the first alone
            self.refuse_rows()
        return super().clean()

    def answer(self, said: Answers) -> Answers:
        """Give the answers with this step's; after `is_valid`."""
        raise NotImplementedError

    def words(self, said: Answers) -> str:
        """Say what the answers say of this step."""
        raise NotImplementedError

    @property
    def summary(self) -> list[Fault]:
        """Give the faults, those of the rows too."""
        fields = [
            (part[name], texts) for part in self.parts for name, texts in part.errors.items() if name in part.fields
        ]
        return super().summary + [
            Fault(field.id_for_label, str(field.label), str(text)) for field, texts in fields for text in texts
        ]

    def _clash_with(self, saved: Model, cleaned: Mapping[str, Any]) -> None:  # noqa: ARG002  # the base's signature
        if self.errors:
            return
        theirs = Answers.from_json(cast(PlanStart, saved).answers)
        said, written = self.words(theirs), self.words(self.answer(theirs))
        if said == written:
            return
        self.clashes = (Clash(str(self.title), said or gettext("nothing"), written or gettext("nothing")),)
        data = cast(QueryDict, self.data).copy()
        data["revision"] = str(cast(PlanStart, saved).revision)
        self.data = data
        self.add_error(None, _("A colleague answered this meanwhile. Compare the two; save again to replace theirs."))


class AboutForm(StepForm):
    about = forms.CharField(
        label=_("What is it, in a sentence?"),
        max_length=ABOUT_CHARS,
        help_text=_("Such as: A shop for hiking gear, with twelve stores."),
    )
    domain = forms.CharField(
        label=_("Domain"), max_length=120, required=False, help_text=_("Such as fjellsport.example.")
    )
    period = forms.ChoiceField(
        label=_("Which days is the plan for?"),
        choices=Period.choices,
        widget=forms.RadioSelect,
        help_text=_("A quarter is usual. Targets can have dates of their own later."),
    )
    starter = forms.ChoiceField(label=_("Where do you want to start?"), widget=forms.RadioSelect)

    title = pgettext_lazy("step of the wizard", "About")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        said = self.said
        usual: dict[str, Any] = {"period": Period.THIS_QUARTER.value}
        kept = {"about": said.about, "domain": said.domain, "period": said.period, "starter": said.starter}
        self.initial = usual | {name: value for name, value in kept.items() if value} | dict(self.initial)
        starter = cast(forms.ChoiceField, self.fields["starter"])
        starter.choices = [(key, each.name) for key, each in STARTERS.items()]

    def clean_domain(self) -> str:
        """Give the host's name, also of a whole address."""
        domain = self.cleaned_data["domain"].strip()
        return host_of(domain) if domain else ""

    def answer(self, said: Answers) -> Answers:
        """Give the answers with these first facts."""
        names = ("about", "domain", "period", "starter")
        return said.with_about(**{name: self.cleaned_data[name] for name in names})

    def words(self, said: Answers) -> str:
        """Say the first facts in a line."""
        starter = STARTERS[said.starter].name if said.starter in STARTERS else ""
        parts = (said.about, said.domain, Period(said.period).label if said.period else "", starter)
        return " · ".join(str(part) for part in parts if part)
