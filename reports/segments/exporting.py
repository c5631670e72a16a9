"""Segments as rows of files: what the pages show, in full precision, and nobody's identity."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from analysis.differences import Difference
from analysis.rates import Rate
from reports.exports import Cell, Share, share
from reports.models import Segment
from reports.segments.answer import Answer, GoalFigures
from reports.segments.of_goal import Answer as OfGoal
from reports.segments.of_goal import Row


def list_rows(segments: Iterable[Segment]) -> list[list[Cell]]:
    """Give the saved segments: a head, a row for each."""
    head: list[Cell] = [_("Name"), _("Short name"), _("Description"), _("Owner"), _("Conditions")]
    rows: list[list[Cell]] = [
        [each.name, each.slug, each.description, str(each.owner.user) if each.owner else None, each.text]
        for each in segments
    ]
    return [head, *rows]


def rows(answer: Answer) -> list[list[Cell]]:
    """Give one segment's sizes, visitors and rates: a row for each figure, the segment beside everybody else."""
    head: list[Cell] = [
        _("Figure"), _("Segment"), _("numerator"), _("denominator"), _("from"), _("to"),
        _("Everybody else"), _("numerator"), _("denominator"), _("from"), _("to"),
        _("Difference"), _("from"), _("to"),
    ]  # fmt: skip
    return [head, *_sizes(answer), *(_goal(each) for each in answer.goals)]


def segment_rows(answer: OfGoal) -> list[list[Cell]]:
    """Give one goal by segment: a head, a row for each segment beside everybody else, and everybody."""
    head: list[Cell] = [
        _("Segment"), _("In the segment: conversions"), _("Rate"), _("numerator"), _("denominator"), _("from"), _("to"),
        _("Everybody else: conversions"), _("Rate"), _("numerator"), _("denominator"), _("from"), _("to"),
        _("Difference"), _("from"), _("to"),
    ]  # fmt: skip
    whole = answer.everybody
    last = [[_("Everybody"), whole.conversions, *_rate(whole.rate), *([None] * 9)]] if whole else []
    return [head, *(_segment(each) for each in answer.rows), *last]


def _segment(row: Row) -> list[Cell]:
    one, other = row.inside, row.outside
    ends = _ends(row.difference)
    return [row.name, one.conversions, *_rate(one.rate), other.conversions, *_rate(other.rate), *ends]


def _sizes(answer: Answer) -> list[list[Cell]]:
    size = answer.size
    if size is None:
        return []
    counts: list[tuple[str, Cell, Cell]] = [
        (_("Persons, ever"), size.persons, size.everybody - size.persons),
        (_("Persons, last 90 days"), size.persons_lately, size.everybody_lately - size.persons_lately),
        (_("Visitors"), answer.inside, answer.outside),
        (_("Days there, on average"), answer.days_inside, answer.days_outside),
    ]
    return [[name, inside, *([None] * 4), outside, *([None] * 7)] for name, inside, outside in counts]


def _goal(each: GoalFigures) -> list[Cell]:
    return [each.name, *_rate(each.inside), *_rate(each.outside), *_ends(each.difference)]


def _ends(found: Difference | None) -> tuple[Cell, Cell, Cell]:
    return (share(found.value), share(found.low), share(found.high)) if found else (None, None, None)


def _rate(rate: Rate | None) -> list[Cell]:
    if rate is None:
        return [None] * 5
    return [Share(rate.value), rate.conversions, rate.visits, Share(rate.low), Share(rate.high)]
