"""Tracking states, outages and coverage over HTTP."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.coverage import Coverage as Covered
from goals.coverage import coverage, tracking_of
from goals.models import Tracked
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.roles import Action
from workspaces.serializers import Strict


@extend_schema_serializer(component_name="GoalOutage")
class OutageOut(Strict):
    """A time in which events should have come and did not."""

    started_at = serializers.DateTimeField(help_text="Time of the last event before.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Of the first event after; null: it lasts.")
    silent_source = serializers.CharField(
        source="source.slug", default=None, help_text="That was silent as a whole; null: the goal's events alone."
    )


class GoalTracking(WorkspaceView):
    """Whether one goal's events arrive."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="GoalTracking")
    class Output(Strict):
        goal = serializers.CharField(source="goal.slug")
        state = serializers.ChoiceField(Tracked.choices)
        since = serializers.DateTimeField(allow_null=True, help_text="Null before the first look.")
        first_seen_at = serializers.DateTimeField(allow_null=True)
        last_seen_at = serializers.DateTimeField(allow_null=True)
        last_week = serializers.IntegerField(help_text="Events of the last seven whole days.")
        daily = serializers.ListField(child=serializers.IntegerField(), help_text="Of the last 28, oldest first.")
        checked_at = serializers.DateTimeField(allow_null=True)
        outages = OutageOut(many=True, source="goal.outages")

    @extend_schema(operation_id="goals_tracking", responses=Output)
    def get(self, request: Request, goal: str) -> Response:
        """Give the goal's tracking state and its outages, newest first."""
        parameters.read(request, (), paged=False)
        goals = self.bearer.workspace.goals.live().select_related("watch").prefetch_related("outages__source")
        return Response(self.Output(tracking_of(get_object_or_404(goals, slug=goal))).data)


@extend_schema_serializer(component_name="Coverage")
class CoverageOut(serializers.Serializer[Any]):
    """The live goals by tracking state."""

    goals = serializers.IntegerField()
    tracked = serializers.IntegerField(help_text="Verified or silent: their events arrive.")
    verified = serializers.IntegerField()
    silent = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="No event has ever come.")
    undefined = serializers.IntegerField(help_text="Without rules.")
    broken = serializers.IntegerField()
    without_target = serializers.IntegerField()
    sentence = serializers.CharField()


def covered(found: Covered) -> dict[str, Any]:  # what json can write
    """Give the coverage as CoverageOut takes it."""
    states = {state.value: found.count(state) for state in Tracked}
    whole = {"goals": found.total, "tracked": found.tracked, "without_target": found.without_target}
    return states | whole | {"sentence": found.sentence}


class Coverage(WorkspaceView):
    """How much of the plan is tracked."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}
    Output = CoverageOut

    @extend_schema(operation_id="coverage", responses=CoverageOut)
    def get(self, request: Request) -> Response:
        """Count the goals by tracking state."""
        parameters.read(request, (), paged=False)
        return Response(self.Output(covered(coverage(self.bearer.workspace))).data)
