"""Touches and conversions as plain rows, and the same rows as the arrays of the product."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.attribution.credit import NONE, Credits, tally
from analysis.attribution.models import attribute
from analysis.journeys import Conversions, Journeys, Touches, in_order, journeys_of
from analysis.windows import KIND_NAMES, Windows

Row = dict[str, Any]
DAY_US = 24 * 60 * 60 * 1_000_000
START_US = 1_735_689_600_000_000  # 1 January 2025, UTC


def at(days: float) -> int:
    """Give the time so many days into 2025, in microseconds."""
    return START_US + round(days * DAY_US)


def make_touch(channel: str = "email", *, day: float, person: int = 1, kind: str = "click", **more: Any) -> Row:
    """Make a touch; direct and paid follow from the channel unless said otherwise."""
    row = {"person": person, "time_us": at(day), "kind": kind, "channel": channel, "session": None}
    return row | {"direct": channel == "direct", "paid": channel.startswith("paid")} | more


def make_conversion(*, day: float, person: int = 1, value: float = 0, **more: Any) -> Row:
    """Make a conversion."""
    return {"person": person, "time_us": at(day), "value": value, "session": None} | more


def column(rows: Sequence[Row], name: str, dtype: Any, default: Any = 0) -> Any:
    """Give one column of rows as an array."""
    values = [row.get(name) for row in rows]
    return np.array([default if value is None else value for value in values], dtype=dtype)


def sort(rows: Sequence[Row]) -> list[Row]:
    """Put rows into the order that the product asks for."""
    order = in_order(
        column(rows, "person", np.int64),
        column(rows, "time_us", np.int64),
        sequence=column(rows, "sequence", np.int64),
        event_id=column(rows, "event_id", object, ""),
    )
    return [rows[i] for i in order]


def arrays_of(touches: Sequence[Row], conversions: Sequence[Row]) -> tuple[Touches, Conversions]:
    """Give sorted rows as arrays."""
    return (
        Touches(
            person=column(touches, "person", np.int64),
            time_us=column(touches, "time_us", np.int64),
            kind=np.array([KIND_NAMES.index(row["kind"]) for row in touches], dtype=np.int8),
            direct=column(touches, "direct", np.bool_),
            paid=column(touches, "paid", np.bool_),
            session=column(touches, "session", np.int64, -1),
        ),
        Conversions(
            person=column(conversions, "person", np.int64),
            time_us=column(conversions, "time_us", np.int64),
            session=column(conversions, "session", np.int64, -1),
        ),
    )


def journeys_from(touches: Sequence[Row], conversions: Sequence[Row]) -> Journeys:
    """Sort and join rows."""
    return journeys_of(*arrays_of(sort(touches), sort(conversions)))


def windows_of(days: Mapping[str, float | None]) -> Windows:
    """Give the oracle's windows as the product's."""
    return Windows(view_days=days["view"], engagement_days=days["engagement"], click_days=days["click"])


def credited(
    touches: Sequence[Row], conversions: Sequence[Row], amount: str | None = None, **settings: Any
) -> dict[str, float]:
    """Give the credit per channel, as the oracle does, by the product's arrays."""
    touches, conversions = sort(touches), sort(conversions)
    journeys = journeys_of(*arrays_of(touches, conversions))
    names = sorted({row["channel"] for row in touches})
    codes = np.array([names.index(row["channel"]) for row in touches], dtype=np.int64)
    table = tally(
        attribute(journeys, **settings),
        keys=codes[journeys.touch],
        n_keys=len(names),
        value=None if amount is None else column(conversions, amount, np.float64),
    )
    return named(table, names, amount)


def named(table: Credits, names: Sequence[str], amount: str | None = None) -> dict[str, float]:
    """Give a table of one group as a dict of what is not zero."""
    figures = (table.conversions if amount is None else table.value)[0]
    return {name: float(figure) for name, figure in zip([*names, NONE], figures, strict=True) if figure}
