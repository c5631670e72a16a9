"""Segments over HTTP: those that are saved, and one beside everybody else, the page's very answer."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.differences import Difference
from reports.api import QUESTION, ReportView
from reports.api_funnels import ShareOut, share_of
from reports.explore.answer import STATES
from reports.explore.usual import known_of
from reports.segments import of_goal
from reports.segments.answer import NAMES, Answer, answer, asked_of
from workspaces import parameters

Json = dict[str, Any]  # what json can write


@extend_schema_serializer(component_name="SegmentSize")
class SizeOut(serializers.Serializer[Any]):
    """Persons who were there before the day; of the last 90 days beside."""

    as_of = serializers.DateField(help_text="What happened on this day or later has no part.")
    everybody = serializers.IntegerField()
    persons = serializers.IntegerField(help_text="Of everybody, those in the segment.")
    everybody_lately = serializers.IntegerField(help_text="Who was there in the 90 days before.")
    persons_lately = serializers.IntegerField()


@extend_schema_serializer(component_name="RateDifference")
class DifferenceOut(serializers.Serializer[Any]):
    """A difference of two rates with its 95 % interval, as fractions: 0.01 is one percentage point."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


@extend_schema_serializer(component_name="SegmentGoal")
class GoalOut(serializers.Serializer[Any]):
    """Visitors who reached a goal, of those in the segment and of everybody else."""

    goal = serializers.CharField()
    name = serializers.CharField()
    inside = ShareOut(allow_null=True)
    outside = ShareOut(allow_null=True)
    difference = DifferenceOut(allow_null=True)


@extend_schema_serializer(component_name="SegmentDay")
class DayOut(serializers.Serializer[Any]):
    """The visitors of one day."""

    day = serializers.DateField()
    inside = serializers.IntegerField()
    outside = serializers.IntegerField()


@extend_schema_serializer(component_name="SavedSegment")
class SavedOut(serializers.Serializer[Any]):
    """What is saved of a segment."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    owner = serializers.CharField(source="owner.user.name", default=None, allow_null=True)
    text = serializers.CharField(help_text="Its lines, as docs/reference/segments.md says.")
    revision = serializers.IntegerField()


@extend_schema_serializer(component_name="SegmentReport")
class PersonSegmentOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version; nobody's identity is in it."""

    segment = SavedOut()
    state = serializers.ChoiceField(STATES)
    waiting = serializers.ListField(child=serializers.CharField(), help_text="What it names that has no figures.")
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    size = SizeOut(allow_null=True)
    visitors_inside = serializers.IntegerField()
    visitors_outside = serializers.IntegerField()
    goals = GoalOut(many=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Goals without figures yet.")
    days = DayOut(many=True)
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


@extend_schema_serializer(component_name="GoalSegmentSide")
class SideOut(serializers.Serializer[Any]):
    """What some persons did of a goal."""

    conversions = serializers.IntegerField(help_text="In their sessions.")
    rate = ShareOut(allow_null=True, help_text="Of their visitors, those who reached it.")


@extend_schema_serializer(component_name="GoalSegment")
class GoalSegmentOut(serializers.Serializer[Any]):
    """One segment, and everybody who is not in it."""

    segment = serializers.CharField()
    name = serializers.CharField()
    inside = SideOut()
    outside = SideOut()
    difference = DifferenceOut(allow_null=True)


@extend_schema_serializer(component_name="GoalSegments")
class GoalSegmentsOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version; nobody's identity is in it."""

    goal = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    everybody = SideOut(allow_null=True)
    segments = GoalSegmentOut(many=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Segments that can't be counted.")
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class GoalSegments(ReportView):
    """What the persons of each saved segment did of one goal, beside everybody else."""

    Output = GoalSegmentsOut

    @extend_schema(
        operation_id="reports_goal_segments",
        parameters=[each for each in QUESTION if each.name in of_goal.NAMES],
        responses=GoalSegmentsOut,
    )
    def get(self, request: Request, goal: str) -> Response:
        """Answer for the range of days in the parameters."""
        params = parameters.read(request, of_goal.NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.goals.prefetch_related("rules"), slug=goal)
        known = known_of(workspace, now=now)
        asked = of_goal.asked_of(params, known, strict=True)
        result = of_goal.answer(workspace, found, asked, known, now=now)
        return Response(self.Output({"goal": found.slug} | written_of_goal(result)).data)


class SegmentList(ReportView):
    """The saved segments."""

    @extend_schema_serializer(component_name="SavedSegments")
    class Output(serializers.Serializer[Any]):
        segments = SavedOut(many=True)

    @extend_schema(operation_id="person_segments", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        rows = self.bearer.workspace.segments.select_related("owner__user")
        return Response(self.Output({"segments": rows}).data)


class SegmentReport(ReportView):
    """How many persons a segment has, and how it differs from everybody else."""

    Output = PersonSegmentOut

    @extend_schema(
        operation_id="reports_segment",
        parameters=[each for each in QUESTION if each.name in NAMES],
        responses=PersonSegmentOut,
    )
    def get(self, request: Request, segment: str) -> Response:
        """Answer for the range of days in the parameters."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.segments.select_related("owner__user"), slug=segment)
        known = known_of(workspace, now=now)
        asked = asked_of(found, params, known, strict=True)
        result = answer(workspace, found, asked, known, now=now)
        return Response(self.Output({"segment": found} | written(result)).data)


def written(result: Answer) -> Json:
    """Give an answer as PersonSegmentOut takes it, but for what is saved."""
    return {
        "state": result.state,
        "waiting": result.waiting,
        "since": result.asked.since,
        "until": result.asked.until,
        "size": result.size,
        "visitors_inside": result.inside,
        "visitors_outside": result.outside,
        "goals": [
            {"goal": each.slug, "name": each.name, "inside": share_of(each.inside), "outside": share_of(each.outside),
             "difference": _difference(each.difference)}
            for each in result.goals
        ],
        "left_out": result.left_out,
        "days": result.days,
        "rows_since": result.rows_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip


def written_of_goal(result: of_goal.Answer) -> Json:
    """Give an answer as GoalSegmentsOut takes it, but for the goal."""
    return {
        "state": result.state,
        "since": result.asked.since,
        "until": result.asked.until,
        "everybody": _side(result.everybody) if result.everybody else None,
        "segments": [
            {"segment": row.slug, "name": row.name, "inside": _side(row.inside), "outside": _side(row.outside),
             "difference": _difference(row.difference)}
            for row in result.rows
        ],
        "left_out": result.left_out,
        "rows_since": result.rows_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip


def _side(side: of_goal.Side) -> Json:
    return {"conversions": side.conversions, "rate": share_of(side.rate)}


def _difference(found: Difference | None) -> Json | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}
