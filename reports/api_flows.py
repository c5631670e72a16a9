"""Paths over HTTP: the page's question, the very same answer; and those that are saved."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.flows import MOST_STEPS
from reports.api import QUESTION, ReportView
from reports.flows.answer import LEFT, OTHERS, STATES, Answer
from reports.flows.answer import answer as answered
from reports.flows.nodes import KINDS, MOST_DEPTH, SHOWN
from reports.flows.page import label_of, point_label
from reports.flows.question import APART, DIRECTIONS, NAMES, TOGETHER, TOPS, UNITS, VIAS, read
from reports.flows.usual import known_of
from workspaces import parameters

Json = dict[str, Any]  # what json can write
ASKED = [
    OpenApiParameter("saved", str, description="A saved question's short name."),
    OpenApiParameter(
        "point", str, description='Where paths begin, or end: "goal sale", "event search", "page /cart"; joined by '
        '"; or". Left out, the beginning of each session, or its end.',
    ),
    OpenApiParameter("direction", str, enum=list(DIRECTIONS)),
    OpenApiParameter("show", str, enum=list(SHOWN), description="What a step is."),
    OpenApiParameter("steps", str, description=f"1 to {MOST_STEPS}."),
    OpenApiParameter("window", str, description="session, or 1 to 90 days from the point."),
    OpenApiParameter("per", str, enum=list(UNITS)),
    OpenApiParameter("repeats", str, enum=[TOGETHER, APART]),
    OpenApiParameter("depth", str, description=f"How many folders of a path are kept, 1 to {MOST_DEPTH}; 0 for all."),
    OpenApiParameter("folders", str, description="Patterns whose pages are one step each: /products/*, /blog/*"),
    OpenApiParameter("top", str, enum=[str(n) for n in TOPS], description="So many of a step are given by name."),
    OpenApiParameter("only", str, description="A saved segment's short name; others do not count."),
    *(OpenApiParameter(name, str, description='What has to be there at this step: "page /cart".') for name in VIAS),
    *(each for each in QUESTION if each.name in {"period", "from", "to"}),
]  # fmt: skip


@extend_schema_serializer(component_name="PathNode")
class NodeOut(serializers.Serializer[Any]):
    """So many were at one thing at one step."""

    kind = serializers.ChoiceField([*KINDS, OTHERS, LEFT])
    name = serializers.CharField(help_text="The path, the event's name, the goals' short names.")
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of those that are shown.")
    kinds = serializers.IntegerField(help_text="How many things it stands for.")


@extend_schema_serializer(component_name="PathMove")
class MoveOut(serializers.Serializer[Any]):
    """So many went from a node of the step before, by its place there from 0, to a node of this one."""

    before = serializers.IntegerField(help_text="Before the first step 0 is the point.")
    here = serializers.IntegerField()
    count = serializers.IntegerField()


@extend_schema_serializer(component_name="PathStep")
class ColumnOut(serializers.Serializer[Any]):
    """One step; its nodes add up to those who went on at the one before."""

    number = serializers.IntegerField(help_text="Going back, 1 is the nearest.")
    count = serializers.IntegerField()
    nodes = NodeOut(many=True)
    moves = MoveOut(many=True)


@extend_schema_serializer(component_name="Paths")
class PathsOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    state = serializers.ChoiceField(STATES)
    waiting = serializers.ListField(child=serializers.CharField(), help_text="Goals that can't be noticed yet.")
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    point = serializers.CharField(help_text="Where paths begin, or end, as people read it.")
    direction = serializers.ChoiceField(DIRECTIONS)
    per = serializers.ChoiceField(UNITS, help_text="What every count is of.")
    window_days = serializers.IntegerField(help_text="0 is one session.")
    begun = serializers.IntegerField(help_text="Whose paths begin.")
    narrowed = serializers.IntegerField(help_text="Those of them that go through via; the steps are of these.")
    still_open = serializers.IntegerField(help_text="Those of these whose days are not over.")
    steps = ColumnOut(many=True)
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class PathReport(ReportView):
    """Where people go after a point, or came from before it."""

    Output = PathsOut

    @extend_schema(operation_id="reports_paths", parameters=ASKED, responses=PathsOut)
    def get(self, request: Request) -> Response:
        """Answer the question in the parameters."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        known = known_of(workspace, now=now)
        asked = read(params, known, strict=True)
        return Response(self.Output(written(answered(workspace, asked, known.goals, now=now))).data)


class PathList(ReportView):
    """The saved questions about paths."""

    @extend_schema_serializer(component_name="SavedPathsList")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SavedPaths")
        class Saved(serializers.Serializer[Any]):
            slug = serializers.CharField()
            name = serializers.CharField()
            params = serializers.DictField(child=serializers.CharField(), help_text="As reports/paths takes them.")
            revision = serializers.IntegerField()

        paths = Saved(many=True)

    @extend_schema(operation_id="paths", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        return Response(self.Output({"paths": self.bearer.workspace.flows.all()}).data)


def written(result: Answer) -> Json:
    """Give an answer as PathsOut takes it."""
    asked = result.asked
    return {
        "state": result.state,
        "waiting": result.waiting,
        "since": asked.since,
        "until": asked.until,
        "point": point_label(asked),
        "direction": asked.direction,
        "per": asked.per,
        "window_days": asked.window,
        "begun": result.begun,
        "narrowed": result.narrowed,
        "still_open": result.still_open,
        "steps": [
            {
                "number": column.number, "count": column.count, "moves": column.links,
                "nodes": [
                    {"kind": node.kind, "name": node.name, "label": label_of(node, asked), "count": node.count,
                     "share": node.share, "kinds": node.kinds}
                    for node in column.nodes
                ],
            }
            for column in result.columns
        ],
        "rows_since": result.rows_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip
