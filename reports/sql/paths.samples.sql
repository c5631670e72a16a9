-- The newest conversions with a touch like the wanted one, with all of their rows, in the order of the journeys.
with chosen as (
  select day, number
  from paths
  where day >= $since and day < $until and {wanted}
  group by day, number
  order by day desc, max(time) desc, number desc
  limit $most
)

select
  paths.day, number, time, person_id, session_id, source_id, value_micros, refund_micros, currency,
  touch_time, kind, place, paid, direct, same_session,
  coalesce({column}, $not_set) as key
from paths
join chosen using (day, number)
order by day, time, number, place
