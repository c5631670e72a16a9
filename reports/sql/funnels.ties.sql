-- The same of those moments at which one person did several things: which came first is said by the client's sequence,
-- and then by the event's id, which are not worth reading for all.
select
  hash(person_id) as person,
  source_id,
  epoch_us(time) as time_us,
  ({meets})::uinteger as meets
from person_events
where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
  and {kept}
  and (hash(person_id), epoch_us(time)) in (select (person, time_us) from ties)
order by person, time_us, coalesce(sequence, 0), event_id
