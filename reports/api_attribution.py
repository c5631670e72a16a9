"""The attribution page over HTTP: the same question, the very same answer."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import api_shapes
from reports.answer import STATES
from reports.api import QUESTION, ReportView
from reports.asked import defaults_of
from reports.attribution import learned, learning
from reports.attribution.answer import Answer, Attributed, answer
from reports.attribution.crediting import PLACES
from reports.attribution.learned import Standing
from reports.attribution.page import model_name
from reports.attribution.question import COMPARED_MODELS, DIRECTS, NAMES, OFFERED, SHARES, read
from reports.attribution.rows import Row
from reports.models import RunState
from workspaces import parameters

Json = dict[str, Any]  # what json can write
_SAME = {"period", "from", "to", "by", "view", "engagement", "click", "compare"}
ASKED = [
    *(each for each in QUESTION if each.name in _SAME),
    OpenApiParameter("models", str, description=f"Separated by commas: {', '.join(OFFERED)}."),
    OpenApiParameter("base", str, enum=list(COMPARED_MODELS), description="That the others' differences are against."),
    OpenApiParameter(
        "direct", str, enum=list(DIRECTS),
        description="rule: direct touches give way to any other; keep: they count like any; never: they earn nothing.",
    ),
    OpenApiParameter("shares", str, enum=list(SHARES), description="What shares are of: all conversions by default."),
    OpenApiParameter("order", str, enum=list(learning.ORDERS), description="Of markov: touches that it looks back."),
    OpenApiParameter(
        "split", str, enum=list(learning.SPLITS),
        description="Of markov: all conversions by the effects, or each path's own among its touches.",
    ),
    OpenApiParameter(
        "transform", str,
        description="Makes other paths for data-driven models first: collapse, once, drop=KEY, strip=KEY, last=N, "
        "separated by commas.",
    ),
    OpenApiParameter(
        "draws", str, description=f"Of the intervals of data-driven shares: off, or 40 to {learning.MOST_DRAWS}."
    ),
    OpenApiParameter("seed", str, description="Of the draws, and of the orders that shapley_of_all samples."),
]  # fmt: skip


class ModelCellOut(serializers.Serializer[Any]):
    """What a row earned under one model."""

    model = serializers.ChoiceField(OFFERED)
    conversions = serializers.FloatField(help_text="Credited: a sum of shares.")
    share = serializers.FloatField(allow_null=True)
    value_micros = serializers.IntegerField(help_text="All rows of a model add up to the total exactly.")
    value_net_micros = serializers.IntegerField()
    difference = serializers.FloatField(allow_null=True, help_text="Conversions above the base's; null for the base.")
    share_low = serializers.FloatField(
        allow_null=True, help_text="95 % interval of the share of all conversions; of data-driven models alone."
    )
    share_high = serializers.FloatField(allow_null=True)
    standard_error = serializers.FloatField(
        allow_null=True, help_text="Of the conversions, where the model sampled orders of the values."
    )


class LearningOut(serializers.Serializer[Any]):
    """How a data-driven model of the question stands: a worker computes it, and its answer is kept.

    Until there is a first one the rows have no cell of it; ask again after a second or two.
    """

    model = serializers.ChoiceField(learning.LEARNED)
    state = serializers.ChoiceField([*RunState.values, "refused"], help_text="refused: too many wait already.")
    share_done = serializers.IntegerField(allow_null=True, help_text="Per cent; null before that is known.")
    fault = serializers.CharField()
    run = serializers.IntegerField(allow_null=True)
    is_shown = serializers.BooleanField(help_text="The rows have its cells.")
    data_version = serializers.CharField(help_text="That its cells are of; the answer's own may be newer.")
    conversions = serializers.IntegerField(allow_null=True, help_text="That it shared; its cells add up to them.")
    value_micros = serializers.IntegerField(allow_null=True)
    value_net_micros = serializers.IntegerField(allow_null=True)
    journeys = serializers.IntegerField(allow_null=True, help_text="That it learned from, with a conversion or not.")
    unconverted = serializers.IntegerField(allow_null=True, help_text="Of these, without a conversion.")
    persons = serializers.IntegerField(allow_null=True)
    draws = serializers.IntegerField(allow_null=True)
    permutations = serializers.IntegerField(allow_null=True, help_text="Orders sampled; 0 where it is exact.")
    note = serializers.CharField(help_text="no_touch, no_conversion, no_failure: what is odd about the journeys.")
    negative = serializers.ListField(child=serializers.CharField(), help_text="Keys whose company lowers rates.")


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
    order = serializers.CharField(required=False, help_text="These five only with a data-driven model.")
    split = serializers.CharField(required=False)
    transform = serializers.CharField(required=False)
    draws = serializers.CharField(required=False)
    seed = serializers.CharField(required=False)


class StillOpenOut(serializers.Serializer[Any]):
    """What of the range's touches can still change: a conversion to come may credit those whose window is open."""

    touches = serializers.IntegerField(help_text="Of the types whose window is not off.")
    open = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True, help_text="When the last of the windows closes.")


class AttributionOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    question = AskedOut()
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField()
    currency = serializers.CharField()
    totals = api_shapes.FiguresOut()
    before = api_shapes.FiguresOut(allow_null=True, help_text="Of the comparison's range.")
    unattributed = serializers.IntegerField(help_text="Conversions that the base credits to nothing.")
    known_for_a_day = serializers.IntegerField(
        help_text="Conversions of persons whose touches of earlier days cannot be known."
    )
    rows = AttributionRowOut(many=True)
    windows_open = StillOpenOut(allow_null=True)
    learning = LearningOut(many=True, help_text="The data-driven models among those asked for.")
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
    def get(self, request: Request, goal: str) -> Response:
        """Answer the question in the parameters about the goal."""
        names = tuple(name for name in NAMES if name not in {"goal", "open"})
        params = parameters.read(request, names, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.goals.select_related("workspace"), slug=goal)
        asked = read(params, defaults_of(workspace, found, now=now), strict=True)
        learned.order(found, asked, by=None, now=now)
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
        "windows_open": result.still_open,
        "learning": [_standing(each) for each in result.learning],
        "rows_since": result.rows_since,
        "definition_version": made.definition_version,
        "data_version": made.data_version,
        "computed_through": made.computed_through,
        "complete": made.is_complete,
    }


_NOTHING: Json = {"unattributed": 0, "known_for_a_day": 0, "rows": [], "paid_split": [], "paths": [], "overlap": []}


def _asked(result: Answer) -> Json:
    asked = result.asked
    names = ("goal", "period", "since", "until", "base", "view_days", "engagement_days", "click_days", "direct",
             "shares", "compare")  # fmt: skip
    models = {model: model_name(asked, model) for model in asked.models}
    settings = asked.learning.params() if asked.learned else {}
    return {name: getattr(asked, name) for name in names} | {"by": asked.breakdown, "models": models} | settings


def _standing(each: Standing) -> Json:
    run, found = each.run, each.found
    totals = found.totals if found else (None, None, None)
    learned_from = ("journeys", "unconverted", "persons", "draws", "permutations")
    return {
        "model": each.model,
        "state": run.state if run else "refused",
        "share_done": run.share if run else None,
        "fault": run.fault if run else "",
        "run": run.pk if run else None,
        "is_shown": found is not None,
        "data_version": run.version if run and found else "",
        **dict(zip(("conversions", "value_micros", "value_net_micros"), totals, strict=True)),
        **{name: getattr(found, name, None) for name in learned_from},
        "note": found.note if found else "",
        "negative": found.negative if found else (),
    }


def _found(found: Attributed) -> Json:
    return {
        "unattributed": found.unattributed,
        "known_for_a_day": found.of_a_day,
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
         "value_net_micros": cell.value_net, "difference": cell.change, "share_low": cell.low, "share_high": cell.high,
         "standard_error": cell.error}
        for cell in row.cells
    ]  # fmt: skip
    places = dict(zip(PLACES, row.places, strict=True)) if row.places else None
    return {"key": row.key, "label": row.label, "models": cells, "influenced": row.influenced, "places": places}
