"""What ads cost beside what each row of the attribution table was credited with: cost per conversion, return on spend.

Both are ratios of sums. A campaign's cost goes to the rows that its touches of the same days have, in proportion to
these, to the micro; where nobody came by it, it keeps a row of its own. So all rows add up to what was imported.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Floats
from analysis.attribution.credit import tally
from analysis.attribution.models import weigh
from reports.attribution.answer import Answer
from reports.attribution.blocks import Stored
from reports.attribution.crediting import apportioned, paths_under
from reports.attribution.parts import names_and_parts
from reports.attribution.question import Asked
from reports.attribution.rows import Row
from reports.dimensions import DIMENSIONS, label_of
from reports.reconciliation import reading
from reports.reconciliation.answer import Money, in_currencies
from reports.reconciliation.matching import Campaign, Campaigns, Place, Told

SPENT_BY = ("channel", "source", "medium", "campaign")  # what a campaign's touches say of themselves
ROW, UNSEEN, REST, TOTAL = "row", "unseen", "rest", "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One row: what was spent on it, and what the base model credits to it.

    kind        ROW, a value of the dimension; UNSEEN, campaigns that nobody came by; REST, all values without spend;
                TOTAL, all of them
    key         of the value; for UNSEEN the campaign's, empty for all of a platform
    cost        by currency, never added up across
    reported    of the conversions those that came by campaigns that reports tell of
    """

    kind: str
    key: str
    label: str
    platform: str = ""
    cost: tuple[Money, ...] = ()
    conversions: float = 0.0
    value: int = 0
    value_net: int = 0
    reported: float = 0.0

    @property
    def cost_per_conversion(self) -> Money | None:
        """Give what a conversion cost; None without conversions, without cost, or in several currencies."""
        if len(self.cost) != 1 or not self.conversions:
            return None
        return Money(self.cost[0].currency, round(self.cost[0].micros / self.conversions))

    def return_on_spend(self, currency: str) -> float | None:
        """Give value per cost; None where nothing was spent, or in another currency than the value's."""
        if len(self.cost) != 1 or self.cost[0].currency != currency or not self.cost[0].micros:
            return None
        return self.value / self.cost[0].micros


@dataclass(frozen=True, slots=True)
class Spending:
    """The rows with spend, the dearest first; then what has none; and the total, which is what was imported."""

    rows: tuple[Spent, ...]
    total: Spent
    currency: str


def spending(result: Answer) -> Spending | None:
    """Put costs beside the answer's rows; None where there are no rows, no costs, or costs are not of such rows."""
    asked, stored, found = result.asked, result.stored, result.found
    if stored is None or found is None or asked.breakdown not in SPENT_BY:
        return None
    told = reading.told(stored.snapshot.workspace_id, asked.span)
    if not told:
        return None
    back_days = max(asked.window_days.values())
    campaigns = reading.campaigns(stored.snapshot, told, asked.span, back_days=back_days)
    reported = _reported(stored, asked, campaigns)
    costs = allotted(campaigns, _touches(stored, asked, campaigns))
    rows = put_beside(found.rows, costs, asked=asked, reported=reported)
    total = Spent(
        kind=TOTAL, key="", label="", cost=in_currencies((row.currency, row.cost_micros) for row in told),
        conversions=float(found.conversions), value=found.value, value_net=found.value_net,
        reported=sum(reported.values()),
    )  # fmt: skip
    return Spending(rows, total, result.currency)


@dataclass(frozen=True, slots=True)
class Allotted:
    """Costs by the dimension's keys, and of the campaigns that nobody came by."""

    by_key: Mapping[str, tuple[Money, ...]]
    unseen: tuple[Campaign, ...]


def allotted(campaigns: Campaigns, touches: Mapping[Place, Mapping[str, int]]) -> Allotted:
    """Share each campaign's cost out over the keys of its touches, in proportion to them.

    touches   of each campaign, by key
    """
    by_key: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    unseen = []
    for campaign in campaigns.all:
        mine = touches.get(campaign.place, {})
        if not mine:
            unseen.append(campaign)
            continue
        counts: Floats = np.array(list(mine.values()), np.float64)
        for cost in costs_of(campaign.told):
            shares = apportioned(cost.micros * (counts / counts.sum()), cost.micros)
            for key, micros in zip(mine, shares, strict=True):
                by_key[key].append((cost.currency, micros))
    return Allotted({key: in_currencies(amounts) for key, amounts in by_key.items()}, tuple(unseen))


