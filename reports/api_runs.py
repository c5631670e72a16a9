"""Computations over HTTP: what runs and how far it is; ended by whoever may edit tracking."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import running
from reports.models import RunState
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.roles import Action
from workspaces.serializers import Strict


class Runs(WorkspaceView):
    """The computations of the workspace."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema_serializer(component_name="Run")
    class Output(Strict):
        id = serializers.IntegerField()
        goal = serializers.CharField(source="goal.slug")
        asked = serializers.DictField(help_text="The parameters of the attribution report that it answers.")
        state = serializers.ChoiceField(RunState.choices)
        done = serializers.IntegerField()
        of = serializers.IntegerField(help_text="Steps; 0 until that is known.")
        attempts = serializers.IntegerField(help_text="Workers that took it up.")
        data_version = serializers.CharField(source="version")
        fault = serializers.CharField()
        asked_at = serializers.DateTimeField(source="created_at")
        began_at = serializers.DateTimeField(allow_null=True)
        heartbeat_at = serializers.DateTimeField(allow_null=True, help_text="The worker's last sign of life.")
        ended_at = serializers.DateTimeField(allow_null=True)
        cancel_asked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="reports_runs", parameters=PAGING, responses=paged(Output, "Runs"))
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        parameters.read(request, ())
        return self.listed(self.bearer.workspace.runs.select_related("goal").defer("result"), self.Output)


class RunCancel(WorkspaceView):
    """The end of a computation."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema(operation_id="reports_runs_cancel", request=None, responses=Runs.Output)
    def post(self, request: Request, run: int) -> Response:
        """End one that waits, or ask the worker of one to end at its next step; one that has ended stays as it is."""
        parameters.read(request, (), paged=False)
        rows: Any = self.bearer.workspace.runs.select_related("goal", "workspace")
        running.cancel(get_object_or_404(rows, pk=run), by=str(self.bearer), now=timezone.now())
        return Response(Runs.Output(rows.get(pk=run)).data)
