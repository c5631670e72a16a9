"""What stands beside the goal's form: the figures of what is written so far, or why there are none yet."""

from dataclasses import dataclass

import duckdb
from django.utils import timezone

from goals.forms.goals import GoalForm
from goals.preview import RANGES, Preview, preview
from goals.wording import rules_text


@dataclass(frozen=True, slots=True)
class Panel:
    """The preview in a form's state.

    preview      None while the rules can't be read; `fault` says why, "" before anything was written
    words        the rules as people read them
    is_tracked   False where the form says that the goal is not tracked yet: there is nothing to count
    """

    preview: Preview | None = None
    words: str = ""
    fault: str = ""
    days: int = RANGES[0]
    is_tracked: bool = True


def panel_of(form: GoalForm, *, days: str = "") -> Panel:
    """Count what the form says; a form that was only opened is counted as it is saved."""
    length = int(days) if days in {str(each) for each in RANGES} else RANGES[0]
    definition = form.saved_definition
    if form.is_bound:
        form.is_valid()
        definition = form.definition
        if definition is None:
            return Panel(fault=form.rules_fault, days=length)
    if definition is None:
        return Panel(days=length)
    if not definition.rules:
        return Panel(days=length, is_tracked=False)
    try:
        found = preview(form.plan.workspace, definition, days=length, now=timezone.now())
    except duckdb.Error as refused:
        return Panel(words=rules_text(definition.rules), fault=str(refused).splitlines()[0], days=length)
    return Panel(found, rules_text(definition.rules), days=length)
