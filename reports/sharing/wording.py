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
from reports.cohorts.answer import Answer as Cohorts
from reports.cohorts.labels import period_label
from reports.explore.answer import Answer as Exploration
from reports.explore.labels import segment_label
from reports.explore.page import total
from reports.explore.question import Known
from reports.flows.answer import Answer as Paths
from reports.flows.page import label_of, point_label, units
from reports.funnels.answer import Answer as Funnel
from reports.insights.answer import Answer as Insights
from reports.insights.charting import writer
from reports.insights.metrics import METRICS
from reports.metrics import PER
from reports.progress import Progress

MOST_NAMED = 3  # rows or columns of a table that a sentence names
HEADLINES = ("revenue", "checkouts", "visits")  # of conversion insights, as many


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


def of_insights(answer: Insights) -> tuple[str, ...]:
    """Say on which days what came, and what has to be known before reading."""
    found = answer.found
    if found is None:
        return ()
    chosen = [each for each in found.figures if each.metric in HEADLINES]
    named = [
        f"{METRICS[each.metric].label} {writer(each.metric, answer.currency)(each.of(answer.asked.content))}"
        for each in chosen
        if each.of(answer.asked.content) is not None
    ]
    words = {"days": figures.days(found.days.since, found.days.until), "figures": ", ".join(named)}
    return (_("%(days)s: %(figures)s.") % words, *(notice.words for notice in answer.notices))


def of_exploration(answer: Exploration, known: Known) -> tuple[str, ...]:
    """Say on which days which sessions were counted, and the totals of the first columns."""
    asked = answer.asked
    if answer.is_empty:
        return (_("No session on these days meets the conditions."),)
    named = [
        f"{cell.label} {figures.percent(cell.rate.value).text if cell.rate else cell.text}"
        for cell in total(answer, known)[:MOST_NAMED]
    ]
    said = [_("%(days)s: %(figures)s.") % {"days": figures.days(asked.since, asked.until), "figures": ", ".join(named)}]
    if asked.where:
        said.append(_("Sessions that count: %(conditions)s.") % {"conditions": segment_label(asked.where, known)})
    return tuple(said)


def of_cohorts(answer: Cohorts) -> tuple[str, ...]:
    """Say how many joined, and what share did it in the first period after."""
    if not answer.persons:
        return (_("Nobody joined in this period."),)
    asked = answer.asked
    words = ngettext("%(n)s person joined on %(days)s.", "%(n)s persons joined on %(days)s.", answer.persons)
    said = [words % {"n": figures.number(answer.persons), "days": figures.days(asked.since, asked.until)}]
    first = next((each for each in answer.together if each.later == 1 and each.rate), None)
    if first is not None and first.rate is not None:
        told = {
            "period": period_label(asked.every, first.later),
            "share": figures.percent(first.rate.value).text,
            "basis": figures.basis(first.rate.conversions, first.rate.visits),
        }
        said.append(_("%(period)s, all together: %(share)s, %(basis)s.") % told)
    return tuple(said)


def of_paths(answer: Paths) -> tuple[str, ...]:
    """Say how many began where, and what most of them did next, or before."""
    asked = answer.asked
    if not answer.narrowed:
        return (_("Nobody went this way in this period."),)
    days = figures.days(asked.since, asked.until)
    words = {"point": point_label(asked), "units": units(asked, answer.narrowed), "days": days}
    said = [_("%(point)s: %(units)s on %(days)s.") % words]
    most = max((node for node in answer.columns[0].nodes if node.text), key=lambda node: node.count, default=None)
    if most is not None:
        told = {"name": label_of(most, asked), "share": figures.percent(most.share).text}
        came, went = _("Most often before: “%(name)s”, %(share)s."), _("Most often next: “%(name)s”, %(share)s.")
        said.append((came if asked.is_backwards else went) % told)
    return tuple(said)


def _times(goal: Goal, conversions: int, since: date, until: date) -> str:
    words = ngettext("%(goal)s: %(n)s time in %(days)s.", "%(goal)s: %(n)s times in %(days)s.", conversions)
    return words % {"goal": goal.name, "n": figures.number(conversions), "days": figures.days(since, until)}
