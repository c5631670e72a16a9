"""The event catalogue over HTTP: what is planned against what arrives."""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import agreeing, entries
from tracking.entries import Entry, State
from tracking.models.catalogue import MAX_EVENT_NAME_CHARS
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict


@extend_schema_serializer(component_name="CatalogueEvent")
class EventOut(Strict):
    """One event name; counts are of 30 days."""

    name = serializers.CharField(help_text='"" stands for all names beyond the 1,000 unplanned ones that are kept.')
    states = serializers.ListField(child=serializers.ChoiceField(State.choices), help_text="What needs somebody first.")
    planned_id = serializers.IntegerField(source="planned.pk", default=None, help_text="Null: no plan knows it.")
    is_by_hand = serializers.BooleanField(source="planned.is_by_hand", default=False)
    goals = serializers.SerializerMethodField()
    sources = serializers.SerializerMethodField()
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    events = serializers.IntegerField()
    late = serializers.IntegerField(help_text="More than a day after they happened.")
    unknown_consent = serializers.IntegerField(help_text="Say nothing of analytics.")
    violating = serializers.IntegerField(help_text="Not as agreed.")
    duplicates = serializers.IntegerField(help_text="Came again; not among `events`.")
    refused = serializers.IntegerField(help_text="Held back by a strict source; not among `events`.")

    def get_goals(self, entry: Entry) -> list[str]:
        return [slug for slug, _ in entry.planned.goals] if entry.planned else []

    def get_sources(self, entry: Entry) -> list[str]:
        return [source.slug for source in entry.sources]


class Catalogue(WorkspaceView):
    """The events that are planned or arrive."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING, "POST": Action.EDIT_TRACKING}
    Output = EventOut

    @extend_schema_serializer(component_name="PlannedEventNew")
    class Input(Strict):
        name = serializers.CharField(max_length=MAX_EVENT_NAME_CHARS)

    @extend_schema(
        operation_id="catalogue_list",
        parameters=[OpenApiParameter("state", str, enum=State.values)],
        responses=EventOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Give all of them, at most some thousand; those that need somebody come first."""
        state = parameters.read(request, ("state",), paged=False).get("state", "")
        if state not in {"", *State.values}:
            raise BadParameter("state", f"state is one of {', '.join(State.values)}.")
        found = entries.entries(self.bearer.workspace, now=timezone.now())
        return Response(EventOut([each for each in found if state in {"", *each.states}], many=True).data)

    @extend_schema(
        operation_id="catalogue_plan", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: EventOut}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Plan an event without a goal; one that is planned already is given as it is."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        now, workspace = timezone.now(), self.bearer.workspace
        row = agreeing.plan_by_hand(workspace, sent.validated_data["name"], by=str(self.bearer), now=now)
        return Response(EventOut(entries.entry(workspace, row.name, now=now)).data, status=status.HTTP_201_CREATED)


class Planned(WorkspaceView):
    """One event that was planned without a goal."""

    actions: ClassVar = {"DELETE": Action.EDIT_TRACKING}

    @extend_schema(operation_id="catalogue_unplan", responses={204: None})
    def delete(self, request: Request, planned: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Plan it no more; as long as a goal asks for the event it stays planned."""
        rows = self.bearer.workspace.planned_events.select_related("workspace")
        agreeing.unplan(get_object_or_404(rows, pk=planned), by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
