"""Cohorts as rows of files: what the page shows, in full precision, a row a cell."""

from django.utils.translation import gettext as _

from analysis.rates import Rate
from reports import figures
from reports.cohorts.answer import Answer, Cell, Cohort, Together
from reports.cohorts.labels import did_label
from reports.cohorts.question import Known
from reports.exports import Cell as Written
from reports.exports import Share


def rows(answer: Answer, known: Known) -> list[list[Written]]:
    """Give a head, a row for each period of each cohort that has begun, and a row for each period of all together."""
    head: list[Written] = [
        _("Cohort"), _("From"), _("To"), _("Visitors of one day"), _("Periods later"), _("Period from"), _("Period to"),
        _("Period is over"), _("Persons"), did_label(answer.asked, known), _("Share"), _("Share, from"), _("Share, to"),
    ]  # fmt: skip
    cells = [_cell(cohort, cell) for cohort in answer.cohorts for cell in cohort.cells]
    return [head, *cells, *(_together(each) for each in answer.together)]


def _cell(cohort: Cohort, cell: Cell) -> list[Written]:
    return [
        figures.days(cohort.since, cohort.until), cohort.since, cohort.until, cohort.daily, cell.later, cell.since,
        cell.until, _("yes") if cell.is_whole else _("no"), cohort.persons, cell.persons, *_rate(cell.rate),
    ]  # fmt: skip


def _together(each: Together) -> list[Written]:
    whole, did = (each.rate.visits, each.rate.conversions) if each.rate else (0, 0)
    return [_("All together"), None, None, None, each.later, None, None, _("yes"), whole, did, *_rate(each.rate)]


def _rate(rate: Rate | None) -> tuple[Written, Written, Written]:
    return (Share(rate.value), Share(rate.low), Share(rate.high)) if rate else (None, None, None)
