"""Counts persons for a macro goal's evidence: who did what before their landmark, and who reached the goal after it.

All of it is asked of one open state of the lake, whose days are the design's. What is read grows with the events;
what comes back is a table for each micro goal and candidate, with a row a stratum.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from analysis.evidence.grading import LEAST_PERSONS
from analysis.evidence.ratios import Counts, Strata
from goals.conditions import compile_rules
from goals.conversions import Lake
from goals.definition import Definition
from goals.statements import Statement
from reports.evidence.design import Design
from tracking.event import COOKIELESS_PREFIX
from tracking.uncounted import NOT_DONE

MOST_THINGS: Final = 500  # events and pages that are compared, those of the most persons
_SQL = Path(__file__).parent.parent / "sql"
_ENTERED = (_SQL / "evidence.entered.sql").read_text()
_COHORT = (_SQL / "evidence.cohort.sql").read_text()
_STRATA = (_SQL / "evidence.strata.sql").read_text()
_WITH = (_SQL / "evidence.with.sql").read_text()
_BEFORE = (_SQL / "evidence.before.sql").read_text()
_AFTER = (_SQL / "evidence.after.sql").read_text()
_OF_A_DAY = (_SQL / "evidence.of_a_day.sql").read_text()
_DONE = (_SQL / "evidence.done.sql").read_text()
_THINGS = (_SQL / "evidence.things.sql").read_text()
_MOMENTS = """create or replace temporary table {name} as
select * from (
{moments}
) where not starts_with(person_id, $of_a_day)"""
_PREFIX: Final[dict[str, object]] = {"of_a_day": COOKIELESS_PREFIX}


@dataclass(frozen=True, slots=True)
class Cohort:
    """The persons that are compared, by stratum.

    entered            persons whose first visit can be followed to the end
    of_a_day           visitors who are left out, since they are known for one day alone
    persons, reached   (strata,) of them who had not reached the macro goal by their landmark; who did after it
    """

    entered: int
    of_a_day: int
    persons: Counts
    reached: Counts
    design: Design
    reach: datetime


@dataclass(frozen=True, slots=True)
class EdgeCounts:
    """What is counted of one micro goal.

    conversions, preceded   of the macro goal; with the micro goal strictly before, within the days that are followed
    doers, followed         persons by their first time of the micro goal; who reached the macro goal in the days after
    """

    tables: Strata
    conversions: int
    preceded: int
    median_lag: timedelta | None
    doers: int
    followed: int


@dataclass(frozen=True, slots=True)
class Thing:
    """An event or page that no goal counts: "event:size_guide", "page:/sizes"."""

    name: str
    tables: Strata


def cohort_of(lake: Lake, macro: Definition, design: Design, *, reach: datetime) -> Cohort:
    """Keep the cohort and the macro goal's moments with the lake's connection, and count them.

    reach   as `lake.visits` gives it
    """
    _keep_moments(lake, "macro", macro, reach)
    days: dict[str, object] = {"landmark_days": design.landmark_days, "follow_days": design.follow_days}
    lake.run(Statement(_ENTERED, lake.bounds() | days | _PREFIX))
    lake.run(Statement(_COHORT))
    [entered] = lake.ask(Statement("select count(*) as persons from entered")).to_pylist()
    [left_out] = lake.ask(Statement(_OF_A_DAY, lake.bounds() | _PREFIX)).to_pylist()
    rows = lake.ask(Statement(_STRATA)).to_pylist()
    # Numbers of strata are those of all who entered; one whose persons all came early has none left.
    size = max((row["stratum"] for row in rows), default=0)
    persons, reached = _by_stratum(rows, size)
    return Cohort(entered["persons"], left_out["visitors"], persons, reached, design, reach)


def edge_of(lake: Lake, cohort: Cohort, micro: Definition) -> EdgeCounts:
    """Count one micro goal against the cohort."""
    _keep_moments(lake, "micro", micro, cohort.reach)
    follow: dict[str, object] = {"follow_days": cohort.design.follow_days}
    bounds, length = lake.bounds(), timedelta(days=cohort.design.follow_days)
    since, until = bounds["since"], bounds["until"]
    if not isinstance(since, datetime) or not isinstance(until, datetime):
        raise TypeError("the bounds of a lake are instants")
    [before] = lake.ask(Statement(_BEFORE, follow | {"looked_since": since + length})).to_pylist()
    [after] = lake.ask(Statement(_AFTER, follow | {"followable_until": until - length})).to_pylist()
    lag = before["lag_us"]
    return EdgeCounts(
        tables=_against(cohort, lake.ask(Statement(_WITH)).to_pylist()),
        conversions=before["conversions"],
        preceded=before["preceded"],
        median_lag=None if lag is None else timedelta(microseconds=round(lag)),
        doers=after["persons"],
        followed=after["followed"],
    )


def things_of(lake: Lake, cohort: Cohort, planned: Iterable[Definition]) -> list[Thing]:
    """Count the events and pages that no live goal counts; `planned` are the live goals' definitions."""
    compiled = [
        compile_rules(each.rules, sources=lake.sources, prefix=f"planned_{n}")
        for n, each in enumerate(dict.fromkeys(planned))
        if each.rules
    ]
    params = lake.bounds_of_files() | {"not_done": list(NOT_DONE)}
    for each in compiled:
        params |= each.params
    lake.run(Statement(_DONE.format(planned=" or ".join(each.sql for each in compiled) or "false"), params))
    rows = lake.ask(Statement(_THINGS, {"least": LEAST_PERSONS, "most": MOST_THINGS})).to_pylist()
    by_thing: dict[str, list[dict[str, int]]] = {}
    for row in rows:
        by_thing.setdefault(row["thing"], []).append(row)
    return [Thing(name, _against(cohort, mine)) for name, mine in by_thing.items()]


def _keep_moments(lake: Lake, name: str, definition: Definition, reach: datetime) -> None:
    asked = lake.moments(definition, reach=reach)
    sql = _MOMENTS.format(name=name, moments=asked.sql)
    lake.run(replace(asked, sql=sql, params={**asked.params, **_PREFIX}))


def _against(cohort: Cohort, rows: list[dict[str, int]]) -> Strata:
    with_it, reached_with = _by_stratum(rows, len(cohort.persons))
    return Strata(reached_with, with_it, cohort.reached - reached_with, cohort.persons - with_it)


def _by_stratum(rows: list[dict[str, int]], size: int) -> tuple[Counts, Counts]:
    persons, reached = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for row in rows:
        persons[row["stratum"] - 1], reached[row["stratum"] - 1] = row["persons"], row["reached"]
    return persons, reached
