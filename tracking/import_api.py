"""Imports over HTTP: a file sent, its dry run read, its events stored."""

from typing import Any, ClassVar

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import importing
from tracking.imports import undoing, uploads
from tracking.imports.reading import Wish
from tracking.imports.sources import MOST_NAME_CHARS, add_host, find_or_make
from tracking.models import AdPlatform, Format, Import, ImportState
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.bodies import load
from workspaces.currencies import currency_exists
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.roles import Action
from workspaces.serializers import Strict
from workspaces.tokens import Bearer

MOST_FIELDS = 200
MOST_CHARS = 500


class MappingText(serializers.CharField):
    """The mapping as JSON text: a part of a form holds no object."""

    def to_internal_value(self, data: Any) -> dict[str, str]:  # type: ignore[override]  # an object, not a text
        """Read it; refuse what is no object of texts."""
        return _mapping(load(super().to_internal_value(data).encode()))


class WishFields(Strict):
    """What the sender says of the file; what is left out is found."""

    id_from = serializers.ListField(
        child=serializers.CharField(max_length=MOST_CHARS), max_length=MOST_FIELDS, default=list
    )
    time_zone = serializers.CharField(max_length=60, default="UTC")
    time_format = serializers.CharField(max_length=80, allow_null=True, default=None)
    decimal = serializers.ChoiceField(["point", "comma"], allow_null=True, default=None)
    encoding = serializers.CharField(max_length=40, allow_null=True, default=None)
    delimiter = serializers.CharField(
        max_length=1, allow_null=True, default=None, trim_whitespace=False, help_text="One character."
    )
    is_part = serializers.BooleanField(
        default=False, help_text="Of a format that replaces its days: keep what is there of them and not in the file."
    )
    platform = serializers.ChoiceField(
        AdPlatform.choices, allow_null=True, default=None, help_text="Of a cost report whose headers do not tell."
    )
    currency = serializers.CharField(
        max_length=3,
        allow_null=True,
        default=None,
        help_text="The account's, for a cost report that names none; else the source's is taken.",
    )

    def validate_currency(self, sent: str | None) -> str | None:
        """Refuse a code that ISO 4217 does not have."""
        try:
            if sent is not None:
                currency_exists(sent)
        except ValidationError as fault:
            raise serializers.ValidationError(fault.messages) from None
        return sent

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what no file could be read with."""
        if faults := _wish(attrs, {}).faults():
            raise serializers.ValidationError(faults)
        return attrs


class Imports(WorkspaceView):
    """The workspace's imports."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING, "POST": Action.EDIT_TRACKING}
    parser_classes = (MultiPartParser,)

    @extend_schema_serializer(component_name="ImportNew")
    class Input(WishFields):
        file = serializers.FileField(max_length=255)
        source = serializers.CharField(  # type: ignore[assignment]  # a part's name, and DRF's own attribute
            max_length=MOST_NAME_CHARS, help_text="Name or slug; a new name makes a source."
        )
        host = serializers.CharField(max_length=253, default="", help_text="The site's own host name, for a log.")
        format = serializers.ChoiceField(Format.choices, allow_null=True, default=None)
        mapping = MappingText(required=False, help_text='{"value": "total", "currency": "=NOK"}; the rest is guessed.')

    @extend_schema_serializer(component_name="Import")
    class Output(Strict):
        id = serializers.IntegerField()
        file_name = serializers.CharField()
        source = serializers.CharField(source="source.slug")  # type: ignore[assignment]  # as above
        format = serializers.ChoiceField(Format.choices)
        size = serializers.IntegerField()
        state = serializers.ChoiceField(ImportState.choices)
        fault = serializers.CharField()
        good_rows_only = serializers.BooleanField()
        rows_done = serializers.IntegerField()
        rows_total = serializers.IntegerField(allow_null=True)
        mapping = serializers.SerializerMethodField()
        result = serializers.SerializerMethodField()
        created_at = serializers.DateTimeField()
        finished_at = serializers.DateTimeField(allow_null=True)

        @extend_schema_field(OpenApiTypes.OBJECT)
        def get_mapping(self, row: Import) -> Any:
            return row.mapping

        @extend_schema_field(OpenApiTypes.OBJECT)
        def get_result(self, row: Import) -> Any:
            return row.result

    @extend_schema(operation_id="imports_list", parameters=PAGING, responses=paged(Output, "Imports"))
    def get(self, request: Request) -> Response:
        """List the imports."""
        parameters.read(request, ())
        return self.listed(_imports(self.bearer), self.Output)

    @extend_schema(operation_id="imports_create", request={"multipart/form-data": Input}, responses={202: Output})
    def post(self, request: Request) -> Response:
        """Take a file in; the dry run begins at once. The same file sent twice is checked twice, and counts once."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given, by, now = sent.validated_data, str(self.bearer), timezone.now()
        source = find_or_make(self.bearer.workspace, given["source"], by=by, now=now)
        if given["host"]:
            add_host(source, given["host"], by=by, now=now)
        row = importing.receive(
            source,
            given["file"].chunks(),
            name=given["file"].name,
            format_name=given["format"],
            wish=_wish(given, given.get("mapping", {})),
            by=by,
            person=self.bearer.token.created_by,
            now=now,
        )
        return Response(self.Output(row).data, status=status.HTTP_202_ACCEPTED)


class ImportView(WorkspaceView):
    """One import."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema(operation_id="imports_read", responses=Imports.Output)
    def get(self, request: Request, number: int) -> Response:
        """Show how far it is, and what its dry run found."""
        parameters.read(request, (), paged=False)
        return Response(Imports.Output(get_object_or_404(_imports(self.bearer), pk=number)).data)


