-- Visitors: persons with an event in the range, so that nobody can convert without being among them. A session that
-- spans midnight has events on both sides. Sessions: those that began in the range. Reach: the start of the earliest
-- session with an event in the range.
select
  count(distinct person_id) as visitors,
  count(*) filter (where started_at >= $since) as sessions,
  least(min(started_at), $since) as reach
from sessions
where started_at < $until and ended_at >= $since
