"""Claims beside credits, and costs beside credits, over HTTP: the very answers of the pages."""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.answer import STATES
from reports.api import QUESTION, ReportView
from reports.api_attribution import ASKED
from reports.asked import defaults_of
from reports.asking import Reader
from reports.attribution import answer as attributing
from reports.attribution.question import COMPARED_MODELS, Asked, read
from reports.question import BadQuestion, Defaults
from reports.reconciliation import answer as reconciling
from reports.reconciliation.page import cost_label
from reports.reconciliation.spending import REST, ROW, SPENT_BY, TOTAL, UNSEEN, Spending, Spent, spending
from tracking.models import AdPlatform
from workspaces import parameters

Json = dict[str, Any]  # what json can write
_SAME = ("period", "from", "to", "view", "engagement", "click")
_MODEL = OpenApiParameter("model", str, enum=list(COMPARED_MODELS), description="The goal's own by default.")
CLAIMS = [
    *(each for each in QUESTION if each.name in _SAME),
    _MODEL,
    *(each for each in ASKED if each.name == "direct"),
]
COSTS = [*CLAIMS, OpenApiParameter("by", str, enum=list(SPENT_BY), description="channel by default.")]


class AmountOut(serializers.Serializer[Any]):
    """An amount in one currency; nothing is added across currencies."""

    currency = serializers.CharField()
    micros = serializers.IntegerField()


class ClaimOut(serializers.Serializer[Any]):
    """A platform's campaign, or all of a platform."""

    platform = serializers.ChoiceField(AdPlatform.choices)
    key = serializers.CharField(help_text="The campaign's id, else its name; empty for all of the platform.")
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    claimed = serializers.FloatField(allow_null=True, help_text="null: the reports say nothing of conversions.")
    credited = serializers.FloatField()
    difference = serializers.FloatField(allow_null=True, help_text="Claimed less credited.")
    also_claimed = serializers.FloatField(
        help_text="Of the credited: conversions with an ad of another claiming platform in the windows."
    )
    value_micros = serializers.IntegerField()
    value_net_micros = serializers.IntegerField()
    claimed_value = AmountOut(many=True)
    cost = AmountOut(many=True)
    is_reported = serializers.BooleanField()
    has_touches = serializers.BooleanField(help_text="Whether anybody came by it, or saw it.")


class ReconciliationOut(serializers.Serializer[Any]):
    """All credits of one data version; several, other and none with the platforms' add up to the conversions."""

    goal = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    model = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField()
    currency = serializers.CharField(help_text="Of the credited values.")
    conversions = serializers.IntegerField()
    claimed = serializers.FloatField(help_text="By all platforms; a conversion may be in several claims.")
    platforms = ClaimOut(many=True)
    campaigns = ClaimOut(many=True)
    several = serializers.FloatField(help_text="Credited to names that several platforms' reports have.")
    other = serializers.FloatField(help_text="Credited to touches that are no ads of these platforms.")
    none = serializers.FloatField(help_text="Conversions without a credited touch.")
    rows_since = serializers.DateField(allow_null=True)
    data_version = serializers.CharField()
    complete = serializers.BooleanField()


class CostRowOut(serializers.Serializer[Any]):
    """What was spent on a row beside what it was credited with."""

    kind = serializers.ChoiceField(
        [ROW, UNSEEN, REST, TOTAL], help_text="unseen: nobody came by it; rest: without spend."
    )
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of this name
    platform = serializers.CharField()
    cost = AmountOut(many=True)
    conversions = serializers.FloatField()
    reported_conversions = serializers.FloatField(help_text="Those that came by campaigns of the reports.")
    value_micros = serializers.IntegerField()
    cost_per_conversion = AmountOut(allow_null=True)
    return_on_spend = serializers.FloatField(allow_null=True, help_text="Value per cost, in one currency.")


class CostsOut(serializers.Serializer[Any]):
    """The rows' costs add up to the total, which is what was imported, each currency for itself."""

    goal = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    model = serializers.CharField()
    by = serializers.ChoiceField(SPENT_BY)
    state = serializers.ChoiceField(STATES)
    currency = serializers.CharField()
    rows = CostRowOut(many=True)
    total = CostRowOut(allow_null=True)
    data_version = serializers.CharField()
    complete = serializers.BooleanField()


