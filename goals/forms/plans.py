"""Forms of the plan, its objectives with their questions, its segments and reports."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.folding import Folding, choose_member, choose_person, offer_departments
from goals.forms.questions import question_rows
from goals.listing import ReportingDraft, SegmentDraft
from goals.models import Objective, Plan, Reporting, Segment
from goals.planning import ObjectiveDraft, PlanDraft
from workspaces.forms import ModelForm
from workspaces.forms.base import Fault
from workspaces.models import Workspace


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends and wants 2026-11-21."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlanForm(Folding, ModelForm):
    folded = (
        "kind", "about", "owner", "last_reviewed_on", "next_review_on", "naming_rule", "approval_rule",
    )  # fmt: skip
    fold_label = _("About, owner, reviews, rules")

    class Meta:
        model = Plan
        fields = (
            "name", "starts_on", "ends_on", "kind", "about", "owner", "last_reviewed_on", "next_review_on",
            "naming_rule", "approval_rule",
        )  # fmt: skip
        widgets: ClassVar = {
            "starts_on": DateInput(), "ends_on": DateInput(), "last_reviewed_on": DateInput(),
            "next_review_on": DateInput(),
        }  # fmt: skip
        labels: ClassVar = {"starts_on": _("First day"), "ends_on": _("Last day"), "owner": _("Owner")}
        help_texts: ClassVar = {
            "ends_on": _("Itself inside. Usual is a quarter; targets can have their own dates."),
            "about": _("The site or product, in a sentence."),
            "naming_rule": _("Such as: events in snake_case, verb last."),
            "approval_rule": _("Such as: each micro goal by the marketing lead, targets by finance."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_person(self, "owner", workspace)

    @property
    def draft(self) -> PlanDraft:
        """Give what was written, after `is_valid`."""
        return PlanDraft.of(self.save(commit=False))


class ObjectiveForm(Folding, ModelForm):
    folded = ("department", "owner", "horizon")
    fold_label = _("Department, owner, horizon")

    class Meta:
        model = Objective
        fields = ("name", "why", "department", "owner", "horizon")
        labels: ClassVar = {"owner": _("Owner")}
        help_texts: ClassVar = {
            "name": _("What the organisation wants, such as: Grow profitable online sales."),
            "why": _("What it is good for; whoever reads the plan later will ask."),
            "horizon": _("Until when, in words."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_member(self, "owner", workspace)
        offer_departments(self)
        self.questions = question_rows(self.data if self.is_bound else None, self.instance)

    def clean(self) -> dict[str, Any]:
        """Check the questions, too."""
        if [row for row in self.questions if not row.is_valid()]:  # each of them is asked, not the first alone
            self.refuse_rows()
        return super().clean()

    @property
    def summary(self) -> list[Fault]:
        """Give the faults, those of the questions too."""
        return super().summary + [fault for row in self.questions for fault in row.summary]

    @property
    def draft(self) -> ObjectiveDraft:
        """Give what was written, after `is_valid`."""
        return ObjectiveDraft.of(self.save(commit=False))


class SegmentForm(ModelForm):
    class Meta:
        model = Segment
        fields = ("name", "about", "decision")
        help_texts: ClassVar = {
            "name": _("People who are told apart, such as: New visitors, or: Members."),
            "decision": _("A segment that changes no decision is left out."),
        }

    @property
    def draft(self) -> SegmentDraft:
        """Give what was written, after `is_valid`."""
        return SegmentDraft.of(self.save(commit=False))


class ReportingForm(ModelForm):
    class Meta:
        model = Reporting
        fields = ("audience", "report", "cadence", "channel", "recipients")
        help_texts: ClassVar = {
            "audience": _("Who is told, such as: Management."),
            "report": _("What they read, such as: The overview with what is behind."),
            "recipients": _("Names or addresses, in words."),
        }

    @property
    def draft(self) -> ReportingDraft:
        """Give what was written, after `is_valid`."""
        return ReportingDraft.of(self.save(commit=False))
