"""Reads how many persons each cohort has, and how many of them did what is counted how much later: one statement.

Whatever people sent or typed is bound. What stands in the statement is our own.
"""

# ruff: noqa: S608  # see above

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from duckdb import DuckDBPyConnection as Connection

from reports.explore.clock import Clock
from reports.explore.metrics import Counted
from tracking.event import COOKIELESS_PREFIX
from tracking.times import us_of

_SQL = Path(__file__).parent.parent / "sql"
CELLS, SEEN, REACHED, BACK, AGAIN, CHANNEL = (
    (_SQL / f"cohorts.{name}.sql").read_text() for name in ("cells", "seen", "reached", "back", "again", "channel")
)
# The number of the period that a local time lies in; the one that begins on $first has 0.
NUMBERED: Mapping[str, str] = MappingProxyType(
    {
        "day": "{local}::date - $first::date",
        "week": "({local}::date - $first::date) // 7",
        "month": "date_diff('month', $first::date, {local}::date)",
    }
)
# Up to each period everybody counts once, in the period in which they did it first.
WITHIN = "select distinct person, cohort, later from done"
UP_TO = "select person, any_value(cohort) as cohort, min(later) as later from done group by person"
CHANNELS = "select distinct channel from sessions where channel is not null order by channel"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is read.

    first          the first day of the first period
    since, until   the instants between which persons joined
    ends           the end of the last period that is counted
    joined         the goal whose first conversion makes one join; None: the first session
    did            the goal that is counted; None: a later session
    later          so many periods after a cohort's own are counted
    only           the table of the persons that alone count; "" for all
    channel        of the first session; "" for any
    is_lasting     visitors of one day have no part
    """

    every: str
    first: date
    since: datetime
    until: datetime
    ends: datetime
    clock: Clock
    joined: Counted | None
    did: Counted | None
    later: int
    is_cumulative: bool
    only: str = ""
    channel: str = ""
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found, by the number of a cohort.

    persons   all of a cohort; `daily` those of them who are visitors of one day
    done      by cohort and periods later: who did it in that period; where it is cumulative, who did it first there
    """

    persons: Mapping[int, int]
    daily: Mapping[int, int]
    done: Mapping[tuple[int, int], int]


def read(lake: Connection, asking: Asking) -> Counts:
    """Count; the connection has the views of the goals' paths, and the table of the segment's persons."""
    rows = lake.execute(_statement(asking), _params(asking)).fetchall()
    sizes = [row for row in rows if row[1] is None]
    return Counts(
        persons={cohort: persons for cohort, _later, persons, _daily in sizes},
        daily={cohort: daily for cohort, _later, _persons, daily in sizes},
        done={(cohort, later): persons for cohort, later, persons, _daily in rows if later is not None},
    )


def channels(lake: Connection) -> tuple[str, ...]:
    """Give the channels that sessions came by."""
    return tuple(row[0] for row in lake.execute(CHANNELS).fetchall())


def _statement(asking: Asking) -> str:
    belongs = [f"person in (select person from {asking.only})"] if asking.only else []
    if asking.channel:
        belongs.append(CHANNEL)
    # The conversion by which one joined is not another one.
    is_same = asking.joined == asking.did
    return CELLS.format(
        joined=REACHED.format(paths=_paths(asking.joined)) if asking.joined else SEEN,
        moments=AGAIN.format(paths=_paths(asking.did)) if asking.did else BACK,
        after=">" if asking.did is None or is_same else ">=",
        belongs=" and ".join(belongs) or "true",
        counts="not is_daily" if asking.is_lasting else "true",
        counted=UP_TO if asking.is_cumulative else WITHIN,
        **{f"period_{name}": _number(asking, f"{name}_us") for name in ("joined", "begun", "ended")},
    )


def _params(asking: Asking) -> dict[str, object]:
    return {
        "daily": COOKIELESS_PREFIX,
        "first": asking.first,
        "since": asking.since,
        "ends": asking.ends,
        "since_us": us_of(asking.since),
        "until_us": us_of(asking.until),
        "latest": asking.later,
        **({"channel": asking.channel} if asking.channel else {}),
    }


def _number(asking: Asking, us: str) -> str:
    return NUMBERED[asking.every].format(local=asking.clock.local(us))


def _paths(goal: Counted) -> str:
    return f"paths{goal.pk}"
