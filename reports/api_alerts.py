"""Alerts over HTTP, by the same verbs as the pages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import shown
from goals.api.fields import OwnerField, members_of
from goals.models.kpi import Per
from reports.alerts import setting, showing
from reports.alerts.forms import OF_KIND
from reports.alerts.kinds import KINDS
from reports.alerts.setting import AlertDraft
from reports.models import Alert
from reports.models.alert import LONGEST_STAY, AlertKind, Width
from workspaces import parameters
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.models import Workspace
from workspaces.openapi import IDEMPOTENCY_KEY, PAGING, paged
from workspaces.preconditions import require_match
from workspaces.roles import Action
from workspaces.serializers import Strict

Json = dict[str, Any]  # what json can write
STATES: Final = (showing.WATCHING, showing.FIRED, showing.PAUSED)


class Alerts(WorkspaceView):
    """Conditions on figures, looked at once for each full day."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "POST": Action.ALERT}

    @extend_schema_serializer(component_name="AlertNew")
    class Input(Strict):
        kind = serializers.ChoiceField(AlertKind.choices)
        goal = serializers.CharField(
            max_length=120, allow_null=True, default=None, help_text="Whose rate: its short name. Of rate_falls alone."
        )
        kpi = serializers.CharField(
            max_length=120, allow_null=True, default=None,
            help_text="Whose target: its short name. Of target_at_risk alone.",
        )  # fmt: skip
        per = serializers.ChoiceField(Per.choices, default=Per.VISITORS)
        width_days = serializers.ChoiceField(
            Width.choices, default=Width.WEEK, help_text="Days that a rate is taken over."
        )
        fall_percent = serializers.IntegerField(
            min_value=1, max_value=99, default=20, help_text="Of the rate before: it falls by more than this."
        )
        stay_days = serializers.IntegerField(
            min_value=1, max_value=LONGEST_STAY, default=3, help_text="Days in a row that a target is at risk."
        )
        readers = serializers.ListField(
            child=OwnerField(allow_null=False, required=True, default=serializers.empty),
            help_text="E-mail addresses of the members who hear of it.",
        )
        paused = serializers.BooleanField(default=False)

    @extend_schema_serializer(component_name="Alert")
    class Output(Input):
        id = serializers.IntegerField()
        name = serializers.CharField(help_text="Of the goal or KPI, as it was when the alert was saved.")
        goal = serializers.SerializerMethodField()  # type: ignore[assignment]  # a row here, its name there
        kpi = serializers.SerializerMethodField()  # type: ignore[assignment]  # the same
        readers = serializers.SerializerMethodField()  # type: ignore[assignment]  # rows here, addresses there
        paused = serializers.SerializerMethodField()  # type: ignore[assignment]  # a moment here
        rule = serializers.SerializerMethodField()
        state = serializers.SerializerMethodField()
        why = serializers.SerializerMethodField()
        firing_since = serializers.DateField(
            allow_null=True, help_text="The first of the days that are so; null: none."
        )
        checked_through = serializers.DateField(allow_null=True, help_text="The last full day that was looked at.")
        last_fired_on = serializers.SerializerMethodField()
        made_by = serializers.CharField()
        created_at = serializers.DateTimeField()
        revision = serializers.IntegerField()

        def get_goal(self, row: Alert) -> str | None:
            """Give the goal's short name."""
            return row.goal.slug if row.goal else None

        def get_kpi(self, row: Alert) -> str | None:
            """Give the KPI's short name."""
            return row.kpi.slug if row.kpi else None

        def get_readers(self, row: Alert) -> list[str]:
            """Give the addresses of who hears of it; those who muted it among them."""
            return sorted(reader.member.user.email for reader in row.readers.all())

        def get_paused(self, row: Alert) -> bool:
            """Say whether somebody lets it rest."""
            return row.paused_at is not None

        def get_rule(self, row: Alert) -> str:
            """Give the condition in words."""
            return KINDS[AlertKind(row.kind)].rule(row)

        @extend_schema_field(serializers.ChoiceField(STATES))
        def get_state(self, row: Alert) -> str:
            """Say how it stands: it watches, has fired and lasts, or is paused."""
            return showing.state_of(row)[0]

        def get_why(self, row: Alert) -> str:
            """Say more of the state, in words."""
            return showing.state_of(row)[1]

        @extend_schema_field(serializers.DateField(allow_null=True))
        def get_last_fired_on(self, row: Alert) -> str | None:
            """Give the day that began the last episode; null: it never fired."""
            return next((episode.began_on.isoformat() for episode in row.episodes.all()), None)

    @extend_schema(operation_id="alerts_list", parameters=PAGING, responses=paged(Output, "Alerts"))
    def get(self, request: Request) -> Response:
        """List them, the newest made first."""
        parameters.read(request, ())
        return self.listed(showing.whole(self.bearer.workspace), self.Output)

    @extend_schema(operation_id="alerts_create", parameters=[IDEMPOTENCY_KEY], request=Input, responses={201: Output})
    @once_per_key
    def post(self, request: Request) -> Response:
        """Make one; its last 90 days are looked at first, and what lasts is told."""
        workspace, by, now = self.bearer.workspace, str(self.bearer), timezone.now()
        sent = self.Input(data=request.data, context=members_of(workspace))
        sent.is_valid(raise_exception=True)
        given = _found(workspace, dict(sent.validated_data))
        readers, is_paused = given.pop("readers"), given.pop("paused")
        made = setting.make(workspace, _whole(AlertDraft(**given), given), readers, by=by, now=now)
        setting.pause(made, is_paused=is_paused, by=by, now=now)
        return shown(self.Output, _find(workspace, made.pk), status.HTTP_201_CREATED)


