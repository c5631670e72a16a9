-- The visits that lie in the range at least in part: who counts as a visitor of it. Those that began in it are its
-- sessions. A person and a session are numbers here, which are kept and compared in a fifth of the time of their texts.
-- reports.explore.reading puts in what is asked of them: columns of the visit, of its first event, and its local time.
create temporary table found as
select *
from (
  select
    hash(sessions.person_id) as person,
    started_at >= $since as began,
    sessions.events,
    sessions.pageviews,
    epoch_us(ended_at) - epoch_us(started_at) as lasted
    {columns}
  from sessions
  {first}
  -- No visit of a person goes on for a week.
  where started_at < $until and ended_at >= $since and sessions.day >= $since_day and sessions.day < $until_day
)
where {conditions}
