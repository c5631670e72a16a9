"""The evidence table as rows of a file: what the page shows, in full precision."""

from django.utils.translation import gettext as _

from analysis.evidence.grading import Evidence
from analysis.evidence.ratios import Ratio
from goals.models import Goal
from reports.evidence.answer import Answer
from reports.evidence.found import Candidate, Edge, rates_of, reach_of
from reports.exports import MICROS, Cell, share


def table_rows(answer: Answer) -> list[list[Cell]]:
    """Give the table: a head, a row for each micro goal, then one for each candidate that was tested."""
    found = answer.found
    currency = {"currency": found.currency if found else ""}
    head: list[Cell] = [
        _("Micro goal"), _("In the plan"), _("Grade"), _("Reach"), _("People with it"), _("Reached with it"),
        _("People without it"), _("Reached without it"), _("Rate with it"), _("Rate without it"),
        _("Raw ratio"), _("Raw ratio, from"), _("Raw ratio, to"),
        _("Ratio within strata"), _("Ratio within strata, from"), _("Ratio within strata, to"),
        _("More people needed"), _("Conversions"), _("Preceded"), _("Share preceded"), _("Median seconds before"),
        _("Value (%(currency)s)") % currency, _("Value, from (%(currency)s)") % currency,
        _("Value, to (%(currency)s)") % currency, _("p-value"), _("Adjusted p-value"), _("Stands out"),
    ]  # fmt: skip
    rows = [_edge(goal, edge) for goal, edge in answer.edges]
    return [head, *rows, *(_candidate(each) for each in (found.candidates if found else ()))]


def _edge(goal: Goal, edge: Edge) -> list[Cell]:
    worth, lag = edge.worth, edge.median_lag
    value: list[Cell] = [worth.value / MICROS, worth.low / MICROS, worth.high / MICROS] if worth else [None] * 3
    return [
        goal.name, 1, *_evidence(edge.evidence), edge.conversions, edge.preceded, share(edge.preceded_share),
        None if lag is None else lag.total_seconds(), *value, None, None, None,
    ]  # fmt: skip


def _candidate(each: Candidate) -> list[Cell]:
    named = f"{each.kind}: {each.text}"
    return [named, 0, *_evidence(each.evidence), *[None] * 7, each.p, each.adjusted, int(each.is_suggested)]


def _evidence(evidence: Evidence) -> list[Cell]:
    with_it, without = rates_of(evidence)
    return [
        str(evidence.grade), share(reach_of(evidence)), evidence.with_it, evidence.reached_with, evidence.without,
        evidence.reached_without, share(with_it.value) if with_it else None, share(without.value) if without else None,
        *_ratio(evidence.raw), *_ratio(evidence.stratified), evidence.missing,
    ]  # fmt: skip


def _ratio(ratio: Ratio | None) -> tuple[Cell, Cell, Cell]:
    return (ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)
