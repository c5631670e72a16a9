"""Credits as JSON, and as tables for reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.attribution.credit import NONE, Credits
from analysis.attribution.models import MODELS
from measureplan.attribute_money import Money, Refund


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what the command found.

    settings     what was asked, as JSON values
    names        keys of the columns of the tables
    tables       model to credits
    split        part to (conversions, value in whole numbers)
    totals       conversions, and for paths journeys without one
    """

    settings: dict[str, Any]  # JSON values
    names: list[str]
    tables: Mapping[str, Credits]
    split: Mapping[str, tuple[float, float]]
    totals: Mapping[str, int]
    money: Money
    unmatched: list[Refund]


def as_json(result: Result) -> str:
    """Give the result as one JSON object; amounts are in the currency's unit."""
    money = result.money
    shown: dict[str, Any] = {
        "settings": result.settings,
        "totals": {**result.totals, "value": float(money.total)},
        "models": {model: _credits(result, table) for model, table in result.tables.items()},
        "paid_split": {
            part: {"conversions": conversions, "value": money.shown(value)}
            for part, (conversions, value) in result.split.items()
        },
    }
    if result.unmatched:
        shown["unmatched_refunds"] = [
            {"transaction_id": refund.transaction_id, "value": None if amount is None else float(amount)}
            for refund in result.unmatched
            for amount in (refund.amount,)
        ]
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _credits(result: Result, table: Credits) -> dict[str, dict[str, float]]:
    """Give every key that earned something, and always (none)."""
    money = result.money
    return {
        name: {
            "conversions": float(conversions),
            "value": money.shown(value),
            "value_net": money.shown(net),
        }
        for name, conversions, value, net in zip(
            [*result.names, NONE], table.conversions[0], table.value[0], table.value_net[0], strict=True
        )
        if conversions or name == NONE
    }


def as_text(result: Result) -> str:
    """Give the result as tables, the largest credit first and (none) last."""
    conversions, total = result.totals["conversions"], result.money.total
    unit = f" {result.money.currency}" if result.money.currency else ""
    lines = [f"{conversions:,} conversions, value {total:,f}{unit}", _asked(result.settings)]
    for model, table in result.tables.items():
        lines += ["", _title(model, result.settings), *_table(result, table)]
    lines += ["", "Paid split"]
    lines += [
        f"  {part:<24}{count:>14,.2f}{result.money.shown(value):>18,.2f}"
        for part, (count, value) in result.split.items()
    ]
    for refund in result.unmatched:
        amount = "all" if refund.amount is None else f"{refund.amount:,f}"
        lines.append(f"Refund of {amount}{unit} matches no conversion: transaction {refund.transaction_id!r}")
    return "\n".join(lines)


def _asked(settings: dict[str, Any]) -> str:
    direct = "direct kept" if settings["keep_direct"] else "direct gives way to other touches"
    if "windows" not in settings:
        return f"Aggregated paths; {direct}"
    windows = ", ".join(
        f"{kind} {'off' if days is None else f'{days:g} d'}" for kind, days in settings["windows"].items()
    )
    return f"Windows: {windows}; {direct}; scope {settings['scope']}; counting {settings['counting']}"


def _title(model: str, settings: dict[str, Any]) -> str:
    if model not in MODELS:
        from measureplan.attribute_learning import title  # noqa: PLC0415

        return title(model, settings["parameters"][model])
    label = MODELS[model].label
    if model == "last" and not settings["keep_direct"]:
        label += " (last non-direct)"
    if model == "time_decay":
        label += f", half-life {settings['half_life_days']:g} days"
    return label if MODELS[model].additive else f"{label}: rows do not add up to the conversions"


def _table(result: Result, table: Credits) -> list[str]:
    rows = list(_credits(result, table).items())
    none = [row for row in rows if row[0] == NONE]
    ranked = sorted((row for row in rows if row[0] != NONE), key=lambda row: (-row[1]["conversions"], row[0]))
    head = f"  {result.settings['by']:<24}{'conversions':>14}{'value':>18}{'value net':>18}"
    return [head] + [
        f"  {name:<24}{row['conversions']:>14,.2f}{row['value']:>18,.2f}{row['value_net']:>18,.2f}"
        for name, row in [*ranked, *none]
    ]
