"""Conversion insights over HTTP: the page's question, the very same answer."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.rates import Rate
from reports.api import QUESTION, ReportView
from reports.api_annotations import AnnotatedOut
from reports.insights.answer import STATES, Answer, Found
from reports.insights.answer import answer as answered
from reports.insights.contents import COLUMNS
from reports.insights.diagnosing import KINDS
from reports.insights.metrics import NAMES as METRIC_NAMES
from reports.insights.metrics import ROLES
from reports.insights.page import audience_label
from reports.insights.question import CONTENTS, NAMES, NONE, SORTS, read
from reports.insights.roles import known_of
from reports.insights.splits import SPLITS
from reports.insights.totals import PARTS, SPLIT_METRICS, UNTOLD
from workspaces import parameters
from workspaces.problems import problem

Json = dict[str, Any]  # what json can write
_SAME = {"period", "from", "to", "interval", "view", "engagement", "click"}
ASKED = [
    *(OpenApiParameter(role, str, description=f"Short name of the goal; {NONE} but for checkout.") for role in ROLES),
    OpenApiParameter("account", str, description="As ad events name it; left out, all."),
    OpenApiParameter("content", str, enum=list(CONTENTS)),
    OpenApiParameter("metric", str, enum=list(METRIC_NAMES), description="Of the trend."),
    OpenApiParameter("second", str, enum=[NONE, *METRIC_NAMES], description="Beside it; not with a split."),
    OpenApiParameter("split", str, enum=list(SPLITS), description="What the trend is split by."),
    OpenApiParameter("sort", str, enum=list(SORTS), description="Of the contents."),
    *(each for each in QUESTION if each.name in _SAME),
]
MONEY = "Micros of the currency where the metric is money."


@extend_schema_serializer(component_name="InsightsFigure")
class FigureOut(serializers.Serializer[Any]):
    """One of the ten figures; null where it is not known, and why."""

    metric = serializers.ChoiceField(METRIC_NAMES)
    all = serializers.IntegerField(allow_null=True, help_text=MONEY)
    paid = serializers.IntegerField(allow_null=True, help_text="With a paid touch; of paid ads.")
    organic = serializers.IntegerField(allow_null=True)
    why = serializers.CharField(help_text="Why it is not known; empty where it is.")
    note = serializers.CharField()


class _Columns(serializers.Serializer[Any]):
    checkouts = serializers.IntegerField(allow_null=True)
    revenue = serializers.IntegerField(allow_null=True, help_text="Micros of the currency.")
    visits = serializers.IntegerField(allow_null=True)
    carts = serializers.IntegerField(allow_null=True)


@extend_schema_serializer(component_name="InsightsPart")
class PartOut(_Columns):
    """One part of the paid split; `total` is the three parts together, `(none)` what no touch brought."""

    part = serializers.ChoiceField((*PARTS, "total", UNTOLD))
    aov = serializers.IntegerField(allow_null=True, help_text="Micros; computed anew from the row's sums.")


@extend_schema_serializer(component_name="InsightsContent")
class ContentOut(_Columns):
    """What one content was credited with."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    stands_for = serializers.IntegerField(help_text="Contents that the row is of.")


@extend_schema_serializer(component_name="InsightsBucket")
class BucketOut(serializers.Serializer[Any]):
    """Some days of the trend."""

    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    is_partial = serializers.BooleanField(help_text="The days are not over yet.")


@extend_schema_serializer(component_name="InsightsLine")
class LineOut(serializers.Serializer[Any]):
    """A metric, or one value of the split, by bucket."""

    metric = serializers.ChoiceField(METRIC_NAMES)
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    values = serializers.ListField(child=serializers.IntegerField(allow_null=True), help_text=MONEY)
    whole = serializers.IntegerField(
        allow_null=True, help_text="Of the whole range; persons and averages do not add up."
    )


