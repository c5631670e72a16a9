-- The touches of one bucket of the persons who did not reach the goal on some days, from the longest window before
-- these days on; in the order of every path. `inside` are those of the days themselves: a journey ends with one.
select
  person_id,
  epoch_us(time) as time_us,
  kind,
  direct,
  day >= $since as inside,
  coalesce({column}, $not_set) as key
from touches
where
  day >= $reach and day < $until
  and hash(person_id) % $buckets::ubigint = $bucket::ubigint
  and person_id not in (select person_id from paths where day >= $since and day < $until)
order by person_id, time, sequence, event_id, source_id
