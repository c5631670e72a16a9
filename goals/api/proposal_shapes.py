"""What a proposal, its figures and its comments look like over HTTP."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from goals.api.fields import RulesField
from goals.backtest import Backtest
from goals.definition import MAX_COUNTING_DAYS, Definition
from goals.models import Counting, Lane, Proposal
from goals.proposing import backtest_of
from workspaces.serializers import Strict


@extend_schema_serializer(component_name="ProposedDefinition")
class DefinitionShape(Strict):
    """What would count; a proposal has no value of its own."""

    rules = RulesField()
    counting = serializers.ChoiceField(Counting.choices, default=Counting.SESSION)
    counting_days = serializers.IntegerField(min_value=1, max_value=MAX_COUNTING_DAYS, default=30)


def definition_from(given: dict[str, Any] | None) -> Definition | None:
    """Give the definition that was sent; None where it is not tracked yet."""
    if given is None:
        return None
    if "rules" not in given:  # in a PATCH nothing is required, not even inside
        raise serializers.ValidationError({"definition": {"rules": ["A definition has rules."]}}, "required")
    counting = Counting(given.get("counting", Counting.SESSION))
    return Definition(given["rules"], counting=counting, counting_days=given.get("counting_days", 30))


@extend_schema_serializer(component_name="BacktestOverlap")
class OverlapShape(serializers.Serializer[Any]):
    goal = serializers.CharField(source="name")
    converters = serializers.IntegerField(help_text="Persons who reached the macro goal.")
    both = serializers.IntegerField(help_text="Those of them who had done the proposed before.")


@extend_schema_serializer(component_name="Backtest")
class BacktestShape(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last one counted.")
    conversions = serializers.IntegerField()
    converters = serializers.IntegerField()
    visitors = serializers.IntegerField()
    sessions = serializers.IntegerField()
    rate = serializers.SerializerMethodField()
    daily = serializers.ListField(child=serializers.IntegerField())
    events = serializers.IntegerField(help_text="That meet the rules, before any counting.")
    overlaps = OverlapShape(many=True)
    through = serializers.DateTimeField(allow_null=True, help_text="Every event received before was counted.")

    @extend_schema_field({"type": "number", "nullable": True, "description": "Of visitors; null without any."})
    def get_rate(self, tested: Backtest) -> float | None:
        return tested.rate.value if tested.rate else None


@extend_schema_serializer(component_name="Proposal")
class ProposalShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lane = serializers.ChoiceField(Lane.choices)
    name = serializers.CharField()
    definition = serializers.SerializerMethodField()
    micro_kind = serializers.CharField()
    supports = serializers.SerializerMethodField()
    rationale = serializers.CharField()
    moment = serializers.CharField()
    department = serializers.CharField()
    stage = serializers.CharField()
    author = serializers.CharField(source="author_name")
    backtest = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by_name")
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    goal = serializers.SerializerMethodField()
    is_merged = serializers.BooleanField()
    revision = serializers.IntegerField()

    @extend_schema_field(DefinitionShape(allow_null=True))
    def get_definition(self, proposal: Proposal) -> dict[str, Any] | None:
        kept = proposal.definition
        return kept and {name: kept[name] for name in ("rules", "counting", "counting_days")}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_supports(self, proposal: Proposal) -> list[str]:
        return [macro.slug for macro in proposal.supports.all()]

    @extend_schema_field(BacktestShape(allow_null=True))
    def get_backtest(self, proposal: Proposal) -> dict[str, Any] | None:
        tested = backtest_of(proposal)
        return cast("dict[str, Any]", BacktestShape(tested).data) if tested else None

    @extend_schema_field({"type": "string", "nullable": True, "description": "What became of it."})
    def get_goal(self, proposal: Proposal) -> str | None:
        return proposal.goal.slug if proposal.goal else None


@extend_schema_serializer(component_name="Comment")
class CommentShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    author = serializers.CharField(source="author_name")
    text = serializers.CharField()
    mentioned = serializers.ListField(child=serializers.IntegerField(), help_text="Members, by their id.")
    at = serializers.DateTimeField()
