-- Who made the conversions of conversions.counted.sql when, and on which of the days: all that comparing goals asks.
with persons as (
  {persons}
),

{moments}

select moments.person_id, moments.time, days.day
from moments
join days on moments.time::date = days.utc_day and moments.time >= days.since and moments.time < days.until
where moments.time >= $since
