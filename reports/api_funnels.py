"""Funnels over HTTP: the page's question, the very same answer; and those that are saved."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.rates import Rate
from reports.api import QUESTION, ReportView
from reports.api_annotations import AnnotatedOut
from reports.funnels.answer import STATES, Answer
from reports.funnels.answer import answer as answered
from reports.funnels.question import NAMES, STEP_NAMES, read
from reports.funnels.segments import SEGMENTS, WHOLE
from reports.funnels.usual import known_of
from reports.models.funnel import StepOrder
from reports.question import AUTO, INTERVALS
from workspaces import parameters

Json = dict[str, Any]  # what json can write
ASKED = [
    OpenApiParameter("funnel", str, description="A saved funnel's short name; the plan's funnel by default."),
    *(
        OpenApiParameter(name, str, description='"goal sale", "event add_to_cart", "page /thanks*"; joined by "; or".')
        for name in STEP_NAMES
    ),
    OpenApiParameter("order", str, enum=StepOrder.values),
    OpenApiParameter("window", str, description="session, or 1 to 90 days from the first step to the last."),
    *(each for each in QUESTION if each.name in {"period", "from", "to"}),
    OpenApiParameter(
        "by", str, description=f"What persons are told apart by: {', '.join([WHOLE, *SEGMENTS])} or segment:NAME."
    ),
    OpenApiParameter("only", str, description="A saved segment's short name; others do not count."),
    OpenApiParameter("beside", str, description="What the page draws; the answer holds all segments."),
    OpenApiParameter("interval", str, enum=[AUTO, *INTERVALS], description="Of the trend."),
    OpenApiParameter("drop", str, description="The step after which people left whose next events are given."),
]


class ShareOut(serializers.Serializer[Any]):
    """A share with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    little_data = serializers.BooleanField(help_text="The denominator is below 30.")


@extend_schema_serializer(component_name="FunnelStep")
class StepOut(serializers.Serializer[Any]):
    """One step."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    persons = serializers.IntegerField(help_text="Who got here at least, each counted once.")
    of_start = ShareOut(allow_null=True)
    of_previous = ShareOut(allow_null=True)
    lost = serializers.IntegerField(help_text="Who took the step before and not this one.")
    lost_share = serializers.FloatField(allow_null=True)
    median_seconds = serializers.FloatField(allow_null=True, help_text="From the step before.")
    biggest_drop = serializers.BooleanField()


@extend_schema_serializer(component_name="FunnelSegment")
class SegmentOut(serializers.Serializer[Any]):
    """The persons of one segment at each step; all segments add up to the whole."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    persons = serializers.ListField(child=serializers.IntegerField())
    rate = ShareOut(allow_null=True)


@extend_schema_serializer(component_name="FunnelSpan")
class SpanOut(serializers.Serializer[Any]):
    """The funnel of those whose first step lies in a span of days."""

    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    is_partial = serializers.BooleanField(help_text="The days are not over yet.")
    entered = serializers.IntegerField()
    completed = serializers.IntegerField()
    rate = ShareOut(allow_null=True)


@extend_schema_serializer(component_name="FunnelNext")
class NextOut(serializers.Serializer[Any]):
    """What so many did next; the kind is empty for nothing more."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    persons = serializers.IntegerField()


@extend_schema_serializer(component_name="Funnel")
class FunnelOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    state = serializers.ChoiceField(STATES)
    waiting = serializers.ListField(
        child=serializers.CharField(), help_text="Goals that can't be noticed yet, or segments."
    )
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    order = serializers.ChoiceField(StepOrder.choices)
    window_days = serializers.IntegerField(help_text="0 is one session.")
    rate = ShareOut(allow_null=True)
    still_open = serializers.IntegerField(help_text="Persons on the way who still have time.")
    steps = StepOut(many=True)
    segments = SegmentOut(many=True)
    trend = SpanOut(many=True)
    annotations = AnnotatedOut(many=True, help_text="What people said happened on these days, oldest first.")
    next = NextOut(many=True, allow_null=True, help_text="All of it; null without drop.")
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class FunnelReport(ReportView):
    """How many persons take a way of several steps."""

    Output = FunnelOut

    @extend_schema(operation_id="reports_funnel", parameters=ASKED, responses=FunnelOut)
    def get(self, request: Request) -> Response:
        """Answer the question in the parameters."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        asked = read(params, known_of(workspace, now=now), strict=True)
        return Response(self.Output(written(answered(workspace, asked, now=now))).data)


class FunnelList(ReportView):
    """The saved funnels."""

    @extend_schema_serializer(component_name="SavedFunnels")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SavedFunnel")
        class Saved(serializers.Serializer[Any]):
            slug = serializers.CharField()
            name = serializers.CharField()
            steps = serializers.ListField(child=serializers.CharField())
            order = serializers.ChoiceField(StepOrder.choices, source="step_order")
            window_days = serializers.IntegerField(help_text="0 is one session.")
            revision = serializers.IntegerField()

        funnels = Saved(many=True)

    @extend_schema(operation_id="funnels", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        return Response(self.Output({"funnels": self.bearer.workspace.funnels.all()}).data)


def written(result: Answer) -> Json:
    """Give an answer as FunnelOut takes it."""
    asked = result.asked
    return {
        "state": result.state,
        "waiting": result.waiting,
        "since": asked.since,
        "until": asked.until,
        "order": asked.order,
        "window_days": asked.window,
        "rate": share_of(result.rate),
        "still_open": result.still_open,
        "steps": [
            {
                "number": each.number, "text": each.step.text, "label": each.step.label, "persons": each.persons,
                "of_start": share_of(each.of_start),
                "of_previous": share_of(each.of_previous) if each.number > 1 else None,
                "lost": each.lost, "lost_share": each.lost_share if each.number > 1 else None,
                "median_seconds": each.median.total_seconds() if each.median is not None else None,
                "biggest_drop": each.is_worst,
            }
            for each in result.steps
        ],
        "segments": [
            {"key": each.key, "label": each.label, "persons": each.persons, "rate": share_of(each.rate)}
            for each in result.segments
        ],
        "trend": [
            {"since": each.since, "until": each.until, "is_partial": each.is_partial, "entered": each.entered,
             "completed": each.completed, "rate": share_of(each.rate)}
            for each in result.spans
        ],
        "annotations": result.annotations,
        "next": result.following,
        "rows_since": result.rows_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip


def share_of(rate: Rate | None) -> Json | None:
    """Give a rate as ShareOut takes it."""
    if rate is None:
        return None
    ends = {"value": rate.value, "low": rate.low, "high": rate.high}
    return ends | {"numerator": rate.conversions, "denominator": rate.visits, "little_data": rate.is_little_data}
