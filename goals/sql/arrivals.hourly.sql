-- Events by the hour and by which goals they meet: one pass for all goals. goals.arrivals puts in a column of bits for
-- each 62 goals, made of compiled rules with bound values: nothing that people wrote is in this text. An hour has few
-- different combinations of goals, so the answer stays small however many events there are.
select
  source_id,
  import_id is null as is_live,
  (epoch_us(time) - $begins_us) // 3600000000 as hour,
  {masks},
  count(*) as events,
  count(*) filter (where time >= $week and time < $today) as week,
  min(epoch_us(time)) as first_us,
  max(epoch_us(time)) as last_us,
  min(epoch_us(received_at) - epoch_us(time)) as late_us
from events
-- `day`, the lake's partition, is the UTC day of the time and spares reading files.
where not refund and time >= $begins and day >= $begins::date
group by all
