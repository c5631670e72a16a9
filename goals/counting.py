"""The question that goals' definitions put to the lake, as one SQL statement with its values and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from goals.conditions import Compiled, compile_rules, names_asked
from goals.definition import Definition
from goals.models import Counting, ValueRule
from goals.statements import GOAL, Finding, Statement
from workspaces.zones import days_between, start_of

INSTANT = pa.timestamp("us", tz="UTC")

# What `find` answers with: one row a conversion, by (time, sequence, event_id). Several goals' are asked for together,
# one goal's after the other's, with the goal's place among them in the column GOAL.
CONVERSIONS = pa.schema(
    [
        ("event_id", pa.string()),
        ("source_id", pa.int64()),
        ("person_id", pa.string()),
        ("session_id", pa.string()),  # ours; null for an event outside of every session, such as ad_click
        ("session_day", pa.date32()),  # the local day that the session began on
        ("time", INSTANT),
        ("sequence", pa.int64()),  # 0 where the client sent none
        ("day", pa.date32()),  # of the workspace's calendar
        ("value_micros", pa.int64()),  # gross; 0 where there is no value
        ("refund_micros", pa.int64()),  # what came back of it, <= 0, whenever it did
        ("currency", pa.string()),  # of both; null where there is no value
        ("transaction_id", pa.string()),
    ]
)

_GOALS = pa.schema(
    [
        (GOAL, pa.int32()),
        ("counting_us", pa.int64()),
        ("value_rule", pa.string()),
        ("value_micros", pa.int64()),
        ("currency", pa.string()),
    ]
)
_DAYS = pa.schema([("day", pa.date32()), ("since", INSTANT), ("until", INSTANT)])
_UTC_DAYS = _DAYS.append(pa.field("utc_day", pa.date32()))
_SQL = Path(__file__).parent / "sql"
_ONCE = (_SQL / "conversions.once.sql").read_text()
_COUNTED = (_SQL / "conversions.counted.sql").read_text()
_FIND = (_SQL / "conversions.find.sql").read_text()
_SEATED = (_SQL / "conversions.seated.sql").read_text().rstrip()
# A number of another type than the hash's own would make it one of 128 bits, which is divided ten times as slowly.
_SHARE = "($shares = 1 or hash(person_id) % $shares::ubigint = $share::ubigint)"
_DATED = (_SQL / "conversions.dated.sql").read_text()
_HITS = (_SQL / "conversions.hits.sql").read_text()
_MOMENTS = (_SQL / "conversions.moments.sql").read_text()
# Of events of one transaction at one time the id says which is first.
_TELLING = "case when transaction_id is not null then event_id end as event_id"
# What `hits` keeps of an event beside which goals' rules it meets.
_HIT = f"source_id, person_id, time, day, refund, transaction_id, {_TELLING}"
# The first of each key: places are in the order of time (conversions.once.sql).
_FIRST = "select min(place) as place"
_SINCE = "select * from {once} where time >= $since"
_DAY_US = 86_400_000_000
_EVER = datetime(1, 1, 2, tzinfo=UTC)  # before every event; the day after the first, so that zones can be left behind

# What each counting makes of its goals' events that are left after transactions were counted once: by person, and by
# session.
_PERSONS: Mapping[Counting, str] = MappingProxyType(
    {
        Counting.EVERY: _SINCE,
        Counting.SESSION: "select * from {once}",
        Counting.PERSON: f"{_SINCE} and place in ({_FIRST} from {{once}} group by goal, person_id)",
        Counting.PERSON_WINDOW: (_SQL / "conversions.spaced.sql").read_text(),
    }
)
_EACH = "select place, session_id, session_day from {seated}"
# An event outside of every session is a visit of its own.
_VISIT = "from {seated} group by goal, coalesce(visit, -place)"
_BY_SESSION = f"{_FIRST}, any_value(session_id) as session_id, any_value(session_day) as session_day {_VISIT}"
_SEATS: Mapping[Counting, str] = MappingProxyType(dict.fromkeys(Counting, _EACH) | {Counting.SESSION: _BY_SESSION})
# Who and when alone: of a visit the earliest time says it, and sessions are looked up where they are counted.
_MOMENTS_OF_EACH = "moments as (select person_id, time from persons)"
_MOMENTS_OF_VISITS = (
    f"{_SEATED.replace('{share}', 'true')},\n\nmoments as (select any_value(person_id) as person_id, min(time) as time"
    f" {_VISIT.replace('{seated}', 'seated')})"
)
# Those that look at a person's whole past; the others need no event before the range and the visits that cross into it.
LOOKS_BACK = frozenset({Counting.PERSON, Counting.PERSON_WINDOW})


@dataclass(frozen=True, slots=True)
class _Columns:
    """What `once` reads of an event beside who, where and when, what it keeps of it all, and in which order."""

    read: str
    kept: str
    ordered: str


_WHOLE = _Columns(
    read="event_id, coalesce(sequence, 0) as sequence, value_micros, currency",
    kept="*",
    ordered="order by time, sequence, event_id",
)
# For who and when alone, where rows should be narrow: what does not fit into memory is written to disk.
_NARROW = _Columns(read=_TELLING, kept="goal, source_id, person_id, time, utc_day", ordered="")
# The first of a person's and the next that counts: events of one time say the same.
_NARROW_IN_TIME = replace(_NARROW, ordered="order by time")


def conversions_of(
    definitions: Sequence[Definition],
    *,
    since: date,
    until: date,
    zone: ZoneInfo,
    sources: Mapping[str, int],
    reach: datetime | None = None,
) -> Finding:
    """Ask for the conversions on the local days [since, until).

    sources   short name to id, of the workspace's sources
    reach     no earlier event is in a session with one of the range; None, or a counting that looks back further:
              all history is read
    """
    bounds = _bounds(_earliest(definitions, reach), start_of(until, zone))
    begin, goals = {"since": start_of(since, zone)}, {"goals": _goal_table(definitions)}
    persons = _by_counting(definitions, _PERSONS, "once", of="own")
    counted = _COUNTED.format(
        share=_SHARE,
        persons=persons,
        seated=_SEATED.replace("{share}", _SHARE),
        each=_by_counting(definitions, _SEATS, "seated"),
    )
    seating = {"reach": bounds["reach"], "until": bounds["until"]}
    are_valued = any(each.value_rule is ValueRule.EVENT for each in definitions)
    return Finding(
        once=_once(definitions, sources, bounds, _WHOLE),
        counted=Statement(counted, seating | (begin if "$since" in persons else {}), goals),
        found=Statement(_FIND, begin | {"are_valued": are_valued}, goals | {"days": utc_day_table(since, until, zone)}),
    )


def parts_of(found: pa.Table, definitions: int) -> list[pa.Table]:
    """Part what `conversions_of` finds of so many definitions into the conversions of each."""
    bounds = np.searchsorted(found.column(GOAL).to_numpy(), np.arange(definitions + 1))
    conversions = found.drop_columns([GOAL])
    return [conversions.slice(begin, end - begin) for begin, end in pairwise(bounds.tolist())]


def dated_of(
    definition: Definition,
    *,
    since: date,
    until: date,
    zone: ZoneInfo,
    sources: Mapping[str, int],
    reach: datetime,
    flag: str | None = None,
) -> Statement:
    """Ask who made the conversions of `conversions_of` when: person_id, time, day.

    flag   the column of the table `hits` that marks all events of that reach that meet the rules (`hits_of`);
           None: the files are read
    """
    bounds = _bounds(_earliest([definition], reach), start_of(until, zone))
    by_session = definition.counting is Counting.SESSION
    moments = _MOMENTS_OF_VISITS if by_session else _MOMENTS_OF_EACH
    seating = {"reach": bounds["reach"], "until": bounds["until"]} if by_session else {}
    return Statement(
        _DATED.format(persons=_by_counting([definition], _PERSONS, "once"), moments=moments),
        seating | {"since": start_of(since, zone)},
        {"days": utc_day_table(since, until, zone), "goals": _goal_table([definition])},
        before=_once([definition], sources, bounds, _narrow(definition), flag=flag),
    )


def hits_of(
    flags: Mapping[str, Definition], *, until: datetime, sources: Mapping[str, int], reach: datetime
) -> Statement:
    """Gather what several definitions may count in one reading of the files, as the connection's table `hits`.

    flags   the definitions by the columns that mark which events meet them; none may look back further than
    reach   as for `dated_of`
    """
    asked = names_asked([rule for each in flags.values() for rule in each.rules]) or ()
    names: dict[str, object] = {f"name_{n}": name for n, name in enumerate(sorted(asked))}
    compiled = {flag: compile_rules(each.rules, sources=sources, prefix=flag) for flag, each in flags.items()}
    sql = _HITS.format(
        columns=_HIT,
        flags=", ".join(f"coalesce({rules.sql}, false) as {flag}" for flag, rules in compiled.items()),
        any=" or ".join(compiled),
        named=f"and name in ({', '.join(f'${key}' for key in names)})" if names else "",
    )
    params = _bounds(reach, until) | names
    for each in compiled.values():
        params |= each.params
    return Statement(sql, params)


def moments_of(
    definition: Definition,
    *,
    since: datetime,
    until: datetime,
    sources: Mapping[str, int],
    reach: datetime,
    flag: str | None = None,
) -> Statement:
    """Ask who reached the goal when in [since, until): person_id, time; a session with several counts each."""
    bounds = _bounds(_earliest([definition], reach), until)
    return Statement(
        _MOMENTS.replace("{persons}", _by_counting([definition], _PERSONS, "once")),
        {"since": since, "until": until},
        {"goals": _goal_table([definition])},
        before=_once([definition], sources, bounds, _narrow(definition), flag=flag),
    )


def _by_counting(
    definitions: Sequence[Definition], parts: Mapping[Counting, str], rows: str, *, of: str | None = None
) -> str:
    """Give one select for each counting there is, of its goals' `rows` alone; `of` is where they stand."""
    table = of or rows
    goals = {each: [n for n, one in enumerate(definitions) if one.counting is each] for each in Counting}
    return "\n  union all by name\n".join(
        parts[counting].replace(f"{{{rows}}}", table if len(mine) == len(definitions) else _of(mine, table))
        for counting, mine in goals.items()
        if mine
    )


