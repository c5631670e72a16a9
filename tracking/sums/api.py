"""Imported sums over HTTP."""

from datetime import date
from typing import ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.models import SumKind
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict


class Sums(WorkspaceView):
    """What another tool summed up of a source's days."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema_serializer(component_name="ImportedDay")
    class Output(Strict):
        day = serializers.DateField()
        kind = serializers.ChoiceField(SumKind.choices)
        entries = serializers.ListField(
            child=serializers.DictField(), help_text="What each is of as texts, how much it was as whole numbers."
        )
        import_id = serializers.IntegerField(source="import_row_id")

    @extend_schema(
        operation_id="source_sums_list",
        parameters=[
            *PAGING,
            OpenApiParameter("kind", enum=SumKind.values, description="Every breakdown by default."),
            OpenApiParameter("from", date, description="First day."),
            OpenApiParameter("to", date, description="Last day, itself inside."),
        ],
        responses=paged(Output, "ImportedDays"),
    )
    def get(self, request: Request, source: str) -> Response:
        """List the days of imported sums, the latest first: no events, so no report counts them."""
        given = parameters.read(request, ("kind", "from", "to"))
        row = get_object_or_404(self.bearer.workspace.sources, slug=source)
        since, last = parameters.day_in(given, "from", usual=date.min), parameters.day_in(given, "to", usual=date.max)
        days = row.imported_days.filter(day__gte=since, day__lte=last)
        if "kind" in given:
            if given["kind"] not in SumKind.values:
                raise BadParameter("kind", f"There is no such breakdown; there are {', '.join(SumKind.values)}.")
            days = days.filter(kind=given["kind"])
        return self.listed(days, self.Output)
