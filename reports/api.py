"""Question in, Answer out: goals and KPIs over HTTP, with the very figures of the pages."""

from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from goals.api.tracking import CoverageOut, covered
from goals.coverage import coverage
from reports import api_shapes, boards
from reports.answer import answer
from reports.asked import fallback_span, from_api
from reports.asking import OFFERED_MODELS
from reports.dimensions import DIMENSIONS
from reports.metrics import METRICS, PER
from reports.periods import PERIODS
from reports.progress import Board, board
from reports.question import AUTO, COMPARISONS, INTERVALS, NAMES, BadQuestion
from reports.sentences import summary
from reports.standing import standing
from workspaces import parameters
from workspaces.problems import Fault, problem
from workspaces.roles import Action
from workspaces.tokens import Bearer


def _window(kind: str) -> OpenApiParameter:
    return OpenApiParameter(
        kind, str, description=f"The {kind} window: off, or 1 to 90 days. The goal's own by default."
    )


QUESTION = [
    OpenApiParameter("period", str, enum=[*PERIODS, "custom"], description="A span by name; the plan's by default."),
    OpenApiParameter("from", str, description="First day, with period=custom or without a period."),
    OpenApiParameter("to", str, description="Last day, itself inside; today by default."),
    OpenApiParameter("interval", str, enum=[AUTO, *INTERVALS]),
    OpenApiParameter("metric", str, enum=list(METRICS), description="What the page draws; the answer holds all."),
    OpenApiParameter("by", str, enum=list(DIMENSIONS)),
    OpenApiParameter("model", str, enum=list(OFFERED_MODELS)),
    *(_window(kind) for kind in ("view", "engagement", "click")),
    OpenApiParameter("keep_direct", str, enum=["0", "1"], description="1 leaves direct touches their credit."),
    OpenApiParameter("per", str, enum=list(PER)),
    OpenApiParameter("compare", str, enum=list(COMPARISONS)),
]


class ReportView(APIView):
    """A view about the workspace that the request's token opens."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS}

    @property
    def bearer(self) -> Bearer:
        """Give the token that was shown, which `Allow` has admitted."""
        return cast(Bearer, self.request.auth)

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]  # DRF's is a Response
        """Name every fault of a question that cannot be read, whichever report was asked."""
        return _refused(exc) if isinstance(exc, BadQuestion) else super().handle_exception(exc)

    def board(self) -> Board:
        """Give the progress of all KPIs."""
        workspace, now = self.bearer.workspace, timezone.now()
        return board(workspace, boards.live_kpis(workspace), fallback=fallback_span(workspace, now=now), now=now)


class GoalReport(ReportView):
    """One goal's figures, series and breakdown."""

    Output = api_shapes.AnswerOut

    @extend_schema(operation_id="reports_goal", parameters=QUESTION, responses=api_shapes.AnswerOut)
    def get(self, request: Request, goal: str) -> Response:
        """Answer the question in the parameters about the goal."""
        params = parameters.read(request, NAMES, paged=False)
        workspace = self.bearer.workspace
        found = get_object_or_404(workspace.goals.select_related("workspace"), slug=goal)
        question = from_api(params, workspace, found, now=timezone.now())
        result = answer(workspace, found, question, now=timezone.now())
        return Response(self.Output(api_shapes.answered(result)).data)


class KpiReport(ReportView):
    """Every KPI against its targets."""

    @extend_schema_serializer(component_name="KpiBoard")
    class Output(serializers.Serializer[Any]):
        computed_through = serializers.DateTimeField(allow_null=True)
        data_version = serializers.CharField()
        complete = serializers.BooleanField()
        kpis = api_shapes.KpiOut(many=True)

    @extend_schema(operation_id="reports_kpis", responses=Output)
    def get(self, request: Request) -> Response:
        """Give the KPI board."""
        parameters.read(request, (), paged=False)
        shown = self.board()
        where = standing(shown.published, has_goals=True, has_kpis=True)
        rows = [api_shapes.kpi(row) for row in shown.rows]
        stamp = {"computed_through": where.computed_through, "data_version": where.data_version}
        return Response(self.Output({**stamp, "complete": where.is_complete, "kpis": rows}).data)


class OverviewReport(ReportView):
    """How the plan is doing, in sentences and sums."""

    @extend_schema_serializer(component_name="Overview")
    class Output(serializers.Serializer[Any]):
        state = serializers.ChoiceField(("nothing", "no_events", "computing", "no_kpis", "ready"))
        sentences = serializers.ListField(child=serializers.CharField(), help_text="May hold strong elements.")
        judged = serializers.IntegerField(help_text="KPIs whose target can be judged by now.")
        on_track = serializers.IntegerField()
        coverage = CoverageOut()
        computed_through = serializers.DateTimeField(allow_null=True)
        data_version = serializers.CharField()
        complete = serializers.BooleanField()

    @extend_schema(operation_id="reports_overview", responses=Output)
    def get(self, request: Request) -> Response:
        """Give the overview."""
        parameters.read(request, (), paged=False)
        workspace, shown = self.bearer.workspace, self.board()
        found_coverage = coverage(workspace)
        where = standing(shown.published, has_goals=found_coverage.total > 0, has_kpis=bool(shown.rows))
        found = {
            "state": where.state,
            "sentences": summary(shown.rows),
            "judged": sum(row.is_judged for row in shown.rows),
            "on_track": sum(row.is_good for row in shown.rows),
            "coverage": covered(found_coverage),
            "computed_through": where.computed_through,
            "data_version": where.data_version,
            "complete": where.is_complete,
        }
        return Response(self.Output(found).data)


def _refused(refusal: BadQuestion) -> HttpResponse:
    """Answer with every fault of the question."""
    faults = [Fault(f"?{fault.field}", fault.code, fault.message) for fault in refusal.faults]
    return problem(400, "invalid_parameter", refusal.faults[0].message, errors=faults)
