-- Persons of each local day by the days since their previous one, and the sessions that began on it.
with shown as (
  select person_id, day, started_at, ended_at, events, pageviews
  from sessions
  where day >= $horizon  -- a person's previous day may lie a whole longest range back
),

-- A session that goes on over midnight is a visit of both days: who converts after midnight has been seen that day.
person_days as (
  select person_id, day from shown
  union
  select shown.person_id, later.day
  from shown
  join days as own on own.day = shown.day and shown.ended_at >= own.until
  join days as later on later.day > shown.day and later.since <= shown.ended_at
),

spaced as (
  select day, day - lag(day) over (partition by person_id order by day) as gap
  from person_days
),

persons as (
  select day, case when gap <= $longest then gap else 0 end::integer as gap, count(*) as persons
  from spaced
  where day >= $since
  group by all
),

by_gap as (
  select day, list(gap order by gap) as gaps, list(persons order by gap) as persons
  from persons
  group by day
),

began as (
  select day, count(*) as sessions, sum(pageviews)::bigint as pageviews, sum(events)::bigint as events
  from shown
  where day >= $since
  group by day
)

select
  by_gap.day,
  coalesce(began.sessions, 0) as sessions,
  coalesce(began.pageviews, 0) as pageviews,
  coalesce(began.events, 0) as events,
  by_gap.gaps,
  by_gap.persons
from by_gap
left join began using (day)
order by by_gap.day
