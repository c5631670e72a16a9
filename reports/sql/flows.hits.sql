-- What people did that is a step of paths, or the point that they begin at: `thing` is null for what is no step.
-- A person and a thing are numbers here, which are read and sorted in a fifth of the time of their texts. `kept` may
-- add an order, for those moments alone at which one person did several things.
select
  hash(person_id) as person,
  source_id,
  epoch_us(time) as time_us,
  case when {is_step} then hash({kind}, {name}) end as thing,
  {is_point} as is_point
from person_events
where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
  and {kept}
