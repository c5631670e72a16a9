"""Members, invitations, tokens and the audit trail over HTTP."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces import joining, members, parameters, tokens
from workspaces.idempotency import once_per_key
from workspaces.models import ApiToken, AuditEntry, Invitation, Membership
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.paging import Pages
from workspaces.roles import Action, Role, Scope
from workspaces.serializers import Strict
from workspaces.tokens import Bearer

Output = type[serializers.Serializer[Any]]


class WorkspaceView(APIView):
    """A view about the workspace that the request's token opens."""

    actions: ClassVar[dict[str, Action]]

    @property
    def bearer(self) -> Bearer:
        """Give the token that was shown, which `Allow` has admitted."""
        return cast(Bearer, self.request.auth)

    def listed(self, rows: "QuerySet[Any]", output: Output) -> Response:
        """Answer with one page of the rows."""
        pages = Pages()
        return pages.get_paginated_response(output(pages.paginate_queryset(rows, self.request, self), many=True).data)


class Members(WorkspaceView):
    """Who belongs to the workspace."""

    actions: ClassVar = {"GET": Action.MANAGE_MEMBERS}

    @extend_schema_serializer(component_name="Member")
    class Output(Strict):
        id = serializers.IntegerField()
        email = serializers.EmailField(source="user.email")
        name = serializers.CharField(source="user.name")
        role = serializers.ChoiceField(Role.choices)
        department = serializers.CharField()
        joined_at = serializers.DateTimeField(source="created_at")

    @extend_schema(operation_id="members_list", parameters=PAGING, responses=paged(Output, "Members"))
    def get(self, request: Request) -> Response:
        """List the members."""
        parameters.read(request, ())
        return self.listed(_members(self.bearer), self.Output)