@extend_schema_serializer(component_name="InsightsActivity")
class ActivityOut(serializers.Serializer[Any]):
    """Persons at each step of the activity funnel, or further."""

    audience_is = serializers.CharField(help_text="Who the audience is, in words.")
    saw_or_engaged = serializers.BooleanField(help_text="False: the audience is all visitors.")
    audience = serializers.IntegerField()
    visited = serializers.IntegerField(allow_null=True, help_text="Null where no goal has the role.")
    carted = serializers.IntegerField(allow_null=True)
    bought = serializers.IntegerField()
    purchase_rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="End of the 95 % interval.")
    high = serializers.FloatField(allow_null=True)


@extend_schema_serializer(component_name="InsightsNotice")
class NoticeOut(serializers.Serializer[Any]):
    """What has to be known before reading."""

    kind = serializers.ChoiceField(KINDS)
    words = serializers.CharField()
    is_fault = serializers.BooleanField()


@extend_schema_serializer(component_name="Insights")
class InsightsOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    question = serializers.DictField(child=serializers.CharField(), help_text="As it was understood.")
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField()
    currency = serializers.CharField()
    first_day = serializers.DateField(allow_null=True, help_text="Nothing before it has figures.")
    notices = NoticeOut(many=True)
    since = serializers.DateField(help_text="The days that the figures are of.")
    until = serializers.DateField(help_text="The day after the last.")
    figures = FigureOut(many=True)
    paid_split = PartOut(many=True)
    buckets = BucketOut(many=True)
    lines = LineOut(many=True)
    annotations = AnnotatedOut(many=True, help_text="What people said happened on these days, oldest first.")
    activity = ActivityOut(allow_null=True)
    contents = ContentOut(many=True, help_text="The greatest; the last row may stand for all others.")
    accounts = serializers.ListField(child=serializers.CharField(), help_text="That ad events of these days name.")
    definition_version = serializers.IntegerField(help_text="Of the checkout goal.")
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class InsightsReport(ReportView):
    """Ten figures of what ads and posts brought, split, over time, and as a funnel."""

    Output = InsightsOut

    @extend_schema(operation_id="reports_insights", parameters=ASKED, responses=InsightsOut)
    def get(self, request: Request) -> HttpResponse:
        """Answer the question in the parameters; 409 in a workspace without goals."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        known = known_of(workspace, now=now)
        if known is None:
            return problem(409, "no_goals", _("No goals yet"))
        asked = read(params, known, strict=True)
        return Response(self.Output(written(answered(workspace, known, asked, now=now))).data)


def written(result: Answer) -> Json:
    """Give an answer as InsightsOut takes it."""
    made, found = result.provenance, result.found
    return {
        "question": result.asked.params(),
        "state": result.state,
        "fault": result.fault,
        "currency": result.currency,
        "first_day": result.first.day if result.first else None,
        "notices": result.notices,
        "since": found.days.since if found else result.asked.since,
        "until": result.asked.until,
        **(_found(found) if found else _NOTHING),
        "annotations": result.annotations,
        "definition_version": made.definition_version,
        "data_version": made.data_version,
        "computed_through": made.computed_through,
        "complete": made.is_complete,
    }


_NOTHING: Json = {
    "figures": (), "paid_split": (), "buckets": (), "lines": (), "activity": None, "contents": (), "accounts": (),
}  # fmt: skip


def _found(found: Found) -> Json:
    contents = [*found.contents.rows, *([found.contents.others] if found.contents.others else [])]
    return {
        "figures": found.figures,
        "paid_split": [{"part": row.key, **dict(zip(SPLIT_METRICS, row.values, strict=True))} for row in found.parts],
        "buckets": found.trend.buckets,
        "lines": found.trend.lines,
        "activity": _activity(found, found.activity.purchase_rate),
        "contents": [
            {"key": row.key, "label": row.label, "stands_for": row.stands_for,
             **dict(zip(COLUMNS, row.values, strict=True))}
            for row in contents
        ],
        "accounts": found.accounts,
    }  # fmt: skip


def _activity(found: Found, rate: Rate | None) -> Json:
    each = found.activity
    return {
        "audience_is": audience_label(found),
        "saw_or_engaged": each.is_ads,
        "audience": each.audience,
        "visited": each.visited,
        "carted": each.carted,
        "bought": each.bought,
        "purchase_rate": rate.value if rate else None,
        "low": rate.low if rate else None,
        "high": rate.high if rate else None,
    }
