"""Credits as JSON, and as tables for reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.arrays import Floats
from analysis.attribution.bootstrap import Shares
from analysis.attribution.credit import NONE, Credits
from analysis.attribution.models import MODELS
from measureplan.attribute_money import Money, Refund


@dataclass(frozen=True, slots=True)
class Sureness:
    """Hold how far a model's figures would move.

    error                float64[keys], standard error of the conversions where orders were sampled
    conversions, value   shares with the ends of their intervals; None without a total to have a share of
    drawn                whether intervals were asked for
    """

    error: Floats | None = None
    conversions: Shares | None = None
    value: Shares | None = None
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what the command found.

    settings     what was asked, as JSON values
    names        keys of the columns of the tables
    tables       model to credits
    split        part to (conversions, value in whole numbers)
    totals       conversions; for events those of them with only their newest touches; where asked for or given,
                 journeys without one
    sureness     data-driven model to how far its figures would move
    """

    settings: dict[str, Any]  # JSON values
    names: list[str]
    tables: Mapping[str, Credits]
    split: Mapping[str, tuple[float, float]]
    totals: Mapping[str, int]
    money: Money
    unmatched: list[Refund] = field(default_factory=list)
    sureness: Mapping[str, Sureness] = field(default_factory=dict)


def as_json(result: Result) -> str:
    """Give the result as one JSON object; amounts are in the currency's unit."""
    money = result.money
    shown: dict[str, Any] = {
        "settings": result.settings,
        "totals": {**result.totals, "value": float(money.total)},
        "models": {model: _credits(result, model) for model in result.tables},
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


def _credits(result: Result, model: str) -> dict[str, dict[str, Any]]:
    """Give every key that earned something, and always (none)."""
    table = result.tables[model]
    sureness = result.sureness.get(model, Sureness())
    found: dict[str, dict[str, Any]] = {}
    for place, name in enumerate([*result.names, NONE]):
        conversions = float(table.conversions[0, place])
        value, net = (result.money.shown(amounts[0, place]) for amounts in (table.value, table.value_net))
        if conversions or value or net or name == NONE:
            row = {"conversions": conversions, "value": value, "value_net": net}
            found[name] = row | _sureness(sureness, place)
    return found


def _sureness(sureness: Sureness, place: int) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if sureness.error is not None:
        # Nothing about (none) was sampled.
        shown["standard_error"] = float(sureness.error[place]) if place < len(sureness.error) else 0.0
    if sureness.drawn:
        shown["share"] = {"conversions": _share(sureness.conversions, place), "value": _share(sureness.value, place)}
    return shown


def _share(shares: Shares | None, place: int) -> dict[str, float] | None:
    if shares is None:
        return None
    return {name: float(getattr(shares, name)[place]) for name in ("share", "low", "high")}


def as_text(result: Result) -> str:
    """Give the result as tables, the largest credit first and (none) last."""
    conversions, total = result.totals["conversions"], result.money.total
    unit = f" {result.money.currency}" if result.money.currency else ""
    null = f"{result.totals['null']:,} journeys without one, " if "null" in result.totals else ""
    lines = [f"{conversions:,} conversions, {null}value {total:,f}{unit}", _asked(result.settings)]
    if result.totals.get("capped"):
        most = result.settings["most_touches"]
        lines.append(f"Left out: all but the newest {most:,} touches of {result.totals['capped']:,} conversions")
    for model in result.tables:
        lines += ["", _title(model, result.settings), *_table(result, model)]
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
    if settings.get("transforms"):
        direct += f"; transforms {', '.join(settings['transforms'])}"
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


def _table(result: Result, model: str) -> list[str]:
    rows = list(_credits(result, model).items())
    none = [row for row in rows if row[0] == NONE]
    ranked = sorted((row for row in rows if row[0] != NONE), key=lambda row: (-row[1]["conversions"], row[0]))
    sureness = result.sureness.get(model, Sureness())
    head = f"  {result.settings['by']:<24}{'conversions':>14}{'value':>18}{'value net':>18}"
    head += f"{'std error':>12}" if sureness.error is not None else ""
    head += f"{'share %':>10}{'95 % from':>11}{'to':>8}" if sureness.drawn else ""
    return [head] + [
        f"  {name:<24}{row['conversions']:>14,.2f}{row['value']:>18,.2f}{row['value_net']:>18,.2f}" + _beside(row)
        for name, row in [*ranked, *none]
    ]


def _beside(row: dict[str, Any]) -> str:
    text = f"{row['standard_error']:>12,.2f}" if "standard_error" in row else ""
    share = row.get("share", {}).get("conversions")
    if share:
        text += f"{100 * share['share']:>10.1f}{100 * share['low']:>11.1f}{100 * share['high']:>8.1f}"
    return text