def costs_of(told: Sequence[Told]) -> tuple[Money, ...]:
    """Give what was spent, by currency."""
    return in_currencies((row.currency, row.cost_micros) for row in told)


def put_beside(
    rows: Sequence[Row], costs: Allotted, *, asked: Asked, reported: Mapping[str, float]
) -> tuple[Spent, ...]:
    """Put the rows' credits under the base beside their costs; what has no cost is one row."""
    credited = {row.key: row for row in rows}
    spent = []
    for key, cost in costs.by_key.items():
        row = credited.get(key)
        label = row.label if row else label_of(asked.breakdown, key)
        spent.append(_credited(Spent(kind=ROW, key=key, label=label, cost=cost), [row] if row else [], asked))
    spent = [replace(each, reported=reported.get(each.key, 0.0)) for each in spent]
    spent += _unseen(costs.unseen, by_campaign=asked.breakdown == "campaign")
    spent.sort(key=lambda each: (-max(money.micros for money in each.cost), each.kind, each.label))
    left = [row for row in rows if row.key not in costs.by_key]
    rest = _credited(Spent(kind=REST, key="", label=""), left, asked)
    lost = sum(reported.get(row.key, 0.0) for row in left)
    return (*spent, replace(rest, reported=lost)) if left else tuple(spent)


def _credited(spent: Spent, rows: Sequence[Row], asked: Asked) -> Spent:
    cells = [cell for row in rows for cell in row.cells if cell.model == asked.base]
    return replace(
        spent,
        conversions=sum(cell.conversions for cell in cells),
        value=sum(cell.value for cell in cells),
        value_net=sum(cell.value_net for cell in cells),
    )


def _unseen(campaigns: Sequence[Campaign], *, by_campaign: bool) -> list[Spent]:
    """Give campaigns that nobody came by a row each, or one for each platform where rows are not campaigns."""
    groups: defaultdict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for campaign in campaigns:
        label = ", ".join(campaign.names or campaign.ids)
        one = (campaign.place.campaign, label) if by_campaign else ("", "")
        groups[(campaign.platform, *one)] += campaign.told
    return [
        Spent(kind=UNSEEN, key=key, label=label, platform=platform, cost=costs_of(told))
        for (platform, key, label), told in groups.items()
    ]


def _touches(stored: Stored, asked: Asked, campaigns: Campaigns) -> dict[Place, Counter[str]]:
    """Count the touches of the range's days by campaign and key of the dimension."""
    found: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    column = DIMENSIONS[asked.breakdown].column
    for each in reading.carried(stored.snapshot, asked.span, column=column, back_days=0):
        place = campaigns.place_of(each.origin)
        if place.is_reported:
            found[place][each.key] += each.inside
    return found


def _reported(stored: Stored, asked: Asked, campaigns: Campaigns) -> dict[str, float]:
    """Give the credit of each key that came by campaigns which reports tell of."""
    texts, parts = names_and_parts(stored, asked.span, reading.carried_and(DIMENSIONS[asked.breakdown].column))
    read = [reading.origin_and_key(text) for text in texts]
    keys = {key: n for n, key in enumerate(dict.fromkeys(key for _, key in read))}
    elsewhere = len(keys)
    told = [keys[key] if campaigns.place_of(origin).is_reported else elsewhere for origin, key in read]
    code, sums = np.array(told, np.int64), np.zeros(elsewhere + 2)
    for part in parts:
        mine = replace(part, key=code[part.key])
        _, paths = paths_under(mine.journeys, asked.windows, asked.direct)
        sums += tally(weigh(paths, asked.base), keys=mine.key, n_keys=elsewhere + 1).conversions[0]
    return dict(zip(keys, sums.tolist(), strict=False))
