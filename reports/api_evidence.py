"""The evidence page over HTTP: the same question, the very same answer."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.evidence.grading import Evidence, Grade
from analysis.evidence.ratios import Ratio
from goals.models import Level
from reports.answer import STATES
from reports.api import ReportView
from reports.evidence import keeping
from reports.evidence.answer import Answer, answer
from reports.evidence.design import FOLLOWS, LANDMARKS, NAMES, PASTS, read
from reports.evidence.found import Candidate, Edge, Found, rates_of, reach_of
from workspaces import parameters

Json = dict[str, Any]  # what json can write
ASKED = [
    OpenApiParameter("landmark", int, enum=list(LANDMARKS), description="Days that decide who did the micro goal."),
    OpenApiParameter("follow", int, enum=list(FOLLOWS), description="Days after them in which the macro goal counts."),
    OpenApiParameter("past", int, enum=list(PASTS), description="How many days the period reaches back."),
]


class RatioOut(serializers.Serializer[Any]):
    """A ratio of rates with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class EvidenceOut(serializers.Serializer[Any]):
    """What is known of one micro goal: associated, never caused, but for grade A."""

    grade = serializers.ChoiceField([str(grade) for grade in Grade])
    reach = serializers.FloatField(allow_null=True, help_text="Share of the people who did it.")
    with_it = serializers.IntegerField()
    reached_with = serializers.IntegerField()
    without = serializers.IntegerField()
    reached_without = serializers.IntegerField()
    rate_with = serializers.FloatField(allow_null=True)
    rate_without = serializers.FloatField(allow_null=True)
    raw = RatioOut(allow_null=True)
    stratified = RatioOut(allow_null=True, help_text="Within channel, device and new or returning.")
    missing = serializers.IntegerField(allow_null=True, help_text="Further people with it until there are enough.")
    explained = serializers.BooleanField(help_text="Away from 1 raw, and not within strata.")


class WorthOut(serializers.Serializer[Any]):
    """A derived value: the share that goes on to the macro goal, times its mean value."""

    value_micros = serializers.FloatField()
    low_micros = serializers.FloatField()
    high_micros = serializers.FloatField()
    share = serializers.FloatField()
    people = serializers.IntegerField()
    mean_micros = serializers.FloatField()
    conversions = serializers.IntegerField()


class EdgeOut(serializers.Serializer[Any]):
    """A micro goal of the plan."""

    goal = serializers.CharField()
    name = serializers.CharField()
    evidence = EvidenceOut()
    conversions = serializers.IntegerField(help_text="Of the macro goal, that can be looked back at.")
    preceded = serializers.IntegerField(help_text="With the micro goal strictly before them.")
    median_seconds = serializers.FloatField(allow_null=True)
    worth = WorthOut(allow_null=True)


class CandidateOut(serializers.Serializer[Any]):
    """An event or page that no goal counts."""

    kind = serializers.ChoiceField(("event", "page"))
    text = serializers.CharField()
    evidence = EvidenceOut()
    p = serializers.FloatField()
    adjusted_p = serializers.FloatField()
    stands_out = serializers.BooleanField()


class EvidenceReportOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    goal = serializers.CharField()
    landmark_days = serializers.IntegerField()
    follow_days = serializers.IntegerField()
    past_days = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    fault = serializers.CharField()
    steps = serializers.IntegerField(help_text="Of a computing that runs; 0 before it begins.")
    done = serializers.IntegerField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="The day after the last.")
    people = serializers.IntegerField()
    known_for_a_day = serializers.IntegerField(
        help_text="Visitors who are left out: nobody can see what they did later."
    )
    reached = serializers.IntegerField()
    reached_before_landmark = serializers.IntegerField(help_text="Compared with nobody.")
    strata = serializers.IntegerField()
    currency = serializers.CharField()
    edges = EdgeOut(many=True)
    tested = serializers.IntegerField(help_text="Candidates with enough data.")
    candidates = CandidateOut(many=True)
    definition_version = serializers.IntegerField()
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class EvidenceReport(ReportView):
    """One macro goal's evidence."""

    Output = EvidenceReportOut

    @extend_schema(operation_id="reports_evidence", parameters=ASKED, responses=EvidenceReportOut)
    def get(self, request: Request, goal: str) -> Response:
        """Answer the question in the parameters about the macro goal; ask again while the state is computing."""
        params = parameters.read(request, [name for name in NAMES if name not in {"goal", "view"}], paged=False)
        workspace = self.bearer.workspace
        macro = get_object_or_404(workspace.goals.live().select_related("workspace"), slug=goal, level=Level.MACRO)
        asked = read(params, goal=goal, strict=True)
        result = answer(workspace, macro, keeping.live_goals(workspace), asked, now=timezone.now())
        return Response(self.Output(answered(result)).data)


def answered(result: Answer) -> Json:
    """Give an answer as EvidenceReportOut takes it."""
    made, design = result.provenance, result.asked.design
    return {
        "goal": result.asked.goal,
        "landmark_days": design.landmark_days,
        "follow_days": design.follow_days,
        "past_days": design.past_days,
        "state": result.state,
        "fault": result.fault,
        "steps": result.steps,
        "done": result.done,
        **(_found(result.found) if result.found else _NOTHING),
        "edges": [
            {
                "goal": goal.slug,
                "name": goal.name,
                "evidence": _evidence(edge.evidence),
                "conversions": edge.conversions,
                "preceded": edge.preceded,
                "median_seconds": edge.median_lag.total_seconds() if edge.median_lag is not None else None,
                "worth": _worth(edge),
            }
            for goal, edge in result.edges
        ],
        "definition_version": made.definition_version,
        "data_version": made.data_version,
        "computed_through": made.computed_through,
        "complete": made.is_complete,
    }


_NOTHING: Json = {
    "since": None, "until": None, "people": 0, "known_for_a_day": 0, "reached": 0,
    "reached_before_landmark": 0, "strata": 0, "currency": "", "tested": 0, "candidates": [],
}  # fmt: skip


def _found(found: Found) -> Json:
    return {
        "since": found.since,
        "until": found.until,
        "people": found.persons,
        "known_for_a_day": found.of_a_day,
        "reached": found.reached,
        "reached_before_landmark": found.early,
        "strata": found.strata,
        "currency": found.currency,
        "tested": found.tested,
        "candidates": [_candidate(each) for each in found.candidates],
    }


def _evidence(evidence: Evidence) -> Json:
    with_it, without = rates_of(evidence)
    return {
        "grade": str(evidence.grade),
        "reach": reach_of(evidence),
        "with_it": evidence.with_it,
        "reached_with": evidence.reached_with,
        "without": evidence.without,
        "reached_without": evidence.reached_without,
        "rate_with": with_it.value if with_it else None,
        "rate_without": without.value if without else None,
        "raw": _ratio(evidence.raw),
        "stratified": _ratio(evidence.stratified),
        "missing": evidence.missing,
        "explained": evidence.is_explained,
    }


def _ratio(ratio: Ratio | None) -> Json | None:
    return {"value": ratio.value, "low": ratio.low, "high": ratio.high} if ratio else None


def _worth(edge: Edge) -> Json | None:
    worth = edge.worth
    if worth is None:
        return None
    return {
        "value_micros": worth.value,
        "low_micros": worth.low,
        "high_micros": worth.high,
        "share": worth.share.value,
        "people": worth.share.visits,
        "mean_micros": worth.mean,
        "conversions": worth.conversions,
    }


def _candidate(each: Candidate) -> Json:
    return {
        "kind": each.kind,
        "text": each.text,
        "evidence": _evidence(each.evidence),
        "p": each.p,
        "adjusted_p": each.adjusted,
        "stands_out": each.is_suggested,
    }
