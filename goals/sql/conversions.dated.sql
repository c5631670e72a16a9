-- Who made the conversions of conversions.counted.sql when, and on which of the days: all that comparing goals asks.
{counted}

select once.person_id, once.time, days.day
from counted
join once using (place)
join days on once.utc_day = days.utc_day and once.time >= days.since and once.time < days.until
where once.time >= $since
