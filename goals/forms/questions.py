"""The questions of an objective as rows of its form: what somebody has to know before a decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals import listing
from goals.listing import QuestionDraft
from goals.models import Objective, Question
from goals.revising import By
from workspaces.forms.base import Fault

EMPTY_ROWS = 2  # a form without a script grows by as many each time it is saved


class QuestionRow(forms.Form):
    """One question; an empty text takes a saved one out."""

    text = forms.CharField(label=_("Question"), max_length=300, required=False)
    asker = forms.CharField(label=_("Who needs the answer"), max_length=120, required=False)
    decision = forms.CharField(label=_("Which decision it informs"), max_length=300, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, saved: Question | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.saved = saved

    def clean(self) -> dict[str, Any]:
        """Ask for the question where something else of it was written."""
        given = self.cleaned_data
        if self.saved is None and not given.get("text") and (given.get("asker") or given.get("decision")):
            self.add_error("text", _("Write the question, or leave the whole row empty."))
        return given

    @property
    def summary(self) -> list[Fault]:
        """Give the faults with the ids of their fields."""
        fields = [(self[name], texts) for name, texts in self.errors.items() if name in self.fields]
        return [Fault(field.id_for_label, str(field.label), str(text)) for field, texts in fields for text in texts]

    @property
    def draft(self) -> QuestionDraft:
        """Give what was written, after `is_valid`."""
        return QuestionDraft(*(self.cleaned_data[name] for name in ("text", "asker", "decision")))


def question_rows(data: Any, objective: Objective) -> list[QuestionRow]:  # a form's data, None before it is sent
    """Give the objective's questions as rows, and empty ones after them."""
    saved: list[Question | None] = list(objective.questions.all()) if objective.pk else []
    rows = []
    for place, question in enumerate([*saved, *[None] * EMPTY_ROWS]):
        prefix = f"question-{question.pk}" if question else f"question-new-{place - len(saved)}"
        initial = (
            {name: getattr(question, name) for name in ("text", "asker", "decision", "revision")} if question else {}
        )
        rows.append(QuestionRow(data, prefix=prefix, initial=initial, saved=question))
    return rows


def save_questions(objective: Objective, rows: Sequence[QuestionRow], *, by: By, now: datetime) -> None:
    """Add, change and take out what the rows say; raise revising.Stale where somebody else changed one meanwhile."""
    for row in rows:
        draft = row.draft
        if row.saved is None and draft.text:
            listing.add(objective, draft, by=by, now=now)
        elif row.saved is not None and not draft.text:
            listing.remove(row.saved, by=by, now=now)
        elif row.saved is not None and draft != QuestionDraft.of(row.saved):
            listing.change(row.saved, draft, by=by, now=now, seen=row.cleaned_data["revision"])
