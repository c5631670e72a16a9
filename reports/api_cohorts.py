"""Cohorts over HTTP: the page's question, the very same answer; and those that are saved."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api import QUESTION, ReportView
from reports.api_funnels import ShareOut, share_of
from reports.cohorts.answer import STATES, Answer
from reports.cohorts.answer import answer as answered
from reports.cohorts.question import CHOICES, COUNTS, MOST_LATER, NAMES, read
from reports.cohorts.usual import known_of
from reports.question import INTERVALS
from workspaces import parameters

Json = dict[str, Any]  # what json can write
ASKED = [
    OpenApiParameter("saved", str, description="A saved question's short name."),
    OpenApiParameter("first", str, description="What makes a person one of a cohort: seen, or goal:GOAL."),
    OpenApiParameter("did", str, description="What is counted of them later: back, or goal:GOAL."),
    OpenApiParameter("every", str, enum=list(INTERVALS), description="How long a period is; week by default."),
    OpenApiParameter("later", str, description=f"So many periods after a cohort's own: 1 to {MOST_LATER}."),
    OpenApiParameter("count", str, enum=list(COUNTS), description="In each period by itself, or up to its end."),
    OpenApiParameter("only", str, description="A saved segment's short name; others do not count."),
    OpenApiParameter("channel", str, description="Of the persons' first sessions; left out, any."),
    OpenApiParameter("cookieless", str, enum=list(CHOICES), description="out leaves visitors of one day out."),
    *(each for each in QUESTION if each.name in {"period", "from", "to"}),
]


@extend_schema_serializer(component_name="CohortCell")
class CellOut(serializers.Serializer[Any]):
    """What the persons of one cohort did in one period that has begun."""

    later = serializers.IntegerField(help_text="So many periods after the cohort's own.")
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    persons = serializers.IntegerField()
    share = ShareOut(allow_null=True, help_text="Of the cohort's persons.")
    is_whole = serializers.BooleanField(help_text="The period is over; others are in no summary.")


@extend_schema_serializer(component_name="Cohort")
class CohortOut(serializers.Serializer[Any]):
    """The persons who joined on some local days."""

    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    persons = serializers.IntegerField()
    visitors_of_one_day = serializers.IntegerField(help_text="Among them, or left out of them.", source="daily")
    little_data = serializers.BooleanField(help_text="There are fewer than 30 persons.")
    cells = CellOut(many=True)


@extend_schema_serializer(component_name="CohortsTogether")
class TogetherOut(serializers.Serializer[Any]):
    """All cohorts whose period so much later is over: the ratio of their sums."""

    later = serializers.IntegerField()
    cohorts = serializers.IntegerField()
    share = ShareOut(allow_null=True)


@extend_schema_serializer(component_name="Cohorts")
class CohortsOut(serializers.Serializer[Any]):
    """All figures of one answer are of one data version."""

    state = serializers.ChoiceField(STATES)
    waiting = serializers.ListField(child=serializers.CharField(), help_text="Goals or segments without figures.")
    since = serializers.DateField()
    until = serializers.DateField(help_text="The day after the last.")
    first = serializers.CharField()
    did = serializers.CharField()
    every = serializers.ChoiceField(INTERVALS)
    count = serializers.ChoiceField(COUNTS)
    persons = serializers.IntegerField(help_text="Of all cohorts; each person is in one alone.")
    visitors_of_one_day = serializers.IntegerField()
    cohorts = CohortOut(many=True)
    together = TogetherOut(many=True)
    rows_since = serializers.DateField(allow_null=True)
    kept_since = serializers.DateField(allow_null=True, help_text="Older events were removed: nobody is seen before.")
    data_version = serializers.CharField()
    computed_through = serializers.DateTimeField(allow_null=True)
    complete = serializers.BooleanField()


class CohortsReport(ReportView):
    """Persons by when they first did something, and how many of them did something how much later."""

    Output = CohortsOut

    @extend_schema(operation_id="reports_cohorts", parameters=ASKED, responses=CohortsOut)
    def get(self, request: Request) -> Response:
        """Answer the question in the parameters."""
        params = parameters.read(request, NAMES, paged=False)
        workspace, now = self.bearer.workspace, timezone.now()
        known = known_of(workspace, now=now)
        asked = read(params, known, strict=True)
        return Response(self.Output(written(answered(workspace, asked, known, now=now))).data)


class CohortsList(ReportView):
    """The saved questions about cohorts."""

    @extend_schema_serializer(component_name="SavedCohortsList")
    class Output(serializers.Serializer[Any]):
        @extend_schema_serializer(component_name="SavedCohorts")
        class Saved(serializers.Serializer[Any]):
            slug = serializers.CharField()
            name = serializers.CharField()
            params = serializers.DictField(child=serializers.CharField(), help_text="As reports/cohorts takes them.")
            revision = serializers.IntegerField()

        cohorts = Saved(many=True)

    @extend_schema(operation_id="cohorts", responses=Output)
    def get(self, request: Request) -> Response:
        """Give them by their names."""
        parameters.read(request, (), paged=False)
        return Response(self.Output({"cohorts": self.bearer.workspace.cohorts.all()}).data)


def written(result: Answer) -> Json:
    """Give an answer as CohortsOut takes it."""
    asked = result.asked
    return {
        "state": result.state,
        "waiting": result.waiting,
        "since": asked.since,
        "until": asked.until,
        "first": asked.first,
        "did": asked.did,
        "every": asked.every,
        "count": asked.count,
        "persons": result.persons,
        "visitors_of_one_day": result.daily,
        "cohorts": [
            {
                "since": cohort.since, "until": cohort.until, "persons": cohort.persons, "daily": cohort.daily,
                "little_data": cohort.is_little_data,
                "cells": [
                    {"later": cell.later, "since": cell.since, "until": cell.until, "persons": cell.persons,
                     "share": share_of(cell.rate), "is_whole": cell.is_whole}
                    for cell in cohort.cells
                ],
            }
            for cohort in result.cohorts
        ],
        "together": [
            {"later": each.later, "cohorts": each.cohorts, "share": share_of(each.rate)} for each in result.together
        ],
        "rows_since": result.rows_since,
        "kept_since": result.kept_since,
        "data_version": result.stamp.data_version,
        "computed_through": result.stamp.computed_through,
        "complete": result.stamp.is_complete,
    }  # fmt: skip
