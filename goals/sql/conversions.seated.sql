-- The session that an event of `persons` lies in: two steps of a larger statement.
-- Once for each UTC day that the session lies in. Thirty minutes part a person's sessions, so that a day has 48 of one
-- person at most: the join below stays quick for a "person" who is a robot, and needs no sorting.
visits as (
  select *, unnest(generate_series(started_at::date, ended_at::date, interval 1 day))::date as utc_day
  from (
    -- A number takes a tenth of an id's room where visits are told apart.
    select row_number() over () as visit, source_id, person_id, session_id, day as session_day, started_at, ended_at
    from sessions
    where ended_at >= $reach and started_at < $until and {share}
  )
),

seated as (
  select lines.goal, lines.place, lines.person_id, lines.time, visits.visit, visits.session_id, visits.session_day
  from (select goal, place, source_id, person_id, time, utc_day from persons) as lines
  left join visits
    on lines.source_id = visits.source_id
    and lines.person_id = visits.person_id
    and lines.utc_day = visits.utc_day
    and lines.time between visits.started_at and visits.ended_at
)
