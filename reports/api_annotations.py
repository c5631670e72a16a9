"""Annotations over HTTP, by the same verbs as the pages; and how reports tell of those on their days."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import shown
from goals.models import Goal
from reports.annotations import writing
from reports.annotations.writing import AnnotationDraft
from reports.models import Annotation
from reports.models.annotation import LONGEST_TEXT
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.models import Workspace
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

OF_GOAL = OpenApiParameter("goal", str, description="What this goal's charts show: about it, and about all.")


@extend_schema_serializer(component_name="AnnotatedDays")
class AnnotatedOut(serializers.Serializer[Any]):
    """What happened on days of a report."""

    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    text = serializers.CharField()
    goal = serializers.CharField(help_text="Its short name; empty: all goals.")


class Annotations(WorkspaceView):
    """What happened, day by day."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "POST": Action.ANNOTATE}

    @extend_schema_serializer(component_name="AnnotationNew")
    class Input(Strict):
        text = serializers.CharField(max_length=LONGEST_TEXT, help_text="Plain, in one line.")
        starts_on = serializers.DateField(help_text="On the workspace's calendar.")
        ends_on = serializers.DateField(required=False, help_text="Itself inside; left out: the first day.")
        goal = serializers.CharField(
            max_length=120, allow_null=True, default=None, help_text="Its short name; null: all goals."
        )

    @extend_schema_serializer(component_name="Annotation")
    class Output(Input):
        id = serializers.IntegerField()
        ends_on = serializers.DateField()
        goal = serializers.SerializerMethodField()  # type: ignore[assignment]  # a row here, its name there
        author = serializers.CharField()
        created_at = serializers.DateTimeField()
        revision = serializers.IntegerField()

        def get_goal(self, row: Annotation) -> str | None:
            """Give the goal's short name."""
            return row.goal.slug if row.goal else None

    @extend_schema(
        operation_id="annotations_list", parameters=[OF_GOAL, *PAGING], responses=paged(Output, "Annotations")
    )
    def get(self, request: Request) -> Response:
        """List them, the newest written first."""
        asked = parameters.read(request, ("goal",))
        rows = self.bearer.workspace.annotations.select_related("goal")
        if "goal" in asked:
            goal = self.bearer.workspace.goals.filter(slug=asked["goal"]).first()
            if goal is None:
                raise BadParameter("goal", "No goal has this short name.")
            rows = rows.for_goal(goal)
        return self.listed(rows, self.Output)

    @extend_schema(
        operation_id="annotations_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Say what happened."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        workspace, given = self.bearer.workspace, sent.validated_data
        draft = AnnotationDraft(
            text=given["text"],
            starts_on=given["starts_on"],
            ends_on=given.get("ends_on", given["starts_on"]),
            goal=_goal(workspace, given["goal"]),
        )
        made = writing.write(workspace, draft, by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class OneAnnotation(WorkspaceView):
    """One annotation."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PATCH": Action.ANNOTATE, "DELETE": Action.ANNOTATE}

    @extend_schema(operation_id="annotations_read", responses=Annotations.Output)
    def get(self, request: Request, annotation: int) -> Response:
        """Show one."""
        parameters.read(request, (), paged=False)
        return shown(Annotations.Output, self._find(annotation))

    @extend_schema(operation_id="annotations_change", request=Annotations.Input, responses=Annotations.Output)
    def patch(self, request: Request, annotation: int) -> Response:
        """Say it otherwise; what is left out stays."""
        row = self._find(annotation)
        require_match(request, row.revision)
        sent = Annotations.Input(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        if "goal" in given:
            given["goal"] = _goal(self.bearer.workspace, given["goal"])
        saved = writing.change(row, replace(AnnotationDraft.of(row), **given), by=str(self.bearer), now=timezone.now())
        return shown(Annotations.Output, saved)

    @extend_schema(operation_id="annotations_remove", responses={204: None})
    def delete(self, request: Request, annotation: int) -> Response:
        """Take it away."""
        row = self._find(annotation)
        require_match(request, row.revision)
        writing.remove(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, pk: int) -> Annotation:
        rows: QuerySet[Annotation] = self.bearer.workspace.annotations.select_related("goal", "workspace")
        return get_object_or_404(rows, pk=pk)


def _goal(workspace: Workspace, slug: str | None) -> Goal | None:
    """Give the goal of the body; a fault of the body where there is none of this name."""
    if slug is None:
        return None
    goal = workspace.goals.live().filter(slug=slug).first()
    if goal is None:
        raise serializers.ValidationError({"goal": ["No goal of this plan has this short name."]}, "unknown_goal")
    return goal
