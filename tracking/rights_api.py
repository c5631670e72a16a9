"""Persons over HTTP: looked up, exported, erased. Ids are sent in bodies, which no log keeps."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.event import MAX_PERSON_ID_CHARS
from tracking.models import Erasure, ErasureState, NamedBy
from tracking.rights import erasing, exporting, finding
from tracking.rights.subject import Subject
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.openapi import PAGING, paged
from workspaces.roles import Action
from workspaces.serializers import Strict


@extend_schema_serializer(component_name="PersonNamed")
class Named(Strict):
    """By which id a person is meant."""

    named_by = serializers.ChoiceField(NamedBy.choices)
    name = serializers.CharField(max_length=MAX_PERSON_ID_CHARS, trim_whitespace=False)


class PersonView(WorkspaceView):
    """A view about the person whom the body names."""

    actions: ClassVar = {"POST": Action.HANDLE_PERSONS}

    def found(self, request: Request) -> tuple[Subject, finding.Found]:
        """Give who is meant, and what is stored of them."""
        given = self.named(request)
        subject = finding.find(self.bearer.workspace.pk, given["named_by"], given["name"])
        return subject, finding.count(self.bearer.workspace.pk, subject)

    def named(self, request: Request) -> dict[str, Any]:
        """Read the body."""
        sent = Named(data=request.data)
        sent.is_valid(raise_exception=True)
        given: dict[str, Any] = sent.validated_data
        return given


class LookUp(PersonView):
    """What is stored of a person, in numbers."""

    @extend_schema_serializer(component_name="Person")
    class Output(Strict):
        visitor_ids = serializers.ListField(child=serializers.CharField())
        user_ids = serializers.ListField(child=serializers.CharField())
        transaction_ids = serializers.ListField(child=serializers.CharField())
        shared_devices = serializers.ListField(
            child=serializers.CharField(), help_text="Of which only what was done signed in is theirs."
        )
        events = serializers.IntegerField()
        first = serializers.DateTimeField(allow_null=True)
        last = serializers.DateTimeField(allow_null=True)
        events_by_name = serializers.DictField(child=serializers.IntegerField())

    @extend_schema(operation_id="persons_look_up", request=Named, responses=Output)
    def post(self, request: Request) -> Response:
        """Say which ids belong to the person, and how many events would go with an erasure. Changes nothing."""
        subject, found = self.found(request)
        return Response(self.Output(finding.described(subject, found)).data)


class Export(PersonView):
    """All that is stored of a person."""

    @extend_schema(
        operation_id="persons_export", request=Named, responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    def post(self, request: Request) -> FileResponse:
        """Give it as a zip of JSON lines."""
        subject, found = self.found(request)
        made = exporting.write(self.bearer.workspace.pk, subject, found, now=timezone.now())
        return FileResponse(made, as_attachment=True, filename="person.zip", content_type="application/zip")


class Erasures(PersonView):
    """Persons who are erased or were; without their ids once it is done."""

    actions: ClassVar = {"GET": Action.HANDLE_PERSONS, "POST": Action.HANDLE_PERSONS}

    @extend_schema_serializer(component_name="Erasure")
    class Output(Strict):
        id = serializers.IntegerField()
        named_by = serializers.ChoiceField(NamedBy.choices)
        state = serializers.ChoiceField(ErasureState.choices)
        removed = serializers.DictField(child=serializers.IntegerField())
        by = serializers.CharField(source="by_name")
        ordered_at = serializers.DateTimeField()
        done_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="erasures_list", parameters=PAGING, responses=paged(Output, "Erasures"))
    def get(self, request: Request) -> Response:
        """List the erasures."""
        parameters.read(request, ())
        return self.listed(self.rows(), self.Output)

    @extend_schema(operation_id="erasures_order", request=Named, responses={202: Output})
    def post(self, request: Request) -> Response:
        """Have the person erased for good. Ordered twice before it is done, it is one erasure."""
        given = self.named(request)
        workspace, by = self.bearer.workspace, str(self.bearer)
        row = erasing.order(workspace, named_by=given["named_by"], name=given["name"], by=by, now=timezone.now())
        return Response(self.Output(row).data, status=status.HTTP_202_ACCEPTED)

    def rows(self) -> "QuerySet[Erasure]":
        """Give the workspace's."""
        return self.bearer.workspace.erasures.all()


class ErasureView(WorkspaceView):
    """One erasure."""

    actions: ClassVar = {"GET": Action.HANDLE_PERSONS}

    @extend_schema(operation_id="erasures_read", responses=Erasures.Output)
    def get(self, request: Request, erasure: int) -> Response:
        """Show how far it is."""
        parameters.read(request, (), paged=False)
        return Response(Erasures.Output(get_object_or_404(self.bearer.workspace.erasures.all(), pk=erasure)).data)
