"""Costs of ads and the words of their reports over HTTP."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.ads import wording
from tracking.ads.forms import MOST_DAYS
from tracking.ads.words import Field
from tracking.models import AdField, AdPlatform
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict
from workspaces.zones import day_of

DAYS = ("from", "to")


class Costs(WorkspaceView):
    """The daily costs of ads."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="AdCost")
    class Output(Strict):
        id = serializers.IntegerField()
        day = serializers.DateField()
        platform = serializers.ChoiceField(AdPlatform.choices)
        account = serializers.CharField()
        campaign = serializers.CharField()
        campaign_id = serializers.CharField()
        ad_group = serializers.CharField()
        ad_group_id = serializers.CharField()
        currency = serializers.CharField()
        cost_micros = serializers.IntegerField()
        impressions = serializers.IntegerField()
        clicks = serializers.IntegerField()
        conversions = serializers.DecimalField(max_digits=20, decimal_places=6, allow_null=True)
        conversion_micros = serializers.IntegerField(allow_null=True)
        import_id = serializers.IntegerField(source="import_row_id")

    @extend_schema(
        operation_id="ad_costs_list",
        parameters=[
            *PAGING,
            OpenApiParameter("from", date, description="First day; 30 days ago by default."),
            OpenApiParameter("to", date, description="Last day, itself inside; today by default."),
        ],
        responses=paged(Output, "AdCosts"),
    )
    def get(self, request: Request) -> Response:
        """List the daily costs of the days, the latest first."""
        given = parameters.read(request, DAYS)
        workspace = self.bearer.workspace
        last = parameters.day_in(given, "to", usual=day_of(timezone.now(), workspace.zone))
        since = parameters.day_in(given, "from", usual=last - timedelta(days=29))
        if not since <= last < since + timedelta(days=MOST_DAYS):
            raise BadParameter("from", f"Ask for at most {MOST_DAYS} days, the first one first.")
        return self.listed(workspace.ad_costs.filter(day__gte=since, day__lte=last), self.Output)


class Words(WorkspaceView):
    """The workspace's own words for the columns of cost reports."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING, "POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="AdWordNew")
    class Input(Strict):
        header = serializers.CharField(max_length=120)
        field = serializers.ChoiceField(AdField.choices)

    @extend_schema_serializer(component_name="AdWord")
    class Output(Strict):
        id = serializers.IntegerField()
        header = serializers.CharField()
        field = serializers.ChoiceField(AdField.choices)

    @extend_schema(operation_id="ad_words_list", parameters=PAGING, responses=paged(Output, "AdWords"))
    def get(self, request: Request) -> Response:
        """List the words."""
        parameters.read(request, ())
        return self.listed(self.bearer.workspace.ad_words.all(), self.Output)

    @extend_schema(operation_id="ad_words_add", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Let a header name a column; one that is there already names the new one."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given: dict[str, Any] = sent.validated_data | {"field": Field(sent.validated_data["field"])}
        row = wording.add(self.bearer.workspace, **given, by=str(self.bearer), now=timezone.now())
        return Response(self.Output(row).data, status=status.HTTP_201_CREATED)


class WordView(WorkspaceView):
    """One word."""

    actions: ClassVar = {"DELETE": Action.EDIT_TRACKING}

    @extend_schema(operation_id="ad_words_remove", responses={204: None})
    def delete(self, request: Request, word: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Forget the word; costs that were read with it stay."""
        row = get_object_or_404(self.bearer.workspace.ad_words.select_related("workspace"), pk=word)
        wording.remove(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
