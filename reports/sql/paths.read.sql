-- The stored paths of the range's conversions, in the order of the journeys: a day's conversions by their number, or by
-- what numbers stand for, and of each its touches by their place.
select
  day, number, time, person_id, session_id, source_id, value_micros, refund_micros, currency,
  touch_time, kind, place, paid, direct, same_session,
  coalesce({column}, $not_set) as key
from paths
where day >= $since and day < $until
order by {order}
