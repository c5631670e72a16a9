-- How many of the macro goal's conversions had the micro goal strictly before them, within so many days, and how long
-- before at the median: from the last time it was done. All of them can be looked back at for as many days.
with nearest as (
  select macro.time as reached_at, micro.time as done_at
  from macro
  asof left join micro on macro.person_id = micro.person_id and macro.time > micro.time
  where macro.time >= $looked_since
)

select
  count(*) as conversions,
  count(*) filter (where done_at >= reached_at - to_days($follow_days::integer)) as preceded,
  median(epoch_us(reached_at) - epoch_us(done_at))
    filter (where done_at >= reached_at - to_days($follow_days::integer)) as lag_us
from nearest
