-- What counts of a goal on the days given. `once` holds the events that meet its rules (conversions.once.sql);
-- goals.counting puts in what the goal's counting makes of them, from a list there: `persons` for countings by person,
-- so that sessions are looked up for what is left, and `each` for the one by session.
with persons as (
  {persons}
),

-- Once for each UTC day that the session lies in. Thirty minutes part a person's sessions, so that a day has 48 of one
-- person at most: the join below stays quick for a "person" who is a robot, and needs no sorting.
visits as (
  select *, unnest(generate_series(started_at::date, ended_at::date, interval 1 day))::date as utc_day
  from (
    -- A number takes a tenth of an id's room where visits are told apart below.
    select row_number() over () as visit, source_id, person_id, session_id, started_at, ended_at
    from sessions
    where ended_at >= $reach and started_at < $until
  )
),

-- The session that an event lies in. Numbers go through the join in place of whole rows.
seated as (
  select lines.place, visits.visit, visits.session_id
  from (select place, source_id, person_id, time, utc_day from persons) as lines
  left join visits
    on lines.source_id = visits.source_id
    and lines.person_id = visits.person_id
    and lines.utc_day = visits.utc_day
    and lines.time between visits.started_at and visits.ended_at
),

counted as (
  {each}
)
