"""Versions of a plan over HTTP: listed, read whole, compared, made by asking for signatures, withdrawn."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import signing
from goals.api.differences import DifferenceShape, told
from goals.api.fields import OwnerField, members_of, words
from goals.api.plans import LISTED
from goals.api.rows import PlanDocument
from goals.document import Document, document_of
from goals.downloads import download
from goals.models import Answer, Plan, PlanVersion, VersionState
from goals.pdf import pdf_of
from goals.signing import PersonNeeded
from goals.taking_in import fingerprint
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import etag, require_match
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

MOST_SIGNERS = 100
NOW = "now"  # as a parameter: the plan as it is at this moment
PDF = "application/pdf"


class VersionView(WorkspaceView):
    """A view about the versions of one plan."""

    def plan(self, slug: str) -> Plan:
        """Give the plan, one in the archive too."""
        return get_object_or_404(self.bearer.workspace.plans.select_related("workspace"), slug=slug)

    def rows(self, slug: str) -> "QuerySet[PlanVersion]":
        """Give the plan's versions with the answers to them."""
        rows = self.bearer.workspace.plan_versions.filter(plan=self.plan(slug))
        return rows.select_related("plan", "workspace").prefetch_related("sign_offs__member__user")

    def find(self, slug: str, number: int) -> PlanVersion:
        """Give one of them by its number in the plan."""
        return get_object_or_404(self.rows(slug), number=number)

    def answered(self, slug: str, number: int, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the version as it is now, without its document."""
        row = self.find(slug, number)
        return Response(Versions.Output(row).data, status=code, headers={"ETag": etag(state_of(row))})


class Versions(VersionView):
    """The versions of a plan."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="PlanVersionNew")
    class Input(Strict):
        signers = serializers.ListField(
            child=OwnerField(allow_null=False, required=True, default=serializers.empty),
            max_length=MOST_SIGNERS,
            help_text="E-mail addresses of the members who are asked to sign.",
        )
        note = words(500)

    @extend_schema_serializer(component_name="PlanVersion")
    class Output(Strict):
        @extend_schema_serializer(component_name="PlanSignOff")
        class SignOff(Strict):
            member = serializers.EmailField(
                source="member.user.email", default=None, allow_null=True, help_text="Null: has left the workspace."
            )
            name = serializers.CharField()
            answer = serializers.ChoiceField(Answer.choices)
            reason = serializers.CharField()
            answered_at = serializers.DateTimeField(allow_null=True)

        number = serializers.IntegerField()
        plan = serializers.CharField(source="plan.slug")
        state = serializers.ChoiceField(VersionState.choices)
        note = serializers.CharField()
        made_by = serializers.CharField()
        made_at = serializers.DateTimeField()
        settled_at = serializers.DateTimeField(allow_null=True)
        sign_offs = SignOff(many=True)

    @extend_schema(
        operation_id="plan_versions_list",
        parameters=[*PAGING, OpenApiParameter("state", str, enum=VersionState.values)],
        responses=paged(Output, "PlanVersions"),
    )
    def get(self, request: Request, plan: str) -> Response:
        """List the versions, the newest first, with who answered how."""
        asked = parameters.read(request, ("state",))
        rows = self.rows(plan).defer("content")
        if "state" in asked:
            if asked["state"] not in VersionState.values:
                raise BadParameter("state", f"state is one of {', '.join(VersionState.values)}.")
            rows = rows.filter(state=asked["state"])
        return self.listed(rows, self.Output)

    @extend_schema(
        operation_id="plan_versions_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output}
    )
    @once_per_key
    def post(self, request: Request, plan: str) -> Response:
        """Keep the plan as it is now as a version and ask these members to sign it.

        If-Match takes the ETag of the plan's document: 412 where the plan says something else by now.
        """
        row = self.plan(plan)
        sent = self.Input(data=request.data, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        if "If-Match" in request.headers:
            Plan.objects.select_for_update().get(pk=row.pk)
            require_match(request, fingerprint(document_of(row))[:32])
        given = sent.validated_data
        made = signing.request_sign_off(
            row, given["signers"], note=given["note"], by=str(self.bearer), now=timezone.now()
        )
        return self.answered(plan, made.number, status.HTTP_201_CREATED)


class Version(VersionView):
    """One version."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="PlanVersionWhole")
    class Output(Versions.Output):
        document = PlanDocument(source="content", help_text="As GET of the plan's document gave it then.")

        def to_representation(self, instance: PlanVersion) -> dict[str, Any]:
            """Give the document as it is kept."""
            return {**Versions.Output(instance).data, "document": instance.content}

    @extend_schema(operation_id="plan_versions_read", responses=Output)
    def get(self, request: Request, plan: str, number: int) -> Response:
        """Show what the plan said, and who answered how; the ETag changes with the answers, the document never."""
        parameters.read(request, (), paged=False)
        row = self.find(plan, number)
        return Response(self.Output(row).data, headers={"ETag": etag(state_of(row))})


class VersionFile(VersionView):
    """A version on paper."""

    actions: ClassVar = {"GET": Action.EXPORT}

    @extend_schema(
        operation_id="plan_versions_file",
        parameters=[OpenApiParameter("as", str, enum=["pdf"], required=True)],
        responses={(200, PDF): OpenApiResponse(bytes)},
    )
    def get(self, request: Request, plan: str, number: int) -> HttpResponse:
        """Give the version as a PDF with its sign-offs."""
        row = self.find(plan, number)
        if parameters.read(request, ("as",), paged=False).get("as") != "pdf":
            raise BadParameter("as", "Send pdf.")
        return download(pdf_of(row, list(row.sign_offs.order_by("pk"))), f"{row.plan.slug}-v{row.number}.pdf", PDF)


class Withdrawal(VersionView):
    """Takes a version back."""

    actions: ClassVar = {"POST": Action.EDIT_PLAN}

    @extend_schema(
        operation_id="plan_versions_withdraw",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=Versions.Output,
    )
    @once_per_key
    def post(self, request: Request, plan: str, number: int) -> Response:
        """Ask nobody to sign it any more; the plan is again what it was before."""
        row = self.find(plan, number)
        require_match(request, state_of(row))
        signing.withdraw(row, by=str(self.bearer), now=timezone.now())
        return self.answered(plan, number)


class Signature(VersionView):
    """Where a person's signature would come from."""

    actions: ClassVar = {"POST": Action.EDIT_PLAN}

    @extend_schema(operation_id="plan_versions_sign", request=None, responses={})
    def post(self, request: Request, plan: str, number: int) -> Response:  # DRF's signature
        """Refuse with 409 `person_needed`: signing and declining are acts of a person, on the version's page."""
        raise PersonNeeded(request.build_absolute_uri(signing.address_of(self.find(plan, number))))


class Differences(VersionView):
    """What differs between two versions of a plan, or a version and the plan as it is."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @extend_schema_serializer(component_name="PlanVersionDifferences")
    class Output(Strict):
        before = serializers.CharField(help_text='The number of the version, or "now".')
        after = serializers.CharField(help_text='The number of the version, or "now".')
        differences = serializers.ListField(child=DifferenceShape())

    @extend_schema(
        operation_id="plan_differences",
        parameters=[
            OpenApiParameter("from", str, required=True, description="The number of a version, or now."),
            OpenApiParameter("to", str, description="The same; now unless given."),
        ],
        responses=Output,
    )
    def get(self, request: Request, plan: str) -> Response:
        """Name what differs, table by table; nothing where both say the same."""
        row = self.plan(plan)
        asked = {"to": NOW, **parameters.read(request, ("from", "to"), paged=False)}
        if "from" not in asked:
            raise BadParameter("from", "Send the number of a version, or now.")
        found = told(self._said(row, "from", asked["from"]), self._said(row, "to", asked["to"]))
        return Response({"before": asked["from"], "after": asked["to"], "differences": found})

    @staticmethod
    def _said(plan: Plan, name: str, written: str) -> Document:
        if written == NOW:
            return document_of(plan)
        is_number = written.isascii() and written.isdecimal() and len(written) <= 9
        version = plan.versions.filter(number=int(written)).first() if is_number else None
        if version is None:
            raise BadParameter(name, "The plan has no such version; send a version's number, or now.")
        return signing.content_of(version)


def state_of(version: PlanVersion) -> str:
    """Give what tells apart how far a version has come."""
    answered = sum(each.answer != Answer.PENDING for each in version.sign_offs.all())
    return f"{version.number}-{version.state}-{answered}"
