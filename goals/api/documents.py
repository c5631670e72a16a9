"""The whole plan as one JSON value over HTTP: read, compared, written back; and its files."""

from typing import ClassVar

from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.differences import DifferenceShape, told
from goals.api.rows import PlanDocument, document_of_sent
from goals.applying import Applied, apply
from goals.document import Document, document_of
from goals.downloads import PLAN_FILES, download
from goals.models import Plan as PlanRow
from goals.sheets.trying import reason_of
from goals.taking_in import fingerprint
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.preconditions import etag, require_match
from workspaces.problems import BadBody, BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

DRY_RUN = OpenApiParameter("dry_run", str, enum=["0", "1"], description="1: say what would change, and change nothing.")


class Whole(WorkspaceView):
    """Everything a plan says."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PUT": Action.EDIT_PLAN}

    @extend_schema_serializer(component_name="PlanDifferences")
    class Output(Strict):
        is_dry_run = serializers.BooleanField()
        differences = serializers.ListField(child=DifferenceShape())
        unknown_owners = serializers.ListField(child=serializers.CharField(), help_text="No members; left out.")

    @extend_schema(operation_id="plans_document_read", responses=PlanDocument)
    def get(self, request: Request, plan: str) -> Response:
        """Give the whole plan; the ETag changes with anything in it."""
        parameters.read(request, (), paged=False)
        document = document_of(self._find(plan))
        return Response(document.as_json(), headers={"ETag": etag(fingerprint(document)[:32])})

    @extend_schema(operation_id="plans_document_write", parameters=[DRY_RUN], request=PlanDocument, responses=Output)
    def put(self, request: Request, plan: str) -> Response:
        """Bring the plan to what the body says, all or nothing; what the body lacks is taken out."""
        asked = parameters.read(request, ("dry_run",), paged=False).get("dry_run", "0")
        if asked not in {"0", "1"}:
            raise BadParameter("dry_run", "Send 0 or 1.")
        row = self._find(plan)
        sent = PlanDocument(data=request.data)
        sent.is_valid(raise_exception=True)
        PlanRow.objects.select_for_update().get(pk=row.pk)
        before = document_of(row)
        require_match(request, fingerprint(before)[:32])
        applied = self._applied(document_of_sent(sent.validated_data), row, is_dry_run=asked == "1")
        after = applied.fit.document
        body = {
            "is_dry_run": asked == "1",
            "differences": told(before, after),
            "unknown_owners": sorted(applied.fit.unknown),
        }
        tag = etag(fingerprint(before if asked == "1" else document_of(row))[:32])
        return Response(body, headers={"ETag": tag})

    def _applied(self, document: Document, row: PlanRow, *, is_dry_run: bool) -> Applied:
        try:
            with transaction.atomic():
                applied = apply(document, row, by=str(self.bearer), now=timezone.now(), remove_missing=True)
                transaction.set_rollback(is_dry_run)
        except DatabaseError as fault:  # a constraint that no verb looks at before
            raise BadBody("constraint_violated", reason_of(fault)) from None
        row.refresh_from_db()
        return applied

    def _find(self, slug: str) -> PlanRow:
        return get_object_or_404(self.bearer.workspace.plans, slug=slug)


class Files(WorkspaceView):
    """A plan as a spreadsheet."""

    actions: ClassVar = {"GET": Action.EXPORT}

    @extend_schema(
        operation_id="plans_file",
        parameters=[OpenApiParameter("as", str, enum=list(PLAN_FILES), required=True)],
        responses={(200, kind): OpenApiResponse(bytes) for kind, _write in PLAN_FILES.values()},
    )
    def get(self, request: Request, plan: str) -> HttpResponse:
        """Give the file: a workbook, the outline as CSV, or every table as CSV in a ZIP."""
        found = get_object_or_404(self.bearer.workspace.plans, slug=plan)
        wanted = parameters.read(request, ("as",), paged=False).get("as", "")
        if wanted not in PLAN_FILES:
            raise BadParameter("as", f"Send one of {', '.join(PLAN_FILES)}.")
        kind, write = PLAN_FILES[wanted]
        return download(write(document_of(found)), f"{found.slug}.{wanted}", kind)
