"""Tracking specifications over HTTP: one a goal, with its parameters."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import specifying, specs
from goals.api.answers import shown
from goals.api.fields import OwnerField, members_of
from goals.api.plans import working_plan
from goals.document import document_of
from goals.downloads import SPEC_FILES, download
from goals.models import Goal, Method, ParameterType, Platform, Purpose, SpecState, TrackingSpec
from goals.specifying import ParameterDraft, SpecDraft
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.models import Workspace
from workspaces.openapi import PAGING, paged
from workspaces.preconditions import require_match
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict


class Specs(WorkspaceView):
    """How the goals are tracked."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="TrackingSpecChange")
    class Input(Strict):
        class ParameterInput(Strict):
            name = serializers.CharField(max_length=64)
            type = serializers.ChoiceField(ParameterType.choices, default=ParameterType.TEXT)
            is_required = serializers.BooleanField(default=False)
            allowed = serializers.ListField(child=serializers.CharField(max_length=120), max_length=200, default=list)
            is_personal = serializers.BooleanField(default=False)
            about = serializers.CharField(max_length=300, allow_blank=True, default="")

        event_name = serializers.CharField(max_length=128, allow_blank=True, default="")
        about = serializers.CharField(max_length=300, allow_blank=True, default="")
        platform = serializers.ChoiceField(Platform.choices, default=Platform.WEB)
        method = serializers.ChoiceField(Method.choices, default=Method.TAG)
        place = serializers.CharField(max_length=300, allow_blank=True, default="")
        purpose = serializers.ChoiceField(Purpose.choices, default=Purpose.ANALYTICS)
        owner = OwnerField()
        state = serializers.ChoiceField(SpecState.choices, default=SpecState.PROPOSED)
        ticket = serializers.URLField(max_length=300, allow_blank=True, default="")
        evidence = serializers.CharField(max_length=300, allow_blank=True, default="")
        checked_on = serializers.DateField(allow_null=True, default=None)
        parameters = serializers.ListField(child=ParameterInput(), default=list, max_length=50)

    @extend_schema_serializer(component_name="TrackingSpec")
    class Output(Input):
        goal = serializers.CharField(source="goal.slug")
        parameters = serializers.SerializerMethodField()  # type: ignore[assignment]  # rows here
        revision = serializers.IntegerField()

        def get_parameters(self, spec: TrackingSpec) -> list[dict[str, Any]]:
            """Give the parameters in their order."""
            names = ("name", "type", "is_required", "allowed", "is_personal", "about")
            return [{name: getattr(each, name) for name in names} for each in spec.parameters.all()]

    @extend_schema(
        operation_id="specs_list",
        parameters=[
            OpenApiParameter("state", str, enum=SpecState.values),
            OpenApiParameter("platform", str, enum=Platform.values),
            *PAGING,
        ],
        responses=paged(Output, "TrackingSpecs"),
    )
    def get(self, request: Request) -> Response:
        """List the specifications, newest first."""
        asked = parameters.read(request, ("state", "platform"))
        for name, choices in (("state", SpecState.values), ("platform", Platform.values)):
            if asked.get(name, choices[0]) not in choices:
                raise BadParameter(name, f"Send one of {', '.join(choices)}.")
        return self.listed(_specs(self.bearer.workspace).filter(**asked), self.Output)


class Spec(WorkspaceView):
    """One goal's tracking."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PUT": Action.EDIT_PLAN, "DELETE": Action.EDIT_PLAN}

    @extend_schema(operation_id="specs_read", responses=Specs.Output)
    def get(self, request: Request, goal: str) -> Response:
        """Show the specification; 404 while there is none."""
        parameters.read(request, (), paged=False)
        return shown(Specs.Output, self._find(goal))

    @extend_schema(operation_id="specs_write", request=Specs.Input, responses=Specs.Output)
    def put(self, request: Request, goal: str) -> Response:
        """Write the specification whole; parameters that are left out are taken out."""
        found = get_object_or_404(self.bearer.workspace.goals.live().select_related("workspace"), slug=goal)
        saved = _specs(self.bearer.workspace).filter(goal=found).first()
        if saved is not None:
            require_match(request, saved.revision)
        sent = Specs.Input(data=request.data, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        rows = [ParameterDraft(**each | {"allowed": tuple(each["allowed"])}) for each in given.pop("parameters")]
        specs.write(found, SpecDraft(**given), rows, by=str(self.bearer), now=timezone.now())
        return shown(Specs.Output, self._find(goal))

    @extend_schema(operation_id="specs_delete", responses={204: None})
    def delete(self, request: Request, goal: str) -> Response:
        """Take the specification back, with its parameters."""
        row = self._find(goal)
        require_match(request, row.revision)
        specifying.delete_spec(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, goal: str) -> TrackingSpec:
        return get_object_or_404(_specs(self.bearer.workspace), goal__slug=goal)


class Files(WorkspaceView):
    """The whole specification as a file."""

    actions: ClassVar = {"GET": Action.EXPORT}

    @extend_schema(
        operation_id="specs_file",
        parameters=[OpenApiParameter("as", str, enum=list(SPEC_FILES), required=True)],
        responses={(200, kind.partition(";")[0]): OpenApiResponse(bytes) for kind, _write in SPEC_FILES.values()},
    )
    def get(self, request: Request) -> HttpResponse:
        """Give it as Markdown, CSV or JSON."""
        wanted = parameters.read(request, ("as",), paged=False).get("as", "")
        if wanted not in SPEC_FILES:
            raise BadParameter("as", f"Send one of {', '.join(SPEC_FILES)}.")
        plan = working_plan(self.bearer.workspace)
        kind, write = SPEC_FILES[wanted]
        return download(write(document_of(plan)), f"{plan.slug}-tracking.{wanted}", kind)


def _specs(workspace: Workspace) -> "QuerySet[TrackingSpec]":
    rows = workspace.tracking_specs.filter(goal__archived_at=None, goal__in=Goal.objects.live())
    return rows.select_related("goal", "owner__user", "workspace").prefetch_related("parameters")
