-- What the event behind each touch of some days says, in the order of the journeys; or the touch's own row, where that has
-- it too. An event's id is of its source alone, which paths do not keep; so its moment has to be the touch's, too. The id
-- is a number here, which is found among millions in a part of the time of its text.
with journeys as (
  select day, time, number, place, hash(touch_event_id) as touch, touch_time
  from {paths}
  where day >= $since and day < $until and touch_time is not null
),

told as (
  select hash(event_id) as touch, time, min({told}) as key
  from {told_by}
  where
    day >= (select min(touch_time)::date - 1 from journeys)  -- local days begin on one before or after
    and day <= (select max(touch_time)::date + 1 from journeys)
    and hash(event_id) in (select touch from journeys)
  group by touch, time
)

select coalesce(told.key, $not_set) as key
from journeys
left join told on told.touch = journeys.touch and told.time = journeys.touch_time
order by journeys.day, journeys.time, journeys.number, journeys.place
