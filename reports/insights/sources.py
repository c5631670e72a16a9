"""What the figures of conversion insights are measured of: the gathered goals and the ad events of one answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Ints
from analysis.assists import Split as Part
from reports.insights.ads import Ads
from reports.insights.gathering import Gathered
from reports.insights.measuring import NOBODY, Rows
from reports.insights.metrics import Metric
from reports.insights.question import ALL, PAID, Asked
from reports.insights.splits import SPLITS

PAID_PARTS = (Part.PAID_UNASSISTED, Part.PAID_ASSISTED)


@dataclass(frozen=True, slots=True)
class Sources:
    """All that one answer measures.

    goals   gathered, by role; without those that cannot be counted
    ads     of the same days
    """

    asked: Asked
    goals: Mapping[str, Gathered]
    ads: Ads

    def has(self, metric: Metric) -> bool:
        """Say whether there is anything to measure it of."""
        return metric.kind is not None or metric.of in self.goals

    def rows(self, metric: Metric, content: str = ALL, split: str = "none") -> Rows:
        """Give the rows of a metric: attributed conversions, or ad events of the account.

        content   paid: with a paid touch in the window, or of paid ads; organic: without
        split     a key of SPLITS, which the rows' groups are codes of; all are of one group for "none"
        """
        return (
            self._of_ads(metric, content, split) if metric.kind is not None else self._of_goal(metric, content, split)
        )

    def labels(self, metric: Metric, split: str) -> tuple[str, ...]:
        """Give the keys that the groups of rows are codes of."""
        if split in _CODED:
            return _CODED[split]
        column = SPLITS[split].column
        return self.ads.names if metric.kind is not None else self.goals[metric.of].keys[column].names

    def _of_goal(self, metric: Metric, content: str, split: str) -> Rows:
        goal = self.goals[metric.of]
        column = SPLITS[split].column
        group = {"none": np.zeros(len(goal.day), np.int64), "part": goal.part, "action": goal.kind}.get(split)
        group = goal.keys[column].code if group is None else group
        return Rows(goal.day, np.ones(len(goal.day), np.int64), goal.value, goal.person, group).some(
            _of_content(goal, content)
        )

    def _of_ads(self, metric: Metric, content: str, split: str) -> Rows:
        ads = self.ads
        groups: dict[str, Ints] = {
            "none": np.zeros(len(ads.day), np.int64),
            # What is not paid is organic: nobody assists an ad event.
            "part": np.where(ads.paid, Part.PAID_UNASSISTED, Part.ORGANIC).astype(np.int64),
            "action": ads.kind,
        }
        which = (ads.kind == metric.kind) & ads.of_account(self.asked.account)
        if content != ALL:
            which &= ads.paid == (content == PAID)
        count = ads.saves if metric.is_save else ads.events
        rows = Rows(ads.day, count, np.zeros(len(ads.day), np.int64), NOBODY, groups.get(split, ads.key))
        return rows.some(which & (count > 0))


_CODED: Mapping[str, tuple[str, ...]] = {
    "none": ("all",),
    "part": ("paid_unassisted", "paid_assisted", "organic"),
    "action": ("view", "engagement", "click"),
}


def _of_content(goal: Gathered, content: str) -> Bools:
    """Say which conversions are attributed, and of the content."""
    if content == ALL:
        return goal.is_attributed
    is_paid: Bools = np.isin(goal.part, PAID_PARTS)
    return is_paid if content == PAID else goal.part == Part.ORGANIC
