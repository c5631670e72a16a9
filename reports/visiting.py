"""The workspace's visits by local day: the denominators of every rate."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from goals.conversions import Lake
from goals.statements import Statement
from reports.daily import VisitDay
from reports.extent import Extent
from reports.periods import LONGEST_DAYS
from reports.uniques import DayPersons
from workspaces.zones import days_between

DAYS = (Path(__file__).parent / "sql" / "visits.days.sql").read_text()


def days(lake: Lake, extent: Extent, *, since: date) -> dict[date, VisitDay]:
    """Sum the visits of the days [since, extent.until); days without visits are left out."""
    horizon = max(extent.first, since - timedelta(days=LONGEST_DAYS))
    bounds = days_between(horizon, extent.until, extent.zone)
    table = pa.table(
        {
            "day": pa.array([each.day for each in bounds], pa.date32()),
            "since": pa.array([each.since for each in bounds], pa.timestamp("us", tz="UTC")),
            "until": pa.array([each.until for each in bounds], pa.timestamp("us", tz="UTC")),
        }
    )
    params = {"horizon": horizon, "since": since, "longest": LONGEST_DAYS}
    found = lake.ask(Statement(DAYS, params, {"days": table}))
    return {
        row["day"]: VisitDay(
            row["sessions"], row["pageviews"], row["events"], DayPersons(tuple(row["gaps"]), tuple(row["persons"]))
        )
        for row in found.to_pylist()
    }
