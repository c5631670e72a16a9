"""What the API answers, as serializers (the OpenAPI document is made of them) and the dicts that they take."""

from typing import Any

from rest_framework import serializers

from analysis.rates import Rate
from goals.models import Per
from reports.answer import STATES, Answer, Bucket
from reports.api_annotations import AnnotatedOut
from reports.api_restatements import Restatements
from reports.breakdown import Row
from reports.controls import model_label
from reports.daily import Figures
from reports.dimensions import DIMENSIONS
from reports.gaps import Gap
from reports.metrics import METRICS
from reports.progress import Progress
from reports.question import COMPARISONS, INTERVALS, Question
from reports.statuses import STATUSES

Json = dict[str, Any]  # what json can write


class RateOut(serializers.Serializer[Any]):
    """A rate never comes without what it was made of; `value` is null where there is no denominator."""

    value = serializers.FloatField(allow_null=True, help_text="A fraction: 0.042 is 4.2 %.")
    low = serializers.FloatField(allow_null=True, help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField()
    denominator = serializers.IntegerField(allow_null=True)
    per = serializers.ChoiceField(Per.choices, help_text="What the denominator counts.")


class FiguresOut(serializers.Serializer[Any]):
    """Money is in millionths of the answer's currency."""

    conversions = serializers.IntegerField()
    converters = serializers.IntegerField(help_text="Different persons; they do not add up over days.")
    visitors = serializers.IntegerField(help_text="Different persons; they do not add up over days.")
    sessions = serializers.IntegerField()
    value_micros = serializers.IntegerField()
    value_net_micros = serializers.IntegerField(help_text="After refunds, booked on their conversion's day.")
    average_micros = serializers.IntegerField(allow_null=True)
    rate = RateOut()


class BucketOut(FiguresOut):
    """One point of the series."""

    since = serializers.DateField(help_text="First day.")
    until = serializers.DateField(help_text="The day after the last.")
    is_partial = serializers.BooleanField(help_text="Its days are not over yet.")
    days_without_data = serializers.IntegerField(help_text="Days on which tracking was broken.")


class OutageOut(serializers.Serializer[Any]):
    """A time in which events should have come and did not."""

    started_at = serializers.DateTimeField(help_text="Time of the last event before.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Of the first event after; null: it lasts.")
    since = serializers.DateField(help_text="First day that is not counted as it should be.")
    until = serializers.DateField(help_text="The day after the last such.")
    silent_source = serializers.CharField(help_text="That was silent as a whole; empty: the goal's events alone.")


class RowOut(serializers.Serializer[Any]):
    """One value of the breakdown, `(none)` for conversions without an eligible touch."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    conversions = serializers.FloatField(help_text="Credited: a sum of shares.")
    share = serializers.FloatField(allow_null=True)
    value_micros = serializers.IntegerField()
    value_net_micros = serializers.IntegerField()
    rate = RateOut()
    is_proportion = serializers.BooleanField(help_text="False where the rate may exceed 1.")


class PartOut(serializers.Serializer[Any]):
    """One part of the paid split."""

    key = serializers.ChoiceField(("paid_unassisted", "paid_assisted", "organic", "(none)"))
    conversions = serializers.IntegerField()
    value_micros = serializers.IntegerField()
    value_net_micros = serializers.IntegerField()


class QuestionOut(serializers.Serializer[Any]):
    """The question as it was understood, defaults included."""

    goal = serializers.CharField()
    period = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    interval = serializers.ChoiceField(INTERVALS)
    metric = serializers.ChoiceField(tuple(METRICS))
    by = serializers.ChoiceField(tuple(DIMENSIONS))
    model = serializers.CharField()
    model_label = serializers.CharField()
    view_days = serializers.IntegerField(help_text="0 is off.")
    engagement_days = serializers.IntegerField()
    click_days = serializers.IntegerField()
    keep_direct = serializers.BooleanField()
    per = serializers.ChoiceField(Per.choices)
    compare = serializers.ChoiceField(COMPARISONS)


class AnswerOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    question = QuestionOut()
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField(help_text="Why there are no figures, where the state is faulty.")
    currency = serializers.CharField()
    totals = FiguresOut()
    before = FiguresOut(allow_null=True, help_text="Of the comparison's range.")
    series = BucketOut(many=True)
    outages = OutageOut(many=True)
    annotations = AnnotatedOut(many=True, help_text="What people said happened on these days, oldest first.")
    rows = RowOut(many=True)
    is_additive = serializers.BooleanField(help_text="Whether the rows add up to the total.")
    paid_split = PartOut(many=True)
    rows_since = serializers.DateField(
        allow_null=True, help_text="Rows begin here, and none are given for a range before: older events were removed."
    )
    open_share = serializers.FloatField(
        allow_null=True, help_text="Share of touches that can still bring a conversion."
    )
    known_for_a_day = serializers.IntegerField(
        help_text="Conversions of persons whose touches of earlier days cannot be known."
    )
    definition_version = serializers.IntegerField()
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()
    excluded = serializers.DictField(child=serializers.IntegerField(), help_text="Events left out, by reason.")
    other_currencies = serializers.DictField(child=serializers.IntegerField())


class ForecastOut(serializers.Serializer[Any]):
    """What the period may end at: an 80 % interval."""

    mean = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    chance = serializers.FloatField(help_text="That the target is met.")


class KpiOut(serializers.Serializer[Any]):
    """A KPI against one target. Money in millionths, rates as fractions."""

    slug = serializers.CharField()
    name = serializers.CharField()
    goal = serializers.CharField()
    metric = serializers.CharField(
        allow_null=True, help_text="The metric of your own that it is read off; null: its goal alone."
    )
    fault = serializers.CharField(help_text='Why its metric can\'t be computed any more; "" where it can.')
    objective = serializers.CharField(allow_null=True)
    unit = serializers.ChoiceField(("count", "number", "money", "percent"))
    currency = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    actual = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField()
    denominator = serializers.IntegerField()
    target = serializers.FloatField(allow_null=True)
    target_high = serializers.FloatField(allow_null=True, help_text="The upper end, for a band.")
    expected = serializers.FloatField(allow_null=True, help_text="What was due to date.")
    status = serializers.ChoiceField(tuple(STATUSES))
    forecast = ForecastOut(allow_null=True)
    needed_per_day = serializers.FloatField(allow_null=True)
    outages = OutageOut(many=True, help_text="Of its goals, on the target's days so far.")
    restatements = Restatements.Output(
        many=True, help_text="Of its goals: closed months of the period that came to say something else."
    )


def answered(found: Answer) -> Json:
    """Give an answer as AnswerOut takes it."""
    made, parts = found.provenance, found.breakdown
    per = found.question.per
    return {
        "question": _question(found.question),
        "state": found.state,
        "fault": found.fault,
        "currency": found.currency,
        "totals": figures_of(found.totals, per),
        "before": figures_of(found.before, per) if found.before else None,
        "series": [
            _bucket(bucket, per) | {"days_without_data": found.days_without(bucket)} for bucket in found.buckets
        ],
        "outages": [_outage(gap) for gap in found.outages],
        "annotations": found.annotations,
        "rows": [_row(row, per) for row in parts.rows] if parts else [],
        "is_additive": parts.is_additive if parts else True,
        "paid_split": [_money(part, {"key": part.key}) for part in parts.parts] if parts else [],
        "rows_since": found.rows_since,
        "open_share": parts.open_share if parts else None,
        "known_for_a_day": parts.of_a_day if parts else 0,
        "definition_version": made.definition_version,
        "data_version": made.data_version,
        "computed_through": made.computed_through,
        "complete": made.is_complete,
        "excluded": dict(made.excluded),
        "other_currencies": dict(made.other_currencies),
    }


def kpi(row: Progress) -> Json:
    """Give the progress of a KPI as KpiOut takes it."""
    objective = row.kpi.objective or row.goal.objective
    names = ("mean", "low", "high", "chance")
    return {
        "slug": row.kpi.slug, "name": row.kpi.name, "goal": row.goal.slug,
        "metric": row.kpi.metric.slug if row.kpi.metric else None, "fault": row.fault,
        "objective": objective.name if objective else None,
        "unit": row.kind, "currency": row.currency, "since": row.span.since, "until": row.span.until,
        "actual": row.actual, "numerator": row.part, "denominator": row.whole,
        "target": row.target, "target_high": row.upper, "expected": row.expected, "status": row.status,
        "forecast": dict(zip(names, row.forecast, strict=True)) if row.forecast else None,
        "needed_per_day": row.needed_per_day, "outages": [_outage(gap) for gap in row.outages],
        "restatements": list(row.restated),
    }  # fmt: skip


def _question(question: Question) -> Json:
    return {
        "goal": question.goal, "period": question.period, "since": question.since, "until": question.until,
        "interval": question.interval, "metric": question.metric, "by": question.breakdown, "model": question.model,
        "model_label": model_label(question), "view_days": question.view_days,
        "engagement_days": question.engagement_days, "click_days": question.click_days,
        "keep_direct": question.keep_direct, "per": question.per, "compare": question.compare,
    }  # fmt: skip


def figures_of(row: Figures, per: str) -> Json:
    """Give sums and rate as FiguresOut takes them."""
    return {
        "conversions": row.conversions, "converters": row.converters, "visitors": row.visitors,
        "sessions": row.sessions, "value_micros": row.value, "value_net_micros": row.value_net,
        "average_micros": row.average, "rate": _rate(row.rate(per), row.part(per), row.whole(per), per),
    }  # fmt: skip


def _bucket(bucket: Bucket, per: str) -> Json:
    head = {"since": bucket.since, "until": bucket.until, "is_partial": bucket.is_partial}
    return head | figures_of(bucket.figures, per)


def _outage(gap: Gap) -> Json:
    return {
        "started_at": gap.started_at, "ended_at": gap.ended_at, "since": gap.since, "until": gap.until,
        "silent_source": gap.source,
    }  # fmt: skip


def _row(row: Row, per: str) -> Json:
    head = {"key": row.key, "label": row.label, "share": row.share, "is_proportion": row.is_proportion}
    return _money(row, head | {"rate": _rate(row.rate, row.units, row.denominator, per)})


def _money(row: Any, head: Json) -> Json:  # a Row or a Part: both have conversions, value and value_net
    return head | {
        "conversions": row.conversions, "value_micros": row.value, "value_net_micros": row.value_net,
    }  # fmt: skip


def _rate(rate: Rate | None, numerator: float, denominator: int | None, per: str) -> Json:
    ends = (
        {"value": rate.value, "low": rate.low, "high": rate.high} if rate else dict.fromkeys(("value", "low", "high"))
    )
    return ends | {"numerator": numerator, "denominator": denominator, "per": per}
