"""Explorations over HTTP: the page's question, the very same answer; and those that are saved."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api import QUESTION, ReportView
from reports.explore.answer import STATES, Answer
from reports.explore.answer import answer as answered
from reports.explore.labels import row_label
from reports.explore.metrics import Metric, Value
from reports.explore.page import adds, segment_names
from reports.explore.question import DOWN, NAMES, SEGMENT_NAMES, TOPS, UP, Known, read
from reports.explore.rows import KINDS, Values, flat
from reports.explore.usual import known_of
from workspaces import parameters

Json = dict[str, Any]  # what json can write
UNITS = ("count", "number", "share", "percent", "duration", "money")
CONDITIONS = '"channel is direct | email & device is not mobile"'
ASKED = [
    OpenApiParameter("saved", str, description="A saved exploration's short name."),
    OpenApiParameter("by", str, description="none, or up to three dimensions: channel,device,property:plan"),
    OpenApiParameter(
        "metrics", str, description="1 to 8 columns: sessions,pages,conversions:GOAL,rate:GOAL,metric:METRIC"
    ),
    OpenApiParameter("where", str, description=f"What all sessions have to be: {CONDITIONS}."),
    *(OpenApiParameter(name, str, description=f"Sessions side by side: {CONDITIONS}.") for name in SEGMENT_NAMES),
    OpenApiParameter("top", str, enum=list(TOPS), description="So many rows of each level; all others are one."),
    OpenApiParameter("sort", str, description="A column, with @2 the one of segment 2; or name."),
    OpenApiParameter("order", str, enum=[UP, DOWN]),
    OpenApiParameter("open", str, description="Rows whose next level is given: email,direct/mobile; * for all."),
    *(each for each in QUESTION if each.name in {"period", "from", "to"}),
]


@extend_schema_serializer(component_name="ExploredAmount")
class AmountOut(serializers.Serializer[Any]):
    currency = serializers.CharField()
    micros = serializers.IntegerField(help_text="Millionths of the currency's unit.")


@extend_schema_serializer(component_name="ExploredValue")
class ValueOut(serializers.Serializer[Any]):
    """One figure; what is not said of it is null."""

    value = serializers.FloatField(allow_null=True, help_text="Durations in seconds; money is in amounts.")
    low = serializers.FloatField(allow_null=True, help_text="Of the rate's 95 % interval.")
    high = serializers.FloatField(allow_null=True)
    part = serializers.IntegerField(allow_null=True, help_text="The rate's numerator.")
    whole = serializers.IntegerField(allow_null=True, help_text="Its denominator.")
    little_data = serializers.BooleanField()
    amounts = AmountOut(many=True, help_text="Each currency by itself.")


@extend_schema_serializer(component_name="ExploredColumn")
class ColumnOut(serializers.Serializer[Any]):
    """One column."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    unit = serializers.ChoiceField(UNITS)
    adds_up = serializers.BooleanField(help_text="Whether rows add up to the total.")


@extend_schema_serializer(component_name="ExploredRow")
class RowOut(serializers.Serializer[Any]):
    """One row; rows below an opened one follow it."""

    kind = serializers.ChoiceField(KINDS, help_text="rest: all values that are not given.")
    level = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(), help_text="Values from level 1 on.")
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    count = serializers.IntegerField(help_text="How many values it stands for.")
    values = serializers.ListField(
        child=ValueOut(many=True), help_text="For all sessions, then for each segment: a value for each column."
    )


@extend_schema_serializer(component_name="Exploration")
class ExploreOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    state = serializers.ChoiceField(STATES)
    waiting = serializers.ListField(child=serializers.CharField(), help_text="Goals without figures.")
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    by = serializers.ListField(child=serializers.CharField())
    segments = serializers.ListField(child=serializers.CharField(), help_text="All sessions first.")
    columns = ColumnOut(many=True)
    total = serializers.ListField(child=ValueOut(many=True), help_text="As the values of rows; uniques counted anew.")
    rows = RowOut(many=True)
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class ExploreReport(ReportView):
    """Any metric of sessions and goals by any breakdown of sessions."""

    Output = ExploreOut

    @extend_schema(operation_id="reports_explore", parameters=ASKED, responses=ExploreOut)
    def get(self, request: Request) -> Response:
        """Answer the question in the parameters."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        known = known_of(workspace, now=now)
        asked = read(params, known, strict=True)
        return Response(self.Output(written(answered(workspace, asked, known, now=now), known)).data)


class ExplorationList(ReportView):
    """The saved explorations."""

    @extend_schema_serializer(component_name="SavedExplorations")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SavedExploration")
        class Saved(serializers.Serializer[Any]):
            slug = serializers.CharField()
            name = serializers.CharField()
            params = serializers.DictField(child=serializers.CharField(), help_text="As reports/explore takes them.")
            revision = serializers.IntegerField()

        explorations = Saved(many=True)

    @extend_schema(operation_id="explorations", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        return Response(self.Output({"explorations": self.bearer.workspace.explorations.all()}).data)


def written(result: Answer, known: Known) -> Json:
    """Give an answer as ExploreOut takes it."""
    asked = result.asked
    is_several = any(each.is_several for each in asked.by)
    return {
        "state": result.state,
        "waiting": result.waiting,
        "since": asked.since,
        "until": asked.until,
        "by": [each.key for each in asked.by],
        "segments": segment_names(asked, known),
        "columns": [
            {"key": each.key, "label": each.label, "unit": each.figure.unit,
             "adds_up": adds(each, is_several=is_several)}
            for each in result.columns
        ],
        "total": _values(result.columns, result.total),
        "rows": [
            {"kind": row.kind, "level": row.level, "path": row.path, "label": row_label(row, asked, known.sites),
             "count": row.count, "values": _values(result.columns, row.values)}
            for row in flat(result.rows)
        ],
        "rows_since": result.rows_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip


def _values(columns: Sequence[Metric], values: Values) -> list[list[Json]]:
    return [[_value(metric, value) for metric, value in zip(columns, each, strict=True)] for each in values]


def _value(metric: Metric, value: Value) -> Json:
    is_share, is_money = metric.figure.unit == "share", metric.figure.unit == "money"
    return {
        "value": None if is_money else value.number,
        "low": value.rate.low if value.rate else None,
        "high": value.rate.high if value.rate else None,
        "part": value.part if is_share else None,
        "whole": value.whole if is_share else None,
        "little_data": bool(value.rate and value.rate.is_little_data),
        "amounts": [{"currency": currency, "micros": micros} for currency, micros in value.amounts],
    }
