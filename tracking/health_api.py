"""Tracking health over HTTP: what became of what was sent, what was rejected, and taking in what was held back."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import health, replaying
from tracking.models import Quarantined, Source
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

DAYS = 30
MOST_DAYS = 800
MOST_IDS = 1_000


class Health(WorkspaceView):
    """What became of everything that a source sent."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema_serializer(component_name="SourceHealth")
    class Output(Strict):
        @extend_schema_serializer(component_name="SourceHealthDay")
        class Day(Strict):
            @extend_schema_serializer(component_name="SourceHealthReason")
            class Reason(Strict):
                outcome = serializers.CharField()
                code = serializers.CharField()
                items = serializers.IntegerField()

            day = serializers.DateField(help_text="UTC day of receipt.")
            received = serializers.IntegerField(help_text="The sum of the next five, at any moment.")
            accepted = serializers.IntegerField()
            duplicate = serializers.IntegerField()
            rejected = serializers.IntegerField()
            filtered = serializers.IntegerField()
            limited = serializers.IntegerField()
            reasons = Reason(many=True)

        since = serializers.DateField()
        days = Day(many=True, help_text="Newest first; days without a request are left out.")

    @extend_schema(
        operation_id="sources_health",
        parameters=[OpenApiParameter("since", date, description="First UTC day; 30 days unless given, 800 at most.")],
        responses=Output,
    )
    def get(self, request: Request, source: str) -> Response:
        """Give the source's balance day by day, with the reasons."""
        given = parameters.read(request, ("since",), paged=False)
        row = get_object_or_404(self.bearer.workspace.sources, slug=source)
        today = timezone.now().date()
        since = parameters.day_in(given, "since", usual=today - timedelta(days=DAYS - 1))
        if not today - timedelta(days=MOST_DAYS) <= since <= today:
            raise BadParameter("since", f"since lies within the last {MOST_DAYS} days.")
        days = [_day_out(day, balance) for day, balance in health.daily(row, since=since).items()]
        return Response(self.Output({"since": since, "days": days}).data)


class Rejected(WorkspaceView):
    """What was rejected of a source."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema_serializer(component_name="Rejected")
    class Output(Strict):
        id = serializers.IntegerField(source="pk")
        received_at = serializers.DateTimeField()
        code = serializers.CharField()
        pointer = serializers.CharField(help_text="JSON pointer to the item in its request.")
        message = serializers.CharField()
        name = serializers.CharField(help_text="Of the event, where it has one.")
        text = serializers.CharField(help_text="What came: without e-mail addresses, ids shortened.")
        can_be_taken_in = serializers.BooleanField(source="is_held")
        is_waiting = serializers.BooleanField(source="is_asked", help_text="A worker takes it in.")
        tried_at = serializers.DateTimeField(allow_null=True, help_text="When it was refused again.")

        def to_representation(self, instance: Quarantined) -> dict[str, Any]:  # JSON values
            """Write a row without naming a person."""
            return super().to_representation(health.readable(instance))

    @extend_schema(
        operation_id="sources_rejected",
        parameters=[
            *PAGING,
            OpenApiParameter("code", str, description="Of this reason alone."),
            OpenApiParameter("name", str, description="Events of this name alone."),
        ],
        responses=paged(Output, "RejectedItems"),
    )
    def get(self, request: Request, source: str) -> Response:
        """List what was rejected in 30 days, newest first."""
        chosen = parameters.read(request, ("code", "name"))
        row = get_object_or_404(self.bearer.workspace.sources, slug=source)
        return self.listed(health.kept(row).filter(**chosen), self.Output)


class TakeIn(WorkspaceView):
    """Taking in what a strict source held back."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="TakeIn")
    class Input(Strict):
        ids = serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=MOST_IDS, required=False
        )
        code = serializers.CharField(max_length=40, required=False, help_text="All of this reason.")
        name = serializers.CharField(max_length=128, required=False, help_text="All events of this name.")

    @extend_schema_serializer(component_name="TakenIn")
    class Output(Strict):
        asked = serializers.IntegerField(help_text="Rows that did not wait for it already.")
        accepted = serializers.IntegerField()
        duplicates = serializers.IntegerField(help_text="Their ids had come in meanwhile.")
        refused = serializers.IntegerField(help_text="Still not as agreed; they stay.")
        is_later = serializers.BooleanField(help_text="They are many: a worker takes them in.")

    @extend_schema(operation_id="sources_take_in", request=Input, responses=Output)
    def post(self, request: Request, source: str) -> Response:
        """Have what was held back judged again, and stored where it is as agreed; twice changes nothing."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        row = get_object_or_404(self.bearer.workspace.sources.select_related("workspace"), slug=source)
        asked, done = replaying.ask_and_replay(
            _chosen(row, sent.validated_data), row, by=str(self.bearer), now=timezone.now()
        )
        known = done or replaying.Replayed()
        told = {"asked": asked, "accepted": known.accepted, "duplicates": known.duplicates, "refused": known.refused}
        return Response(self.Output({**told, "is_later": done is None}).data)


def _chosen(row: Source, wanted: dict[str, Any]) -> Any:  # a queryset
    rows = replaying.held_back(row, code=wanted.get("code", ""), name=wanted.get("name", ""))
    return rows.filter(pk__in=wanted["ids"]) if "ids" in wanted else rows


def _day_out(day: date, balance: health.Balance) -> dict[str, Any]:  # JSON values
    reasons = [{"outcome": each.outcome, "code": each.code, "items": each.items} for each in health.whys([balance])]
    return {"day": day, "received": balance.received, **balance.parts, "reasons": reasons}
