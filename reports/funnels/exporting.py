"""A funnel as rows of files: what the page shows, in full precision."""

from django.utils.translation import gettext as _

from analysis.rates import Rate
from reports.annotations import drawing
from reports.exports import Cell, Share, share
from reports.funnels.answer import Answer, SpanFigures, StepFigures
from reports.funnels.page import next_label


def step_rows(answer: Answer) -> list[list[Cell]]:
    """Give the steps: a head, a row a step; a column for each segment's persons at the end."""
    head: list[Cell] = [
        _("Step"), _("Name"), _("Persons"), _("Of the start"), _("Of the start, from"), _("Of the start, to"),
        _("Of the step before"), _("Lost"), _("Lost, share"), _("Median seconds"), _("Biggest drop"),
    ]  # fmt: skip
    segments = [_("%(segment)s: persons") % {"segment": each.label} for each in answer.segments]
    return [[*head, *segments], *(_step(answer, step) for step in answer.steps)]


def trend_rows(answer: Answer) -> list[list[Cell]]:
    """Give the trend: the funnel of those whose first step lies in each span."""
    head: list[Cell] = [
        _("From"), _("To"), _("Took the first step"), _("Took the last step"), _("Overall rate"),
        _("Rate, from"), _("Rate, to"), _("Annotations"),
    ]  # fmt: skip
    said = answer.annotations
    return [head, *([*_span(each), drawing.cell(said, each.since, each.until)] for each in answer.spans)]


def next_rows(answer: Answer) -> list[list[Cell]]:
    """Give what those did next who left, all of it."""
    kinds = {"page": _("page"), "event": _("event")}
    rows: list[list[Cell]] = [
        [kinds.get(each.kind, ""), next_label(each), each.persons] for each in answer.following or ()
    ]
    return [[_("Kind"), _("Next"), _("Persons")], *rows]


def _step(answer: Answer, step: StepFigures) -> list[Cell]:
    before = step.of_previous
    return [
        step.number, step.step.label, step.persons, *_rate(step.of_start),
        Share(before.value) if before and step.number > 1 else None, step.lost,
        share(step.lost_share) if step.number > 1 else None,
        step.median.total_seconds() if step.median is not None else None,
        _("yes") if step.is_worst else None,
        *(each.persons[step.number - 1] for each in answer.segments),
    ]  # fmt: skip


def _span(each: SpanFigures) -> list[Cell]:
    return [each.since, each.until, each.entered, each.completed, *_rate(each.rate)]


def _rate(rate: Rate | None) -> tuple[Cell, Cell, Cell]:
    return (Share(rate.value), Share(rate.low), Share(rate.high)) if rate else (None, None, None)
