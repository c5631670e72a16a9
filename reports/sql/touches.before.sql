-- The touches of persons who converted, from the longest window before their first conversion on: what `paths` is
-- made of. The order is the one of every path (time, the client's sequence, event id), so it is the same whatever
-- order the events arrived in.
select
  person_id,
  event_id,
  session_id,
  time,
  kind,
  channel,
  source,
  medium,
  campaign,
  content,
  term,
  landing_path,
  paid,
  direct
from touches
where
  day between $since and $until
  and person_id in (select person_id from converters)
order by person_id, time, sequence, event_id, source_id
