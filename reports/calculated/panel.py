"""What stands beside a metric's form: what it comes to over the last 28 days as written, or why it can't be said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reports.calculated.forms import UNSAVED, MetricForm
from reports.calculated.words import in_words
from reports.explore import page, question
from reports.explore.answer import Answer, answer
from reports.explore.question import Known
from workspaces.models import Workspace

ASKED: Mapping[str, str] = {"period": "28d", "by": "channel", "top": "5"}


@dataclass(frozen=True, slots=True)
class Panel:
    """The figures of a form's metric.

    words, text     the formula as people read it, and as it is written
    told            how it is computed
    answer          the exploration of it by channel; None where there is a fault, or nothing was written
    total, lines    what that shows
    fault           what is wrong with the formula
    """

    fault: str = ""
    words: str = ""
    text: str = ""
    told: str = ""
    answer: Answer | None = None
    total: tuple[page.Cell, ...] = ()
    lines: tuple[page.Line, ...] = ()


def panel_of(form: MetricForm, workspace: Workspace, known: Known, *, now: datetime) -> Panel:
    """Compute what the form says."""
    if form.is_bound:
        form.is_valid()
    metric, node, column = form.metric, form.node, form.column
    if metric is None or node is None or column is None:
        return Panel(fault=form.fault)
    # The page's own answer, to which the unsaved metric is one of the workspace's.
    told_of = replace(known, calculated={UNSAVED: metric})
    asked = question.read({**ASKED, "metrics": metric.key}, told_of)
    found = answer(workspace, asked, told_of, now=now)
    is_ready = bool(found.total)
    return Panel(
        words=in_words(node, {slug: goal.name for slug, goal in form.goals.items()}),
        text=metric.formula,
        told=str(column.figure.formula),
        answer=found,
        total=tuple(page.total(found, told_of)) if is_ready else (),
        lines=tuple(page.lines(found, told_of)) if is_ready else (),
    )
