"""Forms of what is said and decided about a proposal."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.lanes import MOST_TEXT
from goals.models import Goal
from goals.talking import MOST_COMMENT
from workspaces.forms import Form
from workspaces.models import Membership, Workspace


class PressForm(Form):
    """A button that does something about a proposal."""


class CommentForm(Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=MOST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("@ and a name tells somebody: @Kaisa."),
    )


class AnswerForm(Form):
    text = forms.CharField(label=_("Your answer"), max_length=MOST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}))


APPROVE, MERGE, ASK, DECLINE = "approve", "merge", "ask", "decline"
DECISIONS = [
    (APPROVE, _("Approve")),
    (MERGE, _("Covered already")),
    (ASK, _("Ask for info")),
    (DECLINE, _("Decline")),
]


class DecisionForm(Form):
    decision = forms.ChoiceField(label=_("Your decision"), choices=DECISIONS, widget=forms.RadioSelect)
    goal = forms.ModelChoiceField(label=_("The goal that covers it"), queryset=Goal.objects.none(), required=False)
    assignee = forms.ModelChoiceField(
        label=_("Who sees to the tracking"), queryset=Membership.objects.none(), required=False
    )
    event = forms.CharField(
        label=_("Event that will count"),
        max_length=128,
        required=False,
        help_text=_("Its name once it is tracked, such as fitting_requested. It can be said later too."),
    )
    text = forms.CharField(
        label=_("Reason or question"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its author reads this."),
    )
    seen = forms.IntegerField(label=_("Version"), widget=forms.HiddenInput)  # the revision that was read

    def __init__(
        self, *args: Any, workspace: Workspace, me: Membership, is_defined: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        goal = cast("forms.ModelChoiceField[Goal]", self.fields["goal"])
        goal.queryset = workspace.goals.live()
        assignee = cast("forms.ModelChoiceField[Membership]", self.fields["assignee"])
        assignee.queryset = workspace.memberships.select_related("user")
        assignee.label_from_instance = lambda obj: str(obj.user)  # type: ignore[method-assign]
        assignee.initial = me.pk
        assignee.empty_label = None
        self.fields["text"].is_asked_later = True  # type: ignore[attr-defined]  # by some decisions
        if is_defined:
            del self.fields["event"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the decision needs."""
        given = super().clean() or self.cleaned_data
        decision = given.get("decision")
        if decision in {ASK, DECLINE} and not given.get("text", "").strip():
            words = _("Write what you need to know.") if decision == ASK else _("Write why not; its author reads it.")
            self.add_error("text", words)
        if decision == MERGE and not given.get("goal") and "goal" not in self.errors:
            self.add_error("goal", _("Choose the goal that covers it."))
        return given
