"""Computations over HTTP: what runs, why and how far it is; ended, and begun again, by whoever may edit tracking."""

from typing import ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import at_work, running, runs_page
from reports.models import Run, RunKind, RunState, Why
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

STATES = tuple(state for state in runs_page.STATES if state)
FILTER = [
    OpenApiParameter("kind", str, enum=RunKind.values, description="Those of one kind."),
    OpenApiParameter("state", str, enum=STATES, description="Those under way, those that ended badly, or those done."),
]


class RunView(WorkspaceView):
    """A view about the workspace's runs."""

    @property
    def rows(self) -> "QuerySet[Run]":
        """Give the runs, without their results."""
        return at_work.seen(self.bearer.workspace.runs.select_related("goal", "workspace").defer("result"))

    def told(self, run: int) -> Response:
        """Answer with one run as it is now."""
        return Response(Runs.Output(self.rows.get(pk=run)).data)


class Runs(RunView):
    """The computations of the workspace."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema_serializer(component_name="Run")
    class Output(Strict):
        id = serializers.IntegerField()
        kind = serializers.ChoiceField(RunKind.choices)
        goal = serializers.CharField(
            source="goal.slug", default=None, allow_null=True, help_text="Null where it is of no single goal."
        )
        asked = serializers.DictField(help_text="Of a model: the parameters of the attribution report.")
        reasons = serializers.ListField(child=serializers.ChoiceField(Why.choices), help_text="What brought it about.")
        since = serializers.DateField(allow_null=True, help_text="First day that is computed; null: not known yet.")
        until = serializers.DateField(allow_null=True, help_text="The day after the last.")
        persons = serializers.IntegerField(allow_null=True, help_text="That alone are counted again; null: everybody.")
        state = serializers.ChoiceField(RunState.choices)
        is_interrupted = serializers.BooleanField(help_text="Its worker is gone; the next try takes it up.")
        may_be_cancelled = serializers.BooleanField(help_text="Not once it has ended, and not for an erasure.")
        done = serializers.IntegerField()
        of = serializers.IntegerField(help_text="Goals of a fill, days of a derivation, steps; 0 until that is known.")
        attempts = serializers.IntegerField(help_text="Workers that took it up.")
        times = serializers.IntegerField(help_text="Passes of the same hour that went alike are one row: how many.")
        cpu_seconds = serializers.FloatField(help_text="Of the worker's process, all passes and tries together.")
        data_version = serializers.CharField(source="version")
        definition_version = serializers.IntegerField(allow_null=True, help_text="Of the goal, where it is one.")
        fault = serializers.CharField()
        asked_at = serializers.DateTimeField(source="created_at")
        began_at = serializers.DateTimeField(allow_null=True)
        heartbeat_at = serializers.DateTimeField(allow_null=True, help_text="The worker's last sign of life.")
        ended_at = serializers.DateTimeField(allow_null=True)
        cancel_asked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="reports_runs", parameters=[*FILTER, *PAGING], responses=paged(Output, "Runs"))
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        chosen, faults = runs_page.read(parameters.read(request, ("kind", "state")))
        for fault in faults:
            raise BadParameter(fault.field, fault.message)
        return self.listed(chosen.of(self.rows), self.Output)


class RunCancel(RunView):
    """The end of a computation."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema(operation_id="reports_runs_cancel", request=None, responses=Runs.Output)
    def post(self, request: Request, run: int) -> Response:
        """End one that waits, or ask the worker of one to end at its next step.

        One that has ended stays as it is, and so does one that takes somebody out who is to be erased.
        """
        parameters.read(request, (), paged=False)
        running.cancel(get_object_or_404(self.rows, pk=run), by=str(self.bearer), now=timezone.now())
        return self.told(run)


class RunAgain(RunView):
    """A new beginning of a computation that failed or was cancelled."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema(operation_id="reports_runs_again", request=None, responses=Runs.Output)
    def post(self, request: Request, run: int) -> Response:
        """Have a worker take it up; one that is under way or done stays as it is."""
        parameters.read(request, (), paged=False)
        row = get_object_or_404(self.rows, pk=run)
        if row.has_ended_badly:
            running.start_again(row, by=str(self.bearer), now=timezone.now())
        return self.told(run)