class Member(WorkspaceView):
    """One member."""

    actions: ClassVar = dict.fromkeys(("GET", "PATCH", "DELETE"), Action.MANAGE_MEMBERS)

    @extend_schema_serializer(component_name="MemberChange")
    class Input(Strict):
        role = serializers.ChoiceField(Role.choices, required=False)
        department = serializers.CharField(max_length=80, allow_blank=True, required=False)

    @extend_schema(operation_id="members_read", responses=Members.Output)
    def get(self, request: Request, member: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Show one member."""
        return Response(Members.Output(get_object_or_404(_members(self.bearer), pk=member)).data)

    @extend_schema(operation_id="members_change", request=Input, responses=Members.Output)
    def patch(self, request: Request, member: int) -> Response:
        """Change role or department."""
        row = get_object_or_404(_members(self.bearer), pk=member)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        role = Role(sent.validated_data.get("role", row.role))
        department = sent.validated_data.get("department", row.department)
        members.change(row, role=role, department=department, by=str(self.bearer), now=timezone.now())
        return Response(Members.Output(row).data)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, member: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Take the member out; the tokens that they made are revoked."""
        row = get_object_or_404(_members(self.bearer), pk=member)
        members.remove(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Invitations(WorkspaceView):
    """Who is asked to join."""

    actions: ClassVar = dict.fromkeys(("GET", "POST"), Action.MANAGE_MEMBERS)

    @extend_schema_serializer(component_name="InvitationNew")
    class Input(Strict):
        email = serializers.EmailField(max_length=254)
        role = serializers.ChoiceField(Role.choices)
        department = serializers.CharField(max_length=80, allow_blank=True, default="")

    @extend_schema_serializer(component_name="Invitation")
    class Output(Strict):
        id = serializers.IntegerField()
        email = serializers.EmailField()
        role = serializers.ChoiceField(Role.choices)
        department = serializers.CharField()
        created_at = serializers.DateTimeField()
        expires_at = serializers.DateTimeField()
        mailed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(operation_id="invitations_list", parameters=PAGING, responses=paged(Output, "Invitations"))
    def get(self, request: Request) -> Response:
        """List the open invitations, expired ones too."""
        parameters.read(request, ())
        return self.listed(_invitations(self.bearer), self.Output)

    @extend_schema(
        operation_id="invitations_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Invite an address; the link goes there by mail and is shown nowhere else."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given, bearer = sent.validated_data, self.bearer
        wish = joining.Wish(given["email"], Role(given["role"]), given["department"])
        by, inviter = str(bearer), bearer.token.created_by
        invitation, _ = joining.invite(bearer.workspace, wish, by=by, invited_by=inviter, now=timezone.now())
        return Response(self.Output(invitation).data, status=status.HTTP_201_CREATED)


class InvitationView(WorkspaceView):
    """One open invitation."""

    actions: ClassVar = {"DELETE": Action.MANAGE_MEMBERS}

    @extend_schema(operation_id="invitations_withdraw", responses={204: None})
    def delete(self, request: Request, invitation: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Withdraw it: its link stops."""
        row = get_object_or_404(_invitations(self.bearer), pk=invitation)
        joining.withdraw(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Tokens(WorkspaceView):
    """The workspace's API tokens."""

    actions: ClassVar = dict.fromkeys(("GET", "POST"), Action.MANAGE_TOKENS)

    @extend_schema_serializer(component_name="TokenNew")
    class Input(Strict):
        name = serializers.CharField(max_length=80)
        scopes = serializers.ListField(
            child=serializers.ChoiceField(Scope.choices), min_length=1, max_length=len(Scope)
        )
        expires_at = serializers.DateTimeField(allow_null=True, default=None)

    @extend_schema_serializer(component_name="Token")
    class Output(Strict):
        id = serializers.IntegerField()
        name = serializers.CharField()
        hint = serializers.CharField()
        scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
        created_by = serializers.EmailField(source="created_by.email")
        created_at = serializers.DateTimeField()
        expires_at = serializers.DateTimeField(allow_null=True)
        revoked_at = serializers.DateTimeField(allow_null=True)
        last_used_on = serializers.DateField(allow_null=True)

    @extend_schema_serializer(component_name="TokenMade")
    class Made(Output):
        secret = serializers.CharField(allow_null=True, help_text="Shown this once; null in a replayed answer.")

    @extend_schema(operation_id="tokens_list", parameters=PAGING, responses=paged(Output, "Tokens"))
    def get(self, request: Request) -> Response:
        """List the tokens, revoked ones too."""
        parameters.read(request, ())
        return self.listed(_tokens(self.bearer), self.Output)

    @extend_schema(operation_id="tokens_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Made})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Make a token that can do no more than the one shown; it expires no later."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        token, secret = tokens.create_by_token(
            self.bearer,
            name=given["name"],
            scopes=[Scope(each) for each in dict.fromkeys(given["scopes"])],
            expires_at=given["expires_at"],
            now=timezone.now(),
        )
        shown = self.Output(token).data
        response = Response({**shown, "secret": secret}, status=status.HTTP_201_CREATED)
        response.kept = {**shown, "secret": None}  # type: ignore[attr-defined]  # read by once_per_key
        return response


class Token(WorkspaceView):
    """One API token."""

    actions: ClassVar = {"DELETE": Action.MANAGE_TOKENS}

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Revoke it at once; one that was revoked before stays so."""
        row = get_object_or_404(_tokens(self.bearer), pk=token)
        tokens.revoke(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Audit(WorkspaceView):
    """Who changed what."""

    actions: ClassVar = {"GET": Action.SEE_AUDIT}

    @extend_schema_serializer(component_name="AuditEntry")
    class Output(Strict):
        id = serializers.IntegerField()
        at = serializers.DateTimeField()
        actor = serializers.CharField(source="actor_name")
        act = serializers.CharField()
        subject_type = serializers.CharField()
        subject_id = serializers.CharField()
        subject_name = serializers.CharField()
        before = serializers.JSONField(allow_null=True)
        after = serializers.JSONField(allow_null=True)

    @extend_schema(
        operation_id="audit_list",
        parameters=[
            OpenApiParameter("actor", str, description="Who acted, as `actor` names them."),
            OpenApiParameter("act", str, description="What was done: created, changed, invited, …"),
            *PAGING,
        ],
        responses=paged(Output, "Audit"),
    )
    def get(self, request: Request) -> Response:
        """List the entries, newest first."""
        sent = parameters.read(request, ("actor", "act"))
        columns = {"actor": "actor_name", "act": "act"}
        rows = AuditEntry.objects.filter(workspace=self.bearer.workspace)
        return self.listed(rows.filter(**{columns[name]: value for name, value in sent.items()}), self.Output)


def _members(bearer: Bearer) -> "QuerySet[Membership]":
    return bearer.workspace.memberships.select_related("user", "workspace")


def _invitations(bearer: Bearer) -> "QuerySet[Invitation]":
    open_ones = bearer.workspace.invitations.filter(accepted_at=None, withdrawn_at=None)
    return open_ones.select_related("workspace")


def _tokens(bearer: Bearer) -> "QuerySet[ApiToken]":
    return bearer.workspace.api_tokens.select_related("created_by", "workspace")
