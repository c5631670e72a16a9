"""Proposals over HTTP: written, handed in and decided by a token's name; never by the token that proposed."""

from dataclasses import replace
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import approval, picking, proposing, talking
from goals.api.answers import shown
from goals.api.goals import macros_of
from goals.api.plans import LISTED, working_plan
from goals.api.proposal_shapes import BacktestShape, CommentShape, DefinitionShape, ProposalShape, definition_from
from goals.approval import Terms
from goals.forms.deciding import DECISIONS
from goals.lanes import MOST_TEXT, Actor
from goals.models import Lane, MicroKind, Stage
from goals.models import Proposal as ProposalRow
from goals.picking import Pick
from goals.proposing import ProposalDraft
from goals.talking import MOST_COMMENT
from goals.triggers import Trigger
from goals.trying import try_again, try_out
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.problems import BadParameter
from workspaces.roles import Action
from workspaces.serializers import Strict

_FACTS = ("name", "department", "moment", "rationale", "micro_kind", "stage")


class ProposalView(WorkspaceView):
    """A view about one proposal, or about all."""

    @property
    def actor(self) -> Actor:
        """Give the token's name, and the member who made it."""
        bearer = self.bearer
        member = bearer.workspace.memberships.filter(user=bearer.token.created_by).select_related("user").first()
        return Actor(str(bearer), member)

    def rows(self) -> "QuerySet[ProposalRow]":
        """Give the proposals that the token's maker would see: no drafts of other people."""
        rows = self.bearer.workspace.proposals.select_related("workspace", "plan", "goal")
        member = self.actor.member
        seen = rows.exclude(lane=Lane.DRAFT) if member is None else rows.seen_by(member)
        return cast("QuerySet[ProposalRow]", seen.prefetch_related("supports"))

    def find(self, pk: int) -> ProposalRow:
        """Give one of them; 404 for any other."""
        return get_object_or_404(self.rows(), pk=pk)

    def answered(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the proposal as it is now."""
        return shown(ProposalShape, self.find(pk), code)


class Proposals(ProposalView):
    """The proposals of the workspace."""

    actions: ClassVar = {**LISTED, "POST": Action.PROPOSE}

    @extend_schema_serializer(component_name="ProposalNew")
    class Input(Strict):
        name = serializers.CharField(max_length=120)
        definition = DefinitionShape(allow_null=True, default=None, help_text="Null: it is not tracked yet.")
        micro_kind = serializers.ChoiceField(MicroKind.choices, allow_blank=True, default="")
        supports = serializers.ListField(child=serializers.CharField(max_length=120), max_length=100, default=list)
        rationale = serializers.CharField(max_length=500, allow_blank=True, default="")
        moment = serializers.CharField(max_length=300, allow_blank=True, default="")
        department = serializers.CharField(max_length=80, allow_blank=True, default="")
        stage = serializers.ChoiceField(Stage.choices, allow_blank=True, default="")

    @extend_schema(
        operation_id="proposals_list",
        parameters=[*PAGING, OpenApiParameter("lane", str, enum=Lane.values), OpenApiParameter("department", str)],
        responses=paged(ProposalShape, "Proposals"),
    )
    def get(self, request: Request) -> Response:
        """List the proposals, the newest first; drafts are their author's own."""
        asked = parameters.read(request, ("lane", "department"))
        rows = self.rows()
        if "lane" in asked:
            if asked["lane"] not in Lane.values:
                raise BadParameter("lane", f"lane is one of {', '.join(Lane.values)}.")
            rows = rows.filter(lane=asked["lane"])
        if "department" in asked:
            rows = rows.filter(department=asked["department"])
        return self.listed(rows, ProposalShape)

    @extend_schema(
        operation_id="proposals_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: ProposalShape}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Write a draft; it is handed in by itself."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        draft = ProposalDraft(
            **{name: given[name] for name in _FACTS},
            definition=definition_from(given["definition"]),
            supports=macros_of(self.bearer.workspace, given["supports"]),
        )
        made = proposing.draft(working_plan(self.bearer.workspace), draft, by=self.actor, now=timezone.now())
        return self.answered(made.pk, status.HTTP_201_CREATED)


class Proposal(ProposalView):
    """One proposal."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PATCH": Action.PROPOSE}

    @extend_schema(operation_id="proposals_read", responses=ProposalShape)
    def get(self, request: Request, proposal: int) -> Response:
        """Show it with its figures as of submission."""
        parameters.read(request, (), paged=False)
        return self.answered(proposal)

    @extend_schema(operation_id="proposals_change", request=Proposals.Input, responses=ProposalShape)
    def patch(self, request: Request, proposal: int) -> Response:
        """Change one's own while it is a draft or needs info; what is left out stays."""
        row = self.find(proposal)
        require_match(request, row.revision)
        sent = Proposals.Input(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        parts: dict[str, Any] = {name: given[name] for name in _FACTS if name in given}
        if "definition" in given:
            parts["definition"] = definition_from(given["definition"])
        if "supports" in given:
            parts["supports"] = macros_of(self.bearer.workspace, given["supports"])
        draft = replace(ProposalDraft.of(row), **parts)
        proposing.change(row, draft, by=self.actor, now=timezone.now())
        return self.answered(proposal)


class Submission(ProposalView):
    """Hands one's draft in."""

    actions: ClassVar = {"POST": Action.PROPOSE}

    @extend_schema(operation_id="proposals_submit", parameters=[IDEMPOTENCY_KEY], request=None, responses=ProposalShape)
    @once_per_key
    def post(self, request: Request, proposal: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Hand the draft in; what it would have counted is kept with it."""
        row, by, now = self.find(proposal), self.actor, timezone.now()
        tested = try_again(row, member=by.member, now=now).tested
        proposing.submit(row, by=by, now=now, backtest=tested)
        return self.answered(proposal)


class Withdrawal(ProposalView):
    """Takes one's proposal back."""

    actions: ClassVar = {"POST": Action.PROPOSE}

    @extend_schema(
        operation_id="proposals_withdraw", parameters=[IDEMPOTENCY_KEY], request=None, responses=ProposalShape
    )
    @once_per_key
    def post(self, request: Request, proposal: int) -> Response:  # noqa: ARG002  # DRF's signature
        """Make a draft of it again."""
        proposing.withdraw(self.find(proposal), by=self.actor, now=timezone.now())
        return self.answered(proposal)


class Answer(ProposalView):
    """Gives what was asked for."""

    actions: ClassVar = {"POST": Action.PROPOSE}

    @extend_schema_serializer(component_name="ProposalAnswer")
    class Input(Strict):
        text = serializers.CharField(max_length=MOST_COMMENT)

    @extend_schema(
        operation_id="proposals_answer", parameters=[IDEMPOTENCY_KEY], request=Input, responses=ProposalShape
    )
    @once_per_key
    def post(self, request: Request, proposal: int) -> Response:
        """Answer the question, which hands it in again."""
        row, by, now = self.find(proposal), self.actor, timezone.now()
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        tested = try_again(row, member=by.member, now=now).tested
        proposing.answer(row, sent.validated_data["text"], by=by, now=now, backtest=tested)
        return self.answered(proposal)


class Decision(ProposalView):
    """Decides on a submitted proposal."""

    actions: ClassVar = {"POST": Action.EDIT_PLAN}

    @extend_schema_serializer(component_name="ProposalDecision")
    class Input(Strict):
        decision = serializers.ChoiceField([name for name, _label in DECISIONS])
        text = serializers.CharField(
            max_length=MOST_TEXT, allow_blank=True, default="", help_text="Needed to ask and to decline."
        )
        goal = serializers.CharField(max_length=120, required=False, help_text="To merge: the goal that covers it.")
        event = serializers.CharField(max_length=128, required=False, help_text="To approve what is not tracked yet.")

    @extend_schema(
        operation_id="proposals_decide", parameters=[IDEMPOTENCY_KEY], request=Input, responses=ProposalShape
    )
    @once_per_key
    def post(self, request: Request, proposal: int) -> Response:
        """Approve, merge, ask or decline; 403 for the token's own or its maker's, 409 where it is decided by now."""
        row = self.find(proposal)
        require_match(request, row.revision)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        self._decide(row, sent.validated_data)
        return self.answered(proposal)

    def _decide(self, row: ProposalRow, given: dict[str, Any]) -> None:
        by, now, text = self.actor, timezone.now(), given["text"]
        match given["decision"]:
            case "approve":
                name = given.get("event", "")
                rules = picking.rules_of(Pick(Trigger.EVENT, name), with_below=False) if name else ()
                approval.approve(row, Terms(rules=rules, text=text), by=by, now=now)
            case "ask":
                approval.ask(row, text, by=by, now=now)
            case "decline":
                approval.decline(row, text, by=by, now=now)
            case _:
                approval.merge(row, self._goal(given), text, by=by, now=now)

    def _goal(self, given: dict[str, Any]) -> Any:  # a Goal
        if "goal" not in given:
            raise serializers.ValidationError({"goal": ["To merge, name the goal that covers it."]}, "required")
        found = self.bearer.workspace.goals.live().filter(slug=given["goal"]).first()
        if found is None:
            raise serializers.ValidationError({"goal": [f'There is no goal "{given["goal"]}".']}, "unknown_goal")
        return found


class Comments(ProposalView):
    """What is said about a proposal."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "POST": Action.PROPOSE}

    @extend_schema_serializer(component_name="CommentNew")
    class Input(Strict):
        text = serializers.CharField(max_length=MOST_COMMENT, help_text="@ and a member's name tells that member.")

    @extend_schema(operation_id="proposal_comments_list", parameters=PAGING, responses=paged(CommentShape, "Comments"))
    def get(self, request: Request, proposal: int) -> Response:
        """List the comments, the newest first."""
        parameters.read(request, ())
        return self.listed(self.find(proposal).comments.all(), CommentShape)

    @extend_schema(
        operation_id="proposal_comments_create",
        parameters=[IDEMPOTENCY_KEY],
        request=Input,
        responses={201: CommentShape},
    )
    @once_per_key
    def post(self, request: Request, proposal: int) -> Response:
        """Say something about it."""
        row = self.find(proposal)
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        made = talking.comment(row, sent.validated_data["text"], by=self.actor, now=timezone.now())
        return Response(CommentShape(made).data, status=status.HTTP_201_CREATED)


class Backtests(ProposalView):
    """What a definition would have counted, beside the macro goals."""

    actions: ClassVar = {"POST": Action.PROPOSE}

    @extend_schema(operation_id="proposals_backtest", request=DefinitionShape, responses=BacktestShape)
    def post(self, request: Request) -> Response:
        """Count a definition that is not saved over the last 90 whole days."""
        sent = DefinitionShape(data=request.data)
        sent.is_valid(raise_exception=True)
        definition = definition_from(sent.validated_data)
        member = self.actor.member
        trial = try_out(self.bearer.workspace, "", definition, member=member, now=timezone.now())
        if trial.tested is None:
            raise serializers.ValidationError({"rules": [trial.fault]}, "not_countable")
        return Response(BacktestShape(trial.tested).data)
