-- Who reached the goal when: the conversions without the session they lie in, their day and their value.
with persons as (
  {persons}
)

select person_id, time
from persons
where time >= $since and time < $until
