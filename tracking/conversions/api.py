"""Conversions over HTTP, as a CRM sends them when they happen."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import gate, inbox
from tracking.campaign import CLICK_IDS
from tracking.conversions import keeping, sent
from tracking.conversions.matching import PROTOCOL
from tracking.conversions.placing import Placed, Unmatched, placed
from tracking.event import (
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_PERSON_ID_CHARS,
    MAX_TEXT_CHARS,
    MAX_TRANSACTION_ID_CHARS,
    Status,
)
from tracking.imports.destination import Destination
from tracking.imports.findings import Chunk
from tracking.imports.sources import MOST_NAME_CHARS, find_or_make
from tracking.imports.translated import Judge, Told
from tracking.imports.words import reason
from tracking.ledger import Origin
from tracking.models import Source
from tracking.tabular import Imported
from tracking.tabular_rows import RowError
from tracking.times import us_of
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY
from workspaces.roles import Action
from workspaces.serializers import Strict

MOST = 500  # in one request


class ConversionFields(Strict):
    """One conversion; what says whose it is may be one of the three or all."""

    event_id = serializers.CharField(max_length=MAX_ID_CHARS, help_text="The CRM's own id: the same one counts once.")
    name = serializers.CharField(max_length=MAX_NAME_CHARS)
    time = serializers.DateTimeField()
    type = serializers.ChoiceField(["event", "refund"], default="event")
    value = serializers.DecimalField(max_digits=20, decimal_places=6, allow_null=True, default=None)
    currency = serializers.CharField(max_length=3, allow_null=True, default=None)
    click_id = serializers.CharField(max_length=MAX_TEXT_CHARS, allow_null=True, default=None)
    transaction_id = serializers.CharField(max_length=MAX_TRANSACTION_ID_CHARS, allow_null=True, default=None)
    user_id = serializers.CharField(max_length=MAX_PERSON_ID_CHARS, allow_null=True, default=None)


class Conversions(WorkspaceView):
    """Conversions that happened elsewhere."""

    actions: ClassVar = {"POST": Action.EDIT_TRACKING}

    @extend_schema_serializer(component_name="ConversionsNew")
    class Input(Strict):
        source = serializers.CharField(  # type: ignore[assignment]  # a member's name, and DRF's own attribute
            max_length=MOST_NAME_CHARS, help_text="Name or slug; a new name makes a source."
        )
        conversions = ConversionFields(many=True, max_length=MOST, allow_empty=False)  # type: ignore[call-arg]  # of lists

    @extend_schema_serializer(component_name="ConversionsTaken")
    class Output(Strict):
        class Result(Strict):
            event_id = serializers.CharField()
            status = serializers.ChoiceField(["accepted", "duplicate", "duplicate_conflict", "unmatched", "rejected"])
            code = serializers.CharField()
            message = serializers.CharField()

        import_id = serializers.IntegerField(help_text="Of the source and day; undoing it takes all of them back.")
        accepted = serializers.IntegerField()
        results = Result(many=True)

    @extend_schema(
        operation_id="conversions_send", parameters=[IDEMPOTENCY_KEY], request=Input, responses={200: Output}
    )
    @once_per_key
    def post(self, request: Request) -> Response:
        """Give conversions to the visitors whose they are; those that are nobody's yet are kept and tried again."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        given, now = body.validated_data, timezone.now()
        by = str(self.bearer)
        source = find_or_make(self.bearer.workspace, given["source"], by=by, now=now)
        row = sent.row_of(source, by=by, person=self.bearer.token.created_by, now=now)
        results = take(source, given["conversions"], import_id=row.pk, now=now)
        sent.count(row, results, now=now)
        accepted = sum(result["status"] == Status.ACCEPTED for result in results)
        return Response(self.Output({"import_id": row.pk, "accepted": accepted, "results": results}).data)


def take(source: Source, conversions: list[dict[str, Any]], *, import_id: int, now: datetime) -> list[dict[str, str]]:
    """Store what is somebody's, keep what is nobody's, and say what became of each. Call it inside the workspace.

    conversions  the fields of ConversionFields
    import_id    with which those go that are nobody's yet
    """
    destination = Destination(
        workspace_id=source.workspace_id,
        rules=gate.rules_of(source),
        hosts=(),
        salt_of=lambda _day: b"",  # nobody is known by an address here
        now_us=us_of(now),
    )
    judge = Judge(destination, protocol=PROTOCOL)
    judged = [judge.outcome(line, Told(_fields(each))) for line, each in enumerate(conversions)]
    outcomes = list(placed(source.workspace_id, ((each, False) for each in judged)))
    statuses = _store(source, outcomes, import_id, now)
    return [_result(conversions[each.line]["event_id"], each, statuses) for each in outcomes]


def _store(source: Source, outcomes: list[Placed], import_id: int, now: datetime) -> dict[int, Status]:
    origin = Origin(workspace_id=source.workspace_id, source_id=source.pk)
    chunk = Chunk()
    for each in outcomes:
        chunk.add(each)
    statuses = inbox.append(origin, chunk.events, counts=chunk.counts(), now=now)
    keeping.keep(replace(origin, import_id=import_id), chunk.unmatched, now=now)
    keeping.forget(origin, chunk.events)
    lines = [each.line for each in outcomes if isinstance(each, Imported)]
    return dict(zip(lines, statuses, strict=True))


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """Put a conversion into the words of our own JSON; which platform's click it was does not matter."""
    fields = {name: value for name, value in given.items() if value is not None and name != "click_id"}
    fields["time"] = Decimal(us_of(given["time"])) / 1_000
    if given["click_id"]:
        fields[next(iter(CLICK_IDS))] = given["click_id"]
    return fields


def _result(event_id: str, outcome: Placed, statuses: dict[int, Status]) -> dict[str, str]:
    if isinstance(outcome, Unmatched):
        said = str(outcome.reason)
        return {"event_id": event_id, "status": "unmatched", "code": said, "message": reason(said)}
    if isinstance(outcome, RowError):
        return {"event_id": event_id, "status": "rejected", "code": outcome.code, "message": outcome.message}
    return {"event_id": event_id, "status": str(statuses[outcome.line]), "code": "", "message": ""}
