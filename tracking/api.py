"""Sources over HTTP."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import sources
from tracking.models import MAX_ALIAS_CHARS, Kind, Source
from tracking.protocols.registry import PROTOCOLS
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.currencies import currency_exists
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import etag, require_match
from workspaces.roles import Action
from workspaces.serializers import Strict
from workspaces.tokens import Bearer


def _entries() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=253), max_length=sources.MOST_ENTRIES, default=list
    )


class Fields(Strict):
    """What may be set of a source at any time."""

    name = serializers.CharField(max_length=80)
    hosts = _entries()
    origins = _entries()
    currency = serializers.CharField(max_length=3, allow_blank=True, default="")
    is_strict = serializers.BooleanField(default=False, help_text="Hold back what the plan does not know.")
    counts_programs = serializers.BooleanField(default=False, help_text="Crawlers and headless browsers as well.")

    def validate_hosts(self, sent: list[str]) -> list[str]:
        return _each(sources.host_of, sent)

    def validate_origins(self, sent: list[str]) -> list[str]:
        return _each(sources.origin_of, sent)

    def validate_currency(self, sent: str) -> str:
        if sent:
            _each(_currency, [sent])
        return sent


class Sources(WorkspaceView):
    """The workspace's sources."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING, "POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="SourceNew")
    class Input(Fields):
        kind = serializers.ChoiceField(Kind.choices, default=Kind.BROWSER)

    @extend_schema_serializer(component_name="Source")
    class Output(Strict):
        slug = serializers.CharField()
        name = serializers.CharField()
        kind = serializers.ChoiceField(Kind.choices)
        write_key = serializers.CharField()
        hosts = serializers.ListField(child=serializers.CharField())
        origins = serializers.ListField(child=serializers.CharField())
        currency = serializers.CharField()
        is_strict = serializers.BooleanField()
        counts_programs = serializers.BooleanField()
        created_at = serializers.DateTimeField()
        closed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="sources_list", parameters=PAGING, responses=paged(Output, "Sources"))
    def get(self, request: Request) -> Response:
        """List the sources, closed ones too."""
        parameters.read(request, ())
        return self.listed(_sources(self.bearer), self.Output)

    @extend_schema(operation_id="sources_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Open a source; its write key stands in the answer and in every later one."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data | {"kind": Kind(sent.validated_data["kind"])}
        source = sources.open_source(self.bearer.workspace, **given, by=str(self.bearer), now=timezone.now())
        return Response(self.Output(source).data, status=status.HTTP_201_CREATED)


class SourceView(WorkspaceView):
    """One source."""

    actions: ClassVar = {
        "GET": Action.SEE_TRACKING,
        "PATCH": Action.EDIT_TRACKING,
        "DELETE": Action.EDIT_TRACKING,
    }

    @extend_schema(operation_id="sources_read", responses=Sources.Output)
    def get(self, request: Request, source: str) -> Response:  # noqa: ARG002  # DRF's signature
        """Show one source."""
        return _answer(get_object_or_404(_sources(self.bearer), slug=source))

    @extend_schema(operation_id="sources_change", request=Fields, responses=Sources.Output)
    def patch(self, request: Request, source: str) -> Response:
        """Change name, hosts, origins or currency."""
        row = get_object_or_404(_sources(self.bearer).select_for_update(of=("self",)), slug=source)
        require_match(request, row.revision)
        sent = Fields(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        after = {name: value for name, value in sent.validated_data.items() if getattr(row, name) != value}
        before = {name: getattr(row, name) for name in after}
        for name, value in after.items():
            setattr(row, name, value)
        sources.change(row, before=before, after=after, by=str(self.bearer), now=timezone.now())
        return _answer(row)

    @extend_schema(operation_id="sources_close", responses={204: None})
    def delete(self, request: Request, source: str) -> Response:  # noqa: ARG002  # DRF's signature
        """Close the source: its key is refused, what it sent stays; one that was closed before stays so."""
        row = get_object_or_404(_sources(self.bearer), slug=source)
        sources.close(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Keys(WorkspaceView):
    """Other tools' keys that a source answers to."""

    actions: ClassVar = {"GET": Action.SEE_TRACKING, "POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="SourceKeyNew")
    class Input(Strict):
        protocol = serializers.ChoiceField([(each.name, each.label) for each in PROTOCOLS.values() if each.key])
        key = serializers.CharField(max_length=MAX_ALIAS_CHARS)

        def validate_key(self, sent: str) -> str:
            return _each(sources.key_of, [sent])[0]

    @extend_schema_serializer(component_name="SourceKey")
    class Output(Strict):
        id = serializers.IntegerField()
        protocol = serializers.CharField()
        key = serializers.CharField()
        created_at = serializers.DateTimeField()

    @extend_schema(operation_id="source_keys_list", parameters=PAGING, responses=paged(Output, "SourceKeys"))
    def get(self, request: Request, source: str) -> Response:
        """List the other tools' keys that the source answers to."""
        parameters.read(request, ())
        return self.listed(get_object_or_404(_sources(self.bearer), slug=source).aliases.all(), self.Output)

    @extend_schema(operation_id="source_keys_add", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request, source: str) -> Response:
        """Let the source answer to another tool's key; one that it has already is given as it is."""
        row = get_object_or_404(_sources(self.bearer), slug=source)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        alias = sources.add_alias(row, **sent.validated_data, by=str(self.bearer), now=timezone.now())
        return Response(self.Output(alias).data, status=status.HTTP_201_CREATED)


class KeyView(WorkspaceView):
    """One key of another tool."""

    actions: ClassVar = {"DELETE": Action.EDIT_TRACKING}

    @extend_schema(operation_id="source_keys_remove", responses={204: None})
    def delete(self, request: Request, source: str, alias: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Refuse the key from now on; what came by it stays."""
        row = get_object_or_404(_sources(self.bearer), slug=source)
        held = get_object_or_404(row.aliases.select_related("source__workspace"), pk=alias)
        sources.remove_alias(held, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(source: Source) -> Response:
    return Response(Sources.Output(source).data, headers={"ETag": etag(source.revision)})


def _sources(bearer: Bearer) -> "QuerySet[Source]":
    return bearer.workspace.sources.select_related("workspace")


def _currency(code: str) -> str:
    currency_exists(code)
    return code


def _each(read: Any, sent: list[str]) -> list[str]:  # a function of a text that raises Django's ValidationError
    try:
        return list(dict.fromkeys(read(each) for each in sent))
    except ValidationError as fault:
        raise serializers.ValidationError(fault.messages) from None