class ReconciliationReport(ReportView):
    """What platforms claim beside what is credited."""

    @extend_schema(operation_id="reports_reconciliation", parameters=CLAIMS, responses=ReconciliationOut)
    def get(self, request: Request, goal: str) -> Response:
        """Put the platforms' claims beside the goal's credits."""
        params = parameters.read(request, tuple(each.name for each in CLAIMS), paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.goals.select_related("workspace"), slug=goal)
        asked = question_of(params, defaults_of(workspace, found, now=now))
        return Response(ReconciliationOut(claims_of(reconciling.answer(workspace, found, asked, now=now))).data)


class CostReport(ReportView):
    """What ads cost beside what they brought."""

    @extend_schema(operation_id="reports_costs", parameters=COSTS, responses=CostsOut)
    def get(self, request: Request, goal: str) -> Response:
        """Put the costs beside the goal's credits by channel, source, medium or campaign."""
        params = parameters.read(request, tuple(each.name for each in COSTS), paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        found = get_object_or_404(workspace.goals.select_related("workspace"), slug=goal)
        asked = question_of(params, defaults_of(workspace, found, now=now))
        result = attributing.answer(workspace, found, asked, now=now)
        return Response(CostsOut(costs_of(result, spending(result))).data)


def question_of(params: Mapping[str, str], defaults: Defaults) -> Asked:
    """Read the question about one model; raise BadQuestion."""
    reader = Reader(params)
    own = defaults.model if defaults.model in COMPARED_MODELS else COMPARED_MODELS[0]
    model = reader.choice("model", COMPARED_MODELS, own)
    reader.choice("by", SPENT_BY, SPENT_BY[0])
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    rest = {name: value for name, value in params.items() if name != "model"}
    return read(rest | {"models": model, "base": model, "compare": "none"}, defaults, strict=True)


def claims_of(result: reconciling.Answer) -> Json:
    """Give an answer as ReconciliationOut takes it."""
    found = result.found
    lines = [line for lines in found.lines.values() for line in lines] if found else []
    return _head(result.attributed) | {
        "conversions": result.attributed.totals.conversions,
        "claimed": float(found.claimed) if found else 0.0,
        "platforms": [_claim(line) for line in found.platforms] if found else [],
        "campaigns": [_claim(line) for line in lines],
        "several": found.several.conversions if found else 0.0,
        "other": found.other.conversions if found else 0.0,
        "none": found.untouched.conversions if found else 0.0,
        "rows_since": result.attributed.rows_since,
    }


def costs_of(result: attributing.Answer, found: Spending | None) -> Json:
    """Give an answer as CostsOut takes it."""
    return _head(result) | {
        "by": result.asked.breakdown,
        "rows": [_spent(row, found.currency) for row in found.rows] if found else [],
        "total": _spent(found.total, found.currency) if found else None,
    }


def _head(result: attributing.Answer) -> Json:
    asked, made = result.asked, result.provenance
    return {
        "goal": asked.goal,
        "since": asked.since,
        "until": asked.until,
        "model": asked.base,
        "state": result.state,
        "fault": result.fault,
        "currency": result.currency,
        "data_version": made.data_version,
        "complete": made.is_complete,
    }


def _claim(line: reconciling.Line) -> Json:
    names = ("platform", "key", "label", "claimed", "credited", "difference", "also_claimed", "claimed_value", "cost",
             "is_reported", "has_touches")  # fmt: skip
    told = {name: getattr(line, name) for name in names}
    return told | {"value_micros": line.value, "value_net_micros": line.value_net}


def _spent(row: Spent, currency: str) -> Json:
    names = ("kind", "key", "platform", "cost", "conversions", "cost_per_conversion")
    return {name: getattr(row, name) for name in names} | {
        "label": cost_label(row),
        "reported_conversions": row.reported,
        "value_micros": row.value,
        "return_on_spend": row.return_on_spend(currency),
    }
