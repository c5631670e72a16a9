-- What the event behind each touch of some days says, in the order of the journeys. An event's id is of its source alone,
-- which paths do not keep; so its moment has to be the touch's, too.
with journeys as (
  select day, time, number, place, touch_event_id, touch_time
  from {paths}
  where day >= $since and day < $until and touch_time is not null
),

told as (
  select event_id, time, min({told}) as key
  from events
  where
    day >= (select min(touch_time)::date from journeys)
    and day <= (select max(touch_time)::date from journeys)
    and event_id in (select touch_event_id from journeys)
  group by event_id, time
)

select coalesce(told.key, $not_set) as key
from journeys
left join told on told.event_id = journeys.touch_event_id and told.time = journeys.touch_time
order by journeys.day, journeys.time, journeys.number, journeys.place
