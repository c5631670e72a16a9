"""Questions, segments and reportings over HTTP: the lists of the plan."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import listing
from goals.api.answers import in_use, shown
from goals.api.fields import words
from goals.api.plans import LISTED, ONE, working_plan
from goals.drafts import Draft
from goals.listing import QuestionDraft, ReportingDraft, SegmentDraft, SegmentInUse
from goals.models import Cadence, Channel, Objective, Plan
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.serializers import Strict


class ListView(WorkspaceView):
    """The base: rows of one kind, below the plan or an objective."""

    Input: ClassVar[type[Strict]]
    Output: ClassVar[type[Strict]]
    draft: ClassVar[type[Draft]]

    def rows(self) -> "QuerySet[Any]":
        """Give the rows of the plan at work; none before the first."""
        workspace = self.bearer.workspace
        if self.draft is QuestionDraft:
            questions = workspace.questions.filter(objective__plan__archived_at=None)
            return questions.select_related("objective", "workspace")
        rows: QuerySet[Any] = (
            workspace.plan_segments.all() if self.draft is SegmentDraft else workspace.reportings.all()
        )
        return rows.filter(plan__archived_at=None).select_related("workspace")

    def answer_list(self, request: Request) -> Response:
        """Answer with a page of the rows."""
        parameters.read(request, ())
        return self.listed(self.rows(), self.Output)

    def answer_new(self, request: Request) -> Response:
        """Put what was sent at the end of the list."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        parent = self._parent(given)
        made = listing.add(parent, self.draft(**given), by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)

    def answer_one(self, request: Request, pk: int) -> Response:
        """Answer with one row."""
        parameters.read(request, (), paged=False)
        return shown(self.Output, get_object_or_404(self.rows(), pk=pk))

    def answer_change(self, request: Request, pk: int) -> Response:
        """Change what was sent; what is left out stays."""
        row = get_object_or_404(self.rows(), pk=pk)
        require_match(request, row.revision)
        sent = self.Input(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        if given.pop("objective", row.__dict__.get("objective_id")) != row.__dict__.get("objective_id"):
            message = "A question stays below its objective."
            raise serializers.ValidationError({"objective": [message]}, "read_only_field")
        draft = replace(self.draft.of(row), **given)  # type: ignore[type-var]  # drafts are dataclasses
        return shown(self.Output, listing.change(row, draft, by=str(self.bearer), now=timezone.now()))

    def answer_gone(self, request: Request, pk: int) -> Any:  # Response, or a problem with its users
        """Take the row out."""
        row = get_object_or_404(self.rows(), pk=pk)
        require_match(request, row.revision)
        try:
            listing.remove(row, by=str(self.bearer), now=timezone.now())
        except SegmentInUse as refusal:
            return in_use(refusal, refusal.users)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _parent(self, given: dict[str, Any]) -> Plan | Objective:
        plan = working_plan(self.bearer.workspace)
        if self.draft is not QuestionDraft:
            return plan
        found = plan.objectives.filter(pk=given.pop("objective")).first()
        if found is None:
            raise serializers.ValidationError({"objective": ["There is no such objective."]}, "unknown_objective")
        return found


def _page_of(kind: Any) -> Any:  # fields of one kind, and a serializer made of them
    return paged(kind.Output, kind.__name__.replace("Fields", "s"))


class QuestionFields:
    @extend_schema_serializer(component_name="QuestionNew")
    class Input(Strict):
        objective = serializers.IntegerField()
        text = serializers.CharField(max_length=300)
        asker = words(120)
        decision = words(300)

    @extend_schema_serializer(component_name="Question")
    class Output(Input):
        id = serializers.IntegerField()
        slug = serializers.CharField()
        objective = serializers.IntegerField(source="objective_id")
        revision = serializers.IntegerField()

    draft = QuestionDraft


class SegmentFields:
    @extend_schema_serializer(component_name="SegmentNew")
    class Input(Strict):
        name = serializers.CharField(max_length=120)
        about = words(300)
        decision = words(300)

    @extend_schema_serializer(component_name="Segment")
    class Output(Input):
        id = serializers.IntegerField()
        slug = serializers.CharField()
        revision = serializers.IntegerField()

    draft = SegmentDraft


class ReportingFields:
    @extend_schema_serializer(component_name="ReportingNew")
    class Input(Strict):
        audience = serializers.CharField(max_length=120)
        report = words(200)
        cadence = serializers.ChoiceField(Cadence.choices, default=Cadence.MONTHLY)
        channel = serializers.ChoiceField(Channel.choices, default=Channel.PAGE)
        recipients = words(300)

    @extend_schema_serializer(component_name="Reporting")
    class Output(Input):
        id = serializers.IntegerField()
        slug = serializers.CharField()
        revision = serializers.IntegerField()

    draft = ReportingDraft


class Questions(QuestionFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """The questions of the plan at work."""

    actions: ClassVar = LISTED

    @extend_schema(operation_id="questions_list", parameters=PAGING, responses=_page_of(QuestionFields))
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        return self.answer_list(request)

    @extend_schema(
        operation_id="questions_create",
        parameters=[IDEMPOTENCY_KEY],
        request=QuestionFields.Input,
        responses={201: QuestionFields.Output},
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Add a question below an objective."""
        return self.answer_new(request)


class Question(QuestionFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """One question."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="questions_read", responses=QuestionFields.Output)
    def get(self, request: Request, question: int) -> Response:
        """Show it."""
        return self.answer_one(request, question)

    @extend_schema(operation_id="questions_change", request=QuestionFields.Input, responses=QuestionFields.Output)
    def patch(self, request: Request, question: int) -> Response:
        """Change it; what is left out stays."""
        return self.answer_change(request, question)

    @extend_schema(operation_id="questions_delete", responses={204: None})
    def delete(self, request: Request, question: int) -> Any:  # a Response
        """Take it out of the plan."""
        return self.answer_gone(request, question)


class Segments(SegmentFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """The segments of the plan at work."""

    actions: ClassVar = LISTED

    @extend_schema(operation_id="segments_list", parameters=PAGING, responses=_page_of(SegmentFields))
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        return self.answer_list(request)

    @extend_schema(
        operation_id="segments_create",
        parameters=[IDEMPOTENCY_KEY],
        request=SegmentFields.Input,
        responses={201: SegmentFields.Output},
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Add a segment."""
        return self.answer_new(request)


class Segment(SegmentFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """One segment."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="segments_read", responses=SegmentFields.Output)
    def get(self, request: Request, segment: int) -> Response:
        """Show it."""
        return self.answer_one(request, segment)

    @extend_schema(operation_id="segments_change", request=SegmentFields.Input, responses=SegmentFields.Output)
    def patch(self, request: Request, segment: int) -> Response:
        """Change it; what is left out stays."""
        return self.answer_change(request, segment)

    @extend_schema(operation_id="segments_delete", responses={204: None})
    def delete(self, request: Request, segment: int) -> Any:  # Response, or a problem with its users
        """Take it out of the plan; 409 with the targets that are for it."""
        return self.answer_gone(request, segment)


class Reportings(ReportingFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """The reportings of the plan at work."""

    actions: ClassVar = LISTED

    @extend_schema(operation_id="reportings_list", parameters=PAGING, responses=_page_of(ReportingFields))
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        return self.answer_list(request)

    @extend_schema(
        operation_id="reportings_create",
        parameters=[IDEMPOTENCY_KEY],
        request=ReportingFields.Input,
        responses={201: ReportingFields.Output},
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Add a report that somebody is promised."""
        return self.answer_new(request)


class Reporting(ReportingFields, ListView):  # type: ignore[misc]  # the fields are the list's own
    """One reporting."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="reportings_read", responses=ReportingFields.Output)
    def get(self, request: Request, reporting: int) -> Response:
        """Show it."""
        return self.answer_one(request, reporting)

    @extend_schema(operation_id="reportings_change", request=ReportingFields.Input, responses=ReportingFields.Output)
    def patch(self, request: Request, reporting: int) -> Response:
        """Change it; what is left out stays."""
        return self.answer_change(request, reporting)

    @extend_schema(operation_id="reportings_delete", responses={204: None})
    def delete(self, request: Request, reporting: int) -> Any:  # a Response
        """Take it out of the plan."""
        return self.answer_gone(request, reporting)
