"""The plan and its objectives over HTTP."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import planning
from goals.api.answers import in_use, shown
from goals.api.fields import OwnerField, members_of, words
from goals.models import Objective as ObjectiveRow
from goals.models import Plan as PlanRow
from goals.models import PlanKind, PlanState
from goals.planning import ObjectiveDraft, ObjectiveInUse, PlanDraft
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.models import Workspace
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.roles import Action
from workspaces.serializers import Strict

LISTED = {"GET": Action.SEE_REPORTS, "POST": Action.EDIT_PLAN}
ONE = {"GET": Action.SEE_REPORTS, "PATCH": Action.EDIT_PLAN, "DELETE": Action.EDIT_PLAN}


class Plans(WorkspaceView):
    """The workspace's plans; this version has one."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="PlanNew")
    class Input(Strict):
        name = serializers.CharField(max_length=120)
        starts_on = serializers.DateField()
        ends_on = serializers.DateField(help_text="The last day, itself inside.")
        kind = serializers.ChoiceField(PlanKind.choices, default=PlanKind.NEW)
        about = words(500)
        last_reviewed_on = serializers.DateField(allow_null=True, default=None)
        next_review_on = serializers.DateField(allow_null=True, default=None)
        naming_rule = words(300)
        approval_rule = words(300)

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            """Refuse a plan that ends before it starts."""
            if {"starts_on", "ends_on"} <= attrs.keys() and attrs["ends_on"] < attrs["starts_on"]:
                raise serializers.ValidationError({"ends_on": ["A plan ends after it starts."]}, "dates_reversed")
            return attrs

    @extend_schema_serializer(component_name="Plan")
    class Output(Input):
        slug = serializers.CharField()
        state = serializers.ChoiceField(PlanState.choices)
        owner = serializers.EmailField(source="owner.email", default=None, allow_null=True)
        revision = serializers.IntegerField()

    @extend_schema(operation_id="plans_list", parameters=PAGING, responses=paged(Output, "Plans"))
    def get(self, request: Request) -> Response:
        """List the plans."""
        parameters.read(request, ())
        return self.listed(self.bearer.workspace.plans.select_related("owner"), self.Output)

    @extend_schema(operation_id="plans_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Start the workspace's plan."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        draft = PlanDraft(**sent.validated_data)
        made = planning.create_plan(self.bearer.workspace, draft, by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class Plan(WorkspaceView):
    """One plan."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PATCH": Action.EDIT_PLAN}

    @extend_schema(operation_id="plans_read", responses=Plans.Output)
    def get(self, request: Request, plan: str) -> Response:
        """Show the plan."""
        parameters.read(request, (), paged=False)
        return shown(Plans.Output, self._find(plan))

    @extend_schema(operation_id="plans_change", request=Plans.Input, responses=Plans.Output)
    def patch(self, request: Request, plan: str) -> Response:
        """Change name or dates."""
        row = self._find(plan)
        require_match(request, row.revision)
        kept = {name: getattr(row, name) for name in map(str, Plans.Input().fields)}
        partial = Plans.Input(data=request.data, partial=True)
        partial.is_valid(raise_exception=True)
        whole = kept | partial.validated_data
        partial.validate(whole)
        saved = planning.change_plan(row, replace(PlanDraft.of(row), **whole), by=str(self.bearer), now=timezone.now())
        return shown(Plans.Output, saved)

    def _find(self, slug: str) -> PlanRow:
        return get_object_or_404(self.bearer.workspace.plans, slug=slug)


class Objectives(WorkspaceView):
    """The objectives of the plan at work."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="ObjectiveNew")
    class Input(Strict):
        name = serializers.CharField(max_length=200)
        why = serializers.CharField(max_length=300, allow_blank=True, default="")
        department = serializers.CharField(max_length=80, allow_blank=True, default="")
        horizon = serializers.CharField(max_length=80, allow_blank=True, default="")
        owner = OwnerField()

    @extend_schema_serializer(component_name="Objective")
    class Output(Strict):
        id = serializers.IntegerField()
        slug = serializers.CharField()
        name = serializers.CharField()
        why = serializers.CharField()
        department = serializers.CharField()
        horizon = serializers.CharField()
        owner = OwnerField()
        revision = serializers.IntegerField()

    @extend_schema(operation_id="objectives_list", parameters=PAGING, responses=paged(Output, "Objectives"))
    def get(self, request: Request) -> Response:
        """List the objectives, newest first."""
        parameters.read(request, ())
        return self.listed(_objectives(self.bearer.workspace), self.Output)

    @extend_schema(
        operation_id="objectives_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Put an objective into the plan."""
        sent = self.Input(data=request.data, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        plan, draft = working_plan(self.bearer.workspace), ObjectiveDraft(**sent.validated_data)
        made = planning.create_objective(plan, draft, by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class Objective(WorkspaceView):
    """One objective."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="objectives_read", responses=Objectives.Output)
    def get(self, request: Request, objective: int) -> Response:
        """Show the objective."""
        parameters.read(request, (), paged=False)
        return shown(Objectives.Output, self._find(objective))

    @extend_schema(operation_id="objectives_change", request=Objectives.Input, responses=Objectives.Output)
    def patch(self, request: Request, objective: int) -> Response:
        """Change the objective; what is left out stays."""
        row = self._find(objective)
        require_match(request, row.revision)
        sent = Objectives.Input(data=request.data, partial=True, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        draft = replace(ObjectiveDraft.of(row), **sent.validated_data)
        saved = planning.change_objective(row, draft, by=str(self.bearer), now=timezone.now())
        return shown(Objectives.Output, saved)

    @extend_schema(operation_id="objectives_delete", responses={204: None})
    def delete(self, request: Request, objective: int) -> Any:  # Response, or a problem with its users
        """Take it out of the plan; 409 with the goals that stand under it."""
        row = self._find(objective)
        require_match(request, row.revision)
        try:
            planning.delete_objective(row, by=str(self.bearer), now=timezone.now())
        except ObjectiveInUse as refusal:
            return in_use(refusal, refusal.users)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, pk: int) -> ObjectiveRow:
        return get_object_or_404(_objectives(self.bearer.workspace), pk=pk)


def working_plan(workspace: Workspace) -> PlanRow:
    """Give the plan at work; 404 before the first."""
    plan = planning.current_plan(workspace)
    if plan is None:
        raise Http404
    return plan


def _objectives(workspace: Workspace) -> "QuerySet[ObjectiveRow]":
    return workspace.objectives.select_related("workspace", "owner__user")
