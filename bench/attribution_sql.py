"""The same credits by SQL written by hand for DuckDB: `linear` and `last` alone, and all ten closed-form models."""

from pathlib import Path

import duckdb
import numpy as np

from analysis.attribution.models import MODELS
from bench.attribution_events import CHANNELS, DAY_US, DAYS, START_US

NAMES = [name for name, model in MODELS.items() if model.is_complete]
Row = tuple[int, int | None, *tuple[float | None, ...]]  # day, channel, then conversions and value of each model

ELIGIBLE = """
with touches as (select * from read_parquet('{path}') where kind is not null),
sales as (
    select row_number() over () as sale, person, time_us, session, value, (time_us - {start}) // {day_us} as day
    from read_parquet('{path}') where kind is null
),
eligible as (
    select s.sale, s.day, s.value, t.channel, t.kind, t.time_us, s.time_us - t.time_us as age_us,
        t.channel = 0 as direct, t.session = s.session as here
    from sales s join touches t on t.person = s.person and t.time_us <= s.time_us
    and s.time_us - t.time_us <= case t.kind when 0 then {day_us} else 30 * {day_us} end
),
"""

TWO = """
marked as (select *, bool_and(direct) over (partition by sale) as all_direct from eligible),
path as (
    select *, count(*) over (partition by sale) as touches,
        row_number() over (partition by sale order by time_us desc) as from_end
    from marked where not direct or all_direct
),
credited as (
    select day, channel, sum(1.0::double / touches) as linear, sum(value::double / touches) as linear_value,
        sum((from_end = 1)::int) as last, sum(case when from_end = 1 then value end)::double as last_value
    from path group by all
),
none as (select day, count(*) as n, sum(value) as value from sales anti join path using (sale) group by all)
select * from credited union all select day, null, n, value, n, value from none
"""

# Of two forms the faster one: what is asked of a whole path is grouped and joined, windows took a third more.
ALL = """
direct_only as (select sale, bool_and(direct) as all_direct from eligible group by sale),
kept as (
    select eligible.*, pow(2, -age_us / (7.0 * {day_us})) as decay from eligible join direct_only using (sale)
    where not direct or all_direct
),
whole as (
    select sale, count(*) as n, min(time_us) as first_at, max(time_us) as last_at, sum(decay) as decays,
        max(kind * {weightier} + time_us) as weightiest, max(case when here then time_us end) as here_at
    from kept group by sale
),
path as (
    select kept.*, n, decays, here_at, case time_us when first_at then 1 when last_at then n else 2 end as place,
        kind * {weightier} + time_us = weightiest as is_weightiest
    from kept join whole using (sale)
),
shares as (
    select sale, day, channel, value, (place = 1)::int as first, (place = n)::int as last,
        is_weightiest::int as last_priority, coalesce(time_us = here_at, false)::int as same_touch,
        1.0::double / n as linear, decay / decays as time_decay,
        case when n = 1 then 1 when n = 2 then 0.5
            when place in (1, n) then 0.4 else 0.2::double / (n - 2) end as position,
        case when n = 1 then 1 when n = 2 then if(place = 1, 0.25, 0.75)
            when place = 1 then 0.2 when place = n then 0.6 else 0.2::double / (n - 2) end as j_curve,
        case when n = 1 then 1 when n = 2 then if(place = 1, 0.75, 0.25)
            when place = 1 then 0.6 when place = n then 0.2 else 0.2::double / (n - 2) end as inverse_j
    from path
),
by_channel as (
    select sale, day, channel, any_value(value)::double as value, {sums}, 1 as participation
    from shares group by sale, day, channel
),
credited as (select day, channel, {credits} from by_channel group by day, channel),
nowhere as (select day, value from sales anti join path using (sale)),
elsewhere as (select day, value from sales anti join (select sale from path where here_at is not null) using (sale)),
none as (select day, null, {none} from nowhere group by day),
none_here as (select day, null, {none_here} from elsewhere group by day)
select * from credited union all select * from none union all select * from none_here
"""


def ask(query: str, path: Path) -> list[Row]:
    """Run one of the two on one thread."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set enable_progress_bar = false")
    whole, nothing = "count(*), sum(value)::double", "0, 0"
    asked = (ELIGIBLE + query).format(
        path=path,
        start=START_US,
        day_us=DAY_US,
        weightier=1 << 52,  # above every time
        sums=", ".join(f"sum({name})::double as {name}" for name in NAMES if name != "participation"),
        credits=", ".join(f"sum({name}), sum({name} * value)" for name in NAMES),
        none=", ".join(nothing if name == "same_touch" else whole for name in NAMES),
        none_here=", ".join(whole if name == "same_touch" else nothing for name in NAMES),
    )
    return connection.sql(asked).fetchall()


def tables(rows: list[Row]) -> dict[str, np.ndarray]:
    """Give the rows of ALL in the shape of Credits: float64[conversions or value, days, channels + 1] by model."""
    found = np.zeros((len(NAMES), 2, DAYS, CHANNELS + 1))
    for day, channel, *figures in rows:
        cells = np.array([figure or 0.0 for figure in figures]).reshape(-1, 2)
        found[:, :, day, CHANNELS if channel is None else channel] += cells
    return dict(zip(NAMES, found, strict=True))
