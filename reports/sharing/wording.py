"""What a shared report says first: plain sentences made by rules, from the same answer as its figures."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal
from reports import figures, sentences
from reports.answer import Answer
from reports.attribution.answer import Answer as Attribution
from reports.attribution.page import model_name
from reports.funnels.answer import Answer as Funnel
from reports.metrics import PER
from reports.progress import Progress

MOST_NAMED = 3  # rows of a table that a sentence names


def of_goal(goal: Goal, answer: Answer, rows: Sequence[Progress]) -> tuple[str, ...]:
    """Say how many reached the goal, at which rate, how many before; and how its KPIs stand."""
    question, totals = answer.question, answer.totals
    said = [_times(goal, totals.conversions, question.since, question.until)]
    rate = totals.rate(question.per)
    if rate is not None:
        share, basis = figures.percent(rate.value).text, figures.basis(totals.part(question.per), rate.visits)
        said.append(f"{PER[question.per].rate}: {share}, {basis}.")
    if answer.before is not None:
        words = _("In the days that it is compared with: %(n)s.")
        said.append(words % {"n": figures.number(answer.before.conversions)})
    if any(row.has_target for row in rows):
        said += sentences.summary(rows)
    return tuple(said)


def of_attribution(goal: Goal, answer: Attribution) -> tuple[str, ...]:
    """Say how many conversions there were, and who gets most of them under the first model."""
    asked, found = answer.asked, answer.found
    said = [_times(goal, answer.totals.conversions, asked.since, asked.until)]
    credited = [(row, row.cells[0]) for row in found.rows if not row.is_none] if found else []
    most = sorted(credited, key=lambda pair: -pair[1].conversions)[:MOST_NAMED]
    named = [
        f"{row.label} {figures.percent(cell.share).text}" for row, cell in most if cell.share is not None and cell.share
    ]
    if named:
        words = _("Most credit goes to %(rows)s, by the model “%(model)s”. Credit is not cause.")
        said.append(words % {"rows": ", ".join(named), "model": model_name(asked, most[0][1].model)})
    return tuple(said)


def of_funnel(answer: Funnel) -> tuple[str, ...]:
    """Say how many took the first and the last step, and where most left."""
    if not answer.entered or answer.rate is None:
        return (_("Nobody took the first step in this period."),)
    words = _("Of %(entered)s who took the first step, %(completed)s took the last: %(rate)s.")
    said = [words % {
        "entered": figures.number(answer.entered),
        "completed": figures.number(answer.completed),
        "rate": figures.percent(answer.rate.value).text,
    }]  # fmt: skip
    worst = next((step for step in answer.steps if step.is_worst), None)
    if worst is not None and worst.lost_share is not None:
        words = _("The greatest share was lost before “%(step)s”: %(share)s.")
        said.append(words % {"step": worst.step.label, "share": figures.percent(worst.lost_share).text})
    return tuple(said)


def _times(goal: Goal, conversions: int, since: date, until: date) -> str:
    words = ngettext("%(goal)s: %(n)s time in %(days)s.", "%(goal)s: %(n)s times in %(days)s.", conversions)
    return words % {"goal": goal.name, "n": figures.number(conversions), "days": figures.days(since, until)}
