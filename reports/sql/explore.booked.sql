-- The conversions of a goal as they are published, each once; and of those of the range what their own event says.
-- Some days more are read: a visit that began in the range may reach the goal after it.
create temporary table {goal} as
with booked as (
  select
    day >= $since_day and day < $until_day as is_inside,
    hash(any_value(person_id)) as person,
    any_value(case when session_id is not null then hash(source_id, session_id) end) as session,
    epoch_us(time) as time_us,
    any_value(source_id) as source_id,
    any_value(event_id) as event_id,
    any_value(value_micros) as value,
    any_value(refund_micros) as refund,
    any_value(currency) as currency
  from {paths}
  where day >= $earliest and day < $latest
  group by day, time, number
)

select
  row_number() over () as conversion,
  is_inside, person, session, {at} as converted, value, refund, currency
  {values}
from booked
{own}
