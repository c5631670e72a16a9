"""What a shared report says first: plain sentences made by rules, from the same answer as its figures."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Goal
from reports import figures, sentences
from reports.answer import Answer
from reports.metrics import PER
from reports.progress import Progress


def of_goal(goal: Goal, answer: Answer, rows: Sequence[Progress]) -> tuple[str, ...]:
    """Say how many reached the goal, at which rate, how many before; and how its KPIs stand."""
    question, totals = answer.question, answer.totals
    words = ngettext("%(goal)s: %(n)s time in %(days)s.", "%(goal)s: %(n)s times in %(days)s.", totals.conversions)
    said = [words % {
        "goal": goal.name,
        "n": figures.number(totals.conversions),
        "days": figures.days(question.since, question.until),
    }]  # fmt: skip
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
