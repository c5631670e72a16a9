"""A goal broken down: what each value of a dimension was credited with, beside what its rate is of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from analysis.attribution.credit import NONE
from analysis.rates import Rate, frequency
from analysis.rates import rate as proportion
from reports import denominators, paths
from reports.attribution import blocks
from reports.attribution.blocks import Stored
from reports.attribution.of_a_day import of_a_day
from reports.attribution.parts import cut, owners
from reports.attribution.still_open import counted
from reports.credit import Credit, Part, credit
from reports.dimensions import DIMENSIONS, label_of
from reports.publishing import Published
from reports.question import Question


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the dimension.

    conversions        credited; a sum of shares
    units              the rate's numerator: credited persons or sessions, each once in all rows together
    value, value_net   micros
    share              of all conversions; None where rows do not add up
    denominator        None for (none), which nothing touched
    rate               None without a denominator
    is_proportion      False where the rate may exceed 100 %: its interval is Poisson's then, else Wilson's
    """

    key: str
    label: str
    conversions: float
    units: float
    value: int
    value_net: int
    share: float | None
    denominator: int | None
    rate: Rate | None
    is_proportion: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows, whose credits add up to the total unless the model is participation; and the paid split.

    median_lag       from the first touch in the window to the conversion; None without touches
    median_touches   in the window, of a conversion
    open_share       share of the range's touches whose window is still open; None without touches
    capped           conversions whose path was cut to its newest touches
    of_a_day         conversions of persons who are known for one day alone
    """

    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    is_additive: bool
    median_lag: timedelta | None
    median_touches: float | None
    open_share: float | None
    capped: int
    of_a_day: int


def break_down(question: Question, published: Published, goal_id: int) -> Breakdown:
    """Credit the conversions of the range, and set each row beside its denominator."""
    fill = published.fills[goal_id]
    column = DIMENSIONS[question.breakdown].column
    stored = Stored(published.snapshot, paths.published(fill), fill.currency)
    held = blocks.read(stored, question.span, column)
    names, parts = cut(held, question.span)
    owned = owners(stored, held, question.span, question.per)
    found = credit(parts, names, question, owner=owned.code)
    units = _denominators(question, published, column)
    still_open = counted(published.snapshot, question.span, question.windows)
    whole = len(owned.code) if found.is_additive else None
    return Breakdown(
        rows=tuple(_row(question, each, units, whole) for each in found.rows),
        parts=found.parts,
        is_additive=found.is_additive,
        median_lag=found.median_lag,
        median_touches=found.median_touches,
        open_share=still_open.share if still_open else None,
        capped=owned.capped,
        of_a_day=of_a_day(stored, question.span),
    )


def _row(question: Question, credit: Credit, denominators: Mapping[str, int], whole: int | None) -> Row:
    denominator = None if credit.key == NONE else denominators.get(credit.key, 0)
    is_proportion = question.per == "visitors" and denominator is not None and credit.units <= denominator
    rate = None
    if denominator:
        rate = (proportion if is_proportion else frequency)(credit.units, denominator)
    return Row(
        key=credit.key,
        label=label_of(question.breakdown, credit.key),
        conversions=credit.conversions,
        units=credit.units,
        value=credit.value,
        value_net=credit.value_net,
        share=credit.conversions / whole if whole else None,
        denominator=denominator,
        rate=rate,
        is_proportion=is_proportion,
    )


def _denominators(question: Question, published: Published, column: str) -> Mapping[str, int]:
    if question.per == "visitors":
        return denominators.visitors(published.snapshot, question.span, published.zone, column, question.windows)
    return denominators.sessions(published.snapshot, question.span, column)
