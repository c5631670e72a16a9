"""What a definition would have counted: shown beside the goal's form while it is being written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from goals.conditions import compile_rules
from goals.conversions import Lake, opened
from goals.definition import Definition
from goals.statements import Statement
from workspaces.models import Workspace
from workspaces.zones import day_of

RANGES: Final = (28, 90)  # days; whole weeks first, a season second
_SAMPLES = (Path(__file__).parent / "sql" / "preview.samples.sql").read_text()


@dataclass(frozen=True, slots=True)
class Sample:
    """One event that would count."""

    time: datetime
    name: str
    path: str | None
    title: str | None
    value_micros: int | None
    currency: str | None
    device: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The conversions of the whole local days [since, until).

    converters     persons with a conversion; `visitors` persons with any event: the rate is the first of the second
    daily          conversions of each day, oldest first
    value_micros   by currency; two currencies are never added
    """

    since: date
    until: date
    conversions: int
    converters: int
    visitors: int
    sessions: int
    daily: tuple[int, ...]
    value_micros: dict[str, int]
    samples: tuple[Sample, ...]

    @property
    def days(self) -> int:
        """Give the length of the range."""
        return (self.until - self.since).days

    @property
    def rate(self) -> float | None:
        """Give the share of visitors who converted; None without visitors: no rate, not zero."""
        return self.converters / self.visitors if self.visitors else None


def preview(workspace: Workspace, definition: Definition, *, days: int = RANGES[0], now: datetime) -> Preview:
    """Count the definition over the last whole days, up to yesterday; today is not over."""
    until = day_of(now, workspace.zone)
    since = until - timedelta(days=days)
    with opened(workspace, since, until) as lake:
        visits = lake.visits()
        found = lake.conversions(definition, reach=visits.reach)
        samples = _samples(lake, definition) if found.num_rows else ()
    return Preview(
        since=since,
        until=until,
        conversions=found.num_rows,
        converters=pc.count_distinct(found["person_id"]).as_py(),
        visitors=visits.visitors,
        sessions=visits.sessions,
        daily=_daily(found, since, days),
        value_micros=_values(found),
        samples=samples,
    )


def _daily(found: pa.Table, since: date, days: int) -> tuple[int, ...]:
    counts = {row["values"]: row["counts"] for row in pc.value_counts(found["day"]).to_pylist()}
    return tuple(counts.get(since + timedelta(days=n), 0) for n in range(days))


def _values(found: pa.Table) -> dict[str, int]:
    sums = found.group_by("currency").aggregate([("value_micros", "sum")]).to_pylist()
    return {row["currency"]: row["value_micros_sum"] for row in sums if row["currency"]}


def _samples(lake: Lake, definition: Definition) -> tuple[Sample, ...]:
    rules = compile_rules(definition.rules, sources=lake.sources)
    asked = Statement(_SAMPLES.replace("{rules}", rules.sql), rules.params | lake.bounds(), {})
    return tuple(Sample(**row) for row in lake.ask(asked).to_pylist())