class Check(WorkspaceView):
    """Another dry run of a file."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="ImportCheck")
    class Input(WishFields):
        mapping = serializers.JSONField(default=dict)
        guesses = serializers.BooleanField(default=True, help_text="Guess what the mapping does not name.")

        def validate_mapping(self, sent: Any) -> dict[str, str]:
            return _mapping(sent)

    @extend_schema(
        operation_id="imports_check", parameters=[IDEMPOTENCY_KEY], request=Input, responses={202: Imports.Output}
    )
    @once_per_key
    def post(self, request: Request, number: int) -> Response:
        """Have the file checked with another mapping."""
        row = get_object_or_404(_imports(self.bearer), pk=number)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        wish = msgspec.structs.replace(_wish(given, given["mapping"]), guesses=given["guesses"])
        importing.check_again(row, wish)
        row.refresh_from_db()
        return Response(Imports.Output(row).data, status=status.HTTP_202_ACCEPTED)


class Apply(WorkspaceView):
    """The order to store a file's events."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="ImportApply")
    class Input(Strict):
        good_rows_only = serializers.BooleanField(default=False, help_text="Else an error keeps the whole file out.")

    @extend_schema(
        operation_id="imports_apply", parameters=[IDEMPOTENCY_KEY], request=Input, responses={202: Imports.Output}
    )
    @once_per_key
    def post(self, request: Request, number: int) -> Response:
        """Have the checked file stored."""
        row = get_object_or_404(_imports(self.bearer), pk=number)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        good_rows_only = sent.validated_data["good_rows_only"]
        row = importing.order(row, good_rows_only=good_rows_only, by=str(self.bearer), now=timezone.now())
        return Response(Imports.Output(row).data, status=status.HTTP_202_ACCEPTED)


class Undo(WorkspaceView):
    """The order to take an import back."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema(
        operation_id="imports_undo", parameters=[IDEMPOTENCY_KEY], request=None, responses={202: Imports.Output}
    )
    @once_per_key
    def post(self, request: Request, number: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Have the events taken out that the import brought; then the file may come again."""
        row = get_object_or_404(_imports(self.bearer), pk=number)
        row = undoing.order(row, by=str(self.bearer), now=timezone.now())
        return Response(Imports.Output(row).data, status=status.HTTP_202_ACCEPTED)


class Errors(WorkspaceView):
    """The rows with errors."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING}

    @extend_schema(operation_id="imports_errors", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, number: int) -> HttpResponse:
        """Give them as CSV: line, column, value, reason, message."""
        parameters.read(request, (), paged=False)
        row = get_object_or_404(_imports(self.bearer), pk=number)
        content = uploads.read_rejects(row.stored_as)
        if content is None:
            raise Http404
        return HttpResponse(content, content_type="text/csv; charset=utf-8")


def _imports(bearer: Bearer) -> "QuerySet[Import]":
    return bearer.workspace.imports.select_related("source", "workspace")


def _wish(given: dict[str, Any], mapping: dict[str, str]) -> Wish:
    return Wish(
        fields=mapping,
        id_from=tuple(given["id_from"]),
        time_zone=given["time_zone"],
        time_format=given["time_format"],
        has_decimal_comma=None if given["decimal"] is None else given["decimal"] == "comma",
        encoding=given["encoding"],
        delimiter=given["delimiter"],
        is_part=given["is_part"],
        platform=given["platform"],
        currency=given["currency"],
    )


def _mapping(sent: Any) -> dict[str, str]:  # a JSON value
    is_texts = isinstance(sent, dict) and all(isinstance(said, str) for said in sent.values())
    if not is_texts or len(sent) > MOST_FIELDS or any(len(said) > MOST_CHARS for said in sent.values()):
        raise serializers.ValidationError('The mapping is an object: field to column, such as {"value": "total"}.')
    return dict(sent)
