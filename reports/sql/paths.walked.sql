-- The stored paths of some days as numbers, person by person: one bucket of the persons, so that all that a person
-- walked is read at once. As in paths.block, a value in another currency than the one asked for is none.
select
  day,
  number,
  person_id,
  epoch_us(time) as time_us,
  epoch_us(touch_time) as touch_us,
  kind,
  paid,
  direct,
  same_session,
  case when currency = $currency then value_micros else 0 end as value,
  case when currency = $currency then refund_micros else 0 end as refund,
  coalesce({column}, $not_set) as key
from paths
where day >= $since and day < $until and hash(person_id) % $buckets::ubigint = $bucket::ubigint
order by person_id, day, time, number, place
