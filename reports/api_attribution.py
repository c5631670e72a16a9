"""The attribution page over HTTP: the same question, the very same answer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import api_shapes
from reports.answer import STATES
from reports.api import QUESTION, ReportView, refused
from reports.asked import defaults_of
from reports.attribution.answer import Answer, Attributed, Row, answer
from reports.attribution.crediting import PLACES
from reports.attribution.page import model_name
from reports.attribution.question import COMPARED_MODELS, DIRECTS, NAMES, SHARES, read
from reports.question import BadQuestion
from workspaces import parameters

Json = dict[str, Any]  # what json can write
_SAME = {"period", "from", "to", "by", "view", "engagement", "click", "compare"}
ASKED = [
    *(each for each in QUESTION if each.name in _SAME),
    OpenApiParameter("models", str, description=f"Separated by commas: {', '.join(COMPARED_MODELS)}."),
    OpenApiParameter("base", str, enum=list(COMPARED_MODELS), description="That the others' differences are against."),
    OpenApiParameter(
        "direct", str, enum=list(DIRECTS),
        description="rule: direct touches give way to any other; keep: they count like any; never: they earn nothing.",
    ),
    OpenApiParameter("shares", str, enum=list(SHARES), description="What shares are of: all conversions by default."),
]  # fmt: skip


class ModelCellOut(serializers.Serializer[Any]):
    """What a row earned under one model."""

    model = serializers.ChoiceField(COMPARED_MODELS)
    conversions = serializers.FloatField(help_text="Credited: a sum of shares.")
    share = serializers.FloatField(allow_null=True)
    value_micros = serializers.IntegerField(help_text="All rows of a model add up to the total exactly.")
    value_net_micros = serializers.IntegerField()
    difference = serializers.FloatField(allow_null=True, help_text="Conversions above the base's; null for the base.")


class PlacesOut(serializers.Serializer[Any]):
    """How many of the row's touches stand where in their path."""

    only = serializers.IntegerField()
    first = serializers.IntegerField()
    middle = serializers.IntegerField()
    last = serializers.IntegerField()


class AttributionRowOut(serializers.Serializer[Any]):
    """One value of the breakdown, `(none)` for conversions without a credited touch."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    models = ModelCellOut(many=True)
    influenced = serializers.IntegerField(allow_null=True, help_text="Conversions with it in their path.")
    places = PlacesOut(allow_null=True)


class PathOut(serializers.Serializer[Any]):
    """A path by its keys, oldest first; what follows itself stands once."""

    keys = serializers.ListField(child=serializers.CharField())
    conversions = serializers.IntegerField()
    value_micros = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True, help_text="From the first touch to the conversion.")


class OverlapOut(serializers.Serializer[Any]):
    """Conversions whose path has exactly these of the three greatest keys."""

    keys = serializers.ListField(child=serializers.CharField())
    conversions = serializers.IntegerField()


class AskedOut(serializers.Serializer[Any]):
    """The question as it was understood, defaults included."""

    goal = serializers.CharField()
    period = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    by = serializers.CharField()
    models = serializers.DictField(child=serializers.CharField(), help_text="Names of the models, by key.")
    base = serializers.CharField()
    view_days = serializers.IntegerField(help_text="0 is off.")
    engagement_days = serializers.IntegerField()
    click_days = serializers.IntegerField()
    direct = serializers.ChoiceField(DIRECTS)
    shares = serializers.ChoiceField(SHARES)
    compare = serializers.CharField()


class AttributionOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    question = AskedOut()
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField()
    currency = serializers.CharField()
    totals = api_shapes.FiguresOut()
    before = api_shapes.FiguresOut(allow_null=True, help_text="Of the comparison's range.")
    unattributed = serializers.IntegerField(help_text="Conversions that the base credits to nothing.")
    rows = AttributionRowOut(many=True)
    paid_split = api_shapes.PartOut(many=True)
    paths = PathOut(many=True, help_text="The ones walked most.")
    overlap = OverlapOut(many=True)
    rows_since = serializers.DateField(allow_null=True)
    definition_version = serializers.IntegerField()
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class AttributionReport(ReportView):
    """One goal under several models."""

    Output = AttributionOut

    @extend_schema(operation_id="reports_attribution", parameters=ASKED, responses=AttributionOut)
    def get(self, request: Request, goal: str) -> Response | HttpResponse:
        """Answer the question in the parameters about the goal."""
        names = tuple(name for name in NAMES if name not in {"goal", "open"})
        params = parameters.read(request, names, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.goals.select_related("workspace"), slug=goal)
        try:
            asked = read(params, defaults_of(workspace, found, now=now), strict=True)
        except BadQuestion as refusal:
            return refused(refusal)
        return Response(self.Output(answered(answer(workspace, found, asked, now=now))).data)


def answered(result: Answer) -> Json:
    """Give an answer as AttributionOut takes it."""
    made = result.provenance
    return {
        "question": _asked(result),
        "state": result.state,
        "fault": result.fault,
        "currency": result.currency,
        "totals": api_shapes.figures_of(result.totals, "visitors"),
        "before": api_shapes.figures_of(result.before, "visitors") if result.before else None,
        **(_found(result.found) if result.found else _NOTHING),
        "rows_since": result.rows_since,
        "definition_version": made.definition_version,
        "data_version": made.data_version,
        "computed_through": made.computed_through,
        "complete": made.is_complete,
    }


_NOTHING: Json = {"unattributed": 0, "rows": [], "paid_split": [], "paths": [], "overlap": []}


def _asked(result: Answer) -> Json:
    asked = result.asked
    names = ("goal", "period", "since", "until", "base", "view_days", "engagement_days", "click_days", "direct",
             "shares", "compare")  # fmt: skip
    models = {model: model_name(asked, model) for model in asked.models}
    return {name: getattr(asked, name) for name in names} | {"by": asked.breakdown, "models": models}


def _found(found: Attributed) -> Json:
    return {
        "unattributed": found.unattributed,
        "rows": [_row(row) for row in found.rows],
        "paid_split": [
            {"key": part.key, "conversions": part.conversions, "value_micros": part.value,
             "value_net_micros": part.value_net}
            for part in found.parts
        ],
        "paths": [
            {"keys": path.keys, "conversions": path.conversions, "value_micros": path.value,
             "median_seconds": path.median_lag.total_seconds() if path.median_lag is not None else None}
            for path in found.paths
        ],
        "overlap": [{"keys": each.keys, "conversions": each.conversions} for each in found.overlap],
    }  # fmt: skip


def _row(row: Row) -> Json:
    cells = [
        {"model": cell.model, "conversions": cell.conversions, "share": cell.share, "value_micros": cell.value,
         "value_net_micros": cell.value_net, "difference": cell.change}
        for cell in row.cells
    ]  # fmt: skip
    places = dict(zip(PLACES, row.places, strict=True)) if row.places else None
    return {"key": row.key, "label": row.label, "models": cells, "influenced": row.influenced, "places": places}