def _of(goals: Sequence[int], rows: str) -> str:
    return f"(from {rows} where goal in ({', '.join(map(str, goals))})) as {rows}"


def _narrow(definition: Definition) -> _Columns:
    return _NARROW_IN_TIME if definition.counting in LOOKS_BACK else _NARROW


def _once(
    definitions: Sequence[Definition],
    sources: Mapping[str, int],
    bounds: dict[str, object],
    columns: _Columns,
    *,
    flag: str | None = None,
) -> Statement:
    compiled = [compile_rules(each.rules, sources=sources, prefix=f"goal_{n}") for n, each in enumerate(definitions)]
    rules = " or ".join(each.sql for each in compiled)
    parts = {
        "goal": _met(compiled),
        "columns": columns.read,
        "kept": columns.kept,
        "ordered": columns.ordered,
        "events": "hits" if flag else "person_events",
        "meets": flag or f"({rules})",
        "rules": f"({rules})",
    }
    params = {name: value for each in compiled for name, value in each.params.items()}
    return Statement(_ONCE.format(**parts), params | bounds)


def _met(rules: Sequence[Compiled]) -> str:
    """Give the places of those rules that an event meets, a row each; it meets some."""
    if len(rules) == 1:
        return "0"
    met = ", ".join(f"case when {each.sql} then {n} end" for n, each in enumerate(rules))
    return f"unnest(list_filter([{met}], lambda goal: goal is not null))"


