-- The stored paths of some days as numbers, in the order of the journeys. What a conversion is worth stands on each of
-- its rows; a value in another currency than the one asked for is none.
select
  day,
  number,
  epoch_us(time) as time_us,
  epoch_us(touch_time) as touch_us,
  kind,
  paid,
  direct,
  same_session,
  case when currency = $currency then value_micros else 0 end as value,
  case when currency = $currency then refund_micros else 0 end as refund
from {paths}
where day >= $since and day < $until
order by day, time, number, place
