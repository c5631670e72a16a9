"""The workspace's own metrics over HTTP; their figures come as columns of explorations."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.models import Format
from reports.api import ReportView
from reports.calculated.listing import Listed, listed
from reports.explore.metrics import ALWAYS, BY_VISIT, NEVER
from reports.explore.usual import known_of
from reports.models import CalculatedMetric
from workspaces import parameters

Json = dict[str, Any]  # what json can write


@extend_schema_serializer(component_name="CalculatedMetric")
class MetricOut(serializers.Serializer[Any]):
    """One metric: what was written, and what it means now."""

    slug = serializers.CharField()
    key = serializers.CharField(help_text="As a column of reports/explore: metric:SLUG.")
    name = serializers.CharField()
    description = serializers.CharField()
    formula = serializers.CharField(help_text="As docs/reference/metrics.md says.")
    words = serializers.CharField(help_text="The formula with the names of figures and goals.")
    format = serializers.ChoiceField(Format.choices)
    direction = serializers.ChoiceField(CalculatedMetric.DIRECTIONS)
    model = serializers.CharField(help_text='The attribution model of rows; "": conversions where they happened.')
    view_days = serializers.IntegerField(allow_null=True, help_text="Its windows, 0 is off; null: each goal's own.")
    engagement_days = serializers.IntegerField(allow_null=True)
    click_days = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField(allow_null=True, help_text="Of money; null for everything else.")
    adds_up = serializers.ChoiceField(
        (ALWAYS, BY_VISIT, NEVER), allow_null=True, help_text="by_visit: but for rows of what happens in sessions."
    )
    has_interval = serializers.BooleanField(help_text="Whether values have a 95 % interval (Wilson).")
    fault = serializers.CharField(help_text='Why it can\'t be computed; "" where it can.')
    revision = serializers.IntegerField()


class MetricList(ReportView):
    """The workspace's own metrics."""

    @extend_schema_serializer(component_name="CalculatedMetrics")
    class Output(serializers.Serializer[Any]):
        metrics = MetricOut(many=True)

    @extend_schema(operation_id="metrics", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        return Response(self.Output({"metrics": [_written(each) for each in _all(self)]}).data)


class OneMetric(ReportView):
    """One of the workspace's own metrics."""

    Output = MetricOut

    @extend_schema(operation_id="metric", responses=MetricOut)
    def get(self, request: Request, metric: str) -> Response:
        """Give it."""
        parameters.read(request, (), paged=False)
        found = next((each for each in _all(self) if each.metric.slug == metric), None)
        if found is None:
            raise Http404
        return Response(self.Output(_written(found)).data)


def _all(view: ReportView) -> list[Listed]:
    workspace = view.bearer.workspace
    return listed(workspace, known_of(workspace, now=timezone.now()))


def _written(each: Listed) -> Json:
    metric, column = each.metric, each.column
    return {
        "slug": metric.slug,
        "key": metric.key,
        "name": metric.name,
        "description": metric.description,
        "formula": metric.formula,
        "words": each.words,
        "format": metric.format,
        "direction": metric.direction,
        "model": metric.model,
        "view_days": metric.view_days,
        "engagement_days": metric.engagement_days,
        "click_days": metric.click_days,
        "currency": column.currencies[0] if column and column.currencies else None,
        "adds_up": column.figure.adds if column else None,
        "has_interval": bool(column and column.figure.unit == "share"),
        "fault": each.fault,
        "revision": metric.revision,
    }
