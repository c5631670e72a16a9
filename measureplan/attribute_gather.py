"""What many buckets add, put together: the answer of all, whatever order the buckets came in."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.arrays import Floats
from analysis.assists import Split
from analysis.attribution.credit import NONE, Credits
from analysis.attribution.models import MODELS
from measureplan.attribute_money import Money, Refund, only_currency
from measureplan.bad_input import BadInput

Cell = tuple[str, str]  # a model or part, and a key
FIGURES = ("conversions", "value", "value_net")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Hold the sums over all buckets.

    names      keys that earned something, and the columns of the tables with NONE behind them
    split      part to (conversions, value in whole numbers)
    money      of no conversion by itself: the total, and how numbers are shown
    repeated   lines left out because of their event id
    events     names of events, where the goal's is not among them
    """

    names: list[str]
    tables: Mapping[str, Credits]
    split: Mapping[str, tuple[float, float]]
    conversions: int
    capped: int
    money: Money
    unmatched: list[Refund]
    repeated: int
    events: frozenset[str]


def credits_added(
    tables: Mapping[str, Credits], split: Mapping[str, tuple[float, float]], names: Sequence[str], decimals: int
) -> list[dict[str, Any]]:
    """Give what one bucket's credits and split add: rows of attribute_buckets.ADDED.

    names      the columns of the tables without NONE
    decimals   of the bucket's whole numbers of money
    """
    added: list[dict[str, Any]] = []
    for model, table in tables.items():
        figures = (table.conversions[0], table.value[0], table.value_net[0])
        for key, *earned in zip([*names, NONE], *figures, strict=True):
            if earned[0]:
                found = dict(zip(FIGURES, earned, strict=True))
                added.append({"about": "credit", "name": model, "key": key, "decimals": decimals} | found)
    for part, (count, value) in split.items():
        found = {"conversions": count, "value": value, "decimals": decimals}
        added.append({"about": "split", "name": part} | found)
    return added


@dataclass(slots=True)
class _Cells:
    """Collects a figure of each cell from all buckets, then sums it exactly: no order of buckets changes a bit."""

    found: dict[Cell, list[float]] = field(default_factory=lambda: defaultdict(list))

    def sums(self) -> dict[Cell, float]:
        return {cell: math.fsum(parts) for cell, parts in self.found.items()}


def gather(added: pa.Table, *, address: str, models: list[str]) -> Gathered:
    """Sum what the buckets added (attribute_buckets.ADDED).

    raises   BadInput for a fault that a bucket met, or currencies that do not add up
    """
    rows = defaultdict(list)
    for row in added.to_pylist():
        rows[row["about"]].append(row)
    if rows["fault"]:
        raise BadInput(min(row["text"] for row in rows["fault"]))
    decimals = max((row["decimals"] for row in rows["total"]), default=0)
    earned = {figure: _summed(rows["credit"], figure, decimals) for figure in FIGURES}
    names = sorted({key for (_, key), count in earned["conversions"].items() if count and key != NONE})
    split = [_summed(rows["split"], figure, decimals) for figure in ("conversions", "value")]
    parts = [*(part.name.lower() for part in Split if part is not Split.NONE), NONE]
    empty: Floats = np.zeros(0)
    total = sum((Decimal(row["text"]) for row in rows["total"]), Decimal(0))
    currency = only_currency(Path(address), {row["text"] for row in rows["currency"]})
    return Gathered(
        names=names,
        tables={model: _table(model, names, earned) for model in models},
        split={part: (split[0].get((part, ""), 0.0), split[1].get((part, ""), 0.0)) for part in parts},
        conversions=_count(rows["total"]),
        capped=_count(rows["capped"]),
        money=Money(empty, empty, decimals, total, currency),
        unmatched=_unmatched(rows["unmatched"]),
        repeated=_count(rows["repeated"]),
        events=frozenset(row["text"] for row in rows["name"]),
    )


def _summed(rows: list[dict[str, Any]], figure: str, decimals: int) -> dict[Cell, float]:
    cells = _Cells()
    for row in rows:
        # Whole numbers of money stay whole when they are brought to the finest unit of all buckets.
        scale = 1 if figure == "conversions" else 10 ** (decimals - row["decimals"])
        cells.found[row["name"], row["key"] or ""].append(row[figure] * scale)
    return cells.sums()


def _table(model: str, names: list[str], earned: Mapping[str, Mapping[Cell, float]]) -> Credits:
    def column(figure: str) -> Floats:
        return np.array([[earned[figure].get((model, key), 0.0) for key in [*names, NONE]]], dtype=np.float64)

    return Credits(column("conversions"), column("value"), column("value_net"), MODELS[model].additive)


def _count(rows: list[dict[str, Any]]) -> int:
    return int(sum(row["conversions"] for row in rows))


def _unmatched(rows: list[dict[str, Any]]) -> list[Refund]:
    found = [Refund(row["name"], None if row["text"] is None else Decimal(row["text"])) for row in rows]
    return sorted(found, key=lambda each: (each.transaction_id, each.amount or Decimal(0)))
