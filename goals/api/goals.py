"""Goals and the preview over HTTP."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.attribution.models import MODELS
from goals import defining
from goals.api.answers import in_use, shown
from goals.api.fields import AmountField, OwnerField, RulesField, members_of, words
from goals.api.plans import LISTED, ONE, working_plan
from goals.defining import GoalDraft, GoalInUse
from goals.definition import COLUMNS, MAX_COUNTING_DAYS, Definition
from goals.models import Counting, Level, MicroKind, Stage, ValueRule
from goals.models import Goal as GoalRow
from goals.preview import RANGES, preview
from goals.wording import usual_counting
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.currencies import CURRENCIES
from workspaces.idempotency import once_per_key
from workspaces.models import Workspace
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.roles import Action
from workspaces.serializers import Strict

FACTS = ("rationale", "department", "stage", "moment", "owner")  # what is said beside the definition
_MODELS = [name for name, model in MODELS.items() if model.is_complete]


def _window() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=90, allow_null=True, default=None, help_text="Days; null: the workspace's; 0: off."
    )


class DefinitionFields(Strict):
    """What counts, how it is counted and valued."""

    rules = RulesField()
    counting = serializers.ChoiceField(Counting.choices, required=False)
    counting_days = serializers.IntegerField(min_value=1, max_value=MAX_COUNTING_DAYS, default=30)
    value_rule = serializers.ChoiceField(ValueRule.choices, default=ValueRule.NONE)
    value_amount = AmountField(source="value_micros", min_value=0, allow_null=True, default=None)
    currency = serializers.ChoiceField(sorted(CURRENCIES), allow_blank=True, default="")
    model = serializers.ChoiceField(_MODELS, default="last")
    view_days = _window()
    engagement_days = _window()
    click_days = _window()


class Goals(WorkspaceView):
    """The goals of the plan at work."""

    actions: ClassVar = LISTED

    @extend_schema_serializer(component_name="GoalNew")
    class Input(DefinitionFields):
        name = serializers.CharField(max_length=120)
        level = serializers.ChoiceField(Level.choices)
        micro_kind = serializers.ChoiceField(MicroKind.choices, allow_blank=True, default="")
        objective = serializers.IntegerField(allow_null=True, default=None)
        supports = serializers.ListField(child=serializers.CharField(max_length=120), max_length=100, default=list)
        rationale = serializers.CharField(max_length=500, allow_blank=True, default="")
        stage = serializers.ChoiceField(Stage.choices, allow_blank=True, default="")
        moment = words(300)
        owner = OwnerField()
        department = serializers.CharField(max_length=80, allow_blank=True, default="")

    @extend_schema_serializer(component_name="Goal")
    class Output(Input):
        slug = serializers.CharField()
        rules = serializers.SerializerMethodField()  # type: ignore[assignment]  # as kept, not as parsed
        objective = serializers.IntegerField(source="objective_id", allow_null=True)
        supports = serializers.SerializerMethodField()  # type: ignore[assignment]  # rows here, names there
        version = serializers.IntegerField()
        revision = serializers.IntegerField()
        changed_at = serializers.DateTimeField()

        def get_rules(self, goal: GoalRow) -> list[list[dict[str, Any]]]:
            """Give the rules as they are kept."""
            return [rule.conditions for rule in goal.rules.all()]

        def get_supports(self, goal: GoalRow) -> list[str]:
            """Give the short names of the macro goals."""
            return [macro.slug for macro in goal.supports.all()]

    @extend_schema(operation_id="goals_list", parameters=PAGING, responses=paged(Output, "Goals"))
    def get(self, request: Request) -> Response:
        """List the goals, newest first."""
        parameters.read(request, ())
        return self.listed(_goals(self.bearer.workspace), self.Output)

    @extend_schema(operation_id="goals_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Put a goal into the plan; its past is counted at once."""
        sent = self.Input(data=request.data, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        workspace = self.bearer.workspace
        draft = _draft(workspace, sent.validated_data)
        made = defining.create_goal(working_plan(workspace), draft, by=str(self.bearer), now=timezone.now())
        return shown(self.Output, made, status.HTTP_201_CREATED)


class Goal(WorkspaceView):
    """One goal."""

    actions: ClassVar = ONE

    @extend_schema(operation_id="goals_read", responses=Goals.Output)
    def get(self, request: Request, goal: str) -> Response:
        """Show the goal with its rules."""
        parameters.read(request, (), paged=False)
        return shown(Goals.Output, self._find(goal))

    @extend_schema(operation_id="goals_change", request=Goals.Input, responses=Goals.Output)
    def patch(self, request: Request, goal: str) -> Response:
        """Change the goal; what is left out stays. A changed definition is a new version."""
        row = self._find(goal)
        require_match(request, row.revision)
        sent = Goals.Input(data=request.data, partial=True, context=members_of(self.bearer.workspace))
        sent.is_valid(raise_exception=True)
        given = {name: sent.validated_data[name] for name in sent.validated_data}
        draft = _changed(defining.draft_of(row), self.bearer.workspace, given)
        defining.change_goal(row, draft, by=str(self.bearer), now=timezone.now())
        return shown(Goals.Output, self._find(goal))

    @extend_schema(operation_id="goals_archive", responses={204: None})
    def delete(self, request: Request, goal: str) -> Any:  # Response, or a problem with its users
        """Archive the goal; 409 with the KPIs and goals that stand on it."""
        row = self._find(goal)
        require_match(request, row.revision)
        try:
            defining.archive_goal(row, by=str(self.bearer), now=timezone.now())
        except GoalInUse as refusal:
            return in_use(refusal, refusal.users)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _find(self, slug: str) -> GoalRow:
        return get_object_or_404(_goals(self.bearer.workspace), slug=slug)


class Previews(WorkspaceView):
    """What a definition would have counted."""

    actions: ClassVar = {"POST": Action.PROPOSE}

    @extend_schema_serializer(component_name="PreviewOf")
    class Input(DefinitionFields):
        days = serializers.ChoiceField(RANGES, default=RANGES[0])

    @extend_schema_serializer(component_name="Preview")
    class Output(Strict):
        since = serializers.DateField()
        until = serializers.DateField(help_text="The day after the last one counted.")
        conversions = serializers.IntegerField()
        converters = serializers.IntegerField()
        visitors = serializers.IntegerField()
        sessions = serializers.IntegerField()
        rate = serializers.FloatField(allow_null=True, help_text="Of visitors; null without any.")
        daily = serializers.ListField(child=serializers.IntegerField())

    @extend_schema(operation_id="goals_preview", request=Input, responses=Output)
    def post(self, request: Request) -> Response:
        """Count a definition that is not saved over the last whole days."""
        sent = self.Input(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        days = given.pop("days")
        definition = _valued(_definition({"counting": Counting.EVERY} | given))
        return Response(self.Output(preview(self.bearer.workspace, definition, days=days, now=timezone.now())).data)


def _goals(workspace: Workspace) -> "QuerySet[GoalRow]":
    return (
        workspace.goals.live()
        .select_related("plan__workspace", "workspace", "owner__user")
        .prefetch_related("rules", "supports")
    )


def _definition(given: dict[str, Any]) -> Definition:
    parts = {name: given[name] for name in COLUMNS if name in given}
    choices = {"counting": Counting(given["counting"]), "value_rule": ValueRule(given["value_rule"])}
    return Definition(rules=given["rules"], **parts | choices)


def _draft(workspace: Workspace, given: dict[str, Any]) -> GoalDraft:
    level = Level(given["level"])
    definition = _definition({"counting": usual_counting(level)} | given)
    start = GoalDraft(name=given["name"], level=level, definition=definition)
    named = ("micro_kind", "objective", "supports", *FACTS)
    return _changed(start, workspace, {name: given[name] for name in named})


def _changed(draft: GoalDraft, workspace: Workspace, given: dict[str, Any]) -> GoalDraft:
    """Give the draft with what was sent in place of what it had."""
    plain: dict[str, Any] = {name: given[name] for name in ("name", "micro_kind", *FACTS) if name in given}
    if "level" in given:
        plain["level"] = Level(given["level"])
    if "objective" in given:
        plain["objective"] = _objective(workspace, given["objective"])
    if "supports" in given:
        plain["supports"] = macros_of(workspace, given["supports"])
    parts: dict[str, Any] = {name: given[name] for name in (*COLUMNS, "rules") if name in given}
    if "counting" in parts:
        parts["counting"] = Counting(parts["counting"])
    if "value_rule" in parts:
        parts["value_rule"] = ValueRule(parts["value_rule"])
    return replace(draft, **plain, definition=_valued(replace(draft.definition, **parts)))


def _valued(definition: Definition) -> Definition:
    """Refuse a fixed value without its amount or currency; leave both out where they mean nothing."""
    if definition.value_rule is not ValueRule.FIXED:
        return replace(definition, value_micros=None, currency="")
    for field, is_given in (("value_amount", definition.value_micros is not None), ("currency", definition.currency)):
        if not is_given:
            raise serializers.ValidationError({field: ["A fixed value needs its amount and currency."]}, "required")
    return definition


def _objective(workspace: Workspace, pk: int | None) -> Any:  # an Objective, or None
    if pk is None:
        return None
    found = workspace.objectives.filter(pk=pk).first()
    if found is None:
        raise serializers.ValidationError({"objective": ["There is no such objective."]}, "unknown_objective")
    return found


def macros_of(workspace: Workspace, slugs: list[str]) -> tuple[GoalRow, ...]:
    """Give the goals of these short names; a 400 names the first that does not exist."""
    found = {goal.slug: goal for goal in workspace.goals.live().filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise serializers.ValidationError({"supports": [f'There is no goal "{missing[0]}".']}, "unknown_goal")
    return tuple(found[slug] for slug in dict.fromkeys(slugs))
