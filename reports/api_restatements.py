"""A goal's restatements over HTTP: closed months that came to say something else."""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.models import Cause, Restatement
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.roles import Action
from workspaces.serializers import Strict


class Restatements(WorkspaceView):
    """The restatements of one goal."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="Restatement")
    class Output(Strict):
        id = serializers.IntegerField()
        since = serializers.DateField(help_text="The month's first local day.")
        until = serializers.DateField(help_text="The day after its last.")
        conversions_before = serializers.IntegerField()
        conversions_after = serializers.IntegerField()
        value_micros_before = serializers.IntegerField(source="value_before", help_text="Before refunds.")
        value_micros_after = serializers.IntegerField(source="value_after")
        refund_micros_before = serializers.IntegerField(source="refund_before")
        refund_micros_after = serializers.IntegerField(source="refund_after")
        currency_before = serializers.CharField()
        currency_after = serializers.CharField()
        causes = serializers.ListField(
            child=serializers.ChoiceField(Cause.choices), help_text="What had changed since the figures before."
        )
        definition_version = serializers.IntegerField()
        data_version = serializers.CharField()
        made_at = serializers.DateTimeField()

    @extend_schema(operation_id="goal_restatements_list", parameters=PAGING, responses=paged(Output, "Restatements"))
    def get(self, request: Request, goal: str) -> Response:
        """List the goal's restatements, the newest first."""
        parameters.read(request, ())
        found = get_object_or_404(self.bearer.workspace.goals, slug=goal)
        return self.listed(Restatement.objects.filter(workspace=self.bearer.workspace, goal=found), self.Output)
