-- How many persons a segment has of everybody, and of those who were there lately.
with everybody as (
  select hash(person_id) as person, max(ended_at) as last_at
  from sessions
  where started_at < $until
  group by person_id
)

select
  count(*) as everybody,
  count(*) filter (where is_in) as persons,
  count(*) filter (where last_at >= $lately) as everybody_lately,
  count(*) filter (where is_in and last_at >= $lately) as persons_lately
from (select last_at, person in (select person from {name}) as is_in from everybody)