def _earliest(definitions: Sequence[Definition], reach: datetime | None) -> datetime:
    return _EVER if reach is None or any(each.counting in LOOKS_BACK for each in definitions) else reach


def _bounds(reach: datetime, until: datetime) -> dict[str, object]:
    return {"reach": reach, "until": until, "reach_day": reach.date(), "until_day": until.date()}


def _goal_table(definitions: Sequence[Definition]) -> pa.Table:
    rows = [
        (n, each.counting_days * _DAY_US, each.value_rule.value, each.value_micros, each.currency or None)
        for n, each in enumerate(definitions)
    ]
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=_GOALS)


def day_table(since: date, until: date, zone: ZoneInfo) -> pa.Table:
    """Give the local days of [since, until) with their bounds: day, since, until; days that never were left out."""
    days = [day for day in days_between(since, until, zone) if day.since < day.until]
    return pa.table([[day.day for day in days], [day.since for day in days], [day.until for day in days]], schema=_DAYS)


@lru_cache(maxsize=16)
def utc_day_table(since: date, until: date, zone: ZoneInfo) -> pa.Table:
    """Give the local days of [since, until) once for each UTC day that they lie in: day, since, until, utc_day."""
    rows = [
        (day.day, day.since, day.until, utc_day)
        for day in days_between(since, until, zone)
        for utc_day in _utc_days(day.since, day.until)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _UTC_DAYS]
    return pa.table(columns, schema=_UTC_DAYS)


def _utc_days(since: datetime, until: datetime) -> list[date]:
    if until <= since:
        return []  # a day that the zone skipped
    first, last = since.date(), (until - timedelta(microseconds=1)).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
