"""KPIs and targets over HTTP."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals import targeting
from goals.api.answers import in_use, shown
from goals.api.fields import MetricField, OwnerField, kept_number, members_of, words, written_number
from goals.api.plans import LISTED, ONE
from goals.models import Direction, Measure, Per, Timing, Weight
from goals.models import Kpi as KpiRow
from goals.models import Target as TargetRow
from goals.targeting import KpiDraft, KpiInUse, TargetDraft
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.models import Workspace
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.serializers import Strict

_IN_THE_UNIT = "In the KPI's unit: a count or number, an amount in the currency's unit, or for rates a fraction."


def _number(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=17, decimal_places=6, min_value=Decimal(0), help_text=_IN_THE_UNIT, **options
    )


def _share(text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=Decimal(0), allow_null=True, default=None,
        help_text=f"A fraction of what is expected to date. {text}",
    )  # fmt: skip


class Kpis(WorkspaceView):
    """What is measured on the goals."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="KpiNew")
    class Input(Strict):
        goal = serializers.SlugField(max_length=120)
        name = serializers.CharField(max_length=120)
        measure = serializers.ChoiceField(Measure.choices)
        per = serializers.ChoiceField(Per.choices, allow_blank=True, default="")
        metric = MetricField(default=None)
        direction = serializers.ChoiceField(
            Direction.choices, default="", help_text="Left out: the metric's own; else up."
        )
        department = serializers.CharField(max_length=80, allow_blank=True, default="")
        owner = OwnerField()
        weight = serializers.ChoiceField(Weight.choices, default=Weight.SECONDARY)
        timing = serializers.ChoiceField(Timing.choices, allow_blank=True, default="")
        data_source = words(120)

    @extend_schema_serializer(component_name="KpiChange")
    class Change(Strict):
        name = serializers.CharField(max_length=120)
        measure = serializers.ChoiceField(Measure.choices)
        per = serializers.ChoiceField(Per.choices, allow_blank=True)
        metric = MetricField()
        direction = serializers.ChoiceField(Direction.choices)
        department = serializers.CharField(max_length=80, allow_blank=True)
        owner = OwnerField()
        weight = serializers.ChoiceField(Weight.choices)
        timing = serializers.ChoiceField(Timing.choices, allow_blank=True)
        data_source = words(120)

    @extend_schema_serializer(component_name="Kpi")
    class Output(Input):
        slug = serializers.CharField()
        goal = serializers.CharField(source="goal.slug")  # type: ignore[assignment]  # a row here, a name there
        revision = serializers.IntegerField()

    @extend_schema(operation_id="kpis_list", parameters=PAGING, responses=paged(Output, "Kpis"))
    def get(self, request: Request) -> Response:
        """List the KPIs, newest first."""
        parameters.read(request, ())
        return self.listed(_kpis(self.bearer.workspace), self.Output)

    @extend_schema(operation_id="kpis_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Measure something on a goal."""
        sent = self.Input(data=request.data, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        goal = self.bearer.workspace.goals.live().filter(slug=given.pop("goal")).first()
        if goal is None:
            raise serializers.ValidationError({"goal": ["There is no such goal."]}, "unknown_goal")
        made = targeting.create_kpi(goal, KpiDraft(**given), by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class Kpi(WorkspaceView):
    """One KPI."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="kpis_read", responses=Kpis.Output)
    def get(self, request: Request, kpi: str) -> Response:
        """Show the KPI."""
        parameters.read(request, (), paged=False)
        return shown(Kpis.Output, self._find(kpi))

    @extend_schema(operation_id="kpis_change", request=Kpis.Change, responses=Kpis.Output)
    def patch(self, request: Request, kpi: str) -> Response:
        """Change the KPI; what is left out stays."""
        row = self._find(kpi)
        require_match(request, row.revision)
        sent = Kpis.Change(data=request.data, partial=True, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        draft = replace(KpiDraft.of(row), **sent.validated_data)
        return shown(Kpis.Output, targeting.change_kpi(row, draft, by=str(self.bearer), now=timezone.now()))

    @extend_schema(operation_id="kpis_archive", responses={204: None})
    def delete(self, request: Request, kpi: str) -> Any:  # Response, or a problem with its users
        """Archive the KPI; 409 while targets stand on it."""
        row = self._find(kpi)
        require_match(request, row.revision)
        users = [str(target) for target in row.targets.select_related("kpi")]
        if users:
            return in_use(KpiInUse(users), users)
        targeting.archive_kpi(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, slug: str) -> KpiRow:
        return get_object_or_404(_kpis(self.bearer.workspace), slug=slug)


class TargetFields(Strict):
    """What a target says beside its numbers and its own days; all of it may be left out."""

    baseline_since = serializers.DateField(allow_null=True, default=None)
    baseline_until = serializers.DateField(allow_null=True, default=None, help_text="The last day, itself inside.")
    green_share = _share("From which all is well; null: the usual one.")
    amber_share = _share("Below which it is not; null: the usual one.")
    segment = serializers.CharField(max_length=120, allow_null=True, default=None, help_text="Null: everybody.")


class Targets(WorkspaceView):
    """Dated numbers for KPIs."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="TargetNew")
    class Input(TargetFields):
        kpi = serializers.SlugField(max_length=120)
        value = _number()
        value_high = _number(allow_null=True, default=None)
        baseline = _number(allow_null=True, default=None)
        starts_on = serializers.DateField()
        ends_on = serializers.DateField(help_text="The last day, itself inside.")

    @extend_schema_serializer(component_name="TargetChange")
    class Change(TargetFields):
        value = _number()
        value_high = _number(allow_null=True)
        baseline = _number(allow_null=True)
        starts_on = serializers.DateField()
        ends_on = serializers.DateField()

    @extend_schema_serializer(component_name="Target")
    class Output(TargetFields):
        id = serializers.IntegerField()
        slug = serializers.CharField()
        segment = serializers.CharField(source="segment.slug", default=None, allow_null=True)
        kpi = serializers.CharField(source="kpi.slug")
        value = serializers.SerializerMethodField(method_name="value_of")
        value_high = serializers.SerializerMethodField(method_name="value_high_of")
        baseline = serializers.SerializerMethodField(method_name="baseline_of")
        starts_on = serializers.DateField()
        ends_on = serializers.DateField()
        revision = serializers.IntegerField()

        def value_of(self, target: TargetRow) -> str:
            """Give the number in the KPI's unit."""
            return written_number(target.value, target.kpi.format) or ""

        def value_high_of(self, target: TargetRow) -> str | None:
            """Give the upper end of a band."""
            return written_number(target.value_high, target.kpi.format)

        def baseline_of(self, target: TargetRow) -> str | None:
            """Give what it was before."""
            return written_number(target.baseline, target.kpi.format)

    @extend_schema(
        operation_id="targets_list",
        parameters=[OpenApiParameter("kpi", str, description="Of this KPI alone."), *PAGING],
        responses=paged(Output, "Targets"),
    )
    def get(self, request: Request) -> Response:
        """List the targets, newest first."""
        asked = parameters.read(request, ("kpi",))
        rows = _targets(self.bearer.workspace)
        return self.listed(rows.filter(kpi__slug=asked["kpi"]) if "kpi" in asked else rows, self.Output)

    @extend_schema(operation_id="targets_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Set a number and its dates."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        kpi = _kpis(self.bearer.workspace).filter(slug=given.pop("kpi")).first()
        if kpi is None:
            raise serializers.ValidationError({"kpi": ["There is no such KPI."]}, "unknown_kpi")
        draft = TargetDraft(**_kept(given, kpi))
        made = targeting.create_target(kpi, draft, by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class Target(WorkspaceView):
    """One target."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="targets_read", responses=Targets.Output)
    def get(self, request: Request, target: int) -> Response:
        """Show the target."""
        parameters.read(request, (), paged=False)
        return shown(Targets.Output, self._find(target))

    @extend_schema(operation_id="targets_change", request=Targets.Change, responses=Targets.Output)
    def patch(self, request: Request, target: int) -> Response:
        """Change number or dates; what is left out stays."""
        row = self._find(target)
        require_match(request, row.revision)
        sent = Targets.Change(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        draft = replace(TargetDraft.of(row), **_kept(dict(sent.validated_data), row.kpi))
        return shown(Targets.Output, targeting.change_target(row, draft, by=str(self.bearer), now=timezone.now()))

    @extend_schema(operation_id="targets_delete", responses={204: None})
    def delete(self, request: Request, target: int) -> Response:
        """Remove the target."""
        row = self._find(target)
        require_match(request, row.revision)
        targeting.delete_target(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, pk: int) -> TargetRow:
        return get_object_or_404(_targets(self.bearer.workspace), pk=pk)


def _kpis(workspace: Workspace) -> "QuerySet[KpiRow]":
    return workspace.kpis.live().select_related("goal__plan", "workspace", "owner__user", "metric")


def _targets(workspace: Workspace) -> "QuerySet[TargetRow]":
    rows = workspace.targets.filter(kpi__archived_at=None, kpi__goal__archived_at=None)
    return rows.select_related("kpi__goal__plan", "kpi__metric", "segment", "workspace")


def _kept(given: dict[str, Any], kpi: KpiRow) -> dict[str, Any]:
    numbers = {
        name: kept_number(given[name], kpi.format) for name in ("value", "value_high", "baseline") if name in given
    }
    segment = given.get("segment")
    if segment is not None:
        found = kpi.goal.plan.segments.filter(slug=segment).first()
        if found is None:
            raise serializers.ValidationError({"segment": ["The plan has no such segment."]}, "unknown_segment")
        given["segment"] = found
    return given | numbers
