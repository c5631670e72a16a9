"""What goals that are not saved yet would have counted, so that a first target has something to stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from goals.baselines import Days, stretches
from goals.conversions import opened
from goals.definition import Definition
from goals.figures import digits
from goals.models import Measure
from tracking.models import LakeState
from workspaces.models import Workspace

MORE = Decimal("1.1")  # a tenth more than before: enough to be worth the work, and not out of reach
_MICROS = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Past:
    """The figures of one goal over some days.

    value_micros   in the workspace's currency; other currencies are left out
    """

    days: Days
    conversions: int
    converters: int
    visitors: int
    value_micros: int

    @property
    def rate(self) -> float | None:
        """Give the share of visitors who converted; None without visitors."""
        return self.converters / self.visitors if self.visitors else None

    def figure(self, measure: str) -> str:
        """Give what the measure was, as a decimal text in people's unit; "" where there is none."""
        found = self._figure(measure)
        return "" if found is None else digits(found)

    def more(self, measure: str) -> str:
        """Give a tenth more of it; "" where there is nothing to have more of."""
        found = self._figure(measure)
        if not found:
            return ""
        places = Decimal(1) if measure == Measure.COUNT else Decimal("0.01")
        return digits((found * MORE).quantize(places))

    def _figure(self, measure: str) -> Decimal | None:
        amount = Decimal(self.value_micros) / _MICROS
        match measure:
            case Measure.COUNT:
                return Decimal(self.conversions)
            case Measure.VALUE:
                return amount.quantize(Decimal("0.01"))
            case Measure.AVERAGE:
                return (amount / self.conversions).quantize(Decimal("0.01")) if self.conversions else None
        share = None if self.rate is None else Decimal(self.converters) * 100 / self.visitors
        return None if share is None else share.quantize(Decimal("0.0001"))


def pasts(
    workspace: Workspace, definitions: Mapping[str, Definition], *, first: date, last: date, today: date
) -> dict[str, tuple[Past, ...]]:
    """Give the pasts of goals by their keys, for a period with these first and last days.

    Days that history does not cover whole are left out, and goals that are not tracked have no past.
    """
    state = LakeState.objects.filter(workspace=workspace).first()
    covered = [
        days for days in stretches(first, last, today=today) if days.is_covered(state.first_day if state else None)
    ]
    tracked = {key: definition for key, definition in definitions.items() if definition.rules}
    found: dict[str, tuple[Past, ...]] = {}
    for days in covered if tracked else ():
        with opened(workspace, days.since, days.until) as lake:
            visits = lake.visits()
            for key, definition in tracked.items():
                table = lake.conversions(definition, reach=visits.reach)
                past = _past(table, days, visits.visitors, workspace.currency)
                found[key] = (*found.get(key, ()), past)
    return found


def usual(found: tuple[Past, ...]) -> Past | None:
    """Give the past that a target is compared with unless another is chosen: as long as the period, right before."""
    return found[0] if found else None


def _past(table: pa.Table, days: Days, visitors: int, currency: str) -> Past:
    mine = pc.fill_null(pc.equal(table["currency"], currency), False)
    return Past(
        days=days,
        conversions=table.num_rows,
        converters=pc.count_distinct(table["person_id"]).as_py(),
        visitors=visitors,
        value_micros=pc.sum(table.filter(mine)["value_micros"]).as_py() or 0,
    )
