"""Attribution worked out one conversion at a time, in plain loops, from SEMANTICS alone.

It shares no code with the product and is slow on purpose: what it says is easy to check by eye.
A touch is a dict with `person, time_us, kind` ("view", "engagement", "click") and `channel`, and where they
matter `sequence, event_id, session, direct, paid`. A conversion is a dict with `person, time_us`, and where
they matter `sequence, event_id, session, value` (any number; credits come in its unit).
Windows are days by kind, None for off: {"view": 1, "engagement": 30, "click": 30}.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

Row = Mapping[str, Any]
DAY_US = 24 * 60 * 60 * 1_000_000
NONE = "(none)"
WINDOWS = {"view": 1, "engagement": 30, "click": 30}
ENDS = {"position": (0.4, 0.2, 0.4), "j_curve": (0.2, 0.2, 0.6), "inverse_j": (0.6, 0.2, 0.2)}
RANK = {"view": 0, "engagement": 1, "click": 2}


def credited(
    touches: Iterable[Row],
    conversions: Iterable[Row],
    *,
    model: str,
    windows: Mapping[str, float | None] = WINDOWS,
    keep_direct: bool = False,
    scope: str = "all",
    half_life_days: float = 7.0,
    parts: tuple[float, float, float] | None = None,
    by: str = "channel",
    amount: str | None = None,
) -> dict[Any, float]:
    """Give the credit of every key; of the conversions' `amount` column instead of their count, if named."""
    result: dict[Any, float] = {}
    for conversion, window in _with_windows(touches, conversions, windows, scope):
        path = window if keep_direct else _direct_rule(window)
        worth = 1.0 if amount is None else float(conversion[amount])
        weights = _weights(path, conversion, model, half_life_days, parts)
        shares = [(touch[by], weight) for touch, weight in zip(path, weights, strict=True) if weight]
        if model == "participation":
            shares = list(dict(shares).items())
        for key, weight in shares or [(NONE, 1.0)]:
            result[key] = result.get(key, 0.0) + weight * worth
    return result


def journeys(
    touches: Iterable[Row],
    conversions: Iterable[Row],
    *,
    windows: Mapping[str, float | None] = WINDOWS,
    keep_direct: bool = False,
    scope: str = "all",
    by: str = "channel",
) -> list[tuple[tuple[Any, ...], Row | None]]:
    """Give every journey: the keys of its path, and its conversion; None for who had a touch and none."""
    touches, conversions = list(touches), list(conversions)
    found: list[tuple[Row | None, list[Row]]] = list(_with_windows(touches, conversions, windows, scope))
    for person in {touch["person"] for touch in touches} - {sale["person"] for sale in conversions}:
        own = [touch for touch in touches if touch["person"] == person and windows[touch["kind"]] is not None]
        if own:
            end = {"person": person, "time_us": max(touch["time_us"] for touch in own)}
            found += [(None, window) for _, window in _with_windows(own, [end], windows, scope)]
    return [
        (tuple(touch[by] for touch in (window if keep_direct else _direct_rule(window))), conversion)
        for conversion, window in found
    ]


def paid_split(
    touches: Iterable[Row],
    conversions: Iterable[Row],
    *,
    windows: Mapping[str, float | None] = WINDOWS,
    scope: str = "all",
) -> dict[str, int]:
    """Count conversions by which touches stood in their window, direct ones included."""
    result = {"paid_unassisted": 0, "paid_assisted": 0, "organic": 0, NONE: 0}
    for _, window in _with_windows(touches, conversions, windows, scope):
        paid = {bool(touch["paid"]) for touch in window}
        part = {
            frozenset(): NONE,
            frozenset({True}): "paid_unassisted",
            frozenset({False}): "organic",
            frozenset({True, False}): "paid_assisted",
        }[frozenset(paid)]
        result[part] += 1
    return result


def _with_windows(
    touches: Iterable[Row], conversions: Iterable[Row], windows: Mapping[str, float | None], scope: str
) -> list[tuple[Row, list[Row]]]:
    people: dict[Any, list[Row]] = {}
    for touch in sorted(touches, key=_order):
        people.setdefault(touch["person"], []).append(touch)
    spent: set[int] = set()
    result = []
    for conversion in sorted(conversions, key=_order):
        window = [
            touch
            for touch in people.get(conversion["person"], [])
            if _in_window(touch, conversion, windows) and id(touch) not in spent
        ]
        if scope == "reset":
            spent.update(id(touch) for touch in window)
        result.append((conversion, window))
    return result


def _order(row: Row) -> tuple[int, int, str]:
    return row["time_us"], row.get("sequence") or 0, row.get("event_id") or ""


def _in_window(touch: Row, conversion: Row, windows: Mapping[str, float | None]) -> bool:
    days = windows[touch["kind"]]
    age = timedelta(microseconds=conversion["time_us"] - touch["time_us"])
    return days is not None and timedelta(0) <= age <= timedelta(days=days)


def _direct_rule(window: list[Row]) -> list[Row]:
    others = [touch for touch in window if not _is_direct(touch)]
    return others or window


def _is_direct(touch: Row) -> bool:
    return bool(touch.get("direct", touch["channel"] == "direct"))


def _weights(
    path: list[Row],
    conversion: Row,
    model: str,
    half_life_days: float,
    parts: tuple[float, float, float] | None,
) -> list[float]:
    n = len(path)
    if model in {"first", "last", "last_priority", "same_touch"}:
        winner = _winner(path, conversion, model)
        return [1.0 if i == winner else 0.0 for i in range(n)]
    if model == "participation":
        return [1.0] * n
    if model == "linear":
        raw = [1.0] * n
    elif model == "time_decay":
        ages = [(conversion["time_us"] - touch["time_us"]) / DAY_US for touch in path]
        raw = [2.0 ** (-age / half_life_days) for age in ages]
    else:
        raw = _by_place(n, *(parts or ENDS[model]))
    return [weight / sum(raw) for weight in raw]


def _by_place(n: int, first: float, middle: float, last: float) -> list[float]:
    if n < 2:
        return [1.0] * n
    if n == 2:
        return [first, last] if first + last else [1.0, 1.0]
    return [first] + [middle / (n - 2)] * (n - 2) + [last]


def _winner(path: list[Row], conversion: Row, model: str) -> int | None:
    places = list(range(len(path)))
    if model == "first":
        return places[0] if places else None
    if model == "same_touch":
        session = conversion.get("session")
        places = [i for i in places if session is not None and path[i].get("session") == session]
    if model == "last_priority" and places:
        top = max(RANK[path[i]["kind"]] for i in places)
        places = [i for i in places if RANK[path[i]["kind"]] == top]
    return places[-1] if places else None