class OneAlert(WorkspaceView):
    """One alert."""

    actions: ClassVar = {"GET": Action.SEE_REPORTS, "PATCH": Action.ALERT, "DELETE": Action.ALERT}

    @extend_schema(operation_id="alerts_read", responses=Alerts.Output)
    def get(self, request: Request, alert: int) -> Response:
        """Show one."""
        parameters.read(request, (), paged=False)
        return shown(Alerts.Output, _find(self.bearer.workspace, alert))

    @extend_schema(operation_id="alerts_change", request=Alerts.Input, responses=Alerts.Output)
    def patch(self, request: Request, alert: int) -> Response:
        """Change what it watches, who hears of it, or whether it rests; what is left out stays."""
        workspace, by, now = self.bearer.workspace, str(self.bearer), timezone.now()
        row = _find(workspace, alert)
        require_match(request, row.revision)
        sent = Alerts.Input(data=request.data, partial=True, context=members_of(workspace))
        sent.is_valid(raise_exception=True)
        given = _found(workspace, dict(sent.validated_data))
        readers = given.pop("readers", [reader.member for reader in row.readers.all()])
        is_paused = given.pop("paused", row.paused_at is not None)
        draft = _whole(replace(AlertDraft.of(row), **given), given)
        setting.change(row, draft, readers, by=by, now=now)
        setting.pause(row, is_paused=is_paused, by=by, now=now)
        return shown(Alerts.Output, _find(workspace, alert))

    @extend_schema(operation_id="alerts_remove", responses={204: None})
    def delete(self, request: Request, alert: int) -> Response:
        """Take it away with its past."""
        row = _find(self.bearer.workspace, alert)
        require_match(request, row.revision)
        setting.remove(row, by=str(self.bearer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _find(workspace: Workspace, pk: int) -> Alert:
    return get_object_or_404(showing.whole(workspace), pk=pk)


def _found(workspace: Workspace, given: Json) -> Json:
    """Give the body with the rows that it names; a fault of the body where there is none of this name."""
    rows: dict[str, Any] = {"goal": workspace.goals.live(), "kpi": workspace.kpis.live().select_related("goal")}
    for name, offered in rows.items():
        if given.get(name) is None:
            continue
        given[name] = offered.filter(slug=given[name]).first()
        if given[name] is None:
            raise serializers.ValidationError({name: ["Nothing of this plan has this short name."]}, f"unknown_{name}")
    return given


def _whole(draft: AlertDraft, given: Mapping[str, Any]) -> AlertDraft:
    """Give a draft that is about what its kind is about, and nothing else; refuse a body that says otherwise."""
    wanted = OF_KIND[AlertKind(draft.kind)]
    (other,) = set(OF_KIND.values()) - {wanted}
    if getattr(draft, wanted) is None:
        raise serializers.ValidationError({wanted: [f"An alert of {draft.kind} is about a {wanted}."]}, "required")
    if given.get(other) is not None:
        raise serializers.ValidationError({other: [f"An alert of {draft.kind} has no {other}."]}, "not_of_this_kind")
    return replace(draft, goal=draft.goal if wanted == "goal" else None, kpi=draft.kpi if wanted == "kpi" else None)
