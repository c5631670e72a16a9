-- How many persons each cohort has, and how many of them did so many periods later what is counted. `joined` is when each
-- person did it first, in all time; `moments` is when anybody did what is counted. Periods are numbered by local time, the
-- first cohort's is 0. A person is in one cohort, and counts once in a cell.
-- reports.cohorts.reading puts the parts in, with bound values.
with joined as (
{joined}
),

cohorts as materialized (
  select person, joined_us, is_daily, {period_joined} as cohort
  from joined
  where joined_us >= $since_us and joined_us < $until_us and {belongs}
),

moments as (
{moments}
),

-- A session that goes on past midnight lies in two periods.
done as (
  select
    cohorts.person,
    cohorts.cohort,
    unnest(range(({period_begun})::bigint, ({period_ended})::bigint + 1)) - cohorts.cohort as later
  from moments
  join cohorts on moments.person = cohorts.person and begun_us {after} joined_us
  where {counts}
),

counted as (
  {counted}
)

select cohort, null as later, count(*) as persons, count(*) filter (where is_daily) as daily
from cohorts
group by cohort
union all
select cohort, later, count(*), null
from counted
where later <= $latest
group by cohort, later
