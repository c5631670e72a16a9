"""The target line of a trend: what one bucket must bring for the goal's target to be met."""

from django.utils.translation import gettext as _

from goals.models import Direction, Goal, Kpi, Measure, Target
from reports import figures
from reports.metrics import ON_GOAL_PAGE
from reports.periods import DAY, Span
from reports.question import Question
from reports.trends import MICROS, Goalpost

BUCKET_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
MEASURES = {metric: Measure(measure) for measure, metric in ON_GOAL_PAGE.items()}


def goalpost(goal: Goal, question: Question) -> Goalpost | None:
    """Give the line for the question's metric, from the target that most of the range lies in; None without one."""
    measure = MEASURES.get(question.metric)
    kpis = goal.kpis.filter(archived_at=None, measure=measure or "").exclude(direction=Direction.OBSERVE)
    if measure is Measure.RATE:
        kpis = kpis.filter(per=question.per)
    pairs = [(kpi, target) for kpi in kpis.prefetch_related("targets") for target in kpi.targets.all()]
    best = max(pairs, key=lambda pair: _overlap(pair[1], question), default=None)
    if best is None or _overlap(best[1], question) <= 0:
        return None
    return _line(*best, question)


def _overlap(target: Target, question: Question) -> int:
    span = Span(max(target.starts_on, question.since), min(target.ends_on + DAY, question.until))
    return span.days


def _line(kpi: Kpi, target: Target, question: Question) -> Goalpost:
    measure, value = Measure(kpi.measure), float(target.value)
    if measure is Measure.RATE:
        return Goalpost(value, _("Target %(value)s") % {"value": figures.percent(value).text})
    if measure is Measure.AVERAGE:
        return Goalpost(value / MICROS, _("Target"))
    # A sum's target is spread evenly: the line says what each bucket must bring on average.
    days = (target.ends_on + DAY - target.starts_on).days
    needed = value / days * BUCKET_DAYS[question.interval]
    return Goalpost(needed / MICROS if measure is Measure.VALUE else needed, _("Target pace"))
